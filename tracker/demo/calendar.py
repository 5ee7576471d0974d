"""The demo's days off: from the holidays package, and the exchange of days that it does not know."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.demo import LOADER
from tracker.rules.working_days import DayKind
from tracker.workflow.calendar import add_day, fill_year

#: The Prime Minister's exchange for the New Year of 2026, missing from the package.
EXCHANGE_SOURCE = "Công văn 12729/VPCP-KGVX ngày 25/12/2025"
EXCHANGED = (
    (date(2026, 1, 2), DayKind.OFF, "Nghỉ hoán đổi dịp Tết Dương lịch"),
    (date(2026, 1, 10), DayKind.WORKING, "Làm bù cho ngày 02/01/2026"),
)
YEARS_AHEAD = 2


def add_days_off(session: Session, *, today: date, now: datetime) -> None:
    """Add the days off of last year (the demo's first deadlines), this one and the next two. The caller commits."""
    years = range(today.year - 1, today.year + YEARS_AHEAD + 1)
    for day, kind, name in EXCHANGED:
        if day.year in years:
            add_day(session, day=day, kind=kind, name=name, source=EXCHANGE_SOURCE, actor=LOADER, now=now)
    for year in years:
        fill_year(session, year, actor=LOADER, now=now)
