"""A morning looks back longer than the longest grace and the longest rest together."""
from __future__ import annotations

from datetime import date, timedelta

import pytest

from tracker.rules.look_back import LookBackTooShort, check_look_back, longest_rest
from tracker.rules.policy import Policy
from tracker.rules.working_days import WorkingCalendar

#: Tết 2026: Monday 16 to Friday 20 February, with both weekends nine days.
TET = frozenset(date(2026, 2, day) for day in range(16, 21))


def test_the_longest_rest_counts_the_weekends_around_it() -> None:
    assert longest_rest(WorkingCalendar()) == 2
    assert longest_rest(WorkingCalendar(off=TET)) == 9
    assert longest_rest(WorkingCalendar(off=TET, made_up=frozenset({date(2026, 2, 14)}))) == 8


def test_the_longest_grace_anybody_may_set_and_tet_fit_in() -> None:
    check_look_back(Policy(grace_after_return=30), WorkingCalendar(off=TET))


def test_what_would_fall_out_of_sight_is_refused() -> None:
    long_rest = frozenset(date(2026, 3, 2) + timedelta(days=n) for n in range(80))

    with pytest.raises(LookBackTooShort):
        check_look_back(Policy(grace_after_return=30), WorkingCalendar(off=long_rest))
