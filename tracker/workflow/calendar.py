"""The calendar: days off and make-up days of the province and of single agencies, kept by an administrator."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import Any

import holidays
from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Actor, Agency, Assignment, CalendarDay
from tracker.models.audit import record
from tracker.models.calendar import Calendars, load_calendars
from tracker.models.policy import load_policy
from tracker.rules.errors import Refusal
from tracker.rules.look_back import check_look_back
from tracker.rules.states import OWED
from tracker.rules.working_days import LONGEST_REST, DayKind, WorkingCalendar

#: The package knows Vietnam's holidays from then on, and computes those not yet decreed.
FIRST_YEAR = 2015
LAST_YEAR = 2100


class DayTaken(Refusal):
    """The same calendar says something of this day already."""

    key = "day_taken"


class YearNotKnown(Refusal):
    """No holidays are known for this year."""

    key = "year_not_known"


def add_day(
    session: Session, *, day: date, kind: DayKind, name: str, source: str, agency: Agency | None = None, actor: Actor,
    now: datetime,
) -> CalendarDay:
    """Say of one day that it is off, or worked: in the whole province, or in one agency only. The caller commits.

    Raises DayTaken: a row is deleted before another takes its place, so that both stand in the audit; and
    LookBackTooShort where the days off in a row become so many that reminders would be lost behind them.
    """
    row = CalendarDay(day=day, kind=kind, name=name.strip(), source=source.strip(), agency=agency)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
            calendar = load_calendars(session).province
            check_look_back(load_policy(session), calendar.of(agency.id) if agency else calendar)
    except IntegrityError as error:
        raise DayTaken(day=f"{day:%d/%m/%Y}") from error
    record(session, actor, "calendar.day_added", row, now=now, after=_facts(row))
    _move_working_days(session, {day}, row.agency_id)
    return row


def delete_day(session: Session, row: CalendarDay, *, actor: Actor, now: datetime) -> None:
    """Make a day ordinary again. The caller commits."""
    record(session, actor, "calendar.day_deleted", row, now=now, before=_facts(row))
    day, agency_id = row.day, row.agency_id
    session.delete(row)
    _move_working_days(session, {day}, agency_id)


def fill_year(session: Session, year: int, *, actor: Actor, now: datetime) -> int:
    """Add a year's holidays and make-up days of the province from the package, and say how many rows were new.

    What the calendar says already is never overwritten: the package is a seed, the administrator's
    correction is right. The caller commits. Raises YearNotKnown.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise YearNotKnown(first=FIRST_YEAR, last=LAST_YEAR)
    source = f"holidays {version('holidays')}"
    known = holidays.country_holidays("VN", years=year, language="vi")
    found = {day: (DayKind.OFF, str(name)) for day, name in known.items() if day.year == year}
    found |= {day: (DayKind.WORKING, "Làm bù") for day in known.weekend_workdays if day.year == year}
    present = set(session.scalars(
        select(CalendarDay.day).where(CalendarDay.agency_id.is_(None), CalendarDay.day.in_(found))))
    new = sorted(set(found) - present)
    for day in new:
        kind, name = found[day]
        row = CalendarDay(day=day, kind=kind, name=name, source=source)
        session.add(row)
        record(session, actor, "calendar.day_added", row, now=now, after=_facts(row))
    _move_working_days(session, set(new))
    return len(new)


def _move_working_days(session: Session, changed: set[date], agency_id: int | None = None) -> None:
    """Work out anew the last working day of what is owed and due on or soon after a changed day.

    Of the agency whose day it is; else of every agency, each by its own calendar. The due date itself stays; only the
    day shown beside it moves.
    """
    if not changed:
        return
    session.flush()
    calendars = load_calendars(session)
    first, last = min(changed), max(changed) + timedelta(days=LONGEST_REST)
    for calendar, rows in _followers(calendars, agency_id):
        owed = (Assignment.state.in_(OWED), Assignment.due_on.between(first, last), rows)
        due_days = select(Assignment.due_on).where(*owed).distinct().order_by(Assignment.due_on)
        for due_on in session.scalars(due_days).all():
            assert due_on is not None
            working = calendar.at_or_before(due_on)
            session.execute(
                update(Assignment)
                .where(*owed, Assignment.due_on == due_on, Assignment.working_due_on != working)
                .values(working_due_on=working)
            )


def _followers(calendars: Calendars, agency_id: int | None) -> Iterator[tuple[WorkingCalendar, ColumnElement[bool]]]:
    """Pair each calendar that is concerned with the assignments that follow it."""
    if agency_id is not None:
        yield calendars.of(agency_id), Assignment.agency_id == agency_id
        return
    agencies: dict[WorkingCalendar, list[int]] = defaultdict(list)
    for own_id, calendar in calendars.own.items():
        agencies[calendar].append(own_id)
    for calendar, ids in agencies.items():
        yield calendar, Assignment.agency_id.in_(ids)
    yield calendars.province, Assignment.agency_id.not_in(calendars.own) if calendars.own else true()


def _facts(row: CalendarDay) -> dict[str, Any]:
    facts = {"day": row.day.isoformat(), "kind": row.kind.value, "name": row.name, "source": row.source}
    return facts | ({"agency": row.agency.name} if row.agency is not None else {})
