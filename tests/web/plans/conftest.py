"""The police who drafted a plan, a browser of theirs, and the plan under review."""
from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.plans.plans_under_review import plan_with_two_duties
from tracker.models import Plan, User


@pytest.fixture
def police(make: Factory) -> User:
    return make.coordinator()


@pytest.fixture
def browser(as_user: Any, police: User) -> FlaskClient:
    return as_user(police)  # type: ignore[no-any-return]


@pytest.fixture
def plan(make: Factory, session: Session, police: User) -> Plan:
    return plan_with_two_duties(make, session, police)
