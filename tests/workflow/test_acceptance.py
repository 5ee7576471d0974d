"""Accepting and returning reports: the day that counts, who may, the mail, two coordinators at once."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.test_progress import at_once
from tracker.models import Actor, Agency, Assignment, AuditEntry, OutboxMail, Review, User
from tracker.rules.permissions import Role
from tracker.rules.personal_data import IdentityNumber
from tracker.rules.standing import OfficialClass
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import Decision, MailKind, NotAllowedNow
from tracker.workflow.acceptance import NotYourPlan, ReasonMissing, accept, return_
from tracker.workflow.progress import ChangedMeanwhile, report

DAY = timedelta(days=1)


class Case:
    """One assignment, its liaison, and the coordinator of its plan."""

    def __init__(self, session: Session, make: Factory, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.liaison = make.user()
        self.coordinator = make.coordinator()
        self.agency: Agency = self.liaison.agency
        self.assignment = make.assignment(self.agency, make.plan(self.coordinator.agency), due_on=TODAY)

    def hand_in(self, days: int = 0) -> None:
        report(self.session, self.assignment, actor=self.by(self.liaison), state=State.SUBMITTED, text="Đã xong.",
               document_number="12/BC", document_on=TODAY, evidence_folder=self.folder, today=TODAY + days * DAY,
               now=NOW + days * DAY)
        self.session.commit()

    def by(self, user: User) -> Actor:
        return Actor(user.name, "127.0.0.1", user)

    def accept(self, days: int = 0) -> Review:
        return accept(self.session, self.assignment, actor=self.by(self.coordinator), now=NOW + days * DAY)

    def give_back(self, reason: str = "Thiếu số liệu của các xã.", days: int = 0) -> Review:
        return return_(self.session, self.assignment, actor=self.by(self.coordinator), reason=reason,
                       now=NOW + days * DAY)


@pytest.fixture
def case(session: Session, make: Factory, tmp_path: Path) -> Case:
    return Case(session, make, tmp_path)


def test_acceptance_keeps_the_day_of_the_report(session: Session, case: Case) -> None:
    case.hand_in()

    review = case.accept(days=20)
    session.commit()

    assert (case.assignment.state, case.assignment.submitted_on) == (State.ACCEPTED, TODAY)
    assert case.assignment.official_class(TODAY + 30 * DAY) is OfficialClass.DONE_ON_TIME
    assert (review.decision, review.reviewer_id) == (Decision.ACCEPTED, case.coordinator.id)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.user_id) == ("progress.accepted", case.coordinator.id)


def test_a_returned_report_counts_as_not_done(session: Session, case: Case) -> None:
    case.hand_in()

    review = case.give_back("  Thiếu số liệu.  ")
    session.commit()

    assert (case.assignment.state, case.assignment.submitted_on) == (State.RETURNED, None)
    assert case.assignment.percent == 0
    assert case.assignment.official_class(TODAY + DAY) is OfficialClass.PENDING_OVERDUE
    assert review.reason == "Thiếu số liệu."
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert entry.after is not None
    assert entry.after["reason"] == "Thiếu số liệu."


def test_a_report_that_is_returned_and_handed_in_again_is_judged_by_the_later_day(
    session: Session, case: Case
) -> None:
    case.hand_in()
    case.give_back()
    case.hand_in(days=3)

    case.accept(days=5)
    session.commit()

    assert case.assignment.official_class(TODAY + 9 * DAY) is OfficialClass.DONE_LATE
    assert case.assignment.days_late(TODAY + 9 * DAY) == 3
    decisions = session.scalars(select(Review.decision).order_by(Review.id)).all()
    assert decisions == [Decision.RETURNED, Decision.ACCEPTED]


def test_a_return_mails_each_active_liaison_of_the_agency(session: Session, make: Factory, case: Case) -> None:
    second = make.user(agency=case.agency)
    make.user(agency=case.agency, is_active=False)
    make.user(Role.LEADER, agency=case.agency)
    make.user()
    case.hand_in()

    review = case.give_back()
    session.commit()

    mails = session.scalars(select(OutboxMail).order_by(OutboxMail.recipient_id)).all()
    assert [(m.recipient_id, m.kind, m.key) for m in mails] == [
        (user.id, MailKind.REPORT_RETURNED, f"review:{review.id}") for user in (case.liaison, second)
    ]


def test_a_return_needs_words_and_no_identity_number(session: Session, case: Case) -> None:
    case.hand_in()

    with pytest.raises(ReasonMissing):
        case.give_back(" \n")
    with pytest.raises(IdentityNumber):
        case.give_back("Thiếu hồ sơ 001085012345")

    assert session.scalars(select(Review)).all() == []


def test_only_the_coordinator_of_the_plan_decides(session: Session, make: Factory, case: Case) -> None:
    case.hand_in()

    for user in (make.coordinator(), make.user(Role.LEADER, agency=case.coordinator.agency), case.liaison):
        with pytest.raises(NotYourPlan):
            accept(session, case.assignment, actor=case.by(user), now=NOW)


@pytest.mark.parametrize("state", [s for s in State if s is not State.SUBMITTED])
def test_only_what_waits_can_be_decided(session: Session, case: Case, state: State) -> None:
    case.assignment.state = state
    case.assignment.submitted_on = TODAY
    session.commit()

    with pytest.raises(NotAllowedNow):
        case.accept()


def test_a_page_opened_before_another_decision_is_told_so(session: Session, case: Case) -> None:
    case.hand_in()
    opened = case.assignment.version
    case.give_back()
    case.hand_in()

    with pytest.raises(ChangedMeanwhile):
        accept(session, case.assignment, actor=case.by(case.coordinator), expected_version=opened, now=NOW)


@pytest.mark.parametrize("knows_version", [True, False])
def test_of_two_coordinators_at_once_one_wins_and_the_other_is_told(
    app: Flask, session: Session, make: Factory, case: Case, knows_version: bool
) -> None:
    case.hand_in()
    second = make.coordinator(agency=case.coordinator.agency)
    key, version = case.assignment.id, case.assignment.version if knows_version else None
    first_id, second_id = case.coordinator.id, second.id
    session.rollback()

    def deciding(user_id: int, decision: Decision) -> Callable[[Session], None]:
        def act(own: Session) -> None:
            user, assignment = own.get_one(User, user_id), own.get_one(Assignment, key)
            by = Actor(user.name, "127.0.0.1", user)
            if decision is Decision.ACCEPTED:
                accept(own, assignment, actor=by, expected_version=version, now=NOW)
            else:
                return_(own, assignment, actor=by, reason="Thiếu.", expected_version=version, now=NOW)

        return act

    ended = at_once(app, [deciding(first_id, Decision.ACCEPTED), deciding(second_id, Decision.RETURNED)])

    assert sorted(ended) == sorted(["saved", "changed_meanwhile" if knows_version else "not_allowed_now"])
    review = session.scalars(select(Review)).one()
    assert review.decision is (Decision.ACCEPTED if ended[0] == "saved" else Decision.RETURNED)
    assert session.get_one(Assignment, key).state.value == review.decision.value
