"""The chase's pages: pick, see what goes out, send, see what became of it."""
from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.late_items import LATE, late_item
from tracker.models import Chase, OutboxMail
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState
from tracker.web.chase.views import MAILS_SHOWN

pytestmark = pytest.mark.usefixtures("morning")


def form_key(page: str) -> str:
    found = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_preview_changes_nothing_and_shows_who_gets_what(as_user: Any, session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user(name="Trần Thị Mai")
    plan = make.plan(coordinator.agency)
    picked = make.assignment(liaison.agency, plan, due_on=LATE)
    left = make.assignment(liaison.agency, plan, due_on=LATE)

    page = as_user(coordinator).post("/chase/preview", data={"scope": "picked", "assignment": [picked.id]}).text

    assert picked.task.text in page
    assert "Trần Thị Mai" in page
    assert left.task.text not in page
    session.rollback()
    assert session.scalars(select(Chase)).all() == []


def test_picking_nothing_is_said(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    late_item(make, coordinator)

    answer = as_user(coordinator).post("/chase/preview", data={"scope": "picked"}, follow_redirects=True)

    assert "Chưa chọn việc nào" in answer.text


def test_everything_an_agency_or_single_items_can_be_picked(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    one, other, third = (late_item(make, coordinator) for _ in range(3))
    browser = as_user(coordinator)

    def shown(**data: Any) -> list[bool]:
        page = browser.post("/chase/preview", data=data).text
        return [item.agency.name in page for item in (one, other, third)]

    assert shown(scope="all") == [True, True, True]
    assert shown(scope="all", plan=one.plan_id) == [True, False, False]
    assert shown(scope="picked", body=one.agency_id) == [True, False, False]
    assert shown(scope="picked", body=one.agency_id, assignment=f"{third.id},x,99999999999") == [True, False, True]
    assert shown(scope="picked", body=one.agency_id, band="over-30") == [False, False, False]


def test_the_preview_shows_the_mail_as_it_will_be_sent(as_user: Any, session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user(name="Trần Thị Mai")
    asked = make.user(agency=make.agency(is_requested=True))
    plan = make.plan(coordinator.agency)
    items = [make.assignment(user.agency, plan, due_on=LATE) for user in (liaison, asked)]

    page = as_user(coordinator).post("/chase/preview", data={
        "assignment": [item.id for item in items], "tone": "official", "note": "Gửi trước thứ Sáu."}).text

    assert "Về việc đôn đốc thực hiện nhiệm vụ: 1 việc quá hạn 5 ngày" in page
    assert "dứt điểm" in page
    assert "Kính đề nghị quan tâm: 1 việc đã qua thời gian đề nghị 5 ngày" in page
    assert page.count("&gt; Gửi trước thứ Sáu.") == 2
    assert "/r/…?open=" in page  # never somebody else's own link
    session.rollback()
    assert session.scalars(select(Chase)).all() == []
    assert session.scalars(select(OutboxMail)).all() == []


def test_mails_past_the_first_few_are_read_one_by_one(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    items = [make.assignment(make.user().agency, plan, due_on=LATE) for _ in range(MAILS_SHOWN + 1)]
    others = make.assignment(make.user().agency, due_on=LATE)
    data = {"assignment": [item.id for item in items], "tone": "firm"}
    browser = as_user(coordinator)

    page = browser.post("/chase/preview", data=data).text
    last = browser.post("/chase/mail", data={**data, "only": items[-1].agency_id}).text
    hidden = browser.post("/chase/mail", data={"assignment": others.id, "only": others.agency_id}).text

    assert page.count('class="mail-shown"') == MAILS_SHOWN
    assert page.count("data-mail>") == 1
    assert items[-1].task.text in last
    assert "khẩn trương" in last
    assert others.task.text not in hidden


def test_what_was_mailed_today_needs_a_tick(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item = late_item(make, coordinator)
    browser = as_user(coordinator)
    browser.post("/chase/send", data={"assignment": item.id, "form_key": "một"})

    page = browser.post("/chase/preview", data={"assignment": item.id}).text
    refused = browser.post("/chase/send", data={"assignment": item.id, "form_key": "hai", "note": "Đã viết."}).text
    browser.post("/chase/send", data={"assignment": item.id, "form_key": "ba", "insist": "y"})

    assert "Vẫn gửi lại hôm nay" in page
    assert "data-send" not in page
    assert "đều đã gửi thư đôn đốc trong hôm nay" in refused
    assert "Đã viết." in refused
    session.rollback()
    assert session.scalars(select(Chase.insisted).order_by(Chase.id)).all() == [False, True]


def test_all_chases_are_listed_and_of_one_agency(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    item, other = late_item(make, coordinator), late_item(make, coordinator)
    browser = as_user(coordinator)
    browser.post("/chase/send", data={"assignment": item.id, "form_key": "k", "note": "Về việc thứ nhất."})

    assert "Về việc thứ nhất." in browser.get("/chase/history").text
    assert "Về việc thứ nhất." in browser.get(f"/chase/history?agency={item.agency_id}").text
    assert "Chưa có lần đôn đốc nào" in browser.get(f"/chase/history?agency={other.agency_id}").text
    assert "Chưa có lần đôn đốc nào" in as_user(make.coordinator()).get("/chase/history").text


def test_sending_ends_on_the_chases_own_page(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item = late_item(make, coordinator)
    browser = as_user(coordinator)
    key = form_key(browser.post("/chase/preview", data={"scope": "all"}).text)

    data = {"assignment": [item.id], "note": "Gửi trước thứ Sáu.", "form_key": key}
    answer = browser.post("/chase/send", data=data, follow_redirects=True)
    again = browser.post("/chase/send", data=data, follow_redirects=True)

    assert "Đã gửi đôn đốc" in answer.text
    assert "Gửi trước thứ Sáu." in answer.text
    assert "Chờ gửi" in answer.text
    assert again.request.path == answer.request.path
    session.rollback()
    assert len(session.scalars(select(Chase)).all()) == 1
    assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_what_stopped_being_late_is_left_out_and_said(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item, done = late_item(make, coordinator), late_item(make, coordinator, state=AssignmentState.SUBMITTED)

    answer = as_user(coordinator).post("/chase/send", data={"assignment": [item.id, done.id], "form_key": "k"},
                                       follow_redirects=True)

    assert "1 việc không còn quá hạn" in answer.text


def test_a_note_that_is_too_long_keeps_what_was_written(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item = late_item(make, coordinator)
    note = "Rất dài. " * 150

    answer = as_user(coordinator).post("/chase/send", data={"assignment": [item.id], "form_key": "k", "note": note})

    assert "dài quá 1000 ký tự" in answer.text
    assert note.strip() in answer.text
    assert f'name="assignment" value="{item.id}"' in answer.text
    session.rollback()
    assert session.scalars(select(Chase)).all() == []


def test_a_refused_note_keeps_what_was_written(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    item = late_item(make, coordinator)

    answer = as_user(coordinator).post(
        "/chase/send", data={"assignment": [item.id], "form_key": "k", "note": "Số 001085012345."}
    )

    assert "căn cước công dân" in answer.text
    assert "001085012345" in answer.text


def test_another_coordinators_assignment_can_not_be_chased(as_user: Any, session: Session, make: Factory) -> None:
    others = make.assignment(make.user().agency, due_on=LATE)
    browser = as_user(make.coordinator())

    preview = browser.post("/chase/preview", data={"assignment": [others.id]}, follow_redirects=True)
    sent = browser.post("/chase/send", data={"assignment": [others.id], "form_key": "k"}, follow_redirects=True)

    assert others.task.text not in preview.text + sent.text
    session.rollback()
    assert session.scalars(select(Chase)).all() == []


def test_another_agencys_chase_does_not_exist(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item = late_item(make, coordinator)
    as_user(coordinator).post("/chase/send", data={"assignment": [item.id], "form_key": "k"})
    session.rollback()
    chase = session.scalars(select(Chase)).one()

    assert as_user(make.coordinator()).get(f"/chase/{chase.id}").status_code == 404


@pytest.mark.parametrize("role", [Role.LIAISON, Role.LEADER, Role.ADMINISTRATOR])
def test_only_coordinators_come_here(as_user: Any, make: Factory, role: Role) -> None:
    browser = as_user(make.user(role))

    assert browser.get("/chase/").status_code == 403
    assert browser.post("/chase/preview").status_code == 403
    assert browser.post("/chase/send").status_code == 403
    assert browser.post("/chase/note").status_code == 403
    assert browser.post("/chase/mail").status_code == 403
    assert browser.get("/chase/history").status_code == 403
