"""Pages on paper: what is read, without what is pressed; nothing cut off, rows whole, headings of tables repeated."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tracker import clock
from tracker.models import Assignment, Plan, User

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]
#: A4 without its margins, in CSS pixels: upright, and laid across as the grid is printed.
UPRIGHT, ACROSS = 700, 1030
PRESSED = ("nav.sections, .account, .breadcrumb, .filters, .btn, button, .pager a, .page-head__actions, "
           "input[type=checkbox]")
SHOWN = "found => found.filter(one => one.getClientRects().length).map(one => one.className)"


@pytest.fixture
def plan(make: Factory) -> Plan:
    """Sixty agencies with something late, more than one page of a list."""
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    for number in range(60):
        agency = make.agency(f"Ủy ban nhân dân xã Đông Hòa số {number}")
        make.assignment(agency, plan, due_on=clock.today() - timedelta(days=number + 1))
    return plan


@pytest.fixture
def coordinator(session: Session, plan: Plan) -> User:
    return session.scalars(select(User).filter_by(agency_id=plan.coordinator_id)).one()


@pytest.fixture
def liaison(make: Factory, plan: Plan) -> User:
    person = make.user()
    for days in (3, 30):
        task = make.task(plan, text="Mở lớp tập huấn cho cán bộ cấp xã về cai nghiện. " * 5)
        make.assignment(person.agency, task=task, due_on=clock.today() + timedelta(days=days))
    return person


@pytest.fixture
def printed(chromium: Any, live_server: str, as_user: Any) -> Iterator[Callable[..., Any]]:
    """Give a page as the printer gets it."""
    contexts: list[Any] = []

    def open_page(user: User, path: str, width: int = UPRIGHT) -> Any:
        contexts.append(chromium.new_context(viewport={"width": width, "height": 1000}, locale="vi-VN"))
        cookie = as_user(user).get_cookie("dondoc")
        contexts[-1].add_cookies([{"name": "dondoc", "value": cookie.value, "url": live_server}])
        page = contexts[-1].new_page()
        page.emulate_media(media="print")
        page.goto(live_server + path, wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()


def flaws(page: Any) -> list[str]:
    """List what a printed page must not do."""
    width = page.viewport_size["width"]
    found = [f"to be pressed: {one}" for one in page.eval_on_selector_all(PRESSED, SHOWN)]
    cut = page.eval_on_selector_all("main *", """(found, width) => found.filter(one => {
        const box = one.getBoundingClientRect();
        return box.width > 1 && box.right > width + 1 && !one.closest(".visually-hidden");
      }).map(one => one.className)""", width)
    found += [f"cut off: {one}" for one in cut]
    if page.locator(".top .printed").inner_text() != f"In ngày {clock.today():%d/%m/%Y}":
        found.append("no day of printing")
    if not page.locator("h1").is_visible():
        found.append("no title")
    if page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)":
        found.append("not on white")
    for name, rule, wanted in (("thead", "display", "table-header-group"), ("tr", "break-inside", "avoid"),
                               (".table-frame", "overflow", "visible")):
        values = page.eval_on_selector_all(
            f"main .table-frame {name}, main {name}.table-frame",
            "(found, rule) => found.map(one => getComputedStyle(one).getPropertyValue(rule))", rule)
        found += [f"{name}: {rule}: {value}" for value in {*values} - {wanted}]
    return found


@pytest.mark.parametrize("path", ["/", "/assignments/?plan={plan}", "/plans/{plan}", "/chase/"])
def test_a_coordinators_pages_are_printed_whole(
    printed: Callable[..., Any], coordinator: User, plan: Plan, path: str
) -> None:
    assert flaws(printed(coordinator, path.format(plan=plan.id))) == []


def test_an_assignment_is_printed_without_its_forms(
    printed: Callable[..., Any], session: Session, liaison: User
) -> None:
    row = session.scalars(select(Assignment.id).filter_by(agency_id=liaison.agency_id)).first()
    page = printed(liaison, f"/assignments/{row}")

    assert flaws(page) == []
    assert page.eval_on_selector_all("main textarea, main select", SHOWN) == []


def test_the_grid_is_printed_as_text_on_a_sheet_laid_across(printed: Callable[..., Any], liaison: User) -> None:
    page = printed(liaison, "/my-work/grid", ACROSS)

    assert flaws(page) == []
    assert page.evaluate("getComputedStyle(document.querySelector('.grid textarea')).borderTopWidth") == "0px"
    assert page.locator(".grid__more p").first.is_visible()


def test_a_sheet_says_that_it_is_one_page_of_a_list(printed: Callable[..., Any], coordinator: User, plan: Plan) -> None:
    page = printed(coordinator, f"/assignments/?plan={plan.id}")

    assert "Bản in này chỉ có một trang của danh sách." in page.locator(".pager").inner_text()
    page.emulate_media(media="screen")
    assert not page.locator(".pager .printed").is_visible()
