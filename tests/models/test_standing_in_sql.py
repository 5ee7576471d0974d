"""The official class in SQL agrees with the rule."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import TODAY, Factory
from tracker.models import Assignment
from tracker.rules.standing import OfficialClass
from tracker.rules.states import AssignmentState as State

DAY = timedelta(days=1)
CASES = [
    pytest.param(State.OPEN, TODAY, None, OfficialClass.PENDING_IN_TIME, id="deadline day is in time"),
    pytest.param(State.OPEN, TODAY - DAY, None, OfficialClass.PENDING_OVERDUE, id="one day late"),
    pytest.param(State.RETURNED, TODAY - DAY, None, OfficialClass.PENDING_OVERDUE, id="returned counts as not done"),
    pytest.param(State.SUBMITTED, TODAY - DAY, TODAY - DAY, OfficialClass.PENDING_IN_TIME, id="waiting is not late"),
    pytest.param(State.SUBMITTED, TODAY - 2 * DAY, TODAY - DAY, OfficialClass.PENDING_OVERDUE, id="handed in late"),
    pytest.param(State.ACCEPTED, TODAY - DAY, TODAY - DAY, OfficialClass.DONE_ON_TIME, id="reviewed after the day"),
    pytest.param(State.ACCEPTED, TODAY - 2 * DAY, TODAY - DAY, OfficialClass.DONE_LATE, id="done late"),
    pytest.param(State.OPEN, None, None, OfficialClass.NO_DEADLINE, id="no deadline"),
    pytest.param(State.ACCEPTED, None, TODAY, OfficialClass.DONE_ON_TIME, id="done without a deadline"),
    pytest.param(State.CANCELLED, TODAY - DAY, None, None, id="cancelled counts nowhere"),
]


@pytest.mark.parametrize(("state", "due_on", "submitted_on", "expected"), CASES)
def test_the_class_in_sql_agrees_with_the_rule(
    session: Session, make: Factory, state: State, due_on: Any, submitted_on: Any, expected: Any
) -> None:
    assignment = make.assignment(state=state, due_on=due_on, submitted_on=submitted_on)

    in_sql = session.scalar(select(Assignment.class_column(TODAY)))

    assert assignment.official_class(TODAY) == expected
    assert in_sql == expected
