"""Asking for more time, "not ours", naming a colleague: in the browser, with and against the rules."""
from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import sample_files as sample
from tests.factories import NOW, TODAY, Factory
from tracker.models import Actor, Assignment, Evidence, Extension, Transfer
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import RequestState
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import extending, transferring

pytestmark = pytest.mark.usefixtures("morning")
DAY = timedelta(days=1)


class Case:
    """An assignment of one agency, everybody around it, and a browser for each."""

    def __init__(self, session: Session, make: Factory, as_user: Any) -> None:
        self.session, self.make = session, make
        self.liaison, self.coordinator = make.user(name="Nguyễn Thị Lan"), make.coordinator(name="Trần Quốc Hùng")
        self.colleague = make.user(agency=self.liaison.agency, name="Lê Mai")
        self.leader, self.stranger = make.user(Role.LEADER), make.user()
        self.other = make.agency("Sở Nội vụ tỉnh Hà Dương")
        self.plan = make.plan(self.coordinator.agency)
        self.assignment: Assignment = make.assignment(self.liaison.agency, self.plan, due_on=TODAY + DAY)
        self.id = self.assignment.id
        people = ("liaison", "coordinator", "colleague", "leader", "stranger")
        self.browsers = {who: as_user(getattr(self, who)) for who in people}

    def get(self, path: str = "", who: str = "liaison") -> Any:
        self.session.rollback()
        return self.browsers[who].get(f"/assignments/{self.id}{path}")

    def post(self, path: str, who: str = "liaison", **values: Any) -> Any:
        self.session.rollback()
        version = self.session.get_one(Assignment, self.id).version
        self.session.rollback()
        return self.browsers[who].post(f"/assignments/{self.id}{path}", data={"version": str(version), **values})

    def ask(self, who: str = "liaison", **values: Any) -> Any:
        return self.post("/extension", who, **{"wanted_on": "04/04/2026", "reason": "Chờ cấp kinh phí.", **values})

    def extension(self) -> Extension:
        self.session.rollback()
        return self.session.scalars(select(Extension).order_by(Extension.id.desc()).limit(1)).one()

    def transfer(self) -> Transfer:
        self.session.rollback()
        return self.session.scalars(select(Transfer).order_by(Transfer.id.desc()).limit(1)).one()

    def by(self, who: str) -> Actor:
        user = getattr(self, who)
        return Actor(user.name, "127.0.0.1", user)


@pytest.fixture
def case(session: Session, make: Factory, as_user: Any) -> Case:
    return Case(session, make, as_user)


def test_asking_shows_the_dates_and_then_waits_on_the_tasks_page(case: Case) -> None:
    form = case.get("/extension").text
    assert "Thời hạn hiện nay" in form
    assert "19/03/2026" in form

    answer = case.ask(files=[(BytesIO(sample.PDF), "to-trinh.pdf")])

    assert answer.status_code == 302
    page = case.get().text
    assert "Đã xin gia hạn đến 04/04/2026, đang chờ trả lời" in page
    assert "to-trinh.pdf" in page
    assert "Rút lại đề nghị này" in page
    assert "xin gia hạn đến 04/04/2026, đang chờ bạn trả lời" in case.get(who="coordinator").text
    assert "Rút lại đề nghị này" not in case.get(who="leader").text


def test_the_evidence_is_for_those_who_see_the_assignment(case: Case) -> None:
    case.ask(files=[(BytesIO(sample.PDF), "to-trinh.pdf")])
    case.session.rollback()
    path = f"/assignments/evidence/{case.session.scalars(select(Evidence.id)).one()}"

    answer = case.browsers["coordinator"].get(path)
    assert answer.data == sample.PDF
    answer.close()
    assert case.browsers["stranger"].get(path).status_code == 404


