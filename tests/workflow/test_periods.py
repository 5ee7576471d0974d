"""Windows of periodic reports: the first one at publishing, and the next when the last is over."""
from __future__ import annotations

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.workflow.published_plans import CALENDAR, given, go_live, recurring, report
from tracker.extensions import db
from tracker.models import Plan, ReportingPeriod, Task
from tracker.rules.states import AssignmentState, Every, PlanState
from tracker.workflow.periods import open_next_windows


@pytest.fixture
def plan(make: Factory) -> Plan:
    return make.plan(state=PlanState.REVIEW)


@pytest.fixture
def yearly(session: Session, make: Factory, plan: Plan) -> Task:
    """A yearly report of two agencies, published in spring: due on 10/12/2026."""
    task = report(make, plan, make.group(make.agency(), make.agency()), recurring(Every.YEAR, "12-10"))
    go_live(session, plan)
    return task


def open_on(session: Session, today: date) -> int:
    made = open_next_windows(session, today=today, now=NOW, calendar=CALENDAR)
    session.commit()
    return made


def test_a_periodic_report_opens_its_next_window(session: Session, make: Factory, plan: Plan) -> None:
    report(make, plan, make.agency(),
           recurring(Every.HALF_YEAR, "06-12", first_day="12-10", last_day="06-10"),
           recurring(Every.YEAR, "12-12", 1, first_day="12-10", last_day="12-10"))

    go_live(session, plan)

    rows = [(row.occurrence, row.due_on, row.period and row.period.first_day) for row in given(session)]
    assert rows == [("0:2026-H1", date(2026, 6, 12), date(2025, 12, 10)),
                    ("1:2026", date(2026, 12, 12), date(2025, 12, 10))]


def test_a_half_yearly_report_beside_a_yearly_one_is_for_the_first_half_only(
    session: Session, make: Factory, plan: Plan
) -> None:
    report(make, plan, make.agency(), recurring(Every.HALF_YEAR, "06-12"), recurring(Every.YEAR, "12-12", 1))

    go_live(session, plan, today=date(2026, 8, 1))

    assert {row.period.label for row in given(session) if row.period} == {"2027-H1", "2026"}


def test_members_of_a_group_share_one_window(session: Session, make: Factory, plan: Plan) -> None:
    report(make, plan, make.group(make.agency(), make.agency(), make.agency()), recurring(Every.QUARTER, "01-20"))

    go_live(session, plan)

    assert session.scalar(select(func.count()).select_from(ReportingPeriod)) == 1
    assert {row.due_on for row in given(session)} == {date(2026, 3, 20)}


def test_a_part_goes_on_as_a_part_in_the_next_window(session: Session, make: Factory, plan: Plan) -> None:
    make.agency("Sở Nội vụ")
    task = report(make, plan, make.agency(), recurring(Every.MONTH, "01-20"))
    task.partners = {"names": ["Sở Nội vụ"]}
    session.commit()
    go_live(session, plan)

    open_next_windows(session, today=date(2026, 3, 21), now=NOW, calendar=CALENDAR)
    session.commit()

    assert [(one.is_part, one.due_on) for one in given(session)] == [
        (False, date(2026, 3, 20)), (True, date(2026, 3, 20)), (False, date(2026, 4, 20)), (True, date(2026, 4, 20))]


def test_no_window_opens_while_the_last_one_is_running(session: Session, yearly: Task) -> None:
    assert open_on(session, date(2026, 12, 10)) == 0


def test_the_next_window_opens_for_the_same_agencies_when_the_send_by_day_is_past(
    session: Session, yearly: Task
) -> None:
    before = given(session)

    made = open_on(session, date(2026, 12, 11))

    new = [row for row in given(session) if row not in before]
    assert made == 2
    assert {(row.agency_id, row.group_id) for row in new} == {(row.agency_id, row.group_id) for row in before}
    assert {row.due_on for row in new} == {date(2027, 12, 10)}
    assert {row.occurrence for row in new} == {"0:2027"}


def test_opening_windows_twice_opens_them_once(session: Session, yearly: Task) -> None:
    open_on(session, date(2026, 12, 11))

    assert open_on(session, date(2026, 12, 11)) == 0
    assert len(given(session)) == 4


def test_two_clocks_at_once_open_a_window_once(app: Flask, session: Session, yearly: Task) -> None:
    made: list[int] = []
    ready = threading.Barrier(2)

    def tick() -> None:
        with app.app_context():
            ready.wait()
            made.append(open_on(db.session(), date(2026, 12, 11)))

    session.rollback()
    clocks = [threading.Thread(target=tick) for _ in range(2)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()

    assert sorted(made) == [0, 2]


def test_windows_that_passed_while_nobody_looked_are_opened_too(session: Session, yearly: Task) -> None:
    made = open_on(session, date(2028, 1, 5))

    assert made == 4
    assert {row.due_on for row in given(session)} == {date(2026, 12, 10), date(2027, 12, 10), date(2028, 12, 10)}


def test_no_window_opens_after_the_plan_has_ended(session: Session, plan: Plan, yearly: Task) -> None:
    plan.ends_on = date(2026, 12, 1)
    session.commit()

    assert open_on(session, date(2026, 12, 11)) == 0


def test_an_agency_that_ended_or_whose_report_was_cancelled_gets_no_next_one(session: Session, yearly: Task) -> None:
    first, second = given(session)
    first.agency.ended_on = date(2026, 7, 1)
    second.state = AssignmentState.CANCELLED
    session.commit()

    assert open_on(session, date(2026, 12, 11)) == 0
