"""A plan held for one change: its row is taken first, so two people change it one after the other."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from tracker.models import Plan
from tracker.rules.errors import Refusal
from tracker.rules.states import PlanState


@contextmanager
def holding(session: Session, plan: Plan, state: PlanState, otherwise: type[Refusal]) -> Iterator[None]:
    """Take the plan's row for one change, as it stands now, and count its version up.

    Raises `otherwise` when the plan is not in this state (any more).
    """
    try:
        with session.begin_nested():
            taken = session.execute(
                update(Plan).where(Plan.id == plan.id, Plan.state == state)
                .values(version=Plan.version + 1).execution_options(synchronize_session=False)
            )
            assert isinstance(taken, CursorResult)
            session.expire_all()  # what was read before the row was ours may be old
            if taken.rowcount == 0:
                raise otherwise
            yield
            session.flush()
    except Refusal:
        session.expire_all()  # the version counted up for this change was taken back
        raise
