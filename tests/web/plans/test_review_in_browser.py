"""The review screen in a real browser: by keyboard alone, with drafts that outlive a lost connection, in company."""
from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.plans.duty_forms import form_of
from tests.web.plans.review_plans import TEXT, about, bring_in
from tracker.models import Plan, Task, User
from tracker.rules.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

#: The duty that is being worked on.
CHOSEN = "[data-chosen]"


@pytest.fixture
def me(make: Factory) -> User:
    make.agency("Sở Y tế")
    make.agency("Sở Tài chính")
    return make.coordinator(name="Lê Văn Bình", post="Đại úy, cán bộ")


@pytest.fixture
def plan(session: Session, me: User) -> Plan:
    return bring_in(session, me)


def chosen(page: Any) -> int:
    return int(page.locator(CHOSEN).get_attribute("data-chosen"))


def wait_for(page: Any, task: Task) -> None:
    page.locator(f'[data-chosen="{task.id}"]').wait_for()


def said_done(page: Any, words: str) -> None:
    page.locator("main > .alert", has_text=words).wait_for(state="attached")


def order(page: Any) -> list[int]:
    return [int(row.get_attribute("id")[5:]) for row in page.locator(".duties > li").all()]


def test_the_list_is_walked_and_accepted_by_keys_alone(
    app: Flask, session: Session, me: User, plan: Plan, open_as: Any
) -> None:
    page = open_as(me, f"/plans/{plan.id}/review")
    tasks = {task.id: task for task in session.scalars(select(Task))}
    first, second, *_others = (tasks[one] for one in order(page))

    page.keyboard.press("j")
    wait_for(page, second)
    assert page.locator("#text mark").first.inner_text() in TEXT
    page.keyboard.press("k")
    wait_for(page, first)
    page.keyboard.press("a")
    wait_for(page, second)
    said_done(page, "Đã lưu nhiệm vụ.")
    page.keyboard.press("j")
    page.locator('[data-key="n"]').wait_for()
    page.keyboard.press("n")
    wait_for(page, second)

    session.rollback()
    assert [task.checked_at is not None for task in (first, second)] == [True, False]
    assert sorted(order(page)) == sorted(tasks)
    assert "Đã kiểm tra 1/4" in page.locator("#bar").inner_text()


def test_the_owner_is_changed_by_keys_without_diacritics_and_undone(
    app: Flask, session: Session, me: User, plan: Plan, open_as: Any
) -> None:
    task = about(session, "sàng lọc")
    page = open_as(me, f"/plans/{plan.id}/review?task={task.id}")

    page.keyboard.press("o")
    owner = page.locator("[data-owner] input[role=combobox]")
    owner.fill("")
    owner.press_sequentially("so tai ch")
    page.get_by_role("option", name="Sở Tài chính").wait_for()
    owner.press("ArrowDown")
    owner.press("Enter")
    owner.press("Control+Enter")
    said_done(page, "Đã lưu nhiệm vụ.")
    session.rollback()
    changed = [o.agency.name for o in task.owners if o.agency]
    page.keyboard.press("u")
    said_done(page, "Đã hoàn tác.")
    session.rollback()
    undone = [o.agency.name for o in task.owners if o.agency]
    page.keyboard.press("Shift+U")
    said_done(page, "Đã làm lại.")
    session.rollback()

    assert (changed, undone) == (["Sở Tài chính"], ["Sở Y tế"])
    assert [o.agency.name for o in task.owners if o.agency] == ["Sở Tài chính"]


def test_keys_write_letters_while_somebody_types_and_can_be_turned_off(
    app: Flask, session: Session, me: User, plan: Plan, open_as: Any
) -> None:
    page = open_as(me, f"/plans/{plan.id}/review")
    here = chosen(page)

    text = page.locator(f"{CHOSEN} form.task-form textarea").first
    text.focus()
    page.keyboard.press("End")
    page.keyboard.type("jxau?")
    assert "jxau?" in text.input_value()
    assert chosen(page) == here
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.locator("#keys-on").uncheck()
    page.get_by_role("button", name="Đóng").click()
    page.keyboard.press("x")
    page.keyboard.press("j")

    session.rollback()
    assert chosen(page) == here
    assert session.scalars(select(Task).where(Task.dropped_at.is_not(None))).all() == []


def test_a_duty_is_split_at_the_cursor_merged_again_and_dropped(
    app: Flask, session: Session, me: User, plan: Plan, open_as: Any
) -> None:
    task = about(session, "tủ thuốc")
    page = open_as(me, f"/plans/{plan.id}/review?task={task.id}&order=text")

    page.keyboard.press("s")
    for _ in range(task.text.index("Lập")):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+Enter")
    said_done(page, "Đã tách nhiệm vụ.")
    session.rollback()
    parts = [about(session, "tủ thuốc").text, about(session, "Lập danh").text]
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    said_done(page, "Đã gộp hai nhiệm vụ.")
    page.keyboard.press("x")
    said_done(page, "Đã bỏ nhiệm vụ.")

    session.rollback()
    assert parts[0].endswith("các trường.")
    assert parts[1].startswith("Lập danh mục")
    assert task.dropped_at is not None


