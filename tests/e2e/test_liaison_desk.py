"""The liaison's desk, line by line, by a person with the mouse, on a desk and on a phone."""
from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from tests import sample_files as sample
from tests.browsing import fits, press
from tests.e2e.site import WIDTHS, Site, path_of, running_plan, shown
from tests.workbooks import filled
from tracker import clock
from tracker.models import Assignment, Extension, ProgressUpdate, Transfer
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import ReportChannel, TaskRole

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]
DAY = timedelta(days=1)


class Desk:
    """The demo's liaison of Sở Y tế at a screen, with duties of their own beside the demo's."""

    def __init__(self, site: Site, width: int) -> None:
        self.site, self.width = site, width
        self.me = site.read(lambda session: shown(session, Role.LIAISON).id)
        self.coordinator = site.read(lambda session: shown(session, Role.COORDINATOR).id)

    def duty(self, text: str = "Mở lớp tập huấn cho cán bộ trạm y tế.", days: int = -3) -> int:
        """Give the agency one more duty, late by three days unless told otherwise."""
        with self.site.rows() as make:
            plan, agency = running_plan(make.session), shown(make.session, Role.LIAISON).agency
            task = make.task(plan, agency, clock.today() + days * DAY, text=text)
            return int(make.assignment(agency, task=task, due_on=clock.today() + days * DAY).id)

    def open(self, path: str, who: int | None = None) -> Any:
        return self.site.open(who or self.me, path, self.width)

    def told(self, duty: int) -> list[ProgressUpdate]:
        query = select(ProgressUpdate).where(ProgressUpdate.assignment_id == duty).order_by(ProgressUpdate.id)
        return self.site.read(lambda session: [(one, len(one.evidence))[0] for one in session.scalars(query)])  # type: ignore[no-any-return]

    def state(self, duty: int) -> State:
        return self.site.read(lambda session: session.get_one(Assignment, duty).state)  # type: ignore[no-any-return]


@pytest.fixture
def desk(site: Site, width: int) -> Desk:
    return Desk(site, width)


def unfold(page: Any, summary: str) -> None:
    """Open what a narrow screen has folded away."""
    found = page.locator(f"{summary} > summary")
    if found.is_visible() and not page.locator(f"{summary}[open]").count():
        found.click()


def two_files(folder: Path) -> list[str]:
    """Make two files to prove something with."""
    for name, content in (("biên bản.pdf", sample.PDF), ("ảnh lớp học.png", sample.PNG)):
        (folder / name).write_bytes(content)
    return [str(folder / "biên bản.pdf"), str(folder / "ảnh lớp học.png")]


# 1. The list, its filter, the month, the calendar address.

def test_groups_search_and_a_saved_filter(desk: Desk) -> None:
    desk.duty(f"Rà soát trạm y tế lưu động vùng {desk.width}.")
    page = desk.open("/my-work/")

    with page.expect_navigation():
        page.locator(".groups__late a").click()
    assert page.locator(".job").count() == int(page.locator(".groups__late [data-count]").inner_text())
    unfold(page, ".find")
    page.get_by_label("Tìm nhiệm vụ hoặc số kế hoạch").fill(f"tram y te luu dong vung {desk.width}")
    press(page, "Lọc", exact=True)
    kept = {name: value for name, value in parse_qs(urlsplit(page.url).query).items() if value}
    assert kept["group"] == ["late"]
    assert page.locator(".job__text").all_inner_texts() == [f"Rà soát trạm y tế lưu động vùng {desk.width}."]
    page.locator(".save-view > summary").click()
    page.get_by_label("Tên bộ lọc").fill(f"Lưu động {desk.width}")
    press(page, "Lưu", within=".save-view", exact=True)
    page.goto("/my-work/")
    press(page, f"Lưu động {desk.width}", within=".views", exact=True)

    assert parse_qs(urlsplit(page.url).query) == kept
    assert page.locator(".job").count() == 1
    assert fits(page)


