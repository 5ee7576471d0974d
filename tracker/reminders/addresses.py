"""Addresses that a mail server has refused for good: nothing is written there until somebody has looked at them."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from tracker.clock import vietnam_day
from tracker.models import Actor, Assignment, Plan, User
from tracker.models.audit import CLOCK, record
from tracker.models.recipients import is_reachable
from tracker.reminders import untold
from tracker.reminders.outbox import enqueue
from tracker.rules.permissions import Role
from tracker.rules.states import OWED, MailKind, PlanState


def refuse(session: Session, user: User, *, reason: str, now: datetime) -> bool:
    """Mark a person's address as refused, and tell who can mend it; False when it was marked before.

    The administrators are told, and the coordinators of running plans in which the person's agency owes something.
    The caller commits.
    """
    marked = session.execute(
        update(User).where(User.id == user.id, User.mail_refused_at.is_(None))
        .values(mail_refused_at=now, mail_refused_reason=reason).execution_options(synchronize_session=False)
    )
    if not marked.rowcount:  # type: ignore[attr-defined]
        return False
    session.refresh(user)
    record(session, CLOCK, "account.address_refused", user, now=now, before={"mail_refused_reason": None},
           after={"mail_refused_reason": reason, "email": user.email})
    key = f"user:{user.id}:{vietnam_day(now).isoformat()}"
    for person in _who_can_mend(session, user):
        enqueue(session, person, MailKind.ADDRESS_REFUSED, key, now=now)
    return True


def accept(session: Session, user: User, *, actor: Actor, now: datetime) -> None:
    """Write to an address again that was refused; does nothing for one that was not. The caller commits.

    What came back from there is told with the next morning's mail.
    """
    if user.mail_refused_at is None:
        return
    before, user.mail_refused_at, user.mail_refused_reason = user.mail_refused_reason, None, None
    untold.sent_back(session, user, now=now)
    record(session, actor, "account.address_accepted", user, now=now, before={"mail_refused_reason": before},
           after={"mail_refused_reason": None, "email": user.email})


def _who_can_mend(session: Session, user: User) -> Sequence[User]:
    owes_there = exists().where(
        Assignment.plan_id == Plan.id, Assignment.agency_id == user.agency_id, Assignment.state.in_(OWED),
        Plan.coordinator_id == User.agency_id, Plan.state == PlanState.PUBLISHED,
    )
    told = or_(User.role == Role.ADMINISTRATOR, (User.role == Role.COORDINATOR) & owes_there)
    return session.scalars(select(User).where(is_reachable(), told, User.id != user.id).order_by(User.id)).all()
