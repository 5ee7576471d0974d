"""Pick what is late, see what would go out and to whom, send it, see what became of it."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import clock
from tracker.extensions import db
from tracker.mail.writing import Message
from tracker.models import Agency, User
from tracker.models.agency import AgencyLevel
from tracker.models.policy import load_reminder_policy
from tracker.reminders.chase_mail import shown_before
from tracker.reports.chase_board import late_items
from tracker.reports.chase_filter import BoardSort
from tracker.reports.chase_history import chased_agencies, past_chases, recent_chases
from tracker.reports.lateness_matrix import board, choices
from tracker.rules.errors import Refusal
from tracker.rules.lateness import LateBand
from tracker.rules.permissions import Permission
from tracker.web.chase import bp
from tracker.web.chase.forms import ChaseForm
from tracker.web.chase.picking import number, picked, wanted
from tracker.web.guard import actor, needs, person
from tracker.web.refusals import explain
from tracker.workflow import chasing
from tracker.workflow.chasing import AgencyChase

#: Mails that the preview writes out at once; the others are one press away.
MAILS_SHOWN = 3


@bp.route("/")
@needs(Permission.CHASE_SEND)
def index() -> ResponseReturnValue:
    """Show what is late that this coordinator may chase: agencies and bands, or the assignments behind a number."""
    chosen, today = wanted(), clock.today()
    after = request.args.get("after")
    words = {
        "wanted": chosen, "choices": choices(db.session(), person(), today), "bands": LateBand, "levels": AgencyLevel,
        "sorts": BoardSort,
    }  # fmt: skip
    if chosen.as_items:
        page = late_items(db.session(), person(), chosen, today=today, after=after)
        agency = db.session.get(Agency, chosen.agency_id) if chosen.agency_id else None
        return render_template("chase/items.html", page=page, agency=agency, **words)
    return render_template(
        "chase/index.html", board=board(db.session(), person(), chosen, today=today, after=after),
        recent=recent_chases(db.session(), person()), reminders=load_reminder_policy(db.session()),
        most_items=chasing.MOST_ITEMS, **words,
    )


@bp.route("/preview", methods=["POST"])
@needs(Permission.CHASE_SEND)
def preview() -> ResponseReturnValue:
    """Show what would go out to whom, with room for a line. Changes nothing; a POST because the list may be long."""
    ids = picked()
    if not ids:
        flash(_("Chưa chọn việc nào. Hãy đánh dấu cơ quan hoặc việc cần đôn đốc."), "error")
        return redirect(url_for("chase.index", **wanted().to_args()))
    form = ChaseForm()
    form.begin()
    return _show_preview(form, ids)


@bp.route("/mail", methods=["POST"])
@needs(Permission.CHASE_SEND)
def mail() -> ResponseReturnValue:
    """Show the mail that one agency would get, as it would be sent now. Changes nothing."""
    form, only = ChaseForm(), number("only")
    found = chasing.preview(db.session(), person(), picked(), today=clock.today(), insist=form.insist.data)
    chased = next((one for one in found.agencies if one.agency.id == only), None)
    return render_template("chase/mail.html", chased=chased, message=_mail(form, chased) if chased else None)


@bp.route("/send", methods=["POST"])
@needs(Permission.CHASE_SEND)
def send() -> ResponseReturnValue:
    """Send the chase: one mail a liaison."""
    ids, form = picked(), ChaseForm()
    if not form.validate_on_submit():
        return _show_preview(form, ids)
    try:
        sent = chasing.send(db.session(), actor(), ids, note=form.note.data or "", form_key=form.form_key.data,
                            tone=form.tone.data, insist=form.insist.data, today=clock.today(), now=clock.now())
    except Refusal as refusal:
        form.form_errors.append(explain(refusal))
        return _show_preview(form, ids)
    db.session.commit()
    flash(_("Đã gửi đôn đốc. Thư đi trong vòng một phút."))
    if sent.left_out:
        flash(ngettext("%(num)d việc không còn quá hạn nên không đưa vào thư.",
                       "%(num)d việc không còn quá hạn nên không đưa vào thư.", sent.left_out), "warning")
    if sent.chased_today:
        flash(ngettext("%(num)d việc đã gửi thư đôn đốc trong hôm nay nên không gửi lại.",
                       "%(num)d việc đã gửi thư đôn đốc trong hôm nay nên không gửi lại.", sent.chased_today),
              "warning")
    return redirect(url_for("chase.show", chase_id=sent.chase.id))


@bp.route("/history")
@needs(Permission.CHASE_SEND)
def history() -> ResponseReturnValue:
    """List all chases of this coordinator's agency, the newest first; of one agency when it is named."""
    agency_id = number("agency")
    page = past_chases(db.session(), person(), agency_id=agency_id, after=request.args.get("after"))
    agency = db.session.get(Agency, agency_id) if agency_id else None
    return render_template("chase/history.html", page=page, agency=agency)


@bp.route("/<int:chase_id>")
@needs(Permission.CHASE_SEND)
def show(chase_id: int) -> ResponseReturnValue:
    """Show one chase: what it held, who got it, how far the mails are."""
    chase = chasing.chase_for(db.session(), person(), chase_id)
    return render_template(
        "chase/show.html", chase=chase, agencies=chased_agencies(db.session(), chase),
        may_forget=chasing.may_forget(person(), chase, has_letters=bool(chase.letters), today=clock.today()),
    )


def _show_preview(form: ChaseForm, ids: list[int]) -> ResponseReturnValue:
    found = chasing.preview(db.session(), person(), ids, today=clock.today(), insist=form.insist.data)
    if not (found.agencies or found.chased_today):
        flash(_("Không còn việc nào quá hạn trong số đã chọn."), "error")
        return redirect(url_for("chase.index", **wanted().to_args()))
    mails = {
        chased.agency.id: _mail(form, chased)
        for chased in [chased for chased in found.agencies if chased.recipients][:MAILS_SHOWN]
    }
    return render_template("chase/preview.html", form=form, found=found, wanted=wanted(), ids=ids, mails=mails,
                           most_items=chasing.MOST_ITEMS if len(ids) == chasing.MOST_ITEMS else None)


def _mail(form: ChaseForm, chased: AgencyChase) -> Message | None:
    """Write an agency's mail as its first liaison would get it."""
    if not chased.recipients:
        return None
    return shown_before(
        db.session(), db.session.get_one(User, chased.recipients[0].id), [item.id for item in chased.items],
        sender=person(), tone=form.tone.data, note=form.note.data or "", today=clock.today(),
    )  # fmt: skip
