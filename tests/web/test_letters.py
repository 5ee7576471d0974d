"""Official letters on the pages: written from what was picked, taken as files, numbered; forms for administrators."""
from __future__ import annotations

import re
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import TODAY, Factory
from tracker.models import Assignment, Chase, Letter, LetterTemplate, User
from tracker.reports.letter_check import check
from tracker.reports.letter_template import built_in
from tracker.rules.permissions import Role

pytestmark = pytest.mark.usefixtures("morning")
DAY = timedelta(days=1)
#: What a coordinator fills in.
FILLED = {
    "step": "make", "one_each": "yes", "subject": "", "request_subject": "", "reply_by": "25/03/2026", "extra": "",
    "parent": "Bộ Công an", "heading": "Công an tỉnh Hà Dương", "abbreviation": "cat", "unit": "pc04",
    "place": "Hà Dương", "authority": "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "signer": "", "copies": "", "form_key": "key-1",
}  # fmt: skip


def late(make: Factory, coordinator: User, **values: Any) -> Assignment:
    agency = values.pop("agency", None) or make.agency()
    return make.assignment(agency, make.plan(coordinator.agency), **{"due_on": TODAY - 5 * DAY, **values})


def written(browser: Any, session: Session, *items: Assignment, **changes: Any) -> Letter:
    data = {**FILLED, "assignment": ",".join(str(item.id) for item in items), **changes}
    answer = browser.post("/chase/letters/new", data=data)
    assert answer.status_code == 302, answer.text
    session.rollback()
    return session.scalars(select(Letter).order_by(Letter.id.desc())).first()  # type: ignore[return-value]


