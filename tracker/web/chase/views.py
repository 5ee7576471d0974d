"""Pick what is late, see what would go out and to whom, send it, see what became of it."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import clock
from tracker.extensions import db
from tracker.models.base import LARGEST_ID
from tracker.reports.chase_board import BoardFilter, board, chased_agencies, recent_chases
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.web.chase import bp
from tracker.web.chase.forms import ChaseForm
from tracker.web.guard import actor, needs, person
from tracker.web.refusals import explain
from tracker.workflow import chasing


@bp.route("/")
@needs(Permission.CHASE_SEND)
def index() -> ResponseReturnValue:
    """Show everything late that this coordinator may chase."""
    wanted = _filter()
    found = board(db.session(), person(), wanted, today=clock.today(), after=request.args.get("after"))
    return render_template("chase/index.html", board=found, wanted=wanted,
                           recent=recent_chases(db.session(), person()))


@bp.route("/preview", methods=["POST"])
@needs(Permission.CHASE_SEND)
def preview() -> ResponseReturnValue:
    """Show what would go out to whom, with room for a line. Changes nothing; a POST because the list may be long."""
    wanted = _filter()
    only = _number("only")  # the button of one agency
    if only or request.form.get("scope") == "all":
        ids = chasing.all_late(db.session(), person(), today=clock.today(), plan_id=wanted.plan_id,
                               agency_id=only or wanted.agency_id)
    else:
        ids = _picked()
    if not ids:
        flash(_("Chưa chọn việc nào. Hãy đánh dấu các việc cần đôn đốc."), "error")
        return redirect(url_for("chase.index", **wanted.to_args()))
    form = ChaseForm(formdata=None)
    form.begin()
    return _show_preview(form, ids, wanted)


@bp.route("/send", methods=["POST"])
@needs(Permission.CHASE_SEND)
def send() -> ResponseReturnValue:
    """Send the chase: one mail a liaison."""
    wanted, ids, form = _filter(), _picked(), ChaseForm()
    if not form.validate_on_submit():
        return _show_preview(form, ids, wanted)
    try:
        sent = chasing.send(db.session(), actor(), ids, note=form.note.data or "", form_key=form.form_key.data,
                            today=clock.today(), now=clock.now())
    except Refusal as refusal:
        form.form_errors.append(explain(refusal))
        return _show_preview(form, ids, wanted)
    db.session.commit()
    flash(_("Đã gửi đôn đốc. Thư đi trong vòng một phút."))
    if sent.left_out:
        flash(ngettext("%(num)d việc không còn quá hạn nên không đưa vào thư.",
                       "%(num)d việc không còn quá hạn nên không đưa vào thư.", sent.left_out), "warning")
    return redirect(url_for("chase.show", chase_id=sent.chase.id))


@bp.route("/<int:chase_id>")
@needs(Permission.CHASE_SEND)
def show(chase_id: int) -> ResponseReturnValue:
    """Show one chase: what it held, who got it, how far the mails are."""
    chase = chasing.chase_for(db.session(), person(), chase_id)
    return render_template("chase/show.html", chase=chase, agencies=chased_agencies(db.session(), chase))


def _show_preview(form: ChaseForm, ids: list[int], wanted: BoardFilter) -> ResponseReturnValue:
    found = chasing.preview(db.session(), person(), ids, today=clock.today())
    if not found.agencies:
        flash(_("Không còn việc nào quá hạn trong số đã chọn."), "error")
        return redirect(url_for("chase.index", **wanted.to_args()))
    return render_template("chase/preview.html", form=form, found=found, wanted=wanted,
                           most_items=chasing.MOST_ITEMS if len(ids) == chasing.MOST_ITEMS else None)


def _filter() -> BoardFilter:
    return BoardFilter(plan_id=_number("plan"), agency_id=_number("agency"))


def _number(name: str) -> int | None:
    number = request.values.get(name, "")
    return int(number) if number.isdecimal() and 0 < int(number) <= LARGEST_ID else None


def _picked() -> list[int]:
    """Read the ticked assignments; what is no id is passed over."""
    numbers = {int(number) for number in request.form.getlist("assignment") if number.isdecimal()}
    return sorted(number for number in numbers if number <= LARGEST_ID)[: chasing.MOST_ITEMS]
