"""Printed names that the catalogue does not know, tied to a body in every duty at once."""
from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import Actor, Agency, AgencyKind, AgencyLevel, AuditEntry, Plan, Task, TaskOwner, User
from tracker.models.catalogue import load_catalogue
from tracker.rules.permissions import Role
from tracker.rules.states import PlanState
from tracker.workflow import reviewing_plan
from tracker.workflow.agencies import AgencyNameTaken
from tracker.workflow.review_log import last_step
from tracker.workflow.unknown_bodies import NobodyPrintsIt, add_and_link, link, tasks_printing

NAME = "Hiệp hội Vận tải tỉnh"


@pytest.fixture
def plan(make: Factory) -> Plan:
    return make.plan(state=PlanState.REVIEW)


@pytest.fixture
def tasks(make: Factory, session: Session, plan: Plan) -> list[Task]:
    """Two duties of the unknown body, one beside a known one; a dropped one; one of another unknown body."""
    made = [make.task(plan), make.task(plan, make.agency("Sở Y tế")), make.task(plan, dropped_at=NOW), make.task(plan)]
    for task, printed in zip(made, (NAME, "hiệp hội  vận tải tỉnh", NAME, "Hội khác"), strict=True):
        task.owners.append(TaskOwner(printed=printed, position=1))
        task.reasons = {"keys": ["owner_unsure"]}
    session.commit()
    return made


@pytest.fixture
def me(make: Factory, plan: Plan) -> User:
    return make.user(Role.COORDINATOR, plan.coordinator)


def add(session: Session, plan: Plan, me: User, name: str = NAME) -> tuple[Agency, int]:
    found = add_and_link(session, plan, NAME, name=name, kind=AgencyKind.OTHER, level=AgencyLevel.PROVINCE,
                         is_requested=True, actor=Actor(me.name, "127.0.0.1", me), now=NOW)
    session.commit()
    return found


def bodies(task: Task) -> list[int | None]:
    return [owner.agency_id for owner in task.owners]


def test_the_duties_that_print_a_name_are_found_however_it_is_spaced(
    session: Session, plan: Plan, tasks: list[Task]
) -> None:
    assert tasks_printing(session, plan, NAME) == tasks[:2]


def test_a_new_body_gets_every_duty_that_prints_its_name(
    session: Session, plan: Plan, tasks: list[Task], me: User
) -> None:
    agency, duties = add(session, plan, me)

    assert duties == 2
    assert bodies(tasks[0]) == [agency.id]
    assert bodies(tasks[1])[-1] == agency.id
    assert [bodies(tasks[2]), bodies(tasks[3])] == [[None], [None]]
    assert (agency.is_requested, tasks[0].reasons["keys"]) == (True, [])
    actions = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions == ["agency.created", "task.owner_linked", "task.owner_linked"]


def test_a_full_name_keeps_the_printed_one_as_another_name(
    session: Session, plan: Plan, tasks: list[Task], me: User
) -> None:
    agency, _duties = add(session, plan, me, "Hiệp hội Vận tải ô tô tỉnh Hà Dương")

    assert load_catalogue(session).match(NAME) is agency


def test_tying_is_one_act_that_is_undone_at_once_and_the_body_stays(
    session: Session, plan: Plan, tasks: list[Task], me: User
) -> None:
    agency, _duties = add(session, plan, me)
    step = last_step(session, plan, me)
    assert step is not None

    reviewing_plan.undo(session, plan, user=me, step_id=step.id, actor=Actor(me.name, "127.0.0.1", me), now=NOW)
    session.commit()

    assert [bodies(task)[-1] for task in tasks[:2]] == [None, None]
    assert tasks[0].reasons["keys"] == ["owner_unsure"]
    assert session.get(Agency, agency.id) is not None


def test_a_group_can_be_meant_and_a_body_is_no_owner_twice(
    session: Session, make: Factory, plan: Plan, tasks: list[Task], me: User
) -> None:
    actor = Actor(me.name, "127.0.0.1", me)
    health = session.scalars(select(Agency).where(Agency.name == "Sở Y tế")).one()

    link(session, plan, NAME, health, actor=actor, now=NOW)
    group = make.group(name="Các hội")
    link(session, plan, "Hội khác", group, actor=actor, now=NOW)
    session.commit()

    assert [bodies(task) for task in tasks[:2]] == [[health.id], [health.id]]
    assert [owner.group_id for owner in tasks[3].owners] == [group.id]


def test_a_refused_name_ties_nothing_and_adds_nobody(
    session: Session, make: Factory, plan: Plan, tasks: list[Task], me: User
) -> None:
    make.agency("Liên đoàn Lao động")

    with pytest.raises(AgencyNameTaken):
        add(session, plan, me, "Liên đoàn Lao động")
    session.rollback()
    with pytest.raises(NobodyPrintsIt):
        add_and_link(session, plan, "Không ai ghi", name="Không ai ghi", kind=AgencyKind.OTHER,
                     level=AgencyLevel.PROVINCE, is_requested=False, actor=Actor("x", "y"), now=NOW)
    session.rollback()

    assert bodies(tasks[0]) == [None]
    assert session.scalars(select(Agency).where(Agency.name == "Không ai ghi")).all() == []
