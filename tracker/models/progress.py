"""What agencies report, the files that show it, and what the coordinator decided. Never edited, only followed."""
from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.assignment import Assignment
from tracker.models.base import Base
from tracker.rules.states import AssignmentState, Decision, ReportChannel

if TYPE_CHECKING:
    from tracker.models.asking import Extension


class ProgressUpdate(Base):
    """One report of progress on one assignment."""

    __tablename__ = "progress_update"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_range"),
        CheckConstraint("state IN ('in_progress', 'submitted', 'accepted')", name="state_reported"),
        Index(None, "assignment_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    #: The day in Vietnam; it decides whether the report was in time.
    reported_on: Mapped[date]
    #: In progress, or submitted for acceptance; accepted is a helper's confirmation of its part.
    state: Mapped[AssignmentState]
    percent: Mapped[int]
    #: What was done.
    text: Mapped[str] = mapped_column(Text)
    difficulties: Mapped[str | None] = mapped_column(Text)
    proposals: Mapped[str | None] = mapped_column(Text)
    #: Result figures as reported: {"rows": [{"name": "Số buổi truyền thông", "value": "12", "unit": "buổi"}]}.
    figures: Mapped[dict[str, Any]] = mapped_column(default=lambda: {"rows": []})
    channel: Mapped[ReportChannel] = mapped_column(default=ReportChannel.PAGE)
    #: Taken back by its agency before anybody decided on it.
    withdrawn_at: Mapped[datetime | None]
    #: A document that proves it, instead of a file.
    document_number: Mapped[str | None]
    document_on: Mapped[date | None]
    assignment: Mapped[Assignment] = relationship()
    author: Mapped[User] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(back_populates="update", order_by="Evidence.id")
    #: The decision that stands; one that was taken back is not it.
    review: Mapped[Review | None] = relationship(
        primaryjoin="and_(Review.update_id == ProgressUpdate.id, Review.undone_at.is_(None))", viewonly=True,
        uselist=False,
    )


class Evidence(Base):
    """A file that shows what was done, or why more time is asked; its bytes lie outside the served tree."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("(update_id IS NULL) <> (extension_id IS NULL)", name="update_or_extension"),
        Index(None, "update_id"),
        Index(None, "extension_id"),
        Index(None, "sha256", "id"),  # the same file handed in before
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int | None] = mapped_column(ForeignKey("progress_update.id"))
    extension_id: Mapped[int | None] = mapped_column(ForeignKey("extension.id"))
    #: As the person's machine called it.
    file_name: Mapped[str]
    #: Found in the bytes, not in the name.
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    created_at: Mapped[datetime]
    update: Mapped[ProgressUpdate | None] = relationship(back_populates="evidence")
    extension: Mapped[Extension | None] = relationship(back_populates="evidence")


class Review(Base):
    """A coordinator's decision on a submitted report; one a report, beside those that were taken back."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("decision <> 'returned' OR reason IS NOT NULL", name="return_has_reason"),
        Index("uq_review_update_id", "update_id", unique=True, sqlite_where=text("undone_at IS NULL"),
              postgresql_where=text("undone_at IS NULL")),
        Index(None, "decided_at"),  # what was accepted lately, every morning
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("progress_update.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    #: The end of the grace as it was before a return gave a new one, for taking the return back.
    grace_before: Mapped[date | None]
    #: Taken back: the report waits again; the row says that it once was decided.
    undone_at: Mapped[datetime | None]
    decision: Mapped[Decision]
    reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime]
    update: Mapped[ProgressUpdate] = relationship()
    reviewer: Mapped[User] = relationship()
