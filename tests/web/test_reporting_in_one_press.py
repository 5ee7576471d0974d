"""Reports given with one press: nothing changed, done."""
from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from tests import sample_files as sample
from tests.web.assignment_case import FETCH, FIGURES, Case, file, form_of, post
from tracker.models import DraftFile
from tracker.rules.states import AssignmentState as State

pytestmark = pytest.mark.usefixtures("morning")


def answer(case: Case, what: str, **values: Any) -> Any:
    return post(case, "answer", data={"answer": what, "version": str(case.now().version), **values})


def test_nothing_changed_is_reported_with_one_press(case: Case) -> None:
    first = answer(case, "no_change", next="/my-work/?group=late")
    case.report(percent="40", text="Đã mở 3 lớp.")
    for _ in range(2):
        answer(case, "no_change")

    assert first.location == "/my-work/?group=late"
    assert [(update.percent, update.text) for update in case.updates()] == [
        (0, "Đang triển khai, chưa có kết quả mới để báo cáo."), (40, "Đã mở 3 lớp."),
        (40, "Không có thay đổi so với báo cáo ngày 18/03/2026."),
        (40, "Không có thay đổi so với báo cáo ngày 18/03/2026."),
    ]  # fmt: skip
    assert "Đã mở 3 lớp." in form_of(case)


def test_done_takes_over_the_evidence_that_was_given_and_can_be_taken_back(case: Case) -> None:
    case.report(percent="90", text="Đã mở đủ 4 lớp.", files=[file("a.pdf", sample.PDF)], **FIGURES)
    done = answer(case, "done")
    desk = case.get("liaison", "/my-work/").text
    handed_in = case.updates()[-1]
    found = re.search(r'action="(/assignments/\d+/withdraw)".*?name="version" value="(\d+)"', desk, re.DOTALL)
    assert found
    back = case.browsers["liaison"].post(found[1], data={"version": found[2]})

    assert done.location == "/my-work/"
    assert "Đã nộp báo cáo hoàn thành" in desk
    assert (handed_in.text, handed_in.state) == ("Đã mở đủ 4 lớp.", State.SUBMITTED)
    assert [kept.file_name for kept in handed_in.evidence] == ["a.pdf"]
    assert back.location == f"/assignments/{case.id}"
    assert (case.now().state, case.now().percent, case.now().submitted_on) == (State.IN_PROGRESS, 90, None)
    assert case.updates()[-1].withdrawn_at is not None


@pytest.mark.parametrize("before", ["nothing", "no evidence", "returned"])
def test_done_without_evidence_opens_the_form_at_its_files(case: Case, before: str) -> None:
    if before == "no evidence":
        case.report()
    elif before == "returned":
        case.hand_in()
        case.decide("returned", reason="Thiếu danh mục.")
    count = len(case.updates())

    where = answer(case, "done").location
    form = case.get("liaison", where).text

    assert where == f"/assignments/{case.id}/progress?done=1"
    assert re.search(r'<input[^>]*checked[^>]*value="submitted"', form)
    assert re.search(r"<input[^>]*autofocus[^>]*type=\"file\"", form)
    assert len(case.updates()) == count


def test_files_sent_ahead_are_evidence_enough_for_done(case: Case) -> None:
    post(case, "files", data={"file": file("a.pdf", sample.PDF)}, headers=FETCH)

    answer(case, "done")

    assert [kept.file_name for kept in case.updates()[0].evidence] == ["a.pdf"]
    assert case.session.scalars(select(DraftFile)).all() == []


def test_a_press_on_what_changed_meanwhile_does_nothing_and_says_so(case: Case) -> None:
    old = str(case.now().version)
    case.report(text="Chị Lan báo trước.")

    answer(case, "no_change", version=old)
    strange = answer(case, "x")

    assert len(case.updates()) == 1
    assert "Người khác vừa cập nhật" in case.get("liaison", "/my-work/").text
    assert strange.status_code == 400
