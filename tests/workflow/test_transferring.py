"""Saying "not ours": what is asked, where the work goes, what stays, who is told."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.test_progress import at_once
from tracker.models import Actor, Agency, Assignment, OutboxMail, Transfer, User
from tracker.reminders.composing import compose
from tracker.reminders.content import NothingToSay
from tracker.rules.personal_data import IdentityNumber
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import MailKind, NotAllowedNow, RequestState, TaskRole
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import extending, transferring
from tracker.workflow.acceptance import NotYourPlan
from tracker.workflow.asking import AlreadyDecided, AlreadyWaiting, NotYourAgency, RequestWithoutReason
from tracker.workflow.transferring import AgencyEnded, SameAgency

DAY = timedelta(days=1)


class Case:
    """An assignment of one agency, another agency with a liaison, the coordinator of the plan."""

    def __init__(self, session: Session, make: Factory) -> None:
        self.session, self.make = session, make
        self.liaison, self.coordinator, self.other = make.user(), make.coordinator(), make.user()
        self.plan = make.plan(self.coordinator.agency)
        self.assignment: Assignment = make.assignment(self.liaison.agency, self.plan, due_on=TODAY + DAY,
                                                      first_due_on=TODAY, occurrence="1:2026-H1")

    def ask(self, who: User | None = None, **values: Any) -> Transfer:
        values = {"proposed_agency": self.other.agency, "reason": "Đã chuyển chức năng.", **values}
        transfer = transferring.ask(self.session, self.assignment, actor=by(who or self.liaison), today=TODAY,
                                    now=NOW, **values)
        self.session.commit()
        return transfer

    def grant(self, transfer: Transfer, agency: Agency | None = None, who: User | None = None) -> Assignment:
        new = transferring.grant(self.session, transfer, actor=by(who or self.coordinator), today=TODAY, now=NOW,
                                 agency=agency or self.other.agency, answer="", calendar=WorkingCalendar())
        self.session.commit()
        return new

    def mails(self) -> dict[tuple[int, MailKind], OutboxMail]:
        return {(mail.recipient_id, mail.kind): mail for mail in self.session.scalars(select(OutboxMail))}


def by(user: User) -> Actor:
    return Actor(user.name, "127.0.0.1", user)


@pytest.fixture
def case(session: Session, make: Factory) -> Case:
    return Case(session, make)


def test_the_work_goes_to_the_other_agency_with_its_dates(case: Case) -> None:
    old = case.assignment
    transfer = case.ask()

    new = case.grant(transfer)

    assert (new.agency, new.task_id, new.occurrence, new.role) == (case.other.agency, old.task_id, "1:2026-H1",
                                                                 TaskRole.LEAD)
    assert (new.due_on, new.first_due_on, new.state) == (TODAY + DAY, TODAY, State.OPEN)
    assert (old.state, old.replaced_by, old.cancelled_reason) == (State.CANCELLED, new, "Đã chuyển chức năng.")
    assert (transfer.state, transfer.given_to) == (RequestState.GRANTED, case.other.agency)


def test_a_new_agency_is_not_late_from_the_first_hour(case: Case) -> None:
    transfer = case.ask()
    case.assignment.due_on = TODAY - 4 * DAY
    case.session.commit()

    new = case.grant(transfer)

    assert new.grace_until == TODAY + 5 * DAY  # three working days from a Wednesday
    assert new.days_late(TODAY + 5 * DAY) == 0
    assert new.days_late(TODAY + 6 * DAY) == 1


def test_what_an_agency_was_told_of_its_own_row_does_not_silence_the_days_it_is_given(case: Case) -> None:
    transfer = case.ask()
    case.assignment.due_on = TODAY - 4 * DAY
    theirs = case.make.assignment(case.other.agency, task=case.assignment.task, due_on=TODAY - 4 * DAY,
                                  occurrence=case.assignment.occurrence)
    before = theirs.due_version

    new = case.grant(transfer)

    assert (new, new.grace_until) == (theirs, TODAY + 5 * DAY)
    assert new.due_version == before + 1  # the last warning of the new last day is another one


def test_both_agencies_are_told_each_its_own_and_neither_reads_the_others_words(case: Case) -> None:
    transfer = case.ask(reason="Việc của họ, không phải của chúng tôi.")

    new = case.grant(transfer)

    mails = case.mails()
    assert set(mails) == {(case.liaison.id, MailKind.REQUEST_DECIDED), (case.other.id, MailKind.HANDED_OVER)}
    told = compose(case.session, mails[case.other.id, MailKind.HANDED_OVER], today=TODAY, now=NOW)
    assert f"/assignments/{new.id}" in told.text  # type: ignore[union-attr]
    assert "không phải của chúng tôi" not in told.text  # type: ignore[union-attr]
    asked = compose(case.session, mails[case.liaison.id, MailKind.REQUEST_DECIDED], today=TODAY, now=NOW)
    assert f"/assignments/{case.assignment.id}" in asked.text  # type: ignore[union-attr]


def test_the_coordinator_may_give_it_to_another_body_than_the_proposed_one(case: Case, make: Factory) -> None:
    third = make.agency()

    assert case.grant(case.ask(proposed_agency=None), third).agency is third


def test_an_agency_that_has_the_same_work_already_keeps_its_row(case: Case, make: Factory) -> None:
    there = make.assignment(case.other.agency, task=case.assignment.task, occurrence="1:2026-H1",
                            state=State.IN_PROGRESS, percent=40)

    new = case.grant(case.ask())

    assert (new, new.percent, case.assignment.replaced_by) == (there, 40, there)


def test_a_helper_that_gets_the_whole_work_answers_for_it(case: Case, make: Factory) -> None:
    part = make.assignment(case.other.agency, task=case.assignment.task, occurrence="1:2026-H1", is_part=True,
                           role=TaskRole.COORDINATE, state=State.ACCEPTED)

    new = case.grant(case.ask())

    assert (new, new.is_part, new.role, new.state) == (part, False, TaskRole.LEAD, State.IN_PROGRESS)
    assert (new.submitted_on, new.due_on) == (None, TODAY + DAY)


def test_a_helpers_part_can_be_another_helpers(case: Case) -> None:
    case.assignment.is_part, case.assignment.role = True, TaskRole.COORDINATE
    case.session.commit()

    new = case.grant(case.ask())

    assert (new.is_part, new.role) == (True, TaskRole.COORDINATE)


def test_work_can_come_back_and_what_was_cancelled_stays_so(case: Case) -> None:
    first = case.assignment
    case.assignment = case.grant(case.ask())
    back = transferring.ask(case.session, case.assignment, actor=by(case.other), today=TODAY, now=NOW,
                            proposed_agency=case.liaison.agency, reason="Vẫn là của Sở kia.")
    case.session.commit()

    again = case.grant(back, case.liaison.agency)

    assert first.state is State.CANCELLED
    assert again.id != first.id
    assert (again.agency, again.occurrence, again.state) == (case.liaison.agency, "1:2026-H1", State.OPEN)


def test_a_report_that_waits_stays_with_the_row_it_was_made_on(case: Case) -> None:
    transfer = case.ask()
    case.assignment.state, case.assignment.submitted_on = State.SUBMITTED, TODAY
    case.session.commit()

    assert case.grant(transfer).state is State.OPEN
    assert case.assignment.state is State.CANCELLED


def test_what_was_accepted_meanwhile_is_not_given_away(case: Case) -> None:
    transfer = case.ask()
    case.assignment.state, case.assignment.submitted_on = State.ACCEPTED, TODAY
    case.session.commit()

    with pytest.raises(NotAllowedNow):
        case.grant(transfer)
    case.session.rollback()
    transferring.refuse(case.session, transfer, actor=by(case.coordinator), answer="Đã xong.", now=NOW)


def test_another_request_that_waits_is_answered_too(case: Case, tmp_path: Path) -> None:
    extension = extending.ask(case.session, case.assignment, actor=by(case.liaison), wanted_on=date(2026, 4, 1),
                              reason="Chờ.", evidence_folder=tmp_path, today=TODAY, now=NOW)

    case.grant(case.ask())

    assert (extension.state, extension.answer) == (RequestState.REFUSED, "Đã chuyển chức năng.")


@pytest.mark.parametrize(("values", "refusal"), [
    ({"reason": " "}, RequestWithoutReason),
    ({"reason": "Của ông A, số 001085012345"}, IdentityNumber),
])
def test_what_can_not_be_asked_is_refused(case: Case, values: dict[str, Any], refusal: Any) -> None:
    with pytest.raises(refusal):
        case.ask(**values)


def test_it_goes_to_no_agency_that_has_it_or_is_no_more(case: Case, make: Factory) -> None:
    ended = make.agency(ended_on=TODAY - DAY)

    for agency, refusal in ((case.liaison.agency, SameAgency), (ended, AgencyEnded)):
        with pytest.raises(refusal):
            case.ask(proposed_agency=agency)
        case.session.rollback()
    transfer = case.ask()
    for agency, refusal in ((case.liaison.agency, SameAgency), (ended, AgencyEnded)):
        with pytest.raises(refusal):
            case.grant(transfer, agency)
        case.session.rollback()
    assert transfer.is_waiting


def test_one_waits_at_a_time_and_only_those_concerned_act(case: Case, make: Factory) -> None:
    transfer = case.ask()
    assert case.ask().id == transfer.id  # the same press twice

    with pytest.raises(AlreadyWaiting):
        case.ask(reason="Khác.")
    case.session.rollback()
    with pytest.raises(NotYourAgency):
        case.ask(make.user())
    with pytest.raises(NotYourPlan):
        case.grant(transfer, who=make.coordinator())
    with pytest.raises(NotYourAgency):
        transferring.withdraw(case.session, transfer, actor=by(case.coordinator), now=NOW)
    case.session.rollback()
    transferring.withdraw(case.session, transfer, actor=by(case.liaison), now=NOW)
    case.session.commit()

    with pytest.raises(AlreadyDecided):
        case.grant(transfer)


def test_an_asked_body_is_asked(case: Case, make: Factory) -> None:
    front = make.user(agency=make.agency("Ủy ban Mặt trận Tổ quốc", is_requested=True))

    new = case.grant(case.ask(), front.agency)

    assert new.is_requested
    mail = compose(case.session, case.mails()[front.id, MailKind.HANDED_OVER], today=TODAY, now=NOW)
    assert mail.subject.startswith("Kính đề nghị")  # type: ignore[union-attr]


def test_the_new_owners_mail_is_dropped_when_the_work_has_gone_on(case: Case) -> None:
    new = case.grant(case.ask())
    new.state = State.CANCELLED
    case.session.commit()

    mail = case.mails()[case.other.id, MailKind.HANDED_OVER]
    assert isinstance(compose(case.session, mail, today=TODAY, now=NOW), NothingToSay)


def test_of_two_coordinators_at_once_one_wins_and_the_work_goes_to_one_agency(app: Flask, case: Case,
                                                                              make: Factory) -> None:
    transfer_id, agencies, person = case.ask().id, [make.agency().id, make.agency().id], case.coordinator.id
    case.session.rollback()

    def granting(agency_id: int) -> Callable[[Session], None]:
        def act(session: Session) -> None:
            transferring.grant(session, session.get_one(Transfer, transfer_id), today=TODAY, now=NOW,
                               actor=by(session.get_one(User, person)), agency=session.get_one(Agency, agency_id),
                               calendar=WorkingCalendar())
        return act

    ended = at_once(app, [granting(agency_id) for agency_id in agencies])

    assert sorted(ended) == ["request_already_decided", "saved"]
    live = case.session.scalars(select(Assignment).where(Assignment.state != State.CANCELLED)).all()
    assert [row.agency_id for row in live] == [agencies[ended.index("saved")]]