def test_a_deadline_is_set_by_keys(app: Flask, session: Session, me: User, plan: Plan, open_as: Any) -> None:
    task = about(session, "sàng lọc")
    page = open_as(me, f"/plans/{plan.id}/review?task={task.id}")

    page.keyboard.press("d")
    page.keyboard.press("Control+a")
    page.keyboard.type("15/09/2026")
    page.keyboard.press("Control+Enter")
    said_done(page, "Đã lưu nhiệm vụ.")

    session.rollback()
    assert [f"{deadline.due_on:%d/%m/%Y}" for deadline in task.deadlines if deadline.due_on] == ["15/09/2026"]


def test_a_click_on_the_words_chooses_their_duty(
    app: Flask, session: Session, me: User, plan: Plan, open_as: Any
) -> None:
    task = about(session, "thông điệp")
    page = open_as(me, f"/plans/{plan.id}/review?task={about(session, 'sàng lọc').id}")

    page.locator("#text a.said", has_text="thông điệp").click()

    wait_for(page, task)
    assert "thông điệp" in "".join(page.locator("#text mark").all_text_contents())
    assert page.locator("#text a.said", has_text="sàng lọc").count() >= 1
    page.go_back()
    wait_for(page, about(session, "sàng lọc"))


def test_a_filter_and_an_order_stay_while_the_list_is_walked(
    app: Flask, session: Session, me: User, plan: Plan, open_as: Any
) -> None:
    page = open_as(me, f"/plans/{plan.id}/review")
    page.locator(".chip", has_text="Cần xem").click()
    page.wait_for_url("**show=unclear**")
    page.locator(".chip[aria-current]", has_text="Cần xem").wait_for()
    here, listed = chosen(page), order(page)

    page.keyboard.press("j")
    page.locator(f"#duty-{here}:not([data-chosen])").wait_for()

    assert "show=unclear" in page.url
    assert order(page) == listed
    page.locator("#text a.said").first.click()
    page.locator(f'[data-chosen]:not([data-chosen="{listed[1]}"])').wait_for()
    assert "show=unclear" in page.url
    page.go_back()
    page.go_back()
    page.go_back()
    page.locator(".chip[aria-current]", has_text="Tất cả").wait_for()
    assert len(order(page)) == 4


def test_a_draft_outlives_a_lost_connection_and_another_visit(
    app: Flask, session: Session, me: User, plan: Plan, open_as: Any
) -> None:
    task = about(session, "sàng lọc")
    page = open_as(me, f"/plans/{plan.id}/review?task={task.id}")
    page.route("**/tasks/**", lambda route: route.abort())
    page.locator("[data-guard] textarea").first.fill("Nội dung gõ dở khi mất mạng.")
    page.keyboard.press("Control+Enter")
    page.locator("#not-saved").wait_for()
    assert page.locator("[data-guard] textarea").first.input_value() == "Nội dung gõ dở khi mất mạng."
    page.unroute("**/tasks/**")

    page.reload()
    assert page.locator("[data-guard] textarea").first.input_value() != "Nội dung gõ dở khi mất mạng."
    page.get_by_role("button", name="Dùng bản nháp").click()
    page.locator("[data-guard] textarea", has_text="Nội dung gõ dở khi mất mạng.").wait_for()
    page.locator("[data-guard] textarea").first.focus()
    page.keyboard.press("Control+Enter")
    said_done(page, "Đã lưu nhiệm vụ.")

    session.rollback()
    assert task.text == "Nội dung gõ dở khi mất mạng."
    page.goto(page.url)
    assert page.locator("#draft").count() == 0


def test_an_expired_log_in_loses_nothing(app: Flask, session: Session, me: User, plan: Plan, open_as: Any) -> None:
    task = about(session, "sàng lọc")
    page = open_as(me, f"/plans/{plan.id}/review?task={task.id}")
    page.locator("[data-guard] textarea").first.fill("Gõ xong thì phiên đã hết.")
    page.context.clear_cookies()

    page.keyboard.press("Control+Enter")

    page.locator("#not-saved a", has_text="Đăng nhập lại").wait_for()
    assert page.locator("[data-guard] textarea").first.input_value() == "Gõ xong thì phiên đã hết."


