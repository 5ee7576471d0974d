"""The own page of mails and tomorrow's morning in a real browser: by hand on a phone, nothing scrolled sideways."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.browsing import fits, press
from tests.factories import NOW, Factory
from tracker import clock
from tracker.models import CalendarDay, IncomingMail
from tracker.rules.permissions import Role
from tracker.rules.states import IncomingKind, IncomingState
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


def test_no_task_looks_chosen_for_an_answer_before_one_is(
    session: Session, make: Factory, open_as: Callable[..., Any]
) -> None:
    user = make.user()
    for _ in range(2):
        make.assignment(user.agency)
    reply = IncomingMail(message_id="<1@x>", received_at=NOW, kind=IncomingKind.REPLY, state=IncomingState.OFFERED,
                         sender=user.email, subject="Re: 2 việc quá hạn", text="Đã xong.", user_id=user.id)
    session.add(reply)
    session.commit()
    page = open_as(user, f"/my-work/replies/{reply.id}", 360)
    filled = "all => all.map(one => getComputedStyle(one).backgroundColor)"

    before = page.locator("input[type=radio]").evaluate_all(filled)
    page.locator("input[type=radio]").first.check()
    after = page.locator("input[type=radio]").evaluate_all(filled)

    assert len(set(before)) == 1
    assert after[1] == before[1]
    assert after[0] != before[0]
    assert fits(page)


def test_an_administrator_finds_every_page_on_a_phone(make: Factory, open_as: Callable[..., Any]) -> None:
    page = open_as(make.user(Role.ADMINISTRATOR), "/admin/outbox", 360)

    links = page.locator(".subsections a")
    boxes = [link.bounding_box() for link in links.all()]

    assert len(boxes) == 9
    assert all(box["height"] >= 24 and box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in boxes)
    assert page.locator(".subsections a[aria-current]").inner_text() == "Thư gửi đi"
    assert fits(page)
