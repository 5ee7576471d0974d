"""Where to go after logging in or choosing a language: only to a page of ours that a GET opens."""
from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

from flask import current_app, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

#: Nobody comes back from the door to the door.
_NOT_BACK_TO = frozenset({"accounts.log_in", "accounts.forgot_password", "accounts.reset_password", "static"})


def next_page(wanted: str | None) -> str:
    """Give the wanted path when it is safe, else the front page.

    Refused are other hosts in every spelling browsers understand ("//host", "/\\host", "/<tab>/host", "https:host"),
    what has no page, and pages that only take forms: the session may have ended while one was being sent.
    """
    home = url_for("front.home")
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return home
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in wanted):
        return home
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return home
    if parts.scheme or parts.netloc or not _opens(parts.path):
        return home
    return wanted


def _opens(path: str) -> bool:
    try:
        endpoint, _values = current_app.url_map.bind("").match(path, method="GET")
    except RequestRedirect:
        return not path.startswith("//")  # the slash at the end is added
    except HTTPException:
        return False
    return endpoint not in _NOT_BACK_TO
