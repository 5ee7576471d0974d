"""Publishing a plan or giving it up: each asks first."""
from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.web.plans.duty_forms import form_of
from tests.web.plans.plans_under_review import tasks_of, words_of
from tracker.models import Assignment, Plan
from tracker.rules.states import DutyKind, PlanState


def test_publishing_asks_first_and_then_gives_the_work_out(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    asked = words_of(browser.get(f"/plans/{plan.id}/publish"))
    assert "1 việc sẽ được giao 1 cơ quan nhận việc 1 nhiệm vụ trong tổng số 2" in asked
    assert session.scalar(select(func.count()).select_from(Assignment)) == 0

    done = browser.post(f"/plans/{plan.id}/publish")

    session.rollback()
    assert done.location == f"/plans/{plan.id}"
    assert session.scalar(select(func.count()).select_from(Assignment)) == 1
    page = words_of(browser.get(done.location))
    assert "Chưa giao (1)" in page
    assert "1 việc đã giao" in page
    assert browser.get(f"/plans/{plan.id}/review").status_code == 302


def test_a_report_without_its_day_is_linked_and_holds_publishing_up(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    task = tasks_of(session, plan)[0]
    task.kind = DutyKind.PERIODIC_REPORT
    task.deadlines = []
    session.commit()

    asked = browser.get(f"/plans/{plan.id}/publish").text
    refused = browser.post(f"/plans/{plan.id}/publish")

    assert f"/plans/{plan.id}/review?task={task.id}#duty-{task.id}" in asked
    assert refused.status_code == 400
    assert "chưa có ngày gửi" in refused.text
    session.rollback()
    assert plan.state is PlanState.REVIEW


def test_a_form_sent_after_publishing_leads_to_the_plan(browser: FlaskClient, session: Session, plan: Plan) -> None:
    task = tasks_of(session, plan)[0]
    data = form_of(plan, task, text="Quá muộn")
    browser.post(f"/plans/{plan.id}/publish")

    late = browser.post(f"/plans/{plan.id}/tasks/{task.id}", data=data)
    again = browser.post(f"/plans/{plan.id}/publish")

    assert (late.location, again.location) == (f"/plans/{plan.id}", f"/plans/{plan.id}")
    session.rollback()
    assert task.text != "Quá muộn"


def test_withdrawing_asks_first_and_keeps_the_plan(browser: FlaskClient, session: Session, plan: Plan) -> None:
    assert browser.get(f"/plans/{plan.id}/withdraw").status_code == 200
    session.rollback()
    assert plan.state is PlanState.REVIEW

    browser.post(f"/plans/{plan.id}/withdraw")

    session.rollback()
    assert plan.state is PlanState.CANCELLED
    assert "Đã hủy" in browser.get(f"/plans/{plan.id}").text
