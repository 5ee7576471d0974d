"""Every way in which an assignment gets a due date follows the calendar of its agency."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tracker.models import Actor, Agency, Assignment, CalendarDay, Extension, ProgressUpdate, Transfer, User
from tracker.models.calendar import load_calendar
from tracker.rules.states import AssignmentState, PlanState
from tracker.rules.working_days import DayKind
from tracker.workflow import acceptance, extending, publishing, transferring

DAY = timedelta(days=1)
#: Off in one agency only: a Friday, so that the working day before is Thursday.
REST = date(2026, 3, 27)
THURSDAY = REST - DAY


@pytest.fixture
def resting(session: Session, make: Factory) -> Agency:
    """An agency with days off of its own: REST, and the two days after TODAY."""
    agency = make.agency()
    for day in (REST, TODAY + DAY, TODAY + 2 * DAY):
        session.add(CalendarDay(day=day, kind=DayKind.OFF, name="Lễ hội", source="Công văn", agency=agency))
    session.commit()
    return agency


def by(user: User) -> Actor:
    return Actor(user.name, "127.0.0.1", user)


def test_publishing(session: Session, make: Factory, resting: Agency) -> None:
    coordinator, other = make.coordinator(), make.agency()
    plan = make.plan(coordinator.agency, state=PlanState.REVIEW)
    make.task(plan, make.group(resting, other), due_on=REST)

    publishing.publish(session, plan, actor=by(coordinator), now=NOW, today=TODAY, calendar=load_calendar(session))
    session.commit()

    rows = session.execute(select(Assignment.agency_id, Assignment.working_due_on)).all()
    assert {agency_id: day for agency_id, day in rows} == {resting.id: THURSDAY, other.id: REST}  # noqa: C416


def test_an_extension(session: Session, make: Factory, resting: Agency) -> None:
    coordinator = make.coordinator()
    row = make.assignment(resting, make.plan(coordinator.agency))
    asked = Extension(assignment=row, asked_by=make.user(agency=resting), asked_at=NOW, reason="Chờ kinh phí.",
                      from_due_on=TODAY, wanted_on=REST)
    session.add(asked)
    session.commit()

    extending.grant(session, asked, actor=by(coordinator), granted_on=REST, calendar=load_calendar(session), now=NOW,
                    today=TODAY)

    assert (row.due_on, row.working_due_on) == (REST, THURSDAY)


def test_a_transfer_and_the_time_to_begin_with(session: Session, make: Factory, resting: Agency) -> None:
    coordinator = make.coordinator()
    row = make.assignment(plan=make.plan(coordinator.agency), due_on=TODAY - DAY)
    asked = Transfer(assignment=row, asked_by=make.user(agency=row.agency), asked_at=NOW, reason="Không thuộc sở.")
    session.add(asked)
    session.commit()

    new = transferring.grant(session, asked, actor=by(coordinator), agency=resting, calendar=load_calendar(session),
                             today=TODAY, now=NOW)

    assert new.grace_until == TODAY + 7 * DAY, "three working days, with two days off and a weekend between"


def test_the_time_to_mend_a_returned_report(session: Session, make: Factory, resting: Agency) -> None:
    coordinator, liaison = make.coordinator(), make.user(agency=resting)
    row = make.assignment(resting, make.plan(coordinator.agency), state=AssignmentState.SUBMITTED, percent=100)
    update = ProgressUpdate(assignment=row, author=liaison, created_at=NOW, reported_on=TODAY, percent=100,
                            state=AssignmentState.SUBMITTED, text="Đã xong.")
    session.add(update)
    session.commit()

    acceptance.return_(session, row, actor=by(coordinator), reason="Thiếu số liệu.", now=NOW)

    assert row.grace_until == TODAY + 7 * DAY
