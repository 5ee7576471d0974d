"""The outbox: what is decided is written down once, taken with a lease, and `sent` only after the server's 250."""
from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from flask import current_app
from sqlalchemy import ColumnElement, and_, case, func, insert, or_, select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.models import OutboxMail, User
from tracker.rules.states import MailKind, MailState

#: How long a sender that has taken mails may be trusted to be alive. A conversation has six steps, each of which
#: gives up after SMTP_TIMEOUT (30 seconds).
LEASE = timedelta(minutes=5)
#: Mails taken with one lease: so many wait for the lease's end when their sender dies.
BATCH = 50
#: A little less than the minute between two runs, or every second run would find a domain's door closed.
PACE = timedelta(seconds=55)
#: PostgreSQL: two senders that count a domain's mails at the same time would both find room for them.
_ONE_AT_A_TIME = 0x646F6E646F63


#: In a database session's information: mail was written down that somebody should send.
WAKES = "wakes_senders"


class _Addressed(Protocol):
    """Somebody with an account and an address: a `User`, or what was read of one."""

    @property
    def id(self) -> int: ...
    @property
    def email(self) -> str: ...


def enqueue(session: Session, recipient: _Addressed, kind: MailKind, key: str, *, now: datetime) -> int | None:
    """Decide a mail and give its id; None when this person's mail of this kind and key was decided already.

    The unique key decides, so any number of processes may ask at once. What it says is
    read at the moment of sending. The caller commits.
    """
    try:
        with session.begin_nested():
            mail_id = session.scalar(
                insert(OutboxMail).returning(OutboxMail.id)
                .values(**_new(recipient.id, recipient.email, kind, key, now))
            )
    except IntegrityError:
        return None
    _wake(session)
    return mail_id


def _new(recipient_id: int, email: str, kind: MailKind, key: str, now: datetime) -> dict[str, Any]:
    return {
        "recipient_id": recipient_id, "kind": kind, "key": key, "message_id": _message_id(recipient_id, kind, key),
        "state": MailState.PENDING, "attempts": 0, "next_attempt_at": now, "created_at": now,
        "domain": domain_of(email),
    }  # fmt: skip


def enqueue_all(session: Session, recipient_ids: Collection[int], kind: MailKind, key: str, *, now: datetime) -> None:
    """Decide the mails of hundreds of people in one statement; `key` must be new (a chase's own).

    The caller commits.
    """
    people = session.execute(select(User.id, User.email).where(User.id.in_(recipient_ids)).order_by(User.id)).all()
    if people:
        session.execute(insert(OutboxMail), [_new(person, email, kind, key, now) for person, email in people])
        _wake(session)


def _wake(session: Session) -> None:
    """Note that the transaction holds mail to be sent: where jobs are queued, one is queued with its commit."""
    settings: Settings = current_app.extensions["settings"]
    if settings.jobs == "procrastinate":
        session.info[WAKES] = True


def domain_of(email: str) -> str:
    """Give the mail domain of an address, by which its server's pace is counted."""
    return email.rpartition("@")[2].lower()


def _message_id(recipient_id: int, kind: MailKind, key: str) -> str:
    """Make a Message-ID that no other mail has, even after the database was started anew."""
    settings: Settings = current_app.extensions["settings"]
    host = (settings.mail_sender or "").rpartition("@")[2] or "localhost"
    return f"<{kind.value}.{key.replace(':', '-')}.{recipient_id}.{secrets.token_hex(8)}@{host}>"


@dataclass(frozen=True)
class Taken:
    """A mail that this sender holds until the lease runs out."""

    id: int
    kind: MailKind
    #: The try that begins now: 1 is the first.
    attempts: int
    lease_until: datetime


