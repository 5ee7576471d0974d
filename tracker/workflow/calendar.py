"""The province's calendar: days off and make-up days, filled from a package and corrected by an administrator."""
from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import Any

import holidays
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Actor, Assignment, CalendarDay
from tracker.models.audit import record
from tracker.models.calendar import load_calendar
from tracker.rules.errors import Refusal
from tracker.rules.states import OWED
from tracker.rules.working_days import LONGEST_REST, DayKind

#: The package knows Vietnam's holidays from then on, and computes those not yet decreed.
FIRST_YEAR = 2015
LAST_YEAR = 2100


class DayTaken(Refusal):
    """The calendar says something of this day already."""

    key = "day_taken"


class YearNotKnown(Refusal):
    """No holidays are known for this year."""

    key = "year_not_known"


def add_day(
    session: Session, *, day: date, kind: DayKind, name: str, source: str, actor: Actor, now: datetime
) -> CalendarDay:
    """Say of one day that it is off, or worked. The caller commits.

    Raises DayTaken: a row is deleted before another takes its place, so that both stand in the audit.
    """
    row = CalendarDay(day=day, kind=kind, name=name.strip(), source=source.strip())
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise DayTaken(day=f"{day:%d/%m/%Y}") from error
    record(session, actor, "calendar.day_added", row, now=now, after=_facts(row))
    _move_working_days(session, {day})
    return row


def delete_day(session: Session, row: CalendarDay, *, actor: Actor, now: datetime) -> None:
    """Make a day ordinary again. The caller commits."""
    record(session, actor, "calendar.day_deleted", row, now=now, before=_facts(row))
    session.delete(row)
    session.flush()
    _move_working_days(session, {row.day})


def fill_year(session: Session, year: int, *, actor: Actor, now: datetime) -> int:
    """Add a year's holidays and make-up days from the holidays package, and say how many rows were new.

    What the calendar says already is never overwritten: the package is a seed, the administrator's
    correction is right. The caller commits. Raises YearNotKnown.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise YearNotKnown(first=FIRST_YEAR, last=LAST_YEAR)
    source = f"holidays {version('holidays')}"
    known = holidays.country_holidays("VN", years=year, language="vi")
    found = {day: (DayKind.OFF, str(name)) for day, name in known.items() if day.year == year}
    found |= {day: (DayKind.WORKING, "Làm bù") for day in known.weekend_workdays if day.year == year}
    present = set(session.scalars(select(CalendarDay.day).where(CalendarDay.day.in_(found))))
    new = sorted(set(found) - present)
    for day in new:
        kind, name = found[day]
        row = CalendarDay(day=day, kind=kind, name=name, source=source)
        session.add(row)
        record(session, actor, "calendar.day_added", row, now=now, after=_facts(row))
    _move_working_days(session, set(new))
    return len(new)


def _move_working_days(session: Session, changed: set[date]) -> None:
    """Work out anew the last working day of what is owed and due on or soon after a changed day.

    The due date itself stays; only the day shown beside it moves.
    """
    if not changed:
        return
    session.flush()
    calendar = load_calendar(session)
    first, last = min(changed), max(changed) + timedelta(days=LONGEST_REST)
    owed = (Assignment.state.in_(OWED), Assignment.due_on.between(first, last))
    for due_on in session.scalars(select(Assignment.due_on).where(*owed).distinct().order_by(Assignment.due_on)).all():
        assert due_on is not None
        working = calendar.at_or_before(due_on)
        session.execute(
            update(Assignment)
            .where(*owed, Assignment.due_on == due_on, Assignment.working_due_on != working)
            .values(working_due_on=working)
        )


def _facts(row: CalendarDay) -> dict[str, Any]:
    return {"day": row.day.isoformat(), "kind": row.kind.value, "name": row.name, "source": row.source}
