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

from tracker import clock
from tracker.config import MissingSetting, Settings
from tracker.extensions import db
from tracker.models.calendar import load_calendar
from tracker.reminders.deciding import DigestPlan, plan_day
from tracker.reminders.escalating import plan_escalations
from tracker.reminders.scheduler import run_until, send_morning

group = AppGroup("reminders", help="Reminders: who would get what and why; send what is due now.")

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
    """Say who would get which digest on a day, and why. Changes nothing."""
    day = day or clock.today()
    calendar = load_calendar(db.session())
    if not calendar.is_working(day):
        click.echo(f"{_day(day)} là ngày nghỉ: không nhắc việc.")
        return
    digests = plan_day(db.session(), today=day, calendar=calendar)
    reached = [digest for digest in digests if digest.recipient]
    unreached = [digest for digest in digests if not digest.recipient]
    for digest in (*reached, *unreached):
        _show(digest, day)
    for escalation in plan_escalations(db.session(), today=day, calendar=calendar):
        click.echo(f"{escalation.name} <{escalation.email}> · "
                   f"báo cáo lên cấp trên {len(escalation.told)} việc quá hạn lâu")
    click.echo(
        f"{_day(day)}: {len(reached)} thư, {sum(len(digest.items) for digest in reached)} lượt nhắc; "
        f"{len(unreached)} cơ quan không có người nhận."
    )


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _show(digest: DigestPlan, day: date) -> None:
    who = digest.recipient
    click.echo(f"{f'{who.name} <{who.email}>' if who else 'KHÔNG CÓ NGƯỜI NHẬN'} · {digest.agency}")
    for item in digest.items:
        words = " ".join(item.text.split())
        shown = words if len(words) <= WORDS_SHOWN else words[: WORDS_SHOWN - 1].rstrip() + "…"
        click.echo(f"  mốc {_why(item.step):<15} hạn {_day(item.due_on)}, {_standing((item.due_on - day).days):<17} "
                   f"{item.plan_number or '–'}: {shown}")
    click.echo("")


def _why(step: str) -> str:
    """Say a step's name in words."""
    name, _bar, days = step.partition("_")
    return {"before": f"trước {days} ngày", "due": "đến hạn", "overdue": f"quá hạn {days} ngày"}[name]


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
    decided, upwards, delivered = send_morning(db.session(), today=day, now=clock.now())
    click.echo(
        f"{_day(day)}: quyết định {decided} thư nhắc việc. {f'Báo cáo lên cấp trên {upwards} thư. ' if upwards else ''}"
        f"Đã gửi {delivered.sent}, sẽ gửi lại {delivered.failed}, "
        f"không gửi được {delivered.parked}, không còn cần gửi {delivered.dropped}."
    )
    if delivered.parked:
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
    run_until(app, stopped)


def _check_settings() -> None:
    settings: Settings = current_app.extensions["settings"]
    try:
        settings.check_complete()
    except MissingSetting as missing:
        raise click.ClickException(str(missing)) from None
