"""The outbox: what was decided to be mailed, how far it got, and the mail as it was sent."""
from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.extensions import db
from tracker.models import OutboxMail, User
from tracker.models.access import NotVisible
from tracker.reminders import copies
from tracker.reports import outbox_list
from tracker.reports.list_arguments import MOST_COUNTED, read_words
from tracker.reports.outbox_list import MailFilter
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import MailKind, MailState
from tracker.web.admin import bp
from tracker.web.guard import actor, needs
from tracker.web.refusals import explain
from tracker.workflow import resending

#: A mail brings its own styles and nothing else: it runs nothing, loads nothing, sends nothing and leads nowhere.
MAIL_CONTENT_SECURITY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
#: A pressed link of the mail would open beside the frame, which the sandbox forbids: nothing happens.
NO_WAY_OUT = '<!doctype html><base target="_blank">'


@bp.app_template_filter()
def told(sentence: str | None) -> str:
    """Give a reason that is stored as it was written: ours in the reader's language, a server's as they are."""
    return _(sentence) if sentence else ""


def _mail(mail_id: int) -> OutboxMail:
    mail = db.session.get(OutboxMail, mail_id, options=[joinedload(OutboxMail.recipient).joinedload(User.agency)])
    if mail is None:
        raise NotVisible
    return mail


@bp.route("/outbox")
@needs(Permission.MAIL_MANAGE)
def outbox() -> ResponseReturnValue:
    """List the mails, with the last error of those that did not get through."""
    wanted = MailFilter.from_args(request.args)
    page = outbox_list.mails(db.session(), wanted, after=request.args.get("after"))
    return render_template("admin/outbox.html", page=page, wanted=wanted, states=MailState, kinds=MailKind,
                           parked=outbox_list.parked_count(db.session()), most_counted=MOST_COUNTED)


@bp.route("/outbox/<int:mail_id>")
@needs(Permission.MAIL_MANAGE)
def outbox_mail(mail_id: int) -> ResponseReturnValue:
    """Show one mail: what it is, what became of it, and its words as they were sent."""
    mail = _mail(mail_id)
    return render_template("admin/outbox_mail.html", mail=mail, story=outbox_list.story(db.session(), mail),
                           copy=copies.read(db.session(), mail.id), kept_for=copies.KEPT_FOR.days,
                           never_kept=mail.kind in copies.NEVER_KEPT, at_rest=mail.state in resending.AT_REST)


@bp.route("/outbox/<int:mail_id>/html")
@needs(Permission.MAIL_MANAGE)
def outbox_mail_html(mail_id: int) -> Response:
    """Give the HTML of a mail alone, for its frame."""
    copy = copies.read(db.session(), _mail(mail_id).id)
    if copy is None:
        raise NotVisible
    response = make_response(NO_WAY_OUT + copy.html)
    response.headers["Content-Security-Policy"] = MAIL_CONTENT_SECURITY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@bp.route("/outbox/<int:mail_id>/resend", methods=["GET", "POST"])
@needs(Permission.MAIL_MANAGE)
def resend_mail(mail_id: int) -> ResponseReturnValue:
    """Ask whether a mail should be sent again, and put it back in the queue."""
    mail = _mail(mail_id)
    refused = None
    try:
        if request.method == "POST":
            resending.resend(db.session(), mail, seen=request.form.get("seen", ""), actor=actor(),
                             today=clock.today(), now=clock.now())
            db.session.commit()
            flash(_("Thư gửi %(email)s đã trở lại hàng chờ.", email=mail.recipient.email))
            return redirect(url_for("admin.outbox_mail", mail_id=mail.id))
        resending.check_resend(db.session(), mail, today=clock.today(), now=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        refused = explain(refusal)
    return render_template("admin/resend_mail.html", mail=mail, refused=refused, seen=resending.mark_of(mail))


@bp.route("/outbox/parked")
@needs(Permission.MAIL_MANAGE)
def parked_mails() -> ResponseReturnValue:
    """List why mails were given up, and how many for each reason."""
    reasons = outbox_list.parked_reasons(db.session())
    return render_template("admin/parked_mails.html", reasons=reasons, most=outbox_list.MOST_PARKED,
                           total=sum(len(reason.mail_ids) for reason in reasons), parked=MailState.PARKED)


@bp.route("/outbox/parked/resend", methods=["GET", "POST"])
@needs(Permission.MAIL_MANAGE)
def resend_parked() -> ResponseReturnValue:
    """Ask whether all mails that were given up for one reason should be sent again, and put them back in the queue."""
    key = read_words(request.values, "reason")
    reason = next((found for found in outbox_list.parked_reasons(db.session()) if found.key == key), None)
    if reason is None:
        flash(_("Không còn thư nào dừng vì lý do này."), "info")
        return redirect(url_for("admin.parked_mails"))
    if request.method == "GET":
        return render_template("admin/resend_parked.html", reason=reason, most=resending.MOST_AT_ONCE,
                               newest=reason.mail_ids[0], parked=MailState.PARKED)
    # What was given up after the question was asked is a question of its own.
    newest = request.form.get("newest", 0, type=int)
    wanted = [mail_id for mail_id in reason.mail_ids if mail_id <= newest]
    put_back = resending.resend_many(db.session(), wanted, actor=actor(), now=clock.now())
    db.session.commit()
    _tell(put_back)
    return redirect(url_for("admin.parked_mails"))


def _tell(put_back: resending.PutBack) -> None:
    if put_back.mails:
        flash(ngettext("%(num)d thư đã trở lại hàng chờ.", "%(num)d thư đã trở lại hàng chờ.", put_back.mails))
    else:
        flash(_("Không có thư nào trở lại hàng chờ."), "info")
    if put_back.unreachable:
        flash(ngettext(
            "%(num)d thư để nguyên vì địa chỉ người nhận đang bị từ chối hoặc tài khoản đã khóa.",
            "%(num)d thư để nguyên vì địa chỉ người nhận đang bị từ chối hoặc tài khoản đã khóa.",
            put_back.unreachable), "warning")
