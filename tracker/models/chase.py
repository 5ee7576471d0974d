"""How those who are late were urged: by mail, by telephone, in a meeting, by an official letter."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.agency import Agency
from tracker.models.assignment import Assignment
from tracker.models.base import Base
from tracker.rules.states import ChaseChannel, ChaseTone


class Chase(Base):
    """One act of chasing: who, when, with which words, and what for."""

    __tablename__ = "chase"

    id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]
    channel: Mapped[ChaseChannel] = mapped_column(default=ChaseChannel.MAIL)
    tone: Mapped[ChaseTone] = mapped_column(default=ChaseTone.GENTLE)
    #: The day in Vietnam: of the mail, or on which somebody was called or met.
    happened_on: Mapped[date]
    #: Sent although the same work was chased by mail on the same day.
    insisted: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    #: The browser's one-time key: the same press twice is one chase.
    form_key: Mapped[str] = mapped_column(unique=True)
    sender: Mapped[User] = relationship()
    items: Mapped[list[ChaseItem]] = relationship(back_populates="chase", order_by="ChaseItem.id")
    letters: Mapped[list[Letter]] = relationship(back_populates="chase", order_by="Letter.id")


class ChaseItem(Base):
    """One assignment of a chase, with the lateness it had then."""

    __tablename__ = "chase_item"
    __table_args__ = (UniqueConstraint("chase_id", "assignment_id"), Index(None, "assignment_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    chase_id: Mapped[int] = mapped_column(ForeignKey("chase.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    days_late: Mapped[int]
    #: How many people the mail went to; 0 means the agency has nobody who could get it.
    recipients: Mapped[int]
    chase: Mapped[Chase] = relationship(back_populates="items")
    assignment: Mapped[Assignment] = relationship()


class Letter(Base):
    """An official letter (công văn đôn đốc) as it was made; the registry gives it its number and date."""

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("(number IS NULL) = (issued_on IS NULL)", name="number_with_date"),
        Index(None, "chase_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chase_id: Mapped[int] = mapped_column(ForeignKey("chase.id"))
    #: Whom it is for; None when one letter goes to all agencies of the chase.
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    #: The .docx under its hash, beside the evidence.
    file_name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    created_at: Mapped[datetime]
    #: As the registry gave them after it was issued ("152/CAT-PC04").
    number: Mapped[str | None]
    issued_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime | None]
    chase: Mapped[Chase] = relationship(back_populates="letters")
    agency: Mapped[Agency | None] = relationship()
    recorded_by: Mapped[User | None] = relationship()


class LetterTemplate(Base):
    """The .docx from which an agency's letters are made; without one the built-in form is used. The newest counts."""

    __tablename__ = "letter_template"
    __table_args__ = (Index(None, "agency_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Who issues the letters.
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    file_name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime]
    #: Put aside: the agency's letters are made in the built-in form again.
    retired_at: Mapped[datetime | None]
    agency: Mapped[Agency] = relationship()
    uploaded_by: Mapped[User] = relationship()
