"""Writing in the thread of an assignment, and saying that a question needs no answer."""
from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.models import Assignment
from tracker.models.access import assignment_for, comment_for, may_answer, may_write
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.web.assignments import bp
from tracker.web.assignments.ask_forms import CommentForm, number
from tracker.web.assignments.page import show_page
from tracker.web.guard import actor, needs, person
from tracker.web.refusals import explain
from tracker.workflow import discussing


@bp.route("/<int:assignment_id>/thread", methods=["POST"])
@needs(Permission.THREAD_WRITE)
def write_comment(assignment_id: int) -> ResponseReturnValue:
    """Say something in the thread; what was typed survives a refusal."""
    assignment = assignment_for(db.session(), person(), assignment_id)
    if not may_write(person(), assignment):
        abort(403)
    form = CommentForm()
    mentioned = {number(raw) for raw in request.form.getlist("mentioned")}
    if not form.validate_on_submit():
        return show_page(assignment, error=next(iter(form.form_errors), None), comment=form, mentioned=mentioned), 400
    named = [one for one in discussing.people(db.session(), assignment) if one.id in mentioned]
    try:
        comment = discussing.write(
            db.session(), assignment, actor=actor(), text=form.text.data or "", is_question=form.is_question.data,
            mentioned=named, form_key=form.form_key.data or "", now=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        db.session.rollback()
        form.text.errors = [explain(refusal)]
        return show_page(assignment, comment=form, mentioned=mentioned), 400
    db.session.commit()
    if comment.is_question:
        flash(_("Đã gửi câu hỏi tới %(coordinator)s.", coordinator=assignment.plan.coordinator.name))
    else:
        flash(_("Đã gửi trao đổi."))
    return _back(assignment)


@bp.route("/thread/<int:comment_id>/settle", methods=["POST"])
@needs(Permission.REQUEST_DECIDE)
def settle_question(comment_id: int) -> ResponseReturnValue:
    """Say that a question needs no answer (any more)."""
    comment = comment_for(db.session(), person(), comment_id)
    if not may_answer(person(), comment.assignment):
        abort(403)
    discussing.settle(db.session(), comment, actor=actor(), now=clock.now())
    db.session.commit()
    flash(_("Đã ghi: câu hỏi không cần trả lời."))
    return _back(comment.assignment)


def _back(assignment: Assignment) -> ResponseReturnValue:
    return redirect(url_for("assignments.show", assignment_id=assignment.id, _anchor="thread"))
