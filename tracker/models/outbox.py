"""The outbox: what was decided to be mailed, to whom, and how far it got."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.assignment import Assignment
from tracker.models.base import Base
from tracker.rules.reminder_policy import Audience
from tracker.rules.states import MailEventKind, MailKind, MailState


class OutboxMail(Base):
    """One e-mail, decided once by its key; what it says is read at the moment of sending."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        UniqueConstraint("recipient_id", "kind", "key"),
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent_has_moment"),
        CheckConstraint("state <> 'sending' OR lease_until IS NOT NULL", name="sending_has_lease"),
        Index(None, "state", "next_attempt_at", "id"),  # the sender, every minute
        Index(None, "sent_at"),  # what went out in the last minute, and on a morning
        Index(None, "kind", "key"),  # a morning's mails
        # The administrator's list, newest first, by each of its filters.
        Index(None, "state", "id"),
        Index(None, "kind", "id"),
        Index(None, "domain", "id"),
        Index(None, "created_at"),
        Index("ix_outbox_mail_bounced", "id", sqlite_where=text("bounced_at IS NOT NULL"),
              postgresql_where=text("bounced_at IS NOT NULL")),
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
    #: What stands behind the @ of the address it goes to, as it was when decided or put back: its server's pace counts.
    domain: Mapped[str] = mapped_column(default="")
    #: Sent, and sent back later by the recipient's server.
    bounced_at: Mapped[datetime | None]
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
    #: "before_5", "due", "after_3", "late", "very_late", "opened", "accepted_40" (a review's id).
    step: Mapped[str]
    #: As whom the person is told.
    audience: Mapped[Audience] = mapped_column(default=Audience.LIAISON)
    #: The version of the due date it was armed for; a moved date arms anew.
    due_version: Mapped[int]
    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox_mail.id"))
    decided_on: Mapped[date]
    mail: Mapped[OutboxMail] = relationship(back_populates="reminders")
    assignment: Mapped[Assignment] = relationship()


class MailEvent(Base):
    """What happened to a mail on its way, beside being sent: put off, given up, put back, sent back."""

    __tablename__ = "mail_event"
    __table_args__ = (Index(None, "mail_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox_mail.id"))
    at: Mapped[datetime]
    what: Mapped[MailEventKind]
    #: The server's own words, or ours.
    detail: Mapped[str | None] = mapped_column(Text)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class MailCopy(Base):
    """A mail as it was sent, its signed links made unreadable; thrown away after some months."""

    __tablename__ = "mail_copy"

    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox_mail.id"), primary_key=True, autoincrement=False)
    kept_at: Mapped[datetime] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(Text)
    #: gzip of JSON: the text body, the HTML body, the calendar file when there was one.
    body: Mapped[bytes] = mapped_column(LargeBinary)
