"""The small comforts of static/js/app.js, in a real browser."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, jsonify, request

from tests.serving import serving
from tracker.config import ROOT

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Thử</title>
<form method="post" action="/sent">
  <label for="owner">Cơ quan</label>
  <input id="owner" name="owner" data-combobox data-source="/agencies?q=" data-target="owner_id">
  <input type="hidden" name="owner_id" value="9">
  <input type="checkbox" id="all" data-select-all="item">
  <input type="checkbox" name="item" value="1"><input type="checkbox" name="item" value="2">
  <button name="what" value="save">Lưu</button>
</form><script src="/static/js/app.js" defer></script></html>"""
AGENCIES = [{"value": 3, "label": "Sở Y tế", "hint": "SYT"}, {"value": 4, "label": "Sở Xây dựng", "hint": ""}]


@pytest.fixture
def posts() -> list[dict[str, str]]:
    return []


@pytest.fixture
def page(chromium: Any, posts: list[dict[str, str]]) -> Iterator[Any]:
    app = Flask("comforts", static_folder=str(ROOT / "static"))
    app.add_url_rule("/", "form", lambda: PAGE)
    app.add_url_rule("/agencies", "agencies", lambda: jsonify(AGENCIES if request.args["q"].startswith("so") else []))
    # "No content" leaves the browser on the page, as a slow answer would.
    app.add_url_rule("/sent", "sent", lambda: (posts.append(request.form.to_dict()), Response(status=204))[1],
                     methods=["POST"])
    with serving(app) as address:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{address}/")
        yield page
        context.close()


def test_an_agency_is_found_and_chosen_by_keyboard(page: Any) -> None:
    owner = page.get_by_role("combobox")
    owner.press_sequentially("so")
    page.get_by_role("option").nth(1).wait_for()

    owner.press("ArrowDown")
    owner.press("ArrowDown")
    marked = owner.get_attribute("aria-activedescendant")
    owner.press("Enter")

    assert page.locator(f"#{marked}").inner_text() == "Sở Xây dựng"
    assert owner.input_value() == "Sở Xây dựng"
    assert page.locator("[name=owner_id]").input_value() == "4"
    assert owner.get_attribute("aria-expanded") == "false"


def test_an_agency_is_chosen_by_mouse(page: Any) -> None:
    page.get_by_role("combobox").press_sequentially("so")

    page.get_by_role("option", name="Sở Y tế").click()

    assert page.get_by_role("combobox").input_value() == "Sở Y tế"
    assert page.locator("[name=owner_id]").input_value() == "3"


def test_typing_on_forgets_the_earlier_choice(page: Any) -> None:
    page.get_by_role("combobox").press_sequentially("x")
    page.get_by_text("Không tìm thấy").wait_for()

    assert page.locator("[name=owner_id]").input_value() == ""


def test_escape_closes_the_list_and_keeps_the_words(page: Any) -> None:
    owner = page.get_by_role("combobox")
    owner.press_sequentially("so")
    page.get_by_role("option").first.wait_for()

    owner.press("Escape")

    assert page.get_by_role("option").count() == 0
    assert owner.input_value() == "so"


def test_a_form_is_sent_once_however_often_it_is_pressed(page: Any, posts: list[dict[str, str]]) -> None:
    with page.expect_response("**/sent"):
        page.evaluate("const b = document.querySelector('button'); b.click(); b.click(); b.click()")
    page.get_by_role("button", name="Đang gửi…", disabled=True).wait_for()

    assert [post["what"] for post in posts] == ["save"]


def test_a_button_says_in_its_own_words_what_is_done_meanwhile(page: Any) -> None:
    page.evaluate("document.querySelector('button').dataset.busy = 'Đang đọc…'")

    with page.expect_response("**/sent"):
        page.get_by_role("button").click()

    page.get_by_role("button", name="Đang đọc…", disabled=True).wait_for()


def test_the_back_button_brings_a_form_back_that_can_be_sent(page: Any) -> None:
    with page.expect_response("**/sent"):
        page.get_by_role("button").click()
    page.get_by_role("button", name="Đang gửi…").wait_for()

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")

    assert page.get_by_role("button", name="Lưu").is_enabled()


def test_one_box_ticks_them_all_and_shows_a_part(page: Any) -> None:
    all_boxes, first = page.locator("#all"), page.locator("[name=item]").first

    all_boxes.check()
    ticked = page.locator("[name=item]:checked").count()
    first.uncheck()

    assert ticked == 2
    assert not all_boxes.is_checked()
    assert all_boxes.evaluate("box => box.indeterminate")
