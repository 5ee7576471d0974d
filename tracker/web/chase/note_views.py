"""Note that somebody was called, met or written to; take such a note back on the same day."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.web.chase import bp
from tracker.web.chase.forms import NoteForm
from tracker.web.chase.picking import picked, wanted
from tracker.web.guard import actor, needs, person
from tracker.web.refusals import explain
from tracker.workflow import chasing


@bp.route("/note", methods=["POST"])
@needs(Permission.CHASE_SEND)
def note() -> ResponseReturnValue:
    """Show the form for what was picked, then keep what was written; nothing is mailed."""
    ids = picked()
    if not ids:
        flash(_("Chưa chọn việc nào. Hãy đánh dấu cơ quan hoặc việc cần đôn đốc."), "error")
        return redirect(url_for("chase.index", **wanted().to_args()))
    if "form_key" not in request.form:
        form = NoteForm(formdata=None)
        form.begin()
        return _show(form, ids)
    form = NoteForm()
    if not form.validate_on_submit():
        return _show(form, ids)
    try:
        chase = chasing.note_down(
            db.session(), actor(), ids, channel=form.channel.data, happened_on=form.happened_on.data,
            note=form.note.data, form_key=form.form_key.data, today=clock.today(), now=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        form.form_errors.append(explain(refusal))
        return _show(form, ids)
    db.session.commit()
    flash(_("Đã ghi nhận. Không có thư nào được gửi."))
    return redirect(url_for("chase.show", chase_id=chase.id))


@bp.route("/<int:chase_id>/forget", methods=["POST"])
@needs(Permission.CHASE_SEND)
def forget(chase_id: int) -> ResponseReturnValue:
    """Take back a note written by mistake; the page has asked before."""
    chase = chasing.chase_for(db.session(), person(), chase_id)
    try:
        chasing.forget_note(db.session(), actor(), chase, today=clock.today(), now=clock.now())
    except Refusal as refusal:
        flash(explain(refusal), "error")
        return redirect(url_for("chase.show", chase_id=chase_id))
    db.session.commit()
    flash(_("Đã bỏ ghi nhận."))
    return redirect(url_for("chase.index"))


def _show(form: NoteForm, ids: list[int]) -> ResponseReturnValue:
    found = chasing.preview(db.session(), person(), ids, today=clock.today(), insist=True)
    if not found.agencies:
        flash(_("Không còn việc nào quá hạn trong số đã chọn."), "error")
        return redirect(url_for("chase.index", **wanted().to_args()))
    return render_template("chase/note.html", form=form, found=found, wanted=wanted(), ids=ids)
