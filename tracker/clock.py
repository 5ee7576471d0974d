"""What time it is, and what day it is in Vietnam.

Only views, commands and the scheduler ask; everything below them gets `today` and `now`
as parameters.
"""
from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Decides what day it is, on screen and in mails. No daylight saving time.
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Give the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Give the present day in Vietnam."""
    return vietnam_day(now())


def vietnam_day(instant: datetime) -> date:
    """Give the day in Vietnam on which an aware instant falls."""
    return instant.astimezone(VIETNAM).date()
