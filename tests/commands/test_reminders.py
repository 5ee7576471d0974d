"""`reminders plan` and `reminders send`: what the clock would do, looked at and done by hand."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import NOW, TODAY, Factory
from tests.reminders.test_outbox import poisoned
from tracker.config import ROOT
from tracker.models import OutboxMail
from tracker.rules.states import MailState

DAY = timedelta(days=1)


def test_the_plan_names_people_items_and_reasons(app: Flask, session: Session, make: Factory) -> None:
    liaison = make.user(name="Trần Thị Mai", email="mai@haduong.example")
    plan = make.plan(number="37/KH-UBND")
    make.assignment(liaison.agency, task=make.task(plan, text="Mở lớp tập huấn."), due_on=TODAY - 6 * DAY)
    make.assignment(liaison.agency, task=make.task(plan, text="Gửi báo cáo."), due_on=TODAY + 7 * DAY)
    nobody = make.agency("Sở không có đầu mối")
    make.assignment(nobody, plan, due_on=TODAY - 3 * DAY)

    answer = app.test_cli_runner().invoke(args=["reminders", "plan", "--on", "2026-03-18"])

    assert answer.exit_code == 0
    lines = [" ".join(line.split()) for line in answer.output.splitlines()]
    assert "Trần Thị Mai <mai@haduong.example> · nhắc việc" in lines
    assert "mốc quá hạn 3 ngày làm việc hạn 12/03/2026, quá hạn 6 ngày 37/KH-UBND: Mở lớp tập huấn." in lines
    assert "mốc trước 5 ngày làm việc hạn 25/03/2026, còn 7 ngày 37/KH-UBND: Gửi báo cáo." in lines
    assert "KHÔNG CÓ NGƯỜI NHẬN · Sở không có đầu mối: 1 việc đến hạn hoặc quá hạn" in lines
    assert lines[-1] == "18/03/2026: 1 thư, 2 lượt nhắc; 1 cơ quan không có người nhận."
    session.rollback()
    assert session.scalars(select(OutboxMail)).all() == []


@pytest.mark.parametrize("written", ["21/03/2026", "2026-03-21"])
def test_a_day_off_is_said_to_be_one(app: Flask, session: Session, make: Factory, written: str) -> None:
    make.assignment(make.user().agency, due_on=TODAY)

    answer = app.test_cli_runner().invoke(args=["reminders", "plan", "--on", written])

    assert answer.output == "21/03/2026 là ngày nghỉ: không nhắc việc.\n"


def test_what_is_no_date_is_refused_with_an_example(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["reminders", "plan", "--on", "18-3"])

    assert answer.exit_code == 2
    assert "viết ngày như 18/03/2026" in answer.output


def test_send_decides_and_delivers_now(app: Flask, session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY)
    session.rollback()

    with time_machine.travel(NOW, tick=False):
        answer = app.test_cli_runner().invoke(args=["reminders", "send"])
        again = app.test_cli_runner().invoke(args=["reminders", "send"])

    assert answer.exit_code == again.exit_code == 0
    assert "nhắc việc 1 thư. Đã gửi 1" in answer.output
    assert "không có thư mới. Đã gửi 0" in again.output
    assert len(smtp.messages) == 1


def test_send_on_another_day_speaks_of_that_day(app: Flask, session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY)
    session.rollback()

    with time_machine.travel(NOW, tick=False):
        app.test_cli_runner().invoke(args=["reminders", "send", "--on", "23/03/2026"])

    assert [m["Subject"] for m in smtp.messages] == ["1 việc quá hạn 5 ngày"]


def test_send_on_a_day_off_reminds_nobody(app: Flask, session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY)
    session.rollback()

    answer = app.test_cli_runner().invoke(args=["reminders", "send", "--on", "21/03/2026"])

    assert answer.exit_code == 0
    assert "là ngày nghỉ" in answer.output
    assert smtp.messages == []


def test_send_ends_with_1_when_a_mail_had_to_be_given_up(app: Flask, session: Session, make: Factory, smtp: Sink
                                                         ) -> None:
    mail = poisoned(session, make)

    with time_machine.travel(NOW, tick=False):
        answer = app.test_cli_runner().invoke(args=["reminders", "send"])

    session.expire_all()
    assert answer.exit_code == 1
    assert "không gửi được 1" in answer.output
    assert mail.state is MailState.PARKED


def test_a_tick_does_once_what_the_clock_does(app: Flask, session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY)
    session.rollback()

    with time_machine.travel(NOW, tick=False):
        answer = app.test_cli_runner().invoke(args=["reminders", "tick"])
        again = app.test_cli_runner().invoke(args=["reminders", "tick"])

    assert answer.exit_code == again.exit_code == 0
    assert "morning: digest 1\n" in answer.output
    assert "deliver: sent 1\n" in answer.output
    assert "morning:" not in again.output
    assert len(smtp.messages) == 1


def run_scheduler(tmp_path: Path, **settings: str) -> subprocess.Popen[str]:
    environ = {"PATH": os.environ["PATH"], "TRACKER_INSTANCE": str(tmp_path), "PYTHONUNBUFFERED": "1", **settings}
    return subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "scheduler"], env=environ, cwd=ROOT,
                            stderr=subprocess.PIPE, text=True)


def test_the_scheduler_names_the_settings_it_lacks(tmp_path: Path) -> None:
    process = run_scheduler(tmp_path)

    _out, errors = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "TRACKER_MAIL_SERVER" in errors


def test_the_scheduler_runs_as_its_own_process_and_stops_when_told(tmp_path: Path) -> None:
    process = run_scheduler(tmp_path, TRACKER_SECRET_KEY="x", TRACKER_BASE_URL="https://dondoc.example",
                            TRACKER_MAIL_SERVER="127.0.0.1", TRACKER_MAIL_SENDER="a@dondoc.example")
    assert process.stderr is not None

    for line in process.stderr:
        if "Scheduler started" in line:
            break
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)

    assert process.returncode == 0
