"""Who gets what tomorrow morning, in the whole province."""
from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.extensions import db
from tracker.models.calendar import load_calendar
from tracker.models.policy import load_policy
from tracker.reports.list_arguments import read_day
from tracker.reports.morning_view import FURTHEST, MorningFilter, morning_page, next_morning
from tracker.rules.permissions import Permission
from tracker.rules.states import MORNING_KINDS, MailKind
from tracker.web.chase import bp
from tracker.web.guard import needs, person


def _is_other_day(wanted: MorningFilter) -> bool:
    """Tell that a day was asked for which can't be looked at, or is none; another is shown instead."""
    asked = request.args.get("day", "").strip()
    return bool(asked) and read_day(asked) != wanted.day


@bp.route("/morning")
@needs(Permission.REMINDER_READ)
def morning() -> ResponseReturnValue:
    """Show who is written to on the next working morning, or on a chosen one, and of what. Decides nothing."""
    today, upcoming = clock.today(), next_morning(db.session(), now=clock.now())
    wanted = MorningFilter.from_args(request.args, default=upcoming, today=today)
    found = morning_page(db.session(), person(), wanted, after=request.args.get("after"), today=clock.today())
    for_administrator = person().may(Permission.ACCOUNT_MANAGE)
    return render_template(
        "admin/morning.html" if for_administrator else "chase/morning.html", found=found, wanted=wanted,
        upcoming=upcoming, furthest=today + FURTHEST, kinds=[kind for kind in MailKind if kind in MORNING_KINDS],
        is_other_day=_is_other_day(wanted), send_at=load_policy(db.session()).send_at,
        is_working=load_calendar(db.session()).is_working(wanted.day),
    )  # fmt: skip
