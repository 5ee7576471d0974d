"""Tables that go over a page's end: one head, cells that go on, rows that were cut."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.reading.pages.marks import is_ended, joined
from tracker.reading.pages.sheet import Line
from tracker.reading.pages.tables import Cell, Table

#: Columns of the two parts begin at the same places (points).
SAME_PLACE = 4.0
_NUMBER_COLUMN = re.compile(r"(?:stt|tt|số tt|số thứ tự|no\.?)\.?", re.IGNORECASE)
_HEAD_ROWS = 3


def joined_tables(tables: Sequence[list[Table]], lines: Sequence[list[Line]]) -> list[str]:
    """Make parts of one table on following pages agree (in place) and give the head rows taken out of later parts.

    `tables` and `lines` hold each page's tables and the lines outside of them.
    """
    taken: list[str] = []
    head: Table | None = None
    for page in range(1, len(tables)):
        if not tables[page - 1] or not tables[page]:
            head = None
            continue
        before, after = tables[page - 1][-1], tables[page][0]
        apart = any(line.base > before.bottom for line in lines[page - 1]) or any(
            line.base < after.top for line in lines[page]
        )
        if apart or not _same_columns(before, after):
            head = None
            continue
        head = head if head is not None and len(tables[page - 1]) == 1 else before
        taken += _drop_head(head, after)
        if after.rows and before.rows:
            _carry(head, before, after)
    return taken


def rows_of(table: Table) -> list[list[str]]:
    """Give the texts of each row; a row that is one wide cell is a heading inside the table."""
    return [[cell.text for cell in row] if len(row) > 1 else [row[0].text] for row in table.rows]


def _same_columns(first: Table, second: Table) -> bool:
    return len(first.edges) == len(second.edges) and all(
        abs(one - other) <= SAME_PLACE for one, other in zip(first.edges, second.edges, strict=True)
    )


def _drop_head(first: Table, part: Table) -> list[str]:
    taken = []
    for row in first.rows[:_HEAD_ROWS]:
        texts = [cell.text for cell in row]
        if not part.rows or [cell.text for cell in part.rows[0]] != texts:
            break
        taken.append(" | ".join(texts))
        del part.rows[0]
    return taken


def _carry(head: Table, before: Table, after: Table) -> None:
    last, first = before.rows[-1], after.rows[0]
    if len(last) != len(first) or len(last) < 2:
        return
    if _is_cut(head, last, first):
        for above, below in zip(last, first, strict=True):
            above.text = joined(above.text, below.text) if below.text else above.text
            _replace(after, below, above)
        del after.rows[0]
        return
    for above, below in zip(last, first, strict=True):
        if not below.text and above.text and (_spans(above) or _spans(below)):
            below.text = above.text


def _is_cut(head: Table, last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Tell whether a page's end cut a row in two: no number of its own, and something above that had not ended."""
    numbered = bool(head.rows) and bool(_NUMBER_COLUMN.fullmatch(head.rows[0][0].text))
    if not numbered or first[0].text or not last[0].text or _spans(first[0]):
        return False
    return any(below.text and above.text and not is_ended(above.text) for above, below in zip(last, first, strict=True))


def _replace(table: Table, old: Cell, new: Cell) -> None:
    """A cell that spans rows is one cell on both pages."""
    for row in table.rows[1:]:
        row[:] = [new if cell is old else cell for cell in row]


def _spans(cell: Cell) -> bool:
    return cell.rows[0] != cell.rows[1]