def test_the_month_shows_the_day_and_its_address_feeds_a_calendar(desk: Desk) -> None:
    text = f"Kiểm tra nhà thuốc đợt {desk.width}."
    desk.duty(text, days=0)
    page = desk.open("/my-work/")

    press(page, "Lịch tháng")
    today = page.locator(".day--today")
    assert text[:20] in today.inner_text() or today.locator(".day__more").count()
    press(page, "Đưa lịch vào Outlook, Google, điện thoại")
    press(page, "Tạo địa chỉ lịch")
    address = page.locator("#address").input_value()
    path = re.sub(r"^https?://[^/]+", "", address)
    feed = desk.site.browser().request.get(path)
    press(page, "Hủy địa chỉ này")
    press(page, "Hủy địa chỉ", exact=True)

    assert feed.status == 200
    assert text in feed.text().replace("\r\n ", "")
    assert desk.site.browser().request.get(path).status in {404, 410}


# 2. A report: in place, on the task's page, from the mail's link, with one press.

def test_a_report_with_two_files_is_sent_under_its_row(desk: Desk, tmp_path: Path) -> None:
    duty = desk.duty()
    page = desk.open("/my-work/?group=late")
    row = page.locator(f"#row-{duty}")

    row.get_by_role("link", name="Báo cáo", exact=True).click()
    row.get_by_label("Đã hoàn thành").check()
    row.locator("[name=text]").fill("Đã tập huấn 4 lớp.")
    row.locator("input[name=files]").set_input_files(two_files(tmp_path))
    row.locator(".staged__file[data-file]").nth(1).wait_for()
    assert fits(page)
    row.get_by_role("button", name="Gửi báo cáo").last.click()
    row.locator(".job__note--good").wait_for()

    (update,) = desk.told(duty)
    assert (update.state, update.text) == (State.SUBMITTED, "Đã tập huấn 4 lớp.")
    assert {kept.file_name for kept in update.evidence} == {"biên bản.pdf", "ảnh lớp học.png"}
    assert path_of(page) == "/my-work/?group=late"


def test_a_report_on_the_tasks_page_outlives_a_reload(desk: Desk) -> None:
    duty = desk.duty()
    page = desk.open(f"/assignments/{duty}")

    press(page, "Báo cáo tiến độ")
    page.locator("[name=percent]").fill("30")
    page.locator("[name=text]").fill("Đang gõ dở.")
    page.reload()
    assert page.locator("[name=text]").input_value() == "Đang gõ dở."
    page.locator("[name=text]").fill("Đã mở 1 lớp.")
    press(page, "Gửi báo cáo")

    assert [(update.percent, update.text) for update in desk.told(duty)] == [(30, "Đã mở 1 lớp.")]


def test_a_report_from_the_mails_link_needs_no_log_in(desk: Desk) -> None:
    duty = desk.duty()
    page = desk.site.open(None, desk.site.mail_link(desk.me, duty), desk.width)

    page.locator("form.report [name=percent]").fill("50")
    page.locator("form.report [name=text]").fill("Đã mở 2 lớp.")
    assert fits(page)
    press(page, "Gửi báo cáo")

    assert "Đã nhận báo cáo: đang thực hiện, 50%." in page.locator(".alert-success").inner_text()
    assert [(update.percent, update.channel) for update in desk.told(duty)] == [(50, ReportChannel.MAIL_LINK)]


def test_one_press_says_that_nothing_changed(desk: Desk) -> None:
    duty = desk.duty()
    page = desk.open("/my-work/?group=late")
    row = page.locator(f"#row-{duty}")

    row.get_by_role("button", name="Không có thay đổi").click()
    row.locator(".job__note--good").wait_for()

    assert len(desk.told(duty)) == 1


# 3. Several at once: in the grid, with a workbook.

