"""Drafts of reports: saved by the form's script every few seconds, dropped by a button, kept over a log-in."""
from __future__ import annotations

from collections.abc import Mapping

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.models import User
from tracker.models.access import NotVisible, assignment_for, may_report
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import OWED
from tracker.web.assignments import bp
from tracker.web.assignments.filling import typed_values
from tracker.web.assignments.reporting import to_report
from tracker.web.formats import moment
from tracker.web.guard import needs, person
from tracker.web.refusals import explain
from tracker.workflow import drafts


@bp.route("/<int:assignment_id>/draft", methods=["POST"])
@needs(Permission.PROGRESS_REPORT)
def save_draft(assignment_id: int) -> ResponseReturnValue:
    """Keep what has been typed so far; what may not be kept is told in words, and stays on the page."""
    assignment = to_report(assignment_id)
    sent = request.get_json(silent=True) if request.is_json else request.form
    values = typed_values(sent) if isinstance(sent, Mapping) else {}
    if not values:
        return jsonify(ok=False, message=_("Chưa nhập gì.")), 400
    if assignment.state not in OWED:
        return jsonify(ok=False, message=_("Nhiệm vụ này không nhận thêm báo cáo.")), 409
    try:
        draft = drafts.keep(db.session(), assignment, person(), values=values,
                            seen_version=version_in(sent or {}) or assignment.version, now=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        return jsonify(ok=False, message=explain(refusal)), 422
    db.session.commit()
    return jsonify(ok=True, message=_("Bản nháp lưu lúc %(moment)s", moment=moment(draft.saved_at)),
                   version=assignment.version)


def version_in(sent: Mapping[str, object]) -> int | None:
    """Give the version of the assignment that a form says it was made from."""
    raw = str(sent.get("version", ""))
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else None


@bp.route("/<int:assignment_id>/draft/drop", methods=["POST"])
@needs(Permission.PROGRESS_REPORT)
def drop_draft(assignment_id: int) -> ResponseReturnValue:
    """Throw a draft away; the form starts from the last report again."""
    assignment = to_report(assignment_id)
    drafts.forget(db.session(), assignment, person())
    db.session.commit()
    if request.headers.get("X-Requested-With") == "fetch":
        return jsonify(ok=True)
    return redirect(url_for("assignments.report_progress", assignment_id=assignment.id))


def keep_over_log_in(user: User, assignment_id: int, values: Mapping[str, str]) -> None:
    """Make a draft of what somebody had typed before logging in again. It is shown, never a report by itself."""
    session = db.session()
    try:
        assignment = assignment_for(session, user, assignment_id)
    except NotVisible:
        return
    typed = typed_values(values)
    if not typed or not may_report(user, assignment) or assignment.state not in OWED:
        return
    try:
        drafts.keep(session, assignment, user, values=typed, now=clock.now(),
                    seen_version=version_in(values) or assignment.version)
    except Refusal:
        session.rollback()
    else:
        session.commit()
