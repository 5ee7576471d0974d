"""Lists of assignments, one assignment with all that happened, its evidence."""
from __future__ import annotations

import unicodedata
from urllib.parse import quote

from flask import Response, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.config import Settings
from tracker.extensions import db
from tracker.models import Assignment
from tracker.models.access import NotVisible, assignment_for, evidence_for, may_report, may_review
from tracker.reports import assignment_list
from tracker.reports.assignment_list import AssignmentFilter, ListView
from tracker.reports.history import EventKind, history
from tracker.rules.folding import fold
from tracker.rules.permissions import Permission
from tracker.rules.standing import OfficialClass
from tracker.rules.states import OWED, AssignmentState
from tracker.web.assignments import bp
from tracker.web.assignments.forms import DecisionForm
from tracker.web.assignments.sentences import class_reason, due_reasons, filter_words
from tracker.web.guard import needs, person
from tracker.workflow.evidence import path_of


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
    """Show one assignment: what the plan says, by when, what was reported and decided."""
    return show_page(assignment_for(db.session(), person(), assignment_id))


def show_page(assignment: Assignment, form: DecisionForm | None = None, error: str | None = None) -> str:
    """Make the page of an assignment, with a decision that could not be saved when there is one."""
    events = history(db.session(), assignment)
    waiting = None
    if assignment.state is AssignmentState.SUBMITTED:
        waiting = next((event.update for event in events if event.kind is EventKind.REPORTED), None)
    deciding = waiting is not None and may_review(person(), assignment)
    if form is None:
        form = DecisionForm(formdata=None)
    form.version.data = form.version.data or str(assignment.version)
    return render_template(
        "assignments/show.html", assignment=assignment, words=plan_words(assignment), events=events, waiting=waiting,
        reasons=due_reasons(assignment), class_reason=class_reason(assignment), form=form, error=error,
        deciding=deciding, reporting=may_report(person(), assignment) and assignment.state in OWED,
    )


def plan_words(assignment: Assignment) -> str:
    """Give the piece of the plan's own text that the task comes from; what a person added has none."""
    provision = assignment.task.provision
    return assignment.plan.text[provision.start : provision.end].strip() if provision else ""


@bp.route("/evidence/<int:evidence_id>")
@needs(Permission.ASSIGNMENT_READ)
def evidence(evidence_id: int) -> ResponseReturnValue:
    """Hand out a file to be saved, never shown in the page's own right."""
    found = evidence_for(db.session(), person(), evidence_id)
    settings: Settings = current_app.extensions["settings"]
    path = path_of(settings.evidence_folder, found)
    if not path.is_file():
        current_app.logger.error("evidence %s: no file %s", found.id, found.sha256)
        raise NotVisible
    response: Response = send_file(path, mimetype=found.media_type, etag=found.sha256)
    response.headers["Content-Disposition"] = attachment(found.file_name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def attachment(name: str) -> str:
    """Give the header that names a file to be saved (RFC 6266, RFC 5987): in full, and in ASCII for old programs."""
    stem, dot, ending = unicodedata.normalize("NFC", name).rpartition(".")
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in " ._-()") else "_"
                    for letter in fold(stem)) or "tep"
    ascii_ending = "".join(letter for letter in ending if letter.isascii() and letter.isalnum())
    whole = quote(f"{stem}{dot}{ending}", safe="")
    return f"attachment; filename=\"{plain}{dot}{ascii_ending}\"; filename*=UTF-8''{whole}"


from tracker.web.assignments import reporting  # noqa: E402, F401 -- its views need show_page
