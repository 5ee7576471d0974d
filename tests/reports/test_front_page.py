"""Every number of the front page is the length of the list it leads to."""
from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.models import Assignment, OutboxMail, User
from tracker.reports import assignment_list
from tracker.reports.assignment_list import AssignmentFilter, ListView
from tracker.reports.front_page import SHORT_TABLE, FrontPage, Table, front_page
from tracker.rules.permissions import Role
from tracker.rules.standing import OfficialClass
from tracker.rules.states import AssignmentState, MailKind, MailState, PlanState

DAY = timedelta(days=1)
DUE = (None, TODAY - 10 * DAY, TODAY - DAY, TODAY, TODAY + 7 * DAY, TODAY + 8 * DAY)
HANDED_IN = {AssignmentState.SUBMITTED, AssignmentState.ACCEPTED}
ROLES = tuple(Role)


class Province:
    """Two police plans, a plan of somebody else, and every state on every kind of day."""

    def __init__(self, make: Factory) -> None:
        self.police = make.agency("Công an tỉnh Hà Dương")
        self.department = make.agency("Sở Y tế")
        self.court = make.agency("Tòa án nhân dân tỉnh", is_requested=True)
        plans = [make.plan(self.police), make.plan(self.police), make.plan(make.agency("Sở Tư pháp"))]
        for task, agency in product(map(make.task, plans), (self.department, self.court, self.police)):
            for number, (state, due_on) in enumerate(product(AssignmentState, DUE)):
                submitted_on = TODAY - timedelta(days=number % 4) if state in HANDED_IN else None
                make.session.add(
                    Assignment(plan_id=task.plan_id, task_id=task.id, agency_id=agency.id, occurrence=str(number),
                               state=state, due_on=due_on, submitted_on=submitted_on, created_at=NOW)
                )
        make.session.commit()
        self.people = {
            Role.LIAISON: make.user(Role.LIAISON, self.department),
            Role.COORDINATOR: make.user(Role.COORDINATOR, self.police),
            Role.LEADER: make.user(Role.LEADER),
            Role.ADMINISTRATOR: make.user(Role.ADMINISTRATOR),
        }


def _listed(session: Session, user: User, **wanted: Any) -> int:
    return assignment_list.page(session, user, AssignmentFilter(**wanted), today=TODAY).total


def _ids(table: Table | None) -> list[int]:
    return [line.id for line in table.lines] if table else []


def _page(session: Session, user: User, **how: Any) -> FrontPage:
    return front_page(session, user, today=TODAY, **how)


@pytest.mark.parametrize("role", ROLES)
def test_every_total_is_the_length_of_its_list(session: Session, make: Factory, role: Role) -> None:
    user = Province(make).people[role]

    totals = _page(session, user).totals

    for official_class in OfficialClass:
        assert totals.cells[official_class] == _listed(session, user, official_class=official_class) > 0
    for state, number in totals.states.items():
        assert number == _listed(session, user, state=state) > 0
    assert totals.cells.total == _listed(session, user) == sum(totals.states.values())
    assert totals.late == _listed(session, user, view=ListView.LATE) > 0
    assert totals.soon == _listed(session, user, view=ListView.SOON) > 0


@pytest.mark.parametrize("role", ROLES)
def test_every_line_of_a_table_counts_its_own_lists(session: Session, make: Factory, role: Role) -> None:
    user = Province(make).people[role]

    page = _page(session, user)

    for key, table in (("plan_id", page.plans), ("agency_id", page.agencies), ("agency_id", page.requested)):
        for line in table.lines if table else ():
            assert line.cells.total == _listed(session, user, **{key: line.id}) > 0
            for official_class in OfficialClass:
                assert line.cells[official_class] == _listed(
                    session, user, official_class=official_class, **{key: line.id}
                )


def test_what_was_cancelled_is_counted_nowhere(session: Session, make: Factory) -> None:
    make.assignment(state=AssignmentState.CANCELLED, due_on=TODAY - DAY)

    page = _page(session, make.user(Role.LEADER))

    assert page.totals.cells.total == 0
    assert AssignmentState.CANCELLED not in page.totals.states
    assert not page.plans.lines
    assert page.agencies is not None
    assert not page.agencies.lines


def test_requested_bodies_stand_apart_and_unranked(session: Session, make: Factory) -> None:
    front = make.agency("Mặt trận Tổ quốc tỉnh", is_requested=True, position=1)
    court = make.agency("Tòa án nhân dân tỉnh", is_requested=True, position=2)
    calm = make.agency("Sở Y tế", position=1)
    behind = make.agency("Sở Tài chính", position=2)
    for agency in (court, court, behind):
        make.assignment(agency, due_on=TODAY - DAY)
    for agency in (front, calm):
        make.assignment(agency, due_on=TODAY + DAY)

    page = _page(session, make.user(Role.LEADER))

    assert _ids(page.agencies) == [behind.id, calm.id]
    assert _ids(page.requested) == [front.id, court.id]


