"""How long a mail waits for its next try."""
from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.backoff import LONGEST_WAIT, MOST_ATTEMPTS, SPREAD, wait_after

MINUTES = [1, 4, 16, 64, 256, 360, 360]


@pytest.mark.parametrize(("attempts", "minutes"), list(enumerate(MINUTES, 1)))
def test_each_wait_is_longer_than_the_one_before_up_to_six_hours(attempts: int, minutes: int) -> None:
    assert wait_after(attempts, chance=0) == timedelta(minutes=minutes)


def test_eight_tries_reach_over_most_of_a_day() -> None:
    waits = [wait_after(attempts, chance=0) for attempts in range(1, MOST_ATTEMPTS)]

    assert timedelta(hours=16) < sum(waits, timedelta()) < timedelta(hours=24)


@given(attempts=st.integers(1, 10_000), chance=st.floats(0, 1))
def test_chance_makes_a_wait_longer_by_a_quarter_at_most(attempts: int, chance: float) -> None:
    usual = wait_after(attempts, chance=0)

    assert usual <= wait_after(attempts, chance=chance) <= usual * (1 + SPREAD) <= LONGEST_WAIT * (1 + SPREAD)
