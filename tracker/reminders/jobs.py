"""What the clock does, and when: each job is a function that any runner may call, once or twice, on any machine."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from flask import current_app
from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from tracker.clock import VIETNAM, vietnam_day
from tracker.config import Settings
from tracker.models import ClockBeat, JobRun, OutboxMail, User
from tracker.models.calendar import load_calendar, load_calendars
from tracker.models.clock import ALL
from tracker.models.policy import load_policy
from tracker.models.recipients import is_reachable
from tracker.reminders import copies
from tracker.reminders.deciding import decide
from tracker.reminders.delivering import deliver_due
from tracker.reminders.outbox import enqueue
from tracker.reminders.owed import unreached
from tracker.rules.clock import LINE_AFTER, JobName
from tracker.rules.permissions import Role
from tracker.rules.reminder_steps import MORNING_ENDS
from tracker.rules.states import MORNING_KINDS, JobState, MailKind, MailState
from tracker.workflow import uploading
from tracker.workflow.periods import open_next_windows

#: What a run did, in numbers.
Result = dict[str, int]
Work = Callable[[Session, datetime], Result]

#: Runs are kept for so long, and machines that fell silent are named for so long.
RUNS_KEPT = timedelta(days=400)
BEATS_KEPT = timedelta(days=7)
WAITING = (MailState.PENDING, MailState.SENDING)


class Lane(StrEnum):
    """What runs one after the other: a slow mail server holds up neither the clock's beat nor the mailbox."""

    CLOCK = "clock"
    MAIL = "mail"
    MAILBOX = "mailbox"


@dataclass(frozen=True)
class DailyJob:
    """Something that runs once a Vietnamese day, on one machine; days that were slept through are not made up for.

    Its work can be repeated without harm: a run that died half-way is done again by whoever finds it.
    """

    name: JobName
    work: Work
    #: Tells whether today's run is due; must be cheap.
    is_due: Callable[[Session, datetime], bool]
    #: Tells whether there is anything to do today; asked only of a run that is due and was not made.
    is_wanted: Callable[[Session, datetime], bool] = lambda _session, _now: True
    #: How long a run that says nothing may be trusted to be alive.
    lease: timedelta = timedelta(minutes=5)
    lane: Lane = Lane.CLOCK


@dataclass(frozen=True)
class SteadyJob:
    """Something that runs all the time."""

    name: JobName
    work: Work
    lane: Lane
    every: timedelta
    #: On one machine at a time; otherwise on each.
    alone: bool = False
    lease: timedelta = timedelta(minutes=5)
    #: Tells whether this installation has it at all.
    is_set_up: Callable[[], bool] = lambda: True

    def key(self, machine: str) -> str:
        """Give the key of its one row."""
        return ALL if self.alone else machine


def _after(at: time) -> Callable[[Session, datetime], bool]:
    return lambda _session, now: now.astimezone(VIETNAM).time() >= at


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def open_windows(session: Session, now: datetime) -> Result:
    """Open the reporting windows whose turn has come."""
    made = open_next_windows(session, today=vietnam_day(now), now=now, calendar=load_calendar(session))
    return {"assignments": made}


def is_morning(session: Session, now: datetime) -> bool:
    """Tell whether it is the time of day at which a morning's mails may be decided."""
    return load_policy(session).send_at <= now.astimezone(VIETNAM).time() < MORNING_ENDS


def anybody_works(session: Session, now: datetime) -> bool:
    """Tell whether any agency works today; who of them is written to is `plan_morning`'s question."""
    today, calendars = vietnam_day(now), load_calendars(session)
    return any(calendar.is_working(today) for calendar in (calendars.province, *calendars.own.values()))


def morning(session: Session, now: datetime) -> Result:
    """Write down the mails that are owed this morning; they leave with the next delivery."""
    decided = decide(session, today=vietnam_day(now), now=now)
    return {kind.value: number for kind, number in sorted(decided.items())}


def _run_of(session: Session, now: datetime) -> JobRun | None:
    return session.scalar(
        select(JobRun).where(JobRun.name == JobName.MORNING, JobRun.key == vietnam_day(now).isoformat())
        .execution_options(populate_existing=True)
    )


