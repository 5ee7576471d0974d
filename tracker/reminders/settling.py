"""Writing down what became of a mail: its state, what happened to it, and a copy of what went out. Each commits."""
from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from time import sleep
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from tracker.models import MailEvent, OutboxMail
from tracker.reminders import addresses, copies, untold
from tracker.reminders.outbox import Taken, change, is_held
from tracker.rules.states import MORNING_KINDS, MailEventKind, MailState

log = logging.getLogger(__name__)

#: Seconds between tries to write down that a mail was taken, when the database does not answer: what is not written
#: down is sent again.
PAUSES = (0.2, 1.0, 3.0)
#: Made once, and said to the connection: building a statement takes longer than SQLite takes to do it.
_SENT = (
    update(OutboxMail.__table__)  # type: ignore[arg-type]
    .where(OutboxMail.id == bindparam("mail_id"), OutboxMail.state != MailState.SENT)
    .values(state=MailState.SENT, sent_at=bindparam("now"), lease_until=None, last_error=None)
)


def sent(session: Session, taken: Taken, copy: copies.Packed | None, *, now: datetime) -> None:
    """Write down that the server has said 250, and keep the copy.

    That is true even when the lease ran out meanwhile, so it does not ask for the lease.
    """

    def write() -> None:
        connection = session.connection()
        connection.execute(_SENT, {"mail_id": taken.id, "now": now})
        if copy is not None:
            copies.keep(connection, taken.id, copy, now=now)
        session.commit()

    _insist(session, write)


def _insist(session: Session, write: Callable[[], None]) -> None:
    for pause in PAUSES:
        try:
            write()
        except (OperationalError, InterfaceError):
            session.rollback()
            log.exception("a mail that was sent could not be written down; trying again")
            sleep(pause)
        else:
            return
    write()


def later(session: Session, taken: Taken, *, until: datetime, reason: str | None = None) -> None:
    """Put a mail off that nothing is wrong with: the try does not count, and is no event."""
    values: dict[str, Any] = {"last_error": reason} if reason is not None else {}
    _settle(session, taken, state=MailState.PENDING, attempts=taken.attempts - 1, next_attempt_at=until, **values)
    session.commit()


def deferred(session: Session, taken: Taken, reason: str, *, until: datetime, now: datetime) -> None:
    """Put a mail off that the server did not take this time."""
    if _settle(session, taken, state=MailState.PENDING, next_attempt_at=until, last_error=reason):
        _event(session, taken, MailEventKind.DEFERRED, reason, now)
    session.commit()


def parked(session: Session, taken: Taken, reason: str, *, now: datetime) -> None:
    """Give a mail up, for an administrator to look at."""
    _park(session, taken, reason, now)
    session.commit()


def refused(session: Session, taken: Taken, address: str, reason: str, *, now: datetime) -> None:
    """Give a mail up whose address the server refused for good, and mark the address, if it still is the person's."""
    _park(session, taken, reason, now)
    mail = session.get_one(OutboxMail, taken.id)
    if mail.recipient.email == address:
        addresses.refuse(session, mail.recipient, reason=reason, now=now)
    session.commit()


def _park(session: Session, taken: Taken, reason: str, now: datetime) -> None:
    if _settle(session, taken, state=MailState.PARKED, last_error=reason):
        _event(session, taken, MailEventKind.PARKED, reason, now)


def dropped(session: Session, taken: Taken, reason: str, *, now: datetime) -> None:
    """Write down that nothing was left to say, and what therefore was not said."""
    if _settle(session, taken, state=MailState.DROPPED, last_error=reason):
        if taken.kind in MORNING_KINDS:
            untold.of_mails(session, [taken.id])
        _event(session, taken, MailEventKind.DROPPED, reason, now)
    session.commit()


def _settle(session: Session, taken: Taken, **values: Any) -> bool:
    """Write down the outcome, unless the lease has gone to another sender."""
    return change(session, *is_held(taken), lease_until=None, **values)


def _event(session: Session, taken: Taken, what: MailEventKind, detail: str, now: datetime) -> None:
    session.execute(insert(MailEvent).values(mail_id=taken.id, at=now, what=what, detail=detail))