def test_the_board_and_the_preview_lead_to_the_letter(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    item = late(make, coordinator)
    browser = as_user(coordinator)

    board = browser.get("/chase/").text
    preview = browser.post("/chase/preview", data={"assignment": item.id}).text

    assert 'formaction="/chase/letters/new"' in board
    assert 'formaction="/chase/letters/new"' in preview


def test_the_first_look_proposes_a_head_and_changes_nothing(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item = late(make, coordinator)

    page = as_user(coordinator).post("/chase/letters/new", data={"assignment": item.id}).text

    assert re.search(r'name="form_key"[^>]*value="[^"]{20,}"', page)
    assert 'value="25/03/2026"' in page
    session.rollback()
    assert session.scalars(select(Chase)).all() == []


def test_picking_nothing_is_said(as_user: Any, make: Factory) -> None:
    answer = as_user(make.coordinator()).post("/chase/letters/new", data={}, follow_redirects=True)

    assert "Chưa chọn việc nào" in answer.text


def test_the_preview_shows_the_letter_as_text(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item = late(make, coordinator, agency=make.agency("Sở <b>Y tế</b> & bạn"))

    page = as_user(coordinator).post("/chase/letters/new", data={
        **FILLED, "step": "preview", "assignment": item.id, "extra": "Đoạn thêm."}).text

    assert "Kính gửi: Sở &lt;b&gt;Y tế&lt;/b&gt; &amp; bạn" in page
    assert "Số:        /CAT-PC04" in page
    assert "chậm nhất ngày 25 tháng 3 năm 2026" in page
    assert "Đoạn thêm." in page
    session.rollback()
    assert session.scalars(select(Chase)).all() == []


def test_a_letter_is_made_taken_and_numbered(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    browser = as_user(coordinator)

    letter = written(browser, session, late(make, coordinator))
    with browser.get(f"/chase/letters/{letter.id}/download") as file:
        content = file.data
    waiting = browser.get(f"/chase/{letter.chase_id}").text
    listed = browser.get("/chase/history").text
    browser.post(f"/chase/letters/{letter.id}/number", data={"number": "152/CAT-PC04", "issued_on": "18/03/2026"})
    numbered = browser.get(f"/chase/{letter.chase_id}").text

    assert check(content) == []
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert file.headers["Cache-Control"] == "private, no-store"
    assert "chưa ghi số" in waiting
    assert "1 công văn chưa ghi số" in listed
    assert "Số 152/CAT-PC04 ngày 18/03/2026" in numbered
    assert "chưa ghi số" not in numbered
    assert "chưa ghi số" not in browser.get("/chase/history").text


def test_several_letters_come_in_one_file(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    browser = as_user(coordinator)
    letter = written(browser, session, late(make, coordinator), late(make, coordinator))

    packed = browser.get(f"/chase/{letter.chase_id}/letters.zip").data

    with zipfile.ZipFile(BytesIO(packed)) as bundle:
        assert len(bundle.namelist()) == 2
        assert all(check(bundle.read(name)) == [] for name in bundle.namelist())


def test_head_and_signature_are_remembered(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    browser = as_user(coordinator)
    written(browser, session, late(make, coordinator), signer="Đại tá Nguyễn Văn An")

    page = browser.post("/chase/letters/new", data={"assignment": late(make, coordinator).id}).text

    assert 'value="Đại tá Nguyễn Văn An"' in page
    assert 'value="PC04"' in page
    assert 'value="BỘ CÔNG AN"' in page


@pytest.mark.parametrize(("changes", "said"), [
    ({"reply_by": "18/03/2026"}, "Hạn báo cáo kết quả phải sau hôm nay"),
    ({"reply_by": "mai"}, "Hãy ghi ngày như"),
    ({"unit": ""}, "Hãy ghi đơn vị soạn thảo"),
    ({"unit": "PC 04"}, "viết liền"),
    ({"authority": ""}, "Hãy ghi quyền hạn"),
    ({"extra": "Số 001099012345"}, "Đoạn viết thêm"),
    ({"subject": "x" * 201}, "Không dài quá"),
])
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    as_user: Any, session: Session, make: Factory, changes: dict[str, str], said: str
) -> None:
    coordinator = make.coordinator()
    item = late(make, coordinator)

    page = as_user(coordinator).post("/chase/letters/new", data={
        **FILLED, "copies": "Lưu giữ chữ này", "assignment": item.id, **changes})

    assert page.status_code == 200
    assert said in page.text
    assert "Lưu giữ chữ này" in page.text
    session.rollback()
    assert session.scalars(select(Letter)).all() == []


def test_another_coordinators_work_and_letters_do_not_exist(as_user: Any, session: Session, make: Factory) -> None:
    coordinator, other = make.coordinator(), make.coordinator()
    item = late(make, coordinator)
    letter = written(as_user(coordinator), session, item)
    stranger = as_user(other)

    assert "Không còn việc nào" in stranger.post("/chase/letters/new", data={"assignment": item.id},
                                                 follow_redirects=True).text
    for address in (f"/chase/letters/{letter.id}/download", f"/chase/{letter.chase_id}/letters.zip",
                    f"/chase/letters/{letter.id}/number"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"/chase/letters/{letter.id}/number", data={"number": "1/A", "issued_on": "18/03/2026"}
                         ).status_code == 404


@pytest.mark.parametrize("role", [Role.LIAISON, Role.LEADER, Role.ADMINISTRATOR])
def test_only_coordinators_write_letters(as_user: Any, session: Session, make: Factory, role: Role) -> None:
    coordinator = make.coordinator()
    letter = written(as_user(coordinator), session, late(make, coordinator))
    browser = as_user(make.user(role, coordinator.agency))

    assert browser.post("/chase/letters/new", data=FILLED).status_code == 403
    assert browser.get(f"/chase/letters/{letter.id}/download").status_code == 403
    assert browser.get(f"/chase/letters/{letter.id}/number").status_code == 403


def test_a_number_another_has_written_meanwhile_is_shown(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    browser = as_user(coordinator)
    letter = written(browser, session, late(make, coordinator))
    address = f"/chase/letters/{letter.id}/number"
    browser.post(address, data={"number": "152/CAT-PC04", "issued_on": "18/03/2026", "seen": ""})

    page = browser.post(address, data={"number": "999/CAT-PC04", "issued_on": "18/03/2026", "seen": ""}).text

    assert "Người khác vừa ghi số 152/CAT-PC04" in page
    assert 'value="999/CAT-PC04"' in page


@pytest.mark.parametrize(("number", "issued_on", "said"), [
    ("", "18/03/2026", "Hãy ghi số và ký hiệu."), ("152", "18/03/2026", "như văn thư cấp"),
    ("152/CAT", "19/03/2026", "không được sau hôm nay"), ("152/CAT", "17/03/2026", "trước ngày soạn"),
    ("152/CAT", "", "Hãy ghi ngày ban hành"),
])
def test_a_bad_number_or_date_is_told(
    as_user: Any, session: Session, make: Factory, number: str, issued_on: str, said: str
) -> None:
    coordinator = make.coordinator()
    browser = as_user(coordinator)
    letter = written(browser, session, late(make, coordinator))

    page = browser.post(f"/chase/letters/{letter.id}/number", data={"number": number, "issued_on": issued_on}).text

    assert said in page


# The administrator's forms.


def bring(browser: Any, agency_id: int, content: bytes, name: str = "mau.docx") -> Any:
    return browser.post("/admin/letter-templates", data={"agency": str(agency_id), "file": (BytesIO(content), name)})


def with_words(words: str, font: str = "Times New Roman") -> bytes:
    document = Document(BytesIO(built_in()))
    document.paragraphs[0].insert_paragraph_before(words).runs[0].font.name = font
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_an_agencys_own_form_is_brought_used_and_retired(as_user: Any, session: Session, make: Factory) -> None:
    coordinator, administrator = make.coordinator(), make.user(Role.ADMINISTRATOR)
    browser = as_user(administrator)
    starting_point = browser.get("/admin/letter-templates/built-in").data

    assert bring(browser, coordinator.agency_id, starting_point).status_code == 302
    page = browser.get("/admin/letter-templates").text
    session.rollback()
    row = session.scalars(select(LetterTemplate)).one()
    asked = browser.get(f"/admin/letter-templates/{row.id}/retire").text
    browser.post(f"/admin/letter-templates/{row.id}/retire")

    assert "mau.docx" in page
    assert administrator.name in page
    with browser.get(f"/admin/letter-templates/{row.id}/download") as kept:
        assert kept.data == starting_point
    assert "Bỏ mẫu riêng" in asked
    assert "Mẫu có sẵn" in browser.get("/admin/letter-templates").text


@pytest.mark.parametrize(("words", "said"), [
    ("{{ ten_co_quan }}", "chỗ điền không biết: “ten_co_quan”"),
    ("{{ ''.__class__ }}", "lệnh không được phép: “__class__”"),
    ("{{ subject", "Không điền được mẫu này"),
    ("{% for a in range(9) %}x{% endfor %}", "lệnh không được phép"),
])
def test_a_bad_form_is_refused_with_the_place_that_is_wrong(
    as_user: Any, session: Session, make: Factory, words: str, said: str
) -> None:
    coordinator = make.coordinator()

    answer = bring(as_user(make.user(Role.ADMINISTRATOR)), coordinator.agency_id, with_words(words))

    assert answer.status_code == 422
    assert said in answer.text.replace("&#39;", "'")
    session.rollback()
    assert session.scalars(select(LetterTemplate)).all() == []


def test_what_a_form_has_against_the_decree_is_listed(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    browser = as_user(make.user(Role.ADMINISTRATOR))

    page = bring(browser, coordinator.agency_id, with_words("Chữ thêm <b>", "Arial")).text

    assert "Mẫu đã nhận, nhưng có chỗ khác thể thức" in page
    assert "Chữ thêm &lt;b&gt;" in page


def test_no_file_or_a_foreign_agency_is_told(as_user: Any, make: Factory) -> None:
    coordinator, nobody = make.coordinator(), make.agency()
    browser = as_user(make.user(Role.ADMINISTRATOR))

    assert "Hãy chọn tệp mẫu" in browser.post("/admin/letter-templates", data={"agency": coordinator.agency_id}).text
    assert bring(browser, nobody.id, built_in()).status_code == 404
    assert bring(browser, 10**12, built_in()).status_code == 404


def test_only_administrators_bring_forms(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()

    assert as_user(coordinator).get("/admin/letter-templates").status_code == 403
    assert bring(as_user(coordinator), coordinator.agency_id, built_in()).status_code == 403
