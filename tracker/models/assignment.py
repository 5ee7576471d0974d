"""One task for one agency in one period: the row every list in the product is made of."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Text, UniqueConstraint, and_, case, or_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.agency import Agency, AgencyGroup
from tracker.models.base import Base
from tracker.models.plan import Plan
from tracker.models.task import Deadline, Task
from tracker.rules.standing import DUE_SOON, OfficialClass, days_late, is_due_soon, official_class
from tracker.rules.states import COUNTED, OWED, AssignmentState, TaskRole


class ReportingPeriod(Base):
    """One window of a periodic report."""

    __tablename__ = "reporting_period"
    __table_args__ = (
        UniqueConstraint("deadline_id", "label"),
        CheckConstraint("last_day >= first_day", name="last_after_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"))
    #: "2026-H1", "2026", "2026-Q3", "2026-07".
    label: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    due_on: Mapped[date]


_WINDOW = text("period_id IS NOT NULL")


class Assignment(Base):
    """One task for one agency in one period."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("task_id", "agency_id", "occurrence"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_range"),
        CheckConstraint(
            "state NOT IN ('submitted', 'accepted') OR submitted_on IS NOT NULL", name="submitted_has_day"
        ),
        Index(None, "agency_id", "state", "due_on", "id"),  # an agency's own list
        Index(None, "plan_id", "state", "due_on", "id"),  # a plan's list, the chase, front pages
        Index(None, "state", "due_on", "id"),  # the reminder run, every morning
        Index(None, "due_on", "id"),  # lists by due date, paged by key
        # The windows that opened lately, every morning.
        Index("ix_assignment_opened", "created_at", sqlite_where=_WINDOW, postgresql_where=_WINDOW),
        Index(None, "grace_until"),  # the few that were returned in time: their reminders count from there
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    #: The group through which the agency got it, as it was when the plan was published.
    group_id: Mapped[int | None] = mapped_column(ForeignKey("agency_group.id"))
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadline.id"))
    period_id: Mapped[int | None] = mapped_column(ForeignKey("reporting_period.id"))
    #: Tells several assignments of one task and agency apart: "" for the only one, else "<deadline position>:<label>".
    occurrence: Mapped[str] = mapped_column(default="")
    role: Mapped[TaskRole] = mapped_column(default=TaskRole.LEAD)
    is_requested: Mapped[bool] = mapped_column(default=False)
    state: Mapped[AssignmentState] = mapped_column(default=AssignmentState.OPEN)
    #: The last day on which it is still in time.
    due_on: Mapped[date | None]
    #: The due date before any extension: kept, so that both rates can be shown.
    first_due_on: Mapped[date | None]
    #: The last day to mend a report that was handed in in time and returned; in it nothing is late.
    grace_until: Mapped[date | None]
    #: The last working day at or before it, shown beside it.
    working_due_on: Mapped[date | None]
    #: Raised when the due date moves, which arms its reminders anew.
    due_version: Mapped[int] = mapped_column(default=1)
    percent: Mapped[int] = mapped_column(default=0)
    #: The Vietnamese day of the report that waits for review or was accepted.
    submitted_on: Mapped[date | None]
    #: A helper's part of somebody else's task: confirmed to the lead, counted in no official figure. The lead's row
    #: has the same task and occurrence.
    is_part: Mapped[bool] = mapped_column(default=False)
    #: The colleague who does it ("rõ người"), of the same agency.
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    #: What took its place: the same work given to another agency, or as an amended plan words it.
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    #: Why it was cancelled, as people read it.
    cancelled_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    #: Raised at every change; a form that was read from an older one is told so.
    version: Mapped[int] = mapped_column(default=1)
    plan: Mapped[Plan] = relationship()
    task: Mapped[Task] = relationship()
    agency: Mapped[Agency] = relationship()
    group: Mapped[AgencyGroup | None] = relationship()
    deadline: Mapped[Deadline | None] = relationship()
    period: Mapped[ReportingPeriod | None] = relationship()
    assignee: Mapped[User | None] = relationship()
    replaced_by: Mapped[Assignment | None] = relationship(remote_side=[id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def official_class(self, today: date) -> OfficialClass | None:
        """Give the official class on a day."""
        return official_class(self.state, self.due_on, self.submitted_on, today, self.grace_until)

    def days_late(self, today: date) -> int:
        """Count the days by which it is, or was, late."""
        return days_late(self.state, self.due_on, self.submitted_on, today, self.grace_until)

    def is_due_soon(self, today: date) -> bool:
        """Tell whether it is owed and falls due within a week."""
        return is_due_soon(self.state, self.due_on, today)

    @classmethod
    def last_day_column(cls, *, by_first_date: bool = False) -> ColumnElement[date | None]:
        """SQL twin of `last_day_in_time`; `by_first_date` takes the due date before any extension, and its grace."""
        if not by_first_date:
            return case((cls.grace_until > cls.due_on, cls.grace_until), else_=cls.due_on)
        counts = or_(cls.due_on.is_(None), cls.due_on == cls.first_due_on, cls.grace_until < cls.due_on)
        return case((and_(cls.grace_until > cls.first_due_on, counts), cls.grace_until), else_=cls.first_due_on)

    @classmethod
    def class_column(cls, today: date, *, by_first_date: bool = False) -> ColumnElement[str | None]:
        """SQL twin of `official_class`: the class's value, NULL for what was cancelled.

        `by_first_date` judges by the due date before any extension.
        """
        last_day = cls.last_day_column(by_first_date=by_first_date)
        counting = case((cls.state.in_({AssignmentState.SUBMITTED, AssignmentState.ACCEPTED}), cls.submitted_on),
                        else_=today)
        in_time = or_(last_day.is_(None), counting <= last_day)
        accepted = cls.state == AssignmentState.ACCEPTED
        return case(
            (cls.state == AssignmentState.CANCELLED, None),
            (and_(accepted, in_time), OfficialClass.DONE_ON_TIME.value),
            (accepted, OfficialClass.DONE_LATE.value),
            (last_day.is_(None), OfficialClass.NO_DEADLINE.value),
            (in_time, OfficialClass.PENDING_IN_TIME.value),
            else_=OfficialClass.PENDING_OVERDUE.value,
        )

    @classmethod
    def has_class(cls, wanted: OfficialClass, today: date) -> ColumnElement[bool]:
        """SQL twin of `official_class(...) is wanted`."""
        return cls.class_column(today) == wanted.value

    @classmethod
    def is_owed_and_overdue(cls, today: date) -> ColumnElement[bool]:
        """What can be chased: the agency still owes it, and its day is past."""
        return and_(cls.state.in_(OWED), cls.due_on < today, or_(cls.grace_until.is_(None), cls.grace_until < today))

    @classmethod
    def falls_due_soon(cls, today: date) -> ColumnElement[bool]:
        """SQL twin of `is_due_soon`."""
        return and_(cls.state.in_(OWED), cls.due_on >= today, cls.due_on <= today + DUE_SOON)

    @classmethod
    def is_counted(cls) -> ColumnElement[bool]:
        """What official figures count: everything but the cancelled, and but the helpers' parts."""
        return and_(cls.state.in_(COUNTED), cls.is_part.is_(False))
