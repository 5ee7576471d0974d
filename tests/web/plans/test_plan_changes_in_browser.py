"""A running plan changed by keyboard and without JavaScript, on a desk and on a phone."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tracker.models import Assignment

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


@pytest.mark.parametrize(("width", "with_script"), [(1280, True), (360, False)])
def test_a_due_date_is_moved_by_keyboard(
    session: Session, make: Factory, open_as: Callable[..., Any], width: int, with_script: bool
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    police = make.coordinator()
    plan = make.plan(police.agency)
    agency = make.agency("Sở Y tế")
    task = make.task(plan, agency, date(2031, 6, 30))
    make.assignment(agency, task=task, due_on=date(2031, 6, 30), deadline_id=task.deadlines[0].id)
    page = open_as(police, f"/plans/{plan.id}", width, bypass_csp=True, java_script_enabled=with_script)
    wrong: list[Any] = []

    def look(name: str) -> None:
        if with_script:
            found = Axe().run(page).response["violations"]
            wrong.extend((name, one["id"], one["nodes"][0]["html"]) for one in found)
        box = page.locator("html").bounding_box()
        if box and box["width"] > width:
            wrong.append((name, "too wide"))

    look("plan")
    page.locator(".plan-tasks__do a").first.press("Enter")
    page.get_by_label("Ngày cuối cùng còn đúng hạn").fill("30/09/2031")
    page.get_by_label("Lý do thay đổi").fill("Lùi thời hạn.")
    look("form")
    page.get_by_label("Số văn bản chỉ đạo").press("Enter")
    page.get_by_text("30/06/2031 → 30/09/2031").wait_for()
    look("preview")
    page.get_by_role("button", name="Lưu thay đổi").press("Enter")
    page.locator("main > .alert", has_text="Đã sửa nhiệm vụ.").wait_for()

    session.rollback()
    assert wrong == []
    assert session.scalars(select(Assignment.due_on)).one() == date(2031, 9, 30)
