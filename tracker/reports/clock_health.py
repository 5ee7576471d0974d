"""How the clock does: when it was last alive, what waits to be sent, how each job's newest run went."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from tracker.clock import VIETNAM, vietnam_day
from tracker.models import ClockBeat, JobRun, OutboxMail
from tracker.reminders.jobs import DAILY, STEADY, DailyJob, SteadyJob
from tracker.reports.paging import PAGE_ROWS, Page
from tracker.rules.clock import DEAD_AFTER, QUEUE_LATE_AFTER, JobName, has_passed, is_dead, newest_beat
from tracker.rules.states import JobState, MailState

_DAILY = [job.name for job in DAILY]
_STEADY = [job.name for job in STEADY]


@dataclass(frozen=True)
class Queue:
    """The mails that are on their way."""

    #: Not sent yet, and how many of them may go now.
    waiting: int
    due: int
    #: Since when the oldest of them may go.
    oldest_due_at: datetime | None
    #: Given up; a person has to look.
    parked: int
    sent_today: int


@dataclass(frozen=True)
class JobLine:
    """A job and its newest run."""

    name: JobName
    run: JobRun | None
    #: It began and has said nothing for too long.
    is_stuck: bool
    #: It runs all the time, and has not run for too long.
    is_silent: bool

    @property
    def is_trouble(self) -> bool:
        """Tell whether a person should look."""
        failed = self.run is not None and self.run.state is JobState.FAILED
        return failed or self.is_stuck or self.is_silent


@dataclass(frozen=True)
class ClockHealth:
    """How the clock does at one moment."""

    now: datetime
    #: Machine and moment, newest first.
    beats: Sequence[ClockBeat]
    last_beat: datetime | None
    queue: Queue
    jobs: Sequence[JobLine]
    #: The newest day that ran, where it lies ahead: nothing runs until then.
    ahead: date | None

    @property
    def is_dead(self) -> bool:
        """Tell whether no clock has been seen alive lately."""
        return is_dead(self.last_beat, self.now)

    @property
    def lag(self) -> timedelta | None:
        """Say how long ago a clock was seen alive."""
        return max(self.now - self.last_beat, timedelta(0)) if self.last_beat else None

    @property
    def queue_lag(self) -> timedelta:
        """Say how long the oldest mail that may go has been waiting."""
        oldest = self.queue.oldest_due_at
        return max(self.now - oldest, timedelta(0)) if oldest else timedelta(0)

    @property
    def is_queue_late(self) -> bool:
        """Tell whether mails wait that should have left long ago."""
        return self.queue_lag > QUEUE_LATE_AFTER

    @property
    def troubles(self) -> list[JobName]:
        """Give the jobs at which a person should look."""
        return [job.name for job in self.jobs if job.is_trouble]


def clock_health(session: Session, *, now: datetime) -> ClockHealth:
    """Read how the clock does, in a handful of queries."""
    beats = session.scalars(select(ClockBeat).order_by(ClockBeat.at.desc(), ClockBeat.machine)).all()
    newest = _newest_runs(session)
    ahead = max((run.key for run in newest.values() if run.name in _DAILY), default="")
    return ClockHealth(
        now=now, beats=beats, last_beat=newest_beat((beat.at for beat in beats), now), queue=_queue(session, now),
        jobs=[_line(job, newest.get(job.name), now) for job in (*DAILY, *STEADY) if _is_set_up(job)],
        ahead=date.fromisoformat(ahead) if ahead > vietnam_day(now).isoformat() else None,
    )


def _is_set_up(job: DailyJob | SteadyJob) -> bool:
    return isinstance(job, DailyJob) or job.is_set_up()


def _line(job: DailyJob | SteadyJob, run: JobRun | None, now: datetime) -> JobLine:
    is_stuck = run is not None and has_stopped(run, now)
    is_silent = (isinstance(job, SteadyJob) and run is not None and run.state is not JobState.RUNNING
                 and now - run.started_at > job.every + DEAD_AFTER)
    return JobLine(job.name, run, is_stuck, is_silent)


def has_stopped(run: JobRun, now: datetime) -> bool:
    """Tell whether a run began and has said nothing for so long that its clock must have died."""
    return run.state is JobState.RUNNING and has_passed(run.lease_until, now)


def _newest_runs(session: Session) -> dict[str, JobRun]:
    """Give each job's newest run: by day for those that run once a day, by moment for those that run all the time."""
    last = (select(JobRun.name, func.max(JobRun.key).label("key")).where(JobRun.name.in_(_DAILY))
            .group_by(JobRun.name).subquery())
    daily = session.scalars(
        select(JobRun).join(last, and_(last.c.name == JobRun.name, last.c.key == JobRun.key)).order_by(JobRun.id))
    newest = {run.name: run for run in daily}
    steady = session.scalars(
        select(JobRun).where(JobRun.name.in_(_STEADY)).order_by(JobRun.started_at, JobRun.id))
    return newest | {run.name: run for run in steady}


def _queue(session: Session, now: datetime) -> Queue:
    waits, may_go = OutboxMail.state == MailState.PENDING, OutboxMail.next_attempt_at <= now
    on_their_way = OutboxMail.state.in_((MailState.PENDING, MailState.SENDING, MailState.PARKED))
    row = session.execute(
        select(
            func.count().filter(OutboxMail.state != MailState.PARKED), func.count().filter(waits, may_go),
            func.count().filter(OutboxMail.state == MailState.PARKED),
        ).where(on_their_way)
    ).one()
    oldest = session.scalar(select(func.min(OutboxMail.next_attempt_at)).where(waits, may_go))
    midnight = datetime.combine(vietnam_day(now), datetime.min.time(), VIETNAM)
    sent_today = session.scalar(select(func.count()).where(OutboxMail.sent_at >= midnight)) or 0
    return Queue(waiting=row[0], due=row[1], oldest_due_at=oldest, parked=row[2], sent_today=sent_today)


def daily_runs(session: Session, *, after: str | None = None) -> Page[JobRun]:
    """Give one page of the runs of the daily jobs, newest first."""
    criteria: list[ColumnElement[bool]] = [JobRun.name.in_(_DAILY)]
    total = session.scalar(select(func.count()).select_from(JobRun).where(*criteria)) or 0
    start = int(after) if after and after.isdecimal() and len(after) < 10 else None
    if start is not None:
        criteria.append(JobRun.id < start)
    found = session.scalars(select(JobRun).where(*criteria).order_by(JobRun.id.desc()).limit(PAGE_ROWS + 1)).all()
    next_after = str(found[PAGE_ROWS - 1].id) if len(found) > PAGE_ROWS else None
    return Page(found[:PAGE_ROWS], next_after, start is None, total)
