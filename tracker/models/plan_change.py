"""How a running plan was changed, as it concerns one body's work; the page, the history and the mail read it."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.agency import Agency
from tracker.models.assignment import Assignment
from tracker.models.base import Base
from tracker.models.plan import Plan
from tracker.models.task import Task
from tracker.rules.plan_changes import Effect


class PlanChange(Base):
    """What one change of a plan did to one assignment. Rows are only ever added, or marked as taken back."""

    __tablename__ = "plan_change"
    __table_args__ = (
        CheckConstraint("document_on IS NULL OR document_number IS NOT NULL", name="day_of_a_document"),
        Index(None, "plan_id", "agency_id", "id"),  # what a mail tells one agency; the plan's own list
        Index(None, "task_id", "id"),  # a task's history, and which bodies a report goes on for
        Index(None, "assignment_id", "id"),  # an assignment's history
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The plan that orders it: for an amending document that one, not the plan it amends.
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    effect: Mapped[Effect]
    #: {"text", "product", "due_on", "state", …}: what of it is another one now.
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    reason: Mapped[str] = mapped_column(Text)
    #: The document that orders it, where there is one.
    document_number: Mapped[str | None]
    document_on: Mapped[date | None]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]
    #: Taken back before anybody was told.
    undone_at: Mapped[datetime | None]
    plan: Mapped[Plan] = relationship()
    task: Mapped[Task] = relationship()
    agency: Mapped[Agency] = relationship()
    assignment: Mapped[Assignment] = relationship()
    changed_by: Mapped[User | None] = relationship()
