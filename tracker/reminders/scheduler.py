"""The clock: APScheduler inside a process. It only starts; what a tick does stands in `ticking`."""
from __future__ import annotations

import atexit
import logging
import socket
from datetime import datetime, timedelta
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.extensions import db
from tracker.reminders.jobs import Lane
from tracker.reminders.ticking import check, tick
from tracker.rules.errors import Refusal

log = logging.getLogger(__name__)

#: Seconds between two ticks. Mail is looked at more often: somebody may wait for a forgotten password's link.
EVERY = {Lane.CLOCK: 60, Lane.MAIL: 20, Lane.MAILBOX: 60}


#: A next run that lies further away than this, on either side, comes from before the system's clock was set.
FAR = timedelta(minutes=3)


class SteadyScheduler(BackgroundScheduler):  # type: ignore[misc]
    """APScheduler that goes on when the system's clock is set.

    It keeps each job's next run as a time of day: after the clock was set back by two hours, nothing would run for two
    hours, and after it was set ahead by years, it would count every run of those years.
    """

    def _process_jobs(self) -> float | None:
        now = datetime.now(self.timezone)
        for job in self.get_jobs():
            if job.next_run_time is not None and abs(job.next_run_time - now) > FAR:
                log.warning("the system's clock was set, or stood still; %s runs now", job.id)
                job.modify(next_run_time=now)
        wait: float | None = super()._process_jobs()
        return wait


def _is_news(record: logging.LogRecord) -> bool:
    """Tell apart what APScheduler says of every tick: a delivery that lasts longer than its interval is no news."""
    return not record.msg.startswith("Execution of job")


def tick_lane(app: Flask, lane: Lane) -> None:
    """Tick in a context and a session of its own; whatever goes wrong ends only this tick."""
    with app.app_context():
        try:
            tick(db.session(), now=clock.now(), machine=machine(), lane=lane)
        except Exception:
            log.exception("the tick of lane %s failed", lane)


def machine() -> str:
    """Name this machine, as the administrator knows it."""
    return socket.gethostname()


def start(app: Flask, every: dict[Lane, int] = EVERY) -> BackgroundScheduler:
    """Start the clock in the background of this process.

    Any number of processes may have one: what a tick does is decided once by the database. Raises LookBackTooShort.
    """
    with app.app_context():
        try:
            check(db.session())
        except SQLAlchemyError:  # no tables yet, or no database yet: each tick tries again
            log.exception("the clock starts without its database")
    scheduler = SteadyScheduler(timezone=clock.VIETNAM)
    for lane in Lane:
        scheduler.add_job(tick_lane, "interval", args=[app, lane], id=lane.value, seconds=every[lane],
                          next_run_time=clock.now(), coalesce=True, max_instances=1, misfire_grace_time=None)
    logging.getLogger("apscheduler.scheduler").addFilter(_is_news)
    logging.getLogger("apscheduler.executors.default").setLevel(logging.WARNING)
    scheduler.start()
    atexit.register(_stop, scheduler)
    return scheduler


def start_beside_web(app: Flask) -> None:
    """Start the clock in a web process; one that must not start leaves the pages up, which say so in red."""
    try:
        start(app)
    except Refusal as refusal:
        log.critical("the clock does not start: %s", app.extensions["explain"](refusal))


def _stop(scheduler: BackgroundScheduler) -> None:
    if scheduler.running:
        scheduler.shutdown(wait=False)


def run_until(app: Flask, stopped: Event) -> None:
    """Keep a clock running in a process of its own until it is told to stop; what it is doing is finished first.

    Raises LookBackTooShort.
    """
    scheduler = start(app)
    stopped.wait()
    scheduler.shutdown(wait=True)
