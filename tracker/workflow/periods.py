"""Periodic reports go on: when a window's send-by day is past, the next one opens for the same agencies."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models import Assignment, Deadline, Plan, PlanChange, ReportingPeriod, Task
from tracker.models.audit import CLOCK, record
from tracker.rules.periods import window_following
from tracker.rules.plan_changes import Effect
from tracker.rules.states import AssignmentState, PlanState
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow.assigning import assignment_row, first_half_only, insert_assignments, occurrence, open_period
from tracker.workflow.doubts import comes_round
from tracker.workflow.running_plan import keep_still
from tracker.workflow.sharing import is_alive


def open_next_windows(session: Session, *, today: date, now: datetime, calendar: WorkingCalendar) -> int:
    """Open every window whose predecessor's send-by day is past; give how many assignments that made.

    The caller commits. Running it twice, or twice at once, makes nothing twice. Days on which nobody ran it are
    caught up: a window that passed meanwhile is opened too, because its report is owed. A plan that has ended or was
    replaced, and a task that was withdrawn, open no more windows.
    """
    past = session.scalars(
        select(ReportingPeriod.deadline_id)
        .join(Deadline, Deadline.id == ReportingPeriod.deadline_id)
        .join(Task, Task.id == Deadline.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .where(Plan.state == PlanState.PUBLISHED, Task.dropped_at.is_(None))
        .group_by(ReportingPeriod.deadline_id)
        .having(func.max(ReportingPeriod.due_on) < today)
        .order_by(ReportingPeriod.deadline_id)
    ).all()
    return sum(catch_up(session, deadline_id, today=today, now=now, calendar=calendar) for deadline_id in past)


def catch_up(session: Session, deadline_id: int, *, today: date, now: datetime, calendar: WorkingCalendar) -> int:
    """Open the windows of one deadline up to the one that is running; it must have one. The caller commits."""
    plan_id = session.scalars(select(Task.plan_id).join(Task.deadlines).where(Deadline.id == deadline_id)).one()
    keep_still(session, plan_id)
    # Held until the commit: a second clock waits here, and then finds the window open.
    deadline = session.scalars(
        select(Deadline).where(Deadline.id == deadline_id)
        .options(joinedload(Deadline.task).options(joinedload(Task.plan), selectinload(Task.deadlines)))
        .with_for_update(of=Deadline).execution_options(populate_existing=True)
    ).one()
    made = 0
    if deadline.task.plan.state is not PlanState.PUBLISHED or deadline.task.dropped_at is not None:
        return made  # it was replaced or withdrawn a moment ago
    while (opened := _open_following(session, deadline, today=today, now=now, calendar=calendar)) > 0:
        made += opened
    return made


def _open_following(session: Session, deadline: Deadline, *, today: date, now: datetime,
                    calendar: WorkingCalendar) -> int:
    task = deadline.task
    latest = session.scalars(
        select(ReportingPeriod).where(ReportingPeriod.deadline_id == deadline.id)
        .order_by(ReportingPeriod.last_day.desc(), ReportingPeriod.id.desc()).limit(1)
    ).one()
    recurrence = deadline.recurrence(first_half_only=first_half_only(task))
    if latest.due_on >= today or recurrence is None or not comes_round(deadline):
        return 0
    window = window_following(recurrence, latest.last_day)
    if task.plan.ends_on is not None and window.first_day > task.plan.ends_on:
        return 0
    before = session.scalars(
        select(Assignment).where(Assignment.period_id == latest.id, Assignment.state != AssignmentState.CANCELLED)
        .options(joinedload(Assignment.agency)).order_by(Assignment.id)
    ).all()
    stopped = _stopped(session, task)
    owing = [one for one in before if is_alive(one.agency, today) and one.agency_id not in stopped]
    if not owing:
        return 0
    period = open_period(session, deadline, window)
    insert_assignments(session, [
        assignment_row(task, one.agency, group_id=one.group_id, deadline=deadline, period=period,
                       due_on=window.due_on, occurrence=occurrence(deadline, window, alone=False),
                       now=now, calendar=calendar, is_part=one.is_part)
        for one in owing
    ])
    record(session, CLOCK, "period.opened", period, now=now,
           after={"label": period.label, "task": task.id, "assignments": len(owing)})
    return len(owing)


def _stopped(session: Session, task: Task) -> set[int]:
    """Give the agencies that a change of the plan took the task from, though their last report stays accepted."""
    changes = session.scalars(
        select(PlanChange)
        .where(PlanChange.task_id == task.id, PlanChange.undone_at.is_(None),
               PlanChange.effect.in_({Effect.GIVEN, Effect.ENDED}))
        .order_by(PlanChange.id)
    )
    latest = {change.agency_id: change.effect for change in changes}
    return {agency_id for agency_id, effect in latest.items() if effect is Effect.ENDED}
