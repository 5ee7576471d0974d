"""Who changed what, when, from where, before and after."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.models.account import User
from tracker.models.base import Base


class AuditEntry(Base):
    """One change. Rows are only ever added."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject_type", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    #: None for the clock and for commands, which `actor` then names.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor: Mapped[str]
    #: Network address of the browser, or "command" / "scheduler".
    address: Mapped[str]
    #: "plan.published", "progress.reported", "account.created", …
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    user: Mapped[User | None] = relationship()


@dataclass(frozen=True)
class Actor:
    """Who is acting and from where; every use case that changes something is given one."""

    name: str
    address: str
    user: User | None = None


#: The clock itself, acting by the scheduler.
CLOCK = Actor("scheduler", "scheduler")


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: Base,
    *,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write down a change in the same transaction as the change itself.

    `subject` must have an integer id; what was just added is flushed to get one.
    """
    session.flush()
    session.add(entry(actor, action, subject, now=now, before=before, after=after))


def entry(
    actor: Actor, action: str, subject: Base, *, now: datetime, before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Give the row that `record` adds, for whoever writes down many changes at once and adds them together."""
    return AuditEntry(
        at=now,
        user_id=actor.user.id if actor.user else None,
        actor=actor.name,
        address=actor.address,
        action=action,
        subject_type=subject.__tablename__,
        subject_id=subject.id,  # type: ignore[attr-defined]
        before=before,
        after=after,
    )
