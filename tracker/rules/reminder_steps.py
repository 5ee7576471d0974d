"""When an assignment is owed a reminder: the steps of one due date, counted in working days.

"5 days before" is the fifth working day before the last working day at or before the due date; "3 days late" is the
third working day after the due date. So every step falls on a day that is worked, and no two of them on one morning.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from tracker.rules.reminder_policy import Moment, ReminderPolicy
from tracker.rules.working_days import ONE_DAY, WorkingCalendar

#: When a morning's mails leave in Vietnam, until a province says otherwise.
MORNING = time(7, 30)
#: No reminders go out after this; a morning missed for longer is caught up on the next working day.
MORNING_ENDS = time(17, 0)
#: The working days of a week.
WEEK = 5
#: A window of a periodic report has opened; told beside the steps of its due date.
OPENED = "opened"
#: Followed by the review's number: a report was accepted.
ACCEPTED = "accepted_"


@dataclass(frozen=True)
class Step:
    """One reminder of a due date: its name (unique per due date) and the moment that says who is told."""

    name: str
    moment: Moment


@dataclass(frozen=True)
class DatedStep:
    """A step and the working day on which it is owed."""

    on: date
    step: Step


@dataclass(frozen=True)
class StepRange:
    """All due dates from `first` (None: however old) to `last` that are owed one step on a morning."""

    step: Step
    first: date | None
    last: date


def _before(days: int) -> Step:
    return Step(f"before_{days}", Moment.BEFORE)


def _after(days: int) -> Step:
    return Step(f"after_{days}", Moment.AFTER)


_DUE = Step("due", Moment.DUE)
_LATE = Step("late", Moment.LATE)
_VERY_LATE = Step("very_late", Moment.VERY_LATE)


def _newest_late(late: int, policy: ReminderPolicy) -> Step:
    """Give the step that so many working days of lateness have reached."""
    if late >= policy.weekly_after:
        return _after(late - (late - policy.weekly_after) % WEEK)
    reached = late - late % policy.after_every
    return _after(reached) if reached else _DUE


def _newest_ahead(ahead: int, policy: ReminderPolicy) -> Step | None:
    """Give the step that was reached so many working days before the last working day; None before the first."""
    if ahead <= 0:
        return _DUE
    reached = [days for days in policy.before if days >= ahead]
    return _before(min(reached)) if reached else None


def ranges_owed(today: date, earliest: date, policy: ReminderPolicy, calendar: WorkingCalendar) -> list[StepRange]:
    """Say which due dates, none before `earliest`, are owed which step on a morning; nothing on a day off.

    Of before, on and after only the newest is owed: a morning that was missed is caught up on the next one, once; the
    caller's unique key on the step's name keeps it from being told again. What goes upwards is owed beside it.
    """
    if not calendar.is_working(today):
        return []
    by_day = [(day, step) for day, step in _newest_by_day(today, earliest, policy, calendar) if step]
    ranges: list[StepRange] = []
    for day, step in sorted(by_day, key=lambda pair: pair[0]):
        previous = ranges[-1] if ranges else None
        if previous and previous.step == step and previous.last + ONE_DAY == day:
            ranges[-1] = StepRange(step, previous.first, day)
        else:
            ranges.append(StepRange(step, day, day))
    for step, after in ((_LATE, policy.late_after), (_VERY_LATE, policy.very_late_after)):
        ranges.append(StepRange(step, None, _late_since(today, after, calendar)))
    return ranges


def _newest_by_day(
    today: date, earliest: date, policy: ReminderPolicy, calendar: WorkingCalendar
) -> Iterator[tuple[date, Step | None]]:
    late = 0
    day = today - ONE_DAY
    while day >= earliest:
        late += calendar.is_working(day + ONE_DAY)
        yield day, _newest_late(late, policy)
        day -= ONE_DAY
    day, ahead = today, 0
    furthest = max(policy.before, default=0)
    while ahead <= furthest:
        if day > today:
            ahead += calendar.is_working(day)
        yield day, _newest_ahead(ahead, policy)
        day += ONE_DAY


def _late_since(today: date, days: int, calendar: WorkingCalendar) -> date:
    """Give the newest due date that is so many working days late on a working day."""
    day = today
    for _ in range(days - 1):
        day = calendar.at_or_before(day - ONE_DAY)
    return day - ONE_DAY


def steps_of(due_on: date, policy: ReminderPolicy, calendar: WorkingCalendar, *, late: int) -> list[DatedStep]:
    """Give every step of a due date with the day on which it is owed, up to so many working days late.

    What `ranges_owed` finds morning by morning, seen from the due date.
    """
    last_call = calendar.at_or_before(due_on)
    dated = []
    day, wanted = last_call, set(policy.before)
    for ahead in range(1, max(wanted, default=0) + 1):
        day = calendar.at_or_before(day - ONE_DAY)
        if ahead in wanted:
            dated.append(DatedStep(day, _before(ahead)))
    dated.reverse()
    dated.append(DatedStep(last_call, _DUE))
    day = due_on
    for days in range(1, late + 1):
        day = calendar.at_or_after(day + ONE_DAY)
        if (newest := _newest_late(days, policy)) == _after(days):
            dated.append(DatedStep(day, newest))
        dated += [DatedStep(day, step) for step, after in
                  ((_LATE, policy.late_after), (_VERY_LATE, policy.very_late_after)) if after == days]
    return dated
