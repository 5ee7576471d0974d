"""What a province decides for itself: how long a grace, an answer, a mailed link may take; when and how much mail."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from tracker.rules.reminder_steps import MORNING
from tracker.rules.working_days import ONE_DAY, WorkingCalendar


@dataclass(frozen=True)
class Policy:
    """The province's own periods, in working days where nothing else is said; an administrator sets them."""

    #: How long an agency has to mend a report that was handed in in time and returned.
    grace_after_return: int = 3
    #: How long the coordinator has to answer a report, a request or a question before it shows in red.
    answer_within: int = 3
    #: Days (of the calendar) for which the link of a mail opens the agency's due items.
    link_days: int = 14
    #: When a working morning's mails leave, in Vietnam.
    send_at: time = MORNING
    #: Digests that one person gets in a week at most; the last warning before a due date goes out all the same.
    #: A week with a make-up Saturday has six mornings.
    mails_per_week: int = 6
    #: Mails to one mail domain in a minute at most, so that its server does not shut the door.
    mails_per_minute: int = 300


def working_days_after(day: date, count: int, calendar: WorkingCalendar) -> date:
    """Give the day so many working days after a day; the day itself counts as none of them."""
    for _ in range(count):
        day = calendar.at_or_after(day + ONE_DAY)
    return day


def working_days_between(first: date, last: date, calendar: WorkingCalendar) -> int:
    """Count the working days after `first` up to `last`, both ends' order given; 0 when `last` is not later."""
    return sum(
        calendar.is_working(date.fromordinal(number)) for number in range(first.toordinal() + 1, last.toordinal() + 1)
    )
