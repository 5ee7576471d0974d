"""The clock: APScheduler inside a process. It holds no logic; each job is what a command does by hand."""
from __future__ import annotations

import atexit
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from sqlalchemy.orm import Session

from tracker import clock
from tracker.config import Settings
from tracker.extensions import db
from tracker.models.calendar import load_calendar
from tracker.reminders.deciding import decide
from tracker.reminders.delivering import Delivered, deliver_due
from tracker.reminders.escalating import decide_escalations
from tracker.rules.reminder_steps import MORNING

log = logging.getLogger(__name__)

#: A machine that slept through the morning sends when it wakes, on the same day.
CATCH_UP = timedelta(hours=12)
DELIVER_EVERY_SECONDS = 60


def decide_morning(session: Session, *, today: date, now: datetime) -> tuple[int, int]:
    """Decide all that a working morning tells; give how many digests, and how many mails upwards.

    Commits as it goes.
    """
    digests = decide(session, today=today, now=now)
    return digests, decide_escalations(session, today=today, now=now)


def send_morning(session: Session, *, today: date, now: datetime) -> tuple[int, int, Delivered]:
    """Decide a day's mails and send what may go: how many digests, how many mails upwards, what became of them all.

    Commits as it goes.
    """
    digests, upwards = decide_morning(session, today=today, now=now)
    return digests, upwards, deliver_due(session, now=now, today=today)


def _morning(session: Session) -> None:
    digests, upwards, delivered = send_morning(session, today=clock.today(), now=clock.now())
    log.info("digests: %s decided, upwards: %s decided, %s", digests, upwards, delivered)


def _deliver(session: Session) -> None:
    delivered = deliver_due(session, now=clock.now())
    if delivered != Delivered():
        log.info("outbox: %s", delivered)


def _open_windows(session: Session) -> None:
    from tracker.workflow.publishing import open_next_windows

    open_next_windows(session, today=clock.today(), now=clock.now(), calendar=load_calendar(session))
    session.commit()


def _sweep_uploads(session: Session) -> None:
    """Take away files that were uploaded ahead of a report nobody sent."""
    from tracker.workflow.uploading import sweep

    settings: Settings = current_app.extensions["settings"]
    sweep(session, evidence_folder=settings.evidence_folder, now=clock.now())


def _missed_morning(session: Session) -> None:
    """Send what the system slept through, at start; what went out already is not decided again."""
    if clock.now().astimezone(clock.VIETNAM).time() >= MORNING:
        _morning(session)


def _run(app: Flask, job: Callable[[Session], None]) -> None:
    """Run a job in a context and a session of its own; a failure is written to the log and ends only this run."""
    with app.app_context():
        try:
            job(db.session())
        except Exception:
            log.exception("job %s failed", job.__name__)


def start(app: Flask) -> BackgroundScheduler:
    """Start the clock in the background of this process.

    Any number of processes may have one: what a job does is decided once by the database.
    """
    scheduler = BackgroundScheduler(timezone=clock.VIETNAM)
    once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": int(CATCH_UP.total_seconds())}
    scheduler.add_job(_run, "date", args=[app, _open_windows], id="missed_windows", **once)
    scheduler.add_job(_run, "date", args=[app, _missed_morning], id="missed_morning", **once)
    scheduler.add_job(_run, "cron", args=[app, _open_windows], id="open_windows", hour=0, minute=10, **once)
    scheduler.add_job(
        _run, "cron", args=[app, _morning], id="morning", hour=MORNING.hour, minute=MORNING.minute, **once
    )
    scheduler.add_job(_run, "cron", args=[app, _sweep_uploads], id="sweep_uploads", hour=0, minute=40, **once)
    scheduler.add_job(_run, "interval", args=[app, _deliver], id="deliver", seconds=DELIVER_EVERY_SECONDS, **once)
    scheduler.start()
    atexit.register(_stop, scheduler)
    return scheduler


def _stop(scheduler: BackgroundScheduler) -> None:
    if scheduler.running:
        scheduler.shutdown(wait=False)


def run_until(app: Flask, stopped: Event) -> None:
    """Keep a clock running in a process of its own until it is told to stop; what it is doing is finished first."""
    scheduler = start(app)
    stopped.wait()
    scheduler.shutdown(wait=True)