def test_a_duty_being_added_is_kept_until_the_server_has_it(
    app: Flask, session: Session, me: User, plan: Plan, open_as: Any
) -> None:
    page = open_as(me, f"/plans/{plan.id}/tasks/new")
    address = page.url
    page.locator("#task-text").fill("Việc máy bỏ sót, đang gõ dở.")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_role("button", name="Thêm nhiệm vụ").last.click()
    page.wait_for_url("**/log-in**")
    page.context.add_cookies(cookies)

    page.goto(address)
    page.get_by_role("button", name="Dùng bản nháp").click()
    page.locator("#task-text", has_text="Việc máy bỏ sót, đang gõ dở.").wait_for()
    page.get_by_role("button", name="Thêm nhiệm vụ").last.click()
    page.wait_for_url("**/review**")
    page.goto(address)

    session.rollback()
    assert about(session, "Việc máy bỏ sót").text == "Việc máy bỏ sót, đang gõ dở."
    assert page.locator("#draft").count() == 0


def test_walking_on_keeps_what_was_typed_as_a_draft(
    app: Flask, session: Session, me: User, plan: Plan, open_as: Any
) -> None:
    page = open_as(me, f"/plans/{plan.id}/review")
    here = chosen(page)
    page.locator("[data-guard] textarea").first.fill("Gõ rồi xem việc khác.")
    page.keyboard.press("Escape")

    page.keyboard.press("j")

    page.locator(f"#duty-{here} .duty__draft").wait_for()
    page.keyboard.press("k")
    page.locator("#draft").wait_for()
    assert page.locator("#draft").is_visible()


def test_two_people_are_told_of_each_other_and_of_changes(
    app: Flask, session: Session, make: Factory, as_user: Any, me: User, plan: Plan, open_as: Any
) -> None:
    task, other = about(session, "tủ thuốc"), make.user(Role.COORDINATOR, me.agency, name="Trần Thị Cúc",
                                                        post="Trung tá, đội trưởng")
    theirs = open_as(other, f"/plans/{plan.id}/review?task={task.id}")
    with theirs.expect_response("**/presence"):
        theirs.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    mine = open_as(me, f"/plans/{plan.id}/review")
    mine.locator("#others", has_text="Trung tá Trần Thị Cúc đang xem nhiệm vụ 2").wait_for()

    as_user(other).post(f"/plans/{plan.id}/tasks/{task.id}", data=form_of(plan, task, text="Nội dung đã sửa."))
    mine.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    mine.get_by_role("link", name="Tải danh sách mới").click()
    mine.locator(f"#duty-{task.id}", has_text="Nội dung đã sửa.").wait_for()


def test_selected_words_become_a_duty_at_their_own_place(
    app: Flask, session: Session, me: User, plan: Plan, open_as: Any
) -> None:
    page = open_as(me, f"/plans/{plan.id}/review")
    line = TEXT.split("\n").index(next(one for one in TEXT.split("\n") if "nhận thức" in one))
    page.evaluate(
        """place => {
            const words = document.getElementById(`t${place}`).firstChild;
            getSelection().setBaseAndExtent(words, 2, words, words.length);
        }""", line)
    page.locator(".add-selection").wait_for()

    page.keyboard.press("e")
    page.wait_for_url("**/tasks/new?**")
    page.get_by_role("button", name="Thêm nhiệm vụ").last.click()
    page.wait_for_url("**/review**")

    session.rollback()
    added = about(session, "Nâng cao nhận thức")
    assert added.provision is not None
    assert plan.text[added.provision.start:added.provision.end] == added.text


@pytest.mark.parametrize("width", [1280, 360])
def test_everybody_can_use_it_on_a_desk_and_on_a_phone(
    app: Flask, session: Session, make: Factory, me: User, open_as: Any, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    plan = bring_in(session, me, unchecked=True)
    task = about(session, "lái xe")
    page = open_as(me, f"/plans/{plan.id}/review?task={task.id}", width, bypass_csp=True)
    address, wrong = page.url.split("/plans/", maxsplit=1)[0], []

    def look(what: str) -> None:
        found = Axe().run(page).response["violations"]
        wrong.extend((what, one["id"], one["nodes"][0]["html"]) for one in found)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append((what, "too wide", ""))

    look("review")
    page.keyboard.press("?")
    look("help")
    page.keyboard.press("Escape")
    for path in ("left-out", "publish", f"tasks/new?start={TEXT.index('Nâng')}&end={TEXT.index('Nâng') + 30}",
                 "bodies/new?printed=Hi%E1%BB%87p+h%E1%BB%99i+V%E1%BA%ADn+t%E1%BA%A3i+t%E1%BB%89nh"):
        page.goto(f"{address}/plans/{plan.id}/{path}")
        look(path)

    assert wrong == []


def test_a_phone_shows_one_pane_at_a_time(app: Flask, session: Session, me: User, plan: Plan, open_as: Any) -> None:
    page = open_as(me, f"/plans/{plan.id}/review?task={about(session, 'sàng lọc').id}", 360)

    page.locator(".review-tabs a", has_text="Văn bản").click()
    text = (page.locator("#text").is_visible(), page.locator("#duties").is_visible())
    page.locator("#text a.said", has_text="thông điệp").click()
    wait_for(page, about(session, "thông điệp"))

    assert text == (True, False)
    assert (page.locator("#text").is_visible(), page.locator("#duties").is_visible()) == (False, True)
