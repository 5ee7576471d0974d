"""The page of the province's own periods, hour, limits and usual reminders."""
from __future__ import annotations

import re
from datetime import time
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.web.reminder_fields import POLICY, TOLD
from tracker.models import PlanReminderPolicy, ProvincePolicy
from tracker.models.policy import load_policy, load_reminder_policy
from tracker.rules.permissions import Role
from tracker.rules.policy import Policy
from tracker.rules.reminder_policy import Audience, Moment, ReminderPolicy


def test_an_administrator_sets_everything_on_one_page(session: Session, browser: FlaskClient) -> None:
    answer = browser.post("/admin/policy", follow_redirects=True, data=POLICY | {
        "grace_after_return": "2", "send_at": "6h45", "mails_per_week": "3", "before": "1; 7",
        "told": [*TOLD, "very_late:coordinator"]})

    assert "Đã lưu quy định chung" in answer.text
    assert load_policy(session) == Policy(grace_after_return=2, send_at=time(6, 45), mails_per_week=3)
    assert load_reminder_policy(session) == ReminderPolicy(
        before=(7, 1), told=ReminderPolicy().told | {(Moment.VERY_LATE, Audience.COORDINATOR)})
    # Shown again, nothing has changed.
    page = browser.get("/admin/policy").text
    assert 'value="7, 1"' in page
    assert 'value="06:45"' in page
    assert re.search(r'value="very_late:coordinator" checked', page)


def test_the_first_save_without_a_change_says_so(session: Session, browser: FlaskClient) -> None:
    answer = browser.post("/admin/policy", data=POLICY, follow_redirects=True)

    assert "Không có gì thay đổi" in answer.text


def test_the_last_warning_is_a_ticked_box_that_cannot_be_emptied(session: Session, browser: FlaskClient) -> None:
    page = browser.get("/admin/policy").text
    assert re.search(r'value="due:liaison" checked disabled aria-describedby="told-why"', page)
    assert "không tắt được" in page

    browser.post("/admin/policy", data=POLICY | {"told": []})

    assert load_reminder_policy(session).told == {(Moment.DUE, Audience.LIAISON)}


def test_what_makes_no_sense_is_said_beside_it_and_stays(session: Session, browser: FlaskClient) -> None:
    for field, value, words in (
        ("grace_after_return", "hai", "Hãy ghi một số nguyên"), ("grace_after_return", "99", "từ 0 đến 30"),
        ("answer_within", "", "Hãy ghi một số nguyên"), ("send_at", "25:00", "Hãy ghi giờ và phút"),
        ("send_at", "", "Hãy ghi giờ và phút"), ("send_at", "03:00", "Giờ gửi phải từ 05:00 đến 16:00"),
        ("before", "5, năm", "cách nhau bằng dấu phẩy"), ("before", "5, 5", "nhiều nhất 5 mốc"),
        ("before", "31", "nhiều nhất 5 mốc"), ("before", "6, 5, 4, 3, 2, 1", "nhiều nhất 5 mốc"),
        ("after_every", "0", "từ 1 đến 30"), ("weekly_after", "١٥", "Hãy ghi một số nguyên"),
        ("very_late_after", "4", "không được sớm hơn mốc quá hạn lâu"), ("told", "due:everybody", "các ô trong bảng"),
        ("told", "due", "các ô trong bảng"),
    ):
        answer = browser.post("/admin/policy", data=POLICY | {field: value})
        assert words in answer.text, (field, value)
        assert "Chưa lưu được" in answer.text
    assert load_policy(session) == Policy()
    assert load_reminder_policy(session) == ReminderPolicy()


def test_a_grace_that_is_too_long_for_the_calendar_is_said_at_its_field(
    session: Session, browser: FlaskClient, make: Factory, monkeypatch: Any
) -> None:
    monkeypatch.setattr("tracker.rules.look_back.longest_rest", lambda _calendar: 60)

    page = browser.post("/admin/policy", data=POLICY | {"grace_after_return": "30"}).text

    assert re.search(r'id="grace_after_return-error">\s*<div>Thời gian sửa báo cáo cộng kỳ nghỉ', page)


def test_trying_shows_days_and_people_and_saves_nothing(session: Session, make: Factory, browser: FlaskClient) -> None:
    agency = make.agency("Sở Y tế")
    make.user(agency=agency, name="Hoàng Thị Mai", email="mai@syt.haduong.example")
    make.user(Role.LEADER, name="Lương Đình Khải")

    page = browser.post("/admin/policy", data=POLICY | {
        "before": "8, 2", "try": "1", "sample-due_on": "27/02/2026", "sample-agency": str(agency.id)}).text

    assert "chưa lưu" in page
    assert "17/02/2026" in page  # eight working days before
    assert "Trước hạn 8 ngày làm việc" in page
    assert "mai@syt.haduong.example" in page
    assert "Lương Đình Khải" in page
    assert "Thủ trưởng cơ quan: chưa có ai nhận được thư" in page
    assert 'value="8, 2"' in page  # what was typed stays
    assert load_reminder_policy(session) == ReminderPolicy()
    assert session.get(ProvincePolicy, 1) is None


def test_a_sample_that_makes_no_sense_is_said_and_keeps_nobody_from_saving(
    session: Session, make: Factory, browser: FlaskClient
) -> None:
    make.user()
    for bad in ({"sample-due_on": "32/13/2026"}, {"sample-due_on": "01/01/9999"}, {"sample-due_on": ""},
                {"sample-due_on": "27/02/2026", "sample-agency": "99999"},
                {"sample-due_on": "27/02/2026", "sample-agency": "9" * 40}):
        page = browser.post("/admin/policy", data=POLICY | {"try": "1"} | bad).text
        assert "Chưa xem thử được" in page, bad

    answer = browser.post("/admin/policy", data=POLICY | {"link_days": "7", "sample-due_on": "hôm nào đó"})

    assert answer.status_code == 302
    assert load_policy(session).link_days == 7


def test_what_somebody_else_saved_meanwhile_is_shown_beside_what_was_typed(
    session: Session, make: Factory, browser: FlaskClient, as_user: Any
) -> None:
    as_user(make.user(Role.ADMINISTRATOR)).post("/admin/policy", data=POLICY | {"answer_within": "9"})

    late = browser.post("/admin/policy", data=POLICY | {"answer_within": "4", "before": "2"}).text

    assert "Người khác vừa sửa quy định này" in late
    assert re.search(r"Khác với bản đang áp dụng.*?<td[^>]*>9</td><td[^>]*>4</td>", late, re.DOTALL)
    assert load_policy(session).answer_within == 9
    # The form can be saved over it now, knowingly.
    version = re.search(r'name="version"[^>]*value="(\d+)"', late)
    assert version
    browser.post("/admin/policy", data=POLICY | {"answer_within": "4", "before": "2", "version": version[1]})
    session.rollback()
    assert (load_policy(session).answer_within, load_reminder_policy(session).before) == (4, (2,))


def test_an_empty_province_has_a_page_too(session: Session, browser: FlaskClient) -> None:
    assert browser.get("/admin/policy").status_code == 200


def test_plans_with_a_way_of_their_own_are_named(session: Session, make: Factory, browser: FlaskClient) -> None:
    plan = make.plan(number="88/KH-UBND")
    session.add(PlanReminderPolicy(plan_id=plan.id, changed_at=NOW))
    session.commit()

    page = browser.get("/admin/policy").text

    assert "1 kế hoạch có cách nhắc riêng" in page
    assert f'<a href="/plans/{plan.id}">88/KH-UBND</a>' in page
