"""Lists of assignments, one assignment with all that happened, its evidence."""
from __future__ import annotations

from flask import current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.extensions import db
from tracker.models.access import NotVisible, assignment_for, evidence_for
from tracker.reports import assignment_list
from tracker.reports.assignment_list import AssignmentFilter, ListView
from tracker.rules.permissions import Permission
from tracker.rules.standing import OfficialClass
from tracker.rules.states import OWED, AssignmentState
from tracker.web.assignments import bp
from tracker.web.assignments.page import plan_words, show_page
from tracker.web.assignments.sentences import filter_words
from tracker.web.downloads import evidence_folder, to_save
from tracker.web.guard import needs, person
from tracker.workflow.evidence import path_of

__all__ = ["plan_words", "show_page"]

#: A file in a tab of its own may do nothing: no script, no form, no origin, nothing loaded.
LOCKED = "sandbox; default-src 'none'"
#: What is looked at in the browser, and what it may do there.
_PICTURE = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
VIEWED = dict.fromkeys(("image/png", "image/jpeg", "image/webp", "image/gif"), _PICTURE) | {"application/pdf": LOCKED}


@bp.route("/")
@needs(Permission.ASSIGNMENT_READ)
def index() -> ResponseReturnValue:
    """List assignments: exactly those behind a number of another page, or what a person searches for."""
    wanted = AssignmentFilter.from_args(request.args)
    page = assignment_list.page(db.session(), person(), wanted, today=clock.today(), after=request.args.get("after"))
    choices = assignment_list.choices(db.session(), person())
    return render_template(
        "assignments/index.html", wanted=wanted, page=page, choices=choices,
        filtered=filter_words(wanted, choices, page.rows),
        views=ListView, classes=OfficialClass, states=AssignmentState, owed=OWED,
    )


@bp.route("/<int:assignment_id>")
@needs(Permission.ASSIGNMENT_READ)
def show(assignment_id: int) -> ResponseReturnValue:
    """Show one assignment: what to do now, what was asked, said, reported and decided."""
    return show_page(assignment_for(db.session(), person(), assignment_id))


@bp.route("/evidence/<int:evidence_id>")
@needs(Permission.ASSIGNMENT_READ)
def evidence(evidence_id: int) -> ResponseReturnValue:
    """Hand out a file to be saved; `?view=1` shows pictures and PDFs in a tab that may do nothing."""
    found = evidence_for(db.session(), person(), evidence_id)
    path = path_of(evidence_folder(), found)
    if not path.is_file():
        current_app.logger.error("evidence %s: no file %s", found.id, found.sha256)
        raise NotVisible
    viewed = "view" in request.args and found.media_type in VIEWED
    response = to_save(send_file(path, mimetype=found.media_type, etag=found.sha256), found.file_name, inline=viewed)
    response.headers["Content-Security-Policy"] = VIEWED[found.media_type] if viewed else LOCKED
    return response


from tracker.web.assignments import answers, deciding, drafts, reporting, uploads  # noqa: E402, F401 -- they need show_page
