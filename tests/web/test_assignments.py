"""Lists of assignments and the page of one: who sees what."""
from __future__ import annotations

import unicodedata

import pytest
from sqlalchemy.orm import Session

from tests import sample_files as sample
from tests.counting import counted_statements
from tests.factories import TODAY, Factory
from tests.web.assignment_case import DAY, Case, file
from tracker.models import Assignment, Deadline, Provision
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import DeadlineKind

pytestmark = pytest.mark.usefixtures("morning")


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
