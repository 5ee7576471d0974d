"""Deciding on a report: accepting it, or returning it with a reason."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.models import Assignment
from tracker.models.access import assignment_for, may_review
from tracker.reports.assignment_list import AssignmentFilter, page
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import AssignmentState, Decision, NotAllowedNow
from tracker.web.assignments import bp
from tracker.web.assignments.forms import DecisionForm
from tracker.web.assignments.views import show_page
from tracker.web.guard import actor, needs, person
from tracker.web.refusals import explain
from tracker.workflow import acceptance
from tracker.workflow.progress import ChangedMeanwhile


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
