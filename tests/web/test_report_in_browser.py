"""Reporting in a real browser: nothing typed is lost, files go one by one, all by keyboard, also on a phone."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import sample_files as sample
from tests.browsing import overhang, until
from tests.factories import Factory
from tracker.models import Assignment, DraftFile, ProgressUpdate, ReportDraft, User
from tracker.rules.states import AssignmentState

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

KEPT = "Object.keys(localStorage).filter(name => name.startsWith('dondoc.report.')).length"


class Desk:
    """A liaison before the report form of one task."""

    def __init__(self, session: Session, make: Factory, open_as: Callable[..., Any]) -> None:
        self.session, self.open_as = session, open_as
        self.user: User = make.user(name="Nguyễn Thị Lan")
        self.assignment: Assignment = make.assignment(self.user.agency)
        self.path = f"/assignments/{self.assignment.id}/progress"

    def open(self, **more: Any) -> Any:
        return self.open_as(self.user, self.path, **more)

    def updates(self) -> list[ProgressUpdate]:
        self.session.rollback()
        return list(self.session.scalars(select(ProgressUpdate).order_by(ProgressUpdate.id)))

    def drafts(self) -> list[ReportDraft]:
        self.session.rollback()
        return list(self.session.scalars(select(ReportDraft)))


@pytest.fixture
def desk(session: Session, make: Factory, open_as: Callable[..., Any]) -> Desk:
    return Desk(session, make, open_as)


def text_of(page: Any) -> Any:
    return page.locator("textarea[name=text]")


def said(page: Any, words: str) -> None:
    page.locator("[data-said]", has_text=words).wait_for()


def pdf(folder: Path, name: str, content: bytes = sample.PDF) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


def test_a_draft_survives_a_reload_and_goes_with_the_report(app: Flask, desk: Desk) -> None:
    page = desk.open()
    text_of(page).fill("Gõ dở.")
    page.get_by_role("button", name="Thêm số liệu").click()
    page.keyboard.type("Số buổi")

    page.reload()  # before anything was sent
    at_once = (text_of(page).input_value(), page.locator("[name=figures-1-name]").input_value())
    page.locator("[data-draft-words]", has_text="Bản nháp lưu lúc").wait_for()
    here, there = page.evaluate(KEPT), desk.drafts()[0].values["figures-1-name"]
    page.locator("[name=percent]").fill("30")
    page.get_by_role("button", name="Gửi báo cáo").last.click()
    page.wait_for_url("**/my-work/")

    assert at_once == ("Gõ dở.", "Số buổi")
    assert (here, there) == (0, "Số buổi")
    assert [update.percent for update in desk.updates()] == [30]
    assert (desk.drafts(), page.evaluate(KEPT)) == ([], 0)


def test_a_lost_connection_is_told_and_made_up_for(app: Flask, desk: Desk) -> None:
    page = desk.open()
    page.context.set_offline(True)
    text_of(page).fill("Gõ khi mất mạng.")
    page.get_by_role("button", name="Gửi báo cáo").last.click()
    said(page, "Mất kết nối, nội dung được giữ trên máy này")
    kept = page.evaluate(KEPT)

    page.context.set_offline(False)
    page.locator("[data-draft-words]", has_text="Bản nháp lưu lúc").wait_for()

    assert kept == 1
    assert desk.drafts()[0].values["text"] == "Gõ khi mất mạng."
    assert desk.updates() == []


def test_an_expired_log_in_loses_nothing(app: Flask, desk: Desk, as_user: Any, live_server: str) -> None:
    page = desk.open()
    page.context.clear_cookies()
    text_of(page).fill("Gõ khi đã hết phiên.")
    said(page, "Phiên đăng nhập đã hết")
    link = page.get_by_role("link", name="Đăng nhập lại").get_attribute("href")

    cookie = as_user(desk.user).get_cookie("dondoc")
    page.context.add_cookies([{"name": "dondoc", "value": cookie.value, "url": live_server}])
    page.goto(live_server + link)  # logged in: the door sends on

    page.wait_for_url(f"**{desk.path}")
    assert text_of(page).input_value() == "Gõ khi đã hết phiên."
    said(page, "Đã khôi phục nội dung")


def test_another_person_at_the_same_machine_sees_nothing_and_log_out_clears(
    app: Flask, desk: Desk, make: Factory, as_user: Any, live_server: str
) -> None:
    colleague = make.user(agency=desk.user.agency)
    page = desk.open()
    page.context.set_offline(True)
    text_of(page).fill("Của chị Lan.")
    until(page, f"{KEPT} === 1")
    page.context.set_offline(False)
    page.context.clear_cookies()
    cookie = as_user(colleague).get_cookie("dondoc")
    page.context.add_cookies([{"name": "dondoc", "value": cookie.value, "url": live_server}])
    page.goto(live_server + desk.path)
    theirs = text_of(page).input_value()

    page.locator("details.account > summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/log-in")

    assert theirs == ""
    assert page.evaluate(KEPT) == 0


def test_files_go_one_by_one_and_a_failed_one_stops_no_other(
    app: Flask, desk: Desk, tmp_path: Path, live_server: str
) -> None:
    page = desk.open()
    broken = {"left": 1}

    def once(route: Any) -> None:
        broken["left"] -= 1
        if broken["left"] >= 0:
            route.abort()
        else:
            route.continue_()

    page.route("**/files", once)
    page.set_input_files("input[name=files]", [
        pdf(tmp_path, "một.pdf"), pdf(tmp_path, "xấu.pdf", sample.EXE), pdf(tmp_path, "ảnh.png", sample.PNG)])
    page.locator(".staged__file[data-file]", has_text="ảnh.png").wait_for()
    bad = page.locator(".staged__file--bad").all_inner_texts()
    page.get_by_role("button", name="Thử lại: một.pdf").click()
    page.locator(".staged__file[data-file]", has_text="một.pdf").wait_for()
    page.get_by_role("button", name="Bỏ: ảnh.png").click()
    page.locator(".staged__file[data-file]", has_text="ảnh.png").wait_for(state="detached")
    page.get_by_label("Đã hoàn thành").check()
    text_of(page).fill("Đã xong.")
    page.get_by_role("button", name="Gửi báo cáo").last.click()
    page.wait_for_url("**/my-work/")

    assert len(bad) == 2
    assert "Chưa tải lên được" in bad[0]
    assert "là chương trình" in bad[1]
    assert [kept.file_name for kept in desk.updates()[0].evidence] == ["một.pdf"]
    assert desk.session.scalars(select(DraftFile)).all() == []


def test_a_report_sent_while_a_file_goes_up_waits_for_it_and_goes_by_itself(app: Flask, desk: Desk) -> None:
    page = desk.open()
    held: list[Any] = []
    page.route("**/files", lambda route, _request: held.append(route))
    text_of(page).fill("Xong bước một.")

    page.locator("input[name=files]").first.set_input_files(
        {"name": "chậm.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 a"})
    page.get_by_role("button", name="Gửi báo cáo").click()
    said(page, "báo cáo sẽ được gửi ngay khi xong")
    assert desk.updates() == []
    held[0].continue_()

    page.wait_for_url("**/my-work/")
    assert [file.file_name for file in desk.updates()[0].evidence] == ["chậm.pdf"]


def test_a_file_is_dropped_onto_the_form(app: Flask, desk: Desk) -> None:
    page = desk.open()

    page.evaluate("""() => {
      const data = new DataTransfer();
      data.items.add(new File(["%PDF-1.4 a"], "thả.pdf", {type: "application/pdf"}));
      document.querySelector("[data-drop]").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
    }""")

    page.locator(".staged__file[data-file]", has_text="thả.pdf").wait_for()
    desk.session.rollback()  # read what the server has written since
    assert desk.session.scalars(select(DraftFile.file_name)).all() == ["thả.pdf"]


def test_without_scripts_a_wrong_form_keeps_its_words_and_its_good_files(
    app: Flask, desk: Desk, tmp_path: Path
) -> None:
    page = desk.open(java_script_enabled=False)
    page.get_by_label("Đã hoàn thành").check()
    text_of(page).fill("Đã xong.")
    page.locator("[name=document_on]").fill("31/02/2026")
    page.set_input_files("input[name=files]", [pdf(tmp_path, "tốt.pdf"), pdf(tmp_path, "xấu.pdf", sample.EXE)])
    page.get_by_role("button", name="Gửi báo cáo").last.click()
    again = page.locator("main").inner_text()
    page.locator("[name=document_on]").fill("")
    page.get_by_role("button", name="Gửi báo cáo").last.click()

    for words in ("Ngày không đúng.", "xấu.pdf” là chương trình", "tốt.pdf"):
        assert words in again
    assert [kept.file_name for kept in desk.updates()[0].evidence] == ["tốt.pdf"]


def test_a_report_is_made_by_keyboard_alone(app: Flask, desk: Desk) -> None:
    page = desk.open()
    page.locator("[name=state]").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("45")
    page.keyboard.press("Tab")
    page.keyboard.type("Đã mở 3 lớp.")
    for _ in range(2):  # past the explanation, to the figures
        page.keyboard.press("Tab")
    page.keyboard.type("Số lớp")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.wait_for_url("**/my-work/")

    update = desk.updates()[0]
    assert (update.percent, update.text) == (45, "Đã mở 3 lớp.")
    assert update.figures["rows"] == [{"name": "Số lớp", "value": "3", "unit": ""}]


def test_two_colleagues_meet_and_the_second_sees_both(app: Flask, desk: Desk, make: Factory) -> None:
    second = make.user(agency=desk.user.agency)
    mine, theirs = desk.open(), desk.open_as(second, desk.path)
    for page, words in ((mine, "Lan báo."), (theirs, "Bình cũng báo.")):
        page.locator("[name=percent]").fill("20")
        text_of(page).fill(words)
    mine.get_by_role("button", name="Gửi báo cáo").last.click()
    mine.wait_for_url("**/my-work/")
    theirs.get_by_role("button", name="Gửi báo cáo").last.click()
    theirs.locator(".newer", has_text="Lan báo.").wait_for()
    kept = text_of(theirs).input_value()
    theirs.get_by_role("button", name="Gửi báo cáo").last.click()
    theirs.wait_for_url("**/my-work/")

    assert kept == "Bình cũng báo."
    assert [update.text for update in desk.updates()] == ["Lan báo.", "Bình cũng báo."]


def test_a_form_in_place_reports_and_says_so(app: Flask, desk: Desk, live_server: str) -> None:
    page = desk.open()
    page.evaluate("""async path => {
      const place = document.createElement("div");
      place.innerHTML = await (await fetch(path + "?inline=1")).text();
      document.querySelector("[data-report]").replaceWith(place);
      addEventListener("report:saved", event => { window.saved = event.detail; });
      place.dispatchEvent(new CustomEvent("report:add", {bubbles: true}));
    }""", desk.path)
    send = page.get_by_role("button", name="Gửi báo cáo").last
    send.click()
    page.locator(".field__error", has_text="Hãy ghi kết quả đã làm.").wait_for()
    text_of(page).fill("Xong bước một.")
    send.click()
    until(page, "window.saved")

    assert page.evaluate("[saved.ok, saved.assignment]") == [True, str(desk.assignment.id)]
    assert len(desk.updates()) == 1


@pytest.mark.parametrize("width", [1280, 360])
def test_the_form_fits_and_can_be_read_by_everybody(
    app: Flask, desk: Desk, tmp_path: Path, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    desk.assignment.state = AssignmentState.IN_PROGRESS
    desk.session.commit()
    page = desk.open(width=width, bypass_csp=True)
    page.set_input_files("input[name=files]", [pdf(tmp_path, "dài" * 40 + ".pdf"), pdf(tmp_path, "x.pdf", sample.EXE)])
    page.locator(".staged__file--bad").wait_for()
    text_of(page).fill("Nguyễn Văn An sinh năm 1990")
    text_of(page).blur()
    page.locator(".report__notice").wait_for()

    violations = Axe().run(page).response["violations"]

    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
    assert overhang(page) <= 0
