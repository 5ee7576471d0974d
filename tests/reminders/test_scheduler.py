"""The clock: which jobs it has, when they run, and that a failing one harms nobody."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import NOW, TODAY, Factory
from tracker import clock
from tracker.models import DraftFile, OutboxMail
from tracker.reminders import scheduler
from tracker.rules.states import MailState


@pytest.fixture
def jobs(sqlite_app: Flask) -> Iterator[dict[str, Any]]:
    running = scheduler.start(sqlite_app)
    yield {job.id: job for job in running.get_jobs()}
    running.shutdown(wait=True)


def test_the_jobs_run_on_vietnams_clock(jobs: dict[str, Any]) -> None:
    morning, windows = jobs["morning"].next_run_time, jobs["open_windows"].next_run_time

    assert (morning.hour, morning.minute, morning.tzinfo.key) == (7, 30, "Asia/Ho_Chi_Minh")
    assert (windows.hour, windows.minute) == (0, 10)
    assert jobs["sweep_uploads"].next_run_time.hour == 0
    assert jobs["deliver"].trigger.interval == timedelta(minutes=1)


def test_the_morning_job_decides_and_sends(app: Flask, session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency)
    session.rollback()

    with time_machine.travel(NOW, tick=False):
        scheduler._run(app, scheduler._morning)
        scheduler._run(app, scheduler._deliver)

    assert session.scalars(select(OutboxMail.state)).all() == [MailState.SENT]
    assert len(smtp.messages) == 1


@pytest.mark.parametrize(("hour", "sent"), [(7, 0), (8, 1)], ids=["before half past seven", "after"])
def test_a_morning_that_was_missed_is_caught_up_at_start(
    app: Flask, session: Session, make: Factory, smtp: Sink, hour: int, sent: int
) -> None:
    make.assignment(make.user().agency)
    session.rollback()

    with time_machine.travel(NOW.astimezone(clock.VIETNAM).replace(hour=hour, minute=10), tick=False):
        assert clock.today() == TODAY
        scheduler._run(app, scheduler._missed_morning)

    assert len(smtp.messages) == sent


def test_a_job_that_fails_is_logged_and_ends_alone(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_session: Session) -> None:
        raise ValueError("hỏng")

    scheduler._run(app, broken)

    assert "job broken failed" in caplog.text
    assert "hỏng" in caplog.text


def test_windows_are_opened_by_the_clock(app: Flask, session: Session, caplog: pytest.LogCaptureFixture) -> None:
    scheduler._run(app, scheduler._open_windows)

    assert "failed" not in caplog.text


def test_uploads_nobody_came_back_for_are_swept(app: Flask, session: Session, make: Factory) -> None:
    person = make.user()
    row = make.assignment(person.agency)
    session.add(DraftFile(assignment=row, user=person, file_name="nhap.txt", media_type="text/plain", size=1,
                          sha256="a" * 64, created_at=NOW))
    session.commit()

    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        scheduler._run(app, scheduler._sweep_uploads)

    session.expire_all()
    assert session.scalars(select(DraftFile)).all() == []
