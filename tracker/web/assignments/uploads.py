"""Files sent ahead of their report, one a request, by the script of the form."""
from __future__ import annotations

from typing import BinaryIO, cast

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from tracker import clock
from tracker.extensions import db
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import OWED
from tracker.web.assignments import bp
from tracker.web.assignments.reporting import to_report
from tracker.web.assignments.sentences import same_file_words
from tracker.web.downloads import evidence_folder
from tracker.web.formats import file_size
from tracker.web.guard import needs, person
from tracker.web.refusals import explain
from tracker.workflow import uploading
from tracker.workflow.evidence import Upload


@bp.route("/<int:assignment_id>/files", methods=["POST"])
@needs(Permission.PROGRESS_REPORT)
def upload_file(assignment_id: int) -> ResponseReturnValue:
    """Keep one file for the report that is being written, and say when the same was handed in before."""
    assignment = to_report(assignment_id)
    file = request.files.get("file")
    if not file or not file.filename:
        return jsonify(ok=False, message=_("Chưa có tệp nào được gửi.")), 400
    if assignment.state not in OWED:
        return jsonify(ok=False, message=_("Nhiệm vụ này không nhận thêm báo cáo.")), 409
    try:
        kept = uploading.stage(db.session(), assignment, person(), Upload(file.filename, cast(BinaryIO, file.stream)),
                               evidence_folder=evidence_folder(), now=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        return jsonify(ok=False, message=explain(refusal)), 422
    db.session.commit()
    earlier = same_file_words(uploading.earlier_use(db.session(), person(), kept.sha256))
    return jsonify(ok=True, id=kept.id, name=kept.file_name, size=str(file_size(kept.size)), notice=earlier,
                   remove=url_for("assignments.remove_file", file_id=kept.id))


@bp.route("/files/<int:file_id>/remove", methods=["POST"])
@needs(Permission.PROGRESS_REPORT)
def remove_file(file_id: int) -> ResponseReturnValue:
    """Take a file that was sent ahead out of the report."""
    file = uploading.draft_file_for(db.session(), person(), file_id)
    assignment_id = file.assignment_id
    if FlaskForm().validate_on_submit():
        uploading.drop(db.session(), file)
        db.session.commit()
    if request.headers.get("X-Requested-With") == "fetch":
        return jsonify(ok=True)
    return redirect(url_for("assignments.report_progress", assignment_id=assignment_id))