def claim(session: Session, *, now: datetime, per_minute: int, most: int = BATCH) -> list[Taken]:
    """Take the next mails that may be sent, with a lease; none when there are none for now.

    Commits, so that the lease stands before anybody talks to the mail server. No mail domain gets more than
    `per_minute` in a minute, whoever sends; what is over waits. Mails whose sender died are taken over when their
    lease has run out, one at a time: whichever of them killed it must not cost the others their tries.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    room = _Room(session, now=now, per_minute=per_minute)
    ids = _waiting(session, room, now=now, most=most) or _left_by_the_dead(session, room, now=now)
    taken = []
    if ids:
        rows = session.execute(
            update(OutboxMail).where(OutboxMail.id.in_(ids), _may_be_taken(now))
            .values(state=MailState.SENDING, lease_until=now + LEASE, attempts=OutboxMail.attempts + 1)
            .returning(OutboxMail.id, OutboxMail.kind, OutboxMail.attempts)
            .execution_options(synchronize_session=False)
        )
        found = {row.id: Taken(*row, lease_until=now + LEASE) for row in rows}
        taken = [found[mail_id] for mail_id in ids if mail_id in found]
    session.commit()
    return taken


class _Room:
    """How many mails each domain may still get in this minute."""

    def __init__(self, session: Session, *, now: datetime, per_minute: int) -> None:
        gone = select(OutboxMail.domain).where(OutboxMail.sent_at > now - PACE)
        going = select(OutboxMail.domain).where(OutboxMail.state == MailState.SENDING, OutboxMail.lease_until >= now)
        both = union_all(gone, going).subquery()
        used = session.execute(select(both.c.domain, func.count()).group_by(both.c.domain))
        self.per_minute = per_minute
        self.left = {domain: per_minute - count for domain, count in used}

    def take(self, domain: str) -> bool:
        """Take one place; False when the domain's minute is full."""
        left = self.left.get(domain, self.per_minute)
        if left <= 0:
            return False
        self.left[domain] = left - 1
        return True

    @property
    def full(self) -> list[str]:
        """Name the domains that get nothing more in this minute."""
        return [domain for domain, left in self.left.items() if left <= 0]


def _waiting(session: Session, room: _Room, *, now: datetime, most: int) -> list[int]:
    # A person waits for a forgotten password's link; a morning's digests can wait for it.
    first = case((OutboxMail.kind == MailKind.PASSWORD_RESET, 0), else_=1)
    ids: list[int] = []
    while (asked := most - len(ids)) > 0:
        rows = session.execute(
            select(OutboxMail.id, OutboxMail.domain)
            .where(OutboxMail.state == MailState.PENDING, OutboxMail.next_attempt_at <= now,
                   OutboxMail.domain.not_in(room.full), OutboxMail.id.not_in(ids))
            .order_by(first, OutboxMail.next_attempt_at, OutboxMail.id)
            .limit(asked)
            .with_for_update(skip_locked=True)
        ).all()
        ids += [mail_id for mail_id, domain in rows if room.take(domain)]
        # A domain that is full now was not, when these were read: what comes after its mails may go.
        if len(rows) < asked:
            break
    return ids


def _left_by_the_dead(session: Session, room: _Room, *, now: datetime) -> list[int]:
    return list(session.scalars(
        select(OutboxMail.id)
        .where(OutboxMail.state == MailState.SENDING, OutboxMail.lease_until < now,
               OutboxMail.domain.not_in(room.full))
        .order_by(OutboxMail.lease_until, OutboxMail.id).limit(1).with_for_update(skip_locked=True)
    ))


def _may_be_taken(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(OutboxMail.state == MailState.PENDING, OutboxMail.next_attempt_at <= now),
        and_(OutboxMail.state == MailState.SENDING, OutboxMail.lease_until < now),
    )


def release(session: Session, held: Collection[Taken]) -> None:
    """Put mails back that were taken and not tried, as if they had never been taken. Commits."""
    for taken in held:
        change(session, *is_held(taken), state=MailState.PENDING, attempts=taken.attempts - 1, lease_until=None)
    session.commit()


def is_held(taken: Taken) -> tuple[ColumnElement[bool], ...]:
    """Say that a mail is still this sender's: its lease has not gone to another."""
    return (OutboxMail.id == taken.id, OutboxMail.state == MailState.SENDING,
            OutboxMail.lease_until == taken.lease_until)


def change(session: Session, *conditions: ColumnElement[bool], **values: Any) -> bool:
    """Change one mail if it still is as expected; tell whether it was. The caller commits."""
    result = session.execute(
        update(OutboxMail).where(*conditions).values(**values).execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]
