"""Plans that do not go live: nothing to give, something to settle first, or no longer under review."""
from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.published_plans import ACTOR, CALENDAR, given, go_live, recurring, report
from tracker.extensions import db
from tracker.models import Plan, Task
from tracker.rules.states import DutyKind, Every, PlanState
from tracker.workflow.publishing import (
    NewsNotPlan,
    NothingToAssign,
    OwnerNotConfirmed,
    ReportWithoutDay,
    prepare,
    publish,
    withdraw,
)
from tracker.workflow.reviewing_plan import PlanNotUnderReview


@pytest.fixture
def plan(make: Factory) -> Plan:
    return make.plan(state=PlanState.REVIEW)


def test_nothing_to_assign_is_refused(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan)

    with pytest.raises(NothingToAssign):
        go_live(session, plan)

    session.rollback()
    assert plan.state is PlanState.REVIEW


def test_an_owner_that_was_concluded_goes_live_only_after_a_person_looked(
    session: Session, make: Factory, plan: Plan
) -> None:
    task = make.task(plan, make.agency(), due_on=TODAY, reasons={"keys": ["owner_inferred", "numbering_jump"]})
    make.task(plan, make.agency(), due_on=TODAY)

    with pytest.raises(OwnerNotConfirmed) as refused:
        go_live(session, plan)
    session.rollback()

    assert refused.value.values == {"count": 1}
    assert prepare(session, plan, today=TODAY).unconfirmed == [task]
    assert given(session) == []
    task.checked_at = NOW
    session.commit()
    assert go_live(session, plan).assignments == 2


def test_a_report_with_an_owner_and_no_send_by_day_is_refused(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.agency())
    bad = report(make, plan, make.agency(), recurring(Every.YEAR, None))

    with pytest.raises(ReportWithoutDay) as refused:
        go_live(session, plan)

    assert refused.value.values == {"count": 1}
    assert prepare(session, plan, today=TODAY).without_day == [bad]
    assert given(session) == []


def test_a_report_without_owner_does_not_hold_the_plan_up(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.agency())
    make.task(plan, kind=DutyKind.PERIODIC_REPORT)

    assert go_live(session, plan).assignments == 1


def test_an_article_about_a_plan_is_never_published(session: Session, make: Factory) -> None:
    article = make.plan(state=PlanState.REVIEW, extract={"is_news": True})
    make.task(article, make.agency())

    with pytest.raises(NewsNotPlan):
        go_live(session, article)

    assert given(session) == []


def test_a_plan_is_published_once(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.agency())
    go_live(session, plan)

    with pytest.raises(PlanNotUnderReview):
        go_live(session, plan)

    assert len(given(session)) == 1


def test_of_two_who_publish_at_once_one_wins(app: Flask, session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.group(*(make.agency() for _ in range(20))), TODAY)
    session.commit()
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def press() -> None:
        with app.app_context():
            mine = db.session()
            ready.wait()
            try:
                publish(mine, mine.get_one(Plan, plan_id), actor=ACTOR, now=NOW, today=TODAY, calendar=CALENDAR)
                mine.commit()
                outcomes.append("published")
            except PlanNotUnderReview:
                mine.rollback()
                outcomes.append("refused")

    plan_id = plan.id
    session.rollback()
    people = [threading.Thread(target=press) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()

    assert sorted(outcomes) == ["published", "refused"]
    assert len(given(session)) == 20


def test_a_plan_can_be_given_up_before_it_is_published(session: Session, make: Factory, plan: Plan) -> None:
    task = make.task(plan, make.agency())

    withdraw(session, plan, actor=ACTOR, now=NOW)
    session.commit()

    assert plan.state is PlanState.CANCELLED
    assert session.get(Task, task.id) is not None
    with pytest.raises(PlanNotUnderReview):
        go_live(session, plan)
