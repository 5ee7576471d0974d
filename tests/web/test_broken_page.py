"""The page for a fault of ours: in the reader's language, with the code that stands in the log, whatever is broken."""
from __future__ import annotations

import functools
import re
from typing import Any

import pytest
from flask import Flask

from tests.browsing import fits
from tests.factories import Factory
from tracker.models import User


@pytest.fixture
def someone(make: Factory) -> User:
    return make.user()


@pytest.fixture
def broken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An application whose front page is broken."""
    @functools.wraps(app.view_functions["front.home"])
    def home(**_values: Any) -> str:
        raise ZeroDivisionError("a fault")

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "front.home", home)


def test_a_fault_is_told_with_the_code_that_stands_in_the_log(
    broken: None, as_user: Any, someone: User, caplog: pytest.LogCaptureFixture
) -> None:
    answer = as_user(someone).get("/")

    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in answer.text
    found = re.search(r"báo quản trị mã ([0-9a-f]{8})\.", answer.text)
    assert found
    assert found[1] in caplog.text
    assert someone.name in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_when_the_person_cannot_be_read_either_the_page_is_for_anybody(
    broken: None, app: Flask, as_user: Any, someone: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, name = as_user(someone), someone.name

    def gone(_session_id: str) -> None:
        raise ConnectionError("no database")

    monkeypatch.setattr(app.login_manager, "_user_callback", gone)  # type: ignore[attr-defined]
    answer = browser.get("/")

    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in answer.text
    assert name not in answer.text


@pytest.mark.browser
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [1280, 360])
def test_it_fits_the_window(
    broken: None, chromium: Any, live_server: str, as_user: Any, someone: User, width: int
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 740}, locale="vi-VN")
    cookie = as_user(someone).get_cookie("dondoc")
    context.add_cookies([{"name": "dondoc", "value": cookie.value, "url": live_server}])
    page = context.new_page()
    answer = page.goto(live_server + "/", wait_until="load")

    assert answer.status == 500
    assert fits(page)
    assert page.get_by_role("link", name="Về trang tổng quan").is_visible()
    context.close()
