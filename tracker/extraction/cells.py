"""Tables that a crawl gives cell by cell, one to a line, become rows again.

They are known by their head: several lines in a row that are each the head of a column ("TT", "Nội dung", "Cơ quan chủ
trì", …). From there on a row begins where the number of the next row stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.extraction.blocks import Block
from tracker.extraction.lines import Line
from tracker.extraction.tables import is_head_cell

_LEAST_HEADS = 3
_MOST_HEADS = 9
_ROW_NUMBER = re.compile(r"(?:[IVXL]{1,5}|\d{1,3}(?:\.\d{1,2})*)[.)]?$")
_COUNTER = re.compile(r"(?:stt|tt|số tt|số thứ tự)\.?$", re.IGNORECASE)
_BARE = re.compile(r"[|\-_ ]*$")
#: What ends a table of which each cell stands on its own line.
_ENDS = re.compile(r"(?:Nơi nhận|TM\.|KT\.|PHỤ LỤC|Phụ lục|Ghi chú:)")
#: No cell of a table of assignments has more paragraphs.
_MOST_LINES = 40


def rows_from_cells(text: str, lines: Sequence[Line], at: int) -> tuple[list[Block], int] | None:
    """Read a table that begins at a line with the head of its first column, given cell by cell.

    Gives its rows as blocks and the number of the line after it, or None when no such table begins there. The first
    column must be the row's number: without it nothing tells where a row ends.
    """
    if not _COUNTER.match(_cell(lines[at].text)):
        return None
    heads: list[Line] = []
    here = at
    while here < len(lines) and len(heads) <= _MOST_HEADS:
        words = _cell(lines[here].text)
        if words and not is_head_cell(words):
            break
        if words:
            heads.append(lines[here])
        here += 1
    if not _LEAST_HEADS <= len(heads) <= _MOST_HEADS:
        return None
    rows = [_block(text, [[line] for line in heads])]
    row: list[Line] = []
    barred = all("|" in line.text for line in lines[at + 1 : here : 2]) or any(
        _BARE.fullmatch(line.text) for line in lines[at:here]
    )
    while here < len(lines):
        line = lines[here]
        words = _cell(line.text)
        if _ENDS.match(words):
            break
        if words and _ROW_NUMBER.match(words):
            if row:
                rows.append(_row(text, row, len(heads), barred))
            row = [line]
        elif not row or len(row) > _MOST_LINES:
            break
        else:
            row.append(line)
        here += 1
    if row:
        kept = _row(text, row, len(heads), barred)
        rows.append(kept)
    return (rows, here) if len(rows) > 1 else None


def _cell(words: str) -> str:
    return words.strip(" |")


def _row(text: str, lines: list[Line], width: int, barred: bool) -> Block:
    """Share the lines of a row out among its cells: by the bars where there are any, else one line to a cell."""
    groups: list[list[Line]] = [[]]
    if barred and any("|" in line.text for line in lines[1:]):
        for line in lines:
            if line.text.strip() == "|":
                groups.append([])
                continue
            groups[-1].append(line)
            if line.text.endswith("|"):
                groups.append([])
        while len(groups) > width and not groups[-1]:
            groups.pop()
    else:
        filled = [line for line in lines if _cell(line.text)]
        extra = len(filled) - width
        # Of too many lines the content has the rest: it alone is long.
        groups = [[filled[0]], filled[1 : 2 + max(0, extra)], *[[line] for line in filled[2 + max(0, extra) :]]]
    return _block(text, groups)


def _block(text: str, groups: list[list[Line]]) -> Block:
    cells: list[tuple[str, int]] = []
    for group in groups:
        filled = [line for line in group if _cell(line.text)]
        if not filled:
            cells.append(("", group[0].start if group else 0))
            continue
        start, end = filled[0].start, filled[-1].end
        words = text[start:end]
        start += len(words) - len(words.lstrip(" |"))
        cells.append((text[start:end].rstrip(" |"), start))
    first = next(line for group in groups for line in group)
    last = [line for group in groups for line in group][-1]
    return Block(None, text[first.start : last.end], first.start, last.end, cells=tuple(cells))
