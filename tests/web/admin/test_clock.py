"""The clock's page: alive or dead, each job's newest run, the runs before, and runs that lie ahead."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import NOW, TODAY, Factory
from tests.reminders.clocks import at, tick
from tests.web.admin.desk import parked
from tracker.models import AuditEntry, CalendarDay, ClockBeat, JobRun, User
from tracker.rules.clock import JobName
from tracker.rules.states import JobState
from tracker.rules.working_days import DayKind

DAY = timedelta(days=1)
AHEAD = (TODAY + 400 * DAY).isoformat()


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def run(session: Session, name: str = "morning", key: str = TODAY.isoformat(), **values: object) -> JobRun:
    values = {"state": JobState.DONE, "machine": "máy một", "started_at": at("07:30"), "finished_at": at("07:31"),
              **values}
    row = JobRun(name=name, key=key, **values)
    session.add(row)
    session.commit()
    return row


def test_it_shows_the_beat_the_queue_and_what_each_job_did(
    browser: FlaskClient, session: Session, administrator: User
) -> None:
    session.add(ClockBeat(machine="may-chu-1", at=NOW - timedelta(minutes=2)))
    run(session, result={"digest": 42, "weekly": 1})
    run(session, "sweep_copies", state=JobState.FAILED, error="OSError: đĩa đầy", attempts=5, lease_until=None)
    parked(session, administrator)

    page = browser.get("/admin/clock").text

    assert "Đang chạy" in page
    assert "nhịp cuối 2 phút trước" in page
    assert "<b>42</b> Nhắc việc hằng ngày" in page
    assert "OSError: đĩa đầy" in page
    assert "5 lần thử" in page
    assert "may-chu-1" in page
    assert "/admin/outbox?state=parked" in page
    assert "Đọc hộp thư đến" not in page  # none was set up


def test_before_the_first_run_it_says_how_to_start(browser: FlaskClient) -> None:
    page = browser.get("/admin/clock").text

    assert "Chưa có máy nào chạy đồng hồ" in page
    assert "TRACKER_SCHEDULER=on" in page


def test_a_run_that_stopped_half_way_is_called_so(browser: FlaskClient, session: Session) -> None:
    run(session, state=JobState.RUNNING, finished_at=None, lease_until=at("07:40"))

    assert "Dừng giữa chừng" in browser.get("/admin/clock").text


def test_a_job_that_will_be_tried_again_says_when(browser: FlaskClient, session: Session) -> None:
    run(session, state=JobState.FAILED, error="ValueError: hỏng", lease_until=at("09:05"))

    assert "Chạy lại lúc 18/03/2026 09:05" in browser.get("/admin/clock").text


def test_it_says_why_the_clock_would_not_start(browser: FlaskClient, session: Session) -> None:
    session.add_all(CalendarDay(day=TODAY + n * DAY, kind=DayKind.OFF, name="Nghỉ", source="Công văn")
                    for n in range(90))
    session.commit()

    page = browser.get("/admin/clock").text

    assert "Đồng hồ sẽ không khởi động" in page
    assert "dài hơn 90 ngày" in page


def test_the_runs_are_paged_newest_first(browser: FlaskClient, session: Session) -> None:
    for days in range(60, 0, -1):
        run(session, key=(TODAY - days * DAY).isoformat())

    first = browser.get("/admin/clock").text.split('id="runs"')[1]
    second = browser.get("/admin/clock?after=11").text.split('id="runs"')[1]

    assert "17/03/2026" in first
    assert first.index("17/03/2026") < first.index("16/03/2026")
    assert "Trang sau" in first
    assert "Trang sau" not in second
    assert browser.get("/admin/clock?after=khong-phai-so").status_code == 200


def test_runs_that_lie_ahead_are_told_and_can_be_forgotten(
    browser: FlaskClient, session: Session, make: Factory, smtp: Sink
) -> None:
    run(session, key=AHEAD)
    kept = run(session, key=(TODAY - DAY).isoformat())
    kept_id = kept.id
    held = tick(session, NOW)

    told = browser.get("/admin/clock").text
    asked = browser.get("/admin/clock/forget-future").text
    session.rollback()
    still_there = len(session.scalars(select(JobRun).where(JobRun.name == "morning")).all())
    session.rollback()
    answer = browser.post("/admin/clock/forget-future", follow_redirects=True).text
    session.rollback()

    assert JobName.MORNING not in held
    assert "Có lần chạy ghi ngày 22/04/2027" in told
    assert "Cho đồng hồ chạy lại từ hôm nay?" in asked
    assert still_there == 2
    assert "Đã xóa 1 lần chạy ghi ngày chưa tới." in answer
    assert session.scalars(select(JobRun.id).where(JobRun.name == "morning")).all() == [kept_id]
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "clock.run_forgotten"))
    assert entry.before is not None
    assert entry.before["key"] == AHEAD
    session.rollback()
    assert JobName.MORNING in tick(session, NOW)


def test_there_is_nothing_to_forget_on_an_ordinary_day(browser: FlaskClient, session: Session) -> None:
    run(session)

    asked = browser.get("/admin/clock/forget-future")
    browser.post("/admin/clock/forget-future")

    session.rollback()
    assert asked.location == "/admin/clock"
    assert len(session.scalars(select(JobRun)).all()) == 1


def test_the_words_of_an_error_are_words(browser: FlaskClient, session: Session) -> None:
    run(session, state=JobState.FAILED, error="Unreadable: mail.example:993: <b>hộp thư</b> đầy 100% %(x)s")

    answer = browser.get("/admin/clock")

    assert answer.status_code == 200
    assert "&lt;b&gt;hộp thư&lt;/b&gt; đầy 100% %(x)s" in answer.text
