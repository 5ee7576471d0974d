"""Asking in a real browser: by keyboard alone, without JavaScript, wide and narrow; naming people in the thread."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browsing import overhang
from tests.factories import Factory
from tracker import clock
from tracker.models import Assignment, Comment, Extension, Transfer, User

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


@pytest.fixture
def me(make: Factory) -> User:
    return make.user(name="Nguyễn Thị Lan")


@pytest.fixture
def coordinator(make: Factory) -> User:
    return make.coordinator(name="Trần Quốc Hùng")


@pytest.fixture
def row(make: Factory, me: User, coordinator: User) -> Assignment:
    return make.assignment(me.agency, make.plan(coordinator.agency), due_on=clock.today() + timedelta(days=3))


def too_wide(page: Any) -> int:
    return overhang(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_more_time_is_asked_by_keyboard_and_taken_back(
    session: Session, me: User, row: Assignment, open_as: Any, width: int
) -> None:
    wanted = clock.today() + timedelta(days=20)
    page = open_as(me, f"/assignments/{row.id}", width)
    assert too_wide(page) <= 0
    page.get_by_role("link", name="Xin gia hạn").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/extension")
    assert too_wide(page) <= 0
    page.get_by_label("Xin gia hạn đến ngày").focus()
    page.keyboard.type(f"{wanted:%d/%m/%Y}")
    page.keyboard.press("Tab")
    page.keyboard.type("Chờ cấp kinh phí.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.get_by_text(f"Đã xin gia hạn đến {wanted:%d/%m/%Y}").wait_for()
    assert too_wide(page) <= 0
    page.locator(".asked__withdraw > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Đã rút lại đề nghị.").wait_for()

    session.rollback()
    assert session.scalars(select(Extension)).one().state.value == "withdrawn"


@pytest.mark.parametrize("width", [1280, 360])
def test_everything_is_asked_without_javascript(
    session: Session, make: Factory, me: User, coordinator: User, row: Assignment, open_as: Any, width: int
) -> None:
    other = make.agency("Sở Nội vụ")
    page = open_as(me, f"/assignments/{row.id}/extension", width, java_script_enabled=False)
    page.get_by_label("Xin gia hạn đến ngày").fill("31/02/2027")
    page.get_by_label("Lý do").fill("Chờ cấp kinh phí.")
    page.get_by_role("button", name="Gửi đề nghị").click()
    assert page.get_by_text("Ngày không đúng").is_visible()
    assert page.get_by_label("Lý do").input_value() == "Chờ cấp kinh phí."
    page.get_by_label("Xin gia hạn đến ngày").fill(f"{clock.today() + timedelta(days=9):%d/%m/%Y}")
    page.get_by_role("button", name="Gửi đề nghị").click()
    page.get_by_role("link", name="Không thuộc cơ quan tôi").click()
    page.get_by_label("nhiệm vụ này thuộc về").fill("so noi vu")
    page.get_by_label("Vì sao không thuộc").fill("Đã chuyển chức năng.")
    page.get_by_role("button", name="Gửi ý kiến").click()
    page.get_by_label("Nội dung trao đổi").fill("Có cần phụ lục không?")
    page.get_by_label("Hỏi cơ quan thường trực").check()
    page.locator(".thread__people > summary").click()
    page.get_by_label("Trần Quốc Hùng").check()
    page.get_by_role("button", name="Gửi trao đổi").click()
    page.get_by_text("Câu hỏi: chờ trả lời").wait_for()

    session.rollback()
    assert session.scalars(select(Extension)).one().is_waiting
    assert session.scalars(select(Transfer)).one().proposed_agency_id == other.id
    comment = session.scalars(select(Comment)).one()
    assert [mention.user_id for mention in comment.mentions] == [coordinator.id]


def test_an_at_sign_offers_names_and_choosing_ticks_the_box(
    session: Session, make: Factory, me: User, coordinator: User, row: Assignment, open_as: Any
) -> None:
    make.user(agency=me.agency, name="Lê Thị Hương")
    page = open_as(me, f"/assignments/{row.id}", 360)
    box = page.get_by_label("Nội dung trao đổi")
    box.focus()
    page.keyboard.type("Nhờ đồng chí @hu")
    page.locator(".thread__write [role=option]").first.wait_for()
    assert page.locator(".thread__write [role=option]").count() == 2
    assert too_wide(page) <= 0
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    assert box.input_value() == "Nhờ đồng chí @Trần Quốc Hùng "
    assert page.get_by_label("Trần Quốc Hùng").is_checked()
    page.keyboard.type("xem giúp a@b")
    assert not page.locator(".thread__write [role=listbox]").is_visible()
    page.get_by_role("button", name="Gửi trao đổi").click()
    page.get_by_text("Nhắc tên: Trần Quốc Hùng").wait_for()


def test_the_agency_is_picked_from_what_the_server_finds(
    session: Session, make: Factory, me: User, row: Assignment, open_as: Any
) -> None:
    other = make.agency("Sở Nội vụ tỉnh Hà Dương")
    page = open_as(me, f"/assignments/{row.id}/transfer")
    page.locator("#agency").focus()
    page.keyboard.type("noi vu")
    page.get_by_role("option", name="Sở Nội vụ tỉnh Hà Dương").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("Vì sao không thuộc").fill("Đã chuyển chức năng.")
    page.get_by_role("button", name="Gửi ý kiến").click()
    page.get_by_text("đang chờ trả lời").first.wait_for()

    session.rollback()
    assert session.scalars(select(Transfer)).one().proposed_agency_id == other.id


@pytest.mark.parametrize("who", ["me", "coordinator"])
def test_the_page_can_be_read_by_everybody(
    session: Session, me: User, coordinator: User, row: Assignment, open_as: Any, request: Any, who: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    session.add_all([
        Extension(assignment=row, asked_by=me, asked_at=clock.now(), reason="Chờ.", from_due_on=clock.today(),
                  wanted_on=clock.today() + timedelta(days=9)),
        Comment(assignment=row, author=me, written_at=clock.now(), text="Có cần " + "phụlục" * 30, is_question=True,
                form_key="a"),
    ])  # fmt: skip
    page = open_as(request.getfixturevalue(who), f"/assignments/{row.id}", bypass_csp=True)
    violations = []
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        violations += Axe().run(page).response["violations"]
        assert too_wide(page) <= 0

    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
