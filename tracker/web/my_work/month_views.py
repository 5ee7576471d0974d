"""The agency's due days and report windows as a calendar."""
from __future__ import annotations

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.extensions import db
from tracker.reports import month as months
from tracker.rules.permissions import Permission
from tracker.rules.states import OWED
from tracker.web.guard import needs, person
from tracker.web.my_work import bp


@bp.route("/month")
@needs(Permission.PROGRESS_REPORT)
def month() -> ResponseReturnValue:
    """Show `?month=2026-11`, or everything that is due on `?day=2026-11-05`; anything else is the current month."""
    day = _day(request.args.get("day"))
    if day is not None:
        page = months.day_page(db.session(), person(), day, after=request.args.get("after"))
        return render_template("my_work/month_day.html", day=day, page=page, owed=OWED)
    first = months.read_month(request.args.get("month")) or clock.today().replace(day=1)
    return render_template("my_work/month.html", month=months.month_of(db.session(), person(), first), owed=OWED)


def _day(raw: str | None) -> date | None:
    """Read a day of a month that `read_month` would read too."""
    try:
        day = date.fromisoformat(raw or "")
    except ValueError:
        return None
    return day if months.read_month(f"{day:%Y-%m}") else None
