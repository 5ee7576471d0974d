"""The grid: what an agency owes as a table to fill in, saved in one go, each row for itself."""
from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import clock
from tracker.extensions import db
from tracker.models.access import NotVisible
from tracker.models.base import LARGEST_ID
from tracker.reports import grid as owed
from tracker.rules.permissions import Permission
from tracker.rules.states import ReportChannel
from tracker.web.guard import actor, needs, person
from tracker.web.my_work import bp
from tracker.web.my_work.grid_forms import Line, fresh, over_what_stands, tell, typed
from tracker.workflow.reporting_many import Ended, report_many


@bp.route("/grid", methods=["GET", "POST"])
@needs(Permission.PROGRESS_REPORT)
def grid() -> ResponseReturnValue:
    """Show what the agency owes as a table; save every row that was changed, and show again what could not be saved."""
    if request.method == "POST":
        return _save()
    page = owed.owed_page(db.session(), person(), today=clock.today(), plan_id=_plan_id(),
                          after=request.args.get("after"))
    return _page([fresh(row) for row in page.rows], page)


def _page(lines: list[Line], page: Any, saved: int = 0) -> str:
    care = [line for line in lines if line.needs_care]
    return render_template(
        "my_work/grid.html", lines=lines, page=page, care=care, saved=saved, Ended=Ended,
        plans=owed.plans_owed(db.session(), person()), plan_id=_plan_id(), after=request.args.get("after"),
        args=_args(),
    )


def _save() -> ResponseReturnValue:
    lines = _sent()
    readable = [line for line in lines if line.ended is None]
    outcomes = report_many(
        db.session(), [line.form.row_input(line.row.assignment.id) for line in readable], actor=actor(),
        channel=ReportChannel.GRID, today=clock.today(), now=clock.now(),
    )
    for line, outcome in zip(readable, outcomes, strict=True):
        tell(line, outcome)
    db.session.commit()
    saved = sum(line.ended is Ended.SAVED for line in lines)
    if not any(line.needs_care for line in lines):
        flash(_saved_words(saved), "success" if saved else "info")
        return redirect(url_for("my_work.grid", **_args(), after=request.args.get("after")))
    conflict = any(line.ended in {Ended.CONFLICT, Ended.NOT_OWED} for line in lines)
    return _page_again(lines, saved), 409 if conflict else 200


def _page_again(lines: list[Line], saved: int) -> str:
    """Show the same rows: those that were saved as they stand now, the others as they were typed."""
    now = owed.rows_of(db.session(), person(), [line.row.assignment.id for line in lines])
    shown = []
    for line in lines:
        row = now[line.row.assignment.id]
        if line.needs_care:
            over_what_stands(line, row)
            shown.append(line)
        else:
            shown.append(fresh(row, line.ended))
    page = owed.owed_page(db.session(), person(), today=clock.today(), plan_id=_plan_id(), limit=1)
    return _page(shown, replace(page, is_first=False, next_after=None), saved)


def _sent() -> list[Line]:
    """Read the rows that were sent, in their order. Raises NotVisible when one is not this agency's."""
    raw = dict.fromkeys(request.form.getlist("row")[: owed.GRID_ROWS])
    ids = [int(number) for number in raw if re.fullmatch(r"[0-9]{1,10}", number) and int(number) <= LARGEST_ID]
    found = owed.rows_of(db.session(), person(), ids)
    if len(found) != len(set(ids)):
        raise NotVisible
    return [typed(found[number], request.form) for number in ids]


def _saved_words(saved: int) -> str:
    if not saved:
        return str(_("Không có dòng nào thay đổi nên không lưu gì."))
    return str(ngettext("Đã lưu %(num)d dòng.", "Đã lưu %(num)d dòng.", saved))


def _plan_id() -> int | None:
    raw = request.args.get("plan", "")
    return int(raw) if re.fullmatch(r"[0-9]{1,10}", raw) and 0 < int(raw) <= LARGEST_ID else None


def _args() -> dict[str, Any]:
    plan_id = _plan_id()
    return {} if plan_id is None else {"plan": plan_id}
