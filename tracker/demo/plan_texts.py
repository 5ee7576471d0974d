"""The demo's plan texts. Their dates count from the day the demo is loaded, so that some of the work is always late."""
from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

#: The plans in the order in which they were issued: nearly done, in mid-course, being reviewed.
YOUTH_PLAN = "1-thanh-thieu-nien.txt"
PLACES_PLAN = "2-xa-phuong-khong-ma-tuy.txt"
NETWORK_PLAN = "3-khong-gian-mang.txt"

FOLDER = Path(__file__).parent / "plans"
#: "{-12}": the day twelve days ago; after a colon how it is written.
_MARK = re.compile(r"\{([+-]\d+)(?::(full|year|month|day))?\}")


def plan_text(name: str, today: date) -> str:
    """Give a plan's text as it would have been issued for somebody who reads it today."""
    return _MARK.sub(lambda mark: _written(today + timedelta(days=int(mark[1])), mark[2]),
                     (FOLDER / name).read_text("utf-8"))


def _written(day: date, how: str | None) -> str:
    """Write a date as Vietnamese documents do: a zero before days under 10 and months 1 and 2."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    match how:
        case "full":
            return f"ngày {day.day:02} tháng {month} năm {day.year}"
        case "year":
            return str(day.year)
        case "month":
            return month
        case "day":
            return f"{day.day:02}"
        case _:
            return f"{day.day:02}/{month}/{day.year}"
