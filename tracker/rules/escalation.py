"""From when on lateness is told upwards: to the head of the agency, then to the leadership; in working days."""
from __future__ import annotations

from datetime import date
from enum import StrEnum

from tracker.rules.policy import Policy
from tracker.rules.working_days import ONE_DAY, WorkingCalendar


class EscalationStep(StrEnum):
    """Who is told. Each person is told once of each due date."""

    HEAD = "head"
    LEADERSHIP = "leadership"


def working_days_late(step: EscalationStep, policy: Policy) -> int:
    """Give the lateness at which a step is owed, as the province set it."""
    return policy.escalate_to_head_after if step is EscalationStep.HEAD else policy.escalate_to_leaders_after


def last_day_told(step: EscalationStep, today: date, policy: Policy, calendar: WorkingCalendar) -> date | None:
    """Give the newest day that lies so many working days back that a step is owed; None on a day off.

    What was due, or had its grace, until that day or an earlier one is told. Days off between do not count: what was
    due before Tết is not told the sooner for it.
    """
    if not calendar.is_working(today):
        return None
    day = today
    for _ in range(working_days_late(step, policy) - 1):
        day = calendar.at_or_before(day - ONE_DAY)
    return day - ONE_DAY
