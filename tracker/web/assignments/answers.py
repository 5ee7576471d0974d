"""Answers with one press: nothing changed, done; and taking a report back."""
from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.web.accounts.next_page import next_page
from tracker.web.assignments import bp
from tracker.web.assignments.forms import QuickForm
from tracker.web.assignments.reporting import saved_message, to_report
from tracker.web.downloads import evidence_folder
from tracker.web.guard import actor, needs, person
from tracker.web.refusals import explain
from tracker.workflow import drafts, progress, uploading
from tracker.workflow.progress import NoEvidence, QuickAnswer


@bp.route("/<int:assignment_id>/answer", methods=["POST"])
@needs(Permission.PROGRESS_REPORT)
def quick_answer(assignment_id: int) -> ResponseReturnValue:
    """Report with one press (answer: no_change or done); done without any evidence opens the form at its files."""
    assignment, session = to_report(assignment_id), db.session()
    if request.form.get("answer") not in set(QuickAnswer):
        abort(400)
    answer = QuickAnswer(request.form["answer"])
    files = uploading.staged(session, assignment, person()) if answer is QuickAnswer.DONE else ()
    try:
        progress.quick_answer(
            session, assignment, answer, actor=actor(), draft_files=files, evidence_folder=evidence_folder(),
            expected_version=QuickForm().seen_version or None, today=clock.today(), now=clock.now(),
        )  # fmt: skip
    except NoEvidence:
        session.rollback()
        flash(_("Để báo hoàn thành, hãy đính kèm minh chứng hoặc ghi số và ngày văn bản."), "info")
        return redirect(url_for("assignments.report_progress", assignment_id=assignment.id, done=1,
                                next=request.form.get("next")))
    except Refusal as refusal:
        session.rollback()
        flash(explain(refusal), "error")
        return redirect(_back())
    if answer is QuickAnswer.DONE:
        drafts.forget(session, assignment, person())
    session.commit()
    flash(saved_message(assignment))
    return redirect(_back())


def _back() -> str:
    wanted = request.values.get("next")
    return next_page(wanted) if wanted else url_for("my_work.index")


@bp.route("/<int:assignment_id>/withdraw", methods=["POST"])
@needs(Permission.PROGRESS_WITHDRAW)
def withdraw_report(assignment_id: int) -> ResponseReturnValue:
    """Take back the report that waits; the form then starts from it."""
    assignment = to_report(assignment_id)
    try:
        progress.withdraw(db.session(), assignment, actor=actor(),
                          expected_version=QuickForm().seen_version or None, now=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        flash(explain(refusal), "error")
    else:
        db.session.commit()
        flash(_("Đã rút lại báo cáo. Nhiệm vụ trở về “Đang thực hiện”; nội dung đã báo cáo còn trong lịch sử."))
    wanted = request.values.get("next")
    return redirect(next_page(wanted) if wanted else url_for("assignments.show", assignment_id=assignment.id))
