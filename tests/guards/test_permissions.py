"""Every route names its permission, and every route is walked by everybody."""
from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.guards.world import World, address, permission_of, routes
from tracker.rules.permissions import Permission, Role, may

FINE = {200, 302, 303}
#: What a form may be answered that came without its fields, or for something that is past.
FORM_ANSWERS = FINE | {400, 404, 409, 410, 422}
#: The catalogues of the province: their ids belong to no agency.
SHARED_IDS = frozenset({
    Permission.ANYONE, Permission.SELF, Permission.ACCOUNT_MANAGE, Permission.AGENCY_MANAGE,
    Permission.CALENDAR_MANAGE, Permission.MAIL_MANAGE, Permission.AUDIT_READ,
})  # fmt: skip


def test_every_route_names_its_permission(app: Flask) -> None:
    nameless = [rule.rule for rule in app.url_map.iter_rules()
                if rule.endpoint not in {"static", "bootstrap.static"} and permission_of(app, rule) is None]

    assert nameless == []


def test_every_page_opens_for_exactly_those_who_may(app: Flask, world: World, as_user: Any) -> None:
    wrong = []

    for role, user in world.people.items():
        for rule in routes(app, "GET"):
            path = address(app, rule, world.ours.ids)
            status = as_user(user).get(path).status_code
            permission = permission_of(app, rule)
            assert permission is not None
            expected = FINE if may(role, permission) else {403}
            if status not in expected | _not_this_side(role, permission):
                wrong.append(f"{role} GET {path}: {status}")

    assert wrong == []


def test_every_form_is_taken_from_exactly_those_who_may(
    app: Flask, world: World, as_user: Any, session: Session
) -> None:
    wrong = []

    for role, user in world.people.items():
        for rule in routes(app, "POST"):
            path = address(app, rule, world.ours.ids)
            status = as_user(user).post(path).status_code
            session.rollback()
            permission = permission_of(app, rule)
            assert permission is not None
            if status not in (FORM_ANSWERS if may(role, permission) else {403}):
                wrong.append(f"{role} POST {path}: {status}")

    assert wrong == []


def test_nobody_gets_anywhere_without_logging_in(app: Flask, world: World, client: FlaskClient) -> None:
    wrong = []

    for method in ("GET", "POST"):
        for rule in routes(app, method):
            if permission_of(app, rule) is Permission.ANYONE:
                continue
            answer = client.open(address(app, rule, world.ours.ids), method=method)
            if answer.status_code != 302 or not answer.location.startswith("/accounts/log-in"):
                wrong.append(f"{method} {rule.rule}: {answer.status_code}")

    assert wrong == []


def test_what_belongs_to_others_does_not_exist(
    app: Flask, world: World, as_user: Any, session: Session
) -> None:
    wrong = []

    for role in (Role.LIAISON, Role.COORDINATOR):
        browser = as_user(world.people[role])
        for method in ("GET", "POST"):
            for rule in routes(app, method):
                permission = permission_of(app, rule)
                assert permission is not None
                own = permission not in SHARED_IDS and rule.arguments
                if not own or not may(role, permission):
                    continue
                path = address(app, rule, world.theirs.ids)
                status = browser.open(path, method=method).status_code
                session.rollback()
                if status != 404:
                    wrong.append(f"{role} {method} {path}: {status}")

    assert wrong == []


def _not_this_side(role: Role, permission: Permission) -> set[int]:
    """A plan under review does not exist yet for leaders and administrators."""
    reads_only_published = role in {Role.LEADER, Role.ADMINISTRATOR} and permission is Permission.PLAN_READ
    return {404} if reads_only_published else set()
