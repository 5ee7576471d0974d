"""A plan that is running, held for one change; and by whom and when it is changed."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from tracker.models import Actor, Plan
from tracker.rules.errors import Refusal
from tracker.rules.states import PlanState
from tracker.rules.working_days import WorkingCalendar


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


@contextmanager
def holding_running(session: Session, plan: Plan) -> Iterator[None]:
    """Take the plan's row for one change, as it stands now, and count its version up. Raises PlanNotRunning."""
    try:
        with session.begin_nested():
            taken = session.execute(
                update(Plan).where(Plan.id == plan.id, Plan.state == PlanState.PUBLISHED)
                .values(version=Plan.version + 1).execution_options(synchronize_session=False)
            )
            assert isinstance(taken, CursorResult)
            session.expire_all()  # what was read before the row was ours may be old
            if taken.rowcount == 0:
                raise PlanNotRunning
            yield
            session.flush()
    except Refusal:
        session.expire_all()  # the version counted up for this change was taken back
        raise
