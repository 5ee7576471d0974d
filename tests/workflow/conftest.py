"""A coordinator with plans under review: one to be published and changed, and one that amends another."""
from __future__ import annotations

from datetime import date

import pytest

from tests.factories import NOW, TODAY, Factory
from tests.workflow.changed_plans import CALENDAR
from tracker.models import Actor, Plan, User
from tracker.rules.states import PlanState
from tracker.workflow.changing_plan import Moment


@pytest.fixture
def police(make: Factory) -> User:
    return make.coordinator()


@pytest.fixture
def moment(police: User) -> Moment:
    """When the police change a plan, and who of them does."""
    return Moment(Actor(police.name, "127.0.0.1", police), NOW, TODAY, CALENDAR)


@pytest.fixture
def plan(make: Factory, police: User) -> Plan:
    return make.plan(police.agency, state=PlanState.REVIEW)


@pytest.fixture
def earlier(make: Factory, police: User) -> Plan:
    return make.plan(police.agency, state=PlanState.REVIEW, number="15/KH-UBND")


@pytest.fixture
def amending_plan(make: Factory, police: User, earlier: Plan) -> Plan:
    """The plan that amends the earlier one."""
    return make.plan(police.agency, state=PlanState.REVIEW, number="98/KH-UBND", replaces_id=earlier.id,
                     issued_on=date(2026, 3, 10))
