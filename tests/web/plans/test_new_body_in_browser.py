"""Who a class of bodies is, settled by keyboard on a phone and on a desk: accessible, and undone with one press."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.plans.review_plans import about, bring_in
from tests.workflow.test_body_groups import NAME, TEXT
from tracker.models import AgencyKind, AgencyLevel

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


@pytest.mark.parametrize("width", [1280, 360])
def test_a_listed_class_becomes_a_group_by_keyboard_and_is_undone(
    app: Flask, session: Session, make: Factory, live_server: str, open_as: Callable[..., Any], width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    make.agency("Công an xã An Khê", kind=AgencyKind.POLICE, level=AgencyLevel.COMMUNE)
    for name in ("Sở Xây dựng", "Sở Giao thông công chính"):
        make.agency(name)
    me = make.coordinator()
    plan = bring_in(session, me, TEXT)
    task = about(session, "của thôn")
    page = open_as(me, f"/plans/{plan.id}/review", width, bypass_csp=True)
    wrong: list[Any] = []
    for printed in (NAME, "Công an các xã, phường", "Sở Giao thông vận tải"):
        page.goto(f"{live_server}/plans/{plan.id}/bodies/new?printed={quote(printed)}&task={task.id}")
        wrong += [(printed, one["id"], one["nodes"][0]["html"]) for one in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append((printed, "too wide"))

    page.goto(f"{live_server}/plans/{plan.id}/bodies/new?printed={quote(NAME)}&task={task.id}")
    page.locator('button[value="listed"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/review**")
    session.rollback()
    made = [owner.group.name for owner in about(session, "của thôn").owners if owner.group]
    page.locator("button", has_text="Hoàn tác").first.click()
    page.locator("main > .alert", has_text="Đã hoàn tác.").wait_for(state="attached")
    session.rollback()
    undone = [owner.group_id for owner in about(session, "của thôn").owners]

    assert wrong == []
    assert (made, undone) == (["Công an 03 xã (21/KH-UBND, 05/01/2026)"], [None])
