"""The desk in a real browser: reporting without leaving the list, by mouse, by keys, on a phone, without scripts."""
from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browsing import fits, until
from tests.factories import Factory
from tracker import clock
from tracker.models import Assignment, ProgressUpdate, User
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import TaskRole

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

DAY = timedelta(days=1)
WIDTHS = (1280, 360)


@pytest.fixture
def me(make: Factory) -> User:
    return make.user(Role.LIAISON, make.agency("Sở Y tế"), name="Đặng Thị Hoa")


@pytest.fixture
def rows(make: Factory, me: User) -> list[Assignment]:
    """Two late rows and one that is not."""
    plan = make.plan(number="217/KH-UBND")
    late = [make.assignment(me.agency, plan, due_on=clock.today() - days * DAY) for days in (9, 3)]
    return [*late, make.assignment(me.agency, plan, due_on=clock.today() + 30 * DAY)]


def row_of(page: Any, row: Assignment) -> Any:
    return page.locator(f"#row-{row.id}")


def focused_row(page: Any) -> str:
    return str(page.evaluate("document.activeElement.closest('.job')?.id || document.activeElement.tagName"))


def told(session: Session, row: Assignment) -> list[ProgressUpdate]:
    session.rollback()
    return list(session.scalars(select(ProgressUpdate).where(ProgressUpdate.assignment_id == row.id)))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_report_is_written_and_sent_under_its_row_by_mouse(
    session: Session, me: User, rows: list[Assignment], open_as: Any, width: int
) -> None:
    page = open_as(me, "/my-work/?q=217", width)
    row = row_of(page, rows[0])

    row.get_by_role("link", name="Báo cáo", exact=True).click()
    form = row.locator("form.report")
    form.locator("[name=text]").fill("Đã tập huấn 3 lớp.")
    form.locator("[name=percent]").fill("40")
    assert fits(page)
    form.locator("[data-send]").click()

    row.locator(".job__note--good").wait_for()
    assert focused_row(page) == f"row-{rows[1].id}"
    assert page.url.endswith("/my-work/?q=217")
    assert row.locator("form.report").count() == 0
    assert "Đã tập huấn 3 lớp." in row.inner_text()
    assert "40%" in row.inner_text()
    until(page, "document.getElementById('said').textContent")
    assert [(update.text, update.percent) for update in told(session, rows[0])] == [("Đã tập huấn 3 lớp.", 40)]
    assert fits(page)


def test_the_same_by_keys_alone_and_a_mistake_keeps_what_was_typed(
    session: Session, me: User, rows: list[Assignment], open_as: Any
) -> None:
    page = open_as(me, "/my-work/")
    page.keyboard.press("j")
    assert focused_row(page) == "BODY"  # single keys count in the list only

    row_of(page, rows[0]).locator("[data-open]").focus()
    page.keyboard.press("j")
    assert focused_row(page) == f"row-{rows[1].id}"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    page.keyboard.press("b")
    form = row_of(page, rows[1]).locator("form.report")
    form.wait_for()
    assert focused_row(page) == f"row-{rows[1].id}"
    form.locator("[name=text]").focus()
    page.keyboard.type("Da lam jkb")
    form.locator("[name=percent]").fill("100")
    form.locator("[data-send]").press("Enter")

    page.locator("[aria-invalid=true]").wait_for()
    assert form.locator("[name=text]").input_value() == "Da lam jkb"
    assert told(session, rows[1]) == []
    form.locator("[name=percent]").fill("50")
    form.locator("[name=percent]").press("Enter")

    row_of(page, rows[1]).locator(".job__note--good").wait_for()
    assert focused_row(page) == f"row-{rows[2].id}"
    assert [update.text for update in told(session, rows[1])] == ["Da lam jkb"]


def test_one_press_answers_and_the_counts_follow(
    session: Session, me: User, rows: list[Assignment], open_as: Any
) -> None:
    page = open_as(me, "/my-work/?group=late")
    session.add(ProgressUpdate(assignment=rows[1], author=me, created_at=clock.now(), reported_on=clock.today(),
                               state=State.IN_PROGRESS, percent=60, text="Gần xong.", document_number="12/BC-SYT",
                               document_on=clock.today()))
    session.commit()

    row_of(page, rows[0]).get_by_role("button", name="Không có thay đổi").click()
    row_of(page, rows[0]).locator(".job__note--good").wait_for()
    assert focused_row(page) == f"row-{rows[1].id}"
    row_of(page, rows[1]).get_by_role("button", name="Đã hoàn thành").click()
    row_of(page, rows[1]).locator(".job__note--good").wait_for()

    assert page.locator(".groups__late [data-count]").inner_text() == "1"
    assert page.locator(".groups__waiting [data-count]").inner_text() == "1"
    assert row_of(page, rows[1]).locator("[data-open]").count() == 0
    assert [update.state for update in told(session, rows[1])] == [State.IN_PROGRESS, State.SUBMITTED]


