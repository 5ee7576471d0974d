"""The same answer to many things: one refusal stops nothing else, and only what was seen is decided."""
from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.reports.test_inbox import Case
from tracker.models import Actor, Assignment, Extension, OutboxMail, Transfer
from tracker.models.access import NotVisible
from tracker.reports.inbox import InboxKind
from tracker.rules.states import AssignmentState, MailKind, RequestState
from tracker.workflow.deciding_many import Answer, Outcome, Picked, decide_many
from tracker.workflow.progress import ChangedMeanwhile

DAY = timedelta(days=1)


@pytest.fixture
def case(session: Session, make: Factory) -> Case:
    return Case(session, make)


def decide(case: Case, answer: Answer, *picked: Picked, words: str = "") -> Outcome:
    user = case.coordinator
    outcome = decide_many(case.session, user, picked, answer, words=words, actor=Actor(user.name, "127.0.0.1", user),
                          today=TODAY, now=NOW)
    case.session.commit()
    return outcome


def pick(row: Assignment, version: int | None = None) -> Picked:
    return Picked(InboxKind.REPORT, row.id, row.version if version is None else version)


def test_many_reports_are_accepted_and_one_that_changed_is_named(session: Session, case: Case) -> None:
    rows = [case.report() for _ in range(3)]

    outcome = decide(case, Answer.ACCEPT, pick(rows[0]), pick(rows[1], version=77), pick(rows[2]))

    assert len(outcome.done) == 2
    assert [(one.id, type(refusal)) for one, refusal in outcome.failed] == [(rows[1].id, ChangedMeanwhile)]
    session.expire_all()
    assert [row.state for row in rows] == [AssignmentState.ACCEPTED, AssignmentState.SUBMITTED,
                                           AssignmentState.ACCEPTED]


def test_many_reports_are_returned_with_one_reason_and_each_agency_is_mailed(session: Session, case: Case) -> None:
    rows = [case.report(), case.report()]

    decide(case, Answer.RETURN, *map(pick, rows), words="Thiếu số liệu.")

    session.expire_all()
    assert {row.state for row in rows} == {AssignmentState.RETURNED}
    mails = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.REPORT_RETURNED)).all()
    assert len(mails) == 2


def test_extensions_are_granted_to_the_day_that_was_asked(session: Session, case: Case) -> None:
    asked = [case.ask(Extension), case.ask(Extension, wanted_on=TODAY + 20 * DAY)]

    decide(case, Answer.GRANT, *(Picked(InboxKind.EXTENSION, one.id, one.version) for one in asked))

    session.expire_all()
    assert [one.assignment.due_on for one in asked] == [TODAY + 9 * DAY, TODAY + 20 * DAY]
    assert {one.assignment.first_due_on for one in asked} == {TODAY}


def test_requests_of_both_kinds_are_refused_with_an_answer(session: Session, case: Case) -> None:
    extension, transfer = case.ask(Extension), case.ask(Transfer)

    decide(case, Answer.REFUSE, Picked(InboxKind.EXTENSION, extension.id, extension.version),
           Picked(InboxKind.TRANSFER, transfer.id, transfer.version), words="Đã gia hạn một lần.")

    session.expire_all()
    assert {extension.state, transfer.state} == {RequestState.REFUSED}


def test_questions_are_settled(session: Session, case: Case) -> None:
    question = case.question()

    decide(case, Answer.SETTLE, Picked(InboxKind.QUESTION, question.id, None))

    session.expire_all()
    assert question.answered_at == NOW


def test_what_the_answer_does_not_fit_is_passed_over(case: Case) -> None:
    outcome = decide(case, Answer.ACCEPT, Picked(InboxKind.QUESTION, case.question().id, None), pick(case.report()))

    assert (len(outcome.done), outcome.passed_over) == (1, 1)


def test_another_coordinators_report_is_not_there(make: Factory, session: Session, case: Case) -> None:
    theirs = Case(session, make).report()

    outcome = decide(case, Answer.ACCEPT, pick(theirs))

    assert [type(refusal) for _one, refusal in outcome.failed] == [NotVisible]
    session.expire_all()
    assert theirs.state is AssignmentState.SUBMITTED
