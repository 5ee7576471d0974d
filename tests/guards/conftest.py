"""The guards look at the demo's application, which has every page there is."""
from __future__ import annotations

from collections.abc import Iterator
from contextvars import Context
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import _running
from tests.guards.world import World
from tracker.config import Settings


class FreshClient(FlaskClient):
    """A browser whose requests share nothing with the test: no `g`, no database session, no language.

    The test's own application context would otherwise be theirs too, and the first person to
    log in would stay logged in for everybody.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("buffered", True)  # read whole and closed, files too
        return Context().run(super().open, *args, **kwargs)


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def app(request: pytest.FixtureRequest, settings: Settings, tmp_path_factory: pytest.TempPathFactory
        ) -> Iterator[Flask]:
    """The application with the demo's pages, on each database in turn."""
    settings = replace(settings, demo=True, instance=tmp_path_factory.mktemp("guards"))
    if request.param == "postgres":
        settings = replace(settings, database_url=request.getfixturevalue("postgres_url"))
    for app in _running(settings):
        app.test_client_class = FreshClient
        yield app


#: For what is the same on every database: a mark that leaves PostgreSQL out.
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture
def world(app: Flask, session: Session) -> World:
    """A coordinator's plans, the work of two agencies, everybody who may look at it, and somebody else's of each."""
    return World(app, session)
