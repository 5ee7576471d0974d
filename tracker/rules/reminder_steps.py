"""When an open assignment is owed a reminder: 7 days and 1 day before, on the day, then every 3 days late.

Counted from the due date; what is sent before moves to the working day before, what is sent
on or after moves to the working day after, because nothing is sent on a day off.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from tracker.rules.working_days import WorkingCalendar

#: When a morning's digests are decided and leave, in Vietnam.
MORNING = time(7, 30)
DAYS_BEFORE = (7, 1)
OVERDUE_EVERY = 3
#: How far ahead of a due date the first step can fall: seven days and the longest rest before them.
FURTHEST_AHEAD = timedelta(days=7 + 14)


@dataclass(frozen=True)
class Step:
    """One reminder owed: its name (unique per due date) and the working day it belongs to."""

    name: str
    on: date


def step_owed(due_on: date, today: date, calendar: WorkingCalendar) -> Step | None:
    """Give the newest step whose day has come, or None when none has.

    A morning that was missed is caught up on the next one, once: only the newest step is
    owed, and the caller's unique key on its name keeps it from being sent again.
    """
    owed: Step | None = None
    for days in DAYS_BEFORE:
        on = calendar.at_or_before(due_on - timedelta(days=days))
        if on <= today:
            owed = Step(f"before_{days}", on)
    # "Due today" goes out on the working day at or before the due date, so that the last
    # warning never comes after it.
    last_call = calendar.at_or_before(due_on)
    if last_call <= today:
        owed = Step("due", last_call)
    late = (today - due_on).days
    for days in range(late - late % OVERDUE_EVERY, 0, -OVERDUE_EVERY):
        on = calendar.at_or_after(due_on + timedelta(days=days))
        if on <= today:
            return Step(f"overdue_{days}", on)
    return owed
