"""When a clock is dead, a lease over, a failed job tried again."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.rules.clock import DEAD_AFTER, MOST_TRIES, RETRY_AFTER, has_passed, is_dead, newest_beat, retry_at

NOW = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("ago", "dead"), [(timedelta(0), False), (DEAD_AFTER, False), (DEAD_AFTER + MINUTE, True)])
def test_a_clock_is_dead_after_ten_silent_minutes(ago: timedelta, dead: bool) -> None:
    assert is_dead(NOW - ago, NOW) is dead


def test_a_clock_that_never_ran_is_dead() -> None:
    assert is_dead(newest_beat([], NOW), NOW)


def test_beats_from_before_the_clock_was_set_back_are_not_believed() -> None:
    assert newest_beat([NOW + timedelta(hours=2), NOW - 3 * MINUTE, NOW - 5 * MINUTE], NOW) == NOW - 3 * MINUTE
    assert newest_beat([NOW + MINUTE], NOW) == NOW + MINUTE  # another machine's clock is a little ahead


def test_a_failed_job_waits_longer_each_time_and_then_for_a_person() -> None:
    waits = [retry_at(tries, NOW) for tries in range(1, MOST_TRIES + 1)]

    assert waits == [*(NOW + wait for wait in RETRY_AFTER), None]


@pytest.mark.parametrize(("until", "passed"), [
    (None, True), (NOW - MINUTE, True), (NOW, False), (NOW + MINUTE, False),
    (NOW + timedelta(hours=2), True),  # given before the clock was set back
])
def test_a_lease_is_over_when_its_time_has_passed_or_can_not_be_true(until: datetime | None, passed: bool) -> None:
    assert has_passed(until, NOW) is passed
