"""The calendar, filled and corrected: the province's, and that of single agencies."""
from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import Actor, Agency, AuditEntry, CalendarDay, ProvincePolicy
from tracker.models.calendar import load_calendar
from tracker.rules.look_back import LookBackTooShort
from tracker.rules.policy import Policy
from tracker.rules.states import AssignmentState
from tracker.rules.working_days import DayKind
from tracker.workflow import calendar

COMMAND = Actor("command", "command")
FRIDAY = date(2026, 1, 2)
SATURDAY = date(2026, 1, 10)
DAY = timedelta(days=1)


def add(session: Session, day: date, kind: DayKind = DayKind.OFF, agency: Agency | None = None) -> CalendarDay:
    row = calendar.add_day(session, day=day, kind=kind, name="Nghỉ hoán đổi", source="Công văn của tỉnh",
                           agency=agency, actor=COMMAND, now=NOW)
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


def test_an_agencys_own_day_moves_its_working_days_only(session: Session, make: Factory) -> None:
    agency = make.agency()
    mine, theirs = make.assignment(agency, due_on=FRIDAY), make.assignment(due_on=FRIDAY)

    row = add(session, FRIDAY, agency=agency)
    session.expire_all()
    moved = mine.working_due_on, theirs.working_due_on
    calendar.delete_day(session, row, actor=COMMAND, now=NOW)
    session.commit()

    assert moved == (date(2026, 1, 1), FRIDAY)
    assert mine.working_due_on == FRIDAY
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.after or entry.before or {})["agency"] for entry in entries] == [agency.name] * 2


def test_a_day_of_the_province_leaves_alone_who_says_otherwise(session: Session, make: Factory) -> None:
    working, resting = make.agency(), make.agency()
    rows = [make.assignment(one, due_on=FRIDAY) for one in (working, resting, make.agency())]
    add(session, FRIDAY, DayKind.WORKING, working)
    add(session, SATURDAY, DayKind.WORKING, resting)

    add(session, FRIDAY)

    session.expire_all()
    assert [row.working_due_on for row in rows] == [FRIDAY, date(2026, 1, 1), date(2026, 1, 1)]


def test_each_calendar_says_something_of_a_day_once(session: Session, make: Factory) -> None:
    first, second = make.agency(), make.agency()
    add(session, FRIDAY)
    add(session, FRIDAY, agency=first)
    add(session, FRIDAY, agency=second)

    with pytest.raises(calendar.DayTaken):
        add(session, FRIDAY, agency=first)


def test_filling_a_year_is_not_kept_back_by_an_agencys_own_days(session: Session, make: Factory) -> None:
    add(session, date(2026, 9, 2), DayKind.WORKING, make.agency())

    calendar.fill_year(session, 2026, actor=COMMAND, now=NOW)
    session.commit()

    assert not load_calendar(session).is_working(date(2026, 9, 2))


def test_an_agencys_calendar_is_the_provinces_with_its_own_days_over_it(session: Session, make: Factory) -> None:
    agency = make.agency()
    add(session, FRIDAY)
    add(session, SATURDAY, DayKind.WORKING)
    add(session, SATURDAY, agency=agency)

    days = load_calendar(session)

    assert not days.of(agency.id).is_working(FRIDAY)
    assert not days.of(agency.id).is_working(SATURDAY)
    assert days.is_working(SATURDAY)
    assert days.of(agency.id + 1) is days


def test_a_rest_behind_which_reminders_would_be_lost_is_refused(session: Session, make: Factory) -> None:
    session.add(ProvincePolicy(id=1, changed_at=NOW, **asdict(Policy(grace_after_return=30))))
    first = date(2026, 6, 1)
    for number in range(43):
        session.add(CalendarDay(day=first + number * DAY, kind=DayKind.OFF, name="Nghỉ", source="Công văn"))
    session.commit()

    with pytest.raises(LookBackTooShort):
        add(session, first + 43 * DAY)
    session.rollback()

    assert not session.scalars(select(AuditEntry)).all()
