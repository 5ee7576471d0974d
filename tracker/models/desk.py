"""What a person keeps at the own desk: half-written reports and their files, saved views, a calendar's address."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.assignment import Assignment
from tracker.models.base import Base


class ReportDraft(Base):
    """What somebody has typed of a report and not sent yet; gone when the report is saved."""

    __tablename__ = "report_draft"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, index=True)
    #: The form's fields by name, as typed.
    values: Mapped[dict[str, Any]]
    #: The version of the assignment that the form was made from.
    seen_version: Mapped[int]
    saved_at: Mapped[datetime]


class DraftFile(Base):
    """A file that was uploaded ahead of the report it belongs to; it becomes evidence when the report is saved."""

    __tablename__ = "draft_file"
    __table_args__ = (
        UniqueConstraint("assignment_id", "user_id", "sha256"),
        Index(None, "created_at"),  # what nobody came back for is swept
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    created_at: Mapped[datetime]
    assignment: Mapped[Assignment] = relationship()
    user: Mapped[User] = relationship()


class SavedView(Base):
    """A filter a person gave a name."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str]
    #: The address's arguments: {"group": "late", "q": "ma tuy"}.
    args: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class CalendarFeed(Base):
    """A secret address under which a person's calendar program reads the agency's due days; it can be revoked."""

    __tablename__ = "calendar_feed"
    __table_args__ = (Index(None, "user_id", "revoked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()
