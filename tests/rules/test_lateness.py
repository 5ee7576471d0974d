"""The bands of lateness: every day late has one, and the bounds of due dates agree with them."""
from __future__ import annotations

from datetime import date, timedelta

import pytest

from tracker.rules.lateness import WEIGHTS, LateBand, band_of, due_days, weight

TODAY = date(2026, 3, 18)
DAY = timedelta(days=1)

CASES = [
    pytest.param(-4, None, id="not due yet"),
    pytest.param(0, None, id="due today is not late"),
    pytest.param(1, LateBand.DAYS_1_3, id="the first day"),
    pytest.param(3, LateBand.DAYS_1_3, id="three days"),
    pytest.param(4, LateBand.DAYS_4_7, id="four days"),
    pytest.param(7, LateBand.DAYS_4_7, id="a week"),
    pytest.param(8, LateBand.DAYS_8_14, id="eight days"),
    pytest.param(14, LateBand.DAYS_8_14, id="two weeks"),
    pytest.param(15, LateBand.DAYS_15_30, id="fifteen days"),
    pytest.param(30, LateBand.DAYS_15_30, id="thirty days"),
    pytest.param(31, LateBand.OVER_30, id="more than thirty"),
    pytest.param(4000, LateBand.OVER_30, id="years"),
]


@pytest.mark.parametrize(("days", "expected"), CASES)
def test_a_lateness_has_its_band(days: int, expected: LateBand | None) -> None:
    assert band_of(days) is expected


@pytest.mark.parametrize("days", range(-2, 60))
def test_a_due_date_lies_within_the_days_of_its_band_and_of_no_other(days: int) -> None:
    due_on = TODAY - days * DAY
    within = []
    for band in LateBand:
        first, last = due_days(band, TODAY)
        if (first is None or first <= due_on) and due_on <= last:
            within.append(band)

    assert within == ([] if band_of(days) is None else [band_of(days)])


def test_longer_lateness_weighs_more_and_counts_add_up() -> None:
    weights = [WEIGHTS[band] for band in LateBand]

    assert weights == sorted(weights)
    assert weight({LateBand.DAYS_1_3: 2, LateBand.OVER_30: 1}) == 2 * WEIGHTS[LateBand.DAYS_1_3] + 5
    assert weight({}) == 0
