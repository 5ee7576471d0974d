"""Tables of assignments: which column says what, and the rows under them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.extraction.outline import Block

_COLUMNS = (
    (
        "lead",
        re.compile(
            r"chủ trì|đơn vị thực hiện|cơ quan thực hiện|đơn vị đầu mối|trách nhiệm thực hiện|^đơn vị$|phụ trách"
        ),
    ),
    ("partner", re.compile(r"phối hợp")),
    ("time", re.compile(r"thời gian|thời hạn|tiến độ|hoàn thành")),
    ("number", re.compile(r"^(?:stt|tt|số tt|số thứ tự)$")),
    ("content", re.compile(r"nội dung|nhiệm vụ|công việc|giải pháp|hoạt động|tên ")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table of assignments; `start` and `end` are the content cell's, in the clean text."""

    number: str | None
    text: str
    start: int
    end: int
    lead: str
    partner: str
    time: str


class Table:
    """The columns of the table being read."""

    def __init__(self, columns: dict[str, int]) -> None:
        self._columns = columns

    def row(self, block: Block) -> Row | None:
        """Read one row, or None when it has no content cell (a heading inside the table)."""
        cells = _cells(block)
        at = self._columns["content"]
        if at >= len(cells) or not cells[at][0]:
            return None
        text, start = cells[at]

        def cell(name: str) -> str:
            place = self._columns.get(name)
            return cells[place][0] if place is not None and place < len(cells) else ""

        return Row(
            cell("number").strip(" .") or None,
            text,
            start,
            start + len(text),
            cell("lead"),
            cell("partner"),
            cell("time"),
        )


def read_header(block: Block) -> Table | None:
    """Read the head row of a table of assignments, or None for any other row."""
    columns: dict[str, int] = {}
    for place, (text, _start) in enumerate(_cells(block)):
        name = next((name for name, pattern in _COLUMNS if pattern.search(text.casefold())), None)
        if name and len(text) < 80:
            columns.setdefault(name, place)
    return Table(columns) if "content" in columns and ("lead" in columns or "time" in columns) else None


def _cells(block: Block) -> list[tuple[str, int]]:
    cells, at = [], block.start - (block.mark.length if block.mark else 0)
    text = block.text if not block.mark else " " * block.mark.length + block.text
    for raw in text.split("|"):
        stripped = raw.strip()
        cells.append((stripped, at + (len(raw) - len(raw.lstrip()))))
        at += len(raw) + 1
    return cells
