"""Days, months, quarters and years as plans write them, read into dates."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

#: Years in which a deadline of a plan can lie; anything else is a slip of the pen or another number.
FIRST_YEAR, LAST_YEAR = 1990, 2100
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4, "01": 1, "02": 2, "03": 3, "04": 4}

#: Patterns to build others from, for text in small letters; each may be used once or, with a suffix, twice in one.
DAY = (
    r"(?:ngày\s*)?(?P<d{0}>\d{{1,2}})(?:\s?[/.-]\s?(?P<m{0}>\d{{1,2}})(?:\s?[/.-]\s?(?P<y{0}>\d{{4}}))?(?![/.-]?\d)"
    r"| tháng (?P<mm{0}>\d{{1,2}})(?:(?:,? năm |[/.-])(?P<yy{0}>\d{{4}}))?(?!\d))"
)
MONTH = (
    r"tháng (?P<mo{0}>\d{{1,2}})(?!\d)(?:\s?(?:[/.-]|,? năm) ?(?P<moy{0}>\d{{4}})|(?!\s?[/.-] ?\d| (?:một|lần)))(?!\d)"
)
QUARTER = r"quý (?P<q{0}>iv|i{{1,3}}|0?[1-4])(?![\div])(?:\s?(?:[/.-]|,? năm| )\s?(?P<qy{0}>\d{{4}}))?(?![\w/])"
YEAR = r"năm (?P<yr{0}>(?:19|20)\d\d)(?![/.-]?\d)"
#: Any of the four, as one end of a span of time.
POINT = rf"(?:{DAY}|{MONTH}|{QUARTER}|{YEAR})"


@dataclass(frozen=True, slots=True)
class Impossible:
    """A day that no calendar has ("31/6/2026")."""

    words: str


def day_of(match: re.Match[str], suffix: str = "", year: int | None = None) -> date | Impossible | None:
    """Give the day that DAY matched; `year` fills in when none is written, None when that is missing too."""
    groups = match.groupdict()
    month = groups.get(f"m{suffix}") or groups.get(f"mm{suffix}")
    written = groups.get(f"y{suffix}") or groups.get(f"yy{suffix}")
    number = int(written) if written else year
    day = groups.get(f"d{suffix}")
    if day is None or month is None or number is None:
        return None
    return make_day(number, int(month), int(day), match.group())


def year_written(match: re.Match[str], suffix: str = "") -> int | None:
    """Give the year that stands in a day, month, quarter or year, or None."""
    groups = match.groupdict()
    found = next((groups[name + suffix] for name in ("y", "yy", "moy", "qy", "yr") if groups.get(name + suffix)), None)
    return int(found) if found else None


def bounds_of(match: re.Match[str], suffix: str, year: int | None) -> tuple[date, date] | Impossible | None:
    """Give the first and the last day of what POINT matched; None without any year."""
    groups = match.groupdict()
    if groups.get(f"d{suffix}"):
        day = day_of(match, suffix, year)
        return (day, day) if isinstance(day, date) else day
    number = year_written(match, suffix) or year
    if number is None:
        return None
    if groups.get(f"mo{suffix}"):
        first_month = last_month = int(groups[f"mo{suffix}"])
    elif groups.get(f"q{suffix}"):
        last_month = quarter_of(groups[f"q{suffix}"]) * 3
        first_month = last_month - 2
    else:
        first_month, last_month = 1, 12
    last = month_end(number, last_month)
    return (date(number, first_month, 1), last) if last else Impossible(match.group())


def make_day(year: int, month: int, day: int, words: str) -> date | Impossible:
    """Give the day, or Impossible with the words that name it."""
    try:
        found = date(year, month, day)
    except ValueError:
        return Impossible(words)
    return found if FIRST_YEAR <= year <= LAST_YEAR else Impossible(words)


def month_end(year: int, month: int) -> date | None:
    """Give the last day of a month, or None for a month that does not exist."""
    if not (1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR):
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def quarter_of(printed: str) -> int:
    """Give 1 to 4 for "I", "ii", "03"."""
    return _QUARTERS[printed.casefold()]
