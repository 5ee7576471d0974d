"""A plan that amends a running one: its periodic reports go on in their windows or start anew."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.workflow.published_plans import CALENDAR, S, go_live, rows, set_state
from tracker.models import Deadline, Plan, Task
from tracker.rules.states import DeadlineKind, DutyKind, Every
from tracker.workflow.periods import open_next_windows


@pytest.fixture
def plan(amending_plan: Plan) -> Plan:
    return amending_plan


def report(make: Factory, plan: Plan, owner: Any, due_day: str, every: Every = Every.MONTH) -> Task:
    task = make.task(plan, owner, kind=DutyKind.PERIODIC_REPORT, text="Báo cáo kết quả thực hiện kế hoạch hằng tháng")
    task.deadlines = [Deadline(kind=DeadlineKind.RECURRING, every=every, due_day=due_day)]
    make.session.commit()
    return task


def test_a_report_goes_on_in_the_same_windows_under_the_new_plan(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    one, two, gone = make.agency(), make.agency(), make.agency()
    report(make, earlier, make.group(one, gone), "01-20")
    report(make, plan, make.group(one, two), "01-25")
    go_live(session, earlier)
    for row in rows(session, earlier):
        set_state(row, S.ACCEPTED)
    session.commit()
    open_next_windows(session, today=date(2026, 3, 21), now=NOW, calendar=CALENDAR)
    session.commit()

    go_live(session, plan, today=date(2026, 3, 22))
    open_next_windows(session, today=date(2026, 4, 26), now=NOW, calendar=CALENDAR)
    session.commit()

    assert [(row.agency_id, row.state, row.due_on) for row in rows(session, plan)] == [
        (one.id, S.ACCEPTED, date(2026, 3, 20)), (one.id, S.OPEN, date(2026, 4, 25)),
        (two.id, S.OPEN, date(2026, 4, 25)),
        (one.id, S.OPEN, date(2026, 5, 25)), (two.id, S.OPEN, date(2026, 5, 25))]
    assert [(row.agency_id, row.state) for row in rows(session, earlier)] == [
        (gone.id, S.ACCEPTED), (gone.id, S.CANCELLED)]
    assert {row.period.deadline_id for row in rows(session, plan) if row.period} == {
        row.deadline_id for row in rows(session, plan)}


def test_a_report_that_comes_round_less_often_starts_anew(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    one = make.agency()
    report(make, earlier, one, "01-20")
    report(make, plan, one, "12-10", Every.YEAR)
    go_live(session, earlier)

    go_live(session, plan)

    assert [row.state for row in rows(session, earlier)] == [S.CANCELLED]
    assert [(row.state, row.due_on) for row in rows(session, plan)] == [(S.OPEN, date(2026, 12, 10))]
