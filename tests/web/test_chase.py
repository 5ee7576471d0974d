"""The chase's pages: pick, see what goes out, send, see what became of it."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.models import Assignment, Chase, OutboxMail, User
from tracker.reports.chase_board import AGENCY_ITEMS, PAGE_AGENCIES, BoardFilter, board
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState

DAY = timedelta(days=1)
LATE = TODAY - 5 * DAY


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def late_item(make: Factory, coordinator: User, **values: Any) -> Assignment:
    return make.assignment(make.user().agency, make.plan(coordinator.agency), **{"due_on": LATE, **values})


def form_key(page: str) -> str:
    found = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_board_shows_what_is_late_in_ones_own_plans_only(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    mine = late_item(make, coordinator)
    not_late = late_item(make, coordinator, due_on=TODAY)
    done = late_item(make, coordinator, state=AssignmentState.SUBMITTED)
    others = make.assignment(due_on=LATE)

    page = as_user(coordinator).get("/chase/").text

    assert mine.task.text in page
    assert mine.agency.name in page
    assert "quá hạn 5 ngày" in page
    assert all(item.task.text not in page for item in (not_late, done, others))


def test_asked_bodies_stand_apart_after_the_others(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    ordered = late_item(make, coordinator)
    asked = make.assignment(make.agency(is_requested=True), make.plan(coordinator.agency), due_on=TODAY - 90 * DAY)

    page = as_user(coordinator).get("/chase/").text

    assert page.index(ordered.agency.name) < page.index("Cơ quan được đề nghị phối hợp") < page.index(asked.agency.name)


def test_the_board_can_be_narrowed_to_one_plan(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    one, other = late_item(make, coordinator), late_item(make, coordinator)

    page = as_user(coordinator).get(f"/chase/?plan={one.plan_id}").text

    assert one.task.text in page
    assert other.task.text not in page


def test_an_agency_without_a_liaison_is_flagged(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    make.assignment(plan=make.plan(coordinator.agency), due_on=LATE)

    assert "Chưa có đầu mối nhận thư" in as_user(coordinator).get("/chase/").text


def test_nothing_late_says_so(as_user: Any, make: Factory) -> None:
    assert "Không có việc nào quá hạn" in as_user(make.coordinator()).get("/chase/").text


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


def test_all_or_one_agencys_can_be_picked_with_one_press(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    one, other = late_item(make, coordinator), late_item(make, coordinator)
    browser = as_user(coordinator)

    everything = browser.post("/chase/preview", data={"scope": "all"}).text
    one_agency = browser.post("/chase/preview", data={"only": one.agency_id}).text

    assert one.task.text in everything
    assert other.task.text in everything
    assert one.task.text in one_agency
    assert other.task.text not in one_agency


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


def test_the_board_says_when_something_was_last_chased(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    item = late_item(make, coordinator)
    browser = as_user(coordinator)
    browser.post("/chase/send", data={"assignment": [item.id], "form_key": "k"})

    page = browser.get("/chase/").text

    assert "đã đôn đốc 1 lần, gần nhất 18/03/2026" in page


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
    assert f'value="{item.id}"' in answer.text
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


def test_the_board_is_paged_by_agency(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    agencies = [make.agency() for _ in range(PAGE_AGENCIES + 2)]
    for n, agency in enumerate(agencies):
        make.assignment(agency, plan, due_on=LATE - n * DAY)
    browser = as_user(coordinator)

    first = browser.get("/chase/").text
    after = re.search(r'after=([^"&]+)"', first)
    assert after
    second = browser.get(f"/chase/?after={after[1]}").text

    shown = [re.findall(r'class="chase__agency">([^<]+)<', page) for page in (first, second)]
    assert shown[0] + shown[1] == [agency.name for agency in reversed(agencies)]
    assert len(shown[0]) == PAGE_AGENCIES


def test_the_number_of_queries_does_not_grow_with_the_rows(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    agency = make.user().agency
    make.assignment(agency, plan, due_on=LATE)
    counts = []

    for _ in range(2):
        session.refresh(coordinator)
        with counted_statements() as seen:
            found = board(session, coordinator, BoardFilter(), today=TODAY, after=None)
            assert all(item.assignment.task.text for row in found.page.rows for item in row.items)
        counts.append(len(seen))
        for _ in range(AGENCY_ITEMS + 3):
            make.assignment(agency, plan, due_on=LATE)
            make.assignment(make.user().agency, plan, due_on=LATE)

    assert counts[0] == counts[1] <= 6
