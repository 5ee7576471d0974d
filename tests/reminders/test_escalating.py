"""What is too late goes upwards: in working days, once a person and step, never while something is asked for."""
from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.reminders.test_outbox import run_together
from tracker.extensions import db
from tracker.models import Assignment, CalendarDay, Extension, OutboxMail, Reminder, Transfer, User
from tracker.reminders.delivering import Delivered, deliver_due
from tracker.reminders.escalating import decide_escalations
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState, MailKind, MailState, PlanState, RequestState
from tracker.rules.working_days import DayKind

DAY = timedelta(days=1)
SATURDAY = date(2026, 3, 21)
#: TODAY is a Wednesday: with the usual policy, five and ten working days back.
TO_HEAD, TO_LEADERS = TODAY - 7 * DAY, TODAY - 14 * DAY


def morning(day: date) -> datetime:
    return NOW + (day - TODAY)


def decide(session: Session, day: date = TODAY) -> int:
    return decide_escalations(session, today=day, now=morning(day))


def told(session: Session) -> list[tuple[int, int, str]]:
    session.rollback()
    rows = session.execute(select(Reminder.recipient_id, Reminder.assignment_id, Reminder.step).order_by(Reminder.id))
    return [tuple(row) for row in rows]


def body(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


@pytest.fixture
def head(make: Factory) -> User:
    return make.user(is_agency_head=True, name="Trần Văn Hùng")


@pytest.fixture
def leader(make: Factory) -> User:
    return make.user(Role.LEADER, name="Lê Thị Thanh")


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
    delivered = deliver_due(session, now=NOW, today=TODAY)

    mails = {mail["X-Envelope-To"]: mail for mail in smtp.messages}
    assert (decided, delivered) == (2, Delivered(sent=2))
    assert told(session) == [(head.id, ten.id, "head"), (head.id, five.id, "head"), (leader.id, ten.id, "leadership")]
    assert mails[head.email]["Subject"] == "Báo cáo thủ trưởng cơ quan: 2 việc quá hạn, lâu nhất 14 ngày"
    assert five.task.text in body(mails[head.email])
    assert early.task.text not in body(mails[head.email])
    assert f"* {head.agency.name}: 1 việc, lâu nhất 14 ngày" in body(mails[leader.email])


def test_each_person_is_told_once_of_each_step(session: Session, make: Factory, head: User, smtp: Sink) -> None:
    make.assignment(head.agency, due_on=TO_LEADERS)

    assert decide(session) == 1
    assert decide(session) == 0
    deliver_due(session, now=NOW, today=TODAY)
    assert decide(session, TODAY + DAY) == 0
    assert len(smtp.messages) == 1


def test_nobody_is_told_on_a_day_off(session: Session, make: Factory, head: User) -> None:
    make.assignment(head.agency, due_on=TO_LEADERS)

    assert decide(session, SATURDAY) == 0
    session.add(CalendarDay(day=SATURDAY, kind=DayKind.WORKING, name="Làm bù", source="Công văn"))
    session.commit()
    assert decide(session, SATURDAY) == 1


def test_days_off_between_do_not_count(session: Session, make: Factory, head: User) -> None:
    make.assignment(head.agency, due_on=TO_HEAD)
    session.add(CalendarDay(day=TODAY - DAY, kind=DayKind.OFF, name="Nghỉ bù", source="Công văn"))
    session.commit()

    assert decide(session) == 0
    assert decide(session, TODAY + DAY) == 1


@pytest.mark.parametrize("kind", [Extension, Transfer])
def test_what_is_asked_for_waits_and_goes_on_after_a_refusal(
    session: Session, make: Factory, head: User, kind: type[Any]
) -> None:
    item = make.assignment(head.agency, due_on=TO_LEADERS)
    request = ask(session, item, kind)

    assert decide(session) == 0
    request.state, request.answer = RequestState.REFUSED, "Không đồng ý."
    session.commit()
    assert decide(session, TODAY + DAY) == 1


def test_a_moved_date_arms_anew(session: Session, make: Factory, head: User, smtp: Sink) -> None:
    item = make.assignment(head.agency, due_on=TO_LEADERS)
    decide(session)
    deliver_due(session, now=NOW, today=TODAY)
    item.due_on, item.due_version = TODAY, 2
    session.commit()

    assert decide(session, TODAY + 6 * DAY) == 0
    assert decide(session, TODAY + 7 * DAY) == 1
    assert [step for _person, _item, step in told(session)] == ["head", "head"]


@pytest.mark.parametrize("values", [
    {"is_part": True}, {"is_requested": True}, {"state": AssignmentState.SUBMITTED},
    {"state": AssignmentState.CANCELLED}, {"state": AssignmentState.RETURNED, "grace_until": TODAY},
    {"state": AssignmentState.RETURNED, "grace_until": TODAY - 3 * DAY}, {"due_on": None},
])  # fmt: skip
def test_what_is_not_long_late_or_not_ordered_stays_below(
    session: Session, make: Factory, head: User, leader: User, values: dict[str, Any]
) -> None:
    make.assignment(head.agency, **{"due_on": TO_LEADERS, **values})

    assert decide(session) == 0


def test_bodies_that_are_asked_and_plans_that_do_not_run_stay_below(
    session: Session, make: Factory, head: User, leader: User
) -> None:
    make.assignment(make.agency(is_requested=True), due_on=TO_LEADERS)
    make.assignment(head.agency, make.plan(state=PlanState.CANCELLED), due_on=TO_LEADERS)

    assert decide(session) == 0


@pytest.mark.parametrize("values", [{"is_active": False}, {"email": ""}, {"is_agency_head": False}])
def test_who_is_no_head_or_can_not_be_reached_is_not_told(
    session: Session, make: Factory, values: dict[str, Any]
) -> None:
    person = make.user(**{"is_agency_head": True, **values})
    make.assignment(person.agency, due_on=TO_LEADERS)

    assert decide(session) == 0


def test_a_head_is_told_of_the_own_agency_only(session: Session, make: Factory, head: User, smtp: Sink) -> None:
    mine, others = make.assignment(head.agency, due_on=TO_HEAD), make.assignment(due_on=TO_LEADERS)

    decide(session)
    deliver_due(session, now=NOW, today=TODAY)

    assert mine.task.text in body(smtp.messages[0])
    assert others.task.text not in body(smtp.messages[0])
    assert others.agency.name not in body(smtp.messages[0])


@pytest.mark.parametrize("change", ["reported", "asked", "no head any more"])
def test_what_changed_before_the_mail_left_is_not_told(
    session: Session, make: Factory, head: User, smtp: Sink, change: str
) -> None:
    item = make.assignment(head.agency, due_on=TO_HEAD)
    decide(session)
    if change == "reported":
        item.state, item.submitted_on = AssignmentState.SUBMITTED, TODAY
    elif change == "asked":
        ask(session, item)
    else:
        head.is_agency_head = False
    session.commit()

    assert deliver_due(session, now=NOW, today=TODAY) == Delivered(dropped=1)
    assert smtp.messages == []


def test_a_mail_that_missed_its_morning_goes_with_the_next(
    session: Session, make: Factory, head: User, smtp: Sink
) -> None:
    make.assignment(head.agency, due_on=TO_HEAD)
    decide(session, TODAY)
    make.assignment(head.agency, due_on=TO_HEAD + DAY)

    late_evening = deliver_due(session, now=NOW + DAY - timedelta(hours=8), today=TODAY + DAY)
    decided = decide(session, TODAY + DAY)
    deliver_due(session, now=morning(TODAY + DAY), today=TODAY + DAY)

    session.rollback()
    states = session.execute(select(OutboxMail.key, OutboxMail.state).order_by(OutboxMail.id)).all()
    assert (late_evening.sent, decided, len(smtp.messages)) == (0, 1, 1)
    assert "2 việc quá hạn" in smtp.messages[0]["Subject"]
    assert [tuple(row) for row in states] == [
        (TODAY.isoformat(), MailState.DROPPED), ((TODAY + DAY).isoformat(), MailState.SENT)]


def test_a_leader_reads_a_dozen_agencies_at_most(session: Session, make: Factory, leader: User, smtp: Sink) -> None:
    plan = make.plan()
    agencies = [make.agency() for _ in range(14)]
    for number, agency in enumerate(agencies):
        make.assignment(agency, plan, due_on=TO_LEADERS - number * DAY)

    decide(session)
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

    assert sorted(decided) == [0, 1]
    assert len(told(session)) == 3
    assert session.scalars(select(OutboxMail.kind)).all() == [MailKind.ESCALATION]


def test_the_number_of_queries_does_not_grow_with_the_assignments(
    session: Session, make: Factory, head: User, smtp: Sink
) -> None:
    counts = []
    plan = make.plan()
    for day in (TODAY, TODAY + DAY):
        for _ in range(1 if day == TODAY else 40):
            make.assignment(head.agency, plan, due_on=TO_LEADERS)
        with counted_statements() as seen:
            decide(session, day)
        counts.append(len(seen))
        deliver_due(session, now=morning(day), today=day)

    assert counts[0] == counts[1] <= 16
