"""The clarity list of a plan: score, questions, what to ask the drafter."""
from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories import TODAY, Factory
from tracker.models import Plan, User
from tracker.rules.permissions import Role
from tracker.rules.states import DutyKind, PlanState


@pytest.fixture
def plan(make: Factory, police: User) -> Plan:
    """A plan with one clear task, one vague task and one measure that names nobody."""
    plan = make.plan(police.agency, state=PlanState.REVIEW)
    make.task(plan, make.agency("Sở Y tế"), TODAY, text="Xây dựng kế hoạch tập huấn, trình UBND tỉnh phê duyệt.",
              section="III.1", expected_product="Kế hoạch")
    make.task(plan, None, text="Tăng cường, nâng cao chất lượng công tác quản lý.", section="III.2",
              kind=DutyKind.STANDING)
    make.task(plan, None, text="Đẩy mạnh truyền thông.", reasons={"keys": ["measure"]})
    return plan


def test_the_score_leaves_measures_out_and_says_so(browser: FlaskClient, plan: Plan) -> None:
    page = browser.get(f"/plans/{plan.id}/clarity").get_data(as_text=True)

    # 12 points of 12, and of the vague one: only half of "rõ việc".
    assert "<b>54%</b>" in page
    assert "của 2 nhiệm vụ" in page
    assert "Không tính 1 giải pháp chung" in page


def test_a_question_lists_what_leaves_it_open(browser: FlaskClient, plan: Plan) -> None:
    page = browser.get(f"/plans/{plan.id}/clarity?question=person").get_data(as_text=True)

    assert "Tăng cường, nâng cao chất lượng" in page
    assert "Xây dựng kế hoạch tập huấn" not in page
    assert "Ghi đúng tên cơ quan" in page


def test_a_question_nobody_asked_is_left_out(browser: FlaskClient, plan: Plan) -> None:
    assert browser.get(f"/plans/{plan.id}/clarity?question=khac&after=x").status_code == 200


def test_the_letter_names_each_question_and_its_provisions(browser: FlaskClient, plan: Plan) -> None:
    answer = browser.get(f"/plans/{plan.id}/clarity.txt")
    letter = answer.get_data().decode("utf-8-sig")

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert f"làm rõ {plan.number}" in letter
    assert "Rõ thời gian (1): Ghi ngày hoàn thành" in letter
    assert "- Mục III.2: “Tăng cường" in letter
    assert "Mục III.1" not in letter


def test_a_plan_without_duties_says_so(browser: FlaskClient, make: Factory, police: User) -> None:
    empty = make.plan(police.agency, state=PlanState.REVIEW)

    assert "Chưa có nhiệm vụ nào để đánh giá" in browser.get(f"/plans/{empty.id}/clarity").get_data(as_text=True)


def test_a_long_list_is_paged(browser: FlaskClient, make: Factory, plan: Plan) -> None:
    for number in range(60):
        make.task(plan, None, text=f"Quan tâm công tác số {number}")

    first = browser.get(f"/plans/{plan.id}/clarity").get_data(as_text=True)
    second = browser.get(f"/plans/{plan.id}/clarity?after=50").get_data(as_text=True)

    assert first.count('class="clarity__text"') == 50
    assert "after=50" in first
    assert second.count('class="clarity__text"') == 11


def test_another_agencys_plan_is_not_found(as_user: Any, make: Factory, plan: Plan) -> None:
    stranger = as_user(make.coordinator())

    assert stranger.get(f"/plans/{plan.id}/clarity").status_code == 404
    assert stranger.get(f"/plans/{plan.id}/clarity.txt").status_code == 404


def test_a_liaison_has_no_such_page(as_user: Any, make: Factory, plan: Plan) -> None:
    assert as_user(make.user(Role.LIAISON)).get(f"/plans/{plan.id}/clarity").status_code in {403, 404}
