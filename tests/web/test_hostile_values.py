"""What no form of ours sends: NUL, half letters, endless numbers, lists without end. Nobody's page breaks of it."""
from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.factories import TODAY, Factory
from tracker.models import Assignment, Chase, Comment, ReportDraft, User

pytestmark = pytest.mark.usefixtures("morning")
DAY = timedelta(days=1)
ENDLESS = "1" * 5_000


@pytest.fixture
def row(make: Factory) -> Assignment:
    return make.assignment(plan=make.plan(make.coordinator().agency), due_on=TODAY - DAY)


@pytest.fixture
def liaison(make: Factory, row: Assignment, as_user: Any) -> FlaskClient:
    browser: FlaskClient = as_user(make.user(agency=row.agency))
    return browser


@pytest.fixture
def coordinator(session: Session, row: Assignment, as_user: Any) -> FlaskClient:
    browser: FlaskClient = as_user(
        session.scalars(select(User).where(User.agency_id == row.plan.coordinator_id)).one())
    return browser


def test_half_a_letter_in_a_draft_breaks_no_page(row: Assignment, liaison: FlaskClient, session: Session) -> None:
    kept = liaison.post(f"/assignments/{row.id}/draft", json={"text": "Một \ud800 nửa", "version": "1"})

    assert kept.json["ok"]
    assert session.scalars(select(ReportDraft)).one().values["text"] == "Một ? nửa"
    assert "Một ? nửa" in liaison.get(f"/assignments/{row.id}/progress").text


def test_a_button_with_an_endless_number_drops_no_file(row: Assignment, liaison: FlaskClient) -> None:
    liaison.post(f"/assignments/{row.id}/files", data={"file": (BytesIO(b"Ghi chu"), "a.txt")})

    answer = liaison.post(f"/assignments/{row.id}/progress", data={"press": f"remove-{ENDLESS}", "text": "Còn đây"})

    assert answer.status_code == 200
    assert "a.txt" in answer.text
    assert "Còn đây" in answer.text


@pytest.mark.parametrize("agency", [ENDLESS, "", "²", "-1", "99999999999"])
def test_a_helper_is_an_agency_that_there_is(row: Assignment, liaison: FlaskClient, agency: str) -> None:
    answer = liaison.post(f"/assignments/{row.id}/parts", data={"agency": agency})

    assert answer.status_code == 400
    assert "Hãy chọn cơ quan phối hợp" in answer.text


def test_nul_is_left_out_of_what_is_said_in_a_thread(
    row: Assignment, liaison: FlaskClient, session: Session
) -> None:
    for _twice in range(2):
        liaison.post(f"/assignments/{row.id}/thread", data={"text": "Xin\0 hỏi", "form_key": "mot\0lan"})

    assert session.scalars(select(Comment.text)).all() == ["Xin hỏi"]
    assert liaison.get("/assignments/agencies?q=s%C6%A1%00").status_code == 200


@pytest.mark.parametrize(("where", "more"), [
    ("send", {"tone": "gentle"}), ("note", {"channel": "phone", "happened_on": f"{TODAY:%d/%m/%Y}"}),
])
def test_nul_is_left_out_of_what_is_said_in_a_chase(
    row: Assignment, coordinator: FlaskClient, session: Session, where: str, more: dict[str, str]
) -> None:
    answer = coordinator.post(f"/chase/{where}", data={"assignment": str(row.id), "note": "Gấp\0 lắm",
                                                       "form_key": "mot\0lan", **more})

    assert answer.status_code == 302
    assert session.scalars(select(Chase.note)).one() == "Gấp lắm"


def test_nul_is_left_out_of_a_letter(row: Assignment, coordinator: FlaskClient, session: Session) -> None:
    answer = coordinator.post("/chase/letters/new", data={
        "assignment": str(row.id), "step": "make", "form_key": "mot\0lan", "extra": "Đề\0 nghị\x01 sớm",
        "reply_by": f"{TODAY + 9 * DAY:%d/%m/%Y}", "heading": "CÔNG\0 AN TỈNH", "abbreviation": "CAT", "unit": "PC04",
        "place": "Hà Dương", "authority": "GIÁM ĐỐC", "one_each": "yes"})

    assert answer.status_code == 302
    assert len(session.scalars(select(Chase)).one().letters) == 1


@pytest.mark.parametrize("field", ["assignment", "body"])
def test_seventy_thousand_picked_ids_are_an_answer_like_any(
    row: Assignment, coordinator: FlaskClient, field: str
) -> None:
    answer = coordinator.post("/chase/preview", data={field: ",".join(map(str, range(1, 70_001)))})

    assert answer.status_code == 200
    assert row.task.text in answer.text


def test_what_people_wrote_is_in_no_log_of_a_failed_statement(session: Session) -> None:
    with pytest.raises(DBAPIError) as failed:
        session.execute(text("SELECT :words FROM nowhere"), {"words": "Nguyễn Văn An"})

    session.rollback()
    assert "nowhere" in str(failed.value)
    assert "Nguyễn" not in str(failed.value)
