"""The report form: what is said in it, what is wrong in it, two people at once, taking back."""
from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import sample_files as sample
from tests.counting import counted_statements
from tests.factories import TODAY
from tests.web.assignment_case import DAY, FETCH, FIGURES, Case, file, form_of, post
from tracker.models import AuditEntry
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import ReportChannel

pytestmark = pytest.mark.usefixtures("morning")


# ---- what is reported


def test_a_report_is_saved_and_the_next_form_starts_from_it(case: Case) -> None:
    answer = case.report(percent="40 %", text="Đã mở 3 lớp.", difficulties="Thiếu hội trường.")
    desk = case.get("liaison", "/my-work/").text
    form = case.get("liaison", f"/assignments/{case.id}/progress").text

    assert answer.location == "/my-work/"
    assert "Đã lưu tiến độ 40%" in desk
    assert "hạn 19/03/2026" in desk
    assert 'value="40"' in form
    assert "Đã mở 3 lớp." in form
    assert "Thiếu hội trường." in form
    assert (case.now().state, case.now().percent) == (State.IN_PROGRESS, 40)


def test_handing_in_with_files_and_a_document(case: Case) -> None:
    answer = case.hand_in(files=[file("Biên bản.pdf", sample.PDF), file("ảnh.jpg", sample.JPEG)],
                          document_number="12/BC-SYT", document_on="2026-03-17")

    update = case.updates()[0]
    assert answer.status_code == 302
    assert [e.file_name for e in update.evidence] == ["Biên bản.pdf", "ảnh.jpg"]
    assert (update.document_number, update.document_on) == ("12/BC-SYT", TODAY - DAY)
    assert "Đã nộp báo cáo hoàn thành" in case.get("liaison", "/my-work/").text


def test_figures_and_proposals_are_kept_and_the_next_form_asks_for_the_same_figures(case: Case) -> None:
    case.report(**FIGURES, proposals="Cấp thêm kinh phí.", difficulties="Thiếu hội trường.")

    update, form = case.updates()[0], form_of(case)
    page = case.get("coordinator", f"/assignments/{case.id}").text

    assert update.figures == {"rows": [{"name": "Số buổi", "value": "1.250,5", "unit": "buổi"}]}
    assert (update.proposals, update.difficulties, update.channel) == (
        "Cấp thêm kinh phí.", "Thiếu hội trường.", ReportChannel.PAGE)
    assert 'value="Số buổi"' in form
    assert 'value="1.250,5"' not in form
    assert "Cấp thêm kinh phí." in form
    for words in ("1.250,5", "Cấp thêm kinh phí."):
        assert words in page


def test_more_rows_of_figures_than_a_report_takes_break_nothing(case: Case) -> None:
    rows = {f"figures-{n}-{part}": "1" for n in range(500) for part in ("name", "value", "unit")}

    assert case.report(**rows).status_code == 302
    assert len(case.updates()[0].figures["rows"]) == 10


def test_one_person_with_a_year_of_birth_is_saved_with_a_gentle_word(case: Case) -> None:
    case.report(text="Đã tư vấn cho Nguyễn Văn An, sinh năm 1990.")

    assert "chỉ cần số liệu tổng hợp" in case.get("liaison", "/my-work/").text
    assert len(case.updates()) == 1


# ---- what is wrong is said, and what was typed stays


def test_handing_in_without_evidence_keeps_the_form(case: Case) -> None:
    answer = case.report(state="submitted", text="Đã xong mọi việc.")

    assert answer.status_code == 200
    assert "cần minh chứng" in answer.text
    assert "Đã xong mọi việc." in answer.text
    assert re.search(r'<input[^>]*checked[^>]*value="submitted"', answer.text)
    assert case.updates() == []


@pytest.mark.parametrize(("values", "said"), [
    ({"text": ""}, "Hãy ghi kết quả đã làm."),
    ({"text": " \n "}, "Hãy ghi kết quả đã làm."),
    ({"state": ""}, "Hãy chọn tình trạng."),
    ({"state": "accepted"}, "Hãy chọn tình trạng."),
    ({"percent": ""}, "Hãy ghi tiến độ"),
    ({"percent": "101"}, "Tiến độ là số nguyên từ 0 đến 100."),
    ({"percent": "٤٠"}, "Tiến độ là số nguyên từ 0 đến 100."),
    ({"percent": "100"}, "từ 0 đến 99%"),
    ({"document_on": "31/02/2026"}, "Ngày không đúng."),
    ({"document_on": "19/03/2026", "document_number": "1/BC"}, "không được sau hôm nay"),
    ({"document_number": "1/BC"}, "cần cả số và ngày"),
    ({"text": "Đã lập hồ sơ 001085012345"}, "giống số căn cước"),
    ({"text": "a" * 10_001}, "Không dài quá 10000 ký tự."),
])  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(case: Case, values: dict[str, str], said: str) -> None:
    answer = case.report(**{"difficulties": "Khó khăn còn lại.", **values})

    assert answer.status_code == 200
    assert said in answer.text
    assert "Khó khăn còn lại." in answer.text
    assert case.updates() == []


@pytest.mark.parametrize(("values", "said"), [
    ({"figures-0-value": "nhiều", "figures-0-name": "Số buổi"}, "Hãy ghi một số"),
    ({"figures-0-value": "12"}, "Hãy ghi đó là số gì."),
    ({"figures-0-value": "12", "figures-0-name": "a" * 201}, "Không dài quá 200 ký tự."),
    ({"text": "Nguyễn Văn An, sinh năm 1990\nTrần Thị Bình, sinh năm 1985"}, "giống danh sách từng người"),
    ({"proposals": "Hồ sơ 001085012345"}, "giống số căn cước"),
])  # fmt: skip
def test_wrong_figures_and_persons_are_told_and_the_form_stays(case: Case, values: dict[str, str], said: str) -> None:
    answer = case.report(**{"difficulties": "Khó khăn còn lại.", **values})

    assert said in answer.text
    assert "Khó khăn còn lại." in answer.text
    assert case.updates() == []


