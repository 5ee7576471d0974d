"""The own page of mails and tomorrow's morning in a real browser: by hand on a phone, nothing scrolled sideways."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.browsing import fits, press
from tests.factories import Factory
from tracker import clock
from tracker.models import CalendarDay
from tracker.rules.permissions import Role
from tracker.rules.working_days import DayKind

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]
DAY = timedelta(days=1)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_liaison_names_who_stands_in(
    session: Session, make: Factory, open_as: Callable[..., Any], width: int
) -> None:
    user = make.user(name="Trần Thị Mai Lan")
    colleague = make.user(agency=user.agency, name="Quách Thị Ngân Giang")
    first = clock.today() + DAY
    page = open_as(user, "/accounts/preferences", width)
    assert fits(page)

    page.get_by_label("Mỗi tuần một lần").check()
    page.get_by_label("Người thay").select_option(str(colleague.id))
    page.get_by_label("Vắng mặt từ ngày").fill(f"{first:%d/%m/%Y}")
    press(page, "Lưu")
    assert "Hãy ghi cả ngày đầu và ngày cuối vắng mặt." in page.locator("#away_until-error").inner_text()
    assert fits(page)
    page.get_by_label("Đến hết ngày").fill(f"{first + 7 * DAY:%d/%m/%Y}")
    press(page, "Lưu")

    page.wait_for_selector(".alert-success")
    assert fits(page)
    session.rollback()
    assert (user.stand_in_id, user.away_from) == (colleague.id, first)


@pytest.mark.parametrize("width", [1280, 360])
def test_what_a_mail_holds_is_opened_with_a_press(
    session: Session, make: Factory, open_as: Callable[..., Any], width: int
) -> None:
    reader, liaison = make.coordinator(), make.user(name="Lê Thị Hạnh")
    plan = make.plan(reader.agency)
    row = make.assignment(liaison.agency, plan, due_on=clock.today() - 40 * DAY)
    make.assignment(make.agency("Ủy ban nhân dân xã Nguyễn Úy Đông Hưng Phú"), plan, due_on=clock.today() - 40 * DAY)
    page = open_as(reader, "/chase/morning", width)
    assert fits(page)

    item = page.get_by_role("link", name=row.task.text)
    assert not item.is_visible()
    page.locator(".morning__person summary").first.focus()
    page.keyboard.press("Enter")

    assert item.is_visible()
    assert fits(page)
    assert "1 cơ quan không ai nhận được thư" in page.locator("#nobody").inner_text()


def test_an_agencys_calendar_fits_a_phone(session: Session, make: Factory, open_as: Callable[..., Any]) -> None:
    agency = make.agency("Ban Quản lý Khu kinh tế và các khu công nghiệp tỉnh Hà Dương")
    today = clock.today()
    session.add_all([
        CalendarDay(day=today, kind=DayKind.OFF, name="Quốc khánh", source="Luật"),
        CalendarDay(day=today, kind=DayKind.WORKING, name="Trực", source="Công văn 12/BQL-VP", agency=agency),
    ])

    page = open_as(make.user(Role.ADMINISTRATOR), f"/admin/calendar?year={today.year}&agency={agency.id}", 360)

    assert fits(page)
    assert page.get_by_text("Riêng cơ quan này").is_visible()
