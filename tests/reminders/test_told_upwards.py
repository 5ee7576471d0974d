"""What is too late goes upwards: in working days, once a person and step, never while something is asked for.

The head of an agency reads it in a digest, a coordinator and a leader in a mail by agency.
"""
from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.reminders.mornings import decide, half_past_seven, told
from tests.reminders.test_outbox import run_together
from tracker.extensions import db
from tracker.models import Assignment, CalendarDay, Extension, OutboxMail, PlanReminderPolicy, Transfer, User
from tracker.reminders.delivering import deliver_due
from tracker.rules.permissions import Role
from tracker.rules.reminder_policy import USUAL, Audience, Moment, told_to_json
from tracker.rules.states import AssignmentState, MailKind, MailState, PlanState, RequestState
from tracker.rules.working_days import DayKind

DAY = timedelta(days=1)
SATURDAY = date(2026, 3, 21)
#: TODAY is a Wednesday: with the usual policy, five and ten working days back.
TO_HEAD, TO_LEADERS = TODAY - 7 * DAY, TODAY - 14 * DAY


def upwards(session: Session, day: date = TODAY) -> int:
    """Decide a morning, and say how many people are told anything upwards by it."""
    before = len(told_upwards(session))
    decide(session, day)
    return len({person for person, _item, _step in told_upwards(session)[before:]})


def told_upwards(session: Session) -> list[tuple[int, int, str]]:
    return [row for row in told(session) if row[2] in {"late", "very_late"}]


