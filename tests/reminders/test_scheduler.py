"""The starter of the clock: when it ticks, what keeps it from starting, and that the system's clock may be set."""
from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import NOW, TODAY, Factory
from tests.reminders.clocks import at, runs
from tracker.models import CalendarDay, ClockBeat
from tracker.reminders import scheduler
from tracker.reminders.jobs import Lane
from tracker.rules.clock import JobName
from tracker.rules.look_back import LookBackTooShort
from tracker.rules.working_days import DayKind

QUICK = dict.fromkeys(Lane, 1)


@pytest.fixture
def running(app: Flask, session: Session) -> Iterator[Any]:
    """A clock that ticks every second."""
    session.rollback()
    started = []

    def start() -> Any:
        started.append(scheduler.start(app, every=QUICK))
        return started[-1]

    yield start
    for clock in started:
        clock.shutdown(wait=True)


def last_beat(session: Session) -> datetime | None:
    session.rollback()
    return session.scalar(select(ClockBeat.at))


def wait_for_beat(session: Session, first: datetime, last: datetime) -> datetime:
    """Give the first beat between two instants; the test fails when none comes."""
    for _ in range(600):
        beat = last_beat(session)
        if beat is not None and first <= beat <= last:
            return beat
        time.sleep(0.1)
    pytest.fail(f"no beat between {first} and {last}; the last was {last_beat(session)}")


def test_it_ticks_at_once_and_goes_on(session: Session, running: Any) -> None:
    began = datetime.now(at("00:00").tzinfo)
    running()

    wait_for_beat(session, began, began + timedelta(minutes=1))
    wait_for_beat(session, began + timedelta(seconds=1.5), began + timedelta(minutes=1))

    assert [run.machine for run in runs(session, JobName.DELIVER)] == [scheduler.machine()]


@pytest.mark.parametrize("leap", [-timedelta(hours=2), -timedelta(days=1), timedelta(days=20_000)], ids=str)
def test_it_goes_on_ticking_when_the_systems_clock_is_set(
    session: Session, running: Any, caplog: pytest.LogCaptureFixture, leap: timedelta
) -> None:
    """APScheduler alone would wait for the old time to come again, or count every tick of fifty years."""
    saturday = at("03:00", TODAY + timedelta(days=3))
    with time_machine.travel(saturday, tick=True) as traveller:
        running()
        wait_for_beat(session, saturday, saturday + timedelta(minutes=1))

        traveller.move_to(saturday + leap)

        beat = wait_for_beat(session, saturday + leap, saturday + leap + timedelta(minutes=1))

    assert beat >= saturday + leap


def test_a_morning_that_was_slept_through_is_sent_at_start(
    session: Session, make: Factory, smtp: Sink, running: Any
) -> None:
    make.assignment(make.user().agency, due_on=TODAY)
    session.rollback()

    with time_machine.travel(NOW, tick=True):
        running()
        wait_for_beat(session, NOW, NOW + timedelta(minutes=1))
        for _ in range(100):
            if smtp.messages:
                break
            time.sleep(0.1)

    assert len(smtp.messages) == 1


def test_it_does_not_start_when_something_would_fall_out_of_sight(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    session.add_all(CalendarDay(day=TODAY + timedelta(days=n), kind=DayKind.OFF, name="Nghỉ", source="Công văn")
                    for n in range(90))
    session.commit()

    with pytest.raises(LookBackTooShort):
        scheduler.start(app)
    with caplog.at_level(logging.CRITICAL):
        scheduler.start_beside_web(app)

    assert "dài hơn 90 ngày mà hệ thống nhìn lại" in caplog.text
    session.rollback()
    refused = app.test_cli_runner().invoke(args=["reminders", "tick"])
    assert refused.exit_code == 1
    assert "dài hơn 90 ngày" in refused.output


def test_a_tick_that_fails_is_logged_and_ends_alone(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise ValueError("hỏng")

    monkeypatch.setattr(scheduler, "tick", broken)

    scheduler.tick_lane(app, Lane.CLOCK)

    assert "the tick of lane clock failed" in caplog.text
