"""Reading a filled workbook back: checked before it is opened, columns found by name, bad cells named.

Nothing here asks the database: bytes in, rows and refusals out.
"""
from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from tracker.config import MEGABYTE
from tracker.models.base import LARGEST_ID
from tracker.reports.workbook import COLUMNS, MEDIA_TYPE, MOST_ROWS, Seal
from tracker.rules.errors import Refusal
from tracker.rules.filled_rows import Said, tidy_line
from tracker.rules.folding import fold
from tracker.workflow.file_types import UnknownFile, find_type
from tracker.workflow.reporting_many import RowInput
from tracker.workflow.workbook_cells import (
    BadCell,
    Cell,
    CellFormula,
    plain,
    read_day,
    read_number,
    read_percent,
    read_state,
    read_text,
)

LARGEST_WORKBOOK = 5 * MEGABYTE
#: What an honest workbook of so many rows unpacks to; more is a bomb.
MOST_UNPACKED = 40 * MEGABYTE
_MOST_PARTS, _MOST_SHEETS = 500, 20
#: Rows and columns that are looked at: blank ones and a person's own are among them.
_LAST_ROW, _LAST_COLUMN, _LAST_HEADER_ROW = 10_000, 60, 30
#: As much as a cell of Excel holds; a hostile file has one text of megabytes in every cell.
_LONGEST_CELL, _LONGEST_HEADER = 32_767, 200
_HEADERS = {fold(column.header): column.key for column in COLUMNS}
_HEADER_OF = {column.key: column.header for column in COLUMNS}
#: Without these a row can't be understood.
_NEEDED = tuple(column.key for column in COLUMNS if column.is_input or column.is_hidden)


class WorkbookTooLarge(Refusal):
    """The file is larger than a workbook of ours can be."""

    key = "workbook_too_large"


class NotWorkbook(Refusal):
    """The file is no .xlsx, or is damaged or locked with a password."""

    key = "workbook_not_xlsx"


class WorkbookPacked(Refusal):
    """The file unpacks to more than a workbook of ours can hold."""

    key = "workbook_packed"


class WorkbookTooLong(Refusal):
    """More rows than a workbook of ours has."""

    key = "workbook_too_long"


class WorkbookWithoutColumns(Refusal):
    """No sheet has the columns by which rows are understood."""

    key = "workbook_without_columns"


class RowUnknown(Refusal):
    """A row that was not handed out to this agency, or whose hidden cells were changed."""

    key = "workbook_row_unknown"


class RowTwice(Refusal):
    """A row that stands in the file twice."""

    key = "workbook_row_twice"


@dataclass(frozen=True)
class FilledRow:
    """One row of the file: what it says, or what is wrong with it."""

    #: As the person's program numbers it.
    number: int
    #: What its task cell says, to recognise it by.
    task: str
    row: RowInput | None
    problems: tuple[Refusal, ...] = ()


def read(data: bytes, name: str, seal: Seal) -> list[FilledRow]:
    """Read the rows of a workbook that was handed out under this seal.

    Blank rows are left out, other sheets and columns not looked at. Raises WorkbookTooLarge, NotWorkbook,
    WorkbookPacked, WorkbookTooLong, WorkbookWithoutColumns, or what `find_type` refuses (macros, programs, a wrong
    ending); never anything else, whatever the bytes are.
    """
    check(data, name)
    try:
        found = _cells(data)
    except Refusal:
        raise
    except MemoryError:
        raise
    except Exception as error:  # a hostile package can make the library raise anything at all
        raise NotWorkbook(name=name) from error
    rows, seen = [], set[int]()
    for number, cells in found:
        row = understand(number, cells, seal)
        if row.row is not None and row.row.assignment_id in seen:
            row = FilledRow(number, row.task, None, (RowTwice(),))
        elif row.row is not None:
            seen.add(row.row.assignment_id)
        rows.append(row)
    return rows


