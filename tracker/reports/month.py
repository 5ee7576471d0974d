"""One month of an agency's own work: the days things are due, the windows that reports cover, the days off."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.models import Assignment, CalendarDay, Plan, ReportingPeriod, Task, User
from tracker.models.access import assignments_of
from tracker.reports.assignment_list import SETTLED, cut
from tracker.reports.paging import Page
from tracker.rules.states import COUNTED
from tracker.rules.working_days import DayKind

#: Items of one day on the calendar; the others are one press away.
DAY_ITEMS = 4
#: Windows told below the calendar, and those of them that are drawn in it.
MOST_WINDOWS = 12
DRAWN_WINDOWS = 3
#: Reports named of each window.
WINDOW_ITEMS = 3
#: Months that an address may ask for; the days around them exist too.
FIRST_YEAR, LAST_YEAR = 2000, 2200
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class MonthDay:
    """One cell of the calendar."""

    day: date
    in_month: bool
    #: What the agency's calendar, else the province's, says of the day; None for one like any other.
    kind: DayKind | None
    name: str
    items: Sequence[Assignment]
    total: int

    @property
    def is_off(self) -> bool:
        """Tell whether nobody works on this day."""
        return self.kind is DayKind.OFF or (self.kind is None and self.day.weekday() >= 5)

    @property
    def more(self) -> int:
        """Count the items that the cell does not show."""
        return self.total - len(self.items)


@dataclass(frozen=True)
class Window:
    """One stretch of days that reports cover, how many of the agency's cover just it, and the first few of them."""

    first_day: date
    last_day: date
    total: int
    items: Sequence[Assignment] = field(default=())

    def covers(self, day: date) -> bool:
        """Tell whether a day lies in the window."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Month:
    """A month as weeks from Monday to Sunday, with the windows that touch it."""

    first: date
    weeks: Sequence[Sequence[MonthDay]]
    windows: Sequence[Window]
    #: Windows beyond those that are told.
    more_windows: int
    #: How many are due within the month itself.
    total: int

    @property
    def previous(self) -> date:
        """Give the first day of the month before."""
        return (self.first - _DAY).replace(day=1)

    @property
    def following(self) -> date:
        """Give the first day of the month after."""
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def drawn(self) -> Sequence[Window]:
        """Give the windows that have a bar in the calendar: the shortest say the most about a day."""
        return sorted(self.windows, key=lambda w: (w.last_day - w.first_day, w.first_day))[:DRAWN_WINDOWS]


def read_month(raw: str | None) -> date | None:
    """Read "2026-11" as its first day; None for what is no month, or one no plan speaks of."""
    year, _dash, month = (raw or "").partition("-")
    if not (year + month).isascii() or not (year.isdecimal() and month.isdecimal()) or len(raw or "") > 7:
        return None
    if not (FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12):
        return None
    return date(int(year), int(month), 1)


def month_of(session: Session, user: User, first: date) -> Month:
    """Give one month of this person's own agency, in a fixed number of queries. `first` is the month's first day."""
    after = (first + timedelta(days=31)).replace(day=1)
    start = first - timedelta(days=first.weekday())
    end = after - _DAY + timedelta(days=6 - (after - _DAY).weekday())
    items, totals = _due(session, user, start, end)
    off = _special_days(session, user, start, end)

    def cell(day: date) -> MonthDay:
        special = off.get(day)
        return MonthDay(
            day, in_month=day.month == first.month, kind=special.kind if special else None,
            name=special.name if special else "", items=items[day], total=totals.get(day, 0),
        )  # fmt: skip

    weeks = []
    while start <= end:
        weeks.append([cell(start + timedelta(days=n)) for n in range(7)])
        start += _WEEK
    windows, more = _windows(session, user, first, after - _DAY)
    return Month(first, weeks, windows, more, sum(n for day, n in totals.items() if first <= day < after))


def day_page(session: Session, user: User, day: date, *, after: str | None = None) -> Page[Assignment]:
    """Give everything of this person's own agency that is due on a day, page by page."""
    return cut(session, [*_mine(user), Assignment.due_on == day], after=after)


