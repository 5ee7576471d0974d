"""The outbox: what was decided to be mailed, to whom, and how far it got."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.assignment import Assignment
from tracker.models.base import Base
from tracker.rules.states import MailKind, MailState


class OutboxMail(Base):
    """One e-mail, decided once by its key; what it says is read at the moment of sending."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        UniqueConstraint("recipient_id", "kind", "key"),
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent_has_moment"),
        CheckConstraint("state <> 'sending' OR lease_until IS NOT NULL", name="sending_has_lease"),
        Index(None, "state", "next_attempt_at", "id"),  # the sender, every minute
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[MailKind]
    #: What the mail is about: the digest's day, "chase:12", "review:40", "reset:7".
    key: Mapped[str]
    state: Mapped[MailState] = mapped_column(default=MailState.PENDING)
    #: Fixed when decided, so that the one window in which a mail can repeat repeats the same one.
    message_id: Mapped[str] = mapped_column(unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    #: While sending: until when this sender may be trusted to be alive.
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    recipient: Mapped[User] = relationship()
    reminders: Mapped[list[Reminder]] = relationship(back_populates="mail", order_by="Reminder.id")


class Reminder(Base):
    """That a person is told of one step of one due date; decided once, carried by a digest."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("recipient_id", "assignment_id", "step", "due_version"),
        Index(None, "mail_id"),
        Index(None, "assignment_id", "id"),  # an assignment's history
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    #: "before_7", "before_1", "due", "overdue_3", "overdue_6", …
    step: Mapped[str]
    #: The version of the due date it was armed for; a moved date arms anew.
    due_version: Mapped[int]
    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox_mail.id"))
    decided_on: Mapped[date]
    mail: Mapped[OutboxMail] = relationship(back_populates="reminders")
    assignment: Mapped[Assignment] = relationship()
