"""Pages become one text: furniture taken away, columns in order, lines joined, tables row by row, footnotes last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tracker.reading.document import Note, Raw, Removed
from tracker.reading.pages.columns import Column, Row, arranged
from tracker.reading.pages.footnotes import Footnote, mark_references, take_footnotes
from tracker.reading.pages.furniture import without_furniture
from tracker.reading.pages.paragraphs import Frame, Paragraph, frame_of, goes_on
from tracker.reading.pages.sheet import Line, Sheet, lines_of
from tracker.reading.pages.spanning import joined_tables, rows_of
from tracker.reading.pages.tables import Table, tables_of

#: Marks of secrecy are looked for in so many of the pieces that stand outside the text.
OUTER_PIECES = 12
#: Pages whose width differs less than this (points) have the same margins.
SAME_WIDTH = 5.0

Block = Line | Column | Row | Table


@dataclass(slots=True)
class _Text:
    """The text as it grows."""

    lines: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    open: Paragraph | None = None
    frame: Frame | None = None

    def close(self) -> None:
        if self.open is not None:
            self.lines.append(self.open.text)
            self.pieces += [line.text for line in self.open.lines]
        self.open = self.frame = None

    def add(self, text: str, pieces: Sequence[str] = ()) -> None:
        self.close()
        if text:
            self.lines.append(text)
            self.pieces += pieces or [text]

    def take(self, line: Line, frame: Frame) -> None:
        if self.open is not None and self.frame is not None and goes_on(self.open, line, self.frame, frame):
            self.open.lines.append(line)
        else:
            self.close()
            self.open = Paragraph([line])
        self.frame = frame


def compose(sheets: Sequence[Sheet]) -> Raw:
    """Give the text of pages in their order; `kind` and `unchecked` are the caller's to say."""
    tables: list[list[Table]] = []
    pages: list[list[Line]] = []
    for sheet in sheets:
        on_page, words = tables_of(sheet)
        tables.append(on_page)
        pages.append(lines_of(words, sheet.number))
    furniture = without_furniture(pages, [sheet.height for sheet in sheets])
    notes = _footnotes(sheets, pages)
    repeated = joined_tables(tables, pages)
    frames = _frames(sheets, pages)
    text = _Text()
    for sheet, lines, on_page in zip(sheets, pages, tables, strict=True):
        for block in _in_order(lines, on_page):
            _write(text, block, frames[sheet.number])
    text.close()
    text.lines += [f"[{number}] {note.text}" for number, note in enumerate(notes, start=1)]
    outer = [*furniture.running, *(word for sheet in sheets[:2] for word in sheet.slanted)][:OUTER_PIECES]
    return Raw(
        "\n".join(text.lines),
        pieces=outer + text.pieces,
        notes=(Note("footnotes_appended", len(notes)),) if notes else (),
        removed=tuple(_removed(furniture.running + repeated, furniture.numbers, sheets)),
    )


def _removed(running: Sequence[str], numbers: Sequence[str], sheets: Sequence[Sheet]) -> Iterator[Removed]:
    for line in dict.fromkeys(running):
        yield Removed("page_furniture", line)
    if numbers:
        yield Removed("page_furniture", "\n".join(numbers))
    slanted = [" ".join(sheet.slanted) for sheet in sheets if sheet.slanted]
    for line in dict.fromkeys(slanted):
        yield Removed("page_furniture", line)
    hidden = " ".join(word for sheet in sheets for word in sheet.hidden)
    if hidden:
        yield Removed("hidden_text", hidden)


def _footnotes(sheets: Sequence[Sheet], pages: Sequence[list[Line]]) -> list[Footnote]:
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[line.size] += len(line.text)
    body = max(sizes, key=lambda size: sizes[size], default=0.0)
    notes: list[Footnote] = []
    for sheet, lines in zip(sheets, pages, strict=True):
        own = take_footnotes(lines, sheet, body)
        mark_references(lines, own, len(notes) + 1)
        notes += own
    return notes


def _frames(sheets: Sequence[Sheet], pages: Sequence[list[Line]]) -> dict[int, Frame]:
    """Measure the margins of pages of one width together: a page with three lines tells too little."""
    frames: dict[int, Frame] = {}
    for sheet in sheets:
        alike = [
            line
            for other, lines in zip(sheets, pages, strict=True)
            if abs(other.width - sheet.width) < SAME_WIDTH and abs(other.number - sheet.number) <= 3
            for line in lines
        ]
        if alike:
            frames[sheet.number] = frame_of(alike, sheet.width)
        else:
            frames[sheet.number] = Frame(0.0, sheet.width, 20.0, 0.0)
    return frames


def _in_order(lines: Sequence[Line], tables: Sequence[Table]) -> Iterator[Block]:
    at = 0
    for table in tables:
        above = at
        while at < len(lines) and lines[at].base < (table.top + table.bottom) / 2:
            at += 1
        yield from arranged(lines[above:at])
        yield table
    yield from arranged(lines[at:])


def _write(text: _Text, block: Block, frame: Frame) -> None:
    if isinstance(block, Line):
        text.take(block, frame)
    elif isinstance(block, Row):
        text.add(" | ".join(cell.text for cell in block.cells), [cell.text for cell in block.cells])
    elif isinstance(block, Column):
        text.close()
        own = frame_of(block.lines)
        for line in block.lines:
            # A letterhead's lines stand for themselves; only what clearly goes on is joined.
            text.take(line, own if block.is_long else replace(own, right=float("inf")))
        text.close()
    else:
        for row in rows_of(block):
            text.add(" | ".join(row), row)
