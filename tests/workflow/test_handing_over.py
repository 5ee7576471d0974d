"""Naming the colleague who does it: who may, who may be named, who is mailed."""
from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tracker.models import Actor, Assignment, AuditEntry, OutboxMail, User
from tracker.reminders.composing import compose
from tracker.reminders.content import NothingToSay
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import MailKind, NotAllowedNow
from tracker.workflow.asking import NotYourAgency
from tracker.workflow.handing_over import NotAColleague, colleagues, hand_over
from tracker.workflow.progress import ChangedMeanwhile


class Case:
    """An assignment, a liaison of its agency and a colleague."""

    def __init__(self, session: Session, make: Factory) -> None:
        self.session = session
        self.liaison = make.user()
        self.colleague = make.user(agency=self.liaison.agency)
        self.assignment: Assignment = make.assignment(self.liaison.agency)

    def hand(self, colleague: User | None, who: User | None = None, version: int | None = None) -> None:
        who = who or self.liaison
        hand_over(self.session, self.assignment, actor=Actor(who.name, "127.0.0.1", who), colleague=colleague,
                  expected_version=version, now=NOW)
        self.session.commit()

    def mails(self) -> list[OutboxMail]:
        return list(self.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


@pytest.fixture
def case(session: Session, make: Factory) -> Case:
    return Case(session, make)


def test_the_colleague_is_named_and_mailed_once(case: Case) -> None:
    case.hand(case.colleague)
    case.hand(case.colleague)

    assert case.assignment.assignee is case.colleague
    [mail] = case.mails()
    assert (mail.recipient_id, mail.kind) == (case.colleague.id, MailKind.HANDED_OVER)
    assert "giao việc dưới đây cho bạn" in compose(case.session, mail, today=TODAY, now=NOW).text  # type: ignore[union-attr]
    entry = case.session.scalars(select(AuditEntry)).one()
    assert (entry.before, entry.after) == ({"assignee": None}, {"assignee": case.colleague.name})


def test_who_takes_it_is_not_mailed_and_nobody_can_be_named(case: Case) -> None:
    case.hand(case.liaison)
    case.hand(None)

    assert case.assignment.assignee is None
    assert case.mails() == []


def test_only_an_active_liaison_of_the_same_agency_is_named(case: Case, make: Factory) -> None:
    agency = case.liaison.agency
    for other in (make.user(), make.user(agency=agency, is_active=False), make.user(Role.COORDINATOR, agency)):
        with pytest.raises(NotAColleague):
            case.hand(other)
        case.session.rollback()
    assert [person.id for person in colleagues(case.session, case.assignment)] == [case.liaison.id, case.colleague.id]


def test_another_agency_and_an_older_page_name_nobody(case: Case, make: Factory) -> None:
    with pytest.raises(NotYourAgency):
        case.hand(case.colleague, make.user())
    case.session.rollback()
    with pytest.raises(ChangedMeanwhile):
        case.hand(case.colleague, version=case.assignment.version + 1)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.CANCELLED])
def test_what_is_settled_is_done_by_nobody_any_more(case: Case, state: State) -> None:
    case.assignment.state, case.assignment.submitted_on = state, TODAY
    case.session.commit()

    with pytest.raises(NotAllowedNow):
        case.hand(case.colleague)


def test_a_mail_that_is_true_no_more_is_not_sent(case: Case) -> None:
    case.hand(case.colleague)
    case.hand(None)
    [first] = case.mails()
    assert isinstance(compose(case.session, first, today=TODAY, now=NOW), NothingToSay)

    case.hand(case.colleague)

    first, second = case.mails()
    assert isinstance(compose(case.session, first, today=TODAY, now=NOW), NothingToSay)
    assert not isinstance(compose(case.session, second, today=TODAY, now=NOW), NothingToSay)
