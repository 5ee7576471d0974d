"""Who gets what on a morning, person by person: what `plan_morning` says, with names and words for one page of it."""
from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import nsmallest
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.clock import VIETNAM
from tracker.models import Agency, Assignment, Plan, Task, User
from tracker.models.access import assignments_of
from tracker.models.calendar import load_calendar
from tracker.models.policy import load_policy
from tracker.reminders.deciding import Person, PlannedMail, Unreached, plan_morning
from tracker.reminders.owed import OwedItem
from tracker.reports.list_arguments import given, read_day, read_key, read_words
from tracker.reports.paging import Page
from tracker.rules.folding import fold
from tracker.rules.reminder_policy import Audience
from tracker.rules.states import MORNING_KINDS, MailKind

#: People on one page, and what is spelled out of each one's mail.
PAGE_PEOPLE = 25
MOST_ITEMS = 20
MOST_LOOKED_AT = 100
#: Agencies that nobody is reached in: named at once; the others are counted.
MOST_UNREACHED = 100
#: How far ahead a morning can be looked at: what is told until then is not known yet.
FURTHEST = timedelta(days=60)


class ToldKind(StrEnum):
    """What a step tells, the most pressing first; its number of days stands beside it."""

    VERY_LATE = "very_late"
    LATE = "late"
    AFTER = "after"
    DUE = "due"
    BEFORE = "before"
    OPENED = "opened"
    ACCEPTED = "accepted"


_ORDER = {kind: place for place, kind in enumerate(ToldKind)}


@dataclass(frozen=True)
class MorningFilter:
    """Which morning, and whose mails of it."""

    day: date
    q: str = ""
    kind: MailKind | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str], *, default: date, today: date) -> MorningFilter:
        """Read the filter from an address; what makes no sense there is left out."""
        kind = next((one for one in MORNING_KINDS if one.value == args.get("kind")), None)
        day = read_day(args.get("day"))
        possible = day is not None and today <= day <= today + FURTHEST
        return cls(day if day is not None and possible else default, read_words(args), kind)

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments for this filter."""
        return given(day=self.day.isoformat(), q=self.q, kind=self.kind)


@dataclass(frozen=True)
class TaskWords:
    """What an assignment is about."""

    text: str
    plan: str
    agency: str
    due_on: date | None


@dataclass(frozen=True)
class ToldItem:
    """One reminder of a mail, in words."""

    assignment_id: int
    kind: ToldKind
    #: Working days before or after; None where the step has none.
    days: int | None
    audience: Audience
    task: TaskWords


@dataclass(frozen=True)
class PersonsMail:
    """What one person gets."""

    person: Person
    agency: str
    mail: MailKind
    #: How many reminders of each kind, the most pressing first.
    counts: Sequence[tuple[ToldKind, int]]
    total: int
    #: The most pressing of those that the reader may see.
    items: Sequence[ToldItem]
    #: Of those looked at, how many the reader does not see because another body coordinates their plans.
    elsewhere: int
    #: A mail of an earlier morning that never left goes along.
    carries_unsent: bool

    @property
    def more(self) -> int:
        """Count what is neither spelled out nor somebody else's."""
        return self.total - len(self.items) - self.elsewhere


@dataclass(frozen=True)
class MorningPage:
    """A morning in numbers, and one page of its mails."""

    page: Page[PersonsMail]
    #: Mails of each kind in the whole province, and how many reminders they hold.
    kinds: Sequence[tuple[MailKind, int]]
    mails: int
    reminders: int
    #: Agencies that would be told something and have nobody who can be; the most work first, and how many in all.
    unreached: Sequence[Unreached]
    unreached_total: int


def next_morning(session: Session, *, now: datetime) -> date:
    """Give the next morning on which mails leave: today's while its hour has not come, else the next working day's."""
    local = now.astimezone(VIETNAM)
    calendar, today = load_calendar(session), local.date()
    if local.time() < load_policy(session).send_at:
        return calendar.at_or_after(today)
    return calendar.at_or_after(today + timedelta(days=1))


