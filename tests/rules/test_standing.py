"""The four official cells, lateness, and the rate with its formula."""
from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.standing import (
    OfficialClass,
    Rate,
    completion_rate,
    day_that_counts,
    days_late,
    is_due_soon,
    official_class,
)
from tracker.rules.states import AssignmentState as State

DUE = date(2026, 6, 12)
DAY = timedelta(days=1)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def test_the_deadline_day_itself_is_in_time() -> None:
    assert official_class(State.OPEN, DUE, None, DUE) is OfficialClass.PENDING_IN_TIME
    assert official_class(State.OPEN, DUE, None, DUE + DAY) is OfficialClass.PENDING_OVERDUE


def test_the_reviewers_slowness_never_makes_an_agency_late() -> None:
    a_month_later = DUE + 30 * DAY

    assert official_class(State.SUBMITTED, DUE, DUE, a_month_later) is OfficialClass.PENDING_IN_TIME
    assert official_class(State.ACCEPTED, DUE, DUE, a_month_later) is OfficialClass.DONE_ON_TIME
    assert days_late(State.SUBMITTED, DUE, DUE, a_month_later) == 0


def test_a_returned_report_counts_as_none() -> None:
    assert official_class(State.RETURNED, DUE, None, DUE + DAY) is OfficialClass.PENDING_OVERDUE
    assert day_that_counts(State.RETURNED, DUE, DUE + DAY) == DUE + DAY


@given(state=st.sampled_from(sorted(State)), due_on=st.none() | DAYS, submitted_on=DAYS, today=DAYS)
def test_every_assignment_stands_in_exactly_one_cell_and_late_means_days(
    state: State, due_on: date | None, submitted_on: date, today: date
) -> None:
    standing = official_class(state, due_on, submitted_on, today)

    assert (standing is None) == (state is State.CANCELLED)
    late = standing in {OfficialClass.DONE_LATE, OfficialClass.PENDING_OVERDUE}
    if standing is not None:
        assert late == (days_late(state, due_on, submitted_on, today) > 0)


def test_due_soon_is_owed_and_within_a_week() -> None:
    assert is_due_soon(State.OPEN, DUE, DUE)
    assert is_due_soon(State.IN_PROGRESS, DUE, DUE - 7 * DAY)
    assert not is_due_soon(State.OPEN, DUE, DUE - 8 * DAY)
    assert not is_due_soon(State.OPEN, DUE, DUE + DAY)
    assert not is_due_soon(State.SUBMITTED, DUE, DUE)
    assert not is_due_soon(State.OPEN, None, DUE)


def test_the_rate_leaves_out_what_is_not_yet_due() -> None:
    # The published figures of 27/12/2017: 16,051 done and 223 overdue of 21,914 tasks.
    counts = {
        OfficialClass.DONE_ON_TIME: 14_068,
        OfficialClass.DONE_LATE: 1_983,
        OfficialClass.PENDING_IN_TIME: 5_640,
        OfficialClass.PENDING_OVERDUE: 223,
    }

    rate = completion_rate(counts)

    assert rate == Rate(part=16_051, base=16_274)
    assert rate.percent == 98.6
    assert completion_rate({}).percent is None
