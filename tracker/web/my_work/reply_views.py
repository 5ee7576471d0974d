"""Answers by mail: read by their writer, made the draft of a report, or laid aside. None is a report by itself."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import clock
from tracker.extensions import db
from tracker.reports import replies as lists
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import IncomingState
from tracker.web.assignments.ask_forms import number
from tracker.web.assignments.reporting import to_report
from tracker.web.guard import actor, needs, person
from tracker.web.my_work import bp
from tracker.web.refusals import explain
from tracker.workflow import replies as replies_
from tracker.workflow.replies import ReplySettled, reply_for


@bp.route("/replies")
@needs(Permission.PROGRESS_REPORT)
def replies() -> ResponseReturnValue:
    """List one's own answers that wait; `?settled=1` those that were used or laid aside."""
    waiting = "settled" not in request.args
    page = lists.page_of(db.session(), person(), waiting=waiting, after=request.args.get("after"))
    return render_template("my_work/replies.html", page=page, waiting=waiting)


@bp.route("/replies/<int:reply_id>")
@needs(Permission.PROGRESS_REPORT)
def reply(reply_id: int) -> ResponseReturnValue:
    """Show one answer, and the work that it may be about."""
    return _page(reply_id)


@bp.route("/replies/<int:reply_id>/use", methods=["POST"])
@needs(Permission.PROGRESS_REPORT)
def use_reply(reply_id: int) -> ResponseReturnValue:
    """Put the answer into the draft of the chosen assignment, and open that report."""
    found, chosen = reply_for(db.session(), person(), reply_id), number(request.form.get("assignment"))
    if not chosen:
        return _page(reply_id, refused=_("Hãy chọn nhiệm vụ mà thư này báo cáo.")), 422
    assignment = to_report(chosen)
    try:
        left_out = replies_.use(db.session(), found, assignment, actor=actor(), now=clock.now())
    except Refusal as refusal:
        return _refused(reply_id, refusal, chosen)
    db.session.commit()
    flash(_("Đã đưa thư vào bản nháp. Đây chưa phải báo cáo: hãy đọc lại, sửa nếu cần rồi bấm gửi."))
    if left_out:
        flash(ngettext("Còn %(num)d tệp không đưa vào được vì bản nháp đã đủ tệp.",
                       "Còn %(num)d tệp không đưa vào được vì bản nháp đã đủ tệp.", left_out), "warning")
    return redirect(url_for("assignments.report_progress", assignment_id=assignment.id))


@bp.route("/replies/<int:reply_id>/discard", methods=["POST"])
@needs(Permission.PROGRESS_REPORT)
def discard_reply(reply_id: int) -> ResponseReturnValue:
    """Lay an answer aside; it stays readable and can be taken up again."""
    found = reply_for(db.session(), person(), reply_id)
    try:
        replies_.discard(db.session(), found, actor=actor(), now=clock.now())
    except Refusal as refusal:
        return _refused(reply_id, refusal)
    db.session.commit()
    flash(_("Đã bỏ thư khỏi danh sách chờ. Thư còn trong mục “Đã xử lý” và lấy lại được."))
    return redirect(url_for("my_work.replies"))


@bp.route("/replies/<int:reply_id>/restore", methods=["POST"])
@needs(Permission.PROGRESS_REPORT)
def restore_reply(reply_id: int) -> ResponseReturnValue:
    """Take an answer up again that was laid aside."""
    found = reply_for(db.session(), person(), reply_id)
    try:
        replies_.restore(db.session(), found, actor=actor(), now=clock.now())
    except Refusal as refusal:
        return _refused(reply_id, refusal)
    db.session.commit()
    return redirect(url_for("my_work.reply", reply_id=found.id))


def _refused(reply_id: int, refusal: Refusal, chosen: int = 0) -> ResponseReturnValue:
    db.session.rollback()
    return _page(reply_id, refused=explain(refusal), chosen=chosen), 409 if isinstance(refusal, ReplySettled) else 422


def _page(reply_id: int, *, refused: str = "", chosen: int = 0) -> str:
    session, user = db.session(), person()
    found = reply_for(session, user, reply_id)
    offered = found.state is IncomingState.OFFERED
    usable = offered and bool(found.text or any(file.sha256 for file in found.files))
    return render_template(
        "my_work/reply.html", reply=found, refused=refused, chosen=chosen or found.assignment_id, offered=offered,
        candidates=lists.candidates(session, user, found) if usable else None,
        discarded=found.state is IncomingState.DISCARDED, most_others=lists.MOST_OTHERS,
    )
