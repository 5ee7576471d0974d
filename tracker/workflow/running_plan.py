"""A plan that is running, held for one change; and by whom and when it is changed."""
from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Actor, Plan
from tracker.rules.errors import Refusal
from tracker.rules.states import PlanState
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow.holding_plan import holding


class PlanNotRunning(Refusal):
    """The plan was not published, or another one took its place."""

    key = "plan_not_running"


@dataclass(frozen=True)
class Moment:
    """When and by whom a change is made, and the calendar it is made by."""

    actor: Actor
    now: datetime
    today: date
    calendar: WorkingCalendar


def keep_still(session: Session, plan_id: int) -> None:
    """Keep a plan from being changed or replaced until the end, so that a row given out meanwhile is not passed over.

    Whoever changes a plan holds its row and then reads what was given out; so this comes before any of that is held.
    Any number of people may keep it still at once.
    """
    session.execute(select(Plan.id).where(Plan.id == plan_id).with_for_update(read=True))


def holding_running(session: Session, plan: Plan) -> AbstractContextManager[None]:
    """Take the plan's row for one change of what runs. Raises PlanNotRunning."""
    return holding(session, plan, PlanState.PUBLISHED, PlanNotRunning)
