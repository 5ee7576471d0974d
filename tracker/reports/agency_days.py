"""A year of the calendar as an administrator reads it: the province's days, with those of one agency over them."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import Agency, CalendarDay


@dataclass(frozen=True)
class ShownDay:
    """One row of a year."""

    row: CalendarDay
    #: The agency says something else of this day, so the province's word does not hold there.
    is_overridden: bool


@dataclass(frozen=True)
class OwnCalendar:
    """An agency that has days of its own."""

    agency_id: int
    name: str
    days: int


def year_of(session: Session, year: int, agency_id: int | None) -> list[ShownDay]:
    """Give a year's days in their order: the province's, and beside them one agency's own."""
    whose: ColumnElement[bool] = CalendarDay.agency_id.is_(None)
    if agency_id is not None:
        whose = or_(whose, CalendarDay.agency_id == agency_id)
    rows = session.scalars(
        select(CalendarDay).where(_in(year), whose).order_by(CalendarDay.day, CalendarDay.agency_id.is_not(None))
    ).all()
    own = {row.day for row in rows if row.agency_id is not None}
    return [ShownDay(row, row.agency_id is None and row.day in own) for row in rows]


def own_calendars(session: Session, year: int) -> Sequence[OwnCalendar]:
    """Give the agencies with days of their own in a year, in the order of the province's list."""
    rows = session.execute(
        select(Agency.id, Agency.name, func.count(CalendarDay.id))
        .join(CalendarDay, CalendarDay.agency_id == Agency.id).where(_in(year))
        .group_by(Agency.id, Agency.name, Agency.position).order_by(Agency.position, Agency.id)
    )
    return [OwnCalendar(*row) for row in rows]


def _in(year: int) -> ColumnElement[bool]:
    return CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
