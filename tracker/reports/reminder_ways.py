"""Which plans are reminded of in a way of their own."""
from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Plan, PlanReminderPolicy

#: Plans that are named; of more it is only said how many there are.
MOST_NAMED = 20


@dataclass(frozen=True)
class OwnWays:
    """Plans with a way of their own: the newest of them by id and name, and how many there are."""

    named: list[tuple[int, str]]
    total: int


def own_ways(session: Session) -> OwnWays:
    """Read the plans that have a way of their own, the newest first."""
    rows = session.execute(
        select(Plan.id, Plan.number, Plan.title).join(PlanReminderPolicy, PlanReminderPolicy.plan_id == Plan.id)
        .order_by(Plan.id.desc()).limit(MOST_NAMED)
    )
    return OwnWays([(plan_id, number or title) for plan_id, number, title in rows],
                   session.scalar(select(func.count()).select_from(PlanReminderPolicy)) or 0)
