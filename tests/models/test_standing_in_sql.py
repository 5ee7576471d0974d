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


GRACE = [
    pytest.param(State.RETURNED, -1, 0, None, OfficialClass.PENDING_IN_TIME, 0, id="the last day of the grace"),
    pytest.param(State.RETURNED, -9, -2, None, OfficialClass.PENDING_OVERDUE, 2, id="late since the end of the grace"),
    pytest.param(State.SUBMITTED, -9, -1, -1, OfficialClass.PENDING_IN_TIME, 0, id="handed in again within the grace"),
    pytest.param(State.ACCEPTED, -9, -2, -2, OfficialClass.DONE_ON_TIME, 0, id="mended within the grace"),
    pytest.param(State.ACCEPTED, -9, -2, -1, OfficialClass.DONE_LATE, 1, id="mended after the grace"),
    pytest.param(State.RETURNED, 3, 1, None, OfficialClass.PENDING_IN_TIME, 0, id="due later than the grace"),
    pytest.param(State.OPEN, None, 1, None, OfficialClass.NO_DEADLINE, 0, id="a grace without a due date"),
]


@pytest.mark.parametrize(("state", "due", "grace", "submitted", "expected", "late"), GRACE)
def test_a_grace_in_sql_agrees_with_the_rule(
    session: Session, make: Factory, state: State, due: int | None, grace: int, submitted: int | None,
    expected: OfficialClass, late: int,
) -> None:
    row = make.assignment(
        state=state, due_on=None if due is None else TODAY + due * DAY, grace_until=TODAY + grace * DAY,
        submitted_on=None if submitted is None else TODAY + submitted * DAY,
    )

    in_sql = session.scalar(select(Assignment.class_column(TODAY)))
    overdue = session.scalar(select(Assignment.id).where(Assignment.is_owed_and_overdue(TODAY)))

    assert row.official_class(TODAY) == in_sql == expected
    assert row.days_late(TODAY) == late
    assert (overdue is not None) == (expected is OfficialClass.PENDING_OVERDUE)


def test_an_extended_row_is_judged_by_either_date(session: Session, make: Factory) -> None:
    make.assignment(state=State.ACCEPTED, due_on=TODAY, first_due_on=TODAY - 5 * DAY, submitted_on=TODAY - DAY)

    now, first = session.execute(
        select(Assignment.class_column(TODAY), Assignment.class_column(TODAY, by_first_date=True))
    ).one()

    assert (now, first) == (OfficialClass.DONE_ON_TIME, OfficialClass.DONE_LATE)
