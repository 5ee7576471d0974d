"""`/healthz` and the red line of a dead clock."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.reminders.clocks import at
from tracker.extensions import db
from tracker.models import ClockBeat, JobRun, OutboxMail, User
from tracker.rules.permissions import Role
from tracker.rules.states import JobState, MailKind, MailState

MINUTE = timedelta(minutes=1)
DEAD = "Đồng hồ nhắc việc"


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def beat(session: Session, ago: timedelta = timedelta(0), machine: str = "máy một") -> None:
    session.add(ClockBeat(machine=machine, at=NOW - ago))
    session.commit()


def mail(person: User, number: int, **values: Any) -> OutboxMail:
    values = {"state": MailState.PENDING, "next_attempt_at": NOW, **values}
    return OutboxMail(recipient=person, kind=MailKind.CHASE, key=f"chase:{number}", message_id=f"<{number}@x>",
                      created_at=NOW, **values)


def test_all_is_well(client: FlaskClient, session: Session) -> None:
    beat(session, 2 * MINUTE)
    session.add(JobRun(name="morning", key=TODAY.isoformat(), state=JobState.DONE, machine="máy một",
                       started_at=at("07:30"), finished_at=at("07:31"), result={"digest": 42}))
    session.commit()

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["status"] == "ok"
    assert answer.json["database"] == "ok"
    assert answer.json["clock"] == {"state": "ok", "last_beat": (NOW - 2 * MINUTE).isoformat(), "lag_seconds": 120,
                                    "waits_for": None}
    assert answer.json["queue"] == {"waiting": 0, "due": 0, "lag_seconds": 0, "parked": 0, "sent_today": 0}
    assert answer.json["failures"] == []
    assert answer.json["jobs"]["morning"] == {
        "state": "done", "key": "2026-03-18", "started_at": "2026-03-18T00:30:00+00:00",
        "finished_at": "2026-03-18T00:31:00+00:00", "attempts": 1, "result": {"digest": 42}}
    assert answer.json["jobs"]["sweep_copies"] is None


@pytest.mark.parametrize("silent", [None, 11 * MINUTE, timedelta(days=3)], ids=str)
def test_a_dead_clock_is_503(client: FlaskClient, session: Session, silent: timedelta | None) -> None:
    if silent is not None:
        beat(session, silent)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert (answer.json["status"], answer.json["clock"]["state"]) == ("failing", "dead")


def test_one_of_two_machines_is_enough(client: FlaskClient, session: Session) -> None:
    beat(session, timedelta(days=1), "máy đã tắt")
    beat(session, MINUTE, "máy còn chạy")

    assert client.get("/healthz").status_code == 200


def test_a_beat_from_the_future_is_not_believed(client: FlaskClient, session: Session) -> None:
    beat(session, timedelta(days=-1))

    assert client.get("/healthz").status_code == 503


def test_a_database_that_does_not_answer_is_503(client: FlaskClient, session: Session, app: Flask) -> None:
    def gone(*_args: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    event.listen(db.engine, "before_cursor_execute", gone)
    try:
        answer = client.get("/healthz")
    finally:
        event.remove(db.engine, "before_cursor_execute", gone)

    assert answer.status_code == 503
    assert answer.json == {"status": "failing", "database": "failing"}


def test_the_queue_and_the_failures_are_counted(client: FlaskClient, session: Session, make: Factory) -> None:
    beat(session)
    person = make.user()
    session.add_all([
        mail(person, 1, next_attempt_at=NOW - 45 * MINUTE), mail(person, 2, next_attempt_at=NOW + MINUTE),
        mail(person, 3, state=MailState.SENDING, lease_until=NOW), mail(person, 4, state=MailState.PARKED),
        mail(person, 5, state=MailState.SENT, sent_at=NOW - MINUTE),
        mail(person, 6, state=MailState.SENT, sent_at=NOW - timedelta(days=1)),
        JobRun(name="morning", key=TODAY.isoformat(), state=JobState.FAILED, machine="máy một", attempts=5,
               started_at=at("07:30"), finished_at=at("07:31"), error="ValueError: mật khẩu là 123"),
        JobRun(name="sweep_uploads", key=TODAY.isoformat(), state=JobState.RUNNING, machine="máy đã chết",
               started_at=at("00:40"), lease_until=at("00:45")),
        JobRun(name="deliver", key="máy một", state=JobState.DONE, machine="máy một", attempts=0,
               started_at=NOW - 20 * MINUTE, finished_at=NOW - 20 * MINUTE),
    ])
    session.commit()

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["status"] == "warning"
    assert answer.json["queue"] == {"waiting": 3, "due": 1, "lag_seconds": 2700, "parked": 1, "sent_today": 1}
    assert sorted(answer.json["failures"]) == ["deliver", "morning", "sweep_uploads"]
    assert "123" not in answer.text


def test_it_names_no_machine(client: FlaskClient, session: Session) -> None:
    beat(session, machine="srv-01.noi-bo")
    session.add(JobRun(name="deliver", key="srv-01.noi-bo", state=JobState.DONE, machine="srv-01.noi-bo", attempts=0,
                       started_at=NOW, finished_at=NOW, result={"sent": 1}))
    session.commit()

    answer = client.get("/healthz")

    assert "srv-01" not in answer.text
    assert answer.json is not None
    assert answer.json["jobs"]["deliver"]["result"] == {"sent": 1}


def test_it_costs_a_handful_of_queries(client: FlaskClient, session: Session) -> None:
    beat(session)

    with counted_statements() as found:
        client.get("/healthz")

    assert len([one for one in found if one.startswith("SELECT")]) <= 6


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("silent", [None, 11 * MINUTE], ids=str)
def test_those_who_can_have_it_mended_are_told_on_every_page(
    as_user: Any, session: Session, make: Factory, role: Role, silent: timedelta | None
) -> None:
    if silent is not None:
        beat(session, silent)
    person = make.user(role)

    page = as_user(person).get("/").text

    assert f"{DEAD} {'chưa chạy lần nào' if silent is None else 'đã ngừng từ 18/03/2026 08:49'}" in page
    assert ("/admin/clock" in page.split(DEAD)[1][:300]) is (role is Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", [Role.LIAISON, Role.LEADER])
def test_others_are_not_troubled_and_pay_no_query(as_user: Any, session: Session, make: Factory, role: Role) -> None:
    person = make.user(role)

    with counted_statements() as found:
        page = as_user(person).get("/").text

    assert DEAD not in page
    assert not [one for one in found if "clock_beat" in one]


def test_a_living_clock_is_not_spoken_of(as_user: Any, session: Session, make: Factory) -> None:
    beat(session, 9 * MINUTE)
    person = make.user(Role.COORDINATOR)

    with counted_statements() as found:
        page = as_user(person).get("/").text

    assert DEAD not in page
    assert len([one for one in found if "clock_beat" in one]) == 1
