"""The clock: whether it is alive, what its jobs did, what waits to be sent."""
from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import clock as time
from tracker.extensions import db
from tracker.models.policy import load_policy
from tracker.reminders.ticking import check
from tracker.reports.clock_health import clock_health, daily_runs, has_stopped
from tracker.rules.clock import is_dead
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import JobState, MailState
from tracker.web.admin import bp
from tracker.web.admin.clock_words import HOURS, JOBS, result_words
from tracker.web.guard import actor, needs
from tracker.web.refusals import explain
from tracker.workflow.clock import forget_future


@bp.route("/clock")
@needs(Permission.CLOCK_READ)
def clock() -> ResponseReturnValue:
    """Show how the clock does, each job's newest run, and the runs before."""
    now, session = time.now(), db.session()
    runs = daily_runs(session, after=request.args.get("after"))
    return render_template(
        "admin/clock.html", health=clock_health(session, now=now), runs=runs, is_silent=lambda at: is_dead(at, now),
        send_at=load_policy(session).send_at, refusal=_refusal(), job_words=JOBS, hours=HOURS, states=JobState,
        is_stuck=lambda run: has_stopped(run, now), parked=MailState.PARKED,
        result_words=result_words, span=span, took=took,
    )  # fmt: skip


@bp.route("/clock/forget-future", methods=["GET", "POST"])
@needs(Permission.MAIL_MANAGE)
def forget_future_runs() -> ResponseReturnValue:
    """Ask whether runs of days that have not come yet shall be forgotten, and forget them."""
    now = time.now()
    if request.method == "POST":
        number = forget_future(db.session(), actor=actor(), now=now)
        db.session.commit()
        flash(ngettext("Đã xóa %(num)d lần chạy ghi ngày chưa tới.",
                       "Đã xóa %(num)d lần chạy ghi ngày chưa tới.", number))
        return redirect(url_for("admin.clock"))
    health = clock_health(db.session(), now=now)
    if health.ahead is None:
        return redirect(url_for("admin.clock"))
    return render_template("admin/forget_future.html", health=health, job_words=JOBS)


def _refusal() -> str | None:
    """Say why the clock would not start, if it would not."""
    try:
        check(db.session())
    except Refusal as refusal:
        return explain(refusal)
    return None


def span(length: timedelta) -> str:
    """Write how long something has lasted, in its largest unit."""
    seconds = max(0, round(length.total_seconds()))
    if seconds < 60:
        words = ngettext("%(num)d giây", "%(num)d giây", seconds)
    elif seconds < 3600:
        words = ngettext("%(num)d phút", "%(num)d phút", seconds // 60)
    elif seconds < 2 * 86400:
        words = ngettext("%(num)d giờ", "%(num)d giờ", seconds // 3600)
    else:
        words = ngettext("%(num)d ngày", "%(num)d ngày", seconds // 86400)
    return str(words)


def took(length: timedelta) -> str:
    """Write how long a run took."""
    return str(_("dưới 1 giây")) if length < timedelta(seconds=1) else span(length)
