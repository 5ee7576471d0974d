"""When a reminder is owed: over years of real weeks, Tết, swapped days and make-up Saturdays."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.policy import working_days_between
from tracker.rules.reminder_policy import Moment, ReminderPolicy
from tracker.rules.reminder_steps import DatedStep, ranges_owed, steps_of
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
#: How many working days after its due date an assignment is watched.
LATE = 40
USUAL = ReminderPolicy()

due_days = st.dates(FIRST + 60 * DAY, LAST - 90 * DAY)
policies = st.builds(
    ReminderPolicy,
    before=st.sets(st.integers(1, 30), max_size=5).map(lambda found: tuple(sorted(found, reverse=True))),
    after_every=st.integers(1, 30), weekly_after=st.integers(1, 90), late_after=st.integers(1, 20),
    very_late_after=st.integers(20, 40),
)


def owed(due_on: date, today: date, policy: ReminderPolicy = USUAL) -> list[str]:
    """Give the steps that a due date is owed on a morning."""
    ranges = ranges_owed(today, due_on - 400 * DAY, policy, CALENDAR)
    return [one.step.name for one in ranges if (one.first or date.min) <= due_on <= one.last]


def told(due_on: date, policy: ReminderPolicy = USUAL) -> list[tuple[date, str]]:
    """Run every morning as the decision does: what is owed, when it was not told before."""
    mornings: list[tuple[date, str]] = []
    day = due_on - 60 * DAY
    while working_days_between(due_on, day, CALENDAR) <= LATE:
        known = {name for _day, name in mornings}
        mornings += [(day, name) for name in owed(due_on, day, policy) if name not in known]
        day += DAY
    return mornings


WEDNESDAY = date(2026, 3, 18)
CASES = [
    pytest.param(8, [], id="six working days before: nothing yet"),
    pytest.param(7, ["before_5"], id="five working days before"),
    pytest.param(2, ["before_5"], id="between the steps the last one stands"),
    pytest.param(1, ["before_1"], id="the day before"),
    pytest.param(0, ["due"], id="due today is not late"),
    pytest.param(-1, ["due"], id="one day late: the last call stands"),
    pytest.param(-2, ["due"], id="two days late"),
    pytest.param(-5, ["after_3"], id="three working days late"),
    pytest.param(-7, ["after_3", "late"], id="five working days late: also upwards"),
    pytest.param(-8, ["after_6", "late"], id="six working days late"),
    pytest.param(-33, ["after_20", "late", "very_late"], id="from fifteen on once a week"),
]


@pytest.mark.parametrize(("days_before", "expected"), CASES)
def test_the_newest_step_whose_day_has_come_is_owed(days_before: int, expected: list[str]) -> None:
    assert owed(WEDNESDAY, WEDNESDAY - days_before * DAY) == expected


def test_an_ordinary_month_brings_each_step_on_its_day() -> None:
    assert told(WEDNESDAY)[:10] == [
        (date(2026, 3, 11), "before_5"), (date(2026, 3, 17), "before_1"), (date(2026, 3, 18), "due"),
        (date(2026, 3, 23), "after_3"), (date(2026, 3, 25), "late"), (date(2026, 3, 26), "after_6"),
        (date(2026, 3, 31), "after_9"), (date(2026, 4, 1), "very_late"), (date(2026, 4, 3), "after_12"),
        (date(2026, 4, 8), "after_15"),
    ]  # fmt: skip


def test_what_falls_due_in_tet_is_called_for_before_it_and_again_after() -> None:
    assert told(date(2026, 2, 17))[:4] == [
        (date(2026, 2, 6), "before_5"), (date(2026, 2, 12), "before_1"), (date(2026, 2, 13), "due"),
        (date(2026, 2, 25), "after_3"),
    ]  # fmt: skip


def test_a_make_up_saturday_is_a_morning_like_any_other() -> None:
    assert (date(2026, 8, 22), "due") in told(date(2026, 8, 23))


def test_a_leap_day_is_a_day() -> None:
    ranges = ranges_owed(date(2028, 2, 29), date(2028, 2, 1), USUAL, WorkingCalendar())

    assert [one.last for one in ranges if one.step.name == "due"] == [date(2028, 2, 29)]


@given(due_days, policies)
def test_mornings_and_the_due_date_agree_on_the_days(due_on: date, policy: ReminderPolicy) -> None:
    from_due_date = [(one.on, one.step.name) for one in steps_of(due_on, policy, CALENDAR, late=LATE)]

    assert sorted(told(due_on, policy)) == sorted(from_due_date)


@given(due_days, policies)
def test_no_step_falls_on_a_day_off_and_no_two_of_a_liaison_on_one_day(due_on: date, policy: ReminderPolicy) -> None:
    dated = steps_of(due_on, policy, CALENDAR, late=LATE)
    mine = [one.on for one in dated if one.step.moment in {Moment.BEFORE, Moment.DUE, Moment.AFTER}]

    assert all(CALENDAR.is_working(one.on) for one in dated)
    assert mine == sorted(set(mine))
    assert len({one.step.name for one in dated}) == len(dated)


@given(due_days, policies)
def test_nobody_is_surprised_by_a_deadline(due_on: date, policy: ReminderPolicy) -> None:
    dated = steps_of(due_on, policy, CALENDAR, late=LATE)

    assert [one.on for one in dated if one.step.moment is Moment.DUE] == [CALENDAR.at_or_before(due_on)]
    assert len([one for one in dated if one.step.moment is Moment.BEFORE]) == len(policy.before)
    assert all(one.on > due_on for one in dated if one.step.moment not in {Moment.BEFORE, Moment.DUE})


@given(due_days, policies)
def test_what_is_late_is_told_of_again_and_again(due_on: date, policy: ReminderPolicy) -> None:
    after = [one for one in steps_of(due_on, policy, CALENDAR, late=LATE) if one.step.moment is Moment.AFTER]
    late = [working_days_between(due_on, one.on, CALENDAR) for one in after]
    longest = max(policy.after_every, 5)

    assert [f"after_{number}" for number in late] == [one.step.name for one in after]
    assert all(later - earlier <= longest for earlier, later in zip([0, *late], late, strict=False))


@given(due_days, st.integers(0, 60))
def test_a_missed_morning_is_caught_up_with_the_newest_step_alone(due_on: date, missed: int) -> None:
    morning = CALENDAR.at_or_after(due_on + missed * DAY)
    passed: list[DatedStep] = [
        one for one in steps_of(due_on, USUAL, CALENDAR, late=60)
        if one.on <= morning and one.step.moment in {Moment.BEFORE, Moment.DUE, Moment.AFTER}
    ]

    assert owed(due_on, morning)[0] == passed[-1].step.name


def test_nothing_is_owed_on_a_day_off() -> None:
    assert ranges_owed(date(2026, 3, 21), FIRST, USUAL, CALENDAR) == []
    assert ranges_owed(date(2026, 2, 17), FIRST, USUAL, CALENDAR) == []
