"""What the agency of a liaison owes, most pressing first."""
from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.extensions import db
from tracker.reports import my_work
from tracker.reports.my_work import WorkGroup
from tracker.rules.permissions import Permission
from tracker.rules.states import OWED
from tracker.web.guard import needs, person
from tracker.web.my_work import bp


@bp.route("/")
@needs(Permission.PROGRESS_REPORT)
def index() -> ResponseReturnValue:
    """Show the desk; `?group=late` shows one group, page by page."""
    today = clock.today()
    desk = my_work.desk(db.session(), person(), today=today)
    group = _wanted_group()
    if group is None:
        return render_template("my_work/index.html", desk=desk, group=None, owed=OWED)
    page = my_work.group_page(db.session(), person(), group, today=today, after=request.args.get("after"))
    return render_template("my_work/index.html", desk=desk, group=group, page=page, owed=OWED)


def _wanted_group() -> WorkGroup | None:
    wanted = request.args.get("group")
    return WorkGroup(wanted) if wanted in set(WorkGroup) else None
