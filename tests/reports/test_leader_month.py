"""What a leader's month and a coordinator's week count is what the lists behind it hold: on any rows."""
from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.reports.test_counts_agree import World, is_late, world
from tracker.models import Assignment
from tracker.reports import assignment_list, front_page, lateness_matrix, week
from tracker.reports.assignment_list import AssignmentFilter, ListView
from tracker.reports.chase_filter import BoardFilter, BoardSort
from tracker.reports.leader_month import MOST_NAMED, cells_on, class_on, leader_month
from tracker.rules.permissions import Role
from tracker.rules.standing import official_class
from tracker.rules.states import AssignmentState

__all__ = ["world"]
DAY = timedelta(days=1)
HANDED_IN = {AssignmentState.SUBMITTED, AssignmentState.ACCEPTED}


def test_a_day_that_is_past_is_counted_as_the_rule_counts_it_without_later_reports(world: World) -> None:
    for days in (0, 10, 31, 60):
        day = TODAY - days * DAY
        said = dict(world.session.execute(select(Assignment.id, class_on(day))).all())
        for row in world.rows:
            later = row.state in HANDED_IN and row.submitted_on is not None and row.submitted_on > day
            state = AssignmentState.OPEN if later else row.state
            assert said[row.id] == official_class(state, row.due_on, row.submitted_on, day, row.grace_until), row.id


def test_the_leaders_numbers_are_those_of_the_page_and_of_its_lists(world: World, make: Factory) -> None:
    leader = make.user(Role.LEADER)
    month = leader_month(world.session, leader, today=TODAY, before_on=TODAY - 30 * DAY)

    assert month.totals == front_page.front_page(world.session, leader, today=TODAY).totals
    assert 0 < len(month.longest) <= MOST_NAMED
    days = [one.days_late for one in month.longest]
    assert days == sorted(days, reverse=True)
    for one in month.longest:
        behind = AssignmentFilter(agency_id=one.agency_id, view=ListView.LATE)
        assert one.items == assignment_list.page(world.session, leader, behind, today=TODAY).total
        assert not any(row.agency.is_requested for row in world.rows if row.agency_id == one.agency_id)
        assert one.days_late == max(row.days_late(TODAY) for row in world.rows
                                    if row.agency_id == one.agency_id and is_late(row) and not row.is_part)


def test_what_was_given_out_later_was_not_there(session: Session, make: Factory) -> None:
    leader = make.user(Role.LEADER)
    old, new = make.agency(), make.agency()
    first = make.assignment(old, due_on=TODAY + 9 * DAY, state=AssignmentState.CANCELLED)
    taken_over = make.assignment(new, task=first.task, due_on=TODAY + 9 * DAY)
    make.assignment(due_on=TODAY + 9 * DAY)
    first.created_at, first.replaced_by_id = NOW - 50 * DAY, taken_over.id
    session.commit()

    assert cells_on(session, leader, TODAY - DAY).total == 1
    assert cells_on(session, leader, TODAY).total == 2


def test_the_weeks_late_are_the_boards(world: World) -> None:
    user = world.coordinator
    for sort in BoardSort:
        board = lateness_matrix.board(world.session, user, BoardFilter(sort=sort), today=TODAY, after=None)
        rows = lateness_matrix.late_agencies(world.session, user, BoardFilter(sort=sort), today=TODAY)
        assert [row.id for row in rows] == [row.id for row in board.page.rows]
        assert sum(row.total for row in rows) == board.items
    first = TODAY - 9 * DAY
    fresh = [row for row in world.rows if is_late(row) and not row.is_part and not row.agency.is_requested
             and row.days_late(TODAY) <= 9]
    changes = week.changes(world.session, user, first=first, last=TODAY - DAY, today=TODAY)
    assert changes.newly_late == len(fresh)
