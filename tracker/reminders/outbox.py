"""The outbox: what is decided is written down once, taken with a lease, and `sent` only after the server's 250."""
from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, case, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.models import OutboxMail, User
from tracker.rules.states import MailKind, MailState

#: How long a sender that has taken a mail may be trusted to be alive. A conversation has six steps, each of which
#: gives up after SMTP_TIMEOUT (30 seconds).
LEASE = timedelta(minutes=5)


def enqueue(session: Session, recipient: User, kind: MailKind, key: str, *, now: datetime) -> OutboxMail | None:
    """Decide a mail; None when this person's mail of this kind and key was decided already.

    The unique key decides, so any number of processes may ask at once. What it says is
    read at the moment of sending. The caller commits.
    """
    mail = OutboxMail(
        recipient_id=recipient.id, kind=kind, key=key, message_id=_message_id(recipient.id, kind, key),
        state=MailState.PENDING, attempts=0, next_attempt_at=now, created_at=now,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(mail)
    except IntegrityError:
        return None
    return mail


def enqueue_all(session: Session, recipient_ids: Collection[int], kind: MailKind, key: str, *, now: datetime) -> None:
    """Decide the mails of hundreds of people in one statement; `key` must be new (a chase's own).

    The caller commits.
    """
    if recipient_ids:
        session.execute(insert(OutboxMail), [
            {"recipient_id": person, "kind": kind, "key": key, "message_id": _message_id(person, kind, key),
             "state": MailState.PENDING, "attempts": 0, "next_attempt_at": now, "created_at": now}
            for person in recipient_ids
        ])  # fmt: skip


def _message_id(recipient_id: int, kind: MailKind, key: str) -> str:
    """Make a Message-ID that no other mail has, even after the database was started anew."""
    settings: Settings = current_app.extensions["settings"]
    host = (settings.mail_sender or "").rpartition("@")[2] or "localhost"
    return f"<{kind.value}.{key.replace(':', '-')}.{recipient_id}.{secrets.token_hex(8)}@{host}>"


def claim(session: Session, *, now: datetime) -> OutboxMail | None:
    """Take the next mail that may be sent, with a lease; None when there is none.

    Commits, so that the lease stands before anybody talks to the mail server. A mail whose
    sender died is taken over when its lease has run out.
    """
    # A person waits for a forgotten password's link; a morning's digests can wait for it.
    first = case((OutboxMail.kind == MailKind.PASSWORD_RESET, 0), else_=1)
    while True:
        mail_id = session.scalar(
            select(OutboxMail.id)
            .where(_may_be_taken(now))
            .order_by(first, OutboxMail.next_attempt_at, OutboxMail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if mail_id is None:
            session.commit()
            return None
        taken = change(
            session, OutboxMail.id == mail_id, _may_be_taken(now),
            state=MailState.SENDING, lease_until=now + LEASE, attempts=OutboxMail.attempts + 1,
        )  # fmt: skip
        if taken:
            return session.get_one(OutboxMail, mail_id)


def _may_be_taken(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(OutboxMail.state == MailState.PENDING, OutboxMail.next_attempt_at <= now),
        and_(OutboxMail.state == MailState.SENDING, OutboxMail.lease_until < now),
    )


def change(session: Session, *conditions: ColumnElement[bool], **values: Any) -> bool:
    """Change one mail if it still is as expected, and commit; tell whether it was."""
    result = session.execute(
        update(OutboxMail).where(*conditions).values(**values).execution_options(synchronize_session=False)
    )
    session.commit()
    return bool(result.rowcount)  # type: ignore[attr-defined]
