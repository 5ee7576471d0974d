"""Counting in working days."""
from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.policy import working_days_after, working_days_between
from tracker.rules.working_days import WorkingCalendar

TET = frozenset(date(2026, 2, day) for day in range(16, 21))
CALENDAR = WorkingCalendar(off=TET, made_up=frozenset({date(2026, 2, 28)}))
CASES = [
    pytest.param(date(2026, 3, 18), 0, date(2026, 3, 18), id="no days"),
    pytest.param(date(2026, 3, 18), 2, date(2026, 3, 20), id="within a week"),
    pytest.param(date(2026, 3, 18), 3, date(2026, 3, 23), id="over a week-end"),
    pytest.param(date(2026, 3, 21), 1, date(2026, 3, 23), id="from a Saturday"),
    pytest.param(date(2026, 2, 13), 1, date(2026, 2, 23), id="over Tet"),
    pytest.param(date(2026, 2, 27), 1, date(2026, 2, 28), id="a Saturday that is worked"),
]


@pytest.mark.parametrize(("day", "count", "expected"), CASES)
def test_days_after(day: date, count: int, expected: date) -> None:
    assert working_days_after(day, count, CALENDAR) == expected
    assert working_days_between(day, expected, CALENDAR) == count


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert working_days_between(date(2026, 3, 18), date(2026, 3, 11), CALENDAR) == 0
