"""Pages of long lists, cut by key: page 400 costs what page 1 costs, and a row that is added or finished
meanwhile moves nobody else's row to another page."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

#: Rows on one page of a list.
PAGE_ROWS = 50
#: What a hand-written address can make of it at most.
MOST_ROWS = 200


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, in order."""

    rows: Sequence[Row]
    #: Where the next page begins; None when this is the last one.
    next_after: str | None
    is_first: bool
    #: How many rows the whole list has.
    total: int
