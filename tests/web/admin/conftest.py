"""The administrator, and a browser of theirs."""
from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories import Factory
from tracker.models import User
from tracker.rules.permissions import Role


@pytest.fixture
def administrator(make: Factory) -> User:
    return make.user(Role.ADMINISTRATOR, make.agency("Sở Khoa học và Công nghệ"), name="Trịnh Công Thuận")


@pytest.fixture
def browser(as_user: Any, administrator: User) -> FlaskClient:
    client = as_user(administrator)
    assert isinstance(client, FlaskClient)
    return client
