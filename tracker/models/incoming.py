"""Mails that came to the sender's own mailbox: returns, automatic answers, and answers to be made reports of."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.assignment import Assignment
from tracker.models.base import Base
from tracker.models.outbox import OutboxMail
from tracker.rules.states import IncomingKind, IncomingState


class IncomingMail(Base):
    """One mail that came in, taken once by its Message-ID."""

    __tablename__ = "incoming_mail"
    __table_args__ = (
        Index(None, "user_id", "state", "id"),
        Index(None, "kind", "id"),  # the administrator's list
        Index(None, "sender", "received_at"),  # how much one sender has sent today
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    received_at: Mapped[datetime]
    kind: Mapped[IncomingKind]
    state: Mapped[IncomingState]
    sender: Mapped[str]
    subject: Mapped[str] = mapped_column(Text)
    #: Of an answer: what its writer wrote, quoted text cut; "" when it held personal data, which is not kept. Of a
    #: return: the server's words. Of what is nobody's answer: "".
    text: Mapped[str] = mapped_column(Text)
    #: The mail of ours that it answers.
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id"), index=True)
    #: Of an answer: who wrote it, and the assignment it was made a report of or most likely means.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    settled_at: Mapped[datetime | None]
    mail: Mapped[OutboxMail | None] = relationship()
    user: Mapped[User | None] = relationship()
    assignment: Mapped[Assignment | None] = relationship()
    files: Mapped[list[IncomingFile]] = relationship(back_populates="incoming", order_by="IncomingFile.id")


class IncomingFile(Base):
    """A file that came with an answer; it goes along when the answer is made a draft of a report."""

    __tablename__ = "incoming_file"
    __table_args__ = (Index(None, "incoming_id", "id"), Index(None, "sha256"))

    id: Mapped[int] = mapped_column(primary_key=True)
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming_mail.id"))
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    #: None when it could not be taken: of a kind that is not accepted, too large, or with personal data in it.
    sha256: Mapped[str | None]
    incoming: Mapped[IncomingMail] = relationship(back_populates="files")
