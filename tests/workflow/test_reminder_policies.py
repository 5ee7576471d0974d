"""A plan's own way of being reminded of: set, kept apart from the province's, given up again."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.reminders.mornings import decide
from tracker.models import Actor, AuditEntry, Plan, PlanReminderPolicy, User
from tracker.models.policy import load_reminder_policy
from tracker.rules.reminder_policy import DaysBeforeNotUnderstood, ReminderPolicy
from tracker.rules.states import PlanState
from tracker.workflow import policy, reminder_policies
from tracker.workflow.reminder_policies import NO_ROW, PlanNotReminded, PolicyChangedMeanwhile

OWN = ReminderPolicy(before=(10, 3), after_every=1)


@pytest.fixture
def coordinator(make: Factory) -> User:
    return make.coordinator()


@pytest.fixture
def actor(coordinator: User) -> Actor:
    return Actor(coordinator.name, "127.0.0.1", coordinator)


@pytest.fixture
def plan(make: Factory, coordinator: User) -> Plan:
    return make.plan(coordinator.agency)


@pytest.fixture
def set_own(session: Session, plan: Plan, actor: Actor) -> Any:
    """Set the plan's own way and commit."""

    def setting(reminders: ReminderPolicy = OWN, *, seen: int = NO_ROW) -> bool:
        changed = reminder_policies.set_for_plan(session, plan, reminders, seen=seen, actor=actor, now=NOW)
        session.commit()
        return changed

    return setting


def test_a_plan_gets_a_way_of_its_own_which_the_province_no_longer_changes(
    session: Session, make: Factory, plan: Plan, actor: Actor, set_own: Any
) -> None:
    other = make.plan(plan.coordinator)

    assert set_own()
    policy.change(session, policy.Policy(), ReminderPolicy(before=(2,)), seen=NO_ROW, actor=actor, now=NOW)
    session.commit()

    assert load_reminder_policy(session, plan.id) == OWN
    assert load_reminder_policy(session, other.id).before == (2,)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).first()
    assert entry
    assert (entry.action, entry.subject_type, entry.subject_id) == ("plan.reminders_set", "plan", plan.id)
    assert (entry.before, entry.after) == ({"before": "5, 1", "after_every": 3}, {"before": "10, 3", "after_every": 1})


def test_given_up_it_is_the_provinces_way_again(session: Session, plan: Plan, actor: Actor, set_own: Any) -> None:
    set_own()

    assert reminder_policies.reset_for_plan(session, plan, seen=1, actor=actor, now=NOW)
    session.commit()
    assert not reminder_policies.reset_for_plan(session, plan, seen=1, actor=actor, now=NOW)

    assert load_reminder_policy(session, plan.id) == ReminderPolicy()
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last
    assert last.action == "plan.reminders_reset"
    assert last.after == {"before": "5, 1", "after_every": 3}


def test_the_same_as_the_provinces_is_not_kept_apart(session: Session, set_own: Any) -> None:
    assert not set_own(ReminderPolicy())
    assert session.scalars(select(PlanReminderPolicy)).all() == []


def test_a_plan_that_runs_no_more_takes_none(session: Session, plan: Plan, set_own: Any) -> None:
    for state in (PlanState.CANCELLED, PlanState.SUPERSEDED):
        plan.state = state
        session.commit()
        with pytest.raises(PlanNotReminded):
            set_own()
        session.rollback()


def test_two_at_once_do_not_overwrite_each_other(session: Session, plan: Plan, actor: Actor, set_own: Any) -> None:
    set_own()

    with pytest.raises(PolicyChangedMeanwhile):
        set_own(replace(OWN, after_every=2))
    session.rollback()
    with pytest.raises(PolicyChangedMeanwhile):
        reminder_policies.reset_for_plan(session, plan, seen=7, actor=actor, now=NOW)
    session.rollback()

    assert set_own(replace(OWN, after_every=2), seen=1)
    with pytest.raises(DaysBeforeNotUnderstood):
        set_own(replace(OWN, before=(5, 5)), seen=2)


def test_what_was_told_is_not_told_again_after_a_change(
    session: Session, make: Factory, plan: Plan, set_own: Any
) -> None:
    person = make.user()
    make.assignment(person.agency, plan)  # due today
    assert sum(decide(session).values()) == 1

    set_own()

    assert sum(decide(session).values()) == 0
