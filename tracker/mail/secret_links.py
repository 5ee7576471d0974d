"""Links that open something without a log-in: in what is kept of a mail and shown to others they can't be read."""
from __future__ import annotations

import re

#: The signed link of due items, and the one that sets a password.
_SECRET = re.compile(r"(/r/|/accounts/reset/)[\w.~-]+")


def masked(text: str) -> str:
    """Write a text without the secrets of such links; a mail server's answer may hold them, and a returned mail."""
    return _SECRET.sub(r"\1…", text)
