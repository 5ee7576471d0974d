"""The main job of each desk from the log-in on: by keyboard alone, and with no JavaScript on a phone."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.browsing import fits, open_first, press
from tests.e2e.site import Site, running_plan, shown
from tracker import clock
from tracker.demo import DEMO_PASSWORD
from tracker.demo.people import SHOWN
from tracker.models import Assignment, ChaseItem, ProgressUpdate
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState

pytestmark = pytest.mark.browser
FOCUS = "selector => document.activeElement.matches(selector)"


@pytest.fixture
def duty(site: Site) -> int:
    """A late duty of the demo's liaison."""
    with site.rows() as make:
        agency = shown(make.session, Role.LIAISON).agency
        return int(make.assignment(agency, running_plan(make.session), due_on=clock.today() - timedelta(days=3)).id)


def tab_to(page: Any, selector: str, *, key: str = "Tab", most: int = 150) -> None:
    """Press Tab until something has the focus, and the focus can be seen."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(FOCUS, selector):
            seen = page.evaluate("""() => { const style = getComputedStyle(document.activeElement);
                return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }""")
            assert seen, selector
            return
    raise AssertionError(selector)


def enter(page: Any) -> None:
    """Press Enter and wait for the page that follows."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def log_in_by_keys(page: Any, role: Role) -> None:
    """Type the log-in: the cursor stands in its first field."""
    page.goto("/")
    page.keyboard.type(SHOWN[role])
    page.keyboard.press("Tab")
    page.keyboard.type(DEMO_PASSWORD)
    enter(page)


def log_in(page: Any, role: Role) -> None:
    page.goto("/")
    page.fill("[name=email]:visible", SHOWN[role])
    page.fill("[name=password]:visible", DEMO_PASSWORD)
    press(page, "Đăng nhập", exact=True)


def reports(site: Site, duty: int) -> list[tuple[int, str]]:
    query = select(ProgressUpdate.percent, ProgressUpdate.text).where(ProgressUpdate.assignment_id == duty)
    return site.read(lambda session: [tuple(row) for row in session.execute(query)])  # type: ignore[no-any-return]


def done(site: Site) -> tuple[int, int]:
    """Count what was chased, and what was accepted."""
    accepted = Assignment.state == AssignmentState.ACCEPTED
    return site.read(lambda session: (  # type: ignore[no-any-return]
        session.scalar(select(func.count()).select_from(ChaseItem).where(ChaseItem.recipients > 0)) or 0,
        session.scalar(select(func.count()).select_from(Assignment).where(accepted)) or 0))


def test_a_liaison_reports_by_keyboard_alone(site: Site, duty: int) -> None:
    page = site.browser()
    log_in_by_keys(page, Role.LIAISON)
    tab_to(page, "nav a[href='/my-work/']")
    enter(page)

    tab_to(page, f"#row-{duty} [data-open]")
    page.keyboard.press("Enter")
    page.locator(f"#row-{duty} form.report").wait_for()
    tab_to(page, "[name=percent]")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("45")
    tab_to(page, "[name=text]")
    page.keyboard.type("Đã mở 3 lớp.")
    tab_to(page, "[data-send]")
    page.keyboard.press("Enter")
    page.locator(f"#row-{duty} .job__note--good").wait_for()

    assert reports(site, duty) == [(45, "Đã mở 3 lớp.")]


def test_a_liaison_reports_without_javascript(site: Site, duty: int) -> None:
    page = site.browser(width=360, java_script_enabled=False)
    log_in(page, Role.LIAISON)
    press(page, "Việc của tôi", within="nav.sections", exact=True)

    press(page, "Báo cáo", within=f"#row-{duty}", exact=True)
    page.fill("[name=percent]", "45")
    page.fill("[name=text]", "Đã mở 3 lớp.")
    press(page, "Gửi báo cáo")

    assert reports(site, duty) == [(45, "Đã mở 3 lớp.")]
    assert page.locator("html").bounding_box()["width"] <= 360


def test_a_coordinator_chases_three_and_accepts_one_by_keyboard_alone(site: Site) -> None:
    before = done(site)
    page = site.browser()
    log_in_by_keys(page, Role.COORDINATOR)
    tab_to(page, "nav a[href='/chase/']")
    enter(page)

    for _ in range(3):
        tab_to(page, "input[name=body]")
        page.keyboard.press("Space")
    tab_to(page, "form[data-picks] button.btn-primary", key="Shift+Tab")  # above the list
    enter(page)
    tab_to(page, "[data-send]")
    enter(page)
    chased = done(site)
    tab_to(page, "nav a[href='/inbox/']")
    enter(page)
    tab_to(page, ".groups a[href*='kind=report']")
    enter(page)
    page.keyboard.press("a")
    assert page.evaluate(FOCUS, "[data-key=a]")
    enter(page)

    assert fits(page)
    assert chased[0] >= before[0] + 3
    assert done(site)[1] == before[1] + 1


def test_a_coordinator_chases_three_and_accepts_one_without_javascript(site: Site) -> None:
    before = done(site)
    page = site.browser(width=360, java_script_enabled=False)
    log_in(page, Role.COORDINATOR)
    press(page, "Đôn đốc", within="nav.sections", exact=True)

    for box in page.locator("input[name=body]").all()[3:6]:
        box.check()
    press(page, "Đôn đốc", exact=True)
    press(page, "Gửi ")
    chased = done(site)
    press(page, "Chờ xử lý", within="nav.sections")
    press(page, "Báo cáo hoàn thành", within=".groups")
    open_first(page)
    press(page, "Xác nhận hoàn thành", within="#opened")

    assert page.locator("html").bounding_box()["width"] <= 360
    assert chased[0] >= before[0] + 3
    assert done(site)[1] == before[1] + 1
