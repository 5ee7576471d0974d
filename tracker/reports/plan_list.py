"""The list of plans a person may see, newest first, with how far each one is."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, defer, joinedload

from tracker.models import Assignment, Plan, Task, User
from tracker.models.access import plans_of
from tracker.models.base import LARGEST_ID
from tracker.reports.paging import PAGE_ROWS, Page
from tracker.rules.folding import fold
from tracker.rules.standing import OfficialClass
from tracker.rules.states import COUNTED

#: Past this a search is no search any more.
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class PlanRow:
    """A plan with its counts."""

    plan: Plan
    #: Tasks that were not dropped, and how many of them a person has looked at.
    tasks: int
    checked: int
    assignments: int
    late: int
    done: int


def page(session: Session, user: User, *, today: date, q: str = "", after: str | None = None,
         limit: int = PAGE_ROWS) -> Page[PlanRow]:
    """Give one page of the plans this person may see; a fixed number of queries."""
    criteria = [plans_of(user)]
    if key := fold(q[:LONGEST_SEARCH]):
        criteria.append(Plan.fold.contains(key, autoescape=True))
    start = int(after) if after and after.isascii() and after.isdigit() and len(after) < 11 else None
    start = start if start is not None and start <= LARGEST_ID else None
    total = session.scalar(select(func.count()).select_from(Plan).where(*criteria)) or 0
    wanted = select(Plan).where(*criteria).order_by(Plan.id.desc()).limit(limit + 1)
    if start is not None:
        wanted = wanted.where(Plan.id < start)
    plans = list(session.scalars(
        wanted.options(defer(Plan.text), defer(Plan.extract), joinedload(Plan.coordinator))))
    rows = counted(session, plans[:limit], today)
    return Page(rows=rows, next_after=str(rows[-1].plan.id) if len(plans) > limit else None,
                is_first=start is None, total=total)


def counted(session: Session, plans: list[Plan], today: date) -> list[PlanRow]:
    """Count the tasks and assignments of some plans, in two queries."""
    ids = [plan.id for plan in plans]
    tasks = {row.plan_id: row for row in session.execute(
        select(Task.plan_id, func.count().label("tasks"), func.count(Task.checked_at).label("checked"))
        .where(Task.plan_id.in_(ids), Task.dropped_at.is_(None)).group_by(Task.plan_id))}
    given = {row.plan_id: row for row in session.execute(
        select(
            Assignment.plan_id,
            func.count().label("assignments"),
            _times(Assignment.has_class(OfficialClass.PENDING_OVERDUE, today)).label("late"),
            _times(Assignment.has_class(OfficialClass.DONE_ON_TIME, today)
                   | Assignment.has_class(OfficialClass.DONE_LATE, today)).label("done"),
        ).where(Assignment.plan_id.in_(ids), Assignment.is_counted()).group_by(Assignment.plan_id))}
    return [
        PlanRow(
            plan,
            tasks=tasks[plan.id].tasks if plan.id in tasks else 0,
            checked=tasks[plan.id].checked if plan.id in tasks else 0,
            assignments=given[plan.id].assignments if plan.id in given else 0,
            late=given[plan.id].late if plan.id in given else 0,
            done=given[plan.id].done if plan.id in given else 0,
        )
        for plan in plans
    ]


@dataclass(frozen=True)
class TaskCount:
    """How the assignments of one task stand."""

    assignments: int = 0
    late: int = 0
    done: int = 0
    #: Helpers' parts, which are no assignments of the figures.
    parts: int = 0


def count_by_task(session: Session, plan: Plan, today: date) -> dict[int, TaskCount]:
    """Count a plan's assignments by task, helpers' parts apart, in one query."""
    lead = Assignment.is_part.is_(False)
    rows = session.execute(
        select(
            Assignment.task_id,
            _times(lead).label("assignments"),
            _times(lead & Assignment.has_class(OfficialClass.PENDING_OVERDUE, today)).label("late"),
            _times(lead & (Assignment.has_class(OfficialClass.DONE_ON_TIME, today)
                           | Assignment.has_class(OfficialClass.DONE_LATE, today))).label("done"),
            _times(Assignment.is_part.is_(True)).label("parts"),
        ).where(Assignment.plan_id == plan.id, Assignment.state.in_(COUNTED)).group_by(Assignment.task_id)
    )
    return {row.task_id: TaskCount(row.assignments, row.late, row.done, row.parts) for row in rows}


def count_by_class(session: Session, plan: Plan, today: date) -> dict[OfficialClass, int]:
    """Count a plan's assignments by official class, in one query."""
    # Sums, not GROUP BY: PostgreSQL takes the same CASE with new parameters for another expression.
    found = session.execute(
        select(*(func.coalesce(_times(Assignment.has_class(one, today)), 0) for one in OfficialClass))
        .where(Assignment.plan_id == plan.id, Assignment.is_counted())
    ).one()
    return {one: number for one, number in zip(OfficialClass, found, strict=True) if number}


def amended_by(session: Session, plan: Plan) -> list[Plan]:
    """Give the plans that amend this one and whose work was given out, newest first."""
    return list(session.scalars(
        select(Plan).where(Plan.replaces_id == plan.id, Plan.published_at.is_not(None)).order_by(Plan.id.desc())
        .options(defer(Plan.text), defer(Plan.extract), defer(Plan.reading))))


def _times(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
