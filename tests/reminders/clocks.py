"""What tests about the clock share: an instant in Vietnam, a tick, the runs there were, a process of its own."""
from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, time

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import TODAY
from tracker.clock import VIETNAM
from tracker.config import ROOT, Settings
from tracker.models import JobRun
from tracker.reminders import ticking
from tracker.reminders.jobs import Result
from tracker.rules.clock import JobName

MACHINE = "máy chủ thử"


def at(clock: str, day: date = TODAY) -> datetime:
    """Give an instant of a day in Vietnam ("07:30" or "07:30:05")."""
    return datetime.combine(day, time.fromisoformat(clock), VIETNAM)


def tick(session: Session, now: datetime, machine: str = MACHINE) -> dict[JobName, Result | None]:
    """Tick once, all jobs."""
    return ticking.tick(session, now=now, machine=machine)


def runs(session: Session, name: JobName = JobName.MORNING) -> list[JobRun]:
    """Give the runs of a job, by their keys."""
    session.rollback()
    return list(session.scalars(
        select(JobRun).where(JobRun.name == name).order_by(JobRun.key).execution_options(populate_existing=True)
    ))


def start_process(app: Flask, script: str, *words: str) -> subprocess.Popen[str]:
    """Run a script in a process of its own, on this application's database and mail server."""
    settings: Settings = app.extensions["settings"]
    environ = {
        "PATH": os.environ["PATH"], "TRACKER_SECRET_KEY": "only for tests",
        "TRACKER_BASE_URL": str(settings.base_url), "TRACKER_MAIL_SERVER": "127.0.0.1",
        "TRACKER_MAIL_PORT": str(app.extensions["mail"].port), "TRACKER_MAIL_SENDER": str(settings.mail_sender),
        "TRACKER_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url,
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", script, *words], env=environ, cwd=ROOT, text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)


class Broken:
    """A job's work that fails some times before it succeeds."""

    def __init__(self, times: int) -> None:
        self.times, self.calls = times, 0

    def __call__(self, _session: Session, _now: datetime) -> dict[str, int]:
        self.calls += 1
        if self.calls <= self.times:
            raise ValueError("hỏng")
        return {"swept": 1}
