"""The grid as people use it: by keyboard, on a phone, and without JavaScript."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.browsing import overhang
from tests.factories import Factory
from tracker import clock
from tracker.models import Assignment, ProgressUpdate, User
from tracker.rules.states import AssignmentState as State

pytestmark = pytest.mark.browser

ROWS = 20


@pytest.fixture
def user(make: Factory) -> User:
    """A liaison whose agency owes twenty things."""
    user = make.user()
    for number in range(ROWS):
        make.assignment(user.agency, due_on=clock.today() + timedelta(days=number))
    return user


@pytest.fixture
def open_grid(open_as: Callable[..., Any], user: User) -> Callable[..., Any]:
    """Give a page with the grid: `open_grid(width, java_script_enabled=False)`."""

    def at(width: int, **more: Any) -> Any:
        return open_as(user, "/my-work/grid", width, **more)

    return at


def test_twenty_tasks_in_one_go_by_keyboard(session: Session, open_grid: Any) -> None:
    page = open_grid(1280)
    page.locator("textarea[name$='-text']").first.focus()

    for number in range(ROWS):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(f"Kết quả số {number}.")
        page.keyboard.press("Alt+ArrowDown")
    assert page.locator("[data-count]").inner_text() == f"{ROWS} dòng đã sửa, chưa lưu"
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    assert f"Đã lưu {ROWS} dòng." in page.locator(".alert").inner_text()
    session.rollback()
    assert session.query(ProgressUpdate).count() == ROWS
    assert {row.state for row in session.query(Assignment)} == {State.IN_PROGRESS}


def test_tab_goes_along_the_row_and_a_bad_row_gets_the_cursor(session: Session, open_grid: Any) -> None:
    page = open_grid(1280)
    page.locator("tbody select").first.focus()
    names = []
    for _ in range(6):
        names.append(page.evaluate("document.activeElement.name.replace(/^r[0-9]+-/, '')"))
        page.keyboard.press("Tab")
    page.locator("textarea[name$='-text']").nth(1).fill("Đã làm.")
    page.locator("tbody select").nth(3).select_option("submitted")
    page.locator("textarea[name$='-text']").nth(3).fill("Xong.")

    with page.expect_navigation():
        page.locator(".grid-save button").click()

    assert names == ["state", "percent", "text", "document_number", "document_on", "difficulties"]
    assert "Đã lưu 1 dòng; 1 dòng cần sửa" in page.locator(".alert-danger").inner_text()
    assert page.evaluate("document.activeElement.name").endswith("-document_number")
    assert page.locator("textarea[name$='-text']").nth(3).input_value() == "Xong."


def test_leaving_with_something_unsaved_asks(open_grid: Any, live_server: str) -> None:
    page = open_grid(1280)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.goto(f"{live_server}/my-work/grid?plan=")
    page.locator("textarea[name$='-text']").first.click()
    page.keyboard.type("Chưa lưu")
    page.goto(f"{live_server}/my-work/")

    assert asked == ["beforeunload"]


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_each_row_is_a_card(session: Session, open_grid: Any, script: bool) -> None:
    page = open_grid(360, java_script_enabled=script, bypass_csp=True)
    if script:
        from axe_playwright_python.sync_playwright import Axe

        violations = Axe().run(page).response["violations"]
        page.set_viewport_size({"width": 1280, "height": 900})
        violations += Axe().run(page).response["violations"]
        page.set_viewport_size({"width": 360, "height": 740})
        assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
        assert overhang(page) <= 0
    boxes = [page.locator("tbody tr").first.locator(kind).first.bounding_box()
             for kind in ("select", "textarea", "input:not([type=hidden])")]
    labels = page.locator("tbody tr").first.locator(".grid__label:visible").count()

    page.locator("textarea[name$='-text']").nth(4).fill("Ghi từ điện thoại.")
    page.locator("input[name$='-percent']").nth(4).fill("35")
    with page.expect_navigation():
        page.locator(".grid-save button").click()

    assert labels == 7
    assert all(box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in boxes)
    assert "Đã lưu 1 dòng." in page.locator(".alert").inner_text()
    session.rollback()
    saved = session.query(ProgressUpdate).one()
    assert (saved.text, saved.percent) == ("Ghi từ điện thoại.", 35)
