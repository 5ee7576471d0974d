"""The rows that giving work out adds: assignments, and the windows of periodic reports."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tracker.models import Agency, Assignment, Deadline, ReportingPeriod, Task
from tracker.rules.periods import Window
from tracker.rules.states import AssignmentState, Every, TaskRole
from tracker.rules.working_days import WorkingCalendar

#: Rows of one INSERT; a plan for every commune of a province makes tens of thousands.
CHUNK = 2000


def first_half_only(task: Task) -> bool:
    """Tell whether a half-yearly report leaves the second half to the yearly one that the task asks for too."""
    return any(deadline.every is Every.YEAR for deadline in task.deadlines)


def open_period(session: Session, deadline: Deadline, window: Window) -> ReportingPeriod:
    """Add the window of a periodic report."""
    assert window.due_on is not None, "only a recurrence with a send-by day is opened"
    period = ReportingPeriod(deadline_id=deadline.id, label=window.label, first_day=window.first_day,
                             last_day=window.last_day, due_on=window.due_on)
    session.add(period)
    session.flush()
    return period


def occurrence(deadline: Deadline | None, window: Window | None, *, alone: bool) -> str:
    """Name what tells several assignments of one task and agency apart; "" for the only one there will ever be."""
    if deadline is not None and window is not None:
        return f"{deadline.position}:{window.label}"
    if deadline is None or alone:
        return ""
    return f"{deadline.position}:{deadline.due_on}"


def assignment_row(
    task: Task, agency: Agency, *, group_id: int | None, deadline: Deadline | None, period: ReportingPeriod | None,
    due_on: date | None, occurrence: str, now: datetime, calendar: WorkingCalendar, is_part: bool = False,
) -> dict[str, Any]:
    """Give the columns of one new assignment."""
    return {
        "plan_id": task.plan_id,
        "task_id": task.id,
        "agency_id": agency.id,
        "group_id": group_id,
        "deadline_id": deadline.id if deadline else None,
        "period_id": period.id if period else None,
        "occurrence": occurrence,
        "role": TaskRole.COORDINATE if is_part else task.role,
        "is_part": is_part,
        "is_requested": task.is_requested or agency.is_requested,
        "state": AssignmentState.OPEN,
        "due_on": due_on,
        "first_due_on": due_on,
        "working_due_on": calendar.of(agency.id).at_or_before(due_on) if due_on else None,
        "created_at": now,
        "due_version": 1,
        "percent": 0,
        "version": 1,
    }


def insert_assignments(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write many assignments at once."""
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(Assignment.__table__), rows[start:start + CHUNK])  # type: ignore[arg-type]
