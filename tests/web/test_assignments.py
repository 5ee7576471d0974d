"""Lists, one assignment, reporting, evidence and decisions in the browser."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import sample_files as sample
from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.config import EVIDENCE_LIMIT
from tracker.models import Assignment, Deadline, Evidence, OutboxMail, ProgressUpdate, Provision, Review
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import DeadlineKind
from tracker.web.assignments.views import attachment

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


class Case:
    """An assignment of one agency, everybody around it, and a browser for each."""

    def __init__(self, session: Session, make: Factory, as_user: Any) -> None:
        self.session, self.make = session, make
        self.liaison, self.coordinator = make.user(name="Nguyễn Thị Lan"), make.coordinator(name="Trần Quốc Hùng")
        self.leader, self.stranger = make.user(Role.LEADER), make.user()
        self.other_police = make.coordinator()
        self.plan = make.plan(self.coordinator.agency)
        self.assignment: Assignment = make.assignment(self.liaison.agency, self.plan, due_on=TODAY + DAY)
        self.id = self.assignment.id
        people = ("liaison", "coordinator", "leader", "stranger", "other_police")
        self.browsers = {who: as_user(getattr(self, who)) for who in people}

    def get(self, who: str, path: str) -> Any:
        return self.browsers[who].get(path)

    def report(self, who: str = "liaison", **values: Any) -> Any:
        self.session.rollback()
        data = {"state": "in_progress", "percent": "40", "text": "Đã mở 3 lớp.",
                "version": str(self.session.get_one(Assignment, self.id).version), **values}
        self.session.rollback()
        return self.browsers[who].post(f"/assignments/{self.id}/progress", data=data)

    def hand_in(self, **values: Any) -> Any:
        proof = {} if "files" in values else {"document_number": "12/BC-SYT", "document_on": "18/03/2026"}
        return self.report(**{"state": "submitted", **proof, **values})

    def decide(self, decision: str, who: str = "coordinator", **values: Any) -> Any:
        self.session.rollback()
        version = self.session.get_one(Assignment, self.id).version
        self.session.rollback()
        return self.browsers[who].post(f"/assignments/{self.id}/decision",
                                       data={"decision": decision, "version": str(version), **values})

    def now(self) -> Assignment:
        self.session.rollback()
        return self.session.get_one(Assignment, self.id)

    def updates(self) -> list[ProgressUpdate]:
        self.session.rollback()
        return list(self.session.scalars(select(ProgressUpdate).order_by(ProgressUpdate.id)))


@pytest.fixture
def case(session: Session, make: Factory, as_user: Any) -> Case:
    return Case(session, make, as_user)


def file(name: str, content: bytes) -> tuple[BytesIO, str]:
    return BytesIO(content), name


# ---- who sees what


def test_another_agencys_assignment_does_not_exist(case: Case) -> None:
    case.hand_in(files=[file("a.pdf", sample.PDF)])
    evidence = case.updates()[0].evidence[0].id

    for who in ("stranger", "other_police"):
        assert case.get(who, f"/assignments/{case.id}").status_code == 404
        assert case.get(who, f"/assignments/evidence/{evidence}").status_code == 404
    assert case.get("stranger", f"/assignments/{case.id}/progress").status_code == 404
    assert case.report("stranger").status_code == 404
    assert case.decide("accepted", "other_police").status_code == 404


def test_who_may_not_report_or_decide_is_told_so(case: Case) -> None:
    case.hand_in()

    for who in ("leader", "coordinator"):
        assert case.get(who, f"/assignments/{case.id}/progress").status_code == 403
        assert case.report(who).status_code == 403
    for who in ("leader", "liaison"):
        assert case.decide("accepted", who).status_code == 403
    assert case.now().state is State.SUBMITTED


def test_a_coordinator_does_not_decide_on_its_own_work_in_anothers_plan(case: Case, make: Factory) -> None:
    mine = make.assignment(case.coordinator.agency, state=State.SUBMITTED)

    assert case.get("coordinator", f"/assignments/{mine.id}").status_code == 200
    answer = case.browsers["coordinator"].post(f"/assignments/{mine.id}/decision", data={"decision": "accepted"})

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/assignments/999999", "/assignments/99999999999999999999", "/assignments/0",
                                  "/assignments/999999/progress", "/assignments/evidence/99999999999999999999"])
def test_what_is_not_there_is_not_found(case: Case, path: str) -> None:
    assert case.get("liaison", path).status_code == 404


# ---- lists


def test_the_list_says_what_it_is_filtered_by_and_how_many(case: Case, make: Factory) -> None:
    make.assignment(case.liaison.agency, case.plan, due_on=TODAY - DAY)

    page = case.get("coordinator", f"/assignments/?view=late&plan={case.plan.id}&q=truyen+thong").text

    assert "1 nhiệm vụ" in page
    assert "Quá hạn; kế hoạch" in page
    assert "có chữ “truyen thong”" in page
    assert ">Bỏ lọc<" in page


def test_a_list_of_one_task_names_it_to_those_who_may_see_it(case: Case) -> None:
    task = case.now().task
    address, words = f"/assignments/?task={task.id}", f"nội dung “{task.text}”"

    assert words in case.get("coordinator", address).text
    assert words not in case.get("stranger", address).text


@pytest.mark.parametrize("query", [
    "class=x&state=y&plan=z&agency=-1&view=w&after=q", "plan=99999999999999999999", "after=none.99999999999",
    "q=%00%FF%25_", "q=" + "a" * 5000, "plan=1&plan=2", "after=2026-99-99.1", "agency=1%27%20OR%201=1",
])  # fmt: skip
def test_a_list_address_written_by_hand_breaks_nothing(case: Case, query: str) -> None:
    assert case.get("liaison", f"/assignments/?{query}").status_code == 200


def test_a_search_without_diacritics_in_the_list(case: Case) -> None:
    case.session.get_one(Assignment, case.id)
    typed = unicodedata.normalize("NFD", "phòng, chống ma tuý")

    for q in (typed, "phong, chong MA TUY"):
        assert f"/assignments/{case.id}" in case.browsers["liaison"].get("/assignments/", query_string={"q": q}).text
    assert "Không có nhiệm vụ nào khớp" in case.get("liaison", "/assignments/?q=khong+co").text


def test_pages_cost_the_same_with_more_rows(case: Case, make: Factory, session: Session) -> None:
    costs: list[list[int]] = [[], []]
    for turn in range(2):
        for _ in range(4):
            make.assignment(due_on=None)
        case.report(percent=str(turn))
        for number, path in enumerate(("/assignments/", f"/assignments/{case.id}")):
            with counted_statements() as sent:
                assert case.get("leader", path).status_code == 200
            costs[number].append(len([s for s in sent if s.startswith("SELECT")]))

    assert costs[0][0] == costs[0][1] <= 8
    assert costs[1][0] == costs[1][1] <= 16


# ---- one assignment


def test_the_page_says_why_the_due_date_is_what_it_is(case: Case, session: Session) -> None:
    assignment = case.now()
    plan, start = assignment.plan, assignment.plan.text.index("1.")
    provision = Provision(plan_id=plan.id, heading="1. Sở Y tế", start=start, end=len(plan.text))
    deadline = Deadline(task_id=assignment.task_id, kind=DeadlineKind.DATE, words="trước ngày 20/3/2026",
                        due_on=TODAY + DAY)
    session.add_all([provision, deadline])
    session.flush()
    assignment.task.provision_id, assignment.deadline_id = provision.id, deadline.id
    assignment.working_due_on = TODAY
    session.commit()

    page = case.get("liaison", f"/assignments/{case.id}").text

    assert "Kế hoạch ghi: “trước ngày 20/3/2026”." in page
    assert "ngày cuối cùng còn đúng hạn là 19/03/2026" in page
    assert "ngày làm việc cuối cùng trước đó là 18/03/2026" in page
    assert "1. Việc thứ nhất." in page
    assert "1. Sở Y tế" in page


def test_the_coordinator_sees_the_report_that_waits_beside_the_plans_words(case: Case) -> None:
    case.hand_in(text="Đã mở đủ 4 lớp.", files=[file("Biên bản.pdf", sample.PDF)])

    page = case.get("coordinator", f"/assignments/{case.id}").text
    own = case.get("liaison", f"/assignments/{case.id}").text

    for words in ("Báo cáo chờ xác nhận", "Đã mở đủ 4 lớp.", "Biên bản.pdf", "Kế hoạch yêu cầu", 'value="accepted"'):
        assert words in page
    assert 'value="accepted"' not in own
    assert "sẽ xác nhận hoặc trả lại" in own


# ---- reporting


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


def test_each_bad_file_is_named_and_the_rest_of_the_form_stays(case: Case, session: Session) -> None:
    files = [("Báo cáo.pdf", sample.EXE), ("mẫu.docm", sample.DOCM), ("trống.pdf", b""),
             ("lớn.pdf", sample.PDF.ljust(EVIDENCE_LIMIT + 1024 * 1024)), ("tốt.pdf", sample.PDF)]
    form = {"state": "in_progress", "percent": "40", "text": "Đã mở 3 lớp.", "version": "1",
            "files": [FileStorage(BytesIO(content), name) for name, content in files]}
    boundary, body = encode_multipart(form)

    answer = case.browsers["liaison"].post(f"/assignments/{case.id}/progress", data=body,
                                           content_type=f"multipart/form-data; boundary={boundary}")

    assert answer.status_code == 200
    for sentence in ("Tệp “Báo cáo.pdf” là chương trình", "Tệp “mẫu.docm” có macro", "Tệp “trống.pdf” rỗng",
                     "Tệp “lớn.pdf” lớn hơn 25 MB", '<span class="staged__name">tốt.pdf</span>'):
        assert sentence in answer.text
    assert "Đã mở 3 lớp." in answer.text
    assert session.scalars(select(Evidence)).all() == []
    # The good one need not be chosen again.
    assert case.hand_in(files=[], document_number="", document_on="").status_code == 302
    assert [kept.file_name for kept in case.updates()[0].evidence] == ["tốt.pdf"]


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


def test_reading_a_form_writes_nothing(case: Case) -> None:
    with counted_statements() as sent:
        case.get("liaison", f"/assignments/{case.id}/progress")

    assert [s for s in sent if s.lstrip().split()[0] in {"INSERT", "UPDATE", "DELETE"}] == []


# ---- evidence


def test_evidence_is_saved_under_its_own_name_and_never_run(case: Case) -> None:
    name = unicodedata.normalize("NFD", "hồ sơ/Biên bản đợt 2.pdf")
    case.hand_in(files=[file(name, sample.PDF)])
    evidence = case.updates()[0].evidence[0]

    for who in ("liaison", "coordinator", "leader"):
        answer = case.get(who, f"/assignments/evidence/{evidence.id}")
        assert (answer.status_code, answer.data, answer.mimetype) == (200, sample.PDF, "application/pdf")
        assert answer.headers["Content-Disposition"] == (
            "attachment; filename=\"bien ban dot 2.pdf\"; "
            "filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n%20%C4%91%E1%BB%A3t%202.pdf"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["Cache-Control"] == "private, no-store"
        answer.close()


def test_evidence_whose_bytes_are_gone_is_not_found(case: Case, session: Session) -> None:
    case.hand_in(files=[file("a.pdf", sample.PDF)])
    evidence = case.updates()[0].evidence[0]
    evidence.sha256 = "f" * 64
    session.commit()

    assert case.get("liaison", f"/assignments/evidence/{evidence.id}").status_code == 404


@pytest.mark.parametrize("name", ['a";x="b.pdf', "a\r\nX: y.pdf", "日本.pdf", ".pdf", "không đuôi"])
def test_a_file_name_cannot_break_out_of_its_header(name: str) -> None:
    header = attachment(name)

    assert re.fullmatch(r"attachment; filename=\"[A-Za-z0-9 ._()-]*\"; filename\*=UTF-8''[A-Za-z0-9%._~-]+", header)


# ---- deciding


def test_returned_then_handed_in_again_then_accepted(case: Case, session: Session) -> None:
    case.hand_in(text="Lần một.")
    returned = case.decide("returned", reason="Thiếu danh mục lớp học.")
    form = case.get("liaison", f"/assignments/{case.id}/progress").text
    desk = case.get("liaison", "/my-work/").text
    mails = session.scalars(select(OutboxMail)).all()
    case.hand_in(text="Lần hai.")
    accepted = case.decide("accepted")
    page = case.get("liaison", f"/assignments/{case.id}").text

    assert returned.location == accepted.location == "/assignments/?state=submitted"
    assert "Thiếu danh mục lớp học." in form
    assert "Bị trả lại" in desk
    assert [mail.recipient_id for mail in mails] == [case.liaison.id]
    assert case.now().state is State.ACCEPTED
    order = [page.index(words) for words in
             ("Trần Quốc Hùng xác nhận hoàn thành", "Lần hai.", "Thiếu danh mục lớp học.", "Lần một.",
              "Giao nhiệm vụ cho")]  # fmt: skip
    assert order == sorted(order)
    assert "Hoàn thành đúng hạn" in page


def test_the_class_is_judged_by_the_day_of_the_report(case: Case, as_user: Any) -> None:
    case.hand_in()

    with time_machine.travel(NOW + 30 * DAY, tick=False):
        for who in ("coordinator", "leader"):  # their log-ins have run out by then
            case.browsers[who] = as_user(getattr(case, who))
        case.decide("accepted")
        page = case.get("leader", f"/assignments/{case.id}").text

    assert "Hoàn thành đúng hạn" in page
    assert "Tính theo ngày nộp báo cáo: 18/03/2026" in page


def test_a_return_without_a_reason_is_refused(case: Case) -> None:
    case.hand_in()

    answer = case.decide("returned", reason="  ")

    assert "Chưa ghi lý do trả lại" in answer.text
    assert case.now().state is State.SUBMITTED


def test_a_refused_return_keeps_its_reason(case: Case) -> None:
    case.hand_in()

    answer = case.decide("returned", reason="Thiếu hồ sơ 001085012345")

    assert "giống số căn cước" in answer.text
    assert "Thiếu hồ sơ 001085012345" in answer.text


def test_the_second_of_two_coordinators_is_told_and_keeps_what_was_typed(case: Case, session: Session) -> None:
    case.hand_in()
    version = str(case.now().version)
    case.decide("accepted")

    answer = case.decide("returned", version=version, reason="Chưa đạt.")

    assert answer.status_code == 409
    assert "Người khác vừa cập nhật" in answer.text
    assert "Chưa đạt." in answer.text
    session.rollback()
    assert len(session.scalars(select(Review)).all()) == 1


@pytest.mark.parametrize("decision", ["", "x", "cancelled"])
def test_a_decision_that_is_no_button_is_a_bad_request(case: Case, decision: str) -> None:
    case.hand_in()

    assert case.decide(decision).status_code == 400
