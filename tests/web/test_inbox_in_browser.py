"""The inbox in a real browser: on a desk list and item side by side, on a phone one of the two."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.browsing import fits, until
from tests.factories import Factory
from tests.reports.test_inbox import Case
from tracker import clock
from tracker.models import ClockBeat, ProgressUpdate
from tracker.rules.states import AssignmentState

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]
DESK, PHONE = 1280, 360
ITEM, LIST = "#opened", ".inbox__list"
ON_HEADING = "document.activeElement.id === 'opened-title'"


@pytest.fixture
def case(session: Session, make: Factory) -> Case:
    """Twelve agencies' reports that wait, the first one longest."""
    case = Case(session, make)
    session.add(ClockBeat(machine="máy chủ", at=clock.now()))  # the page's usual state: no warning on top
    for number in range(12):
        liaison = make.user(agency=make.agency(f"Ủy ban nhân dân xã Đông Hòa số {number + 1}"))
        row = make.assignment(liaison.agency, case.plan, state=AssignmentState.SUBMITTED,
                              submitted_on=clock.today(), due_on=clock.today())
        session.add(ProgressUpdate(assignment=row, author=liaison, created_at=clock.now(), percent=100,
                                   reported_on=clock.today(), state=AssignmentState.SUBMITTED, text="Đã xong."))
        session.commit()
    return case


@pytest.fixture
def open_inbox(open_as: Callable[..., Any], case: Case) -> Callable[..., Any]:
    """Give a page of the inbox: `open_inbox(width, java_script_enabled=False)`."""

    def at(width: int, path: str = "/inbox/", **more: Any) -> Any:
        return open_as(case.coordinator, path, width, 740, **more)

    return at


def row(page: Any, number: int) -> Any:
    return page.locator(".inbox__row a").nth(number - 1)


def shown(page: Any) -> tuple[bool, bool]:
    """Tell whether the list and whether the item is to be seen; before its style has come, a page shows both."""
    page.wait_for_load_state("load")
    return page.locator(LIST).is_visible(), page.locator(ITEM).is_visible()


def tab_stops(page: Any) -> list[tuple[float, float]]:
    """Give where each thing stands that the tab key comes to, in the order of the keys."""
    stops: list[tuple[float, float]] = []
    page.evaluate("document.activeElement.blur()")
    page.locator("main").focus()
    for _ in range(80):
        page.keyboard.press("Tab")
        box = page.evaluate("""() => { const one = document.activeElement;
            if (!one.closest("main")) return null;
            const box = one.getBoundingClientRect(); return [box.left + scrollX, box.top + scrollY]; }""")
        if box is None:
            break
        stops.append(tuple(box))
    return stops


@pytest.mark.parametrize("script", [True, False])
def test_a_phone_shows_the_list_or_the_item(open_inbox: Callable[..., Any], script: bool) -> None:
    page = open_inbox(PHONE, java_script_enabled=script)
    assert shown(page) == (True, False)
    assert fits(page)

    row(page, 3).click()
    page.locator(ITEM).wait_for()

    assert shown(page) == (False, True)
    assert fits(page)
    assert page.locator("#opened-title").inner_text() == "Ủy ban nhân dân xã Đông Hòa số 3"
    assert page.locator(".inbox__back").inner_text().split("\n")[-1].endswith("Mục 3 trong 12")
    until(page, ON_HEADING)
    assert page.locator("#opened-title").bounding_box()["y"] < 740 / 2

    page.get_by_role("link", name="Về danh sách").click()
    page.locator(LIST).wait_for()
    assert shown(page) == (True, False)


@pytest.mark.parametrize("script", [True, False])
def test_after_a_decision_a_phone_shows_the_next_item_and_what_was_done(
    open_inbox: Callable[..., Any], script: bool
) -> None:
    page = open_inbox(PHONE, java_script_enabled=script)
    row(page, 1).click()
    page.locator(ITEM).wait_for()

    page.get_by_role("button", name="Xác nhận hoàn thành").click()
    page.locator(".inbox__undo").wait_for()

    assert shown(page) == (False, True)
    assert page.locator("#opened-title").inner_text() == "Ủy ban nhân dân xã Đông Hòa số 2"
    assert "Mục 1 trong 11" in page.locator(".inbox__back").inner_text()
    assert "Đã xác nhận báo cáo" in page.locator(f"{ITEM} .alert-success").inner_text()
    until(page, ON_HEADING)
    assert page.locator(f"{ITEM} .alert-success").bounding_box()["y"] > 0  # not scrolled away


def test_what_was_done_to_many_is_said_above_the_list_of_a_phone(open_inbox: Callable[..., Any]) -> None:
    page = open_inbox(PHONE)
    for box in page.locator("input[name=picked]").all()[:2]:
        box.check()
    page.locator(".inbox__many > summary").click()
    page.get_by_role("button", name="Xem lại rồi trả lời").click()
    page.locator("form.panel button.btn-primary").click()
    page.locator(".alert-success").wait_for()

    assert "Đã xử lý 2 việc." in page.locator(".alert-success").inner_text()
    assert shown(page) == (True, False)


def test_a_refused_decision_keeps_the_item_before_a_phone(open_inbox: Callable[..., Any]) -> None:
    page = open_inbox(PHONE)
    row(page, 2).click()
    page.locator(ITEM).wait_for()

    page.get_by_role("button", name="Trả lại", exact=True).click()
    page.locator(f"{ITEM} .alert-danger").first.wait_for()

    assert shown(page) == (False, True)
    until(page, "document.activeElement.matches('.alert-danger')")


def test_a_desk_shows_both_and_opens_the_first(open_inbox: Callable[..., Any]) -> None:
    page = open_inbox(DESK)

    assert shown(page) == (True, True)
    assert page.locator("#opened-title").inner_text() == "Ủy ban nhân dân xã Đông Hòa số 1"
    assert not page.locator(".inbox__back").is_visible()

    row(page, 4).click()
    page.locator(".inbox--chosen").wait_for()
    assert shown(page) == (True, True)
    assert page.locator("#opened-title").inner_text() == "Ủy ban nhân dân xã Đông Hòa số 4"
    until(page, ON_HEADING)


def test_the_tab_key_goes_down_a_phone(open_inbox: Callable[..., Any]) -> None:
    page = open_inbox(PHONE)
    row(page, 1).click()
    page.locator(ITEM).wait_for()
    until(page, ON_HEADING)

    tops = [top for _left, top in tab_stops(page)]

    assert len(tops) >= 5
    assert tops == sorted(tops)


def test_the_tab_key_goes_through_the_list_and_then_the_item_on_a_desk(open_inbox: Callable[..., Any]) -> None:
    page = open_inbox(DESK, "/inbox/")
    start = page.locator(ITEM).bounding_box()["x"]
    queue_top = page.locator(".inbox").bounding_box()["y"]

    sides = [left >= start for left, top in tab_stops(page) if top >= queue_top]

    assert True in sides
    assert sides == sorted(sides)
