"""Reporting on an assignment, and deciding on the report."""
from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.config import Settings
from tracker.extensions import db
from tracker.models import Assignment
from tracker.models.access import assignment_for, may_report, may_review
from tracker.reports.assignment_list import AssignmentFilter, page
from tracker.reports.history import latest_report
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import OWED, AssignmentState, Decision, NotAllowedNow
from tracker.web.assignments import bp
from tracker.web.assignments.forms import DecisionForm, ProgressForm, state_of
from tracker.web.assignments.sentences import due_reasons, saved_words
from tracker.web.assignments.views import plan_words, show_page
from tracker.web.guard import actor, needs, person
from tracker.web.refusals import explain
from tracker.workflow import acceptance, progress
from tracker.workflow.evidence import BadFiles, TooManyFiles, Upload
from tracker.workflow.progress import ChangedMeanwhile, FutureDocument, HalfDocument, NoEvidence, PercentUnderWay

#: Where on the form a refusal is shown; the others stand above it.
FIELD_OF: dict[type[Refusal], str] = {
    PercentUnderWay: "percent", HalfDocument: "document_number", FutureDocument: "document_on", NoEvidence: "files",
    TooManyFiles: "files",
}


@bp.route("/<int:assignment_id>/progress", methods=["GET", "POST"])
@needs(Permission.PROGRESS_REPORT)
def report_progress(assignment_id: int) -> ResponseReturnValue:
    """Report what was done; the form starts from the last report, and a failed save keeps all that was typed."""
    assignment = _to_report(assignment_id)
    form = ProgressForm() if request.method == "POST" else _filled(assignment)
    conflict = False
    if form.validate_on_submit():
        try:
            _report(assignment, form)
        except Refusal as refusal:
            db.session.rollback()
            _explain_on(form, refusal)
            if isinstance(refusal, ChangedMeanwhile | NotAllowedNow):
                conflict = True
                form.version.data = str(assignment.version)
        else:
            db.session.commit()
            flash(saved_words(assignment))
            return redirect(url_for("my_work.index"))
    return render_template(
        "assignments/report_progress.html", form=form, assignment=assignment, conflict=conflict,
        reportable=assignment.state in OWED, reasons=due_reasons(assignment),
        words=plan_words(assignment), last=latest_report(db.session(), assignment),
        lost_files=[file.filename for file in form.chosen_files],
    ), 409 if conflict else 200


def _to_report(assignment_id: int) -> Assignment:
    assignment = assignment_for(db.session(), person(), assignment_id)
    if not may_report(person(), assignment):
        abort(403)
    return assignment


def _filled(assignment: Assignment) -> ProgressForm:
    last = latest_report(db.session(), assignment)
    return ProgressForm(data={
        "state": AssignmentState.IN_PROGRESS.value,
        "percent": assignment.percent,
        "text": last.text if last else "",
        "difficulties": last.difficulties if last else "",
        "version": str(assignment.version),
    })  # fmt: skip


def _report(assignment: Assignment, form: ProgressForm) -> None:
    settings: Settings = current_app.extensions["settings"]
    progress.report(
        db.session(), assignment, actor=actor(), state=state_of(form), percent=form.percent.data or 0,
        text=form.text.data, difficulties=form.difficulties.data, document_number=form.document_number.data,
        document_on=form.document_on.data,
        files=[Upload(file.filename, file.stream) for file in form.chosen_files],
        evidence_folder=settings.evidence_folder, expected_version=form.seen_version, today=clock.today(),
        now=clock.now(),
    )  # fmt: skip


def _explain_on(form: ProgressForm, refusal: Refusal) -> None:
    """Put the words of a refusal where on the form they belong."""
    if isinstance(refusal, BadFiles):
        form.files.errors = [explain(problem) for problem in refusal.problems]
    elif type(refusal) in FIELD_OF:
        field = form[FIELD_OF[type(refusal)]]
        field.errors = [*field.errors, explain(refusal)]
    else:
        form.form_errors.append(explain(refusal))


@bp.route("/<int:assignment_id>/decision", methods=["POST"])
@needs(Permission.PROGRESS_REVIEW)
def decide(assignment_id: int) -> ResponseReturnValue:
    """Accept the report that waits, or return it with a reason."""
    assignment = assignment_for(db.session(), person(), assignment_id)
    if not may_review(person(), assignment):
        abort(403)
    form = DecisionForm()
    if not form.validate_on_submit():
        return show_page(assignment, form, next(iter(form.form_errors), None)), 400
    try:
        decision = _decide(assignment, form)
    except Refusal as refusal:
        db.session.rollback()
        conflict = isinstance(refusal, ChangedMeanwhile | NotAllowedNow)
        if conflict:
            form.version.data = str(assignment.version)
        return show_page(assignment, form, explain(refusal)), 409 if conflict else 200
    db.session.commit()
    _say_decided(assignment, decision)
    return redirect(url_for("assignments.index", state=AssignmentState.SUBMITTED.value))


def _decide(assignment: Assignment, form: DecisionForm) -> Decision:
    """Do what the pressed button says; any other word is no button of ours."""
    if request.form.get("decision") not in set(Decision):
        abort(400)
    decision = Decision(request.form["decision"])
    given: dict[str, Any] = {"actor": actor(), "expected_version": form.seen_version, "now": clock.now()}
    if decision is Decision.ACCEPTED:
        acceptance.accept(db.session(), assignment, **given)
    else:
        acceptance.return_(db.session(), assignment, reason=form.reason.data or "", **given)
    return decision


def _say_decided(assignment: Assignment, decision: Decision) -> None:
    left = page(db.session(), person(), AssignmentFilter(state=AssignmentState.SUBMITTED), today=clock.today(),
                limit=1).total
    if decision is Decision.ACCEPTED:
        flash(_("Đã xác nhận báo cáo của %(agency)s. Còn %(left)s báo cáo chờ xác nhận.",
                agency=assignment.agency.name, left=left))
    else:
        flash(_("Đã trả lại báo cáo; đầu mối của %(agency)s sẽ nhận thư kèm lý do. Còn %(left)s báo cáo chờ xác nhận.",
                agency=assignment.agency.name, left=left))
