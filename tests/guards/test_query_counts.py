"""A page asks the database the same number of questions, however many rows there are."""
from __future__ import annotations

from typing import Any

from flask import Flask

from tests.counting import counted_statements
from tests.guards.conftest import on_sqlite
from tests.guards.world import World, address, permission_of, routes
from tracker.rules.permissions import Role, may

FEW, MANY = 5, 60
#: Nothing a person opens needs more than this, however much it shows.
MOST = 30
#: Plans a whole morning, which asks eight questions of who is told and two of who can't be, for everybody at once:
#: more by a fixed number, not by rows. Ten more for each policy, and each agency's own days, that change the morning.
MOST_OF = {"/chase/morning": 36}


def _counts(app: Flask, world: World, as_user: Any) -> dict[tuple[Role, str], int]:
    """Count the statements of every page, for everybody who may open it."""
    counts = {}
    with counted_statements() as found:
        for role, user in world.people.items():
            browser = as_user(user)
            for rule in routes(app, "GET"):
                permission = permission_of(app, rule)
                if permission is None or not may(role, permission):
                    continue
                path = address(app, rule, world.ours.ids)
                found.clear()
                if browser.get(path).status_code == 200:
                    counts[role, path] = len(found)
    return counts


@on_sqlite
def test_no_page_asks_more_with_more_rows(app: Flask, world: World, as_user: Any) -> None:
    world.grow(world.ours, FEW)
    few = _counts(app, world, as_user)

    world.grow(world.ours, MANY - FEW)
    many = _counts(app, world, as_user)

    grown = [f"{role} {path}: {few[role, path]} -> {count}" for (role, path), count in many.items()
             if count > few[role, path]]
    assert grown == []
    assert {path: count for (_role, path), count in many.items() if count > MOST_OF.get(path, MOST)} == {}
    assert set(MOST_OF) <= {path for _role, path in many}
    assert len(many) > len(Role)
