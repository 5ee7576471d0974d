"""The mails the demo's catcher has kept, newest first. Reading them changes nothing in the Maildir."""
from __future__ import annotations

import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path

from tracker.rules.folding import fold

#: A Maildir's folders of mail nobody has looked at, and of mail somebody has.
FOLDERS = ("new", "cur")
PAGE = 30


@dataclass(frozen=True)
class CaughtMail:
    """One line of the list."""

    key: str
    caught_at: datetime
    recipient: str
    subject: str


@dataclass(frozen=True)
class CaughtPage:
    """Some of the mails, in the shape the pager of lists takes."""

    rows: list[CaughtMail]
    next_after: str | None
    is_first: bool
    total: int


def open_maildir(maildir: Path) -> mailbox.Maildir:
    """Open the Maildir for putting mails in, made whole where a folder of it is missing."""
    for folder in ("tmp", *FOLDERS):
        (maildir / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    return mailbox.Maildir(str(maildir))


def caught_mails(maildir: Path, *, recipient: str = "", after: str | None = None, limit: int = PAGE) -> CaughtPage:
    """Give a page of what was caught, newest first, for whoever's address or name holds `recipient`."""
    wanted = fold(recipient)
    found = [mail for mail in _lines(maildir) if wanted in fold(mail.recipient)]
    start = 0
    if after is not None:
        start = next((place + 1 for place, mail in enumerate(found) if mail.key == after), len(found))
    rows = found[start : start + limit]
    more = start + limit < len(found)
    return CaughtPage(rows, rows[-1].key if more else None, is_first=after is None, total=len(found))


def caught_mail(maildir: Path, key: str) -> EmailMessage | None:
    """Give one mail, or None when there is none of that key."""
    for path in _files(maildir):
        if path.name == key:
            return message_from_bytes(path.read_bytes(), policy=default)
    return None


def body_of(mail: EmailMessage, kind: str) -> str | None:
    """Give the text of a mail's "plain" or "html" part, or None when it has none."""
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else None


def _lines(maildir: Path) -> Iterator[CaughtMail]:
    parser = BytesHeaderParser(policy=default)
    for path in _files(maildir):
        with path.open("rb") as file:
            headers = parser.parse(file)
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        yield CaughtMail(path.name, moment, str(headers["To"] or ""), str(headers["Subject"] or ""))


def _files(maildir: Path) -> list[Path]:
    """List the mails, newest first; those of one moment by name, so that pages never overlap."""
    found = [path for folder in FOLDERS for path in (maildir / folder).glob("*") if path.is_file()]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
