"""What somebody had typed when the log-in ran out: carried over the log-in page, then shown again as a draft.

Only text, only of forms that are named here, and never saved as a report by itself. A form that another site sent is
not carried.
"""
from __future__ import annotations

from urllib.parse import urlsplit

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login.utils import login_url
from flask_wtf.csrf import generate_csrf

from tracker.models import User
from tracker.web.accounts.forms import LogInForm

#: The forms whose texts are carried; the address then opens with a GET.
CARRIED = frozenset({"assignments.report_progress"})
PREFIX = "kept-"
_MOST_FIELDS = 60
_MOST_LETTERS = 60_000
_NEVER = frozenset({"csrf_token", "press", "next"})


def logged_out() -> ResponseReturnValue:
    """Answer somebody whose log-in ran out, or who never had one."""
    if request.headers.get("X-Requested-With") == "fetch":
        return jsonify(ok=False, message=_("Phiên đăng nhập đã hết. Hãy đăng nhập lại.")), 401
    kept = _sent() if request.method == "POST" and request.endpoint in CARRIED and _is_ours() else {}
    if not kept:
        return redirect(login_url("accounts.log_in", next_url=request.url))
    # 401, not a redirect: the body of a redirected form is gone.
    return render_template("accounts/log_in.html", form=LogInForm(formdata=None), kept=kept, demo=None,
                           next=url_for(request.endpoint or "", **(request.view_args or {}))), 401


def stale_token(user: User) -> ResponseReturnValue:
    """Give a script the token of today's log-in, and whose it is: it sends again for that person only."""
    return jsonify(ok=False, token=generate_csrf(), user=user.id), 400


def _is_ours() -> bool:
    """Tell whether a page of ours sent it; a browser that says nothing of either is an old one."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _sent() -> dict[str, str]:
    return _bounded({f"{PREFIX}{name}": value for name, value in request.form.items() if name not in _NEVER})


def kept_fields() -> dict[str, str]:
    """Give what the log-in page carries, by field, to be carried on when the log-in fails."""
    return _bounded({name: value for name, value in request.form.items() if name.startswith(PREFIX)})


def _bounded(fields: dict[str, str]) -> dict[str, str]:
    if len(fields) > _MOST_FIELDS or sum(map(len, fields.values())) > _MOST_LETTERS:
        return {}
    return fields


def restore(user: User, path: str | None) -> None:
    """Make a draft of what the log-in page carried, when this person typed it and may report there."""
    kept = {name.removeprefix(PREFIX): value for name, value in kept_fields().items()}
    if kept.pop("whose", str(user.id)) != str(user.id):
        return  # a colleague at the same machine, who has a draft of their own
    before, _slash, after = (path or "").partition("/assignments/")
    number = after.partition("/")[0]
    if not kept or before or not (number.isascii() and number.isdecimal() and len(number) < 10):
        return
    from tracker.web.assignments.drafts import keep_over_log_in

    keep_over_log_in(user, int(number), kept)
