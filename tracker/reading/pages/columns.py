"""Lines side by side: the letterhead, the signature with its recipients, columns, rows without ruled lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.reading.pages.marks import is_list_mark, is_title
from tracker.reading.pages.sheet import Line

#: A gap wider than this, in letter sizes, parts a line in two …
PARTING = 2.0
#: … and where blanks fill it (a line stretched to its full width), wider than this.
FILLED_PARTING = 4.0
#: Two columns of more lines than this are read like pages, fewer like a letterhead.
LONG_COLUMN = 10
#: A block of two columns ends where nothing stands for so many letter sizes (room for a signature is smaller).
BLOCK_END = 9.0


@dataclass(slots=True)
class Column:
    """Lines under each other that stand beside other lines."""

    lines: list[Line]

    @property
    def is_long(self) -> bool:
        """Whether it is running text rather than a letterhead."""
        return len(self.lines) > LONG_COLUMN


@dataclass(slots=True)
class Row:
    """Three or more pieces side by side: a row of a table without ruled lines."""

    cells: list[Line]


def arranged(lines: Sequence[Line]) -> list[Line | Column | Row]:
    """Give a page's lines in reading order: of two columns the left one first."""
    found: list[Line | Column | Row] = []
    at = 0
    while at < len(lines):
        parts = _parted(lines[at])
        if len(parts) == 2:
            block = _Block(parts[0], parts[1])
            at += 1
            while at < len(lines) and block.takes(lines[at]):
                at += 1
            found += block.columns()
            continue
        found.append(Row(parts) if len(parts) > 2 else lines[at])
        at += 1
    return found


def _parted(line: Line) -> list[Line]:
    parts: list[Line] = [Line([line.words[0]], line.page)]
    for before, word in pairwise(line.words):
        size = max(before.size, word.size)
        gap = word.left - before.right
        parting = gap > (FILLED_PARTING if word.spaced else PARTING) * size
        if parting and not (len(parts) == 1 and is_list_mark(parts[0].text)):
            parts.append(Line([word], line.page))
        else:
            parts[-1].words.append(word)
    return parts


class _Block:
    """Two columns, growing downwards as long as lines keep the gap between them free."""

    def __init__(self, left: Line, right: Line) -> None:
        self._left, self._right = [left], [right]
        self._gap = left.right, right.left
        self._base = max(left.base, right.base)

    def takes(self, line: Line) -> bool:
        if line.base - self._base > BLOCK_END * line.size:
            return False
        start, end = self._gap
        parts = _parted(line)
        if is_title(line.text):
            return False  # it stands at the left margin on some pages and belongs to no column
        least = 0.8 * line.size
        if len(parts) == 2:
            start, end = max(start, parts[0].right), min(end, parts[1].left)
            if end - start < least:
                return False
            self._left.append(parts[0])
            self._right.append(parts[1])
        elif len(parts) == 1 and end - line.right > least:
            start = max(start, line.right)
            self._left.append(line)
        elif len(parts) == 1 and line.left - start > least:
            end = min(end, line.left)
            self._right.append(line)
        else:
            return False
        self._gap = start, end
        self._base = line.base
        return True

    def columns(self) -> list[Line | Column | Row]:
        return [Column(self._left), Column(self._right)]
