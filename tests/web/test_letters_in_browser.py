"""Writing a letter in a real browser: from the board to the file, on a desk and on a phone."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.browsing import fits, press
from tests.factories import TODAY, Factory
from tracker.reports.letter_check import check
from tracker.workflow import passwords

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 360])
def test_a_letter_is_written_from_the_board(
    open_as: Callable[..., Any], live_server: str, session: Session, make: Factory, tmp_path: Path, width: int
) -> None:
    coordinator = make.coordinator(password_hash=passwords.hash_password("mat-khau-dai-2026"))
    make.assignment(make.agency(), make.plan(coordinator.agency), due_on=TODAY.replace(year=2025))
    page = open_as(None, "/", width)
    page.fill("[name=email]", coordinator.email)
    page.fill("[name=password]", "mat-khau-dai-2026")
    with page.expect_navigation():
        page.click("main button.btn-primary")

    page.goto(f"{live_server}/chase/")
    page.check("tbody input[type=checkbox]")
    press(page, "Soạn công văn")
    page.fill("[name=unit]", "PC04")
    press(page, "Xem trước")
    assert page.locator(".letter-sheet").count() == 1
    assert fits(page)
    press(page, "Tạo 1 công văn")
    with page.expect_download() as download:
        page.click("text=Tải .docx")
    download.value.save_as(tmp_path / "cong-van.docx")

    assert check((tmp_path / "cong-van.docx").read_bytes()) == []
    assert fits(page)
