"""Addresses that a server refused: marked once, told to who can mend it, and written to again when somebody says so."""
from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import Actor, AuditEntry, OutboxMail, User
from tracker.reminders.addresses import accept, refuse
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState, MailKind, PlanState
from tracker.workflow.accounts import edit_user

REASON = "550 5.1.1 user unknown"


def told(session: Session) -> list[int]:
    return list(session.scalars(select(OutboxMail.recipient_id).where(OutboxMail.kind == MailKind.ADDRESS_REFUSED)
                                .order_by(OutboxMail.recipient_id)))


def test_an_address_is_marked_once_and_told_once(session: Session, make: Factory) -> None:
    person, administrator = make.user(), make.user(Role.ADMINISTRATOR)

    first = refuse(session, person, reason=REASON, now=NOW)
    second = refuse(session, person, reason="550 again", now=NOW + timedelta(hours=1))
    session.commit()

    assert (first, second) == (True, False)
    assert (person.mail_refused_at, person.mail_refused_reason) == (NOW, REASON)
    assert told(session) == [administrator.id]
    assert session.scalars(select(AuditEntry.action)).all() == ["account.address_refused"]


@pytest.mark.parametrize(("state", "plan_state", "is_told"), [
    (AssignmentState.OPEN, PlanState.PUBLISHED, True),
    (AssignmentState.RETURNED, PlanState.PUBLISHED, True),
    (AssignmentState.ACCEPTED, PlanState.PUBLISHED, False),
    (AssignmentState.OPEN, PlanState.CANCELLED, False),
])  # fmt: skip
def test_coordinators_are_told_where_the_agency_owes_something(
    session: Session, make: Factory, state: AssignmentState, plan_state: PlanState, is_told: bool
) -> None:
    person, coordinator, _stranger = make.user(), make.coordinator(), make.coordinator()
    make.assignment(person.agency, make.plan(coordinator.agency, state=plan_state), state=state)

    refuse(session, person, reason=REASON, now=NOW)

    assert told(session) == ([coordinator.id] if is_told else [])


def test_nobody_is_told_by_an_address_that_does_not_work(session: Session, make: Factory) -> None:
    refused, closed, works = (make.user(Role.ADMINISTRATOR) for _ in range(3))
    closed.is_active = False
    session.commit()

    refuse(session, refused, reason=REASON, now=NOW)

    assert told(session) == [works.id]


def test_an_administrator_may_say_that_it_works_again(session: Session, make: Factory) -> None:
    person, administrator = make.user(), make.user(Role.ADMINISTRATOR)
    refuse(session, person, reason=REASON, now=NOW)

    accept(session, person, actor=Actor("Quản trị", "127.0.0.1", administrator), now=NOW)
    accept(session, person, actor=Actor("Quản trị", "127.0.0.1", administrator), now=NOW)
    session.commit()

    assert (person.mail_refused_at, person.mail_refused_reason) == (None, None)
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["account.address_refused", "account.address_accepted"]


@pytest.mark.parametrize(("email", "is_marked"), [("moi@haduong.example", False), (None, True)])
def test_a_new_address_is_not_the_one_that_was_refused(
    session: Session, make: Factory, email: str | None, is_marked: bool
) -> None:
    person: User = make.user()
    refuse(session, person, reason=REASON, now=NOW)

    edit_user(session, person, email=email or person.email, name="Nguyễn Thị Mới", role=person.role,
              agency=person.agency, post=None, phone=None, actor=Actor("Quản trị", "127.0.0.1"), now=NOW)
    session.commit()

    assert (person.mail_refused_at is not None) is is_marked
