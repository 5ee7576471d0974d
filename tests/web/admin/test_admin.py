"""The administrator's desk: who may, addresses made by hand, what its lists cost."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, Factory
from tests.web.admin.desk import account, parked
from tracker.models import Actor, AuditEntry, CalendarDay, User
from tracker.models.audit import record
from tracker.rules.permissions import Role
from tracker.rules.working_days import DayKind

PAGES = ["/admin/users", "/admin/users/new", "/admin/agencies", "/admin/agencies/new", "/admin/calendar",
         "/admin/outbox", "/admin/audit", "/admin/outbox/parked", "/admin/outbox/refused", "/admin/outbox/incoming",
         "/admin/outbox?bounced=1&day=2026-03-18&domain=x&person=lan&reason=x"]  # fmt: skip


@pytest.fixture
def csrf(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("role", [Role.LIAISON, Role.COORDINATOR, Role.LEADER])
def test_the_desk_is_closed_to_everybody_else(as_user: Any, make: Factory, session: Session, role: Role) -> None:
    user = make.user(role)
    mail, day = parked(session, user), CalendarDay(day=date(2026, 9, 2), kind=DayKind.OFF, name="Lễ", source="x")
    session.add(day)
    client = as_user(user)
    posts = [f"/admin/users/{user.id}", f"/admin/users/{user.id}/deactivate", f"/admin/users/{user.id}/reactivate",
             f"/admin/users/{user.id}/link", f"/admin/agencies/{user.agency_id}", "/admin/calendar/fill",
             f"/admin/calendar/{day.id}/delete", f"/admin/outbox/{mail.id}/resend", *PAGES[:5]]  # fmt: skip

    read = {client.get(path).status_code for path in PAGES}
    written = {client.post(path).status_code for path in posts if path not in ("/admin/users", "/admin/agencies")}

    assert read == {403}
    assert written == {403}
    assert client.get("/admin/users/999999").status_code == 403


@pytest.mark.parametrize("path", [*PAGES, "/admin/calendar?year=2026", "/admin/outbox?state=parked"])
def test_every_page_opens_empty(browser: FlaskClient, path: str) -> None:
    assert browser.get(path).status_code == 200


HOSTILE = [
    "after=x", "after=9.9.9", "after=99999999999999999999", "after=-1", "q=%00", "q=%25_", "role=king", "state=x",
    "agency=99999999999999999999", "id=99999999999999999999", "id=abc", "action=%00x", "person=%00", "subject='",
    "year=99999999", "year=abc", "kind=x", "level=x", "q=" + "x" * 3000, "day=2026-02-30",
    "day=99999-1-1", "day=0000-00-00", "domain=%00%25", "person=%25", "reason=%00", "reason=" + "x" * 3000, "bounced=x",
]  # fmt: skip


@pytest.mark.parametrize("path", ["users", "agencies", "calendar", "outbox", "audit", "outbox/refused",
                                  "outbox/incoming", "outbox/parked"])
def test_addresses_made_by_hand_break_nothing(browser: FlaskClient, path: str) -> None:
    answers = {query: browser.get(f"/admin/{path}?{query}").status_code for query in HOSTILE}

    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize("path", ["users/{}", "agencies/{}", "calendar/{}/delete"])
def test_what_does_not_exist_is_not_found(browser: FlaskClient, path: str) -> None:
    numbers = ("0", "999999", "99999999999", "9" * 30)

    assert {browser.get("/admin/" + path.format(number)).status_code for number in numbers} == {404}


def test_every_form_refuses_another_sites_post(
    csrf: None, browser: FlaskClient, administrator: User, make: Factory, session: Session
) -> None:
    other, mail = make.user(), parked(session, administrator)
    before = session.scalars(select(AuditEntry)).all()
    paths = ["users/new", f"users/{other.id}", f"users/{other.id}/deactivate", f"users/{other.id}/reactivate",
             f"users/{other.id}/link", "agencies/new", f"agencies/{other.agency_id}", "calendar", "calendar/fill",
             f"outbox/{mail.id}/resend"]  # fmt: skip

    answers = {browser.post(f"/admin/{path}", data=account(other.agency, year=2026)).status_code for path in paths}
    session.rollback()

    assert answers == {400}
    assert session.scalars(select(AuditEntry)).all() == before


def test_lists_cost_the_same_however_long(browser: FlaskClient, make: Factory, session: Session) -> None:
    def statements() -> list[int]:
        counts = []
        for path in ("users", "users?q=nguyen", "agencies", "outbox", "audit", "audit?person=nguyen"):
            with counted_statements() as sent:
                browser.get(f"/admin/{path}")
            counts.append(len(sent))
        return counts

    def grow(start: int, more: int) -> None:
        for number in range(start, start + more):
            user = make.user()
            parked(session, user, number)
            record(session, Actor(user.name, "10.0.0.1", user), "account.logged_in", user, now=NOW)
        session.commit()

    grow(0, 2)
    few = statements()
    grow(2, 30)

    assert statements() == few
