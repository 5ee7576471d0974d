"""Who has a plan's review on the screen: two people who work on the same plan are told of each other."""
from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from tracker.models import Plan, ReviewPresence, Task, User

#: How often a page says that it is still open, and for how long that counts: one word may get lost on the way.
EVERY = timedelta(seconds=20)
LASTS = timedelta(seconds=50)


def note_presence(session: Session, plan: Plan, user: User, *, task: Task | None, now: datetime) -> None:
    """Note that a person has a duty of a plan on the screen. The caller commits."""
    if not _update(session, plan, user, task, now):
        try:
            with session.begin_nested():
                session.add(ReviewPresence(plan_id=plan.id, user_id=user.id, task_id=task.id if task else None,
                                           seen_at=now))
        except IntegrityError:  # another window of the same person was quicker
            _update(session, plan, user, task, now)


def _update(session: Session, plan: Plan, user: User, task: Task | None, now: datetime) -> bool:
    done = session.execute(
        update(ReviewPresence).where(ReviewPresence.plan_id == plan.id, ReviewPresence.user_id == user.id)
        .values(task_id=task.id if task else None, seen_at=now).execution_options(synchronize_session=False))
    assert isinstance(done, CursorResult)
    return done.rowcount > 0


def others_present(session: Session, plan: Plan, user: User, *, now: datetime) -> list[ReviewPresence]:
    """Give who else has this plan on the screen, whoever came last first."""
    return list(session.scalars(
        select(ReviewPresence).where(ReviewPresence.plan_id == plan.id, ReviewPresence.user_id != user.id,
                                     ReviewPresence.seen_at >= now - LASTS)
        .order_by(ReviewPresence.seen_at.desc(), ReviewPresence.user_id)
        .options(joinedload(ReviewPresence.user)).execution_options(populate_existing=True)))
