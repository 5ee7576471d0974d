"""Making a plan live: who gets what, by when, once."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.workflow.published_plans import given, go_live, recurring
from tracker.models import Actor, AuditEntry, Deadline, Plan, Task, TaskOwner
from tracker.rules.states import AssignmentState, DeadlineKind, DutyKind, Every, PlanState, TaskRole
from tracker.workflow.publishing import prepare

DAY = timedelta(days=1)


@pytest.fixture
def plan(make: Factory) -> Plan:
    return make.plan(state=PlanState.REVIEW)


def test_a_dated_task_becomes_one_assignment_of_its_agency(session: Session, make: Factory, plan: Plan) -> None:
    health = make.agency()
    saturday = date(2026, 12, 19)
    task = make.task(plan, health, saturday, role=TaskRole.COORDINATE)

    done = go_live(session, plan)

    [one] = given(session)
    assert (one.task_id, one.agency_id, one.plan_id) == (task.id, health.id, plan.id)
    assert (one.due_on, one.working_due_on) == (saturday, saturday - DAY)
    assert (one.state, one.role, one.occurrence) == (AssignmentState.OPEN, TaskRole.COORDINATE, "")
    assert one.deadline_id == task.deadlines[0].id
    assert (done.assignments, done.agencies, done.tasks, done.unassigned) == (1, 1, 1, 0)


def test_publishing_marks_the_plan_and_is_written_down(session: Session, make: Factory, plan: Plan) -> None:
    user = make.coordinator()
    make.task(plan, make.agency())

    go_live(session, plan, actor=Actor(user.name, "127.0.0.1", user))

    assert (plan.state, plan.published_at, plan.published_by_id) == (PlanState.PUBLISHED, NOW, user.id)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.after and entry.after["assignments"]) == ("plan.published", 1)


def test_a_task_without_a_date_is_assigned_without_one(session: Session, make: Factory, plan: Plan) -> None:
    task = make.task(plan, make.agency(), kind=DutyKind.STANDING)
    task.deadlines = [Deadline(kind=DeadlineKind.PERIOD, due_on=date(2030, 12, 31)), recurring(Every.YEAR, None, 1)]
    session.commit()

    go_live(session, plan)

    assert [(one.due_on, one.working_due_on, one.deadline_id) for one in given(session)] == [(None, None, None)]


def test_each_date_of_a_task_is_an_assignment_but_the_same_date_only_once(
    session: Session, make: Factory, plan: Plan
) -> None:
    task = make.task(plan, make.agency())
    days = [date(2026, 5, 31), date(2026, 6, 10), date(2026, 6, 10)]
    task.deadlines = [Deadline(kind=DeadlineKind.DATE, due_on=day, position=n) for n, day in enumerate(days)]
    session.commit()

    go_live(session, plan)

    assert [(one.due_on, one.occurrence) for one in given(session)] == [
        (days[0], "0:2026-05-31"), (days[1], "1:2026-06-10")]


def test_a_group_becomes_an_assignment_of_each_living_member(session: Session, make: Factory, plan: Plan) -> None:
    one, two = make.agency(), make.agency()
    gone = make.agency(ended_on=TODAY - DAY)
    last_day = make.agency(ended_on=TODAY)
    group = make.group(one, two, gone, last_day)
    make.task(plan, group)

    go_live(session, plan)

    assert {row.agency_id for row in given(session)} == {one.id, two.id, last_day.id}
    assert {row.group_id for row in given(session)} == {group.id}


def test_helpers_get_a_part_beside_each_date_but_no_assignment(session: Session, make: Factory, plan: Plan) -> None:
    lead, helper = make.agency("Sở Y tế"), make.agency("Sở Nội vụ")
    make.agency("Sở Giao thông vận tải", ended_on=TODAY - DAY)
    names = ["Sở Nội vụ", "sở nội vụ", "Sở Y tế", "Sở Giao thông vận tải", "Hội chưa có trong danh mục", "các đoàn thể"]
    task = make.task(plan, make.group(lead, make.agency()), partners={"names": names})
    days = [date(2026, 5, 31), date(2026, 6, 10)]
    task.deadlines = [Deadline(kind=DeadlineKind.DATE, due_on=day, position=n) for n, day in enumerate(days)]
    session.commit()

    done = go_live(session, plan)

    parts = [one for one in given(session) if one.is_part]
    assert [(one.agency_id, one.role, one.due_on) for one in parts] == [
        (helper.id, TaskRole.COORDINATE, day) for day in days]
    assert {one.occurrence for one in parts} == {one.occurrence for one in given(session) if not one.is_part}
    assert (done.assignments, done.parts, done.agencies) == (4, 2, 2)


def test_membership_is_frozen_when_the_plan_is_published(session: Session, make: Factory, plan: Plan) -> None:
    one, two = make.agency(), make.agency()
    group = make.group(one)
    make.task(plan, group)
    go_live(session, plan)

    group.members = [two]
    session.commit()

    assert [row.agency_id for row in given(session)] == [one.id]


def test_an_agency_named_itself_and_through_groups_gets_one(session: Session, make: Factory, plan: Plan) -> None:
    named, other = make.agency(), make.agency()
    group = make.group(named, other)
    task = make.task(plan, make.group(named, other))
    task.owners.append(TaskOwner(printed="x", group_id=group.id, position=1))
    task.owners.append(TaskOwner(printed="y", agency_id=named.id, position=2))
    session.commit()

    go_live(session, plan)

    assert {(row.agency_id, row.group_id is None) for row in given(session)} == {(named.id, True), (other.id, False)}
    assert len(given(session)) == 2


@pytest.mark.parametrize(("by_plan", "by_body", "expected"), [
    (False, False, False), (True, False, True), (False, True, True)])  # fmt: skip
def test_a_requested_body_is_marked_so(
    session: Session, make: Factory, plan: Plan, by_plan: bool, by_body: bool, expected: bool
) -> None:
    make.task(plan, make.agency(is_requested=by_body), is_requested=by_plan)

    go_live(session, plan)

    assert [row.is_requested for row in given(session)] == [expected]


def test_what_nobody_can_get_stays_unassigned(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.agency())
    nobody = make.task(plan)
    unknown = make.task(plan)
    unknown.owners.append(TaskOwner(printed="Ban Quản lý hồ"))
    empty = make.task(plan, make.group())
    ended = make.task(plan, make.agency(ended_on=TODAY - DAY))
    dropped = make.task(plan, make.agency(), dropped_at=NOW)
    session.commit()

    draft = prepare(session, plan, today=TODAY)
    done = go_live(session, plan)

    assert draft.unassigned == [nobody, unknown, empty, ended]
    assert (done.assignments, done.unassigned) == (1, 4)
    assert dropped.id not in {row.task_id for row in given(session)}


def test_what_is_late_from_the_start_is_counted_beforehand(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.group(make.agency(), make.agency()), TODAY - DAY)
    make.task(plan, make.agency(), TODAY)

    assert prepare(session, plan, today=TODAY).late(TODAY) == 2


def big_plan(session: Session, make: Factory, tasks: int, agencies: int) -> Plan:
    plan = make.plan(state=PlanState.REVIEW)
    group = make.group(*(make.agency() for _n in range(agencies)))
    session.add_all(
        Task(plan_id=plan.id, position=n, text="x", fold="x", kind=DutyKind.STANDING,
             owners=[TaskOwner(printed="x", group_id=group.id)])
        for n in range(tasks)
    )
    session.commit()
    return plan


def test_a_hundred_tasks_for_thirty_agencies_are_written_in_bulk(session: Session, make: Factory) -> None:
    small, large = big_plan(session, make, 2, 3), big_plan(session, make, 100, 30)
    with counted_statements() as for_few:
        go_live(session, small)

    with counted_statements() as for_many:
        done = go_live(session, large)

    assert done.assignments == 3_000
    # Thirty rows of assignments a statement at the least, however a driver packs them.
    assert len(for_many) <= len(for_few) + 3_000 / 30