def check(data: bytes, name: str) -> None:
    """Refuse a file by its size, its kind and what it would unpack to, before anything opens it."""
    if len(data) > LARGEST_WORKBOOK:
        raise WorkbookTooLarge(limit=LARGEST_WORKBOOK // MEGABYTE)
    try:
        kind = find_type(BytesIO(data), name)
        with zipfile.ZipFile(BytesIO(data)) as package:
            _check_parts(package, name)
    except UnknownFile as error:
        raise NotWorkbook(name=name) from error
    except Refusal:
        raise
    except MemoryError:
        raise
    except Exception as error:  # what damaged bytes make of a zip is anything at all
        raise NotWorkbook(name=name) from error
    if kind != MEDIA_TYPE:
        raise NotWorkbook(name=name)


def _check_parts(package: zipfile.ZipFile, name: str) -> None:
    parts = package.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise WorkbookPacked(name=name)
    left = MOST_UNPACKED
    for part in parts:
        if part.flag_bits & 1:
            raise NotWorkbook(name=name)
        # The sizes in a directory are only said; what is unpacked is counted.
        with package.open(part) as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            raise WorkbookPacked(name=name)
        # No office program writes entities, which can be made to unfold without end, or text in two-byte units.
        if part.filename.lower().endswith((".xml", ".rels")) and (
                b"<!DOCTYPE" in content or b"<!ENTITY" in content or content[:2] in {b"\xff\xfe", b"\xfe\xff"}
                or b"\0" in content[:100]):
            raise NotWorkbook(name=name)


def _cells(data: bytes) -> list[tuple[int, dict[str, Cell]]]:
    """Give the rows that hold something, by the names of their columns, with the numbers a person sees."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks of styles and extensions that it does not know
        at, header, places = _find_header(data)
        rows, formulas = [], False
        for number, cells in enumerate(_walk(data, at, values=False, first=header + 1), start=header + 1):
            mine = {key: cells[place] for key, place in places.items() if place < len(cells)}
            formulas = formulas or any(cell.data_type == "f" for cell in mine.values())
            if any(_is_filled(mine[key]) for key in _NEEDED if key in mine):
                rows.append((number, {key: _cell(cell) for key, cell in mine.items()}))
            if len(rows) > MOST_ROWS:
                raise WorkbookTooLong(most=MOST_ROWS)
        if not formulas:
            return rows
        # The results that the program has left beside the formulas.
        wanted = {number for number, _row in rows}
        results = {number: {key: cells[place] for key, place in places.items() if place < len(cells)}
                   for number, cells in enumerate(_walk(data, at, values=True, first=header + 1), start=header + 1)
                   if number in wanted}
    return [(number, {key: _result(cell, results[number].get(key)) for key, cell in row.items()})
            for number, row in rows]


def _result(cell: Cell, result: Any) -> Cell:
    """Give what a formula came to; one that nothing has reckoned yet stays broken."""
    return _cell(result) if cell.is_broken and result is not None and result.value is not None else cell


def _find_header(data: bytes) -> tuple[int, int, dict[str, int]]:
    """Find the sheet and the row that name our columns, and where each stands. Raises WorkbookWithoutColumns."""
    best: dict[str, int] = {}
    book = load_workbook(BytesIO(data), read_only=True)
    try:
        for at in range(min(len(book.worksheets), _MOST_SHEETS)):
            for number, cells in enumerate(_rows(book, at, 1, _LAST_HEADER_ROW), start=1):
                places: dict[str, int] = {}
                for place, cell in enumerate(cells):
                    if isinstance(cell.value, str) and (key := _HEADERS.get(fold(cell.value[:_LONGEST_HEADER]))):
                        places.setdefault(key, place)
                if all(key in places for key in _NEEDED):
                    return at, number, places
                best = max(best, places, key=len)
    finally:
        book.close()
    missing = [_HEADER_OF[key] for key in _NEEDED if key not in best]
    raise WorkbookWithoutColumns(names=", ".join(f"“{name}”" for name in missing))


def _walk(data: bytes, at: int, *, values: bool, first: int) -> Iterator[Sequence[Any]]:
    book = load_workbook(BytesIO(data), read_only=True, data_only=values)
    try:
        yield from _rows(book, at, first, _LAST_ROW)
    finally:
        book.close()


def _rows(book: Any, at: int, first: int, last: int) -> Iterable[Sequence[Any]]:
    sheet = book.worksheets[at]
    sheet.reset_dimensions()  # what a file says of its own size need not be true
    rows: Iterable[Sequence[Any]] = sheet.iter_rows(min_row=first, max_row=last, max_col=_LAST_COLUMN)
    return rows


def _is_filled(cell: Any) -> bool:
    return cell.value is not None and (not isinstance(cell.value, str) or bool(cell.value[:_LONGEST_CELL].strip()))


def _cell(cell: Any) -> Cell:
    if cell.value is None:
        return Cell()
    value = cell.value[:_LONGEST_CELL] if isinstance(cell.value, str) else cell.value
    return Cell(value, str(cell.number_format or ""), cell.data_type in {"f", "e"})


def understand(number: int, cells: dict[str, Cell], seal: Seal) -> FilledRow:
    """Read one row: what it says, or every cell that can't be taken."""
    task = tidy_line(plain(cells.get("task", Cell()).value))[:200]
    handed = _handed_out(cells, seal)
    if handed is None:
        return FilledRow(number, task, None, (RowUnknown(),))
    problems: list[Refusal] = []

    def read_with(reader: Any, key: str) -> Any:
        cell = cells.get(key, Cell())
        try:
            if cell.is_broken:
                raise CellFormula(column=_HEADER_OF[key])
            return reader(cell, _HEADER_OF[key])
        except BadCell as refusal:
            problems.append(refusal)
            return None

    said = Said(
        state=read_with(read_state, "state"), percent=read_with(read_percent, "percent"),
        text=read_with(read_text, "text") or "", difficulties=read_with(read_text, "difficulties") or "",
        proposals=read_with(read_text, "proposals") or "",
        document_number=read_with(read_number, "document_number") or "",
        document_on=read_with(read_day, "document_on"),
    )  # fmt: skip
    assignment_id, version, seen = handed
    row = None if problems else RowInput(assignment_id, version, said, seen)
    return FilledRow(number, task, row, tuple(problems))


def _handed_out(cells: dict[str, Cell], seal: Seal) -> tuple[int, int, str] | None:
    """Give the number, the version and the mark with which a row left us; None when it did not."""
    numbers = [plain(cells.get(key, Cell()).value) for key in ("id", "version")]
    if not all(re.fullmatch(r"[0-9]{1,10}", number) for number in numbers):
        return None
    assignment_id, version = int(numbers[0]), int(numbers[1])
    seen = seal.read(assignment_id, version, plain(cells.get("seal", Cell()).value))
    return None if seen is None or assignment_id > LARGEST_ID else (assignment_id, version, seen)
