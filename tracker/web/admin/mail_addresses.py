"""Addresses that mail servers have refused for good, and the mails that came to the sender's own mailbox."""
from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.config import Settings
from tracker.extensions import db
from tracker.models import User
from tracker.models.access import NotVisible
from tracker.reminders import addresses
from tracker.reports import outbox_list
from tracker.reports.admin_lists import REFUSED, PeopleFilter, people
from tracker.reports.list_arguments import MOST_COUNTED, one_of, read_words
from tracker.rules.permissions import Permission
from tracker.rules.states import IncomingKind, MailState
from tracker.web.admin import bp
from tracker.web.guard import actor, needs


@bp.route("/outbox/refused")
@needs(Permission.MAIL_MANAGE)
def refused_addresses() -> ResponseReturnValue:
    """List the people to whom nothing is mailed because a server has refused their address."""
    wanted = PeopleFilter(q=read_words(request.args), state=REFUSED)
    page = people(db.session(), wanted, after=request.args.get("after"))
    return render_template("admin/refused_addresses.html", page=page, wanted=wanted, parked=MailState.PARKED)


@bp.route("/outbox/refused/<int:user_id>/accept", methods=["GET", "POST"])
@needs(Permission.MAIL_MANAGE)
def accept_address(user_id: int) -> ResponseReturnValue:
    """Ask whether an address works again, and write to it again."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotVisible
    if user.mail_refused_at is None:
        flash(_("Địa chỉ %(email)s không bị đánh dấu từ chối.", email=user.email), "info")
        return redirect(url_for("admin.refused_addresses"))
    if request.method == "POST":
        addresses.accept(db.session(), user, actor=actor(), now=clock.now())
        db.session.commit()
        flash(_("Từ nay lại gửi thư đến %(email)s. Thư đã dừng trước đó chờ bạn cho gửi lại.", email=user.email))
        return redirect(url_for("admin.outbox", state=MailState.PARKED.value, person=user.email))
    return render_template("admin/accept_address.html", user=user)


@bp.route("/outbox/incoming")
@needs(Permission.MAIL_MANAGE)
def incoming_mails() -> ResponseReturnValue:
    """List what came to the sender's mailbox: returns, automatic answers, answers, and what is none of these."""
    kind = one_of(IncomingKind, request.args.get("kind"))
    page = outbox_list.incoming_mails(db.session(), kind, after=request.args.get("after"))
    settings: Settings = current_app.extensions["settings"]
    return render_template("admin/incoming_mails.html", page=page, kind=kind, kinds=IncomingKind,
                           is_read=bool(settings.imap_server), most_counted=MOST_COUNTED)