def body(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


@pytest.fixture
def head(make: Factory) -> User:
    head = make.user(is_agency_head=True, name="Trần Văn Hùng")
    make.user(agency=head.agency)
    return head


@pytest.fixture
def leader(make: Factory) -> User:
    return make.user(Role.LEADER, name="Lê Thị Thanh")


def mails_to(smtp: Sink, person: User) -> list[Any]:
    return [mail for mail in smtp.messages if mail["X-Envelope-To"] == person.email]


def ask(session: Session, item: Assignment, kind: type[Any] = Extension, **values: Any) -> Any:
    if kind is Extension:
        values |= {"from_due_on": item.due_on, "wanted_on": TODAY + 30 * DAY}
    asker = Factory(session).user(agency=item.agency, email=f"hoi{item.id}@haduong.example")
    row = kind(assignment_id=item.id, asked_by_id=asker.id, asked_at=NOW, reason="Chờ kinh phí.", **values)
    session.add(row)
    session.commit()
    return row


def test_the_head_is_told_first_then_the_leadership(
    session: Session, make: Factory, head: User, leader: User, smtp: Sink
) -> None:
    early = make.assignment(head.agency, due_on=TO_HEAD + DAY)
    five = make.assignment(head.agency, due_on=TO_HEAD)
    ten = make.assignment(head.agency, due_on=TO_LEADERS)

    decided = decide(session)
    deliver_due(session, now=NOW, today=TODAY)

    mails = {mail["X-Envelope-To"]: mail for mail in smtp.messages}
    assert decided == {MailKind.DIGEST: 2, MailKind.ESCALATION: 1}
    assert sorted(told_upwards(session)) == sorted([
        (head.id, ten.id, "late"), (head.id, five.id, "late"), (leader.id, ten.id, "very_late")])
    assert mails[head.email]["Subject"].startswith("Báo cáo thủ trưởng cơ quan: 2 việc quá hạn, lâu nhất 14 ngày")
    assert five.task.text in body(mails[head.email])
    assert early.task.text not in body(mails[head.email])
    assert f"* {head.agency.name}: 1 việc, lâu nhất 14 ngày" in body(mails[leader.email])


def test_each_person_is_told_once_of_each_step(session: Session, make: Factory, head: User, smtp: Sink) -> None:
    make.assignment(head.agency, due_on=TO_LEADERS)

    assert upwards(session) == 1
    assert decide(session) == {}
    deliver_due(session, now=NOW, today=TODAY)
    assert upwards(session, TODAY + DAY) == 0
    assert len(smtp.messages) == 2


def test_a_head_who_is_the_only_one_to_reach_gets_one_mail(session: Session, make: Factory, smtp: Sink) -> None:
    alone = make.user(is_agency_head=True)
    make.assignment(alone.agency, due_on=TO_HEAD)
    make.assignment(alone.agency, due_on=TODAY)

    assert decide(session) == {MailKind.DIGEST: 1}
    assert sorted(step for _person, _item, step in told(session)) == ["after_3", "due", "late"]


def test_coordinators_are_told_where_the_policy_says_so(session: Session, make: Factory, smtp: Sink) -> None:
    coordinator, other = make.coordinator(), make.coordinator()
    plan = make.plan(coordinator.agency)
    told_of = USUAL | {(Moment.LATE, Audience.COORDINATOR)}
    session.add(PlanReminderPolicy(plan_id=plan.id, told=told_to_json(told_of), changed_at=NOW))
    item = make.assignment(make.user().agency, plan, due_on=TO_HEAD)
    make.assignment(make.user().agency, make.plan(other.agency), due_on=TO_HEAD)

    decided = decide(session)
    deliver_due(session, now=NOW, today=TODAY)

    assert decided == {MailKind.DIGEST: 2, MailKind.ESCALATION: 1}
    assert told_upwards(session) == [(coordinator.id, item.id, "late")]
    [mail] = [mail for mail in smtp.messages if mail["X-Envelope-To"] == coordinator.email]
    assert item.agency.name in body(mail)


def test_nobody_is_told_on_a_day_off(session: Session, make: Factory, head: User) -> None:
    make.assignment(head.agency, due_on=TO_LEADERS)

    assert upwards(session, SATURDAY) == 0
    session.add(CalendarDay(day=SATURDAY, kind=DayKind.WORKING, name="Làm bù", source="Công văn"))
    session.commit()
    assert upwards(session, SATURDAY) == 1


def test_days_off_between_do_not_count(session: Session, make: Factory, head: User) -> None:
    make.assignment(head.agency, due_on=TO_HEAD)
    session.add(CalendarDay(day=TODAY - DAY, kind=DayKind.OFF, name="Nghỉ bù", source="Công văn"))
    session.commit()

    assert upwards(session) == 0
    assert upwards(session, TODAY + DAY) == 1


@pytest.mark.parametrize("kind", [Extension, Transfer])
def test_what_is_asked_for_waits_and_goes_on_after_a_refusal(
    session: Session, make: Factory, head: User, kind: type[Any]
) -> None:
    item = make.assignment(head.agency, due_on=TO_LEADERS)
    request = ask(session, item, kind)

    assert upwards(session) == 0
    request.state, request.answer = RequestState.REFUSED, "Không đồng ý."
    session.commit()
    assert upwards(session, TODAY + DAY) == 1


def test_a_moved_date_arms_anew(session: Session, make: Factory, head: User, smtp: Sink) -> None:
    item = make.assignment(head.agency, due_on=TO_LEADERS)
    upwards(session)
    deliver_due(session, now=NOW, today=TODAY)
    item.due_on, item.due_version = TODAY, 2
    session.commit()

    assert upwards(session, TODAY + 6 * DAY) == 0
    assert upwards(session, TODAY + 7 * DAY) == 1
    assert [step for _person, _item, step in told_upwards(session)] == ["late", "late"]


@pytest.mark.parametrize("values", [
    {"is_part": True}, {"is_requested": True}, {"state": AssignmentState.SUBMITTED},
    {"state": AssignmentState.CANCELLED}, {"state": AssignmentState.RETURNED, "grace_until": TODAY},
    {"state": AssignmentState.RETURNED, "grace_until": TODAY - 3 * DAY}, {"due_on": None},
])  # fmt: skip
def test_what_is_not_long_late_or_not_ordered_stays_below(
    session: Session, make: Factory, head: User, leader: User, values: dict[str, Any]
) -> None:
    make.assignment(head.agency, **{"due_on": TO_LEADERS, **values})

    assert upwards(session) == 0


def test_bodies_that_are_asked_and_plans_that_do_not_run_stay_below(
    session: Session, make: Factory, head: User, leader: User
) -> None:
    make.assignment(make.agency(is_requested=True), due_on=TO_LEADERS)
    make.assignment(head.agency, make.plan(state=PlanState.CANCELLED), due_on=TO_LEADERS)

    assert upwards(session) == 0


@pytest.mark.parametrize("values", [{"is_active": False}, {"email": ""}, {"is_agency_head": False}])
def test_who_is_no_head_or_can_not_be_reached_is_not_told(
    session: Session, make: Factory, values: dict[str, Any]
) -> None:
    person = make.user(**{"is_agency_head": True, **values})
    make.assignment(person.agency, due_on=TO_LEADERS)

    assert upwards(session) == 0


def test_a_head_is_told_of_the_own_agency_only(session: Session, make: Factory, head: User, smtp: Sink) -> None:
    mine, others = make.assignment(head.agency, due_on=TO_HEAD), make.assignment(due_on=TO_LEADERS)

    upwards(session)
    deliver_due(session, now=NOW, today=TODAY)

    [mail] = mails_to(smtp, head)
    assert mine.task.text in body(mail)
    assert others.task.text not in body(mail)
    assert others.agency.name not in body(mail)


@pytest.mark.parametrize("change", ["reported", "asked", "no head any more"])
def test_what_changed_before_the_mail_left_is_not_told(
    session: Session, make: Factory, head: User, smtp: Sink, change: str
) -> None:
    item = make.assignment(head.agency, due_on=TO_HEAD)
    upwards(session)
    if change == "reported":
        item.state, item.submitted_on = AssignmentState.SUBMITTED, TODAY
    elif change == "asked":
        ask(session, item)
    else:
        head.is_agency_head = False
    session.commit()

    delivered = deliver_due(session, now=NOW, today=TODAY)

    assert delivered.dropped >= 1
    assert mails_to(smtp, head) == []


def test_a_mail_that_missed_its_morning_goes_with_the_next(
    session: Session, make: Factory, head: User, smtp: Sink
) -> None:
    make.assignment(head.agency, due_on=TO_HEAD)
    upwards(session, TODAY)
    make.assignment(head.agency, due_on=TO_HEAD + DAY)

    late_evening = deliver_due(session, now=NOW + DAY - timedelta(hours=8), today=TODAY + DAY)
    decided = upwards(session, TODAY + DAY)
    deliver_due(session, now=half_past_seven(TODAY + DAY), today=TODAY + DAY)

    session.rollback()
    states = session.execute(select(OutboxMail.key, OutboxMail.state).where(OutboxMail.recipient_id == head.id)
                             .order_by(OutboxMail.id)).all()
    [mail] = mails_to(smtp, head)
    assert (late_evening.sent, decided) == (0, 1)
    assert "2 việc quá hạn" in mail["Subject"]
    assert [tuple(row) for row in states] == [
        (TODAY.isoformat(), MailState.DROPPED), ((TODAY + DAY).isoformat(), MailState.SENT)]


def test_a_leader_reads_a_dozen_agencies_at_most(session: Session, make: Factory, leader: User, smtp: Sink) -> None:
    plan = make.plan()
    agencies = [make.agency() for _ in range(14)]
    for number, agency in enumerate(agencies):
        make.assignment(agency, plan, due_on=TO_LEADERS - number * DAY)

    upwards(session)
    deliver_due(session, now=NOW, today=TODAY)

    [mail] = smtp.messages
    assert body(mail).count("\n* ") == 13
    assert "và 2 cơ quan khác" in body(mail)
    assert body(mail).index(agencies[13].name) < body(mail).index(agencies[12].name)
    assert agencies[0].name + ":" not in body(mail)
    assert "14 việc của 14 cơ quan" in mail["Subject"]


def test_two_clocks_at_once_tell_once(app: Flask, session: Session, make: Factory, head: User) -> None:
    for _ in range(3):
        make.assignment(head.agency, due_on=TO_LEADERS)
    session.commit()
    start, decided = threading.Barrier(2), []

    def run() -> None:
        with app.app_context():
            start.wait()
            decided.append(decide(db.session()))

    run_together(run, run)

    assert sum(counts.get(MailKind.DIGEST, 0) for counts in decided) == 2  # the head's and the liaison's
    assert len(told_upwards(session)) == 3
    assert session.scalars(select(OutboxMail.kind)).all() == [MailKind.DIGEST, MailKind.DIGEST]


def test_the_number_of_queries_does_not_grow_with_the_assignments(
    session: Session, make: Factory, head: User, smtp: Sink
) -> None:
    counts = []
    plan = make.plan()
    for day in (TODAY, TODAY + DAY):
        for _ in range(1 if day == TODAY else 40):
            make.assignment(head.agency, plan, due_on=TO_LEADERS)
        with counted_statements() as seen:
            upwards(session, day)
        counts.append(len(seen))
        deliver_due(session, now=half_past_seven(day), today=day)

    assert counts[0] == counts[1] <= 40
