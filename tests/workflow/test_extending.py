"""More time: what is asked, what is refused, what granting moves and leaves, two coordinators at once."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import sample_files as sample
from tests.factories import NOW, TODAY, Factory
from tests.workflow.test_progress import at_once
from tracker.models import Actor, Assignment, AuditEntry, Extension, OutboxMail, User
from tracker.reminders.composing import compose
from tracker.rules.personal_data import IdentityNumber
from tracker.rules.standing import OfficialClass
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import MailKind, NotAllowedNow, RequestState
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import extending
from tracker.workflow.acceptance import NotYourPlan, accept
from tracker.workflow.asking import (
    AlreadyDecided,
    AlreadyWaiting,
    NotYourAgency,
    RefusalWithoutAnswer,
    RequestWithoutReason,
)
from tracker.workflow.evidence import BadFiles, Upload
from tracker.workflow.extending import DayNotLater, DayTooFar, NoDueDate
from tracker.workflow.progress import ChangedMeanwhile, report

DAY = timedelta(days=1)
#: A Saturday.
WANTED = date(2026, 4, 4)


class Case:
    """An assignment due today, a liaison with a colleague, the coordinator of its plan."""

    def __init__(self, session: Session, make: Factory, folder: Path) -> None:
        self.session, self.make, self.folder = session, make, folder
        self.liaison, self.coordinator = make.user(), make.coordinator()
        self.colleague = make.user(agency=self.liaison.agency)
        self.plan = make.plan(self.coordinator.agency)
        self.assignment: Assignment = make.assignment(self.liaison.agency, self.plan, due_on=TODAY)

    def ask(self, who: User | None = None, **values: Any) -> Extension:
        values = {"wanted_on": WANTED, "reason": "Chờ cấp kinh phí.", **values}
        extension = extending.ask(self.session, self.assignment, actor=by(who or self.liaison), today=TODAY, now=NOW,
                                  evidence_folder=self.folder, **values)
        self.session.commit()
        return extension

    def grant(self, extension: Extension, who: User | None = None, **values: Any) -> None:
        extending.grant(self.session, extension, actor=by(who or self.coordinator), now=NOW, today=TODAY,
                        **{"granted_on": WANTED, "calendar": WorkingCalendar(), **values})
        self.session.commit()

    def refuse(self, extension: Extension, who: User | None = None, answer: str = "Việc gấp.", **values: Any) -> None:
        extending.refuse(self.session, extension, actor=by(who or self.coordinator), answer=answer, now=NOW, **values)
        self.session.commit()

    def hand_in(self, days: int) -> None:
        report(self.session, self.assignment, actor=by(self.liaison), state=State.SUBMITTED, text="Đã xong.",
               document_number="12/BC", document_on=TODAY, evidence_folder=self.folder, today=TODAY + days * DAY,
               now=NOW + days * DAY)
        self.session.commit()

    def mails(self) -> list[OutboxMail]:
        return list(self.session.scalars(select(OutboxMail).order_by(OutboxMail.recipient_id)))


def by(user: User) -> Actor:
    return Actor(user.name, "127.0.0.1", user)


@pytest.fixture
def case(session: Session, make: Factory, tmp_path: Path) -> Case:
    return Case(session, make, tmp_path)


def test_asking_waits_and_moves_nothing(case: Case) -> None:
    extension = case.ask(files=[Upload("to-trinh.pdf", BytesIO(sample.PDF))])

    assert (extension.state, extension.from_due_on, extension.wanted_on) == (RequestState.WAITING, TODAY, WANTED)
    assert [file.file_name for file in extension.evidence] == ["to-trinh.pdf"]
    assert case.assignment.due_on == TODAY
    assert case.mails() == []


def test_the_same_press_twice_is_one_request(case: Case) -> None:
    assert case.ask().id == case.ask().id


def test_one_request_waits_at_a_time(case: Case) -> None:
    first = case.ask()

    with pytest.raises(AlreadyWaiting):
        case.ask(case.colleague, wanted_on=WANTED + DAY)
    case.session.rollback()
    extending.withdraw(case.session, first, actor=by(case.colleague), now=NOW)
    case.session.commit()

    assert case.ask(wanted_on=WANTED + DAY).state is RequestState.WAITING
    assert first.state is RequestState.WITHDRAWN


@pytest.mark.parametrize(("values", "refusal"), [
    ({"wanted_on": TODAY}, DayNotLater),
    ({"wanted_on": date(2206, 4, 4)}, DayTooFar),
    ({"reason": "  "}, RequestWithoutReason),
    ({"reason": "Chờ ông A, số 001 085 012 345."}, IdentityNumber),
    ({"files": [Upload("x.exe", BytesIO(b"MZ\x90\x00" + b"\0" * 64))]}, BadFiles),
    ({"expected_version": 7}, ChangedMeanwhile),
])
def test_what_can_not_be_asked_is_refused_and_leaves_nothing(case: Case, values: dict[str, Any], refusal: Any) -> None:
    with pytest.raises(refusal):
        case.ask(**values)
    case.session.rollback()

    assert case.session.scalars(select(Extension)).all() == []


def test_more_time_is_asked_for_days_still_to_come(case: Case) -> None:
    case.assignment.due_on = TODAY - 5 * DAY
    case.session.commit()

    with pytest.raises(DayNotLater):
        case.ask(wanted_on=TODAY - DAY)
    case.session.rollback()

    assert case.ask(wanted_on=TODAY).wanted_on == TODAY


@pytest.mark.parametrize("state", sorted(set(State) - {State.OPEN, State.IN_PROGRESS, State.RETURNED}))
def test_only_what_is_owed_can_be_given_more_time(case: Case, state: State) -> None:
    case.assignment.state, case.assignment.submitted_on = state, TODAY
    case.session.commit()

    with pytest.raises(NotAllowedNow):
        case.ask()


def test_what_has_no_due_date_has_nothing_to_extend(case: Case) -> None:
    case.assignment.due_on = None
    case.session.commit()

    with pytest.raises(NoDueDate):
        case.ask()


def test_another_agency_and_the_coordinator_do_not_ask(case: Case, make: Factory) -> None:
    for person in (make.user(), case.coordinator):
        with pytest.raises(NotYourAgency):
            case.ask(person)
        case.session.rollback()


def test_granting_moves_the_date_arms_reminders_and_keeps_the_first_date(case: Case) -> None:
    extension = case.ask()

    case.grant(extension, answer="Đồng ý.")

    row = case.assignment
    assert (row.due_on, row.working_due_on, row.first_due_on) == (WANTED, WANTED - DAY, TODAY)
    assert (row.due_version, row.grace_until) == (2, None)
    entry = case.session.scalars(select(AuditEntry).where(AuditEntry.action == "extension.granted")).one()
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["due_on"], entry.after["due_on"]) == ("2026-03-18", "2026-04-04")


def test_another_day_than_the_wanted_one_may_be_granted(case: Case) -> None:
    extension = case.ask()

    case.grant(extension, granted_on=TODAY + DAY)

    assert (extension.granted_on, case.assignment.due_on) == (TODAY + DAY, TODAY + DAY)
    assert case.ask(wanted_on=WANTED).from_due_on == TODAY + DAY


def test_the_asker_and_the_agencys_liaisons_are_mailed_once_each(case: Case) -> None:
    extension = case.ask()
    case.make.user(agency=case.liaison.agency, is_active=False)
    case.make.user()

    case.grant(extension)

    assert [(mail.recipient_id, mail.kind) for mail in case.mails()] == [
        (person.id, MailKind.REQUEST_DECIDED) for person in (case.liaison, case.colleague)]


def test_refusing_needs_an_answer_and_moves_nothing(case: Case) -> None:
    extension = case.ask()

    with pytest.raises(RefusalWithoutAnswer):
        case.refuse(extension, answer=" ")
    case.session.rollback()
    case.refuse(extension)

    assert (extension.state, extension.answer, case.assignment.due_on) == (RequestState.REFUSED, "Việc gấp.", TODAY)
    mail = compose(case.session, case.mails()[0], today=TODAY, now=NOW)
    assert "không đồng ý gia hạn" in mail.text  # type: ignore[union-attr]
    assert "> Việc gấp." in mail.text  # type: ignore[union-attr]


def test_a_report_handed_in_meanwhile_is_judged_by_the_granted_day(case: Case) -> None:
    extension = case.ask()
    case.hand_in(days=3)
    accept(case.session, case.assignment, actor=by(case.coordinator), now=NOW + 4 * DAY)
    case.session.commit()
    assert case.assignment.official_class(TODAY + 4 * DAY) is OfficialClass.DONE_LATE

    case.grant(extension)

    assert case.assignment.state is State.ACCEPTED
    assert case.assignment.official_class(TODAY + 4 * DAY) is OfficialClass.DONE_ON_TIME
    column = select(Assignment.class_column(TODAY, by_first_date=True))
    assert case.session.scalar(column) == OfficialClass.DONE_LATE


def test_what_was_cancelled_meanwhile_gets_no_more_time(case: Case) -> None:
    extension = case.ask()
    case.assignment.state = State.CANCELLED
    case.session.commit()

    with pytest.raises(NotAllowedNow):
        case.grant(extension)


def test_only_the_plans_own_coordinator_answers(case: Case, make: Factory) -> None:
    extension = case.ask()

    for person in (make.coordinator(), case.liaison):
        with pytest.raises(NotYourPlan):
            case.grant(extension, person)
        with pytest.raises(NotYourPlan):
            case.refuse(extension, person)
        case.session.rollback()


def test_an_answered_request_is_not_answered_again_or_taken_back(case: Case) -> None:
    extension = case.ask()
    shown = extension.version
    case.grant(extension)

    with pytest.raises(AlreadyDecided):
        case.refuse(extension, expected_version=shown)
    case.session.rollback()
    with pytest.raises(AlreadyDecided):
        extending.withdraw(case.session, extension, actor=by(case.liaison), now=NOW)


def test_a_grant_before_the_present_due_date_is_refused_and_changes_nothing(case: Case) -> None:
    extension = case.ask()

    with pytest.raises(DayNotLater):
        case.grant(extension, granted_on=TODAY)
    case.session.rollback()

    assert extension.is_waiting


def test_of_two_coordinators_at_once_one_wins_and_the_other_is_told(app: Flask, case: Case, make: Factory) -> None:
    extension = case.ask()
    extension_id, version, first_id = extension.id, extension.version, case.coordinator.id
    second_id = make.user(case.coordinator.role, case.coordinator.agency).id
    case.session.rollback()

    def deciding(user_id: int, *, granting: bool) -> Callable[[Session], None]:
        def act(session: Session) -> None:
            extension = session.get_one(Extension, extension_id)
            given = {"actor": by(session.get_one(User, user_id)), "now": NOW, "expected_version": version}
            if granting:
                extending.grant(session, extension, granted_on=WANTED, calendar=WorkingCalendar(), today=TODAY,
                                **given)  # type: ignore[arg-type]
            else:
                extending.refuse(session, extension, answer="Việc gấp.", **given)  # type: ignore[arg-type]
        return act

    ended = at_once(app, [deciding(first_id, granting=True), deciding(second_id, granting=False)])

    assert sorted(ended) == ["request_already_decided", "saved"]
    case.session.rollback()
    extension = case.session.get_one(Extension, extension_id)
    moved = extension.assignment.due_on == WANTED
    assert moved == (extension.state is RequestState.GRANTED)
    assert len(case.mails()) == 2


def test_of_two_colleagues_who_ask_at_once_one_is_told(app: Flask, case: Case) -> None:
    assignment_id, people = case.assignment.id, [case.liaison.id, case.colleague.id]
    case.session.rollback()

    def asking(user_id: int) -> Callable[[Session], None]:
        def act(session: Session) -> None:
            extending.ask(session, session.get_one(Assignment, assignment_id), wanted_on=WANTED + user_id * DAY,
                          actor=by(session.get_one(User, user_id)), reason="Chờ.", evidence_folder=case.folder,
                          today=TODAY, now=NOW)
        return act

    assert sorted(at_once(app, [asking(user_id) for user_id in people])) == ["request_already_waits", "saved"]
