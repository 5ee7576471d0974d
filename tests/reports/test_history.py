"""An assignment's history: everything that happened, newest first, at a fixed cost."""
from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.workflow.test_acceptance import Case
from tracker.models import Chase, ChaseItem, Extension, OutboxMail, Reminder, Transfer, User
from tracker.reports.history import Event, EventKind, history, requests_of
from tracker.rules.states import Decision, MailKind, MailState, RequestState

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def case(session: Session, make: Factory, tmp_path: Path) -> Case:
    return Case(session, make, tmp_path)


def remind(session: Session, case: Case, user: User, step: str, days: int, state: MailState = MailState.SENT) -> None:
    key = f"{step}-{user.id}"
    mail = OutboxMail(recipient_id=user.id, kind=MailKind.DIGEST, key=key, message_id=key, state=state,
                      next_attempt_at=NOW, created_at=NOW, sent_at=NOW + days * DAY)
    session.add(mail)
    mail.reminders.append(Reminder(recipient_id=user.id, assignment_id=case.assignment.id, step=step, due_version=1,
                                   decided_on=TODAY + days * DAY))
    session.commit()


def chase(session: Session, case: Case, days: int, recipients: int = 1) -> None:
    made = Chase(sender_id=case.coordinator.id, sent_at=NOW + days * DAY, happened_on=TODAY + days * DAY,
                 note="Đề nghị báo cáo ngay.", form_key=str(days))
    made.items.append(ChaseItem(assignment_id=case.assignment.id, days_late=days, recipients=recipients))
    session.add(made)
    session.commit()


def kinds(events: list[Event]) -> list[EventKind]:
    return [event.kind for event in events]


def test_the_whole_story_stands_newest_first(session: Session, case: Case) -> None:
    remind(session, case, case.liaison, "before_1", -1)
    chase(session, case, 1)
    case.hand_in(days=2)
    case.give_back("Thiếu biểu số liệu.", days=3)
    case.hand_in(days=4)
    case.accept(days=5)
    session.commit()

    events = history(session, case.assignment)

    assert kinds(events) == [
        EventKind.DECIDED, EventKind.REPORTED, EventKind.DECIDED, EventKind.REPORTED, EventKind.CHASED,
        EventKind.GIVEN, EventKind.REMINDED,
    ]  # fmt: skip
    decisions = [event.review for event in events if event.review]
    assert [(r.decision, r.reason) for r in decisions] == [
        (Decision.ACCEPTED, None), (Decision.RETURNED, "Thiếu biểu số liệu.")]  # fmt: skip
    assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)


def test_a_decision_in_the_same_instant_stands_above_its_report(session: Session, case: Case) -> None:
    case.hand_in()
    case.accept()
    session.commit()

    assert kinds(history(session, case.assignment)) == [EventKind.DECIDED, EventKind.REPORTED, EventKind.GIVEN]


def test_people_told_of_one_step_are_one_event_and_unsent_mails_are_none(
    session: Session, make: Factory, case: Case
) -> None:
    second, third = make.user(agency=case.agency), make.user(agency=case.agency)
    remind(session, case, case.liaison, "overdue_3", 3)
    remind(session, case, second, "overdue_3", 3)
    remind(session, case, third, "overdue_3", 3, MailState.PARKED)

    events = [event for event in history(session, case.assignment) if event.kind is EventKind.REMINDED]

    assert [(e.step_kind, e.step_days, e.reminded) for e in events] == [
        ("overdue", 3, (case.liaison.name, second.name))]  # fmt: skip


def test_another_assignments_events_stay_out(session: Session, make: Factory, tmp_path: Path, case: Case) -> None:
    other = Case(session, make, tmp_path)
    other.hand_in()
    chase(session, other, 1)
    remind(session, other, other.liaison, "due", 1)

    assert kinds(history(session, case.assignment)) == [EventKind.GIVEN]


def test_a_long_history_costs_what_a_short_one_costs(session: Session, make: Factory, case: Case) -> None:
    costs = []
    for turn in range(3):
        case.hand_in(days=turn)
        case.give_back(days=turn)
        chase(session, case, turn + 1)
        remind(session, case, case.liaison, f"overdue_{turn}", turn)
        session.expire_all()
        case.assignment.created_at  # noqa: B018 -- read again before counting
        with counted_statements() as sent:
            for event in history(session, case.assignment):
                if event.update:
                    assert event.update.author.name
                    assert event.update.evidence == []
                if event.review:
                    assert event.review.reviewer.name
                if event.chase:
                    assert event.chase.chase.sender.name
        costs.append(len(sent))

    assert costs == [7, 7, 7]


def test_what_was_asked_and_answered_stands_in_the_history(session: Session, case: Case) -> None:
    asked = {"assignment": case.assignment, "asked_by": case.liaison, "reason": "Chờ kinh phí."}
    session.add_all([
        Extension(asked_at=NOW, from_due_on=TODAY, wanted_on=TODAY + 9 * DAY, state=RequestState.REFUSED,
                  answer="Việc gấp.", decided_by=case.coordinator, decided_at=NOW + 2 * HOUR, **asked),
        Transfer(asked_at=NOW + HOUR, **asked),
    ])  # fmt: skip
    session.commit()

    requests = requests_of(session, case.assignment)
    events = history(session, case.assignment, requests)

    assert [type(request) for request in requests] == [Transfer, Extension]
    assert [(event.kind, type(event.request)) for event in events[:3]] == [
        (EventKind.ANSWERED, Extension), (EventKind.ASKED, Transfer), (EventKind.ASKED, Extension)]
