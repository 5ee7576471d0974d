"""Every number is the number of rows behind it, and what SQL says of a row is what the rule says: on any rows."""
from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tracker.models import Assignment, Extension, User
from tracker.reports import assignment_list, lateness_matrix, my_work
from tracker.reports.assignment_list import AssignmentFilter, ListView
from tracker.reports.chase_board import late_ids, late_items
from tracker.reports.chase_filter import BoardFilter, in_band
from tracker.reports.front_page import front_page
from tracker.reports.grid import count_owed
from tracker.reports.month import day_page, month_of
from tracker.reports.my_work import WorkFilter, WorkGroup
from tracker.rules.lateness import LateBand, band_of
from tracker.rules.permissions import Role
from tracker.rules.standing import (
    OfficialClass,
    grace_by_first_date,
    last_day_in_time,
    official_class,
    on_time_rate,
)
from tracker.rules.states import OWED, AssignmentState, TaskRole

DAY = timedelta(days=1)
ROWS = 160
S = AssignmentState


def near(chance: random.Random, *, none: float) -> date | None:
    return None if chance.random() < none else TODAY + chance.randint(-45, 20) * DAY


def anything(chance: random.Random) -> dict[str, Any]:
    """Give the columns of some assignment, whether it makes sense or not."""
    due_on, state = near(chance, none=0.15), chance.choice(list(S))
    part = chance.random() < 0.2
    waits = state in {S.SUBMITTED, S.ACCEPTED} or chance.random() < 0.1
    return {
        "state": state, "due_on": due_on, "first_due_on": chance.choice([due_on, due_on, near(chance, none=0.1)]),
        "grace_until": near(chance, none=0.6), "submitted_on": (near(chance, none=0) if waits else None),
        "is_part": part, "role": TaskRole.COORDINATE if part or chance.random() < 0.1 else TaskRole.LEAD,
        "is_requested": chance.random() < 0.2, "percent": 0,
    }  # fmt: skip


class World:
    """Some agencies with anything at all, all of it of plans that one agency coordinates."""

    def __init__(self, session: Session, make: Factory, seed: int) -> None:
        chance = random.Random(seed)
        self.session, self.coordinator = session, make.coordinator()
        self.people = [make.user(agency=make.agency(is_requested=number == 3)) for number in range(4)]
        tasks = [make.task(make.plan(self.coordinator.agency)) for _ in range(3)]
        for number in range(ROWS):
            task, person = chance.choice(tasks), chance.choice(self.people)
            values = anything(chance)
            session.add(Assignment(plan_id=task.plan_id, task_id=task.id, agency_id=person.agency_id,
                                   occurrence=str(number), created_at=NOW, **values))
        session.commit()
        self.rows = list(session.scalars(select(Assignment)))
        for row in chance.sample([row for row in self.rows if row.due_on], 30):
            session.add(Extension(assignment_id=row.id, asked_by_id=self.people[0].id, asked_at=NOW, reason="Chờ.",
                                  from_due_on=row.due_on, wanted_on=TODAY + 30 * DAY))
        session.commit()

    def ids(self, *criteria: Any) -> set[int]:
        return set(self.session.scalars(select(Assignment.id).where(*criteria)))


@pytest.fixture(params=range(2))
def world(session: Session, make: Factory, request: pytest.FixtureRequest) -> World:
    return World(session, make, request.param)


def by_first_date(row: Assignment) -> OfficialClass | None:
    grace = grace_by_first_date(row.due_on, row.first_due_on, row.grace_until)
    return official_class(row.state, row.first_due_on, row.submitted_on, TODAY, grace)


def is_late(row: Assignment) -> bool:
    return row.state in OWED and row.days_late(TODAY) > 0


