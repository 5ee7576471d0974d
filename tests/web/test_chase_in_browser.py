"""The chase in a real browser: forty agencies with three presses, by keyboard alone, without JavaScript, on a phone."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.browsing import fits
from tests.factories import Factory
from tracker import clock
from tracker.models import Chase, OutboxMail, User
from tracker.rules.states import ChaseTone

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]
AGENCIES = 40
DAY = timedelta(days=1)


@pytest.fixture
def coordinator(make: Factory) -> User:
    """A coordinator with forty agencies late, some of them with a good deal."""
    person = make.coordinator()
    plan = make.plan(person.agency)
    for number in range(AGENCIES):
        agency = make.agency(f"Ủy ban nhân dân xã Đông Hòa số {number}")
        make.user(agency=agency)
        for days in (number + 1, 2)[: 1 + number % 2]:
            make.assignment(agency, plan, due_on=clock.today() - days * DAY)
    return person


def mails(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(OutboxMail)) or 0


@pytest.mark.parametrize("width", [1280, 360])
def test_forty_agencies_are_chased_with_three_presses(
    session: Session, coordinator: User, open_as: Callable[..., Any], width: int
) -> None:
    page = open_as(coordinator, "/chase/", width)
    assert fits(page)

    page.locator("[data-select-all]").click()
    assert page.locator("[data-picked]").inner_text() == "Đã chọn 40 cơ quan, 60 việc"
    page.get_by_role("button", name="Đôn đốc", exact=True).click()
    assert fits(page)
    page.get_by_role("button", name="Gửi 40 thư đôn đốc").click()

    page.wait_for_selector(".alert-success")
    assert fits(page)
    assert mails(session) == AGENCIES


def test_everything_is_done_by_keyboard_alone(
    session: Session, coordinator: User, open_as: Callable[..., Any]
) -> None:
    page = open_as(coordinator, "/chase/")

    def tab_to(selector: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(selector)

    tab_to("[data-select-all]")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+Tab")  # back over the buttons, which stand above the list
    for _ in range(10):
        if page.evaluate("document.activeElement.innerText === 'Đôn đốc' && document.activeElement.matches('button')"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/chase/preview")
    tab_to("input[name=tone]")
    page.keyboard.press("ArrowDown")
    tab_to("[data-send]")
    page.keyboard.press("Enter")

    page.wait_for_selector(".alert-success")
    assert mails(session) == AGENCIES
    assert session.scalars(select(Chase.tone)).all() == [ChaseTone.FIRM]


def test_it_works_without_javascript(session: Session, coordinator: User, open_as: Callable[..., Any]) -> None:
    page = open_as(coordinator, "/chase/", java_script_enabled=False)

    assert not page.locator("[data-select-all]").first.is_visible()
    for box in page.locator("input[name=body]").all()[:3]:
        box.check()
    page.get_by_role("button", name="Đôn đốc", exact=True).click()
    page.check("input[value=official]")
    page.get_by_role("button", name="Xem lại thư").click()
    assert "dứt điểm" in page.locator(".mail-shown__text").first.inner_text()
    page.get_by_role("button", name="Gửi 3 thư đôn đốc").click()

    page.wait_for_selector(".alert-success")
    assert mails(session) == 3


def test_the_mails_follow_the_tone_and_more_are_read_in_place(
    coordinator: User, open_as: Callable[..., Any]
) -> None:
    page = open_as(coordinator, "/chase/")
    page.locator("[data-select-all]").click()
    page.get_by_role("button", name="Đôn đốc", exact=True).click()

    page.check("input[value=firm]")
    page.locator(".mail-shown", has_text="khẩn trương").first.wait_for()
    page.locator("[data-mail]").first.click()

    page.locator(".mail-shown").nth(3).wait_for()
    assert "khẩn trương" in page.locator(".mail-shown").nth(3).inner_text()


@pytest.mark.parametrize("width", [1280, 360])
def test_everybody_can_read_the_board_and_its_lists(
    coordinator: User, open_as: Callable[..., Any], width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for path in ("/chase/", "/chase/?list=items", "/chase/history"):
        page = open_as(coordinator, path, width, bypass_csp=True)
        assert fits(page)
        found += [(path, one["id"], one["nodes"][0]["html"]) for one in Axe().run(page).response["violations"]]

    assert found == []