def morning_page(
    session: Session, reader: User, wanted: MorningFilter, *, after: str | None = None, today: date | None = None
) -> MorningPage:
    """Give one page of a morning, in the order of the province's list of agencies.

    The whole morning is planned for it, in a fixed number of queries; words are read for the people on the page only.
    """
    morning = plan_morning(session, today=wanted.day, seen_on=today)
    places = _places(session)
    found = [mail for mail in morning.mails if wanted.kind in (None, mail.kind)]
    if words := fold(wanted.q).split():
        found = [mail for mail in found if _matches(mail, words, places)]
    keyed = sorted(((places[mail.person.agency_id][0], mail.person.agency_id, mail.person.id), mail) for mail in found)
    start = read_key(after, 3)
    rest = [(key, mail) for key, mail in keyed if start is None or key > start]
    shown = rest[:PAGE_PEOPLE]
    next_after = ".".join(map(str, shown[-1][0])) if len(rest) > PAGE_PEOPLE else None
    rows = _in_words(session, reader, [mail for _key, mail in shown])
    kinds = Counter(mail.kind for mail in morning.mails)
    return MorningPage(
        Page(rows, next_after, start is None, len(keyed)), kinds.most_common(), len(morning.mails),
        sum(len(mail.items) for mail in morning.mails),
        sorted(morning.unreached, key=lambda one: (-one.items, one.agency_id))[:MOST_UNREACHED],
        len(morning.unreached),
    )


def _places(session: Session) -> dict[int, tuple[int, str]]:
    """Read the place of every agency in the province's list, and its folded name."""
    rows = session.execute(select(Agency.id, Agency.position, Agency.fold))
    return {agency_id: (position, name) for agency_id, position, name in rows}


def _matches(mail: PlannedMail, words: Sequence[str], places: Mapping[int, tuple[int, str]]) -> bool:
    person = mail.person
    text = f"{fold(person.name)} {fold(person.email)} {places[person.agency_id][1]}"
    return all(word in text for word in words)


def _told(item: OwedItem) -> tuple[ToldKind, int | None]:
    """Read a step's name: "before_5" is five days before, "accepted_40" names a review."""
    if item.step in (ToldKind.LATE, ToldKind.VERY_LATE):
        return ToldKind(item.step), None
    name, _underscore, number = item.step.partition("_")
    kind = ToldKind(name)
    return kind, int(number) if number and kind is not ToldKind.ACCEPTED else None


def _pressing(item: OwedItem) -> tuple[int, int, int]:
    """Order what is told: what went up first, then the longest late, then what is due the soonest."""
    kind, days = _told(item)
    return _ORDER[kind], -(days or 0) if kind is ToldKind.AFTER else days or 0, item.assignment_id


def _in_words(session: Session, reader: User, mails: Sequence[PlannedMail]) -> list[PersonsMail]:
    """Spell out some of each mail; of the thousands of items that a leader's may hold only the first are looked at."""
    looked_at = {mail.person.id: nsmallest(MOST_LOOKED_AT, mail.items, key=_pressing) for mail in mails}
    visible = set(session.scalars(
        select(Assignment.id)
        .where(Assignment.id.in_({item.assignment_id for items in looked_at.values() for item in items}),
               assignments_of(reader))
    ))
    chosen = {
        person_id: [item for item in items if item.assignment_id in visible][:MOST_ITEMS]
        for person_id, items in looked_at.items()
    }
    words = _words(session, {item.assignment_id for items in chosen.values() for item in items})
    names = select(Agency.id, Agency.name).where(Agency.id.in_({mail.person.agency_id for mail in mails}))
    agencies: dict[int, str] = {agency_id: name for agency_id, name in session.execute(names)}  # noqa: C416
    rows = []
    for mail in mails:
        counts = Counter(_told(item)[0] for item in mail.items)
        rows.append(PersonsMail(
            mail.person, agencies[mail.person.agency_id], mail.kind,
            sorted(counts.items(), key=lambda pair: _ORDER[pair[0]]), len(mail.items),
            [ToldItem(item.assignment_id, *_told(item), Audience(item.audience), words[item.assignment_id])
             for item in chosen[mail.person.id]],
            elsewhere=sum(item.assignment_id not in visible for item in looked_at[mail.person.id]),
            carries_unsent=bool(mail.unsent_mail_ids),
        ))  # fmt: skip
    return rows


def _words(session: Session, ids: Collection[int]) -> dict[int, TaskWords]:
    """Read the task's words, the plan, the agency and the due date of some assignments."""
    rows = session.execute(
        select(Assignment.id, Task.text, func.coalesce(Plan.number, Plan.title), Agency.name, Assignment.due_on)
        .join(Assignment.task).join(Assignment.plan).join(Assignment.agency).where(Assignment.id.in_(ids))
    )
    return {row[0]: TaskWords(*row[1:]) for row in rows}
