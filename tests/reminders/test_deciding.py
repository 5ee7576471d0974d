"""Who is due a digest on a morning: once, never empty, never on a day off, never about another agency's work."""
from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.reminders.mornings import half_past_seven, mails
from tests.reminders.test_outbox import run_together
from tracker.extensions import db
from tracker.models import CalendarDay, Reminder
from tracker.reminders.deciding import PlannedMail, decide, plan_morning
from tracker.reminders.delivering import Delivered, deliver_due
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState, MailKind, MailState, PlanState
from tracker.rules.working_days import DayKind

DAY = timedelta(days=1)
SATURDAY = date(2026, 3, 21)


def plan_of(session: Session, today: date = TODAY) -> list[PlannedMail]:
    return plan_morning(session, today=today).mails


def test_one_digest_tells_a_person_of_everything_due(session: Session, make: Factory, smtp: Sink) -> None:
    liaison = make.user()
    late = make.assignment(liaison.agency, due_on=TODAY - 3 * DAY)
    today = make.assignment(liaison.agency, due_on=TODAY)
    soon = make.assignment(liaison.agency, due_on=TODAY + 7 * DAY)
    far = make.assignment(liaison.agency, due_on=TODAY + 40 * DAY)

    decided = decide(session, today=TODAY, now=NOW).total()
    delivered = deliver_due(session, now=NOW)

    body = smtp.messages[0].get_body(("plain",)).get_content()
    assert (decided, delivered) == (1, Delivered(sent=1))
    assert len(smtp.messages) == 1
    assert all(a.task.text in body for a in (late, today, soon))
    assert far.task.text not in body


def test_the_plan_says_who_gets_what_and_why(session: Session, make: Factory) -> None:
    liaison = make.user()
    make.assignment(liaison.agency, due_on=TODAY - 7 * DAY)
    make.assignment(liaison.agency, due_on=TODAY + DAY)

    [digest] = plan_of(session)

    assert (digest.kind, digest.person.email) == (MailKind.DIGEST, liaison.email)
    assert sorted(item.step for item in digest.items) == ["after_3", "before_1"]


def test_planning_writes_nothing(session: Session, make: Factory) -> None:
    make.assignment(make.user().agency)

    plan_of(session)

    assert mails(session) == []


def test_each_liaison_of_an_agency_gets_a_digest(session: Session, make: Factory) -> None:
    agency = make.agency()
    first, second = make.user(agency=agency), make.user(agency=agency)
    make.assignment(agency)

    assert decide(session, today=TODAY, now=NOW).total() == 2
    assert {mail.recipient_id for mail in mails(session)} == {first.id, second.id}


def test_nobody_is_told_of_another_agencys_work(session: Session, make: Factory, smtp: Sink) -> None:
    plan = make.plan()
    one, other = make.user(), make.user()
    task = make.task(plan, text="Việc giao cho cả hai cơ quan.")
    theirs = make.assignment(one.agency, plan, due_on=TODAY - 3 * DAY)
    others = make.assignment(other.agency, plan, due_on=TODAY - 30 * DAY)
    for agency in (one.agency, other.agency):
        make.assignment(agency, task=task, due_on=TODAY)

    decide(session, today=TODAY, now=NOW).total()
    deliver_due(session, now=NOW)

    text = {m["X-Envelope-To"]: m.as_string() + m.get_body(("plain",)).get_content() for m in smtp.messages}
    assert theirs.task.text in text[one.email]
    assert others.task.text not in text[one.email]
    assert other.agency.name not in text[one.email]
    assert "quá hạn 30" not in text[one.email]


@pytest.mark.parametrize("values", [
    {"role": Role.COORDINATOR}, {"role": Role.LEADER}, {"is_active": False}, {"email": ""}, {"mail_refused_at": NOW},
], ids=["coordinator", "leader", "closed account", "no address", "refused address"])  # fmt: skip
def test_an_agency_without_a_reachable_liaison_is_named(session: Session, make: Factory, values: dict[str, object]
                                                        ) -> None:
    person = make.user(**values)
    make.assignment(person.agency, due_on=TODAY - 2 * DAY)

    morning = plan_morning(session, today=TODAY)

    assert (morning.mails, [(one.agency, one.items) for one in morning.unreached]) == ([], [(person.agency.name, 1)])
    assert decide(session, today=TODAY, now=NOW).total() == 0
    assert mails(session) == []


