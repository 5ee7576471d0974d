"""What a coordinator sent to those who are late."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.assignment import Assignment
from tracker.models.base import Base


class Chase(Base):
    """One act of chasing: who, when, with which words, and what for."""

    __tablename__ = "chase"

    id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
    #: The browser's one-time key: the same press twice is one chase.
    form_key: Mapped[str] = mapped_column(unique=True)
    sender: Mapped[User] = relationship()
    items: Mapped[list[ChaseItem]] = relationship(back_populates="chase", order_by="ChaseItem.id")


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
