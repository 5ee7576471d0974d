"""The administrator's calendar: a year filled, a day added and deleted."""
from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tracker.models import CalendarDay
from tracker.rules.working_days import DayKind


def test_a_year_is_filled_then_a_day_added_and_deleted(browser: FlaskClient, session: Session) -> None:
    filled = browser.post("/admin/calendar/fill", data={"year": 2026}, follow_redirects=True).text
    again = browser.post("/admin/calendar/fill", data={"year": 2026}, follow_redirects=True).text
    data = {"day": "02/01/2026", "kind": "off", "name": "Nghỉ hoán đổi", "source": "Văn bản của tỉnh"}
    added = browser.post("/admin/calendar", data=data, follow_redirects=True).text
    row = session.scalars(select(CalendarDay).where(CalendarDay.day == date(2026, 1, 2))).one()
    asked = browser.get(f"/admin/calendar/{row.id}/delete").text
    session.rollback()
    deleted = browser.post(f"/admin/calendar/{row.id}/delete", follow_redirects=True).text

    assert "holidays 0." in filled
    assert "không có ngày nào mới" in again
    assert "02/01/2026" in added
    assert "Thứ Sáu" in added
    assert "Xóa ngày 02/01/2026 khỏi lịch?" in asked
    assert "Đã xóa ngày 02/01/2026 khỏi lịch." in deleted


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"day": "31/02/2026"}, "Hãy ghi ngày như 02/09/2026."),
    ({"day": ""}, "Hãy ghi ngày."),
    ({"day": "02/09/2026"}, "Ngày 02/09/2026 đã có trong lịch."),
    ({"source": " "}, "Hãy nhập số, ngày của văn bản."),
])  # fmt: skip
def test_a_refused_day_says_why(browser: FlaskClient, session: Session, wrong: dict[str, str], sentence: str) -> None:
    session.add(CalendarDay(day=date(2026, 9, 2), kind=DayKind.OFF, name="Quốc khánh", source="Luật"))
    session.commit()
    data = {"day": "03/09/2026", "kind": "off", "name": "Nghỉ", "source": "Văn bản", **wrong}

    assert sentence in browser.post("/admin/calendar", data=data).text


@pytest.mark.parametrize("year", ["", "abc", "1900", "99999999999999999999"])
def test_a_year_nobody_knows_is_refused(browser: FlaskClient, session: Session, year: str) -> None:
    answer = browser.post("/admin/calendar/fill", data={"year": year}, follow_redirects=True)

    assert "Chỉ nạp được ngày nghỉ lễ từ năm 2015 đến năm 2100." in answer.text


def test_an_agency_has_a_day_of_its_own(browser: FlaskClient, session: Session, make: Factory) -> None:
    agency = make.agency("Sở Y tế")
    session.add(CalendarDay(day=date(2026, 9, 2), kind=DayKind.OFF, name="Quốc khánh", source="Luật"))
    session.commit()
    data = {"day": "02/09/2026", "kind": "working", "name": "Trực", "source": "Công văn", "agency": agency.id}

    added = browser.post("/admin/calendar", data=data, follow_redirects=True).text
    again = browser.post("/admin/calendar", data=data).text
    whole_province = browser.get("/admin/calendar?year=2026").text
    row = session.scalars(select(CalendarDay).where(CalendarDay.agency_id == agency.id)).one()
    asked = browser.get(f"/admin/calendar/{row.id}/delete").text
    session.rollback()
    gone = browser.post(f"/admin/calendar/{row.id}/delete", follow_redirects=True).text

    assert "Đã thêm ngày 02/09/2026 vào lịch riêng của Sở Y tế." in added
    assert "Riêng cơ quan này" in added
    assert "Toàn tỉnh, trừ cơ quan này" in added
    assert "Ngày 02/09/2026 đã có trong lịch." in again
    assert "Trực" not in whole_province
    assert "Sở Y tế (1 ngày riêng)" in whole_province
    assert "trở lại theo lịch toàn tỉnh" in asked
    assert "Riêng cơ quan này" not in gone
    assert session.scalars(select(CalendarDay.agency_id)).all() == [None]


@pytest.mark.parametrize("agency", ["999999", "x", "-1", "99999999999999999999"])
def test_an_agency_nobody_knows_gets_no_day(browser: FlaskClient, session: Session, agency: str) -> None:
    data = {"day": "03/09/2026", "kind": "off", "name": "Nghỉ", "source": "Văn bản", "agency": agency}

    answer = browser.post("/admin/calendar", data=data)

    assert "Hãy chọn một mục trong danh sách." in answer.text
    assert browser.get(f"/admin/calendar?agency={agency}").status_code == 200
    assert not session.scalars(select(CalendarDay)).all()
