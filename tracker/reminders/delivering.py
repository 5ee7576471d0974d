"""Delivering the outbox: mails are taken with a lease, made at that moment, and `sent` only after the server's 250."""
from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import random
from time import monotonic
from typing import Protocol

from flask import current_app
from sqlalchemy.orm import Session

from tracker.clock import vietnam_day
from tracker.mail.answers import Fault
from tracker.mail.delivery import NotTaken, PostOffice, Unreachable
from tracker.mail.writing import Message
from tracker.models.policy import load_policy
from tracker.reminders import copies, settling
from tracker.reminders.content import Later, NothingToSay
from tracker.reminders.making import Failed, contents, written
from tracker.reminders.outbox import Taken, claim, release
from tracker.rules.backoff import MOST_ATTEMPTS, wait_after

log = logging.getLogger(__name__)

#: How long everything waits for a server that can't be reached; that is no mail's fault and counts as no attempt.
SERVER_WAIT = timedelta(minutes=2)
#: How long this process leaves a server alone that does not want us: a log-in tried every minute locks an account. A
#: corrected setting needs a new start, and a new process asks at once.
REST = timedelta(minutes=15)
#: So many mails in a row whose line broke, or whose address was refused, are the server's trouble and not the mails':
#: the others wait.
MOST_LOST_IN_A_ROW = 4
MOST_REFUSED_IN_A_ROW = 10
#: What is left of its lease when a mail's conversation begins: as long as that may last at worst.
NEEDED = timedelta(minutes=3)
#: Mails that are read together, in a few queries; and how old what was read may be when it is sent.
TOGETHER = 25
FRESH = timedelta(seconds=5)

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


class Office(Protocol):
    """Where mails are handed over: `mail.delivery.PostOffice`, or something in its place."""

    def prepare(self, message: Message) -> None:
        """Do what can be done for the next mail while the server has the one before."""

    def begin(self, message: Message) -> None:
        """Give the server a mail. Raises NotTaken or Unreachable."""

    def finish(self) -> None:
        """Wait for the server's word on the mail that was begun. Raises NotTaken or Unreachable."""


class _Given:
    """A function that takes a message, in the place of a post office."""

    def __init__(self, send: Send) -> None:
        self.begin = send

    def prepare(self, message: Message) -> None:
        """Do nothing: it is sent as it is."""

    def finish(self) -> None:
        """Do nothing: the mail was taken when `begin` came back."""


def deliver_due(
    session: Session, *, now: datetime, today: date | None = None, send: Send | None = None
) -> Delivered:
    """Send every mail that may go now, and count what became of them.

    Commits as it goes, unlike the other use cases: each mail is taken before it leaves, and
    no transaction is open while the mail server is waited for. `now` is when the run begins;
    `today` is the day in Vietnam that the mails speak of. A mail that can't be made is
    parked and the others still go.
    """
    session.commit()
    if send is not None:
        return _Run(session, _Given(send), now, today).deliver()
    if _rests(now):
        return Delivered()
    with PostOffice() as office:
        return _Run(session, office, now, today).deliver()


def _rests(now: datetime) -> bool:
    """Tell whether the server said lately that it does not want us."""
    until: datetime | None = current_app.extensions.get("mail_rests_until")
    return until is not None and now < until <= now + REST  # a clock that was set back does not prolong it


class _Stop(Exception):
    """The run has to end: there is no server to speak to."""


