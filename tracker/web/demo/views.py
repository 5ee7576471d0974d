"""What the mail catcher of the demo has caught."""
from __future__ import annotations

import re
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask import Response, abort, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from tracker.config import Settings
from tracker.demo.caught_mail import body_of, caught_mail, caught_mails
from tracker.rules.permissions import Permission
from tracker.web.demo import bp
from tracker.web.guard import needs

#: A mail brings its own styles and nothing else; only our own page may frame it.
MAIL_CONTENT_SECURITY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
#: A link of a framed mail opens beside it: our pages refuse to be framed.
_BASE = '<base target="_blank">'


def _maildir() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.maildir


def _mail(key: str) -> EmailMessage:
    mail = caught_mail(_maildir(), key)
    if mail is None:
        abort(404)
    return mail


@bp.route("/mails")
@needs(Permission.SELF)
def mails() -> ResponseReturnValue:
    """List the caught mails, newest first."""
    recipient = request.args.get("recipient", "").strip()
    page = caught_mails(_maildir(), recipient=recipient, after=request.args.get("after"))
    return render_template("demo/mails.html", page=page, recipient=recipient)


@bp.route("/mails/<key>")
@needs(Permission.SELF)
def mail(key: str) -> ResponseReturnValue:
    """Show one caught mail: headers, text, and the HTML part in a frame of its own."""
    found = _mail(key)
    date = found["Date"]
    return render_template(
        "demo/mail.html",
        key=key,
        subject=str(found["Subject"] or ""),
        sent_at=parsedate_to_datetime(str(date)) if date else None,
        headers=[(name, str(found[name])) for name in ("From", "To", "Message-ID", "Auto-Submitted") if found[name]],
        text=body_of(found, "plain"),
        has_html=body_of(found, "html") is not None,
    )


@bp.route("/mails/<key>/html")
@needs(Permission.SELF)
def mail_html(key: str) -> Response:
    """Give the HTML part alone, for the frame."""
    html = body_of(_mail(key), "html")
    if html is None:
        abort(404)
    response = make_response(_HEAD.sub(lambda head: head.group() + _BASE, html, count=1))
    response.headers["Content-Security-Policy"] = MAIL_CONTENT_SECURITY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
