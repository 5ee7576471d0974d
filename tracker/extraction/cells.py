"""Tables that a crawl gives cell by cell, one to a line, become rows again.

They are known by their head: several lines in a row that are each the head of a column ("TT", "Nội dung", "Cơ quan chủ
trì", …). From there on a row begins where the number of the next row stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.extraction.assignments import goes_on
from tracker.extraction.blocks import Block
from tracker.extraction.lines import Line
from tracker.extraction.tables import is_head_cell

_LEAST_HEADS = 3
_MOST_HEADS = 9
#: Over how many lines the head of a column is wrapped at most.
_MOST_HEAD_LINES = 4
_ROW_NUMBER = re.compile(r"(?:[IVXL]{1,5}|[A-E]|\d{1,3}(?:\.\d{1,2})*)[.)]?$")
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
    heads, here = _heads(lines, at)
    if not _LEAST_HEADS <= len(heads) <= _MOST_HEADS:
        return None
    rows = [_block(text, heads)]
    row: list[Line] = []
    barred = _is_barred(lines, at, here)
    while here < len(lines):
        line = lines[here]
        words = _cell(line.text)
        if _ENDS.match(words):
            break
        number, bar, _title = words.partition(" | ")
        if bar and _ROW_NUMBER.match(number):  # the heading of a group stands in one line
            rows += [_row(text, row, len(heads), barred)] if row else []
            rows.append(Block(None, line.text, line.start, line.end, cells=_cells_of(line)))
            row, here = [], here + 1
            continue
        opens = not barred or not row or "|" in line.text or "|" in lines[here - 1].text
        if words and opens and _ROW_NUMBER.match(words):
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


def _heads(lines: Sequence[Line], at: int) -> tuple[list[list[Line]], int]:
    """Give the lines of each head of a column, and the number of the line after them; a head may be wrapped."""
    heads: list[list[Line]] = []
    here, ended = at, True
    barred = _is_barred(lines, at, at + 4)
    while here < len(lines) and len(heads) <= _MOST_HEADS:
        line = lines[here]
        words = _cell(line.text)
        if words:
            goes_on = heads and (not ended if barred else words[0].islower())
            if goes_on and len(heads[-1]) < _MOST_HEAD_LINES:
                heads[-1].append(line)
            elif is_head_cell(words) or (barred and is_head_cell(_until_bar(lines, here))):
                heads.append([line])
            else:
                break
        ended = "|" in line.text
        here += 1
    return heads, here


def _until_bar(lines: Sequence[Line], at: int) -> str:
    """Give the words of a cell that goes on up to the next bar."""
    words: list[str] = []
    for line in lines[at : at + _MOST_HEAD_LINES]:
        words.append(_cell(line.text))
        if "|" in line.text:
            break
    return " ".join(word for word in words if word)


def _is_barred(lines: Sequence[Line], at: int, end: int) -> bool:
    """Tell whether bars part the cells: one on a line of its own, or one at the end of each cell."""
    return any(_BARE.fullmatch(line.text) for line in lines[at:end]) or all("|" in line.text for line in lines[at:end])


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
        groups = _without_bars([line for line in lines if _cell(line.text)], width)
    return _block(text, groups)


def _without_bars(lines: list[Line], width: int) -> list[list[Line]]:
    """Put wrapped cells together until there are no more than columns; the content has what is left over."""
    groups: list[list[Line]] = [[lines[0]]]
    for line in lines[1:]:
        if len(groups) > 1 and line.text[0].islower():
            groups[-1].append(line)
        else:
            groups.append([line])
    at = 2
    while len(groups) > width and at < len(groups):
        if goes_on(" ".join(line.text for line in groups[at - 1]), groups[at][0].text):
            groups[at - 1 : at + 1] = [groups[at - 1] + groups[at]]
        else:
            at += 1
    extra = max(0, len(groups) - width)
    return [groups[0], [line for group in groups[1 : 2 + extra] for line in group], *groups[2 + extra :]]


def _cells_of(line: Line) -> tuple[tuple[str, int], ...]:
    """Give the cells of a row that stands in one line, with their places."""
    cells: list[tuple[str, int]] = []
    at = line.start
    for raw in line.text.split("|"):
        if raw.strip():
            cells.append((raw.strip(), at + len(raw) - len(raw.lstrip())))
        at += len(raw) + 1
    return tuple(cells)


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
