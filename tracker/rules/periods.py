"""The windows of a periodic report: what it covers, and by when it is sent.

Windows a plan does not name follow Nghị định 09/2019/NĐ-CP: a month runs from the 15th to
the 14th, a half-year from 15/12 to 14/6, a year from 15/12 to 14/12. The send-by day is set
by each plan, never by the decree, so it is never guessed here.
"""
from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.states import Every

#: First and last day of the windows that the decree gives, as (month, day).
DECREE_YEAR = ((12, 15), (12, 14))
DECREE_FIRST_HALF = ((12, 15), (6, 14))
DECREE_SECOND_HALF = ((6, 15), (12, 14))

MonthDay = tuple[int, int]


@dataclass(frozen=True)
class Recurrence:
    """A recurring duty as a plan words it; `due`, `first`, `last` are (month, day).

    For months and quarters only the day of `due` counts: the send-by day within the month
    in which the window ends, or the month after when that day is already past.
    """

    every: Every
    due: MonthDay | None = None
    first: MonthDay | None = None
    last: MonthDay | None = None
    #: The plan asks for a yearly report too, so the second half is covered by that one.
    first_half_only: bool = False


@dataclass(frozen=True)
class Window:
    """First and last day covered (both included) and the day by which the report is sent."""

    label: str
    first_day: date
    last_day: date
    due_on: date | None


def on_day(year: int, month_day: MonthDay) -> date:
    """Give a day of a year, the last of the month where the month is shorter (29/2, 31/6)."""
    month, day = month_day
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def parse_month_day(words: str | None) -> MonthDay | None:
    """Read "MM-DD"; None for nothing. Raises ValueError for what is no day of a year."""
    if not words:
        return None
    month, day = (int(part) for part in words.split("-"))
    date(2024, month, day)
    return month, day


def next_window(recurrence: Recurrence, today: date) -> Window:
    """Give the first window whose report can still be sent in time."""
    for year in range(today.year - 1, today.year + 3):
        for window in _windows(recurrence, year):
            if (window.due_on or window.last_day) >= today:
                return window
    raise AssertionError("every recurrence has a window within two years")


def window_following(recurrence: Recurrence, last_day: date) -> Window:
    """Give the window that follows the one that ended on `last_day`."""
    for year in range(last_day.year, last_day.year + 3):
        for window in _windows(recurrence, year):
            if window.last_day > last_day:
                return window
    raise AssertionError("every recurrence has a window within two years")


def _windows(recurrence: Recurrence, year: int) -> list[Window]:
    """List the windows that end in a year, oldest first."""
    match recurrence.every:
        case Every.YEAR:
            return [_annual(recurrence, year, DECREE_YEAR, str(year))]
        case Every.HALF_YEAR:
            halves = [_annual(recurrence, year, DECREE_FIRST_HALF, f"{year}-H1")]
            if not recurrence.first_half_only and recurrence.due is None:
                halves.append(_annual(Recurrence(Every.HALF_YEAR), year, DECREE_SECOND_HALF, f"{year}-H2"))
            return halves
        case Every.QUARTER:
            return [_monthly(recurrence, year, 3 * n, 3, f"{year}-Q{n}") for n in range(1, 5)]
        case Every.MONTH:
            return [_monthly(recurrence, year, n, 1, f"{year}-{n:02}") for n in range(1, 13)]


def _annual(recurrence: Recurrence, year: int, decree: tuple[MonthDay, MonthDay], label: str) -> Window:
    first, last = recurrence.first or decree[0], recurrence.last or decree[1]
    last_day = on_day(year, last)
    first_day = on_day(year if first < last else year - 1, first)
    due_on = None
    if recurrence.due is not None:
        due_on = on_day(year, recurrence.due)
        # A yearly report sent in January is about the year before.
        if last_day - due_on > timedelta(days=183):
            due_on = on_day(year + 1, recurrence.due)
    return Window(label, first_day, last_day, due_on)


def _monthly(recurrence: Recurrence, year: int, month: int, months: int, label: str) -> Window:
    """A window of whole "15th to 14th" months that ends in `month`."""
    last_day = date(year, month, 14)
    start = year * 12 + month - 1 - months
    first_day = date(start // 12, start % 12 + 1, 15)
    due_on = None
    if recurrence.due is not None:
        due_on = on_day(year, (month, recurrence.due[1]))
        if due_on < last_day:
            after = year * 12 + month
            due_on = on_day(after // 12, (after % 12 + 1, recurrence.due[1]))
    return Window(label, first_day, last_day, due_on)
