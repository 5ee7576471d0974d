"""One tick of the clock: what is due is taken once by its key, whoever ticks; what died half-way is taken over."""
from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.clock import vietnam_day
from tracker.models import ClockBeat, JobRun
from tracker.models.calendar import load_calendars
from tracker.models.policy import load_policy
from tracker.reminders.content import N_
from tracker.reminders.jobs import JOBS, DailyJob, Lane, Result, SteadyJob
from tracker.rules.clock import MOST_TRIES, JobName, has_passed, retry_at
from tracker.rules.look_back import check_look_back
from tracker.rules.states import JobState

log = logging.getLogger(__name__)

#: Ticks are not quite even; a job "every five minutes" does not wait for the sixth because of it.
SLACK = timedelta(seconds=10)
STOPPED = N_("Dừng giữa chừng; lần chạy sau đã làm tiếp.")


@dataclass(frozen=True)
class _Taken:
    """A run that is this clock's, until the lease runs out."""

    id: int
    lease_until: datetime
    #: For a daily job the tries, this one among them; for a steady job the failures before this run.
    attempts: int


def check(session: Session) -> None:
    """Refuse to start a clock under which something would fall out of sight before anybody was told.

    Raises LookBackTooShort.
    """
    policy, calendars = load_policy(session), load_calendars(session)
    for calendar in (calendars.province, *calendars.own.values()):
        check_look_back(policy, calendar)


def tick(session: Session, *, now: datetime, machine: str, lane: Lane | None = None,
         jobs: Iterable[DailyJob | SteadyJob] = JOBS) -> dict[JobName, Result | None]:
    """Run what is due, and give what each job did; None for one that failed.

    Commits as it goes, unlike the other use cases. Any number of clocks may tick at once: a daily job's run is taken
    by its key, the Vietnamese day, and only when that is newer than the newest one that ran. So a clock that was set
    back runs nothing again, and a week that was slept through is followed by one morning.
    """
    began = monotonic()
    if lane in {None, Lane.CLOCK}:
        beat(session, now=now, machine=machine)
    done: dict[JobName, Result | None] = {}
    for job in jobs:
        if lane is not None and job.lane is not lane:
            continue
        at = now + timedelta(seconds=monotonic() - began)
        taken = _take_daily(session, job, at, machine) if isinstance(job, DailyJob) else _take_steady(
            session, job, at, machine)
        session.commit()
        if taken is not None:
            done[job.name] = _run(session, job, taken, at)
    return done


def beat(session: Session, *, now: datetime, machine: str) -> None:
    """Note that this machine's clock is alive. Commits."""
    if not session.execute(update(ClockBeat).where(ClockBeat.machine == machine).values(at=now)).rowcount:  # type: ignore[attr-defined]
        _inserted(session, ClockBeat, machine=machine, at=now)
    session.commit()


def _inserted(session: Session, table: type[Any], **values: Any) -> bool:
    """Insert a row unless another clock did; the unique key decides."""
    try:
        with session.begin_nested():
            session.execute(insert(table).values(**values))
    except IntegrityError:
        return False
    return True


def _take_daily(session: Session, job: DailyJob, now: datetime, machine: str) -> _Taken | None:
    key = vietnam_day(now).isoformat()
    last = session.execute(
        select(JobRun.id, JobRun.key, JobRun.state, JobRun.attempts, JobRun.lease_until)
        .where(JobRun.name == job.name).order_by(JobRun.key.desc()).limit(1)
    ).first()
    if last is not None and (last.key > key or (last.key == key and not _may_be_taken(last, now))):
        return None
    if not job.is_due(session, now):
        return None
    mine = {"state": JobState.RUNNING, "machine": machine, "lease_until": now + job.lease, "started_at": now,
            "finished_at": None, "error": None}  # fmt: skip
    if last is not None and last.key == key:
        attempts = last.attempts + 1
        is_mine = _changed(session, JobRun.id == last.id, JobRun.state == last.state,
                           JobRun.attempts == last.attempts, attempts=attempts, **mine)
    else:
        if not job.is_wanted(session, now):
            return None
        attempts = 1
        is_mine = _inserted(session, JobRun, name=job.name, key=key, attempts=attempts, **mine)
        if is_mine and last is not None and last.state is JobState.RUNNING and has_passed(last.lease_until, now):
            _changed(session, JobRun.id == last.id, JobRun.state == JobState.RUNNING,
                     state=JobState.FAILED, lease_until=None, error=STOPPED)
    return _taken(session, job, key, now, attempts) if is_mine else None


