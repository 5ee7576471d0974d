"""The outbox: what was decided to be mailed, and how far it got."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.models import OutboxMail
from tracker.models.access import NotVisible
from tracker.reports.admin_lists import MailFilter, mails, parked_count
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import MailKind, MailState
from tracker.web.admin import bp
from tracker.web.guard import actor, needs
from tracker.web.refusals import explain
from tracker.workflow.resending import resend


@bp.route("/outbox")
@needs(Permission.MAIL_MANAGE)
def outbox() -> ResponseReturnValue:
    """List the mails by state, with the last error of those that did not get through."""
    wanted = MailFilter.from_args(request.args)
    page = mails(db.session(), wanted, after=request.args.get("after"))
    return render_template("admin/outbox.html", page=page, wanted=wanted, states=MailState, kinds=MailKind,
                           parked=parked_count(db.session()))


@bp.route("/outbox/<int:mail_id>/resend", methods=["POST"])
@needs(Permission.MAIL_MANAGE)
def resend_mail(mail_id: int) -> ResponseReturnValue:
    """Put a mail that was given up back in the queue."""
    mail = db.session.get(OutboxMail, mail_id)
    if mail is None:
        raise NotVisible
    try:
        resend(db.session(), mail, actor=actor(), now=clock.now())
    except Refusal as refusal:
        flash(explain(refusal), "error")
    else:
        db.session.commit()
        flash(_("Thư gửi %(email)s đã trở lại hàng chờ.", email=mail.recipient.email))
    return redirect(url_for("admin.outbox", **MailFilter.from_args(request.args).to_args()))
