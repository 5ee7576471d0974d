"""The clock as jobs on PostgreSQL: a mail and the job that sends it are written down together, for any worker."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import create_app
from tests.conftest import Sink
from tests.factories import NOW, Factory
from tests.reminders.mornings import mails
from tracker.config import ROOT, MissingSetting, Settings, read_settings
from tracker.extensions import db
from tracker.models import ClockBeat, JobRun, Plan
from tracker.reminders import outbox
from tracker.rules.clock import JobName
from tracker.rules.states import MailKind, MailState

PEOPLE = 12
#: Nothing is due while the workers run, which look at the clock on the wall.
FAR_AHEAD = date(2099, 1, 5)
#: A worker has to start Python, connect and take a job; nothing here is measured.
PATIENCE = 60


@pytest.fixture
def queued_app(app: Flask, session: Session) -> Iterator[Flask]:
    """The application with its jobs queued, on the same database; workers leave nothing behind."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("jobs are queued on PostgreSQL only")
    settings: Settings = app.extensions["settings"]
    queued = create_app(replace(settings, jobs="procrastinate", mail_port=app.extensions["mail"].port))
    yield queued
    session.rollback()
    session.execute(text("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers, procrastinate_workers CASCADE"))
    session.commit()


@pytest.fixture
def worker(queued_app: Flask, smtp: Sink) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start `flask --app app worker` as an installation does."""
    settings: Settings = queued_app.extensions["settings"]
    environ = {
        "PATH": os.environ["PATH"], "TRACKER_JOBS": "procrastinate", "TRACKER_SECRET_KEY": "only for tests",
        "TRACKER_BASE_URL": str(settings.base_url), "TRACKER_MAIL_SERVER": "127.0.0.1",
        "TRACKER_MAIL_PORT": str(smtp.port), "TRACKER_MAIL_SENDER": str(settings.mail_sender),
        "TRACKER_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url,
    }  # fmt: skip
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "worker"], env=environ,
                                        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=PATIENCE)


def until(reached: Callable[[], bool]) -> None:
    """Wait for what other processes do; the outcome is asserted, never how long it took."""
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, "the workers did not get there"
        time.sleep(0.1)


def jobs(session: Session) -> int:
    session.rollback()
    return session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send'")) or 0


class Work:
    """People of one agency each, who all have work in every plan, and are told so."""

    def __init__(self, queued_app: Flask, session: Session, make: Factory, people: int, plans: int) -> None:
        self.app = queued_app
        agencies = [make.agency() for _ in range(people)]
        self.people = [make.user(agency=agency) for agency in agencies]
        self.addresses = [person.email for person in self.people]
        self.ids = [person.id for person in self.people]
        self.plans = [make.plan(published_at=NOW).id for _ in range(plans)]
        for plan_id in self.plans:
            task = make.task(session.get_one(Plan, plan_id))
            for agency in agencies:
                make.assignment(agency, task=task, due_on=FAR_AHEAD)
        session.rollback()

    def tell(self, plan: int, *, commit: bool = True) -> None:
        """Write down the mails about a plan, in one transaction."""
        with self.app.app_context():
            outbox.enqueue_all(db.session(), self.ids, MailKind.ASSIGNED, f"plan:{self.plans[plan]}", now=NOW)
            db.session.commit() if commit else db.session.rollback()


def test_a_job_is_queued_with_the_mails_of_a_transaction_or_not_at_all(
    queued_app: Flask, session: Session, make: Factory
) -> None:
    work = Work(queued_app, session, make, people=3, plans=2)

    work.tell(0)
    after_commit = jobs(session)
    work.tell(1, commit=False)
    after_rollback = jobs(session)
    with queued_app.app_context():
        db.session.scalar(select(1))
        db.session.commit()

    assert (after_commit, after_rollback, jobs(session)) == (1, 1, 1)
    assert {mail.key for mail in mails(session)} == {f"plan:{work.plans[0]}"}


def test_two_workers_send_each_mail_once_and_beat_for_the_clock(
    queued_app: Flask, session: Session, make: Factory, smtp: Sink,
    worker: Callable[[], subprocess.Popen[bytes]],
) -> None:
    work = Work(queued_app, session, make, people=PEOPLE, plans=3)
    for _ in range(2):
        worker()
    for plan in range(3):
        work.tell(plan)

    until(lambda: {mail.state for mail in mails(session)} == {MailState.SENT})
    until(lambda: session.scalar(select(ClockBeat.at).limit(1)) is not None or session.rollback() is not None)

    assert Counter(message["X-Envelope-To"] for message in smtp.messages) == dict.fromkeys(work.addresses, 3)
    assert session.scalars(select(JobRun).where(JobRun.name == JobName.DELIVER)).first() is not None


def test_what_a_killed_worker_left_is_sent_by_the_next(
    queued_app: Flask, session: Session, make: Factory, smtp: Sink,
    worker: Callable[[], subprocess.Popen[bytes]],
) -> None:
    work = Work(queued_app, session, make, people=PEOPLE, plans=2)
    first = worker()
    work.tell(0)
    until(lambda: len(smtp.messages) > 0)
    first.send_signal(signal.SIGKILL)
    first.wait()
    _lapse(session)

    worker()
    work.tell(1)
    until(lambda: {mail.state for mail in mails(session)} == {MailState.SENT})

    sent = Counter(message["Message-ID"] for message in smtp.messages)
    assert len(sent) == 2 * PEOPLE
    assert max(sent.values()) <= 2  # what was between its 250 and the commit came again, as the same mail


def _lapse(session: Session) -> None:
    """Let the dead worker's leases run out."""
    session.rollback()
    session.execute(text("UPDATE outbox_mail SET lease_until = :then WHERE state = 'sending'"), {"then": NOW})
    session.commit()


def test_jobs_are_queued_on_postgresql_only() -> None:
    with pytest.raises(MissingSetting, match="PostgreSQL"):
        read_settings({"TRACKER_JOBS": "procrastinate"})
    with pytest.raises(MissingSetting, match="apscheduler or procrastinate"):
        read_settings({"TRACKER_JOBS": "celery"})
