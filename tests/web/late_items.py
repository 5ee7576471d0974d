"""Assignments that are late, for the tests of the chase's pages."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.factories import TODAY, Factory
from tracker.models import Assignment, User

DAY = timedelta(days=1)
LATE = TODAY - 5 * DAY


def late_item(make: Factory, coordinator: User, **values: Any) -> Assignment:
    return make.assignment(make.user().agency, make.plan(coordinator.agency), **{"due_on": LATE, **values})
