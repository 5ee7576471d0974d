"""What the addresses of the administrator's lists hold, and lists cut by id. What makes no sense there is left out."""
from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.models.base import LARGEST_ID
from tracker.reports.assignment_list import LONGEST_SEARCH
from tracker.reports.paging import PAGE_ROWS, Page

#: A list that may grow without end is counted as far as this.
MOST_COUNTED = 10_000
_KEY = re.compile(r"\d{1,10}(\.\d{1,10})*", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_AS_WRITTEN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
Kind = TypeVar("Kind")


def read_key(after: str | None, length: int) -> tuple[int, ...] | None:
    """Read where a page begins; what can't be read begins at the start."""
    if not after or not _KEY.fullmatch(after):
        return None
    key = tuple(int(number) for number in after.split("."))
    return key if len(key) == length and max(key) <= LARGEST_ID else None


def read_number(text: str | None) -> int | None:
    """Read an id."""
    key = read_key(text, 1)
    return key[0] if key else None


def read_day(text: str | None) -> date | None:
    """Read a day as people write it (02/09/2026), or as addresses do (2026-09-02)."""
    text = (text or "").strip()
    if found := _DAY.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DAY_AS_WRITTEN.fullmatch(text):
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def one_of(kinds: type[Kind], text: str | None) -> Kind | None:
    """Read one value of an enum."""
    try:
        return kinds(text)  # type: ignore[call-arg]
    except ValueError:
        return None


def read_words(args: Mapping[str, str], name: str = "q") -> str:
    """Read what was typed into a search box."""
    return " ".join(args.get(name, "").replace("\0", " ").split())[:LONGEST_SEARCH]


def given(**values: Any) -> dict[str, Any]:
    """Give an address's arguments, without what is not set."""
    return {name: getattr(value, "value", value) for name, value in values.items() if value not in (None, "")}


def newest_first(session: Session, rows: Select[Any], key: Any, after: str | None, total: int) -> Page[Any]:
    """Give one page of rows, the newest id first."""
    start = read_number(after)
    if start is not None:
        rows = rows.where(key < start)
    found = session.scalars(rows.order_by(key.desc()).limit(PAGE_ROWS + 1)).all()
    next_after = str(found[PAGE_ROWS - 1].id) if len(found) > PAGE_ROWS else None
    return Page(found[:PAGE_ROWS], next_after, start is None, total)


def bounded_count(session: Session, key: Any, *criteria: Any) -> int:
    """Count rows, but not past MOST_COUNTED."""
    return session.scalar(select(func.count()).select_from(
        select(key).where(*criteria).limit(MOST_COUNTED).subquery())) or 0
