"""Working days, on the real traps of 2025 and 2026."""
from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.working_days import WorkingCalendar

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
NATIONAL_DAY_2025 = WorkingCalendar(off=frozenset({date(2025, 9, 1), date(2025, 9, 2)}))
#: The Prime Minister's swap: Friday 2/1/2026 off, Saturday 10/1/2026 worked.
SWAP_2026 = WorkingCalendar(off=frozenset({date(2026, 1, 1), date(2026, 1, 2)}), made_up=frozenset({date(2026, 1, 10)}))
CALENDARS = st.builds(WorkingCalendar, off=st.frozensets(DAYS, max_size=40), made_up=st.frozensets(DAYS, max_size=5))


def test_a_sunday_inside_the_national_day_break_falls_back_to_friday() -> None:
    assert NATIONAL_DAY_2025.at_or_before(date(2025, 8, 31)) == date(2025, 8, 29)
    assert NATIONAL_DAY_2025.at_or_after(date(2025, 8, 30)) == date(2025, 9, 3)


def test_a_make_up_saturday_is_worked_and_a_swapped_friday_is_not() -> None:
    assert SWAP_2026.is_working(date(2026, 1, 10))
    assert not SWAP_2026.is_working(date(2026, 1, 2))
    assert SWAP_2026.at_or_before(date(2026, 1, 11)) == date(2026, 1, 10)


def test_saturdays_in_the_plans_fall_back_to_fridays() -> None:
    plain = WorkingCalendar()

    assert plain.at_or_before(date(2025, 11, 15)) == date(2025, 11, 14)
    assert plain.at_or_before(date(2026, 12, 12)) == date(2026, 12, 11)
    assert plain.at_or_before(date(2027, 6, 12)) == date(2027, 6, 11)


@given(calendar=CALENDARS, day=DAYS)
def test_the_working_day_found_is_the_nearest_one(calendar: WorkingCalendar, day: date) -> None:
    before, after = calendar.at_or_before(day), calendar.at_or_after(day)

    assert before <= day <= after
    assert calendar.is_working(before)
    assert calendar.is_working(after)
    skipped = [day - timedelta(days=n) for n in range((day - before).days)]
    assert not [rest for rest in skipped if calendar.is_working(rest)]


def test_a_calendar_without_a_single_working_day_gives_the_day_itself() -> None:
    year = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(365))

    assert WorkingCalendar(off=year).at_or_before(date(2026, 7, 1)) == date(2026, 7, 1)
