"""Changes of a running plan that are refused: without sense, too late, or against somebody else's."""
from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.changed_plans import CALENDAR, DAY, DUE, WHY, amend, as_is, go_live, later, named, seen
from tracker.extensions import db
from tracker.models import Actor, Plan, PlanChange, Task
from tracker.rules.personal_data import PersonList
from tracker.rules.states import DutyKind, PlanState
from tracker.workflow import changing_plan
from tracker.workflow.changing_plan import (
    Amendment,
    ChangeStale,
    ChangeWithoutReason,
    DayGoneBy,
    Grounds,
    Moment,
    NobodyGetsIt,
    NothingChanged,
    PlanNotRunning,
    TaskReportWithoutDay,
)
from tracker.workflow.task_state import OwnerInput, TaskInput, snapshot

REFUSED = [
    pytest.param({}, Grounds(" "), ChangeWithoutReason, id="no reason"),
    pytest.param({}, Grounds("Nguyễn Văn An, SN 1990; Trần Thị Bình, SN 1985"), PersonList, id="persons"),
    pytest.param({}, WHY, NothingChanged, id="nothing is another thing"),
    pytest.param({"owners": ()}, WHY, NobodyGetsIt, id="no owner left"),
    pytest.param({"owners": (OwnerInput("Hội không có trong danh mục"),)}, WHY, NobodyGetsIt, id="nobody known"),
]


@pytest.mark.parametrize(("changed", "why", "refusal"), REFUSED)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    session: Session, make: Factory, plan: Plan, moment: Moment, changed: Any, why: Grounds, refusal: Any
) -> None:
    task = make.task(plan, make.agency(), DUE)
    go_live(session, plan, moment)
    before = snapshot(task)

    with pytest.raises(refusal):
        changing_plan.amend(session, plan, task, as_is(task, **changed), why, seen=seen(plan, task), moment=moment)
    session.commit()

    assert snapshot(task) == before
    assert session.scalars(select(PlanChange)).all() == []


def test_a_day_that_is_past_is_refused(session: Session, make: Factory, plan: Plan, moment: Moment) -> None:
    task = make.task(plan, make.agency(), DUE)
    go_live(session, plan, moment)

    with pytest.raises(DayGoneBy) as refusal:
        amend(session, plan, task, as_is(task, days={task.deadlines[0].id: TODAY - DAY}), moment)

    assert refusal.value.values == {"day": "17/03/2026"}


def test_an_added_report_needs_its_day(session: Session, make: Factory, plan: Plan, moment: Moment) -> None:
    one = make.agency()
    make.task(plan, one, DUE)
    go_live(session, plan, moment)
    given = TaskInput(text="Báo cáo hằng tháng.", kind=DutyKind.PERIODIC_REPORT, owners=named(one))

    with pytest.raises(TaskReportWithoutDay):
        changing_plan.add(session, plan, given, WHY, seen=seen(plan), moment=moment)


@pytest.mark.parametrize("now", [PlanState.REVIEW, PlanState.SUPERSEDED, PlanState.CANCELLED])
def test_only_a_running_plan_is_changed(
    session: Session, make: Factory, plan: Plan, moment: Moment, now: PlanState
) -> None:
    task = make.task(plan, make.agency(), DUE)
    plan.state = now
    session.commit()

    with pytest.raises(PlanNotRunning):
        amend(session, plan, task, as_is(task, text="Việc khác."), moment)


def test_the_second_of_two_forms_on_one_task_is_refused_and_one_on_another_task_is_not(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    task, other = make.task(plan, make.agency(), DUE), make.task(plan, make.agency(), DUE)
    go_live(session, plan, moment)
    opened, beside = seen(plan, task), seen(plan, other)
    amend(session, plan, task, as_is(task, text="Bản của người thứ nhất."), moment)

    changing_plan.amend(session, plan, other, as_is(other, text="Việc khác."), WHY, seen=beside,
                        moment=later(moment, 1))
    session.commit()
    mine = as_is(task, text="Bản thứ hai.")
    with pytest.raises(ChangeStale):
        changing_plan.foresee_amend(session, plan, task, mine, seen=opened, moment=moment)
    with pytest.raises(ChangeStale):
        changing_plan.amend(session, plan, task, mine, WHY, seen=opened, moment=moment)

    assert task.text == "Bản của người thứ nhất."


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_of_two_coordinators_at_once_one_wins(
    app: Flask, session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    task = make.task(plan, make.agency(), DUE)
    go_live(session, plan, moment)
    plan_id, task_id, opened, said = plan.id, task.id, seen(plan, task), as_is(task)
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def press(text: str) -> None:
        with app.app_context():
            plan, task = db.session.get_one(Plan, plan_id), db.session.get_one(Task, task_id)
            given = Amendment(text=text, expected_product=None, owners=said.owners)
            ready.wait()
            try:
                changing_plan.amend(db.session(), plan, task, given, WHY, seen=opened,
                                    moment=Moment(Actor("Một người", "127.0.0.1"), NOW, TODAY, CALENDAR))
                db.session.commit()
                outcomes.append("saved")
            except ChangeStale:
                outcomes.append("stale")

    threads = [threading.Thread(target=press, args=(f"Bản {n}.",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["saved", "stale"]
