"""Accepting and returning reports: the day that counts, who may, the mail, two coordinators at once."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.test_progress import at_once
from tracker.models import Actor, Agency, Assignment, AuditEntry, OutboxMail, ProvincePolicy, Review, User
from tracker.rules.permissions import Role
from tracker.rules.personal_data import IdentityNumber, PersonList
from tracker.rules.policy import Policy
from tracker.rules.standing import OfficialClass
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import Decision, MailKind, MailState, NotAllowedNow
from tracker.workflow.acceptance import (
    NotYourPlan,
    PartsOpen,
    ReasonMissing,
    TooLateToUndo,
    accept,
    reopen,
    return_,
)
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
    assert case.assignment.official_class(TODAY + 6 * DAY) is OfficialClass.PENDING_OVERDUE  # past the grace
    assert review.reason == "Thiếu số liệu."
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert entry.after is not None
    assert entry.after["reason"] == "Thiếu số liệu."


def test_a_report_that_is_returned_and_handed_in_again_is_judged_by_the_later_day(
    session: Session, case: Case
) -> None:
    case.hand_in()
    case.give_back()  # the grace ends on TODAY + 5
    case.hand_in(days=8)

    case.accept(days=9)
    session.commit()

    assert case.assignment.official_class(TODAY + 19 * DAY) is OfficialClass.DONE_LATE
    assert case.assignment.days_late(TODAY + 19 * DAY) == 3
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
    with pytest.raises(PersonList):
        case.give_back("Thiếu hồ sơ Nguyễn Văn An, sinh năm 1990 và Trần Thị Bình, sinh năm 1985.")

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


def test_a_report_that_came_in_time_has_the_grace_from_the_day_of_its_return(session: Session, case: Case) -> None:
    case.hand_in()

    case.give_back(days=9)  # a Friday; three working days end on the Wednesday

    assert case.assignment.grace_until == TODAY + 14 * DAY
    assert case.assignment.official_class(TODAY + 14 * DAY) is OfficialClass.PENDING_IN_TIME
    assert case.assignment.days_late(TODAY + 15 * DAY) == 1


def test_a_report_that_came_late_has_no_grace(case: Case) -> None:
    case.hand_in(days=2)

    case.give_back(days=3)

    assert case.assignment.grace_until is None
    assert case.assignment.days_late(TODAY + 3 * DAY) == 3


def test_a_mended_report_within_the_grace_is_in_time_and_after_it_late(case: Case) -> None:
    case.hand_in()
    case.give_back(days=9)
    case.hand_in(days=14)
    case.accept(days=20)
    assert case.assignment.official_class(TODAY + 30 * DAY) is OfficialClass.DONE_ON_TIME

    case.assignment.submitted_on = TODAY + 16 * DAY
    assert case.assignment.official_class(TODAY + 30 * DAY) is OfficialClass.DONE_LATE
    assert case.assignment.days_late(TODAY + 30 * DAY) == 2


def test_the_grace_is_what_the_province_says(session: Session, case: Case) -> None:
    session.add(ProvincePolicy(changed_at=NOW, **asdict(Policy(grace_after_return=1))))
    case.hand_in()

    case.give_back()

    assert case.assignment.grace_until == TODAY + DAY


def test_an_acceptance_taken_back_waits_as_before(session: Session, case: Case) -> None:
    case.hand_in()
    case.accept(days=1)
    session.commit()

    review = reopen(session, case.assignment, actor=case.by(case.coordinator), now=NOW + DAY)
    session.commit()

    assert (case.assignment.state, case.assignment.submitted_on) == (State.SUBMITTED, TODAY)
    assert review.undone_at == NOW + DAY
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-1] == "progress.reopened"
    again = case.give_back(days=1)
    session.commit()
    assert again.id != review.id


def test_a_return_taken_back_drops_its_mail_and_its_grace(session: Session, case: Case) -> None:
    case.hand_in()
    case.give_back(days=1)
    session.commit()

    reopen(session, case.assignment, actor=case.by(case.coordinator), now=NOW + DAY)
    session.commit()

    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.REPORT_RETURNED)).one()
    assert (mail.state, case.assignment.grace_until) == (MailState.DROPPED, None)
    assert (case.assignment.state, case.assignment.percent) == (State.SUBMITTED, 100)


def test_a_return_whose_mail_went_out_is_not_taken_back(session: Session, case: Case) -> None:
    case.hand_in()
    case.give_back()
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.REPORT_RETURNED)).one()
    mail.state, mail.sent_at = MailState.SENT, NOW
    session.commit()

    with pytest.raises(TooLateToUndo):
        reopen(session, case.assignment, actor=case.by(case.coordinator), now=NOW)


def test_a_decision_of_the_day_before_yesterday_stands(session: Session, case: Case) -> None:
    case.hand_in()
    case.accept()
    session.commit()

    with pytest.raises(TooLateToUndo):
        reopen(session, case.assignment, actor=case.by(case.coordinator), now=NOW + 2 * DAY)


def test_a_return_that_was_answered_is_not_taken_back(session: Session, case: Case) -> None:
    case.hand_in()
    case.give_back()
    case.hand_in(days=1)

    with pytest.raises(NotAllowedNow):
        reopen(session, case.assignment, actor=case.by(case.coordinator), now=NOW + DAY)


def test_another_coordinator_takes_nothing_back(session: Session, make: Factory, case: Case) -> None:
    case.hand_in()
    case.accept()
    session.commit()

    with pytest.raises(NotYourPlan):
        reopen(session, case.assignment, actor=case.by(make.coordinator()), now=NOW)


def test_a_lead_is_closed_when_its_helpers_have_confirmed_or_are_waived(
    session: Session, make: Factory, case: Case
) -> None:
    part = make.assignment(make.agency("Hội Nông dân"), task=case.assignment.task, is_part=True)
    case.hand_in()

    with pytest.raises(PartsOpen) as refusal:
        case.accept()
    assert refusal.value.values == {"count": 1, "names": "Hội Nông dân"}

    part.state = State.CANCELLED
    session.commit()
    assert case.accept().decision is Decision.ACCEPTED