def test_the_grid_saves_several(desk: Desk) -> None:
    duties = [desk.duty(), desk.duty(days=-2)]
    page = desk.open("/my-work/")

    press(page, "Bảng nhập nhanh")
    for number, duty in enumerate(duties):
        page.locator(f"#row-{duty} [name$='-percent']").fill("25")
        page.locator(f"#row-{duty} [name$='-text']").fill(f"Kết quả {number}.")
    assert fits(page)
    press(page, "Lưu các dòng đã sửa")

    assert "Đã lưu 2 dòng." in page.locator("main").inner_text()
    assert [[update.text for update in desk.told(duty)] for duty in duties] == [["Kết quả 0."], ["Kết quả 1."]]


def test_a_workbook_goes_out_and_comes_back(desk: Desk, tmp_path: Path) -> None:
    duty = desk.duty()
    page = desk.open("/my-work/")

    press(page, "Tệp Excel")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Tải tệp Excel").click()
    file = tmp_path / "bao-cao.xlsx"
    file.write_bytes(filled(taken.value.path().read_bytes(), {duty: {"text": "Ghi trong Excel.", "percent": 35}}))
    page.set_input_files("#file", file)
    press(page, "Xem các thay đổi")
    assert "1 dòng sẽ thay đổi." in page.locator("main").inner_text()
    assert "Ghi trong Excel." in page.locator("main").inner_text()
    assert fits(page)
    assert desk.told(duty) == []
    press(page, "Xác nhận lưu 1 dòng")

    assert [(update.percent, update.text) for update in desk.told(duty)] == [(35, "Ghi trong Excel.")]


# 4. Asking, and seeing the answer.

def test_more_time_is_asked_and_given(desk: Desk) -> None:
    duty, wanted = desk.duty(days=2), clock.today() + 20 * DAY
    page = desk.open(f"/assignments/{duty}")

    press(page, "Xin gia hạn")
    page.get_by_label("Xin gia hạn đến ngày").fill(f"{wanted:%d/%m/%Y}")
    page.get_by_label("Lý do").fill("Chờ cấp kinh phí.")
    assert fits(page)
    press(page, "Gửi đề nghị")
    asked = desk.site.read(lambda session: session.scalars(select(Extension.id).filter_by(assignment_id=duty)).one())
    police = desk.open(f"/inbox/?open=extension-{asked}", desk.coordinator)
    police.locator("#opened textarea").fill("Đồng ý, báo cáo giữa kỳ.")
    press(police, "Đồng ý gia hạn")
    page.reload()

    said = page.locator("main").inner_text()
    assert f"đồng ý gia hạn đến {wanted:%d/%m/%Y}" in said
    assert "Đồng ý, báo cáo giữa kỳ." in said


def test_what_is_not_ours_goes_to_whom_it_belongs(desk: Desk) -> None:
    duty = desk.duty(days=5)
    page = desk.open(f"/assignments/{duty}")

    press(page, "Không thuộc cơ quan tôi")
    page.locator("#agency").press_sequentially("so noi vu")
    page.get_by_role("option", name="Sở Nội vụ").first.click()
    page.get_by_label("Vì sao không thuộc").fill("Đã chuyển chức năng.")
    assert fits(page)
    press(page, "Gửi ý kiến")
    asked = desk.site.read(lambda session: session.scalars(select(Transfer.id).filter_by(assignment_id=duty)).one())
    police = desk.open(f"/inbox/?open=transfer-{asked}", desk.coordinator)
    press(police, "Chuyển nhiệm vụ")
    page.reload()

    assert "Sở Nội vụ" in page.locator(".panel--now").inner_text()
    assert desk.state(duty) is State.CANCELLED


def test_a_duty_is_handed_to_a_colleague(desk: Desk) -> None:
    duty = desk.duty()
    page = desk.open(f"/assignments/{duty}")

    colleague = page.locator("#colleague option:not([value=''])").last
    name = colleague.inner_text().partition(" – ")[0]
    page.get_by_label("Giao người thực hiện").select_option(colleague.get_attribute("value"))
    press(page, "Lưu", within=".assignee", exact=True)

    assert f"Người thực hiện: {name}" in page.locator(".panel--now").inner_text()


