"""Plans in their list and by their address: who sees which, and what they cost."""
from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.web.plans.duty_forms import form_of
from tests.web.plans.plans_under_review import tasks_of
from tracker.models import Plan, Provision, User
from tracker.rules.permissions import Role
from tracker.rules.states import PlanState


def test_the_list_says_how_far_each_plan_is(browser: FlaskClient, make: Factory, plan: Plan) -> None:
    live = make.plan(plan.coordinator, title="Kế hoạch đang chạy")
    make.assignment(plan=live, due_on=date(2020, 1, 1))

    page = browser.get("/plans/").text

    assert "đã kiểm tra 0/2" in page
    assert f'/assignments/?plan={live.id}"' in page


def test_the_list_is_searched_without_diacritics(browser: FlaskClient, make: Factory, police: User) -> None:
    make.plan(police.agency, title="Ma túy học đường")
    make.plan(police.agency, title="Việc khác")

    page = browser.get("/plans/?q=ma+tuy+hoc").text

    assert "Ma túy học đường" in page
    assert "Việc khác" not in page
    assert "Không tìm thấy" in browser.get("/plans/?q=zzz").text


def test_a_long_list_is_paged(browser: FlaskClient, make: Factory, session: Session, police: User) -> None:
    session.add_all(
        Plan(title=f"Kế hoạch {n:03}", fold=f"ke hoach {n:03}", kind="Kế hoạch", coordinator_id=police.agency_id,
             text="x", source_name="", source_kind="txt", source_sha256="0", extract={}, created_at=NOW)
        for n in range(60))
    session.commit()

    first = browser.get("/plans/").text
    after = re.search(r"/plans/\?after=(\d+)", first)
    assert after
    second = browser.get(after[0]).text

    assert "Kế hoạch 059" in first
    assert "Kế hoạch 000" not in first
    assert "Kế hoạch 000" in second


def test_the_type_ahead_answers_agencies_and_groups(browser: FlaskClient, make: Factory) -> None:
    agency = make.agency("Sở Y tế")
    group = make.group(agency, name="Các sở, ban, ngành")

    found = browser.get("/plans/owners?q=so").get_json()

    assert {(one["value"], one["label"]) for one in found} >= {
        (f"agency:{agency.id}", "Sở Y tế"), (f"group:{group.id}", "Các sở, ban, ngành")}
    assert browser.get("/plans/owners?q=").get_json() == []


PAGES = ["", "/review", "/publish", "/facts", "/withdraw", "/tasks/new"]


@pytest.mark.parametrize("page", PAGES)
def test_another_coordinators_plan_does_not_exist(as_user: Any, make: Factory, plan: Plan, page: str) -> None:
    assert as_user(make.coordinator()).get(f"/plans/{plan.id}{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_liaison_may_not_open_plans(as_user: Any, make: Factory, plan: Plan, page: str) -> None:
    assert as_user(make.user()).get(f"/plans/{plan.id}{page}").status_code == 403


def test_a_task_of_another_plan_does_not_exist_here(
    browser: FlaskClient, session: Session, make: Factory, plan: Plan
) -> None:
    other = make.task(make.plan(state=PlanState.REVIEW))

    for press in ("", "/split", "/merge", "/drop", "/put-back", "/check"):
        assert browser.post(f"/plans/{plan.id}/tasks/{other.id}{press}", data=form_of(plan, other)).status_code == 404


def test_a_leader_sees_what_is_published_only(as_user: Any, make: Factory, plan: Plan) -> None:
    live = make.plan(plan.coordinator, title="Kế hoạch đã giao")
    leader = as_user(make.user(Role.LEADER))

    assert leader.get(f"/plans/{live.id}").status_code == 200
    assert leader.get(f"/plans/{plan.id}").status_code == 404
    assert leader.get(f"/plans/{live.id}/review").status_code == 403


def test_three_hundred_duties_ask_the_database_no_more_than_two(
    browser: FlaskClient, session: Session, make: Factory, plan: Plan
) -> None:
    first = tasks_of(session, plan)[0].id
    paths = [f"/plans/{plan.id}/review?task={first}", f"/plans/{plan.id}", f"/plans/{plan.id}/publish"]

    def count() -> list[int]:
        counts = []
        for path in paths:
            session.rollback()
            with counted_statements() as asked:
                assert browser.get(path).status_code == 200
            counts.append(len(asked))
        return counts

    count()
    few = count()
    for number in range(300):
        task = make.task(plan, make.agency(), TODAY, text=f"Việc {number}")
        task.provision = Provision(plan_id=plan.id, start=0, end=5)
    session.commit()

    assert count() == few
