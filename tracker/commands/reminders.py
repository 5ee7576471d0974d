"""`flask --app app reminders …` and `flask --app app scheduler`: what the clock does, looked at and done by hand."""
from __future__ import annotations

import logging
import signal
import sys
from datetime import date, datetime
from threading import Event
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.config import MissingSetting, Settings
from tracker.extensions import db
from tracker.models import Assignment
from tracker.models.calendar import load_calendar
from tracker.reminders.deciding import PlannedMail, decide, plan_morning
from tracker.reminders.delivering import deliver_due
from tracker.reminders.scheduler import machine, run_until
from tracker.reminders.ticking import check, tick
from tracker.rules.errors import Refusal
from tracker.rules.standing import last_day_in_time
from tracker.rules.states import MailKind

group = AppGroup("reminders", help="Reminders: who would get what and why; send what is due now.")

KINDS = {MailKind.DIGEST: "nhắc việc", MailKind.ESCALATION: "báo cáo lên cấp trên",
         MailKind.WEEKLY: "tuần của cơ quan thường trực", MailKind.MONTHLY: "tháng của lãnh đạo"}
#: A task's words on one line of a terminal.
WORDS_SHOWN = 70


class Day(click.ParamType[date]):
    """A date as 2026-03-18 or 18/03/2026."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a date, or fail with a sentence that shows both ways to write one."""
        if isinstance(value, date):
            return value
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(value, form).date()  # noqa: DTZ007
            except ValueError:
                continue
        raise click.BadParameter(f"{value!r}: viết ngày như 18/03/2026 hoặc 2026-03-18.", ctx, param)


@group.command("plan")
@click.option("--on", "day", type=Day(), default=None, help="The day to look at; today when left out.")
def plan(day: date | None) -> None:
    """Say who would get which mail on a day, and why. Changes nothing."""
    day = day or clock.today()
    morning = plan_morning(db.session(), today=day, seen_on=min(day, clock.today()))
    for mail in morning.mails:
        _show(mail, day)
    for nobody in morning.unreached:
        click.echo(f"KHÔNG CÓ NGƯỜI NHẬN · {nobody.agency}: {nobody.items} việc đến hạn hoặc quá hạn")
    if not morning.mails and not load_calendar(db.session()).is_working(day):
        click.echo(f"{_day(day)} là ngày nghỉ: không nhắc việc.")
        return
    click.echo(
        f"{_day(day)}: {len(morning.mails)} thư, {sum(len(mail.items) for mail in morning.mails)} lượt nhắc; "
        f"{len(morning.unreached)} cơ quan không có người nhận."
    )


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _show(mail: PlannedMail, day: date) -> None:
    rows = {row.id: row for row in db.session().scalars(
        select(Assignment).where(Assignment.id.in_([item.assignment_id for item in mail.items]))
        .options(joinedload(Assignment.task), joinedload(Assignment.plan)))}
    click.echo(f"{mail.person.name} <{mail.person.email}> · {KINDS[mail.kind]}")
    for item in mail.items:
        row = rows[item.assignment_id]
        due_on = last_day_in_time(row.due_on, row.grace_until)
        words = " ".join(row.task.text.split())
        shown = words if len(words) <= WORDS_SHOWN else words[: WORDS_SHOWN - 1].rstrip() + "…"
        when = f"hạn {_day(due_on)}, {_standing((due_on - day).days):<17}" if due_on else ""
        click.echo(f"  mốc {_why(item.step):<24} {when} {row.plan.number or '–'}: {shown}")
    click.echo("")


def _why(step: str) -> str:
    """Say a step's name in words."""
    name, _bar, days = step.partition("_")
    return {"before": f"trước {days} ngày làm việc", "due": "đến hạn", "after": f"quá hạn {days} ngày làm việc",
            "late": "quá hạn lâu", "very": "quá hạn rất lâu", "opened": "kỳ báo cáo mở",
            "accepted": "báo cáo được xác nhận"}[name]


def _standing(days_left: int) -> str:
    if days_left < 0:
        return f"quá hạn {-days_left} ngày"
    return f"còn {days_left} ngày" if days_left else "hạn hôm nay"


@group.command("send")
@click.option("--on", "day", type=Day(), default=None,
              help="Decide as on this day (for trials); today when left out. The mails leave now.")
def send(day: date | None) -> None:
    """Decide the day's digests and send everything that is waiting. Ends with 1 when a mail had to be given up."""
    _check_settings()
    day = day or clock.today()
    if not load_calendar(db.session()).is_working(day):
        click.echo(f"{_day(day)} là ngày nghỉ: không nhắc việc; chỉ gửi các thư khác đang chờ.")
    now = clock.now()
    decided = decide(db.session(), today=day, now=now)
    delivered = deliver_due(db.session(), now=now, today=day)
    counts = "; ".join(f"{KINDS[kind]} {number} thư" for kind, number in sorted(decided.items())) or "không có thư mới"
    click.echo(
        f"{_day(day)}: {counts}. "
        f"Đã gửi {delivered.sent}, sẽ gửi lại {delivered.failed}, "
        f"không gửi được {delivered.parked}, không còn cần gửi {delivered.dropped}."
    )
    if delivered.parked:
        sys.exit(1)


@group.command("tick")
def tick_once() -> None:
    """Do once what the clock does every minute (for cron, every minute). Ends with 1 when a job failed."""
    _check_settings()
    _check_look_back()
    done = tick(db.session(), now=clock.now(), machine=machine())
    for name, result in done.items():
        numbers = "lỗi, xem nhật ký" if result is None else ", ".join(f"{what} {n}" for what, n in result.items() if n)
        click.echo(f"{name}: {numbers or 'xong'}")
    if None in done.values():
        sys.exit(1)


@click.command("scheduler")
@with_appcontext
def scheduler() -> None:
    """Run the clock in this process until it is stopped (TRACKER_SCHEDULER=off for the web server then)."""
    _check_settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stopped = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _signal, _frame: stopped.set())
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        run_until(app, stopped)
    except Refusal as refusal:
        raise click.ClickException(_explain(refusal)) from None


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run the clock's work as jobs in this process until it is stopped (TRACKER_JOBS=procrastinate, PostgreSQL)."""
    _check_settings()
    _check_look_back()
    settings: Settings = current_app.extensions["settings"]
    if settings.jobs != "procrastinate":
        raise click.ClickException(
            "Hãy đặt TRACKER_JOBS=procrastinate và DATABASE_URL của PostgreSQL; không có PostgreSQL thì dùng lệnh "
            "`flask --app app scheduler`."
        )
    from tracker.reminders.worker import run_worker

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    run_worker(app)


def _check_look_back() -> None:
    try:
        check(db.session())
    except Refusal as refusal:
        raise click.ClickException(_explain(refusal)) from None


def _explain(refusal: Refusal) -> str:
    return str(current_app.extensions["explain"](refusal))


def _check_settings() -> None:
    settings: Settings = current_app.extensions["settings"]
    try:
        settings.check_complete()
    except MissingSetting as missing:
        raise click.ClickException(str(missing)) from None
