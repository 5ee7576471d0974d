"""What was changed in a plan since its work was given out: one line for each act of a person, newest first."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Plan, PlanChange, Task, User
from tracker.models.base import LARGEST_ID
from tracker.reports.paging import PAGE_ROWS, Page
from tracker.rules.plan_changes import Effect


@dataclass(frozen=True)
class Act:
    """One change of one task by one person."""

    task: Task
    changed_at: datetime
    by: str | None
    reason: str
    document_number: str | None
    document_on: date | None
    undone: bool
    #: How many pieces of work each effect had.
    effects: Counter[Effect]
    #: What the task said before, where it says something else now.
    text_before: str | None


def page(session: Session, plan: Plan, *, task_id: int | None = None, after: str | None = None,
         limit: int = PAGE_ROWS) -> Page[Act]:
    """Give one page of the acts on a plan, or on one task of it; a fixed number of queries."""
    start = int(after) if after and after.isascii() and after.isdigit() and len(after) < 11 else None
    start = start if start is not None and start <= LARGEST_ID else None
    wanted = [PlanChange.plan_id == plan.id] + ([PlanChange.task_id == task_id] if task_id else [])
    acts = (
        select(PlanChange.task_id, PlanChange.changed_at, func.min(PlanChange.id).label("first"))
        .where(*wanted).group_by(PlanChange.task_id, PlanChange.changed_at)
    )
    total = session.scalar(select(func.count()).select_from(acts.subquery())) or 0
    if start is not None:
        acts = acts.having(func.min(PlanChange.id) < start)
    found = session.execute(acts.order_by(func.min(PlanChange.id).desc()).limit(limit + 1)).all()
    rows = _acts(session, [row.first for row in found[:limit]])
    return Page(rows=rows, next_after=str(found[limit - 1].first) if len(found) > limit else None,
                is_first=start is None, total=total)


def _acts(session: Session, firsts: list[int]) -> list[Act]:
    heads = session.execute(
        select(PlanChange, Task, User.name).join(Task, Task.id == PlanChange.task_id)
        .outerjoin(User, User.id == PlanChange.changed_by_id)
        .where(PlanChange.id.in_(firsts)).order_by(PlanChange.id.desc())
    ).all()
    counted: dict[tuple[int, datetime], Counter[Effect]] = {}
    for task_id, changed_at, effect, number in session.execute(
        select(PlanChange.task_id, PlanChange.changed_at, PlanChange.effect, func.count())
        .where(PlanChange.task_id.in_([task.id for _change, task, _name in heads]),
               PlanChange.changed_at.in_([change.changed_at for change, _task, _name in heads]))
        .group_by(PlanChange.task_id, PlanChange.changed_at, PlanChange.effect)
    ):
        counted.setdefault((task_id, changed_at), Counter())[effect] = number
    return [
        Act(task, change.changed_at, name, change.reason, change.document_number, change.document_on,
            change.undone_at is not None, counted.get((task.id, change.changed_at), Counter()),
            (change.before or {}).get("text"))
        for change, task, name in heads
    ]
