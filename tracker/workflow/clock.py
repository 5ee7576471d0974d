"""Letting the clock go on after it had stood at a day that has not come yet."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.clock import vietnam_day
from tracker.models import Actor, ClockBeat, JobRun
from tracker.models.audit import record
from tracker.reminders.jobs import DAILY


def forget_future(session: Session, *, actor: Actor, now: datetime) -> int:
    """Forget runs of days that have not come yet, so that jobs run again; say how many. Audited; the caller commits.

    What those runs told people is not told again: each reminder is decided once.
    """
    today = vietnam_day(now).isoformat()
    runs = session.scalars(
        select(JobRun).where(JobRun.name.in_([job.name for job in DAILY]), JobRun.key > today)
        .order_by(JobRun.id).with_for_update()
    ).all()
    for run in runs:
        record(session, actor, "clock.run_forgotten", run, now=now,
               before={"name": run.name, "key": run.key, "started_at": run.started_at.isoformat()})
        session.delete(run)
    session.execute(delete(ClockBeat).where(ClockBeat.at > now))
    return len(runs)