@pytest.mark.parametrize(("values", "words"), [
    ({"wanted_on": ""}, "Hãy ghi ngày"),
    ({"wanted_on": "31/02/2027"}, "Ngày không đúng"),
    ({"wanted_on": "19/03/2026"}, "phải sau ngày 19/03/2026"),
    ({"wanted_on": "04/04/2206"}, "xa quá"),
    ({"reason": "  "}, "Hãy ghi lý do"),
    ({"reason": "Ông A, số 001 085 012 345"}, "số căn cước"),
    ({"reason": "a" * 5001}, "Không dài quá"),
    ({"files": b"MZ" + b"\0" * 64}, "x.exe"),
])
def test_what_can_not_be_asked_is_told_beside_what_was_typed(case: Case, values: dict[str, Any], words: str) -> None:
    if "files" in values:
        values = {"files": [(BytesIO(values["files"]), "x.exe")]}

    answer = case.ask(**{"reason": "Chờ cấp kinh phí bổ sung.", **values})

    assert answer.status_code == 200
    assert words in answer.text
    assert values.get("reason", "Chờ cấp kinh phí bổ sung.").strip()[:20] in answer.text
    assert case.session.scalars(select(Extension)).all() == []


def test_what_was_typed_decomposed_is_kept_composed(case: Case) -> None:
    case.ask(reason=unicodedata.normalize("NFD", "Chờ cấp kinh phí"))

    assert case.extension().reason == "Chờ cấp kinh phí"


def test_only_the_own_agency_asks(case: Case) -> None:
    for path in ("/extension", "/transfer"):
        assert case.get(path, "stranger").status_code == 404
        assert case.post(path, "stranger").status_code == 404
        for who in ("coordinator", "leader"):
            assert case.get(path, who).status_code == 403
            assert case.post(path, who).status_code == 403
    assert case.post("/assignee", "stranger", colleague=str(case.colleague.id)).status_code == 404
    assert case.post("/assignee", "coordinator", colleague=str(case.colleague.id)).status_code == 403


def test_a_second_request_is_refused_and_the_first_can_be_taken_back(case: Case) -> None:
    case.ask()
    again = case.ask("colleague", reason="Chờ kinh phí khác.")
    assert "đang chờ trả lời" in again.text
    assert "Chờ kinh phí khác." in again.text

    extension = case.extension()
    path, version = f"/assignments/extension/{extension.id}/withdraw", str(extension.version)
    case.session.rollback()
    assert case.browsers["stranger"].post(path, data={"version": version}).status_code == 404
    assert case.browsers["coordinator"].post(path, data={"version": version}).status_code == 403
    assert case.browsers["colleague"].post(path, data={"version": version}).status_code == 302

    assert case.extension().state is RequestState.WITHDRAWN
    late = case.browsers["liaison"].post(path, data={"version": version})
    assert late.status_code == 409
    assert "vừa được người khác trả lời" in late.text


def test_a_form_from_an_older_page_is_told_and_keeps_the_words(case: Case) -> None:
    answer = case.ask(version="77", reason="Chờ cấp kinh phí.")

    assert answer.status_code == 409
    assert "Chờ cấp kinh phí." in answer.text


def test_what_is_settled_has_no_form(case: Case) -> None:
    case.assignment.state, case.assignment.submitted_on = State.ACCEPTED, TODAY
    case.session.commit()

    assert "không xin gia hạn được" in case.get("/extension").text
    assert "không chuyển được nữa" in case.get("/transfer").text
    assert "Xin gia hạn" not in case.get().text


def test_more_time_shows_both_dates_and_the_answer(case: Case) -> None:
    case.assignment.due_on = case.assignment.first_due_on = TODAY - DAY
    case.session.commit()
    case.ask()
    extending.grant(case.session, case.extension(), actor=case.by("coordinator"), granted_on=date(2026, 4, 1),
                    answer="Đồng ý một phần.", calendar=WorkingCalendar(), now=NOW, today=TODAY)
    case.session.commit()

    page = case.get().text

    assert "Đã gia hạn đến 01/04/2026; thời hạn ban đầu là 17/03/2026." in page
    assert "Tính theo thời hạn ban đầu: chưa hoàn thành, quá hạn." in page
    assert "Đồng ý một phần." in page
    assert "đồng ý gia hạn từ 17/03/2026 đến 01/04/2026" in page


def test_it_is_said_whose_work_it_is(case: Case) -> None:
    answer = case.post("/transfer", agency="Sở Nội vụ tỉnh Hà Dương", picked=str(case.other.id), reason="Đã chuyển.")

    assert answer.status_code == 302
    assert case.transfer().proposed_agency_id == case.other.id
    assert "không thuộc mình, đang chờ bạn trả lời" in case.get(who="coordinator").text