def test_a_question_is_answered(desk: Desk) -> None:
    duty = desk.duty()
    page = desk.open(f"/assignments/{duty}")

    page.get_by_label("Nội dung trao đổi").fill("Có cần phụ lục không?")
    page.get_by_label("Hỏi cơ quan thường trực").check()
    press(page, "Gửi trao đổi")
    assert "Câu hỏi: chờ trả lời" in page.locator("#thread").inner_text()
    police = desk.open(f"/assignments/{duty}", desk.coordinator)
    police.get_by_label("Nội dung trao đổi").fill("Không cần phụ lục.")
    press(police, "Gửi trao đổi")
    page.reload()

    said = page.locator("#thread").inner_text()
    assert "Câu hỏi: đã trả lời" in said
    assert "Không cần phụ lục." in said
    assert fits(page)


# 5. A lead and its helpers.

def test_the_lead_asks_one_helper_waives_another_and_sees_a_confirmation(desk: Desk) -> None:
    duty = desk.duty()
    with desk.site.rows() as make:
        task = make.session.get_one(Assignment, duty).task
        helpers = [make.user(agency=make.agency(f"Trung tâm phối hợp {n} của {desk.width}")) for n in (1, 2)]
        parts = [make.assignment(one.agency, task=task, is_part=True, role=TaskRole.COORDINATE).id for one in helpers]
        helper = helpers[0].id
    page = desk.open(f"/assignments/{duty}")
    assert "(0/2 đã xong)" in page.locator("#parts-head").inner_text()

    one = page.locator(f"#part-{parts[0]}")
    one.get_by_text("Hỏi hoặc đôn đốc cơ quan này").click()
    one.get_by_label("Nội dung").fill("Đề nghị gửi danh mục thiết bị.")
    press(page, "Gửi cho cơ quan phối hợp", within=f"#part-{parts[0]}")
    page.locator(f"#part-{parts[1]}").get_by_text("Không cần phần việc này nữa").click()
    page.get_by_label("Lý do không cần").last.fill("Đã có thiết bị.")
    press(page, "Ghi nhận không cần", within=f"#part-{parts[1]}")
    assert fits(page)
    theirs = desk.open(f"/assignments/{parts[0]}", helper)
    assert "Đề nghị gửi danh mục thiết bị." in theirs.locator("main").inner_text()
    press(theirs, re.compile("^(Báo cáo tiến độ|Xác nhận)"))
    theirs.get_by_label(re.compile("^(Đã hoàn thành|Đã xong)")).check()
    theirs.locator("[name=text]").fill("Đã gửi danh mục.")
    press(theirs, "Gửi báo cáo")
    page.reload()

    assert "(2/2 đã xong)" in page.locator("#parts-head").inner_text()
    assert "Đã xác nhận xong" in page.locator(f"#part-{parts[0]}").inner_text()


# 6. What no report may hold is noticed, and nothing is lost.

@pytest.mark.parametrize("text", [
    "Đã lập hồ sơ, số căn cước 001090012345.",
    "Gồm: Nguyễn Văn An sinh năm 1990; Trần Thị Bình sinh năm 1992; Lê Văn Cường sinh năm 1988.",
], ids=["an identity number", "a list of persons"])
def test_persons_are_noticed_and_nothing_is_lost(desk: Desk, tmp_path: Path, text: str) -> None:
    duty = desk.duty()
    page = desk.open(f"/assignments/{duty}/progress")

    page.locator("[name=percent]").fill("20")
    page.locator("input[name=files]").set_input_files(two_files(tmp_path)[:1])
    page.locator(".staged__file[data-file]").wait_for()
    page.locator("[name=text]").fill(text)
    page.locator("[data-send]").click()
    page.locator(".reporter .alert-danger").wait_for()
    kept = page.locator("[name=text]").input_value(), page.locator(".staged__file[data-file]").count()
    before = desk.told(duty)
    page.locator("[name=text]").fill("Đã lập 3 hồ sơ.")
    press(page, "Gửi báo cáo")

    assert before == []
    assert kept == (text, 1)
    assert [(update.text, len(update.evidence)) for update in desk.told(duty)] == [("Đã lập 3 hồ sơ.", 1)]
