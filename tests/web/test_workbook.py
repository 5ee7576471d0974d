"""The workbook in the browser: downloaded, uploaded, shown, confirmed."""
from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workbooks import PLACE, filled, opened
from tracker.models import Actor, Assignment, ProgressUpdate, User
from tracker.reports.workbook import HEADER_ROW, MEDIA_TYPE
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.workflow.progress import report

pytestmark = pytest.mark.usefixtures("morning")


def upload(browser: Any, data: bytes, name: str = "bao-cao.xlsx") -> Any:
    # Written by hand: the test client keeps a large form in a file that it leaves to be swept.
    head = f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return browser.post("/my-work/workbook", data=head.encode() + data + b"\r\n--part--\r\n",
                        content_type="multipart/form-data; boundary=part")


def waiting(page: str) -> str:
    found = re.search(r'name="waiting" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def tell(session: Session, row: Assignment, user: User, text: str, app: Flask) -> None:
    report(session, row, actor=Actor(user.name, "127.0.0.1", user), state=State.IN_PROGRESS, text=text, percent=20,
           evidence_folder=app.extensions["settings"].evidence_folder, today=TODAY, now=NOW)
    session.commit()


def test_the_file_is_named_after_the_agency_and_the_day(make: Factory, as_user: Any) -> None:
    user = make.user(agency=make.agency("Sở Giáo dục và Đào tạo"))
    make.assignment(user.agency)

    answer = as_user(user).get("/my-work/workbook/download")

    assert answer.mimetype == MEDIA_TYPE
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert "filename*=UTF-8''B%C3%A1o%20c%C3%A1o" in disposition
    assert "2026-03-18.xlsx" in disposition
    assert opened(answer.data).cell(HEADER_ROW + 1, PLACE["agency"]).value == "Sở Giáo dục và Đào tạo"


def test_filled_shown_confirmed(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()
    rows = [make.assignment(user.agency) for _ in range(4)]
    browser = as_user(user)
    data = filled(browser.get("/my-work/workbook/download").data, {
        rows[0].id: {"text": "Đã mở <b>3</b> lớp.", "percent": 40},
        rows[1].id: {"text": "Xong.", "state": "Đã hoàn thành", "document_number": "5/BC", "document_on": TODAY},
        rows[2].id: {"text": "Sai.", "percent": "nhiều"},
    })  # fmt: skip

    shown = upload(browser, data)

    assert shown.status_code == 200
    assert "Xác nhận lưu 2 dòng" in shown.text
    assert "1 dòng cần sửa trong tệp" in shown.text
    assert "Cột “Tiến độ (%)”: hãy ghi số nguyên từ 0 đến 100." in shown.text
    assert "1 dòng không có gì mới" in shown.text
    assert "Đã mở &lt;b&gt;3&lt;/b&gt; lớp." in shown.text
    assert "5/BC ngày 18/03/2026" in shown.text
    session.rollback()
    assert session.query(ProgressUpdate).count() == 0

    saved = browser.post("/my-work/workbook/save", data={"waiting": waiting(shown.text)}, follow_redirects=True)

    assert "Đã lưu 2 dòng từ tệp Excel." in saved.text
    session.rollback()
    assert [session.get_one(Assignment, row.id).state for row in rows] == [
        State.IN_PROGRESS, State.SUBMITTED, State.OPEN, State.OPEN]
    again = upload(browser, data)
    assert "Không có gì để lưu" in again.text
    assert "3 dòng không có gì mới" in again.text


def test_a_conflict_shows_both_and_waits_for_a_tick(session: Session, make: Factory, as_user: Any, app: Flask) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    browser = as_user(user)
    data = filled(browser.get("/my-work/workbook/download").data, {row.id: {"text": "Của tôi."}})
    tell(session, row, make.user(agency=user.agency), "Của người khác.", app)

    shown = upload(browser, data).text

    assert "Của người khác." in shown
    assert "Của tôi." in shown
    handed = waiting(shown)
    browser.post("/my-work/workbook/save", data={"waiting": handed})
    assert session.query(ProgressUpdate).count() == 1
    session.rollback()
    browser.post("/my-work/workbook/save", data={"waiting": handed, "insist": str(row.id)})
    session.rollback()
    assert session.query(ProgressUpdate).count() == 2


def test_what_changed_before_the_confirmation_is_shown_again(
    session: Session, make: Factory, as_user: Any, app: Flask
) -> None:
    user = make.user()
    rows = [make.assignment(user.agency) for _ in range(2)]
    browser = as_user(user)
    data = filled(browser.get("/my-work/workbook/download").data, {row.id: {"text": "Của tôi."} for row in rows})
    handed = waiting(upload(browser, data).text)
    tell(session, rows[0], make.user(agency=user.agency), "Của người khác.", app)

    answer = browser.post("/my-work/workbook/save", data={"waiting": handed})

    assert answer.status_code == 409
    assert "Đã lưu 1 dòng." in answer.text
    assert "Của người khác." in answer.text
    assert f'name="insist" value="{rows[0].id}"' in answer.text


def test_another_persons_list_is_not_confirmed(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    browser = as_user(user)
    handed = waiting(upload(browser, filled(browser.get("/my-work/workbook/download").data,
                                            {row.id: {"text": "Của tôi."}})).text)

    answer = as_user(make.user()).post("/my-work/workbook/save", data={"waiting": handed})

    assert answer.status_code == 400
    assert "tải tệp lên lại" in answer.text
    assert session.query(ProgressUpdate).count() == 0


def test_another_agencys_file_changes_nothing(session: Session, make: Factory, as_user: Any) -> None:
    theirs = make.user()
    row = make.assignment(theirs.agency)
    data = filled(as_user(theirs).get("/my-work/workbook/download").data, {row.id: {"text": "Của tôi."}})

    shown = upload(as_user(make.user()), data)

    assert "mã không phải của cơ quan bạn" in shown.text
    assert 'name="waiting"' not in shown.text


@pytest.mark.parametrize(("data", "name", "words"), [
    (b"", "", "Hãy chọn tệp Excel"), (b"x" * (5 * 1024 * 1024 + 1), "a.xlsx", "lớn hơn 5 MB"),
    (b"%PDF-1.7", "a.pdf", "Không đọc được tệp"), (b"MZ", "a.xlsx", "chương trình"),
    (b"PK\x03\x04", "a.xlsx", "Không đọc"),
])  # fmt: skip
def test_what_is_no_workbook_is_told(make: Factory, as_user: Any, data: bytes, name: str, words: str) -> None:
    answer = upload(as_user(make.user()), data, name)

    assert answer.status_code == 400
    assert words in answer.text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEADER, Role.ADMINISTRATOR])
def test_only_those_who_report_have_a_workbook(make: Factory, as_user: Any, role: Role) -> None:
    browser = as_user(make.user(role))

    answers = [browser.get("/my-work/workbook"), browser.get("/my-work/workbook/download"),
               browser.post("/my-work/workbook"), browser.post("/my-work/workbook/save")]

    assert {answer.status_code for answer in answers} == {403}
