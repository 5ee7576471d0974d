"""Changing a plan that is running: what is given, moved, ended and kept; who is told, once."""
from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tracker.extensions import db
from tracker.models import (
    Actor,
    Agency,
    AgencyKind,
    AgencyLevel,
    Assignment,
    AuditEntry,
    Deadline,
    Extension,
    OutboxMail,
    Plan,
    PlanChange,
    Task,
    TaskOwner,
    User,
)
from tracker.reminders.delivering import deliver_due
from tracker.rules.permissions import Role
from tracker.rules.plan_changes import Effect
from tracker.rules.states import (
    AssignmentState,
    DeadlineKind,
    DutyKind,
    Every,
    MailKind,
    MailState,
    PlanState,
    RequestState,
)
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import changing_plan, taking_back
from tracker.workflow.changing_plan import (
    Amendment,
    ChangeStale,
    ChangeWithoutReason,
    DayGoneBy,
    Grounds,
    Moment,
    NobodyGetsIt,
    NothingChanged,
    PlanNotRunning,
    TaskReportWithoutDay,
)
from tracker.workflow.periods import open_next_windows
from tracker.workflow.publishing import publish
from tracker.workflow.review_change import Seen
from tracker.workflow.taking_back import AlreadyTold
from tracker.workflow.task_state import DeadlineInput, OwnerInput, TaskInput, mark, snapshot

CALENDAR = WorkingCalendar()
DAY = timedelta(days=1)
DUE = date(2026, 6, 30)
WHY = Grounds("Theo chỉ đạo tại cuộc họp giao ban.", "152/UBND-NC", date(2026, 3, 17))
S = AssignmentState


@pytest.fixture
def police(make: Factory) -> User:
    return make.coordinator()


@pytest.fixture
def plan(make: Factory, police: User) -> Plan:
    return make.plan(police.agency, state=PlanState.REVIEW)


@pytest.fixture
def moment(police: User) -> Moment:
    return Moment(Actor(police.name, "127.0.0.1", police), NOW, TODAY, CALENDAR)


def later(moment: Moment, hours: float) -> Moment:
    return Moment(moment.actor, moment.now + timedelta(hours=hours), moment.today, moment.calendar)


def go_live(session: Session, plan: Plan, moment: Moment) -> None:
    publish(session, plan, actor=moment.actor, now=NOW - DAY, today=TODAY, calendar=CALENDAR)
    session.commit()


def seen(plan: Plan, task: Task | None = None) -> Seen:
    return Seen(plan.version, mark(snapshot(task)) if task else "")


def as_is(task: Task, **changed: Any) -> Amendment:
    owners = tuple(OwnerInput(body.name if (body := one.agency or one.group) else one.printed, one.printed)
                   for one in task.owners)
    return Amendment(**{"text": task.text, "expected_product": task.expected_product, "owners": owners, **changed})


def named(*agencies: Any) -> tuple[OwnerInput, ...]:
    return tuple(OwnerInput(one.name) for one in agencies)


def work(session: Session, task: Task | None = None) -> list[Assignment]:
    query = select(Assignment).order_by(Assignment.id)
    return list(session.scalars(query.where(Assignment.task_id == task.id) if task else query))


def state(row: Assignment, state: AssignmentState) -> Assignment:
    row.state = state
    if state in {S.SUBMITTED, S.ACCEPTED}:
        row.submitted_on = TODAY
    return row


def amend(session: Session, plan: Plan, task: Task, given: Amendment, moment: Moment, why: Grounds = WHY) -> None:
    changing_plan.amend(session, plan, task, given, why, seen=seen(plan, task), moment=moment)
    session.commit()


def mails(session: Session) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.PLAN_CHANGED)
                                .order_by(OutboxMail.id)))


