"""Windows of periodic reports: the decree's, a plan's own, and the next one to open."""
from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.periods import Recurrence, Window, next_window, on_day, parse_month_day, window_following
from tracker.rules.states import Every

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
MONTH_DAYS = st.tuples(st.integers(1, 12), st.integers(1, 28))


def test_a_plans_own_half_year_window_is_kept_as_the_plan_says() -> None:
    half_year = Recurrence(Every.HALF_YEAR, due=(6, 12), first=(12, 10), last=(6, 10))

    assert next_window(half_year, date(2026, 3, 1)) == Window(
        "2026-H1", date(2025, 12, 10), date(2026, 6, 10), date(2026, 6, 12)
    )
    assert next_window(half_year, date(2026, 6, 13)).label == "2027-H1"


def test_on_the_send_by_day_the_window_is_still_the_next_one() -> None:
    year = Recurrence(Every.YEAR, due=(12, 12), first=(12, 10), last=(12, 10))

    assert next_window(year, date(2026, 12, 12)).due_on == date(2026, 12, 12)
    assert next_window(year, date(2026, 12, 13)).due_on == date(2027, 12, 12)


def test_a_plan_without_dates_gets_the_decrees_windows_and_no_invented_send_by_day() -> None:
    halves = [next_window(Recurrence(Every.HALF_YEAR), day) for day in (date(2026, 1, 5), date(2026, 7, 1))]

    assert [(w.first_day, w.last_day, w.due_on) for w in halves] == [
        (date(2025, 12, 15), date(2026, 6, 14), None),
        (date(2026, 6, 15), date(2026, 12, 14), None),
    ]


def test_beside_a_yearly_report_the_half_year_one_comes_once() -> None:
    first_half = Recurrence(Every.HALF_YEAR, first_half_only=True)

    assert next_window(first_half, date(2026, 7, 1)).label == "2027-H1"


def test_a_yearly_report_sent_in_january_is_about_the_year_before() -> None:
    window = next_window(Recurrence(Every.YEAR, due=(1, 15)), date(2026, 12, 20))

    assert (window.label, window.due_on) == ("2026", date(2027, 1, 15))


def test_a_monthly_report_runs_from_the_15th_to_the_14th() -> None:
    window = next_window(Recurrence(Every.MONTH, due=(1, 20)), date(2026, 1, 5))

    assert window == Window("2026-01", date(2025, 12, 15), date(2026, 1, 14), date(2026, 1, 20))


def test_a_send_by_day_before_the_window_ends_means_the_month_after() -> None:
    window = next_window(Recurrence(Every.QUARTER, due=(1, 5)), date(2026, 3, 20))

    assert (window.label, window.last_day, window.due_on) == ("2026-Q1", date(2026, 3, 14), date(2026, 4, 5))


def test_29_february_is_the_last_of_the_month_in_other_years() -> None:
    assert on_day(2027, (2, 29)) == date(2027, 2, 28)
    assert parse_month_day("02-29") == (2, 29)
    assert parse_month_day(None) is None
    with pytest.raises(ValueError, match="day"):
        parse_month_day("06-31")


@given(every=st.sampled_from(list(Every)), due=st.none() | MONTH_DAYS, first_half_only=st.booleans(), today=DAYS)
def test_windows_follow_each_other_and_the_next_one_can_still_be_met(
    every: Every, due: tuple[int, int] | None, first_half_only: bool, today: date
) -> None:
    recurrence = Recurrence(every, due=due, first_half_only=first_half_only)

    window = next_window(recurrence, today)
    following = window_following(recurrence, window.last_day)

    assert (window.due_on or window.last_day) >= today
    assert window.first_day <= window.last_day < following.last_day
    assert following.label != window.label