def test_a_form_opened_before_a_colleagues_report_comes_back_with_both(case: Case, as_user: Any) -> None:
    version = str(case.now().version)
    case.report(text="Chị Lan báo trước.", percent="20")

    answer = case.report(version=version, text="Tôi cũng báo.", percent="60")
    again = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)

    assert answer.status_code == 409
    assert "Chị Lan báo trước." in answer.text
    assert "Tôi cũng báo." in answer.text
    assert "Nguyễn Thị Lan báo cáo lúc" in answer.text
    assert again
    assert case.report(version=again[1], text="Tôi cũng báo.", percent="60").status_code == 302
    assert [update.percent for update in case.updates()] == [20, 60]


def test_what_was_typed_survives_a_colleague_handing_in_first(case: Case) -> None:
    version = str(case.now().version)
    case.hand_in()

    answer = case.report(version=version, text="Nội dung gõ dở.")

    assert answer.status_code == 409
    assert "Nội dung gõ dở." in answer.text
    assert "không nhận thêm báo cáo" in answer.text
    assert len(case.updates()) == 1


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ACCEPTED, State.CANCELLED])
def test_the_form_of_what_is_closed_explains_itself(case: Case, session: Session, state: State) -> None:
    assignment = case.now()
    assignment.state, assignment.submitted_on = state, TODAY
    session.commit()

    page = case.get("liaison", f"/assignments/{case.id}/progress")

    assert page.status_code == 200
    assert "không nhận thêm báo cáo" in page.text
    assert "<textarea" not in page.text


@pytest.mark.parametrize("path", ["draft", "draft/drop", "files", "answer", "withdraw", "progress"])
def test_nobody_but_the_agency_reaches_its_report(case: Case, path: str) -> None:
    assert [post(case, path, who).status_code for who in ("stranger", "leader")] == [404, 403]


def test_reading_a_form_writes_nothing(case: Case) -> None:
    with counted_statements() as sent:
        case.get("liaison", f"/assignments/{case.id}/progress")

    assert [s for s in sent if s.lstrip().split()[0] in {"INSERT", "UPDATE", "DELETE"}] == []


def test_bytes_that_are_no_form_break_nothing(case: Case) -> None:
    broken = post(case, "progress", data=BytesIO(b"\0\xff"), content_type="multipart/form-data; boundary=x")

    assert broken.status_code < 500
    assert post(case, "draft", data=b"{", content_type="application/json").status_code == 400


# ---- in place


def test_the_form_comes_alone_when_asked_in_place(case: Case) -> None:
    form = form_of(case, "?inline=1")

    assert "<html" not in form
    assert "data-inline" in form
    assert f'action="/assignments/{case.id}/progress?inline=1"' in form


def test_a_script_is_answered_in_json_or_with_the_form(case: Case) -> None:
    address = "progress?inline=1&next=/my-work/?group=late"
    version = str(case.now().version)

    wrong = post(case, address, data={"state": "in_progress", "text": "", "version": version}, headers=FETCH)
    saved = post(case, address, headers=FETCH,
                 data={"state": "in_progress", "percent": "5", "text": "Xong bước một.", "version": version})
    stale = post(case, address, headers=FETCH,
                 data={"state": "in_progress", "percent": "6", "text": "Cũng báo.", "version": version})

    assert wrong.status_code == 422
    assert "Hãy ghi kết quả đã làm." in wrong.text
    assert saved.json["ok"]
    assert "Đã lưu tiến độ 5%" in saved.json["message"]
    assert saved.json["next"] == "/my-work/?group=late"
    assert stale.status_code == 409
    assert "Xong bước một." in stale.text
    assert "Cũng báo." in stale.text


@pytest.mark.parametrize(("wanted", "where"), [
    ("/my-work/?group=late", "/my-work/?group=late"), ("//evil.example/", "/"), ("https://evil.example/", "/"),
    ("/nowhere", "/"), ("", "/my-work/"),
])  # fmt: skip
def test_a_report_leads_only_to_a_page_of_ours(case: Case, wanted: str, where: str) -> None:
    assert case.report(next=wanted).location == where


# ---- taking back


def test_a_report_taken_back_waits_no_more_and_the_next_form_starts_from_it(case: Case) -> None:
    case.report(percent="70", text="Gần xong.")
    case.hand_in(text="Đã xong, nhầm số.", **FIGURES)
    post(case, "withdraw", data={"version": str(case.now().version)})
    form = form_of(case)
    case.hand_in(text="Đã xong.")
    case.decide("accepted")

    assert "Đã xong, nhầm số." in form
    assert 'value="1.250,5"' in form
    assert 'value="70"' in form
    assert [update.review is not None for update in case.updates()] == [False, False, True]
    actions = [entry.action for entry in case.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions == ["progress.reported", "progress.reported", "progress.withdrawn", "progress.reported",
                       "progress.accepted"]  # fmt: skip


@pytest.mark.parametrize("state", [State.OPEN, State.ACCEPTED, State.RETURNED, State.CANCELLED])
def test_only_what_waits_is_taken_back(case: Case, session: Session, state: State) -> None:
    assignment = case.now()
    assignment.state, assignment.submitted_on = state, TODAY
    session.commit()

    post(case, "withdraw")

    assert case.now().state is state
