"""What one provision orders, who must do it, and by when: found by the reading, corrected by a person."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.agency import Agency, AgencyGroup
from tracker.models.base import Base
from tracker.models.plan import Plan, Provision
from tracker.rules.periods import Recurrence, parse_month_day
from tracker.rules.states import DeadlineKind, DutyKind, Every, TaskRole


class Task(Base):
    """What one provision orders. While the plan is under review it is a proposal; publishing assigns it."""

    __tablename__ = "task"
    __table_args__ = (Index(None, "plan_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provision.id"))
    #: Order in the review list; gaps are left for what is added and split.
    position: Mapped[int]
    section: Mapped[str | None]
    text: Mapped[str] = mapped_column(Text)
    fold: Mapped[str] = mapped_column(Text)
    kind: Mapped[DutyKind]
    role: Mapped[TaskRole] = mapped_column(default=TaskRole.LEAD)
    #: Asked, not told ("Đề nghị …"), because the plan says so.
    is_requested: Mapped[bool] = mapped_column(default=False)
    expected_product: Mapped[str | None]
    report_to: Mapped[str | None]
    report_via: Mapped[str | None]
    #: Helpers as printed; they are shown, not assigned.
    partners: Mapped[dict[str, Any]] = mapped_column(default=lambda: {"names": []})
    #: Which rule of the reading made it, how sure it was (0..1), what it left unclear (keys).
    rule: Mapped[str | None]
    confidence: Mapped[float | None]
    reasons: Mapped[dict[str, Any]] = mapped_column(default=lambda: {"keys": []})
    #: As the reading found it, never changed: text, start, end, owners, role, partners, deadlines, product, …
    #: None for what a person added.
    found: Mapped[dict[str, Any] | None]
    #: A person has looked at it and said it is right.
    checked_at: Mapped[datetime | None]
    #: Dropped in the review: kept, so that it can be put back.
    dropped_at: Mapped[datetime | None]
    #: Made by an act that was undone: dropped too, listed nowhere, kept so that the act can be done again.
    taken_back_at: Mapped[datetime | None]
    plan: Mapped[Plan] = relationship()
    provision: Mapped[Provision | None] = relationship()
    owners: Mapped[list[TaskOwner]] = relationship(
        back_populates="task", cascade="all, delete-orphan", order_by="TaskOwner.position, TaskOwner.id"
    )
    deadlines: Mapped[list[Deadline]] = relationship(
        back_populates="task", cascade="all, delete-orphan", order_by="Deadline.position, Deadline.id"
    )


class TaskOwner(Base):
    """A body that must answer for a task: an agency, a group, or a printed name nobody has matched yet."""

    __tablename__ = "task_owner"
    __table_args__ = (
        CheckConstraint("agency_id IS NULL OR group_id IS NULL", name="agency_or_group"),
        Index(None, "task_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    position: Mapped[int] = mapped_column(default=0)
    #: As the plan prints it.
    printed: Mapped[str]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("agency_group.id"))
    task: Mapped[Task] = relationship(back_populates="owners")
    agency: Mapped[Agency | None] = relationship()
    group: Mapped[AgencyGroup | None] = relationship()


class Deadline(Base):
    """One time limit of a task: its words, and the date or recurrence they give."""

    __tablename__ = "deadline"
    __table_args__ = (Index(None, "task_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[DeadlineKind]
    #: As printed, and where; None when a person set it.
    words: Mapped[str | None]
    start: Mapped[int | None]
    end: Mapped[int | None]
    #: The last day on which it is still in time ("trước ngày 31/8" -> 30/8).
    due_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    every: Mapped[Every | None]
    #: "MM-DD": send-by day, first and last day covered.
    due_day: Mapped[str | None]
    first_day: Mapped[str | None]
    last_day: Mapped[str | None]
    months: Mapped[int | None]
    days: Mapped[int | None]
    task: Mapped[Task] = relationship(back_populates="deadlines")

    def recurrence(self, *, first_half_only: bool = False) -> Recurrence | None:
        """Give the recurrence for the rules of periods; None when it comes only once."""
        if self.every is None:
            return None
        return Recurrence(
            self.every,
            due=parse_month_day(self.due_day),
            first=parse_month_day(self.first_day),
            last=parse_month_day(self.last_day),
            first_half_only=first_half_only,
        )
