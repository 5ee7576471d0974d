"""The demo's past, in order: what happened when, on working days and in working hours."""
from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from tracker.clock import VIETNAM, vietnam_day
from tracker.rules.working_days import WorkingCalendar

Act = Callable[[datetime], None]
#: The newest event lies this long before the moment of loading.
JUST_NOW = timedelta(minutes=20)


@dataclass(order=True)
class _Event:
    at: datetime
    number: int
    act: Act = field(compare=False)


class Timeline:
    """Acts to come, played in the order of their moments; an act may add others that come later."""

    def __init__(self, *, today: date, now: datetime, calendar: WorkingCalendar, random: Random) -> None:
        self.today, self.now, self.calendar, self.random = today, now, calendar, random
        self._events: list[_Event] = []

    def office_hour(self, day: date) -> datetime:
        """Give a moment in the working hours of a day, or of the working day before it."""
        day = self.calendar.at_or_before(day)
        return datetime.combine(day, time(self.random.randrange(8, 17), self.random.randrange(60)), VIETNAM)

    def add(self, at: datetime, act: Act) -> None:
        """Add an act; what has not happened yet at the moment of loading never does."""
        if at <= self.now - JUST_NOW:
            heapq.heappush(self._events, _Event(at, len(self._events) + self.random.randrange(1, 10**9), act))

    def play(self) -> None:
        """Let everything happen."""
        while self._events:
            event = heapq.heappop(self._events)
            event.act(event.at)


def day_of(at: datetime) -> date:
    """Give the day in Vietnam of an event."""
    return vietnam_day(at)
