"""The page of the province's reminders in a real browser: it fits, can be read by everybody, and shows as one types."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.browsing import fits, press, until
from tests.factories import Factory
from tracker.models.policy import load_reminder_policy
from tracker.rules.permissions import Role
from tracker.rules.reminder_policy import ReminderPolicy

pytestmark = pytest.mark.browser


def test_the_pages_fit_and_can_be_read_by_everybody(make: Factory, open_as: Callable[..., Any]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    make.assignment(make.user().agency, plan)
    violations = []
    for user, path in ((make.user(Role.ADMINISTRATOR), "/admin/policy"),
                       (coordinator, f"/plans/{plan.id}/reminders")):
        page = open_as(user, path, bypass_csp=True)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            violations += Axe().run(page).response["violations"]
            assert fits(page), (path, width)

    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []


def test_the_sample_follows_what_is_typed_and_enter_saves_nothing(
    session: Session, make: Factory, open_as: Callable[..., Any]
) -> None:
    make.user()
    page = open_as(make.user(Role.ADMINISTRATOR), "/admin/policy")

    page.get_by_label("Trước hạn (ngày làm việc)").fill("9")
    until(page, "document.querySelector('[data-sample-result]').textContent.includes('Trước hạn 9 ngày làm việc')")
    page.get_by_label("Trước hạn (ngày làm việc)").fill("9, chín")
    until(page, "document.querySelector('[data-sample-result]').textContent.includes('cách nhau bằng dấu phẩy')")

    page.get_by_label("Trước hạn (ngày làm việc)").fill("8")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "chưa lưu" in page.locator(".sample__unsaved").inner_text()
    session.rollback()
    assert load_reminder_policy(session) == ReminderPolicy()

    press(page, "Lưu quy định")
    session.rollback()
    assert load_reminder_policy(session).before == (8,)