def test_done_without_proof_opens_the_form_where_proof_goes(me: User, rows: list[Assignment], open_as: Any) -> None:
    page = open_as(me, "/my-work/?group=late")
    row = row_of(page, rows[0])

    row.get_by_role("button", name="Đã hoàn thành").click()
    row.locator("form.report").wait_for()

    assert "minh chứng" in row.locator(".job__note--bad").inner_text()
    assert row.locator("[name=state][value=submitted]").is_checked()
    assert page.url.endswith("/my-work/?group=late")


def test_an_answer_to_an_older_row_is_refused_and_the_row_renewed(
    session: Session, me: User, rows: list[Assignment], open_as: Any
) -> None:
    page = open_as(me, "/my-work/")
    colleague_said = ProgressUpdate(assignment=rows[0], author=me, created_at=clock.now(), reported_on=clock.today(),
                                    state=State.IN_PROGRESS, percent=70, text="Đồng nghiệp vừa báo.")
    session.add(colleague_said)
    rows[0].percent = 70
    session.commit()

    row = row_of(page, rows[0])
    row.get_by_role("button", name="Không có thay đổi").click()
    row.locator(".job__note--bad").wait_for()

    assert "Đồng nghiệp vừa báo." in row.inner_text()
    assert len(told(session, rows[0])) == 1


def test_a_lost_connection_loses_no_words(me: User, rows: list[Assignment], open_as: Any) -> None:
    page = open_as(me, "/my-work/")
    row = row_of(page, rows[0])
    row.locator("[data-open]").click()
    row.locator("form.report [name=text]").fill("Viết dở.")
    page.context.set_offline(True)

    row.locator("[data-send]").click()
    page.wait_for_timeout(300)

    assert row.locator("form.report [name=text]").input_value() == "Viết dở."
    row_of(page, rows[1]).get_by_role("button", name="Không có thay đổi").click()
    row_of(page, rows[1]).locator(".job__note--bad", has_text="Chưa gửi được").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_without_scripts_the_same_job_is_done_and_the_filter_survives(
    session: Session, me: User, rows: list[Assignment], open_as: Any, width: int
) -> None:
    page = open_as(me, "/my-work/?group=late&q=217", width, java_script_enabled=False)

    row_of(page, rows[0]).get_by_role("link", name="Báo cáo", exact=True).click()
    page.locator("[name=text]").fill("Không có kịch bản.")
    page.locator("[name=percent]").fill("20")
    page.get_by_role("button", name="Gửi báo cáo").click()

    assert re.search(r"/my-work/\?group=late&q=217$", page.url)
    row_of(page, rows[1]).get_by_role("button", name="Không có thay đổi").click()
    assert re.search(r"/my-work/\?group=late&q=217$", page.url)
    row_of(page, rows[1]).locator("summary", has_text="…").click()
    row_of(page, rows[1]).get_by_role("link", name="Xem nhiệm vụ").click()
    assert page.url.endswith(f"/assignments/{rows[1].id}")
    assert [len(told(session, row)) for row in rows] == [1, 1, 0]


def test_a_filter_is_named_and_forgotten_without_scripts(me: User, rows: list[Assignment], open_as: Any) -> None:
    page = open_as(me, "/my-work/", 360, java_script_enabled=False)

    page.get_by_label("Tìm nhiệm vụ").fill("kh-ubnd")
    page.get_by_role("button", name="Lọc").click()
    page.locator(".save-view > summary").click()
    page.get_by_label("Tên bộ lọc").fill("Kế hoạch tỉnh")
    page.get_by_role("button", name="Lưu").click()
    assert page.locator(".views__go[aria-current]").inner_text() == "Kế hoạch tỉnh"
    page.get_by_role("link", name="Xóa bộ lọc Kế hoạch tỉnh").click()
    page.get_by_role("button", name="Xóa bộ lọc này").click()

    assert page.locator(".views__go").count() == 0
    assert fits(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_desk_fits_and_can_be_read_by_everybody(
    session: Session, make: Factory, me: User, rows: list[Assignment], open_as: Any, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    make.assignment(me.agency, state=State.RETURNED, assignee_id=me.id)
    make.assignment(me.agency, is_part=True, role=TaskRole.COORDINATE, due_on=None, percent=30)
    make.assignment(me.agency, state=State.SUBMITTED, task=make.task(text="Rất dài. " * 60))
    page = open_as(me, "/my-work/", width, bypass_csp=True)
    row_of(page, rows[0]).locator("[data-open]").click()
    row_of(page, rows[0]).locator("form.report").wait_for()
    page.locator(".job__more > summary").first.click()

    violations = Axe().run(page).response["violations"]

    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
    assert fits(page)
    small = page.evaluate("""[...document.querySelectorAll(".job > div > .btn, .job__answer, .job__more > summary")]
        .map((one) => one.getBoundingClientRect()).filter((box) => box.width && box.height < 24).length""")
    assert small == 0