def test_the_rate_is_done_out_of_done_and_overdue(session: Session, make: Factory) -> None:
    agency = make.agency()
    make.assignment(agency, state=AssignmentState.ACCEPTED)
    make.assignment(agency, state=AssignmentState.ACCEPTED, due_on=TODAY - DAY)
    make.assignment(agency, due_on=TODAY - DAY)
    make.assignment(agency, due_on=TODAY + DAY)
    make.assignment(agency, due_on=None)

    rate = _page(session, make.user(Role.LIAISON, agency)).totals.cells.rate

    assert (rate.part, rate.base, rate.percent) == (2, 3, 66.7)


def test_a_liaison_sees_its_own_agency_and_nobody_to_compare_with(session: Session, make: Factory) -> None:
    province = Province(make)

    page = _page(session, province.people[Role.LIAISON])

    assert page.agencies is None
    assert page.requested is None
    assert page.urgent is not None
    assert {assignment.agency_id for assignment in page.urgent} == {province.department.id}
    assert page.urgent[0].due_on == min(day for day in DUE if day)
    assert not any(line.may_open for line in page.plans.lines)


def test_a_coordinator_opens_its_own_plans_only(session: Session, make: Factory) -> None:
    province = Province(make)

    page = _page(session, province.people[Role.COORDINATOR])

    assert [line.may_open for line in page.plans.lines] == [False, True, True]


def test_the_oldest_overdue_day_and_the_longest_wait_are_told(session: Session, make: Factory) -> None:
    late, waiting = make.agency(), make.agency()
    make.assignment(late, due_on=TODAY - 9 * DAY)
    make.assignment(late, due_on=TODAY - 4 * DAY)
    make.assignment(waiting, due_on=TODAY, state=AssignmentState.SUBMITTED, submitted_on=TODAY - 3 * DAY)

    totals = _page(session, make.user(Role.LEADER)).totals

    assert totals.oldest_due_on == TODAY - 9 * DAY
    assert totals.oldest_submitted_on == TODAY - 3 * DAY
    assert totals.late_agencies == 1


def test_plans_under_review_are_shown_to_their_coordinator_only(session: Session, make: Factory) -> None:
    coordinator, other = make.coordinator(), make.coordinator()
    plan = make.plan(coordinator.agency, state=PlanState.REVIEW)

    mine, theirs = _page(session, coordinator).in_review, _page(session, other).in_review

    assert mine is not None
    assert [found.id for found in mine] == [plan.id]
    assert theirs == []
    assert _page(session, make.user(Role.LEADER)).in_review is None


def test_an_administrator_sees_how_the_mails_and_accounts_stand(session: Session, make: Factory) -> None:
    reader = make.user(Role.LIAISON)
    for number, state in enumerate((MailState.PARKED, MailState.PENDING, MailState.SENT)):
        session.add(OutboxMail(recipient_id=reader.id, kind=MailKind.DIGEST, key=str(number), state=state,
                               message_id=f"<{number}@haduong.example>", next_attempt_at=NOW, created_at=NOW,
                               sent_at=NOW if state is MailState.SENT else None))
    alone, left, settled = make.agency(), make.agency(), make.agency()
    make.user(Role.LIAISON, left, is_active=False)
    for agency in (reader.agency, alone, left):
        make.assignment(agency)
    make.assignment(settled, state=AssignmentState.ACCEPTED)

    health = _page(session, make.user(Role.ADMINISTRATOR)).health

    assert health is not None
    assert (health.parked, health.waiting, health.last_sent_at) == (1, 1, NOW)
    assert [agency.id for agency in health.alone] == [alone.id, left.id]
    assert health.alone_count == 2
    assert _page(session, make.user(Role.LEADER)).health is None


def test_a_long_table_is_cut_until_all_of_it_is_asked_for(session: Session, make: Factory) -> None:
    plan = make.plan()
    for _number in range(SHORT_TABLE + 1):
        make.assignment(plan=plan)
    leader = make.user(Role.LEADER)

    short, whole = _page(session, leader).agencies, _page(session, leader, whole=True).agencies

    assert short is not None
    assert (len(short.lines), short.has_more) == (SHORT_TABLE, True)
    assert whole is not None
    assert (len(whole.lines), whole.has_more) == (SHORT_TABLE + 1, False)


@pytest.mark.parametrize("role", ROLES)
def test_the_number_of_queries_does_not_grow_with_the_rows(session: Session, make: Factory, role: Role) -> None:
    police = make.agency("Công an tỉnh Hà Dương")
    user = make.user(role, police)
    agencies = [police, *(make.agency() for _number in range(9))]
    task = make.task(make.plan(police))
    asked = []

    for rows in (range(10), range(10, 500)):
        session.add_all(
            Assignment(plan_id=task.plan_id, task_id=task.id, agency_id=agencies[number % 10].id, due_on=TODAY - DAY,
                       occurrence=str(number), created_at=NOW)
            for number in rows
        )
        session.commit()
        session.refresh(user)
        with counted_statements() as said:
            _page(session, user)
        asked.append(len(said))

    assert asked[1] <= asked[0] <= 9