@pytest.mark.parametrize("state", [AssignmentState.SUBMITTED, AssignmentState.ACCEPTED, AssignmentState.CANCELLED])
def test_what_is_not_owed_is_not_reminded(session: Session, make: Factory, state: AssignmentState) -> None:
    make.assignment(make.user().agency, state=state, due_on=TODAY - 3 * DAY)

    assert plan_of(session) == []
    assert decide(session, today=TODAY, now=NOW).total() == 0


def test_a_returned_report_is_owed_again(session: Session, make: Factory) -> None:
    make.assignment(make.user().agency, state=AssignmentState.RETURNED, due_on=TODAY - 3 * DAY)

    assert len(plan_of(session)) == 1


def test_what_has_no_deadline_and_what_is_cancelled_is_not_reminded(session: Session, make: Factory) -> None:
    liaison = make.user()
    make.assignment(liaison.agency, due_on=None)
    make.assignment(liaison.agency, make.plan(state=PlanState.CANCELLED))

    assert plan_of(session) == []


def test_nothing_on_a_day_off(session: Session, make: Factory) -> None:
    make.assignment(make.user().agency, due_on=SATURDAY)
    session.add(CalendarDay(day=TODAY, kind=DayKind.OFF, name="Nghỉ lễ", source="thử"))
    session.commit()

    assert decide(session, today=TODAY, now=NOW).total() == 0
    assert decide(session, today=SATURDAY, now=half_past_seven(SATURDAY)).total() == 0
    assert mails(session) == []


def test_a_make_up_saturday_counts(session: Session, make: Factory) -> None:
    make.assignment(make.user().agency, due_on=SATURDAY)
    session.add(CalendarDay(day=SATURDAY, kind=DayKind.WORKING, name="Làm bù", source="thử"))
    session.commit()

    assert decide(session, today=SATURDAY, now=half_past_seven(SATURDAY)).total() == 1


def test_the_same_morning_decides_nothing_twice(session: Session, make: Factory, smtp: Sink) -> None:
    liaison = make.user()
    make.assignment(liaison.agency)
    decide(session, today=TODAY, now=NOW).total()
    deliver_due(session, now=NOW)
    make.assignment(liaison.agency, due_on=TODAY - 3 * DAY)  # published later the same morning

    again = decide(session, today=TODAY, now=NOW).total()
    next_day = decide(session, today=TODAY + DAY, now=NOW + DAY).total()

    assert (again, next_day) == (0, 1)
    assert [len(mail.reminders) for mail in mails(session)] == [1, 1]


def test_a_step_that_was_told_is_not_told_again(session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY + 7 * DAY)

    told = []
    for n in range(8):
        day = TODAY + n * DAY
        if decide(session, today=day, now=half_past_seven(day)).total():
            told.append(n)
        deliver_due(session, now=half_past_seven(day))

    assert told == [0, 6, 7]  # five working days before, one before, on the day
    assert len(smtp.messages) == 3


def test_a_missed_morning_is_caught_up_once(session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY + 7 * DAY)

    caught_up = decide(session, today=TODAY + DAY, now=NOW + DAY).total()
    deliver_due(session, now=NOW + DAY)
    after = decide(session, today=TODAY + 2 * DAY, now=NOW + 2 * DAY).total()

    assert (caught_up, after) == (1, 0)


def test_moving_the_date_arms_it_anew(session: Session, make: Factory, smtp: Sink) -> None:
    assignment = make.assignment(make.user().agency, due_on=TODAY)
    decide(session, today=TODAY, now=NOW).total()
    deliver_due(session, now=NOW)
    assignment.due_on, assignment.due_version = TODAY + DAY, 2
    session.commit()

    [digest] = plan_of(session, TODAY + DAY)

    assert decide(session, today=TODAY + DAY, now=NOW + DAY).total() == 1
    assert [(item.step, item.due_version) for item in digest.items] == [("due", 2)]


def test_finishing_disarms_it(session: Session, make: Factory, smtp: Sink) -> None:
    assignment = make.assignment(make.user().agency, due_on=TODAY - 3 * DAY)
    decide(session, today=TODAY, now=NOW).total()
    assignment.state, assignment.submitted_on = AssignmentState.SUBMITTED, TODAY
    session.commit()

    assert deliver_due(session, now=NOW) == Delivered(dropped=1)
    assert decide(session, today=TODAY + 5 * DAY, now=NOW + 5 * DAY).total() == 0
    assert smtp.messages == []


