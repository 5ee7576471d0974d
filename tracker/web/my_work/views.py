"""What the agency of a liaison owes, most pressing first."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.reports import my_work
from tracker.reports.my_work import MOST_COUNTED, WorkFilter
from tracker.reports.replies import count_waiting
from tracker.rules.permissions import Permission
from tracker.rules.states import OWED, AssignmentState, TaskRole
from tracker.web.guard import needs, person
from tracker.web.my_work import bp
from tracker.web.words import word
from tracker.workflow.saved_views import LONGEST_NAME, views_of

#: Longer texts can be opened in their row (on a phone two lines hold no more); what is longer still is read on the
#: task's own page.
TWO_LINES, LONGEST_TEXT = 70, 600


@dataclass(frozen=True)
class Chip:
    """One condition of the filter in words, and the address without it."""

    words: str
    away: str


@bp.route("/")
@needs(Permission.PROGRESS_REPORT)
def index() -> ResponseReturnValue:
    """Show the desk; `?group=late` shows one group, page by page."""
    return show_desk(WorkFilter.from_args(request.args), after=request.args.get("after"))


@bp.route("/rows/<int:assignment_id>")
@needs(Permission.PROGRESS_REPORT)
def row(assignment_id: int) -> ResponseReturnValue:
    """Give one row of the desk and the counts as they are now, to be put in the place of older ones."""
    wanted, today = WorkFilter.from_args(request.args), clock.today()
    return render_template(
        "my_work/row.html", job=my_work.job_for(db.session(), person(), assignment_id), wanted=wanted,
        counts=my_work.counts(db.session(), person(), wanted, today=today),
        **_row_words(_address(wanted, request.args.get("after"))),
    )


def show_desk(wanted: WorkFilter, *, after: str | None = None, name: str = "", name_error: str = "") -> str:
    """Make the desk; `name` and `name_error` are of a view that could not be saved."""
    session, user, today = db.session(), person(), clock.today()
    plans = my_work.plans_of_agency(session, user)
    here = wanted.group
    return render_template(
        "my_work/index.html", wanted=wanted, plans=plans, chips=_chips(wanted, plans), views=views_of(session, user),
        counts=my_work.counts(session, user, wanted, today=today), to_do=my_work.TO_DO,
        desk=None if here else my_work.desk(session, user, wanted, today=today),
        page=my_work.group_page(session, user, wanted, here, today=today, after=after) if here else None,
        name=name, name_error=name_error, longest_name=LONGEST_NAME, replies=count_waiting(session, user),
        **_row_words(_address(wanted, after)),
    )


def _row_words(back: str) -> dict[str, Any]:
    """Give what every row needs: where to come back to, which answers are open."""
    return {"back": back, "owed": OWED, "returned": AssignmentState.RETURNED, "most_counted": MOST_COUNTED,
            "two_lines": TWO_LINES, "longest_text": LONGEST_TEXT, "roles": TaskRole}


def _address(wanted: WorkFilter, after: str | None) -> str:
    return url_for("my_work.index", **wanted.to_args(), after=after)


def _chips(wanted: WorkFilter, plans: list[tuple[int, str]]) -> list[Chip]:
    """Say each condition but the group, which has its own row of buttons."""
    found: list[tuple[str, str]] = []
    if wanted.q:
        found.append(("q", _("Tìm: “%(words)s”", words=wanted.q)))
    if wanted.plan_id is not None:
        name = dict(plans).get(wanted.plan_id, _("không còn trong danh sách"))
        found.append(("plan", _("Kế hoạch: %(name)s", name=name)))
    if wanted.parts is not None:
        found.append(("parts", _("Vai trò: %(role)s", role=word(wanted.parts))))
    if wanted.mine:
        found.append(("mine", _("Chỉ việc giao cho tôi")))
    return [Chip(words, url_for("my_work.index", **wanted.without(key))) for key, words in found]
