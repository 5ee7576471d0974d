"""Making the mails that a sender holds: what each says now, read together where that goes, alone where it does not."""
from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from tracker.mail.writing import Message
from tracker.models import OutboxMail
from tracker.reminders.composing import compose, read_ahead
from tracker.reminders.content import N_, Content, Later, NothingToSay, Unwritten
from tracker.reminders.outbox import Taken
from tracker.rules.backoff import MOST_ATTEMPTS

log = logging.getLogger(__name__)

ALWAYS_DIED = N_("Tiến trình gửi thư đã dừng giữa chừng ở mọi lần thử.")
ADDRESS_REFUSED = N_("Máy chủ thư đã từ chối địa chỉ của người nhận; chưa ai xác nhận địa chỉ dùng được.")


@dataclass(frozen=True)
class Failed:
    """A mail could not be made, or must not be."""

    reason: str
    #: It is not the mail's own trouble.
    for_now: bool = False


def contents(
    session: Session, held: Sequence[Taken], *, today: date, now: datetime
) -> list[tuple[Taken, Content | Failed]]:
    """Give what each of these mails says as the tables stand now, in the given order. Commits.

    One that can't be made takes none of the others with it.
    """
    try:
        made = _together(session, held, today, now)
        session.commit()
    except Exception:  # one of them; each is made again alone, and says for itself what is wrong
        session.rollback()
        return [(taken, _alone(session, taken, today, now)) for taken in held]
    return made


def written(taken: Taken, content: Content | Failed) -> Message | NothingToSay | Later | Failed:
    """Write a mail's sentences, if that was left for later; needs no database."""
    if not isinstance(content, Unwritten):
        return content
    try:
        return content.write()
    except Exception as error:
        return _not_made(taken, error)


def _together(
    session: Session, held: Sequence[Taken], today: date, now: datetime
) -> list[tuple[Taken, Content | Failed]]:
    found = session.scalars(select(OutboxMail).where(OutboxMail.id.in_([taken.id for taken in held]))).all()
    mails = {mail.id: mail for mail in found}
    ahead = read_ahead(session, found, today=today)
    made: list[tuple[Taken, Content | Failed]] = []
    for taken in held:
        mail = mails[taken.id]
        made.append((taken, _refused(taken, mail) or compose(session, mail, today=today, now=now, ahead=ahead)))
    return made


def _alone(session: Session, taken: Taken, today: date, now: datetime) -> Content | Failed:
    try:
        mail = session.get_one(OutboxMail, taken.id)
        made = _refused(taken, mail) or compose(session, mail, today=today, now=now)
        session.commit()
    except (OperationalError, InterfaceError) as error:  # the database's trouble, not the mail's
        session.rollback()
        log.exception("mail %s could not be read", taken.id)
        return Failed(str(error), for_now=True)
    except Exception as error:
        session.rollback()
        return _not_made(taken, error)
    return made


def _not_made(taken: Taken, error: Exception) -> Failed:
    log.error("mail %s could not be made", taken.id, exc_info=error)
    return Failed(f"{type(error).__name__}: {error}")


def _refused(taken: Taken, mail: OutboxMail) -> Failed | None:
    """Tell why a mail is not even made: its senders died of it, or its address was refused and nobody has looked."""
    if taken.attempts > MOST_ATTEMPTS:
        return Failed(ALWAYS_DIED)
    if mail.recipient.mail_refused_at is not None and mail.recipient.is_active:
        return Failed(ADDRESS_REFUSED)
    return None