def test_what_sql_says_of_a_row_is_what_the_rule_says(world: World) -> None:
    columns = (Assignment.class_column(TODAY), Assignment.class_column(TODAY, by_first_date=True),
               Assignment.last_day_column())
    said = {number: rest for number, *rest in world.session.execute(select(Assignment.id, *columns))}
    for row in world.rows:
        expected = [row.official_class(TODAY), by_first_date(row), last_day_in_time(row.due_on, row.grace_until)]
        assert said[row.id] == expected, row.id

    assert world.ids(Assignment.is_owed_and_overdue(TODAY)) == {row.id for row in world.rows if is_late(row)}
    assert world.ids(Assignment.falls_due_soon(TODAY)) == {row.id for row in world.rows if row.is_due_soon(TODAY)}
    for band in LateBand:
        assert world.ids(Assignment.is_owed_and_overdue(TODAY), in_band(band, TODAY)) == {
            row.id for row in world.rows if is_late(row) and band_of(row.days_late(TODAY)) is band}


def test_the_desk_counts_what_it_lists_and_each_row_once(world: World) -> None:
    for person in world.people:
        mine = [row for row in world.rows if row.agency_id == person.agency_id and row.state is not S.CANCELLED]
        counts = my_work.counts(world.session, person, WorkFilter(), today=TODAY)
        seen: list[int] = []
        for group in WorkGroup:
            page = my_work.group_page(world.session, person, WorkFilter(), group, today=TODAY, limit=100)
            assert page.total == len(page.rows) == counts[group]
            seen += [job.assignment.id for job in page.rows]
        late = my_work.group_page(world.session, person, WorkFilter(), WorkGroup.LATE, today=TODAY).rows

        assert sorted(seen) == sorted(row.id for row in mine)
        assert {job.assignment.id for job in late} == {
            row.id for row in mine if is_late(row) and row.state is not S.RETURNED}
        assert count_owed(world.session, person) == sum(row.state in OWED for row in mine)


@pytest.mark.parametrize("role", [Role.LIAISON, Role.COORDINATOR])
def test_each_number_of_the_front_page_is_the_list_behind_it(world: World, role: Role) -> None:
    person = world.people[0] if role is Role.LIAISON else world.coordinator
    seen = [row for row in world.rows if not row.is_part and row.state is not S.CANCELLED
            and (role is Role.COORDINATOR or row.agency_id == person.agency_id)]
    totals = front_page(world.session, person, today=TODAY, whole=True).totals

    def listed(**wanted: Any) -> int:
        return assignment_list.page(world.session, person, AssignmentFilter(**wanted), today=TODAY).total

    for one in OfficialClass:
        assert totals.cells[one] == listed(official_class=one)
        assert totals.cells[one] == sum(row.official_class(TODAY) is one for row in seen)
    assert [totals.states[state] for state in totals.states] == [listed(state=state) for state in totals.states]
    assert (totals.late, totals.soon) == (listed(view=ListView.LATE), listed(view=ListView.SOON))
    assert totals.on_time_by_first_date == on_time_rate(Counter(filter(None, map(by_first_date, seen))))


def test_the_board_counts_what_it_lists(world: World) -> None:
    user: User = world.coordinator
    board = lateness_matrix.board(world.session, user, BoardFilter(), today=TODAY, after=None)
    front = front_page(world.session, user, today=TODAY, whole=True)
    asking = set(world.session.scalars(select(Extension.assignment_id)))

    for row in board.page.rows:
        for band in LateBand:
            behind = late_items(world.session, user, BoardFilter(agency_id=row.id, band=band), today=TODAY, after=None)
            assert row.bands[band] == behind.total == len(behind.rows)
            assert all(band_of(item.days_late) is band for item in behind.rows)
        mine = [one for one in world.rows if one.agency_id == row.id and is_late(one) and not one.is_part]
        assert (row.total, row.days_late) == (len(mine), max(one.days_late(TODAY) for one in mine))
        assert row.asking == sum(one.id in asking for one in mine)
    assert board.items == front.totals.late == len(late_ids(world.session, user, BoardFilter(), today=TODAY, limit=999))


def test_the_month_counts_what_a_day_lists(world: World) -> None:
    person = world.people[1]
    for first in (date(2026, 2, 1), date(2026, 3, 1)):
        month = month_of(world.session, person, first)
        days = [day for week in month.weeks for day in week]
        for day in days:
            assert day.total == day_page(world.session, person, day.day).total
        mine = [row for row in world.rows if row.agency_id == person.agency_id and row.state is not S.CANCELLED]
        assert month.total == sum(row.due_on is not None and row.due_on.replace(day=1) == first for row in mine)
