"""Tables whose columns are parted by tabs or runs of blanks get the bars that every other table has.

Only a head row ("TT", "Nội dung", "Cơ quan chủ trì", …) tells such a table from a text with odd blanks.
"""

from __future__ import annotations

import re

from tracker.extraction.cleaning import Edit
from tracker.extraction.tables import is_head_cell

_HEAD = re.compile(r"^[ \t]*(?:STT|TT|Stt|Số TT)\.?(?:\t|[ ]{2,})[^\n|]*\S[^\n|]*$", re.MULTILINE)
_TAB = re.compile(r"[ ]*\t[ ]*")
_GAP = re.compile(r"(?<=\S)(?:[ ]*\t[ \t]*|[ ]{2,})(?=\S)")
_NUMBER = re.compile(r"[ \t]*(?:[IVXLA-E]+|\d{1,3}(?:\.\d{1,2})*)[.)]?(?:\t|[ ]{2,})")
_LEAST = 3
#: So many lines without a gap may stand between two rows: a cell that goes on.
_MOST_WITHOUT = 4


def bars_between_columns(text: str) -> list[Edit]:
    """Give the edits that put a bar between the columns of such tables; none for a text without them."""
    edits: list[Edit] = []
    until = 0
    for head in _HEAD.finditer(text):
        if head.start() < until:
            continue
        between = _TAB if "\t" in head.group() else _GAP
        heads = [cell.strip() for cell in between.split(head.group().strip())]
        if sum(is_head_cell(cell) for cell in heads) < max(_LEAST, len(heads) - 1):
            continue
        edits += _bars(head.group(), head.start(), between)
        until = _rows(text, head.end() + 1, between, edits)
    return edits


def _rows(text: str, at: int, between: re.Pattern[str], edits: list[Edit]) -> int:
    """Add the edits of the rows below a head; give the place where the table ends."""
    without = 0
    while at < len(text) and without <= _MOST_WITHOUT:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        if _NUMBER.match(line):
            without = 0
            edits += _bars(line, at, between)
        elif line.strip():
            without += 1
        at = end + 1
    return at


def _bars(line: str, at: int, between: re.Pattern[str]) -> list[Edit]:
    gaps = [gap for gap in between.finditer(line) if line[: gap.start()].strip()]
    return [Edit(at + gap.start(), at + gap.end(), " | ") for gap in gaps]
