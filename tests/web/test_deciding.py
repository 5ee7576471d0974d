"""Deciding on a report: accepted, returned with a reason, once."""
from __future__ import annotations

from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.web.assignment_case import DAY, Case
from tracker.models import OutboxMail, Review
from tracker.rules.states import AssignmentState as State

pytestmark = pytest.mark.usefixtures("morning")


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
