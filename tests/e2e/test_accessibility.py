"""Every page of every role, looked over by axe, on a desk and on a phone."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browsing import press
from tests.e2e.pages import NO_PAGES, ids_of, pages_of
from tests.e2e.site import WIDTHS, Site, shown
from tests.guards.world import routes
from tests.workbooks import filled
from tracker.extensions import db
from tracker.rules.permissions import Role

pytestmark = pytest.mark.browser
BAD = frozenset({"serious", "critical"})
ROLES = (None, *Role)
#: Violations alone: what passes is not written out, which takes most of the time.
OPTIONS = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def ids(whole_site: Site) -> dict[str, Any]:
    """What the pages show."""
    with whole_site.app.app_context():
        found = ids_of(db.session(), whole_site.app.extensions["settings"])
        db.session.remove()
    return found


def faults(page: Any, name: str, width: int) -> Iterator[str]:
    """Name what keeps somebody from using a page."""
    looked_at = Axe().run(page, options=OPTIONS).response
    assert len(looked_at["passes"]) > 5, name
    for one in looked_at["violations"]:
        if one["impact"] in BAD:
            yield f"{name}: {one['id']}: {[node['target'] for node in one['nodes']][:3]}"
    broad = page.evaluate("document.scrollingElement.scrollWidth")
    if broad > width:
        yield f"{name}: {broad} px wide at {width}"


def person(site: Site, role: Role | None) -> int | None:
    return site.read(lambda session: shown(session, role).id) if role else None


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value if role else "nobody")
def test_every_page_can_be_used_by_everybody(site: Site, ids: dict[str, Any], role: Role | None, width: int) -> None:
    page = site.browser(person(site, role), width)
    wrong = []

    for path in pages_of(site.app, role, ids):
        answer = page.goto(path, wait_until="load")
        assert answer is None or answer.status == 200, path  # None: only the part after # changed
        wrong += faults(page, path, width)

    assert wrong == []


def test_no_page_is_left_out(site: Site, ids: dict[str, Any]) -> None:
    """Each route is looked at by somebody, or named as one that gives no page."""
    adapter = site.app.url_map.bind("localhost")
    looked_at = {adapter.match(path.partition("?")[0].partition("#")[0])[0]
                 for role in ROLES for path in pages_of(site.app, role, ids)}
    everything = {rule.endpoint for rule in routes(site.app, "GET")}

    assert everything - looked_at == set(NO_PAGES)


def _chase_preview(page: Any, ids: dict[str, Any]) -> None:
    page.goto("/chase/")
    for box in page.locator("input[name=body]").all()[:3]:
        box.check()
    press(page, "Đôn đốc", exact=True)


def _note(page: Any, ids: dict[str, Any]) -> None:
    page.goto("/chase/")
    page.locator("input[name=body]").first.check()
    press(page, "Ghi nhận đã gọi, họp, gửi công văn")


def _letter(page: Any, ids: dict[str, Any]) -> None:
    page.goto("/chase/")
    for box in page.locator("input[name=body]").all()[:2]:
        box.check()
    press(page, "Soạn công văn")


def _letter_shown(page: Any, ids: dict[str, Any]) -> None:
    _letter(page, ids)
    page.locator("[name=unit]").fill("PC04")
    press(page, "Xem trước")
    assert page.locator(".letter-sheet").count()


def _many(page: Any, ids: dict[str, Any]) -> None:
    page.goto("/inbox/?kind=report")
    for box in page.locator("input[name=picked]").all()[:2]:
        box.check()
    page.locator(".inbox__many > summary").click()
    press(page, "Xem lại rồi trả lời")


def _amended(page: Any, ids: dict[str, Any]) -> None:
    page.goto(f"/plans/{ids['plan_id']}/changes/{ids['running']}/amend")
    page.get_by_label("Lý do thay đổi").fill("Theo chỉ đạo mới.")
    page.get_by_label("Nội dung").first.fill("Nội dung đã sửa theo chỉ đạo mới.")
    press(page, "Xem ảnh hưởng trước khi lưu")
    assert page.locator("#foreseen").count()


def _workbook(page: Any, ids: dict[str, Any]) -> None:
    data = page.request.get("/my-work/workbook/download").body()
    data = filled(data, {ids["mine"]: {"text": "Đã mở 3 lớp.", "percent": 40}})
    page.goto("/my-work/workbook")
    page.set_input_files("input[type=file]", {"name": "a.xlsx", "mimeType": "", "buffer": data})
    press(page, "Xem các thay đổi")


def _report_in_place(page: Any, ids: dict[str, Any]) -> None:
    page.goto("/my-work/")
    row = page.locator(f"#row-{ids['mine']}")
    row.locator("[data-open]").click()
    row.locator("form.report").wait_for()
    row.locator(".job__more > summary").click()


def _refused_report(page: Any, ids: dict[str, Any]) -> None:
    page.goto(f"/assignments/{ids['mine']}/progress")
    page.locator("[name=percent]").fill("140")
    page.locator("[data-send]").click()
    page.locator("[aria-invalid=true]").first.wait_for()


PRESSED: list[tuple[Role, Callable[[Any, dict[str, Any]], None]]] = [
    *((Role.COORDINATOR, do) for do in (_chase_preview, _note, _letter, _letter_shown, _many, _amended)),
    *((Role.LIAISON, do) for do in (_workbook, _report_in_place, _refused_report)),
]  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
def test_what_a_press_opens_can_be_used_by_everybody(site: Site, ids: dict[str, Any], width: int) -> None:
    wrong: list[str] = []

    for role in (Role.COORDINATOR, Role.LIAISON):
        page = site.browser(person(site, role), width)
        for whose, go in PRESSED:
            if whose is role:
                go(page, ids)
                wrong += faults(page, go.__name__, width)

    assert wrong == []


def test_a_fault_would_be_seen(site: Site) -> None:
    page = site.browser()
    page.set_content("<html lang='vi'><title>a</title><main><h1>A</h1><input><p style='width:2000px'>b</p></main>")

    found = list(faults(page, "a", WIDTHS[0]))

    assert [fault.partition(":")[2].split()[0] for fault in found] == ["label:", "2008"]
