"""The outbox as administrators look at it: its mails, one mail with what became of it, what was given up and why."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.clock import VIETNAM
from tracker.models import Assignment, IncomingMail, MailEvent, OutboxMail, Reminder, User
from tracker.reports.admin_lists import people_meant
from tracker.reports.list_arguments import bounded_count, given, newest_first, one_of, read_day, read_words
from tracker.reports.paging import Page
from tracker.rules.folding import fold
from tracker.rules.mail_reasons import gist, reason_key
from tracker.rules.states import IncomingKind, MailKind, MailState

#: Given-up mails that are sorted by reason at once, the newest; the others come when these are dealt with.
MOST_PARKED = 5000
#: Items and events that a mail's page shows.
MOST_ITEMS = 100
MOST_EVENTS = 100


@dataclass(frozen=True)
class MailFilter:
    """Which mails of the outbox are wanted."""

    state: MailState | None = None
    kind: MailKind | None = None
    #: On which day in Vietnam they were decided.
    day: date | None = None
    domain: str = ""
    #: Words of the recipient's name, address or agency.
    person: str = ""
    bounced: bool = False
    #: Why they were given up, as `rules.mail_reasons` names it.
    reason: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> MailFilter:
        """Read the filter from an address; what makes no sense there is left out."""
        return cls(
            state=one_of(MailState, args.get("state")), kind=one_of(MailKind, args.get("kind")),
            day=read_day(args.get("day")), domain=read_words(args, "domain").rpartition("@")[2].lower(),
            person=read_words(args, "person"), bounced=args.get("bounced") == "1", reason=read_words(args, "reason"),
        )  # fmt: skip

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments for this filter."""
        return given(state=self.state, kind=self.kind, day=self.day and self.day.isoformat(), domain=self.domain,
                     person=self.person, bounced="1" if self.bounced else None, reason=self.reason)


def mails(session: Session, wanted: MailFilter, *, after: str | None = None) -> Page[OutboxMail]:
    """Give one page of the outbox, newest first."""
    criteria = _criteria(session, wanted)
    total = bounded_count(session, OutboxMail.id, *criteria)
    rows = select(OutboxMail).where(*criteria).options(joinedload(OutboxMail.recipient))
    return newest_first(session, rows, OutboxMail.id, after, total)


def _criteria(session: Session, wanted: MailFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        found.append(OutboxMail.state == wanted.state)
    if wanted.kind is not None:
        found.append(OutboxMail.kind == wanted.kind)
    if wanted.day is not None:
        midnight = datetime.combine(wanted.day, time(), VIETNAM)
        found += [OutboxMail.created_at >= midnight, OutboxMail.created_at < midnight + timedelta(days=1)]
    if wanted.domain:
        found.append(OutboxMail.domain == wanted.domain)
    if fold(wanted.person):
        found.append(OutboxMail.recipient_id.in_(people_meant(session, wanted.person)))
    if wanted.bounced:
        found.append(OutboxMail.bounced_at.is_not(None))
    if wanted.reason:
        found.append(OutboxMail.id.in_(parked_for(session, wanted.reason)))
    return found


def parked_count(session: Session) -> int:
    """Count the mails that were given up and wait for an administrator."""
    return bounded_count(session, OutboxMail.id, OutboxMail.state == MailState.PARKED)


# ---- why mails were given up ----


@dataclass
class ParkedReason:
    """One reason for which mails were given up."""

    key: str
    words: str
    #: Newest first.
    mail_ids: list[int] = field(default_factory=list)
    #: How many of them go to an address that is marked as refused.
    refused: int = 0


def parked_reasons(session: Session) -> list[ParkedReason]:
    """Sort the mails that were given up by what the servers said, the most frequent first."""
    found: dict[str, ParkedReason] = {}
    for mail_id, words, refused in _parked(session):
        key = reason_key(words)
        reason = found.setdefault(key, ParkedReason(key, gist(words)))
        reason.mail_ids.append(mail_id)
        reason.refused += refused
    return sorted(found.values(), key=lambda reason: (-len(reason.mail_ids), reason.words))


def parked_for(session: Session, key: str) -> list[int]:
    """Give the ids of the mails that were given up for one reason, newest first."""
    return [mail_id for mail_id, words, _refused in _parked(session) if reason_key(words) == key]


def _parked(session: Session) -> Sequence[Any]:
    return session.execute(
        select(OutboxMail.id, OutboxMail.last_error, User.mail_refused_at.is_not(None))
        .join(OutboxMail.recipient).where(OutboxMail.state == MailState.PARKED)
        .order_by(OutboxMail.id.desc()).limit(MOST_PARKED)
    ).all()


# ---- one mail ----


@dataclass(frozen=True)
class MailStory:
    """What belongs to one mail: its events, what it told of, what came back."""

    events: Sequence[MailEvent]
    #: How many of the events came before the server took it.
    until_sent: int
    #: Who acted in an event, by id.
    people: Mapping[int, str]
    reminders: Sequence[Reminder]
    #: How many assignments it tells of in all.
    told: int
    incoming: Sequence[IncomingMail]


def story(session: Session, mail: OutboxMail) -> MailStory:
    """Give what belongs to one mail, in a fixed number of queries."""
    events = session.scalars(select(MailEvent).where(MailEvent.mail_id == mail.id)
                             .order_by(MailEvent.id.desc()).limit(MOST_EVENTS)).all()
    actors = {event.actor_id for event in events if event.actor_id is not None}
    people = {user.id: user.name for user in session.execute(select(User.id, User.name).where(User.id.in_(actors)))}
    reminders = session.scalars(
        select(Reminder).where(Reminder.mail_id == mail.id)
        .options(joinedload(Reminder.assignment).options(joinedload(Assignment.task), joinedload(Assignment.agency)))
        .order_by(Reminder.id).limit(MOST_ITEMS)
    ).all()
    told = session.scalar(select(func.count()).select_from(Reminder).where(Reminder.mail_id == mail.id)) or 0
    incoming = session.scalars(select(IncomingMail).where(IncomingMail.mail_id == mail.id)
                               .order_by(IncomingMail.id.desc()).limit(MOST_EVENTS)).all()
    events = events[::-1]
    until_sent = sum(mail.sent_at is None or event.at <= mail.sent_at for event in events)
    return MailStory(events, until_sent, people, reminders, told, incoming)


# ---- mails that came in ----


def incoming_mails(
    session: Session, kind: IncomingKind | None, *, after: str | None = None
) -> Page[IncomingMail]:
    """Give one page of the mails that came to the sender's mailbox, newest first."""
    criteria = [] if kind is None else [IncomingMail.kind == kind]
    total = bounded_count(session, IncomingMail.id, *criteria)
    rows = select(IncomingMail).where(*criteria).options(
        joinedload(IncomingMail.user), joinedload(IncomingMail.mail).joinedload(OutboxMail.recipient))
    return newest_first(session, rows, IncomingMail.id, after, total)