def is_morning_over(session: Session, now: datetime) -> bool:
    """Tell whether a morning's mails have left, or have had their time; or that it failed for good."""
    run = _run_of(session, now)
    if run is None or run.finished_at is None or (run.state is JobState.FAILED and run.lease_until is not None):
        return False
    if now >= run.finished_at + LINE_AFTER:
        return True
    return not session.scalar(select(func.count()).where(*_todays(now), OutboxMail.state.in_(WAITING)))


def _todays(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return OutboxMail.kind.in_(MORNING_KINDS), OutboxMail.key == vietnam_day(now).isoformat()


def morning_line(session: Session, now: datetime) -> Result:
    """Decide the line that tells administrators how the morning went; its numbers are this run's result."""
    today = vietnam_day(now)
    run = _run_of(session, now)
    states = dict(session.execute(
        select(OutboxMail.state, func.count()).where(*_todays(now)).group_by(OutboxMail.state)
    ).all())
    people = session.scalars(
        select(User).where(User.role == Role.ADMINISTRATOR, is_reachable()).order_by(User.id)
    ).all()
    told = [enqueue(session, person, MailKind.MORNING_LINE, today.isoformat(), now=now) for person in people]
    return {
        "mails": sum(states.values()),
        "sent": states.get(MailState.SENT, 0),
        "waiting": sum(states.get(state, 0) for state in WAITING),
        "parked": states.get(MailState.PARKED, 0),
        "dropped": states.get(MailState.DROPPED, 0),
        "unreached": len(unreached(session, today=today, calendars=load_calendars(session))),
        "failed": int(run is None or run.state is not JobState.DONE),
        "people": sum(mail is not None for mail in told),
    }


def sweep_uploads(session: Session, now: datetime) -> Result:
    """Take away files that were uploaded ahead of a report nobody sent."""
    return {"swept": uploading.sweep(session, evidence_folder=_settings().evidence_folder, now=now)}


def sweep_copies(session: Session, now: datetime) -> Result:
    """Throw away copies of mails that were kept long enough."""
    return {"swept": copies.sweep(session, now=now)}


def sweep_runs(session: Session, now: datetime) -> Result:
    """Forget runs of long ago, and machines that have been silent for days."""
    steady = [job.name for job in STEADY]
    gone = session.execute(delete(JobRun).where(or_(
        JobRun.started_at < now - RUNS_KEPT, and_(JobRun.name.in_(steady), JobRun.started_at < now - BEATS_KEPT)
    )))
    session.execute(delete(ClockBeat).where(ClockBeat.at < now - BEATS_KEPT))
    return {"swept": gone.rowcount}  # type: ignore[attr-defined]


def deliver(session: Session, now: datetime) -> Result:
    """Send every mail that may go now."""
    return asdict(deliver_due(session, now=now))


def has_mailbox() -> bool:
    """Tell whether a mailbox was set up in which answers and returned mails arrive."""
    return _settings().imap_server is not None


def read_mailbox(session: Session, now: datetime) -> Result:
    """Read the mailbox to which answers and returned mails come."""
    from tracker.reminders import incoming

    return dict(incoming.read_mailbox(session, now=now))


DAILY = (
    DailyJob(JobName.OPEN_WINDOWS, open_windows, _after(time(0, 10))),
    DailyJob(JobName.MORNING, morning, is_morning, anybody_works, lease=timedelta(minutes=10)),
    DailyJob(JobName.MORNING_LINE, morning_line, is_morning_over),
    DailyJob(JobName.SWEEP_UPLOADS, sweep_uploads, _after(time(0, 40))),
    DailyJob(JobName.SWEEP_COPIES, sweep_copies, _after(time(0, 45))),
    DailyJob(JobName.SWEEP_RUNS, sweep_runs, _after(time(0, 50))),
)
STEADY = (
    # A morning of thousands of mails takes its time.
    SteadyJob(JobName.DELIVER, deliver, Lane.MAIL, every=timedelta(0), lease=timedelta(hours=1)),
    SteadyJob(JobName.READ_MAILBOX, read_mailbox, Lane.MAILBOX, every=timedelta(minutes=5), alone=True,
              is_set_up=has_mailbox),
)
JOBS: tuple[DailyJob | SteadyJob, ...] = (*DAILY, *STEADY)
