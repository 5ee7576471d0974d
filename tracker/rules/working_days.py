"""Which days are worked. The days themselves are rows of a table that an administrator corrects."""
from __future__ import annotations

from dataclasses import dataclass
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

    def _walk(self, day: date, step: timedelta) -> date:
        start = day
        for _ in range(LONGEST_REST):
            if self.is_working(day):
                return day
            day += step
        return start
