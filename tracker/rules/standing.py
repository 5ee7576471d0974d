"""How an assignment stands against its deadline. Plain dates: no clock, no database.

The four official cells are those that Vietnamese reports on assigned tasks use
(Quyết định 42/2014/QĐ-TTg and the reports made under it): done or not done, in time or late.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.states import OWED, AssignmentState

DUE_SOON = timedelta(days=7)


class OfficialClass(StrEnum):
    """The four official cells, and beside them what has no deadline."""

    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    PENDING_IN_TIME = "pending_in_time"
    PENDING_OVERDUE = "pending_overdue"
    NO_DEADLINE = "no_deadline"


def day_that_counts(state: AssignmentState, submitted_on: date | None, today: date) -> date:
    """Give the day an assignment is judged on.

    It is the day of the report that is later accepted, so while a report waits for the
    reviewer the clock stands still; a returned report counts as none.
    """
    if state in {AssignmentState.SUBMITTED, AssignmentState.ACCEPTED} and submitted_on is not None:
        return submitted_on
    return today


def last_day_in_time(due_on: date | None, grace_until: date | None) -> date | None:
    """Give the last day that is in time: the due date, or the end of the grace that follows a return."""
    if due_on is None or grace_until is None:
        return due_on
    return max(due_on, grace_until)


def grace_by_first_date(due_on: date | None, first_due_on: date | None, grace_until: date | None) -> date | None:
    """Give the grace that counts by the due date before any extension.

    One that followed a return after an extension ends later than the extended date: by the first date, which was
    past already, it makes nothing in time.
    """
    if grace_until is None or due_on is None or due_on == first_due_on or grace_until < due_on:
        return grace_until
    return None


def official_class(
    state: AssignmentState, due_on: date | None, submitted_on: date | None, today: date,
    grace_until: date | None = None,
) -> OfficialClass | None:
    """Tell the official class; None for what was cancelled, which no figure counts.

    The deadline day itself is in time: due on the 1st means overdue from the 2nd. `grace_until` is the last day to
    mend a report that was handed in in time and returned.
    """
    if state is AssignmentState.CANCELLED:
        return None
    last_day = last_day_in_time(due_on, grace_until)
    in_time = last_day is None or day_that_counts(state, submitted_on, today) <= last_day
    if state is AssignmentState.ACCEPTED:
        return OfficialClass.DONE_ON_TIME if in_time else OfficialClass.DONE_LATE
    if due_on is None:
        return OfficialClass.NO_DEADLINE
    return OfficialClass.PENDING_IN_TIME if in_time else OfficialClass.PENDING_OVERDUE


def days_late(
    state: AssignmentState, due_on: date | None, submitted_on: date | None, today: date,
    grace_until: date | None = None,
) -> int:
    """Count the days by which an assignment is, or was, late; 0 when it is not.

    Past its grace it is late since the end of the grace: the days for which its report lay with the coordinator
    are not the agency's.
    """
    last_day = last_day_in_time(due_on, grace_until)
    return 0 if last_day is None else max(0, (day_that_counts(state, submitted_on, today) - last_day).days)


def is_due_soon(state: AssignmentState, due_on: date | None, today: date) -> bool:
    """Tell whether something still owed falls due today or within seven days (a view of "in time")."""
    return state in OWED and due_on is not None and today <= due_on <= today + DUE_SOON


@dataclass(frozen=True)
class Rate:
    """A percentage together with the numbers it is made of, so that a page can show its formula."""

    part: int
    base: int

    @property
    def percent(self) -> float | None:
        """Give the percentage rounded to one place, or None when there is nothing to divide by."""
        return round(100 * self.part / self.base, 1) if self.base else None


def completion_rate(counts: Mapping[OfficialClass, int]) -> Rate:
    """Give done / (done + not done and overdue), the base that official reports use.

    What is not yet due does not weigh on the rate (as in Báo cáo 1270/BC-TCTTTg of 2017).
    """
    done = counts.get(OfficialClass.DONE_ON_TIME, 0) + counts.get(OfficialClass.DONE_LATE, 0)
    return Rate(part=done, base=done + counts.get(OfficialClass.PENDING_OVERDUE, 0))


def on_time_rate(counts: Mapping[OfficialClass, int]) -> Rate:
    """Give done in time / (done + not done and overdue): how much of what had to be done came in time."""
    return Rate(part=counts.get(OfficialClass.DONE_ON_TIME, 0), base=completion_rate(counts).base)
