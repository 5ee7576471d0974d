"""Delivering the outbox: each mail is taken with a lease, made at that moment, and `sent` only after the 250."""
from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from tracker.clock import vietnam_day
from tracker.mail.delivery import NotTaken, PostOffice, Unreachable
from tracker.mail.messages import Message
from tracker.models import OutboxMail
from tracker.reminders.composing import compose
from tracker.reminders.content import N_, Later, NothingToSay
from tracker.reminders.outbox import change, claim
from tracker.rules.states import MailState

log = logging.getLogger(__name__)

#: After so many tries a mail is parked for an administrator to look at.
MOST_ATTEMPTS = 8
#: Waits of 1, 4, 16, 64 minutes, then 4 and 6 hours: eight tries reach over most of a day.
FIRST_WAIT = timedelta(minutes=1)
WAIT_GROWS = 4
LONGEST_WAIT = timedelta(hours=6)
#: How long everything waits for a server that can't be reached; that is no mail's fault and counts as no attempt.
SERVER_WAIT = timedelta(minutes=2)

Send = Callable[[Message], None]


@dataclass
class Delivered:
    """What became of the mails of one run."""

    sent: int = 0
    #: Not taken by the server this time; tried again later.
    failed: int = 0
    #: Given up, with the reason on the mail.
    parked: int = 0
    #: Nothing was left to say.
    dropped: int = 0


def deliver_due(
    session: Session, *, now: datetime, today: date | None = None, send: Send | None = None
) -> Delivered:
    """Send every mail that may go now, and count what became of them.

    Commits as it goes, unlike the other use cases: each mail is taken before it leaves, and
    no transaction is open while the mail server is spoken to. `now` is when the run begins;
    `today` is the day in Vietnam that the mails speak of. A mail that can't be made is
    parked and the others still go.
    """
    began = monotonic()
    counts = Delivered()
    session.commit()
    with ExitStack() as stack:
        # Leases count from the moment a mail is taken, however long the mails before it took.
        while (mail := claim(session, now=_since(now, began))) is not None:
            if send is None:
                send = stack.enter_context(PostOffice()).send
            if not _Attempt(session, mail, now, began).run(send, today or vietnam_day(now), counts):
                break
    return counts


def _since(now: datetime, began: float) -> datetime:
    return now + timedelta(seconds=monotonic() - began)


class _Attempt:
    """One try to send one mail, held by its lease."""

    def __init__(self, session: Session, mail: OutboxMail, now: datetime, began: float) -> None:
        self.session = session
        self.mail_id = mail.id
        self.attempts = mail.attempts
        self.lease_until = mail.lease_until
        self.run_at = now
        self.began = began

    @property
    def now(self) -> datetime:
        return _since(self.run_at, self.began)

    def run(self, send: Send, today: date, counts: Delivered) -> bool:
        """Make the mail, send it, write down how it went. False when the run has to stop: no server."""
        if self.attempts > MOST_ATTEMPTS:
            self._park(N_("Tiến trình gửi thư đã dừng giữa chừng ở mọi lần thử."), counts)
            return True
        message = self._made(today, counts)
        if message is None:
            return True
        try:
            send(message)
        except Unreachable as error:
            log.warning("mail server: %s", error)
            self._settle(
                state=MailState.PENDING, attempts=self.attempts - 1, next_attempt_at=self.now + SERVER_WAIT,
                last_error=str(error),
            )  # fmt: skip
            counts.failed += 1
            return False
        except NotTaken as error:
            self._not_taken(error, counts, permanent=error.permanent)
        except Exception as error:  # whatever it is, the others still get theirs
            log.exception("mail %s not sent", self.mail_id)
            self._not_taken(error, counts)
        else:
            self._sent(counts)
        return True

    def _made(self, today: date, counts: Delivered) -> Message | None:
        """Read what the mail says now; None when it won't be sent, which is then written down."""
        try:
            content = compose(self.session, self.session.get_one(OutboxMail, self.mail_id), today=today, now=self.now)
            self.session.commit()
        except (OperationalError, InterfaceError) as error:  # the database's trouble, not the mail's
            self.session.rollback()
            log.exception("mail %s could not be read", self.mail_id)
            self._not_taken(error, counts)
            return None
        except Exception as error:
            self.session.rollback()
            log.exception("mail %s could not be made", self.mail_id)
            self._park(f"{type(error).__name__}: {error}", counts)
            return None
        match content:
            case NothingToSay(reason):
                self._settle(state=MailState.DROPPED, last_error=reason)
                counts.dropped += 1
            case Later(until):
                self._settle(state=MailState.PENDING, attempts=self.attempts - 1, next_attempt_at=until)
            case Message():
                return content
        return None

    def _sent(self, counts: Delivered) -> None:
        # The server has said 250, so this is true even when the lease ran out meanwhile.
        change(
            self.session, OutboxMail.id == self.mail_id, OutboxMail.state != MailState.SENT,
            state=MailState.SENT, sent_at=self.now, lease_until=None, last_error=None,
        )  # fmt: skip
        counts.sent += 1

    def _not_taken(self, error: Exception, counts: Delivered, *, permanent: bool = False) -> None:
        reason = str(error) or type(error).__name__
        if permanent or self.attempts >= MOST_ATTEMPTS:
            self._park(reason, counts)
            return
        wait = min(FIRST_WAIT * WAIT_GROWS ** (self.attempts - 1), LONGEST_WAIT)
        self._settle(state=MailState.PENDING, next_attempt_at=self.now + wait, last_error=reason)
        counts.failed += 1

    def _park(self, reason: str, counts: Delivered) -> None:
        self._settle(state=MailState.PARKED, last_error=reason)
        counts.parked += 1

    def _settle(self, **values: Any) -> None:
        """Write down the outcome, unless the lease has gone to another sender."""
        change(
            self.session, OutboxMail.id == self.mail_id, OutboxMail.state == MailState.SENDING,
            OutboxMail.lease_until == self.lease_until, lease_until=None, **values,
        )  # fmt: skip
