"""A GET changes nothing and uses up nothing: mail scanners open every link, and so do browsers that look ahead."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from tests.guards.conftest import on_sqlite
from tests.guards.world import World, address, routes
from tracker.extensions import db

WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE", "CREATE", "DROP", "ALTER", "SELECT NEXTVAL")
LOCKING = "FOR UPDATE"


@contextmanager
def writes(engine: Engine) -> Iterator[list[str]]:
    """Collect every statement that changes or locks a row."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        bare = statement.lstrip(" (\n").upper()
        if bare.startswith(WRITING) or LOCKING in bare:
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_listener_sees_a_write(app: Flask, world: World) -> None:
    with writes(db.engine) as found:
        world.make.agency()

    assert len(found) == 1


def test_no_get_writes_whoever_asks(app: Flask, world: World, as_user: Any, client: FlaskClient) -> None:
    browsers = {role.value: as_user(user) for role, user in world.people.items()} | {"nobody": client}
    guilty = []

    with writes(db.engine) as found:
        for name, browser in browsers.items():
            for rule in routes(app, "GET"):
                path = address(app, rule, world.ours.ids)
                browser.get(path)
                guilty += [f"{name} GET {path}: {statement}" for statement in found]
                found.clear()

    assert guilty == []


@on_sqlite
def test_a_head_request_writes_nothing_either(app: Flask, world: World, as_user: Any) -> None:
    browser = as_user(world.administrator)

    with writes(db.engine) as found:
        statuses = {browser.head(address(app, rule, world.ours.ids)).status_code for rule in routes(app, "GET")}

    assert found == []
    assert 200 in statuses
