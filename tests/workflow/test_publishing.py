"""Making a plan live: who gets what, by when, once."""
from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.extensions import db
from tracker.models import (
    Actor,
    Assignment,
    AuditEntry,
    Deadline,
    Plan,
    ReportingPeriod,
    Task,
    TaskOwner,
)
from tracker.rules.states import AssignmentState, DeadlineKind, DutyKind, Every, PlanState, TaskRole
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow.periods import open_next_windows
from tracker.workflow.publishing import (
    NewsNotPlan,
    NothingToAssign,
    OwnerNotConfirmed,
    ReportWithoutDay,
    prepare,
    publish,
    withdraw,
)
from tracker.workflow.reviewing_plan import PlanNotUnderReview

ACTOR = Actor("Nguyễn Văn An", "127.0.0.1")
CALENDAR = WorkingCalendar()
DAY = timedelta(days=1)


@pytest.fixture
def plan(make: Factory) -> Plan:
    return make.plan(state=PlanState.REVIEW)


def go_live(session: Session, plan: Plan, **more: Any) -> Any:
    done = publish(session, plan, **{"actor": ACTOR, "now": NOW, "today": TODAY, "calendar": CALENDAR, **more})
    session.commit()
    return done


def given(session: Session) -> list[Assignment]:
    return list(session.scalars(select(Assignment).order_by(Assignment.id)))


def recurring(every: Every, due_day: str | None, position: int = 0, **more: Any) -> Deadline:
    return Deadline(kind=DeadlineKind.RECURRING, every=every, due_day=due_day, position=position, **more)


def report(make: Factory, plan: Plan, owner: Any, *deadlines: Deadline) -> Task:
    task = make.task(plan, owner, kind=DutyKind.PERIODIC_REPORT)
    task.deadlines = list(deadlines)
    make.session.commit()
    return task


def test_a_dated_task_becomes_one_assignment_of_its_agency(session: Session, make: Factory, plan: Plan) -> None:
    health = make.agency()
    saturday = date(2026, 12, 19)
    task = make.task(plan, health, saturday, role=TaskRole.COORDINATE)

    done = go_live(session, plan)

    [one] = given(session)
    assert (one.task_id, one.agency_id, one.plan_id) == (task.id, health.id, plan.id)
    assert (one.due_on, one.working_due_on) == (saturday, saturday - DAY)
    assert (one.state, one.role, one.occurrence) == (AssignmentState.OPEN, TaskRole.COORDINATE, "")
    assert one.deadline_id == task.deadlines[0].id
    assert (done.assignments, done.agencies, done.tasks, done.unassigned) == (1, 1, 1, 0)


def test_publishing_marks_the_plan_and_is_written_down(session: Session, make: Factory, plan: Plan) -> None:
    user = make.coordinator()
    make.task(plan, make.agency())

    go_live(session, plan, actor=Actor(user.name, "127.0.0.1", user))

    assert (plan.state, plan.published_at, plan.published_by_id) == (PlanState.PUBLISHED, NOW, user.id)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.after and entry.after["assignments"]) == ("plan.published", 1)


def test_a_task_without_a_date_is_assigned_without_one(session: Session, make: Factory, plan: Plan) -> None:
    task = make.task(plan, make.agency(), kind=DutyKind.STANDING)
    task.deadlines = [Deadline(kind=DeadlineKind.PERIOD, due_on=date(2030, 12, 31)), recurring(Every.YEAR, None, 1)]
    session.commit()

    go_live(session, plan)

    assert [(one.due_on, one.working_due_on, one.deadline_id) for one in given(session)] == [(None, None, None)]


def test_each_date_of_a_task_is_an_assignment_but_the_same_date_only_once(
    session: Session, make: Factory, plan: Plan
) -> None:
    task = make.task(plan, make.agency())
    days = [date(2026, 5, 31), date(2026, 6, 10), date(2026, 6, 10)]
    task.deadlines = [Deadline(kind=DeadlineKind.DATE, due_on=day, position=n) for n, day in enumerate(days)]
    session.commit()

    go_live(session, plan)

    assert [(one.due_on, one.occurrence) for one in given(session)] == [
        (days[0], "0:2026-05-31"), (days[1], "1:2026-06-10")]