class _Run:
    """One run of the sender: at most one mail is in the server's hands, the next one is made meanwhile."""

    def __init__(self, session: Session, office: Office, now: datetime, today: date | None) -> None:
        self.session = session
        self.office = office
        self.began_at, self._began = now, monotonic()
        self.today = today or vietnam_day(now)
        self.per_minute = load_policy(session).mails_per_minute
        self.counts = Delivered()
        #: Taken and not tried yet.
        self.held: deque[Taken] = deque()
        #: Given to the server, which has not said yet whether it takes it.
        self.begun: tuple[Taken, Message, copies.Packed | None] | None = None
        self.lost_in_a_row = 0
        self.refused_in_a_row = 0

    @property
    def now(self) -> datetime:
        """The instant, as the run's beginning and a clock that nobody sets tell it."""
        return self.began_at + timedelta(seconds=monotonic() - self._began)

    def deliver(self) -> Delivered:
        """Take mails and send them until none may go now, or there is no server."""
        try:
            # Leases count from the moment mails are taken, however long those before them took.
            while taken := claim(self.session, now=self.now, per_minute=self.per_minute):
                self.held.extend(taken)
                self._send_held()
        except _Stop:
            pass
        finally:
            release(self.session, self.held)
        return self.counts

    def _send_held(self) -> None:
        while self.held:
            self._finish()  # no answer is left waiting while the database is read
            made = contents(self.session, list(self.held)[:TOGETHER], today=self.today, now=self.now)
            made_at = self.now
            for place, (taken, content) in enumerate(made):
                if place and self.now - made_at > FRESH:
                    break
                if taken.lease_until - self.now < NEEDED:
                    release(self.session, self.held)  # slow going: taken anew, with a new lease
                    self.held.clear()
                    break
                said = written(taken, content)  # while the server has the one before
                if isinstance(said, Message):
                    self.office.prepare(said)
                    self._finish()
                    self.held.popleft()
                    self._begin(taken, said)
                else:
                    self._finish()
                    self.held.popleft()
                    self._not_said(taken, said)
        self._finish()

    def _not_said(self, taken: Taken, why: NothingToSay | Later | Failed) -> None:
        """Write down why there is nothing to send."""
        match why:
            case NothingToSay(reason):
                settling.dropped(self.session, taken, reason, now=self.now)
                self.counts.dropped += 1
            case Later(until):
                settling.later(self.session, taken, until=until)
            case Failed(reason, for_now=True):
                self._defer(taken, reason)
            case Failed(reason):
                self._park(taken, reason)

    def _begin(self, taken: Taken, message: Message) -> None:
        try:
            self.office.begin(message)
        except Exception as error:  # whatever it is, the others still get theirs
            self._failed(taken, message, error)
        else:
            self.begun = taken, message, copies.pack(taken.kind, message)
            self.refused_in_a_row = 0

    def _finish(self) -> None:
        """Hear what the server says to the mail it was given, and write that down."""
        if self.begun is None:
            return
        (taken, message, copy), self.begun = self.begun, None
        try:
            self.office.finish()
        except Exception as error:
            self._failed(taken, message, error)
        else:
            self.lost_in_a_row = 0
            settling.sent(self.session, taken, copy, now=self.now)
            self.counts.sent += 1

    def _failed(self, taken: Taken, message: Message, error: Exception) -> None:
        """Write down why a mail was not taken, and whose fault that is; _Stop when there is no server."""
        match error:
            case Unreachable():
                log.warning("mail server: %s", error)
                settling.later(self.session, taken, until=self.now + SERVER_WAIT, reason=str(error))
                self.counts.failed += 1
                if error.refused:
                    self._rest()
                raise _Stop
            case NotTaken(fault=Fault.ADDRESS):
                settling.refused(self.session, taken, message.to, str(error), now=self.now)
                self.counts.parked += 1
                self.refused_in_a_row += 1
            case NotTaken(fault=Fault.PASSING):
                self._defer(taken, str(error))
                self.lost_in_a_row = self.lost_in_a_row + 1 if error.line_lost else 0
            case NotTaken():
                self._park(taken, str(error))
            case _:
                log.error("mail %s not sent", taken.id, exc_info=error)
                self._defer(taken, str(error) or type(error).__name__)
        self._check_server()

    def _check_server(self) -> None:
        if self.refused_in_a_row >= MOST_REFUSED_IN_A_ROW:
            log.error("the mail server refuses one address after the other; leaving it alone for %s", REST)
            self._rest()
            raise _Stop
        if self.lost_in_a_row >= MOST_LOST_IN_A_ROW:
            log.warning("the mail server drops one mail after the other; the others wait for the next run")
            raise _Stop

    def _rest(self) -> None:
        current_app.extensions["mail_rests_until"] = self.now + REST

    def _defer(self, taken: Taken, reason: str) -> None:
        if taken.attempts >= MOST_ATTEMPTS:
            self._park(taken, reason)
            return
        until = self.now + wait_after(taken.attempts, chance=random())
        settling.deferred(self.session, taken, reason, until=until, now=self.now)
        self.counts.failed += 1

    def _park(self, taken: Taken, reason: str) -> None:
        settling.parked(self.session, taken, reason, now=self.now)
        self.counts.parked += 1
