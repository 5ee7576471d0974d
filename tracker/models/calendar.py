"""Days off and make-up working days, each with its source."""
from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.models.base import Base
from tracker.rules.working_days import DayKind, WorkingCalendar


class CalendarDay(Base):
    """One day that differs from the ordinary week, for the whole province."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    kind: Mapped[DayKind]
    name: Mapped[str]
    #: The document or package the row comes from.
    source: Mapped[str]


def load_calendar(session: Session) -> WorkingCalendar:
    """Read the province's calendar."""
    rows = session.execute(select(CalendarDay.day, CalendarDay.kind).order_by(CalendarDay.day)).all()
    return WorkingCalendar(
        off=frozenset(day for day, kind in rows if kind is DayKind.OFF),
        made_up=frozenset(day for day, kind in rows if kind is DayKind.WORKING),
    )