def test_a_group_becomes_an_assignment_of_each_living_member(session: Session, make: Factory, plan: Plan) -> None:
    one, two = make.agency(), make.agency()
    gone = make.agency(ended_on=TODAY - DAY)
    last_day = make.agency(ended_on=TODAY)
    group = make.group(one, two, gone, last_day)
    make.task(plan, group)

    go_live(session, plan)

    assert {row.agency_id for row in given(session)} == {one.id, two.id, last_day.id}
    assert {row.group_id for row in given(session)} == {group.id}


def test_helpers_get_a_part_beside_each_date_but_no_assignment(session: Session, make: Factory, plan: Plan) -> None:
    lead, helper = make.agency("Sở Y tế"), make.agency("Sở Nội vụ")
    make.agency("Sở Giao thông vận tải", ended_on=TODAY - DAY)
    names = ["Sở Nội vụ", "sở nội vụ", "Sở Y tế", "Sở Giao thông vận tải", "Hội chưa có trong danh mục", "các đoàn thể"]
    task = make.task(plan, make.group(lead, make.agency()), partners={"names": names})
    days = [date(2026, 5, 31), date(2026, 6, 10)]
    task.deadlines = [Deadline(kind=DeadlineKind.DATE, due_on=day, position=n) for n, day in enumerate(days)]
    session.commit()

    done = go_live(session, plan)

    parts = [one for one in given(session) if one.is_part]
    assert [(one.agency_id, one.role, one.due_on) for one in parts] == [
        (helper.id, TaskRole.COORDINATE, day) for day in days]
    assert {one.occurrence for one in parts} == {one.occurrence for one in given(session) if not one.is_part}
    assert (done.assignments, done.parts, done.agencies) == (4, 2, 2)


def test_a_part_goes_on_as_a_part_in_the_next_window(session: Session, make: Factory, plan: Plan) -> None:
    make.agency("Sở Nội vụ")
    task = report(make, plan, make.agency(), recurring(Every.MONTH, "01-20"))
    task.partners = {"names": ["Sở Nội vụ"]}
    session.commit()
    go_live(session, plan)

    open_next_windows(session, today=date(2026, 3, 21), now=NOW, calendar=CALENDAR)
    session.commit()

    assert [(one.is_part, one.due_on) for one in given(session)] == [
        (False, date(2026, 3, 20)), (True, date(2026, 3, 20)), (False, date(2026, 4, 20)), (True, date(2026, 4, 20))]


def test_membership_is_frozen_when_the_plan_is_published(session: Session, make: Factory, plan: Plan) -> None:
    one, two = make.agency(), make.agency()
    group = make.group(one)
    make.task(plan, group)
    go_live(session, plan)

    group.members = [two]
    session.commit()

    assert [row.agency_id for row in given(session)] == [one.id]


def test_an_agency_named_itself_and_through_groups_gets_one(session: Session, make: Factory, plan: Plan) -> None:
    named, other = make.agency(), make.agency()
    group = make.group(named, other)
    task = make.task(plan, make.group(named, other))
    task.owners.append(TaskOwner(printed="x", group_id=group.id, position=1))
    task.owners.append(TaskOwner(printed="y", agency_id=named.id, position=2))
    session.commit()

    go_live(session, plan)

    assert {(row.agency_id, row.group_id is None) for row in given(session)} == {(named.id, True), (other.id, False)}
    assert len(given(session)) == 2


@pytest.mark.parametrize(("by_plan", "by_body", "expected"), [
    (False, False, False), (True, False, True), (False, True, True)])  # fmt: skip
def test_a_requested_body_is_marked_so(
    session: Session, make: Factory, plan: Plan, by_plan: bool, by_body: bool, expected: bool
) -> None:
    make.task(plan, make.agency(is_requested=by_body), is_requested=by_plan)

    go_live(session, plan)

    assert [row.is_requested for row in given(session)] == [expected]


def test_a_periodic_report_opens_its_next_window(session: Session, make: Factory, plan: Plan) -> None:
    report(make, plan, make.agency(),
           recurring(Every.HALF_YEAR, "06-12", first_day="12-10", last_day="06-10"),
           recurring(Every.YEAR, "12-12", 1, first_day="12-10", last_day="12-10"))

    go_live(session, plan)

    rows = [(row.occurrence, row.due_on, row.period and row.period.first_day) for row in given(session)]
    assert rows == [("0:2026-H1", date(2026, 6, 12), date(2025, 12, 10)),
                    ("1:2026", date(2026, 12, 12), date(2025, 12, 10))]


