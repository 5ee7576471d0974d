"""The main pages of every role, looked over by axe, on a desk and on a phone."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from tests.conftest import _empty
from tracker import clock
from tracker.demo import loading
from tracker.demo.people import SHOWN
from tracker.extensions import db
from tracker.models import Assignment, Plan, Task, User
from tracker.rules.permissions import Role
from tracker.rules.states import OWED, AssignmentState, PlanState

WIDTHS = (1280, 360)
BAD = frozenset({"serious", "critical"})

PAGES: dict[Role | None, tuple[str, ...]] = {
    None: ("/accounts/log-in", "/accounts/forgot"),
    Role.LIAISON: ("/", "/my-work/", "/assignments/", "/assignments/{mine}", "/assignments/{mine}/progress",
                   "/accounts/password"),
    Role.COORDINATOR: ("/", "/plans/", "/plans/new", "/plans/{plan}", "/plans/{reviewed}/review",
                       "/plans/{reviewed}/publish", "/plans/{reviewed}/tasks/{task}", "/chase/",
                       "/assignments/?state=submitted", "/assignments/{waiting}"),
    Role.LEADER: ("/", "/assignments/?class=pending_overdue"),
    Role.ADMINISTRATOR: ("/admin/users", "/admin/users/new", "/admin/agencies", "/admin/calendar", "/admin/outbox",
                         "/admin/audit"),
}  # fmt: skip


@pytest.fixture(scope="module")
def site(sqlite_app: Flask) -> Iterator[tuple[str, dict[str, int]]]:
    """The demo's data served on loopback, and the ids of what the pages show."""
    _empty(sqlite_app)
    with sqlite_app.app_context():
        loading.load(db.session(), today=clock.today())
        ids = _ids()
        db.session.remove()
    server = make_server("127.0.0.1", 0, sqlite_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", ids
    server.shutdown()
    thread.join()
    server.server_close()
    _empty(sqlite_app)


def _ids() -> dict[str, int]:
    liaison = db.session.scalars(select(User).where(User.email == SHOWN[Role.LIAISON])).one()
    reviewed = select(Plan.id).where(Plan.state == PlanState.REVIEW)
    wanted = {
        "mine": select(Assignment.id).where(Assignment.agency_id == liaison.agency_id, Assignment.state.in_(OWED)),
        "waiting": select(Assignment.id).where(Assignment.state == AssignmentState.SUBMITTED),
        "plan": select(Plan.id).where(Plan.state == PlanState.PUBLISHED),
        "reviewed": reviewed,
        "task": select(Task.id).where(Task.plan_id.in_(reviewed)),
    }
    return {name: db.session.scalars(query.limit(1)).one() for name, query in wanted.items()}


def _browser(app: Flask, chromium: Any, address: str, role: Role | None, width: int) -> Any:
    context = chromium.new_context(base_url=address, viewport={"width": width, "height": 900})
    if role is not None:
        with app.app_context():
            user = db.session.scalars(select(User).where(User.email == SHOWN[role])).one()
            name = user.get_id()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = name, True
        found = client.get_cookie("dondoc")
        assert found is not None
        context.add_cookies([{"name": "dondoc", "value": found.value, "url": address}])
    return context


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("role", PAGES, ids=lambda role: role.value if role else "nobody")
def test_the_main_pages_can_be_used_by_everybody(
    sqlite_app: Flask, site: tuple[str, dict[str, int]], chromium: Any, role: Role | None, width: int
) -> None:
    address, ids = site
    context = _browser(sqlite_app, chromium, address, role, width)
    page = context.new_page()
    wrong = []

    for path in PAGES[role]:
        answer = page.goto(path.format(**ids), wait_until="load")
        assert answer.status == 200, path
        looked_at = Axe().run(page).response
        assert len(looked_at["passes"]) > 5, path
        found = looked_at["violations"]
        wrong += [f"{path}: {one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found
                  if one["impact"] in BAD]
        broad = page.evaluate("document.scrollingElement.scrollWidth")
        if broad > width:
            wrong.append(f"{path}: {broad} px wide at {width}")
    context.close()

    assert wrong == []