def _may_be_taken(last: Any, now: datetime) -> bool:
    """Tell whether today's run has to be done again: its clock died, or it failed and its wait is over."""
    if last.state is JobState.DONE:
        return False
    if last.state is JobState.FAILED and (last.lease_until is None or last.attempts >= MOST_TRIES):
        return False
    return has_passed(last.lease_until, now)


def _take_steady(session: Session, job: SteadyJob, now: datetime, machine: str) -> _Taken | None:
    if not job.is_set_up():
        return None
    key = job.key(machine)
    last = session.execute(
        select(JobRun.id, JobRun.state, JobRun.attempts, JobRun.started_at, JobRun.lease_until)
        .where(JobRun.name == job.name, JobRun.key == key)
    ).first()
    mine = {"state": JobState.RUNNING, "machine": machine, "lease_until": now + job.lease, "started_at": now}
    if last is None:
        if _inserted(session, JobRun, name=job.name, key=key, attempts=0, **mine):
            return _taken(session, job, key, now, 0)
        return None
    # A little ahead is another machine's clock; far ahead is this one's from before it was set back.
    if -job.every <= now - last.started_at < job.every - SLACK:
        return None
    if job.alone and last.state is JobState.RUNNING and not has_passed(last.lease_until, now):
        return None
    is_mine = _changed(session, JobRun.id == last.id, JobRun.started_at == last.started_at, **mine)
    return _taken(session, job, key, now, last.attempts) if is_mine else None


def _taken(session: Session, job: DailyJob | SteadyJob, key: str, now: datetime, attempts: int) -> _Taken:
    run_id = session.scalars(select(JobRun.id).where(JobRun.name == job.name, JobRun.key == key)).one()
    return _Taken(run_id, now + job.lease, attempts)


def _changed(session: Session, *conditions: Any, **values: Any) -> bool:
    result = session.execute(
        update(JobRun).where(*conditions).values(**values).execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _run(session: Session, job: DailyJob | SteadyJob, taken: _Taken, now: datetime) -> Result | None:
    """Do a job's work and write down how it went; a failure ends only this run."""
    began = monotonic()
    is_mine = JobRun.id == taken.id, JobRun.lease_until == taken.lease_until
    try:
        result = job.work(session, now)
    except Exception as error:
        log.exception("job %s failed", job.name)
        session.rollback()
        at = now + timedelta(seconds=monotonic() - began)
        tries = {"lease_until": retry_at(taken.attempts, at)} if isinstance(job, DailyJob) else {
            "lease_until": None, "attempts": taken.attempts + 1}  # fmt: skip
        _changed(session, *is_mine, state=JobState.FAILED, finished_at=at, result=None,
                 error=f"{type(error).__name__}: {error}", **tries)
        session.commit()
        return None
    at = now + timedelta(seconds=monotonic() - began)
    settled = {} if isinstance(job, DailyJob) else {"attempts": 0}
    if _changed(session, *is_mine, state=JobState.DONE, finished_at=at, result=result, error=None, lease_until=None,
                **settled):
        session.commit()
    else:  # it took so long that another clock does it again, and counts
        session.rollback()
    if any(result.values()):
        log.info("job %s: %s", job.name, result)
    return result