def test_a_half_yearly_report_beside_a_yearly_one_is_for_the_first_half_only(
    session: Session, make: Factory, plan: Plan
) -> None:
    report(make, plan, make.agency(), recurring(Every.HALF_YEAR, "06-12"), recurring(Every.YEAR, "12-12", 1))

    go_live(session, plan, today=date(2026, 8, 1))

    assert {row.period.label for row in given(session) if row.period} == {"2027-H1", "2026"}


def test_members_of_a_group_share_one_window(session: Session, make: Factory, plan: Plan) -> None:
    report(make, plan, make.group(make.agency(), make.agency(), make.agency()), recurring(Every.QUARTER, "01-20"))

    go_live(session, plan)

    assert session.scalar(select(func.count()).select_from(ReportingPeriod)) == 1
    assert {row.due_on for row in given(session)} == {date(2026, 3, 20)}


def test_what_nobody_can_get_stays_unassigned(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.agency())
    nobody = make.task(plan)
    unknown = make.task(plan)
    unknown.owners.append(TaskOwner(printed="Ban Quản lý hồ"))
    empty = make.task(plan, make.group())
    ended = make.task(plan, make.agency(ended_on=TODAY - DAY))
    dropped = make.task(plan, make.agency(), dropped_at=NOW)
    session.commit()

    draft = prepare(session, plan, today=TODAY)
    done = go_live(session, plan)

    assert draft.unassigned == [nobody, unknown, empty, ended]
    assert (done.assignments, done.unassigned) == (1, 4)
    assert dropped.id not in {row.task_id for row in given(session)}


def test_what_is_late_from_the_start_is_counted_beforehand(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.group(make.agency(), make.agency()), TODAY - DAY)
    make.task(plan, make.agency(), TODAY)

    assert prepare(session, plan, today=TODAY).late(TODAY) == 2


def test_nothing_to_assign_is_refused(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan)

    with pytest.raises(NothingToAssign):
        go_live(session, plan)

    session.rollback()
    assert plan.state is PlanState.REVIEW


def test_an_owner_that_was_concluded_goes_live_only_after_a_person_looked(
    session: Session, make: Factory, plan: Plan
) -> None:
    task = make.task(plan, make.agency(), due_on=TODAY, reasons={"keys": ["owner_inferred", "numbering_jump"]})
    make.task(plan, make.agency(), due_on=TODAY)

    with pytest.raises(OwnerNotConfirmed) as refused:
        go_live(session, plan)
    session.rollback()

    assert refused.value.values == {"count": 1}
    assert prepare(session, plan, today=TODAY).unconfirmed == [task]
    assert given(session) == []
    task.checked_at = NOW
    session.commit()
    assert go_live(session, plan).assignments == 2


def test_a_report_with_an_owner_and_no_send_by_day_is_refused(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.agency())
    bad = report(make, plan, make.agency(), recurring(Every.YEAR, None))

    with pytest.raises(ReportWithoutDay) as refused:
        go_live(session, plan)

    assert refused.value.values == {"count": 1}
    assert prepare(session, plan, today=TODAY).without_day == [bad]
    assert given(session) == []


def test_a_report_without_owner_does_not_hold_the_plan_up(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.agency())
    make.task(plan, kind=DutyKind.PERIODIC_REPORT)

    assert go_live(session, plan).assignments == 1


def test_an_article_about_a_plan_is_never_published(session: Session, make: Factory) -> None:
    article = make.plan(state=PlanState.REVIEW, extract={"is_news": True})
    make.task(article, make.agency())

    with pytest.raises(NewsNotPlan):
        go_live(session, article)

    assert given(session) == []


def test_a_plan_is_published_once(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.agency())
    go_live(session, plan)

    with pytest.raises(PlanNotUnderReview):
        go_live(session, plan)

    assert len(given(session)) == 1


