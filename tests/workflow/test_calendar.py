"""The province's calendar, filled and corrected."""
from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import Actor, AuditEntry, CalendarDay
from tracker.models.calendar import load_calendar
from tracker.rules.states import AssignmentState
from tracker.rules.working_days import DayKind
from tracker.workflow import calendar

COMMAND = Actor("command", "command")
FRIDAY = date(2026, 1, 2)
SATURDAY = date(2026, 1, 10)


def add(session: Session, day: date, kind: DayKind = DayKind.OFF) -> CalendarDay:
    row = calendar.add_day(session, day=day, kind=kind, name="Nghỉ hoán đổi", source="Công văn của tỉnh",
                           actor=COMMAND, now=NOW)
    session.commit()
    return row


def test_a_year_is_filled_once_with_its_source(session: Session) -> None:
    first = calendar.fill_year(session, 2026, actor=COMMAND, now=NOW)
    session.commit()

    again = calendar.fill_year(session, 2026, actor=COMMAND, now=NOW)

    days = load_calendar(session)
    sources = set(session.scalars(select(CalendarDay.source)))
    assert (first > 10, again) == (True, 0)
    assert not days.is_working(date(2026, 9, 2))
    assert not days.is_working(date(2026, 8, 31))
    assert days.is_working(date(2026, 8, 22)), "a Saturday worked in exchange"
    assert all(source.startswith("holidays ") for source in sources)
    assert len(session.scalars(select(AuditEntry)).all()) == first


def test_filling_never_overwrites_the_administrator(session: Session) -> None:
    add(session, date(2026, 9, 2), DayKind.WORKING)

    calendar.fill_year(session, 2026, actor=COMMAND, now=NOW)
    session.commit()

    row = session.scalars(select(CalendarDay).where(CalendarDay.day == date(2026, 9, 2))).one()
    assert (row.kind, row.source) == (DayKind.WORKING, "Công văn của tỉnh")


def test_the_administrator_adds_the_swap_the_package_does_not_know(session: Session) -> None:
    calendar.fill_year(session, 2026, actor=COMMAND, now=NOW)
    add(session, FRIDAY)
    add(session, SATURDAY, DayKind.WORKING)

    days = load_calendar(session)

    assert not days.is_working(FRIDAY)
    assert days.is_working(SATURDAY)


@pytest.mark.parametrize("year", [0, -5, 1999, 99999])
def test_a_year_nobody_knows_is_refused(session: Session, year: int) -> None:
    with pytest.raises(calendar.YearNotKnown):
        calendar.fill_year(session, year, actor=COMMAND, now=NOW)


def test_a_day_stands_once(session: Session) -> None:
    add(session, FRIDAY)

    with pytest.raises(calendar.DayTaken):
        add(session, FRIDAY, DayKind.WORKING)


def test_a_new_day_off_moves_the_working_day_of_what_is_owed(session: Session, make: Factory) -> None:
    owed = make.assignment(due_on=FRIDAY)
    accepted = make.assignment(due_on=FRIDAY, state=AssignmentState.ACCEPTED)

    row = add(session, FRIDAY)
    session.expire_all()
    moved = owed.working_due_on
    calendar.delete_day(session, row, actor=COMMAND, now=NOW)
    session.commit()

    assert moved == date(2026, 1, 1), "the year's first day is not in this calendar"
    assert owed.working_due_on == FRIDAY
    assert owed.due_on == FRIDAY
    assert accepted.working_due_on == FRIDAY
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
        "calendar.day_added", "calendar.day_deleted",
    ]  # fmt: skip
