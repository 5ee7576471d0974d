"""Which days are worked. The days themselves are rows of a table that an administrator corrects."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
#: Longer than any run of days off (Tết is at most ten); past it a calendar is broken.
LONGEST_REST = 60


class DayKind(StrEnum):
    """What a row of the calendar says of its day."""

    OFF = "off"
    #: A Saturday or Sunday worked in exchange for a day off elsewhere.
    WORKING = "working"


@dataclass(frozen=True)
class WorkingCalendar:
    """Days off and make-up working days; Saturdays and Sundays rest unless made up."""

    off: frozenset[date] = frozenset()
    made_up: frozenset[date] = frozenset()
    #: The calendars of agencies that have days of their own, by the agency's id; no part of what this calendar is.
    own: Mapping[int, WorkingCalendar] = field(default_factory=dict, compare=False, repr=False)

    def of(self, agency_id: int) -> WorkingCalendar:
        """Give the calendar that an agency works by: its own where it has one, else this."""
        return self.own.get(agency_id, self)

    def is_working(self, day: date) -> bool:
        """Tell whether a day is worked; a make-up row wins over a weekend, an off row over everything else."""
        if day in self.made_up:
            return True
        return day.weekday() < 5 and day not in self.off

    def at_or_before(self, day: date) -> date:
        """Give the last working day at or before a day.

        The reading customary in urging work: what is due on a Saturday is expected on Friday.
        """
        return self._walk(day, -ONE_DAY)

    def at_or_after(self, day: date) -> date:
        """Give the first working day at or after a day (the legal shift of Civil Code 2015, art. 148)."""
        return self._walk(day, ONE_DAY)

    def with_days(self, off: frozenset[date], made_up: frozenset[date]) -> WorkingCalendar:
        """Give this calendar with an agency's own days, which win over it."""
        return WorkingCalendar(off=(self.off - made_up) | off, made_up=(self.made_up - off) | made_up)

    def first_of_week(self, day: date) -> date | None:
        """Give the first working day of a day's week, Monday to Sunday; None when the whole week rests."""
        monday = day - day.weekday() * ONE_DAY
        return next((one for one in (monday + n * ONE_DAY for n in range(7)) if self.is_working(one)), None)

    def first_of_month(self, day: date) -> date:
        """Give the first working day of a day's month."""
        return self.at_or_after(day.replace(day=1))

    def _walk(self, day: date, step: timedelta) -> date:
        start = day
        for _ in range(LONGEST_REST):
            if self.is_working(day):
                return day
            day += step
        return start
