"""When lateness is told upwards: working days, with Tết and make-up days between, and never on a day off."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_reminder_steps import CALENDAR
from tracker.rules.escalation import EscalationStep, last_day_told
from tracker.rules.policy import Policy, working_days_between

DAY = timedelta(days=1)
POLICY = Policy(escalate_to_head_after=5, escalate_to_leaders_after=10)

CASES = [
    pytest.param(date(2026, 3, 18), EscalationStep.HEAD, date(2026, 3, 11), id="a week with its weekend"),
    pytest.param(date(2026, 3, 18), EscalationStep.LEADERSHIP, date(2026, 3, 4), id="two weeks"),
    pytest.param(date(2026, 2, 13), EscalationStep.HEAD, date(2026, 2, 8), id="the last working day before Tết"),
    pytest.param(date(2026, 2, 23), EscalationStep.HEAD, date(2026, 2, 9), id="nine days of Tết do not count"),
    pytest.param(date(2026, 2, 18), EscalationStep.HEAD, None, id="in Tết nobody is told"),
    pytest.param(date(2026, 3, 21), EscalationStep.HEAD, None, id="nor on a Saturday"),
    pytest.param(date(2026, 8, 22), EscalationStep.HEAD, date(2026, 8, 17), id="a make-up Saturday is worked"),
]


@pytest.mark.parametrize(("today", "step", "expected"), CASES)
def test_the_day_up_to_which_what_is_late_is_told(today: date, step: EscalationStep, expected: date | None) -> None:
    assert last_day_told(step, today, POLICY, CALENDAR) == expected


@given(st.dates(date(2025, 3, 1), date(2027, 12, 1)), st.integers(1, 30), st.integers(0, 60))
def test_it_agrees_with_counting_working_days(today: date, after: int, days: int) -> None:
    due_on = today - days * DAY
    last = last_day_told(EscalationStep.HEAD, today, Policy(escalate_to_head_after=after), CALENDAR)

    owed = last is not None and due_on <= last

    assert owed == (CALENDAR.is_working(today) and working_days_between(due_on, today, CALENDAR) >= after)
