"""When a reminder is owed: over years of real weeks, holidays and make-up days."""
from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.reminder_steps import FURTHEST_AHEAD, OVERDUE_EVERY, Step, step_owed
from tracker.rules.working_days import WorkingCalendar

DAY = timedelta(days=1)


def days(first: date, last: date) -> set[date]:
    return {first + n * DAY for n in range((last - first).days + 1)}


#: Three years with their Tết, the other holidays, swapped days and make-up Saturdays.
CALENDAR = WorkingCalendar(
    off=frozenset(
        days(date(2025, 1, 25), date(2025, 2, 2)) | {date(2025, 1, 1), date(2025, 4, 7), date(2025, 4, 30)}
        | days(date(2025, 5, 1), date(2025, 5, 4)) | days(date(2025, 8, 30), date(2025, 9, 2))
        | {date(2026, 1, 1), date(2026, 1, 2)} | days(date(2026, 2, 14), date(2026, 2, 22))
        | {date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1), date(2026, 8, 31), date(2026, 9, 1),
           date(2026, 9, 2), date(2026, 11, 24)}
        | {date(2027, 1, 1)} | days(date(2027, 2, 4), date(2027, 2, 11))
    ),
    made_up=frozenset({date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)}),
)  # fmt: skip
FIRST, LAST = date(2025, 1, 2), date(2027, 12, 31)
#: How long after its due date an assignment is watched.
WATCHED_LATE = timedelta(days=45)

due_days = st.dates(FIRST + FURTHEST_AHEAD, LAST - WATCHED_LATE)


def told(due_on: date, calendar: WorkingCalendar = CALENDAR) -> list[tuple[date, Step]]:
    """Run every working morning as the decision does: the newest step, when it was not told before."""
    mornings: list[tuple[date, Step]] = []
    day = due_on - FURTHEST_AHEAD - 10 * DAY
    while day <= due_on + WATCHED_LATE:
        step = step_owed(due_on, day, calendar) if calendar.is_working(day) else None
        if step and step.name not in {earlier.name for _day, earlier in mornings}:
            mornings.append((day, step))
        day += DAY
    return mornings


WEDNESDAY = date(2026, 3, 18)
CASES = [
    pytest.param(8, None, id="eight days before: nothing yet"),
    pytest.param(7, "before_7", id="seven days before"),
    pytest.param(2, "before_7", id="between the steps the last one stands"),
    pytest.param(1, "before_1", id="the day before"),
    pytest.param(0, "due", id="due today is not overdue"),
    pytest.param(-1, "due", id="one day late: the last call stands"),
    pytest.param(-2, "due", id="two days late"),
    pytest.param(-6, "overdue_6", id="six days late"),
    pytest.param(-7, "overdue_6", id="seven days late"),
]


@pytest.mark.parametrize(("days_before", "expected"), CASES)
def test_the_newest_step_whose_day_has_come_is_owed(days_before: int, expected: str | None) -> None:
    step = step_owed(WEDNESDAY, WEDNESDAY - days_before * DAY, CALENDAR)

    assert (step.name if step else None) == expected


def test_an_ordinary_week_brings_each_step_on_its_day() -> None:
    mornings = [(day, step.name) for day, step in told(WEDNESDAY)][:6]

    assert mornings == [
        (date(2026, 3, 11), "before_7"), (date(2026, 3, 17), "before_1"), (date(2026, 3, 18), "due"),
        (date(2026, 3, 23), "overdue_3"),  # the 21st is a Saturday
        (date(2026, 3, 24), "overdue_6"), (date(2026, 3, 27), "overdue_9"),
    ]  # fmt: skip


def test_what_falls_due_in_tet_is_called_for_before_it_and_again_after() -> None:
    mornings = [(day, step.name) for day, step in told(date(2026, 2, 17))][:5]

    assert mornings == [
        (date(2026, 2, 10), "before_7"), (date(2026, 2, 13), "due"),
        (date(2026, 2, 23), "overdue_6"),  # three days late was in Tết, and so is told together with six
        (date(2026, 2, 26), "overdue_9"), (date(2026, 3, 2), "overdue_12"),
    ]  # fmt: skip


def test_a_make_up_saturday_is_a_morning_like_any_other() -> None:
    mornings = dict(told(date(2026, 8, 23)))

    assert mornings[date(2026, 8, 22)].name == "due"


@given(due_days)
def test_no_step_belongs_to_a_day_off(due_on: date) -> None:
    for morning, step in told(due_on):
        assert CALENDAR.is_working(step.on)
        assert step.on <= morning


@given(due_days)
def test_every_step_is_told_on_its_own_day_and_none_after_a_newer_one(due_on: date) -> None:
    mornings = told(due_on)

    assert all(morning == step.on for morning, step in mornings)
    assert [step.on for _morning, step in mornings] == sorted({step.on for _morning, step in mornings})


@given(due_days)
def test_nobody_is_surprised_by_a_deadline(due_on: date) -> None:
    before = [morning for morning, step in told(due_on) if morning <= due_on]

    assert CALENDAR.at_or_before(due_on - 7 * DAY) in before
    assert CALENDAR.at_or_before(due_on) in before


@given(due_days)
def test_nothing_is_called_overdue_before_the_third_day_after(due_on: date) -> None:
    for morning, step in told(due_on):
        if step.name.startswith("overdue"):
            assert morning >= due_on + OVERDUE_EVERY * DAY


@given(due_days)
def test_what_is_late_is_told_of_at_least_every_three_days_but_for_days_off(due_on: date) -> None:
    mornings = [morning for morning, _step in told(due_on)]
    last_call = CALENDAR.at_or_before(due_on)
    late = [morning for morning in mornings if morning >= last_call]

    for earlier, later in pairwise(late):
        expected_by = max(earlier, due_on) + OVERDUE_EVERY * DAY
        assert later <= CALENDAR.at_or_after(expected_by)


@given(due_days, st.integers(1, 40))
def test_a_later_date_is_reminded_as_if_it_had_always_stood(due_on: date, moved_by: int) -> None:
    moved = due_on + moved_by * DAY

    assert [step.name for _day, step in told(moved)][-1].startswith("overdue")
    assert step_owed(moved, moved, CALENDAR) == Step("due", CALENDAR.at_or_before(moved))


@given(due_days)
def test_the_morning_run_looks_far_enough_ahead(due_on: date) -> None:
    first, _step = told(due_on)[0]

    assert due_on <= first + FURTHEST_AHEAD