def test_of_two_who_publish_at_once_one_wins(app: Flask, session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.group(*(make.agency() for _ in range(20))), TODAY)
    session.commit()
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def press() -> None:
        with app.app_context():
            mine = db.session()
            ready.wait()
            try:
                publish(mine, mine.get_one(Plan, plan_id), actor=ACTOR, now=NOW, today=TODAY, calendar=CALENDAR)
                mine.commit()
                outcomes.append("published")
            except PlanNotUnderReview:
                mine.rollback()
                outcomes.append("refused")

    plan_id = plan.id
    session.rollback()
    people = [threading.Thread(target=press) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()

    assert sorted(outcomes) == ["published", "refused"]
    assert len(given(session)) == 20


def big_plan(session: Session, make: Factory, tasks: int, agencies: int) -> Plan:
    plan = make.plan(state=PlanState.REVIEW)
    group = make.group(*(make.agency() for _n in range(agencies)))
    session.add_all(
        Task(plan_id=plan.id, position=n, text="x", fold="x", kind=DutyKind.STANDING,
             owners=[TaskOwner(printed="x", group_id=group.id)])
        for n in range(tasks)
    )
    session.commit()
    return plan


def test_a_hundred_tasks_for_thirty_agencies_are_written_in_bulk(session: Session, make: Factory) -> None:
    small, large = big_plan(session, make, 2, 3), big_plan(session, make, 100, 30)
    with counted_statements() as for_few:
        go_live(session, small)

    with counted_statements() as for_many:
        done = go_live(session, large)

    assert done.assignments == 3_000
    # Thirty rows of assignments a statement at the least, however a driver packs them.
    assert len(for_many) <= len(for_few) + 3_000 / 30


def test_a_plan_can_be_given_up_before_it_is_published(session: Session, make: Factory, plan: Plan) -> None:
    task = make.task(plan, make.agency())

    withdraw(session, plan, actor=ACTOR, now=NOW)
    session.commit()

    assert plan.state is PlanState.CANCELLED
    assert session.get(Task, task.id) is not None
    with pytest.raises(PlanNotUnderReview):
        go_live(session, plan)


@pytest.fixture
def yearly(session: Session, make: Factory, plan: Plan) -> Task:
    """A yearly report of two agencies, published in spring: due on 10/12/2026."""
    task = report(make, plan, make.group(make.agency(), make.agency()), recurring(Every.YEAR, "12-10"))
    go_live(session, plan)
    return task


def open_on(session: Session, today: date) -> int:
    made = open_next_windows(session, today=today, now=NOW, calendar=CALENDAR)
    session.commit()
    return made


def test_no_window_opens_while_the_last_one_is_running(session: Session, yearly: Task) -> None:
    assert open_on(session, date(2026, 12, 10)) == 0


def test_the_next_window_opens_for_the_same_agencies_when_the_send_by_day_is_past(
    session: Session, yearly: Task
) -> None:
    before = given(session)

    made = open_on(session, date(2026, 12, 11))

    new = [row for row in given(session) if row not in before]
    assert made == 2
    assert {(row.agency_id, row.group_id) for row in new} == {(row.agency_id, row.group_id) for row in before}
    assert {row.due_on for row in new} == {date(2027, 12, 10)}
    assert {row.occurrence for row in new} == {"0:2027"}


def test_opening_windows_twice_opens_them_once(session: Session, yearly: Task) -> None:
    open_on(session, date(2026, 12, 11))

    assert open_on(session, date(2026, 12, 11)) == 0
    assert len(given(session)) == 4


def test_two_clocks_at_once_open_a_window_once(app: Flask, session: Session, yearly: Task) -> None:
    made: list[int] = []
    ready = threading.Barrier(2)

    def tick() -> None:
        with app.app_context():
            ready.wait()
            made.append(open_on(db.session(), date(2026, 12, 11)))

    session.rollback()
    clocks = [threading.Thread(target=tick) for _ in range(2)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()

    assert sorted(made) == [0, 2]


def test_windows_that_passed_while_nobody_looked_are_opened_too(session: Session, yearly: Task) -> None:
    made = open_on(session, date(2028, 1, 5))

    assert made == 4
    assert {row.due_on for row in given(session)} == {date(2026, 12, 10), date(2027, 12, 10), date(2028, 12, 10)}


def test_no_window_opens_after_the_plan_has_ended(session: Session, plan: Plan, yearly: Task) -> None:
    plan.ends_on = date(2026, 12, 1)
    session.commit()

    assert open_on(session, date(2026, 12, 11)) == 0


def test_an_agency_that_ended_or_whose_report_was_cancelled_gets_no_next_one(session: Session, yearly: Task) -> None:
    first, second = given(session)
    first.agency.ended_on = date(2026, 7, 1)
    second.state = AssignmentState.CANCELLED
    session.commit()

    assert open_on(session, date(2026, 12, 11)) == 0
