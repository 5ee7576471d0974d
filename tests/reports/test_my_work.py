"""The desk: each assignment of the agency in exactly one group."""
from __future__ import annotations

from datetime import timedelta
from itertools import product

from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import TODAY, Factory
from tracker.reports.my_work import DESK_ROWS, WorkGroup, desk, group_page
from tracker.rules.states import AssignmentState as State

DAY = timedelta(days=1)


def test_every_counted_assignment_stands_in_exactly_one_group(session: Session, make: Factory) -> None:
    user = make.user()
    for state, due_on in product(State, (None, TODAY - DAY, TODAY, TODAY + 7 * DAY, TODAY + 8 * DAY)):
        make.assignment(user.agency, state=state, due_on=due_on)
    make.assignment(due_on=TODAY - DAY)

    found = desk(session, user, today=TODAY)

    assert found.counts == {
        WorkGroup.RETURNED: 5, WorkGroup.LATE: 2, WorkGroup.SOON: 4, WorkGroup.REST: 4, WorkGroup.WAITING: 5,
        WorkGroup.DONE: 5,
    }  # fmt: skip
    for group in WorkGroup:
        assert group_page(session, user, group, today=TODAY).total == found.counts[group]
    assert [group for group, _page in found.groups] == [
        WorkGroup.RETURNED, WorkGroup.LATE, WorkGroup.SOON, WorkGroup.REST]  # fmt: skip


def test_late_comes_before_soon_and_the_latest_first(session: Session, make: Factory) -> None:
    user = make.user()
    soon = make.assignment(user.agency, due_on=TODAY + DAY)
    late = make.assignment(user.agency, due_on=TODAY - DAY)
    latest = make.assignment(user.agency, due_on=TODAY - 9 * DAY)

    found = desk(session, user, today=TODAY)

    assert [row.id for _group, page in found.groups for row in page.rows] == [latest.id, late.id, soon.id]


def test_the_desk_shows_the_first_rows_of_a_long_group_at_a_fixed_cost(session: Session, make: Factory) -> None:
    user = make.user()
    costs = []
    for _ in range(2):
        for _ in range(DESK_ROWS):
            make.assignment(user.agency, due_on=TODAY - DAY)
        session.refresh(user)
        with counted_statements() as sent:
            found = desk(session, user, today=TODAY)
        costs.append(len(sent))

    page = found.groups[0][1]
    assert (len(page.rows), page.total) == (DESK_ROWS, 2 * DESK_ROWS)
    assert page.next_after
    assert max(costs) <= 13
