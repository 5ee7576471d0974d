"""Tables of a web page: rows as lines, or only boxes on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tracker.reading.beside import lines_beside
from tracker.reading.html_words import is_strong

_PAGE_LINES = 8
_PAGE_LETTERS = 1500
_HEAD_LETTERS = 80
_MOST_ROWS = 1000
_MOST_COLUMNS = 200


@dataclass(slots=True)
class Line:
    """One line of the page; `key` is set when it is no part of the text (as in Removed)."""

    text: str
    element: Any
    key: str = ""
    #: Letters inside links that lead to other pages.
    linked: int = 0


@dataclass(slots=True)
class Cell:
    """A cell, and over how many rows and columns it goes."""

    lines: list[Line]
    rows: int
    columns: int

    @classmethod
    def of(cls, element: Any, lines: list[Line]) -> Cell:
        """Make a cell of a td or th; spans beyond what browsers take are cut."""
        return cls(lines, _span(element, "rowspan", _MOST_ROWS), _span(element, "colspan", _MOST_COLUMNS))


@dataclass(slots=True)
class Table:
    """A table while it is read."""

    element: Any
    rows: list[tuple[Any, list[Cell]]] = field(default_factory=list)
    #: The cell being read, and nothing between two cells.
    cell: Any = None


def table_lines(table: Table) -> Iterator[Line]:
    """Give a table's rows as lines, cells joined with " | "; a table that only places things gives its cells' lines.

    A generator, so that the letters can be counted while they are made.
    """
    if _is_layout(table):
        for _element, cells in table.rows:
            for cell in cells:
                yield from cell.lines
        return
    below: dict[int, tuple[int, str]] = {}
    for element, cells in table.rows:
        for cell in cells:
            yield from (line for line in cell.lines if line.key)
        shown = [[line for line in cell.lines if not line.key] for cell in cells]
        if len(cells) == 1 and not below:
            yield from shown[0]
        elif not below and (beside := lines_beside([[line.text for line in lines] for lines in shown])) is not None:
            yield from (Line(text, element) for text in beside)
        else:
            yield from _row(element, cells, shown, below)


def _row(
    element: Any, cells: list[Cell], shown: list[list[Line]], below: dict[int, tuple[int, str]]
) -> Iterator[Line]:
    """Join a row's cells; a cell that spans rows holds for each, one that spans columns leaves the others empty."""
    columns: list[str] = []

    def take_from_above() -> None:
        while len(columns) in below:
            place = len(columns)
            left, text = below[place]
            columns.append(text)
            if left > 1:
                below[place] = (left - 1, text)
            else:
                del below[place]

    linked = 0
    for cell, lines in zip(cells, shown, strict=True):
        take_from_above()
        text = _joined(lines)
        linked += sum(line.linked for line in lines)
        for extra in range(cell.columns):
            place, words = len(columns), "" if extra else text
            columns.append(words)
            if cell.rows > 1:
                below[place] = (cell.rows - 1, words)
    take_from_above()
    line = " | ".join(columns)
    if line.strip(" |"):
        yield Line(line, element, linked=linked)


def _is_layout(table: Table) -> bool:
    """Tell a table that only places things on the page from one that is read row by row."""
    cells = [cell for _element, row in table.rows for cell in row]
    if table.element.get("role") in ("presentation", "none") or all(len(row) <= 1 for _element, row in table.rows):
        return True
    if any(" | " in line.text for cell in cells for line in cell.lines):
        return True
    largest = max(cells, key=_letters)
    if len(largest.lines) < _PAGE_LINES or _letters(largest) < _PAGE_LETTERS:
        return False
    # A cell as long as a page: a whole document, or one row of a table of assignments with much to do.
    return any(is_strong(line.text) for line in largest.lines) or not _has_head(table)


def _has_head(table: Table) -> bool:
    """Tell a table with columns: lines drawn, head cells, or a first row of names over rows of the same length."""
    if table.element.get("border", "0") not in ("0", "") or table.element.find(".//th") is not None:
        return True
    first = table.rows[0][1]
    return (
        len(table.rows) > 1
        and len({len(cells) for _element, cells in table.rows}) == 1
        and all(0 < _letters(cell) < _HEAD_LETTERS for cell in first)
    )


def _letters(cell: Cell) -> int:
    return sum(len(line.text) for line in cell.lines)


def _joined(lines: list[Line]) -> str:
    return " ".join(" ".join(line.text for line in lines).split())


def _span(element: Any, name: str, most: int) -> int:
    value = element.get(name, "").strip()
    return min(int(value), most) if re.fullmatch(r"[1-9]\d{0,5}", value) else 1