def _special_days(session: Session, user: User, start: date, end: date) -> dict[date, CalendarDay]:
    """Read what the calendar says of each day: the agency's own word wins over the province's."""
    rows = session.scalars(
        select(CalendarDay)
        .where(CalendarDay.day.between(start, end),
               or_(CalendarDay.agency_id.is_(None), CalendarDay.agency_id == user.agency_id))
        .order_by(CalendarDay.agency_id.is_not(None), CalendarDay.day)
    )
    return {row.day: row for row in rows}


def _mine(user: User) -> list[ColumnElement[bool]]:
    return [assignments_of(user), Assignment.agency_id == user.agency_id, Assignment.state.in_(COUNTED)]


def _due(session: Session, user: User, start: date, end: date
         ) -> tuple[dict[date, list[Assignment]], dict[date, int]]:
    """Read the first few items of each day, those still owed first, and how many there are."""
    order = (Assignment.state.in_(SETTLED), Assignment.id)
    ranked = (
        select(
            Assignment.id,
            func.row_number().over(partition_by=Assignment.due_on, order_by=order).label("place"),
        )
        .where(*_mine(user), Assignment.due_on.between(start, end)).subquery()
    )  # fmt: skip
    totals = session.execute(
        select(Assignment.due_on, func.count()).where(*_mine(user), Assignment.due_on.between(start, end))
        .group_by(Assignment.due_on)
    )
    chosen = select(ranked.c.id).where(ranked.c.place <= DAY_ITEMS)
    items: dict[date, list[Assignment]] = defaultdict(list)
    for row in _with_words(session, chosen, *order):
        if row.due_on is not None:
            items[row.due_on].append(row)
    return items, {day: count for day, count in totals if day is not None}


def _windows(session: Session, user: User, first: date, last: date) -> tuple[list[Window], int]:
    """Read the windows that touch a month, those that end first first, and count what is left out."""
    inside = and_(*_mine(user), ReportingPeriod.first_day <= last, ReportingPeriod.last_day >= first)
    span = (ReportingPeriod.first_day, ReportingPeriod.last_day)
    spans = session.execute(
        select(*span, func.count()).select_from(Assignment).join(Assignment.period).where(inside)
        .group_by(*span).order_by(ReportingPeriod.last_day, ReportingPeriod.first_day)
    ).all()
    ranked = (
        select(Assignment.id, *span,
               func.row_number().over(partition_by=span, order_by=Assignment.id).label("place"))
        .join(Assignment.period).where(inside).subquery()
    )
    # In the order in which the windows are told, so that what is cut off belongs to none of them.
    chosen = (
        select(ranked.c.id).where(ranked.c.place <= WINDOW_ITEMS)
        .order_by(ranked.c.last_day, ranked.c.first_day, ranked.c.id).limit(MOST_WINDOWS * WINDOW_ITEMS)
    )
    named: dict[tuple[date, date], list[Assignment]] = defaultdict(list)
    for row in _with_words(session, chosen, Assignment.id):
        if row.period is not None:
            named[row.period.first_day, row.period.last_day].append(row)
    told = [Window(begins, ends, count, named[begins, ends]) for begins, ends, count in spans[:MOST_WINDOWS]]
    return told, len(spans) - len(told)


def _with_words(session: Session, chosen: object, *order: object) -> Sequence[Assignment]:
    """Read the chosen assignments with what the calendar says of them."""
    return session.scalars(
        select(Assignment).join(Assignment.plan).join(Assignment.task)
        .where(Assignment.id.in_(chosen))  # type: ignore[arg-type]
        .options(contains_eager(Assignment.plan).defer(Plan.text).defer(Plan.extract),
                 contains_eager(Assignment.task).defer(Task.fold), joinedload(Assignment.period))
        .order_by(*order)  # type: ignore[arg-type]
    ).all()
