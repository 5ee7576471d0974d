"""What agencies report, the files that show it, and what the coordinator decided. Never edited, only followed."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.assignment import Assignment
from tracker.models.base import Base
from tracker.rules.states import AssignmentState, Decision


class ProgressUpdate(Base):
    """One report of progress on one assignment."""

    __tablename__ = "progress_update"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_range"),
        CheckConstraint("state IN ('in_progress', 'submitted')", name="state_reported"),
        Index(None, "assignment_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    #: The day in Vietnam; it decides whether the report was in time.
    reported_on: Mapped[date]
    #: In progress, or submitted for acceptance.
    state: Mapped[AssignmentState]
    percent: Mapped[int]
    #: What was done.
    text: Mapped[str] = mapped_column(Text)
    difficulties: Mapped[str | None] = mapped_column(Text)
    #: A document that proves it, instead of a file.
    document_number: Mapped[str | None]
    document_on: Mapped[date | None]
    assignment: Mapped[Assignment] = relationship()
    author: Mapped[User] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(back_populates="update", order_by="Evidence.id")
    review: Mapped[Review | None] = relationship(back_populates="update", uselist=False)


class Evidence(Base):
    """A file that shows what was done; its bytes lie outside the served tree under their hash."""

    __tablename__ = "evidence"
    __table_args__ = (Index(None, "update_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("progress_update.id"))
    #: As the person's machine called it.
    file_name: Mapped[str]
    #: Found in the bytes, not in the name.
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    created_at: Mapped[datetime]
    update: Mapped[ProgressUpdate] = relationship(back_populates="evidence")


class Review(Base):
    """A coordinator's decision on a submitted report; one a report."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("decision <> 'returned' OR reason IS NOT NULL", name="return_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("progress_update.id"), unique=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decision: Mapped[Decision]
    reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime]
    update: Mapped[ProgressUpdate] = relationship(back_populates="review")
    reviewer: Mapped[User] = relationship()
