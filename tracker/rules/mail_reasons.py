"""Which mails could not be sent for the same reason: a server's words, without what differs from mail to mail."""
from __future__ import annotations

import re
from hashlib import sha256

#: Longer answers differ in their tails only.
LONGEST = 200
#: What is read of an answer; a hostile server's may be endless.
_READ = 2000
BLANK = "…"
#: Addresses; then queue numbers, transaction ids and moments: anything long that holds a figure.
_DIFFERS = re.compile(r"<[^<>]*>|[^\s<>\"'()]+@[^\s<>\"'(),;]+|\b(?=\w*\d)[\w-]{7,}\b")


def gist(reason: str | None) -> str:
    """Give what a server's words have in common with its words about other mails."""
    return " ".join(_DIFFERS.sub(BLANK, (reason or "")[:_READ]).split())[:LONGEST]


def reason_key(reason: str | None) -> str:
    """Name a reason shortly, for addresses and forms."""
    return sha256(gist(reason).casefold().encode()).hexdigest()[:12]