def test_a_digest_that_never_left_goes_out_with_the_next_mornings(session: Session, make: Factory, smtp: Sink) -> None:
    liaison = make.user()
    first = make.assignment(liaison.agency, due_on=TODAY - 3 * DAY)
    second = make.assignment(liaison.agency, due_on=TODAY + DAY)
    smtp.refusals.append("451 not now")
    decide(session, today=TODAY, now=NOW).total()
    deliver_due(session, now=NOW)
    decide(session, today=TODAY + DAY, now=half_past_seven(TODAY + DAY)).total()

    delivered = deliver_due(session, now=half_past_seven(TODAY + DAY))

    [message] = smtp.messages
    body = message.get_body(("plain",)).get_content()
    assert delivered == Delivered(sent=1)
    assert first.task.text in body
    assert second.task.text in body
    assert [mail.state for mail in mails(session)] == [MailState.DROPPED, MailState.SENT]


def test_a_digest_that_never_left_is_sent_the_next_morning_even_when_nothing_is_new(
    session: Session, make: Factory, smtp: Sink
) -> None:
    assignment = make.assignment(make.user().agency, due_on=TODAY - 3 * DAY)
    smtp.refusals.append("451 not now")
    decide(session, today=TODAY, now=NOW).total()
    deliver_due(session, now=NOW)

    decided = decide(session, today=TODAY + DAY, now=half_past_seven(TODAY + DAY)).total()
    delivered = deliver_due(session, now=half_past_seven(TODAY + DAY))

    assert (decided, delivered) == (1, Delivered(sent=1))
    assert assignment.task.text in smtp.messages[0].get_body(("plain",)).get_content()
    assert decide(session, today=TODAY + 2 * DAY, now=half_past_seven(TODAY + 2 * DAY)).total() == 0


def test_an_unsent_digest_whose_work_is_done_is_closed_with_the_reason(session: Session, make: Factory) -> None:
    assignment = make.assignment(make.user().agency, due_on=TODAY - 3 * DAY)
    decide(session, today=TODAY, now=NOW).total()
    assignment.state, assignment.submitted_on = AssignmentState.SUBMITTED, TODAY
    session.commit()

    decided = decide(session, today=TODAY + DAY, now=half_past_seven(TODAY + DAY)).total()

    [mail] = mails(session)
    assert decided == 0
    assert mail.state is MailState.DROPPED
    assert mail.last_error


def test_two_schedulers_at_once_decide_and_send_once(app: Flask, session: Session, make: Factory, smtp: Sink) -> None:
    for _ in range(8):
        make.assignment(make.user().agency, due_on=TODAY - 3 * DAY)
    session.commit()
    start, decided, errors = threading.Barrier(2), [], []

    def scheduler() -> None:
        try:
            with app.app_context():
                start.wait()
                decided.append(decide(db.session(), today=TODAY, now=NOW).total())
                deliver_due(db.session(), now=NOW)
        except Exception as error:
            errors.append(error)

    run_together(scheduler, scheduler)

    assert errors == []
    assert sum(decided) == 8
    assert len(smtp.messages) == 8
    assert len({m["X-Envelope-To"] for m in smtp.messages}) == 8
    assert session.scalar(select(db.func.count(Reminder.id))) == 8


def test_the_number_of_queries_does_not_grow_with_the_work(session: Session, make: Factory) -> None:
    agency, plan = make.agency(), make.plan()
    make.user(agency=agency)
    make.assignment(agency, plan, due_on=TODAY - 3 * DAY)
    with counted_statements() as few:
        plan_of(session)
    for _ in range(15):
        make.user(agency=agency)
        make.assignment(agency, plan, due_on=TODAY - 3 * DAY)

    with counted_statements() as many:
        plan_of(session)
    session.commit()
    with counted_statements() as deciding:
        assert decide(session, today=TODAY, now=NOW).total() == 16

    assert len(few) == len(many) <= 24  # BEGIN among them
    people = 16
    assert len([statement for statement in deciding if "SAVEPOINT" not in statement]) <= len(many) + 6 * people
