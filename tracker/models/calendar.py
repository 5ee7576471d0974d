"""Days off and make-up working days, each with its source: the province's, and those of single agencies."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.models.agency import Agency
from tracker.models.base import Base
from tracker.rules.working_days import DayKind, WorkingCalendar

_PROVINCE = text("agency_id IS NULL")


class CalendarDay(Base):
    """One day that differs from the ordinary week: for the whole province, or for one agency."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        UniqueConstraint("agency_id", "day"),
        # NULLs differ from one another in a unique constraint, so the province's days have their own.
        Index("uq_calendar_day_province", "day", unique=True, sqlite_where=_PROVINCE, postgresql_where=_PROVINCE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    kind: Mapped[DayKind]
    name: Mapped[str]
    #: The document or package the row comes from.
    source: Mapped[str]
    #: None: the province's.
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    agency: Mapped[Agency | None] = relationship()


@dataclass(frozen=True)
class Calendars:
    """The province's calendar, and those of the agencies that have days of their own."""

    province: WorkingCalendar
    own: Mapping[int, WorkingCalendar] = field(default_factory=dict)

    def of(self, agency_id: int) -> WorkingCalendar:
        """Give an agency's calendar: the province's, with the agency's own days over it."""
        return self.own.get(agency_id, self.province)


def load_calendar(session: Session) -> WorkingCalendar:
    """Read the province's calendar; it knows those of the agencies that have days of their own."""
    return load_calendars(session).province


def load_calendars(session: Session) -> Calendars:
    """Read all calendars, in one query."""
    days: dict[tuple[int | None, DayKind], set[date]] = defaultdict(set)
    for agency_id, day, kind in session.execute(select(CalendarDay.agency_id, CalendarDay.day, CalendarDay.kind)):
        days[agency_id, kind].add(day)

    def of(agency_id: int | None, kind: DayKind) -> frozenset[date]:
        return frozenset(days.get((agency_id, kind), ()))

    province = WorkingCalendar(off=of(None, DayKind.OFF), made_up=of(None, DayKind.WORKING))
    own = {
        agency_id: province.with_days(of(agency_id, DayKind.OFF), of(agency_id, DayKind.WORKING))
        for agency_id, _kind in days if agency_id is not None
    }
    return Calendars(replace(province, own=own), own)
