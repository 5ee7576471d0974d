"""A plan's own page of how it is reminded of."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.web.reminder_fields import REMINDERS, TOLD
from tracker.models import AuditEntry, Plan, PlanReminderPolicy, User
from tracker.models.policy import load_reminder_policy
from tracker.rules.permissions import Role
from tracker.rules.reminder_policy import Audience, Moment, ReminderPolicy
from tracker.rules.states import PlanState


@pytest.fixture
def coordinator(make: Factory) -> User:
    return make.coordinator(name="Vũ Quốc Trưởng")


@pytest.fixture
def plan(make: Factory, coordinator: User) -> Plan:
    plan: Plan = make.plan(coordinator.agency)
    make.assignment(make.user(name="Hoàng Thị Mai").agency, plan)
    return plan


def test_a_plan_gets_its_own_way_and_goes_back_when_that_was_asked(
    session: Session, coordinator: User, plan: Plan, as_user: Any
) -> None:
    browser, path = as_user(coordinator), f"/plans/{plan.id}/reminders"
    assert "được nhắc theo quy định chung" in browser.get(path).text

    saved = browser.post(path, data=REMINDERS | {"before": "10", "told": [*TOLD, "late:coordinator"]},
                         follow_redirects=True).text

    assert "được nhắc theo cách riêng" in saved
    assert "Vũ Quốc Trưởng đặt lúc" in saved
    assert load_reminder_policy(session, plan.id) == ReminderPolicy(
        before=(10,), told=ReminderPolicy().told | {(Moment.LATE, Audience.COORDINATOR)})
    assert "Nhắc việc theo cách riêng" in browser.get(f"/plans/{plan.id}").text

    asking = browser.get(path + "/reset").text
    assert "Cách riêng, sẽ bỏ" in asking
    assert load_reminder_policy(session, plan.id).before == (10,)  # asking does nothing yet
    browser.post(path + "/reset", data={"version": "1"})

    session.rollback()
    assert load_reminder_policy(session, plan.id) == ReminderPolicy()
    assert [entry.action for entry in session.query(AuditEntry).order_by(AuditEntry.id)] == [
        "plan.reminders_set", "plan.reminders_reset"]


def test_trying_shows_the_people_of_the_plan_and_saves_nothing(
    session: Session, make: Factory, coordinator: User, plan: Plan, as_user: Any
) -> None:
    make.agency("Sở không có việc trong kế hoạch")

    page = as_user(coordinator).post(f"/plans/{plan.id}/reminders", data=REMINDERS | {
        "try": "1", "told": [*TOLD, "very_late:coordinator"]}).text

    assert "chưa lưu" in page
    assert "Hoàng Thị Mai" in page
    assert "Vũ Quốc Trưởng" in page
    assert "Sở không có việc trong kế hoạch" not in page
    assert session.get(PlanReminderPolicy, plan.id) is None


def test_a_stale_reset_asks_again(session: Session, coordinator: User, plan: Plan, as_user: Any) -> None:
    session.add(PlanReminderPolicy(plan_id=plan.id, changed_at=NOW, before=[9], version=4))
    browser = as_user(coordinator)

    answer = browser.post(f"/plans/{plan.id}/reminders/reset", data={"version": "3"}, follow_redirects=True)

    assert "Người khác vừa sửa" in answer.text
    session.rollback()
    assert load_reminder_policy(session, plan.id).before == (9,)


def test_a_stale_form_is_told_and_shown_what_holds(
    session: Session, coordinator: User, plan: Plan, as_user: Any
) -> None:
    session.add(PlanReminderPolicy(plan_id=plan.id, changed_at=NOW, before=[9]))

    page = as_user(coordinator).post(f"/plans/{plan.id}/reminders", data=REMINDERS | {"before": "8"}).text

    assert "Người khác vừa sửa" in page
    assert "Khác với bản đang áp dụng" in page
    session.rollback()
    assert load_reminder_policy(session, plan.id).before == (9,)


def test_only_the_plans_own_coordinator_sets_it(session: Session, make: Factory, plan: Plan, as_user: Any) -> None:
    for method in ("get", "post"):
        for tail in ("reminders", "reminders/reset"):
            path = f"/plans/{plan.id}/{tail}"
            assert getattr(as_user(make.coordinator()), method)(path, data=REMINDERS).status_code == 404
            for role in (Role.LIAISON, Role.LEADER, Role.ADMINISTRATOR):
                assert getattr(as_user(make.user(role)), method)(path, data=REMINDERS).status_code == 403
    assert session.get(PlanReminderPolicy, plan.id) is None


def test_a_replaced_plan_has_no_form(session: Session, coordinator: User, plan: Plan, as_user: Any) -> None:
    plan.state = PlanState.SUPERSEDED
    browser = as_user(coordinator)

    assert "không còn nhắc việc" in browser.get(f"/plans/{plan.id}/reminders").text
    assert "không còn nhắc việc" in browser.post(f"/plans/{plan.id}/reminders", data=REMINDERS | {"before": "9"}).text
    session.rollback()
    assert session.get(PlanReminderPolicy, plan.id) is None


def test_there_is_nothing_to_give_up_where_nothing_was_set(coordinator: User, plan: Plan, as_user: Any) -> None:
    answer = as_user(coordinator).get(f"/plans/{plan.id}/reminders/reset")

    assert (answer.status_code, answer.location) == (302, f"/plans/{plan.id}/reminders")
