"""Mails as they were sent, kept for some months, their signed links made unreadable."""
from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.mail.secret_links import masked
from tracker.mail.writing import Message
from tracker.models import MailCopy
from tracker.rules.states import MailKind

KEPT_FOR = timedelta(days=90)
#: One-time secrets are never kept, not even masked.
NEVER_KEPT = frozenset({MailKind.PASSWORD_RESET})


def _keep(insert: Any) -> Any:
    return insert.on_conflict_do_update(
        index_elements=["mail_id"], set_={name: insert.excluded[name] for name in ("kept_at", "subject", "body")})


_KEEP = {"sqlite": _keep(sqlite.insert(MailCopy.__table__)), "postgresql": _keep(postgresql.insert(MailCopy.__table__))}  # type: ignore[arg-type]


@dataclass(frozen=True)
class Copy:
    """A mail as it was sent."""

    subject: str
    text: str
    html: str
    ics: str


@dataclass(frozen=True)
class Packed:
    """A mail as its copy is kept."""

    subject: str
    #: Its parts, compressed.
    body: bytes


def pack(kind: MailKind, message: Message) -> Packed | None:
    """Make what is kept of a mail, its links unreadable; None where nothing is. Needs no database."""
    if kind in NEVER_KEPT:
        return None
    parts = {"text": masked(message.text), "html": masked(message.html), "ics": message.ics}
    # The lowest level: a morning's mails wait for it, and three months of them are a few megabytes either way.
    body = gzip.compress(json.dumps(parts, ensure_ascii=False).encode(), compresslevel=1, mtime=0)
    return Packed(message.subject, body)


def keep(connection: Connection, mail_id: int, copy: Packed, *, now: datetime) -> None:
    """Keep a mail that is being marked as sent; a second sending takes the first one's place. The caller commits."""
    connection.execute(_KEEP[connection.dialect.name],
                       {"mail_id": mail_id, "kept_at": now, "subject": copy.subject, "body": copy.body})


def read(session: Session, mail_id: int) -> Copy | None:
    """Give a mail as it was sent; None when it was not, or is kept no more."""
    row = session.get(MailCopy, mail_id)
    return Copy(row.subject, **json.loads(gzip.decompress(row.body))) if row else None


def sweep(session: Session, *, now: datetime) -> int:
    """Throw away copies that were kept long enough, and say how many. The caller commits."""
    gone = session.execute(delete(MailCopy).where(MailCopy.kept_at < now - KEPT_FOR))
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]
