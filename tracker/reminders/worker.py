"""The clock on several machines: the same ticks, run as Procrastinate jobs on PostgreSQL.

Procrastinate only says when and where; what may be done once is decided by the outbox and the job runs, as it is under
APScheduler, so that nothing depends on which of the two runs.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import cast

import psycopg
from flask import Flask
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.connector import BaseConnector
from sqlalchemy import event, make_url, text
from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.extensions import db
from tracker.reminders.jobs import Lane
from tracker.reminders.outbox import WAKES
from tracker.reminders.scheduler import tick_lane

QUEUE = "dondoc"
EVERY_MINUTE = "* * * * *"
SEND = "send"
#: Jobs of one worker that run side by side: one of each lane, and one that somebody waits for.
AT_ONCE = len(Lane) + 1
#: Names the lock under which Procrastinate's own tables are made once; any number.
_TABLES_LOCK = 8_020_177


def queue_of(app: Flask, connector: BaseConnector) -> App:
    """Make the job queue of an application: each lane's tick every minute, and sending when mail was written down.

    A tick that still waits is not queued a second time; one that died with its worker holds up none after it.
    """
    queue = App(connector=connector)
    for lane in Lane:
        task = queue.task(name=f"tick_{lane.value}", queue=QUEUE)(_tick(app, lane))
        queue.periodic(cron=EVERY_MINUTE, queueing_lock=f"tick_{lane.value}")(task)
    queue.task(name=SEND, queue=QUEUE)(_send(app))
    return queue


def _tick(app: Flask, lane: Lane) -> Callable[[int], None]:
    def tick(timestamp: int) -> None:
        del timestamp  # when it should have run; a tick looks at the clock itself
        tick_lane(app, lane)

    return tick


def _send(app: Flask) -> Callable[[], None]:
    return lambda: tick_lane(app, Lane.MAIL)


def conninfo(settings: Settings) -> str:
    """Give the database URL as psycopg itself takes it."""
    return make_url(settings.sqlalchemy_url).set(drivername="postgresql").render_as_string(hide_password=False)


def run_worker(app: Flask) -> None:
    """Run jobs in this process until it is told to stop; what it is doing is finished first."""
    settings: Settings = app.extensions["settings"]
    with app.app_context():
        make_tables()
        db.engine.dispose()
    queue = queue_of(app, PsycopgConnector(conninfo=conninfo(settings)))
    queue.run_worker(queues=[QUEUE], concurrency=AT_ONCE, delete_jobs="successful")


def make_tables() -> None:
    """Make Procrastinate's own tables in the application's database where they are missing; once, whoever asks."""
    with db.engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _TABLES_LOCK})
        if connection.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is None:
            schema = App(connector=SyncPsycopgConnector()).schema_manager.get_schema()
            # Past SQLAlchemy, which would take the percent signs in it for parameters.
            cast(psycopg.Connection, connection.connection.driver_connection).execute(schema)


def wake_senders(app: Flask) -> None:
    """See to it that a transaction that writes mails down also queues a job that sends them."""
    queue = queue_of(app, SyncPsycopgConnector())

    ready: set[str] = set()

    def queue_sending(session: Session) -> None:
        # A savepoint that is released is no commit yet.
        if session.get_nested_transaction() is not None or not session.info.pop(WAKES, False):
            return
        database = str(db.engine.url)
        if database not in ready:
            make_tables()
            ready.add(database)
        connection = session.connection().connection.driver_connection
        queue.tasks[SEND].configure(connection=connection).defer()

    event.listen(db.session, "before_commit", queue_sending)