def test_a_moved_day_moves_with_its_first_due_date_and_arms_the_reminders_anew(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    task = make.task(plan, make.agency(), DUE)
    go_live(session, plan, moment)

    amend(session, plan, task, as_is(task, days={task.deadlines[0].id: date(2026, 9, 27)}), moment)

    [row] = work(session)
    assert (row.due_on, row.first_due_on) == (date(2026, 9, 27), date(2026, 9, 27))
    assert (row.working_due_on, row.due_version) == (date(2026, 9, 25), 2)
    [change] = session.scalars(select(PlanChange)).all()
    assert (change.effect, change.assignment_id, change.reason) == (Effect.MOVED, row.id, WHY.reason)
    assert change.before is not None
    assert change.before["due_on"] == DUE.isoformat()


def test_more_time_that_one_body_was_granted_is_kept_where_it_reaches_further(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    one, two = make.agency(), make.agency()
    task = make.task(plan, make.group(one, two), DUE)
    go_live(session, plan, moment)
    granted = work(session)[0]
    granted.due_on, granted.due_version = date(2026, 12, 1), 2
    session.commit()

    amend(session, plan, task, as_is(task, days={task.deadlines[0].id: date(2026, 9, 1)}), moment)

    rows = work(session)
    assert (rows[0].due_on, rows[0].first_due_on, rows[0].due_version) == (date(2026, 12, 1), date(2026, 9, 1), 2)
    assert (rows[1].due_on, rows[1].first_due_on) == (date(2026, 9, 1), date(2026, 9, 1))


def test_a_report_that_waits_is_not_made_late_and_what_was_accepted_stays(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    agencies = [make.agency() for _ in range(3)]
    task = make.task(plan, make.group(*agencies), DUE)
    go_live(session, plan, moment)
    for row, now in zip(work(session), (S.SUBMITTED, S.ACCEPTED, S.OPEN), strict=True):
        state(row, now)
    session.commit()

    amend(session, plan, task, as_is(task, days={task.deadlines[0].id: TODAY}), moment)

    assert [(row.state, row.due_on) for row in work(session)] == [
        (S.SUBMITTED, DUE), (S.ACCEPTED, DUE), (S.OPEN, TODAY)]


def test_an_extension_that_was_overtaken_is_closed_with_an_answer(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    liaison = make.user(Role.LIAISON)
    task = make.task(plan, liaison.agency, DUE)
    go_live(session, plan, moment)
    asked = Extension(assignment=work(session)[0], asked_by=liaison, asked_at=NOW, reason="Chờ kinh phí.",
                      from_due_on=DUE, wanted_on=DUE + 30 * DAY)
    session.add(asked)
    session.commit()

    amend(session, plan, task, as_is(task, days={task.deadlines[0].id: DUE + 60 * DAY}), moment)

    assert (asked.state, asked.answer, asked.decided_by) == (RequestState.WITHDRAWN, WHY.reason, moment.actor.user)


def test_owners_come_and_go_and_who_had_it_before_gets_it_anew(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    health, labour = make.agency("Sở Y tế"), make.agency("Sở Nội vụ")
    task = make.task(plan, health, DUE)
    go_live(session, plan, moment)

    amend(session, plan, task, as_is(task, owners=named(labour)), moment)
    first = [(row.agency_id, row.state, row.cancelled_reason) for row in work(session)]
    amend(session, plan, task, as_is(task, owners=named(labour, health)), later(moment, 1))

    assert first == [(health.id, S.CANCELLED, WHY.reason), (labour.id, S.OPEN, None)]
    assert [(row.agency_id, row.state) for row in work(session)] == [
        (health.id, S.CANCELLED), (labour.id, S.OPEN), (health.id, S.OPEN)]
    assert work(session)[2].due_on == DUE


def test_membership_stays_frozen_when_something_else_is_changed(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    one, two = make.agency(), make.agency()
    group = make.group(one)
    task = make.task(plan, group, DUE)
    go_live(session, plan, moment)
    group.members = [two]
    session.commit()

    amend(session, plan, task, as_is(task, text="Xây dựng kế hoạch, gửi về cơ quan thường trực."), moment)

    [row] = work(session)
    assert (row.agency_id, row.state) == (one.id, S.OPEN)
    assert [change.effect for change in session.scalars(select(PlanChange))] == [Effect.REWORDED]


def test_work_handed_on_to_another_body_goes_with_the_body_that_is_removed(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    health, labour, school = make.agency("Sở Y tế"), make.agency("Sở Nội vụ"), make.agency("Sở Giáo dục")
    task = make.task(plan, health, DUE)
    task.owners.append(TaskOwner(printed=school.name, agency_id=school.id, position=1))
    session.commit()
    go_live(session, plan, moment)
    old = next(row for row in work(session, task) if row.agency_id == health.id)
    new = make.assignment(labour, task=task, due_on=DUE, occurrence=old.occurrence, deadline_id=old.deadline_id)
    old.state, old.replaced_by = S.CANCELLED, new
    session.commit()

    amend(session, plan, task, as_is(task, days={task.deadlines[0].id: DUE + DAY}), moment)
    kept = (new.state, new.due_on)
    amend(session, plan, task, as_is(task, owners=named(school)), later(moment, 1))

    assert kept == (S.OPEN, DUE + DAY)
    assert (old.state, new.state) == (S.CANCELLED, S.CANCELLED)


def test_withdrawing_cancels_what_is_under_way_and_keeps_what_was_accepted(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    states = [S.OPEN, S.IN_PROGRESS, S.RETURNED, S.SUBMITTED, S.ACCEPTED]
    task = make.task(plan, make.group(*(make.agency() for _ in states)), DUE)
    go_live(session, plan, moment)
    for row, now in zip(work(session), states, strict=True):
        state(row, now)
    session.commit()
    foreseen = changing_plan.foresee_withdraw(session, plan, task, seen=seen(plan, task), moment=moment)

    changing_plan.withdraw(session, plan, task, WHY, seen=seen(plan, task), moment=moment)
    session.commit()

    assert [row.state for row in work(session)] == [S.CANCELLED] * 4 + [S.ACCEPTED]
    assert (foreseen.counts[Effect.ENDED], foreseen.counts[Effect.SETTLED], foreseen.waiting_ended) == (4, 1, 1)
    assert task.dropped_at == NOW
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.action == "change.task_withdrawn"
    assert len((entry.after or {})["ended"]) == 4


def test_a_withdrawal_can_be_taken_back_until_somebody_was_told(
    session: Session, make: Factory, plan: Plan, moment: Moment, app: Flask
) -> None:
    liaison = make.user(Role.LIAISON)
    task = make.task(plan, liaison.agency, DUE)
    go_live(session, plan, moment)
    state(work(session)[0], S.SUBMITTED)
    session.commit()
    changing_plan.withdraw(session, plan, task, WHY, seen=seen(plan, task), moment=moment)
    session.commit()

    taking_back.take_back(session, plan, task, moment=later(moment, 0.1))
    session.commit()

    [row] = work(session)
    assert (row.state, row.cancelled_reason, task.dropped_at) == (S.SUBMITTED, None, None)
    box: list[Any] = []
    deliver_due(session, now=NOW + timedelta(hours=1), today=TODAY, send=box.append)
    assert (box, [mail.state for mail in mails(session)]) == ([], [MailState.DROPPED])

    again = later(moment, 2)
    changing_plan.withdraw(session, plan, task, WHY, seen=seen(plan, task), moment=again)
    session.commit()
    deliver_due(session, now=NOW + timedelta(hours=3), today=TODAY, send=box.append)
    with pytest.raises(AlreadyTold):
        taking_back.take_back(session, plan, task, moment=later(moment, 4))
    assert len(box) == 1


def report(make: Factory, plan: Plan, owner: Any) -> Task:
    task = make.task(plan, owner, kind=DutyKind.PERIODIC_REPORT)
    task.deadlines = [Deadline(kind=DeadlineKind.RECURRING, every=Every.MONTH, due_day="01-20")]
    make.session.commit()
    return task


def test_a_withdrawn_report_opens_no_more_windows_and_a_removed_body_reports_no_more(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    one, two = make.agency(), make.agency()
    group = make.group(one, two)
    gone, kept = report(make, plan, group), report(make, plan, one)
    kept.owners.append(TaskOwner(printed=two.name, agency_id=two.id, position=1))
    session.commit()
    go_live(session, plan, moment)
    for row in work(session):
        state(row, S.ACCEPTED)
    session.commit()

    changing_plan.withdraw(session, plan, gone, WHY, seen=seen(plan, gone), moment=moment)
    session.commit()
    amend(session, plan, kept, as_is(kept, owners=named(two)), later(moment, 1))
    open_next_windows(session, today=date(2026, 4, 10), now=NOW, calendar=CALENDAR)
    session.commit()

    assert [row.agency_id for row in work(session, gone)] == [one.id, two.id]
    assert [row.agency_id for row in work(session, kept)] == [one.id, two.id, two.id]


def test_a_new_send_by_day_moves_the_window_that_runs_and_those_after_it(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    task = report(make, plan, make.agency())
    go_live(session, plan, moment)

    amend(session, plan, task, as_is(task, send_by={task.deadlines[0].id: "01-25"}), moment)
    open_next_windows(session, today=date(2026, 4, 10), now=NOW, calendar=CALENDAR)
    session.commit()

    assert [row.due_on for row in work(session)] == [date(2026, 3, 25), date(2026, 4, 25)]
    assert [row.period.due_on for row in work(session) if row.period] == [date(2026, 3, 25), date(2026, 4, 25)]


def test_a_new_body_starts_in_the_window_that_runs(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    one, two = make.agency("Sở Y tế"), make.agency("Sở Nội vụ")
    task = report(make, plan, one)
    go_live(session, plan, moment)
    in_april = Moment(moment.actor, NOW + 23 * DAY, date(2026, 4, 10), CALENDAR)  # the clock stood still since March

    amend(session, plan, task, as_is(task, owners=named(one, two)), in_april)

    assert [(row.agency_id, row.due_on) for row in work(session)] == [
        (one.id, date(2026, 3, 20)), (one.id, date(2026, 4, 20)), (two.id, date(2026, 4, 20))]
    assert len({row.period_id for row in work(session)[1:]}) == 1


def test_a_task_that_had_no_day_gets_one(session: Session, make: Factory, plan: Plan, moment: Moment) -> None:
    task = make.task(plan, make.agency())
    go_live(session, plan, moment)

    amend(session, plan, task, as_is(task, first_day=DUE), moment)

    [row] = work(session)
    assert (row.due_on, row.first_due_on, row.deadline_id) == (DUE, DUE, task.deadlines[0].id)


def test_an_added_task_is_given_out_at_once(session: Session, make: Factory, plan: Plan, moment: Moment) -> None:
    one, two = make.agency(), make.agency()
    make.task(plan, one, DUE)
    go_live(session, plan, moment)
    group = make.group(one, two, name="Sở, ban, ngành")
    given = TaskInput(text="Báo cáo kết quả ra quân.", owners=named(group),
                      deadlines=(DeadlineInput(DeadlineKind.DATE, due_on=DUE),))
    foreseen = changing_plan.foresee_add(session, plan, given, seen=seen(plan), moment=moment)
    before = len(work(session))

    task = changing_plan.add(session, plan, given, WHY, seen=seen(plan), moment=moment)
    session.commit()

    assert before == 1  # looking changed nothing
    assert [(row.agency_id, row.due_on, row.group_id) for row in work(session, task)] == [
        (one.id, DUE, group.id), (two.id, DUE, group.id)]
    assert (foreseen.counts[Effect.GIVEN], foreseen.agencies) == (2, 2)


REFUSED = [
    pytest.param({}, Grounds(" "), ChangeWithoutReason, id="no reason"),
    pytest.param({}, WHY, NothingChanged, id="nothing is another thing"),
    pytest.param({"owners": ()}, WHY, NobodyGetsIt, id="no owner left"),
    pytest.param({"owners": (OwnerInput("Hội không có trong danh mục"),)}, WHY, NobodyGetsIt, id="nobody known"),
]


@pytest.mark.parametrize(("changed", "why", "refusal"), REFUSED)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    session: Session, make: Factory, plan: Plan, moment: Moment, changed: Any, why: Grounds, refusal: Any
) -> None:
    task = make.task(plan, make.agency(), DUE)
    go_live(session, plan, moment)
    before = snapshot(task)

    with pytest.raises(refusal):
        changing_plan.amend(session, plan, task, as_is(task, **changed), why, seen=seen(plan, task), moment=moment)
    session.commit()

    assert snapshot(task) == before
    assert session.scalars(select(PlanChange)).all() == []


def test_a_day_that_is_past_is_refused(session: Session, make: Factory, plan: Plan, moment: Moment) -> None:
    task = make.task(plan, make.agency(), DUE)
    go_live(session, plan, moment)

    with pytest.raises(DayGoneBy) as refusal:
        amend(session, plan, task, as_is(task, days={task.deadlines[0].id: TODAY - DAY}), moment)

    assert refusal.value.values == {"day": "17/03/2026"}


def test_an_added_report_needs_its_day(session: Session, make: Factory, plan: Plan, moment: Moment) -> None:
    one = make.agency()
    make.task(plan, one, DUE)
    go_live(session, plan, moment)
    given = TaskInput(text="Báo cáo hằng tháng.", kind=DutyKind.PERIODIC_REPORT, owners=named(one))

    with pytest.raises(TaskReportWithoutDay):
        changing_plan.add(session, plan, given, WHY, seen=seen(plan), moment=moment)


@pytest.mark.parametrize("now", [PlanState.REVIEW, PlanState.SUPERSEDED, PlanState.CANCELLED])
def test_only_a_running_plan_is_changed(
    session: Session, make: Factory, plan: Plan, moment: Moment, now: PlanState
) -> None:
    task = make.task(plan, make.agency(), DUE)
    plan.state = now
    session.commit()

    with pytest.raises(PlanNotRunning):
        amend(session, plan, task, as_is(task, text="Việc khác."), moment)


def test_the_second_of_two_forms_on_one_task_is_refused_and_one_on_another_task_is_not(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    task, other = make.task(plan, make.agency(), DUE), make.task(plan, make.agency(), DUE)
    go_live(session, plan, moment)
    opened, beside = seen(plan, task), seen(plan, other)
    amend(session, plan, task, as_is(task, text="Bản của người thứ nhất."), moment)

    changing_plan.amend(session, plan, other, as_is(other, text="Việc khác."), WHY, seen=beside,
                        moment=later(moment, 1))
    session.commit()
    mine = as_is(task, text="Bản thứ hai.")
    with pytest.raises(ChangeStale):
        changing_plan.foresee_amend(session, plan, task, mine, seen=opened, moment=moment)
    with pytest.raises(ChangeStale):
        changing_plan.amend(session, plan, task, mine, WHY, seen=opened, moment=moment)

    assert task.text == "Bản của người thứ nhất."


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_of_two_coordinators_at_once_one_wins(
    app: Flask, session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    task = make.task(plan, make.agency(), DUE)
    go_live(session, plan, moment)
    plan_id, task_id, opened, said = plan.id, task.id, seen(plan, task), as_is(task)
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def press(text: str) -> None:
        with app.app_context():
            plan, task = db.session.get_one(Plan, plan_id), db.session.get_one(Task, task_id)
            given = Amendment(text=text, expected_product=None, owners=said.owners)
            ready.wait()
            try:
                changing_plan.amend(db.session(), plan, task, given, WHY, seen=opened,
                                    moment=Moment(Actor("Một người", "127.0.0.1"), NOW, TODAY, CALENDAR))
                db.session.commit()
                outcomes.append("saved")
            except ChangeStale:
                outcomes.append("stale")

    threads = [threading.Thread(target=press, args=(f"Bản {n}.",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["saved", "stale"]


def test_changes_made_within_a_short_time_are_told_in_one_mail_and_later_ones_in_the_next(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    liaison, other = make.user(Role.LIAISON), make.user(Role.LIAISON)
    first, second = make.task(plan, liaison.agency, DUE), make.task(plan, liaison.agency, DUE)
    make.task(plan, other.agency, DUE)
    go_live(session, plan, moment)
    box: list[Any] = []

    amend(session, plan, first, as_is(first, days={first.deadlines[0].id: DUE + DAY}), moment)
    amend(session, plan, second, as_is(second, text="Việc thứ hai nói khác."), later(moment, 0.1))
    deliver_due(session, now=NOW + timedelta(minutes=14), today=TODAY, send=box.append)
    too_early = len(box)
    deliver_due(session, now=NOW + timedelta(minutes=16), today=TODAY, send=box.append)
    amend(session, plan, first, as_is(first, days={first.deadlines[0].id: DUE + 2 * DAY}), later(moment, 1))
    deliver_due(session, now=NOW + timedelta(hours=2), today=TODAY, send=box.append)

    assert too_early == 0
    assert [mail.to for mail in box] == [liaison.email, liaison.email]
    assert "1 việc đổi thời hạn; 1 việc sửa nội dung" in box[0].subject
    assert "Việc thứ hai nói khác." in box[0].text
    assert "Thời hạn 01/07/2026 chuyển sang 02/07/2026" in box[1].text
    assert "Việc thứ hai" not in box[1].text


def test_what_was_given_and_taken_away_before_the_mail_left_is_not_told(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    health, liaison = make.agency("Sở Y tế"), make.user(Role.LIAISON)
    task = make.task(plan, health, DUE)
    go_live(session, plan, moment)
    box: list[Any] = []

    amend(session, plan, task, as_is(task, owners=named(health, liaison.agency)), moment)
    amend(session, plan, task, as_is(task, owners=named(health)), later(moment, 0.1))
    deliver_due(session, now=NOW + timedelta(hours=1), today=TODAY, send=box.append)

    assert box == []
    assert [mail.state for mail in mails(session)] == [MailState.DROPPED]


def test_a_helper_gets_a_part_that_ends_with_the_task_and_becomes_the_work_when_it_leads(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    health, labour = make.agency("Sở Y tế"), make.agency("Sở Nội vụ")
    task = make.task(plan, health, DUE, partners={"names": ["Sở Nội vụ", "các đoàn thể"]})
    go_live(session, plan, moment)
    before = [(row.agency_id, row.is_part, row.due_on) for row in work(session)]

    amend(session, plan, task, as_is(task, owners=named(labour)), moment)

    assert before == [(health.id, False, DUE), (labour.id, True, DUE)]
    assert [(row.agency_id, row.is_part, row.state) for row in work(session)] == [
        (health.id, False, S.CANCELLED), (labour.id, False, S.OPEN)]


def test_a_large_group_is_withdrawn_whole(session: Session, make: Factory, plan: Plan, moment: Moment) -> None:
    communes = [Agency(name=f"Xã {n}", fold=f"xa {n}", kind=AgencyKind.PEOPLES_COMMITTEE, level=AgencyLevel.COMMUNE)
                for n in range(1200)]
    session.add_all(communes)
    session.commit()
    task = make.task(plan, make.group(*communes), DUE)
    go_live(session, plan, moment)

    changing_plan.withdraw(session, plan, task, WHY, seen=seen(plan, task), moment=moment)
    session.commit()

    assert {row.state for row in work(session)} == {S.CANCELLED}
    assert len(work(session)) == 1200
