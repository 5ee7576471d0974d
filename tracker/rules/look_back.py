"""How far back a morning looks for what nobody was told of yet: longer than anything that can hold a reminder up."""
from __future__ import annotations

from datetime import timedelta

from tracker.rules.errors import Refusal
from tracker.rules.policy import Policy
from tracker.rules.working_days import ONE_DAY, WorkingCalendar

#: What happened longer ago than this is told no more, where the telling has no due date of its own.
LOOK_BACK = timedelta(days=90)


class LookBackTooShort(Refusal):
    """A grace and a rest together are longer than what a morning looks back (values: needed, days)."""

    key = "look_back_too_short"


def longest_rest(calendar: WorkingCalendar) -> int:
    """Count the days of the longest run of days off, in a row, that the calendar knows."""
    longest = 2  # an ordinary weekend
    for some_day in calendar.off:
        first, after = some_day, some_day
        while not calendar.is_working(first - ONE_DAY):
            first -= ONE_DAY
        while not calendar.is_working(after):
            after += ONE_DAY
        longest = max(longest, (after - first).days)
    return longest


def check_look_back(policy: Policy, calendar: WorkingCalendar) -> None:
    """Refuse periods with which something would fall out of sight before anybody was told.

    The grace counts working days, so its weekends are counted too. Raises LookBackTooShort.
    """
    grace = policy.grace_after_return + 2 * (policy.grace_after_return // 5 + 1)
    needed = grace + longest_rest(calendar)
    if needed >= LOOK_BACK.days:
        raise LookBackTooShort(needed=needed, days=LOOK_BACK.days)
