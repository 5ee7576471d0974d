"""The front page."""
from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.extensions import db
from tracker.reports.assignment_list import AssignmentFilter, ListView
from tracker.reports.front_page import front_page
from tracker.rules.permissions import Permission
from tracker.web.front import bp
from tracker.web.guard import needs, person


@bp.route("/")
@needs(Permission.SELF)
def home() -> ResponseReturnValue:
    """Show what a person's work looks like today; `?all=1` gives the tables with all their lines."""
    page = front_page(db.session(), person(), today=clock.today(), whole=request.args.get("all") == "1")
    return render_template("front/home.html", page=page, ListView=ListView, list_url=_list_url)


def _list_url(**wanted: object) -> str:
    """Give the address of the list behind a number."""
    return url_for("assignments.index", **AssignmentFilter(**wanted).to_args())  # type: ignore[arg-type]