def test_without_the_list_a_typed_name_is_looked_up_and_like_ones_are_offered(case: Case) -> None:
    unsure = case.post("/transfer", agency="Sở Nội vụ và lao động", reason="Đã chuyển.")
    assert "Không tìm thấy" in unsure.text
    assert "Sở Nội vụ tỉnh Hà Dương" in unsure.text

    picked = case.post("/transfer", agency="Sở Nội vụ và lao động", picked=str(case.other.id), suggested="yes",
                       reason="Đã chuyển.")

    assert picked.status_code == 302
    assert case.transfer().proposed_agency_id == case.other.id


@pytest.mark.parametrize("typed", ["sở nội vụ tỉnh hà dương", "SO NOI VU TINH HA DUONG"])
def test_a_typed_name_need_not_be_exact(case: Case, typed: str) -> None:
    assert case.post("/transfer", agency=typed, reason="Đã chuyển.").status_code == 302
    assert case.transfer().proposed_agency_id == case.other.id


def test_nobody_need_know_whose_it_is_but_has_to_say_so(case: Case) -> None:
    assert "đánh dấu “Chưa rõ" in case.post("/transfer", reason="Không phải của chúng tôi.").text

    assert case.post("/transfer", unknown="y", reason="Không phải của chúng tôi.").status_code == 302
    assert case.transfer().proposed_agency_id is None


def test_the_own_agency_is_not_proposed(case: Case) -> None:
    answer = case.post("/transfer", agency=case.liaison.agency.name, reason="Đã chuyển.")

    assert "Hãy chọn cơ quan khác" in answer.text


def test_the_list_of_agencies_finds_living_ones_by_any_words(case: Case, make: Factory) -> None:
    make.agency("Sở Nội vụ cũ", ended_on=TODAY - DAY)
    make.group(case.other, name="Các Sở Nội vụ")

    found = case.browsers["liaison"].get("/assignments/agencies?q=noi+vu").json

    assert found == [{"value": str(case.other.id), "label": "Sở Nội vụ tỉnh Hà Dương", "hint": ""}]
    assert case.browsers["liaison"].get("/assignments/agencies").json == []
    assert case.browsers["coordinator"].get("/assignments/agencies?q=a").status_code == 403


def test_work_that_went_to_another_agency_says_where(case: Case) -> None:
    case.post("/transfer", agency=case.other.name, reason="Đã chuyển chức năng.")
    new = transferring.grant(case.session, case.transfer(), actor=case.by("coordinator"), agency=case.other,
                             calendar=WorkingCalendar(), today=TODAY, now=NOW)
    case.session.commit()
    new_id = new.id

    mine, theirs = case.get().text, case.get(who="coordinator").text

    assert "Đã hủy: Đã chuyển chức năng." in mine
    assert "Việc này nay do Sở Nội vụ tỉnh Hà Dương thực hiện." in mine
    assert f'href="/assignments/{new_id}"' not in mine
    assert f'href="/assignments/{new_id}"' in theirs
    case.session.rollback()
    assert "Trước đây giao cho" in case.browsers["coordinator"].get(f"/assignments/{new_id}").text


def test_a_colleague_is_named_and_shown(case: Case, make: Factory) -> None:
    assert case.post("/assignee", colleague=str(case.colleague.id)).status_code == 302

    page = case.get(who="coordinator").text
    assert "Người thực hiện: Lê Mai" in page
    assert 'name="colleague"' not in page
    assert "Người thực hiện: Lê Mai" in case.browsers["coordinator"].get("/assignments/").text
    assert case.post("/assignee", colleague=str(case.stranger.id)).status_code == 400
    assert case.post("/assignee", colleague="0x1").status_code == 302
    assert "Người thực hiện: Lê Mai" not in case.get().text
    assert case.post("/assignee", version="99", colleague=str(case.colleague.id)).status_code == 409


@pytest.mark.parametrize("path", ["/assignments/extension/9999/withdraw", "/assignments/transfer/9999/withdraw",
                                  "/assignments/thread/9999/settle"])
def test_what_is_not_there_is_not_found(case: Case, path: str) -> None:
    who = "coordinator" if "thread" in path else "liaison"
    assert case.browsers[who].post(path).status_code == 404
