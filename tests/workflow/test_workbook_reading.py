"""Reading a filled workbook back: its rows, what is bad in them, and files that are none."""
from __future__ import annotations

import contextlib
import os
import unicodedata
import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook
from sqlalchemy.orm import Session

from tests.factories import TODAY, Factory
from tests.workbooks import PLACE, SECRET, filled, made_for, opened, read_for, row_number, saved, with_shared_text
from tracker.models import ProgressUpdate, User
from tracker.reports.workbook import COLUMNS, HEADER_ROW, Seal
from tracker.rules.errors import Refusal
from tracker.rules.states import AssignmentState as State
from tracker.workflow.file_types import EmptyFile, MacroFile, ProgramFile, WrongEnding
from tracker.workflow.workbook_cells import CellDay, CellFormula, CellPercent, CellState, CellTooLong, CellTurnedDay
from tracker.workflow.workbook_reading import (
    NotWorkbook,
    RowTwice,
    RowUnknown,
    WorkbookPacked,
    WorkbookTooLarge,
    WorkbookTooLong,
    WorkbookWithoutColumns,
    read,
)

#: As openpyxl gives a date cell.
MIDNIGHT = datetime.min.time()


@pytest.fixture
def user(make: Factory) -> User:
    return make.user()


def test_what_was_written_comes_back(session: Session, make: Factory, user: User) -> None:
    row = make.assignment(user.agency)
    data = filled(made_for(session, user), {row.id: {
        "state": unicodedata.normalize("NFD", "đang thực hiện"), "percent": "40%", "text": "Đã làm.\r\nCòn tiếp.",
        "document_number": 125, "document_on": "01/03/2026", "difficulties": "'=1", "proposals": 12.5,
    }})  # fmt: skip

    found = read_for(user, data)[0]

    assert found.number == HEADER_ROW + 1
    assert found.row is not None
    said = found.row.said
    assert (said.state, said.percent, said.text) == (State.IN_PROGRESS, 40, "Đã làm.\nCòn tiếp.")
    assert (said.document_number, said.document_on, said.proposals) == ("125", date(2026, 3, 1), "12,5")


def test_every_bad_cell_is_named_with_its_row_and_column(session: Session, make: Factory, user: User) -> None:
    row, other = make.assignment(user.agency), make.assignment(user.agency)
    data = filled(made_for(session, user), {row.id: {
        "state": "Xong rồi", "percent": "nhiều", "text": "x" * 10_001, "document_on": "mai",
        "document_number": datetime.combine(TODAY, MIDNIGHT), "proposals": "=1+1",
    }, other.id: {"text": "Đúng."}})  # fmt: skip

    rows = read_for(user, data)

    assert {type(problem) for problem in rows[0].problems} == {
        CellState, CellPercent, CellTooLong, CellTurnedDay, CellDay, CellFormula}
    assert rows[0].row is None
    assert rows[0].problems[0].values["column"] == "Tình trạng"
    assert rows[1].row is not None


def test_rows_and_columns_may_be_moved_added_and_removed(session: Session, make: Factory, user: User) -> None:
    kept, gone, last = (make.assignment(user.agency) for _ in range(3))
    sheet = opened(filled(made_for(session, user), {kept.id: {"text": "Một."}, last.id: {"text": "Hai."}}))
    sheet.delete_rows(row_number(sheet, gone.id))
    sheet.insert_rows(HEADER_ROW + 1, 3)
    sheet.insert_cols(3, 2)
    sheet.cell(HEADER_ROW, 3).value = "Ghi chú riêng"
    sheet.cell(HEADER_ROW + 1, 3).value = "Chỉ là ghi chú"
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=HEADER_ROW + 1)]
    for number, line in enumerate(reversed(lines), start=HEADER_ROW + 1):
        for place, value in enumerate(line, start=1):
            sheet.cell(number, place).value = value

    rows = read_for(user, saved(sheet))

    assert [(row.row.assignment_id, row.row.said.text) for row in rows if row.row] == [
        (last.id, "Hai."), (kept.id, "Một.")]


def test_a_row_of_another_agency_or_of_nobody_is_not_taken(session: Session, make: Factory, user: User) -> None:
    mine, theirs = make.assignment(user.agency), make.user()
    make.assignment(theirs.agency)
    sheet = opened(made_for(session, user))
    sheet.cell(HEADER_ROW + 2, PLACE["text"]).value = "Dòng tự thêm."
    sheet.cell(HEADER_ROW + 3, PLACE["id"]).value = mine.id
    sheet.cell(HEADER_ROW + 3, PLACE["version"]).value = mine.version
    sheet.cell(HEADER_ROW + 3, PLACE["seal"]).value = "giả:giả"

    rows = read_for(user, saved(sheet)) + read_for(user, made_for(session, theirs))

    assert rows[0].row is not None
    assert [type(row.problems[0]) for row in rows[1:]] == [RowUnknown] * 3


def test_a_row_that_stands_there_twice_counts_once(session: Session, make: Factory, user: User) -> None:
    make.assignment(user.agency)
    sheet = opened(made_for(session, user))
    for place in range(1, len(PLACE) + 1):
        sheet.cell(HEADER_ROW + 2, place).value = sheet.cell(HEADER_ROW + 1, place).value

    rows = read_for(user, saved(sheet))

    assert [type(problem) for row in rows for problem in row.problems] == [RowTwice]


def zipped(parts: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


def book_with(parts: dict[str, bytes]) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"} | parts)


def plain_book() -> bytes:
    target = BytesIO()
    Workbook().save(target)
    return target.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'


@pytest.mark.parametrize(("data", "name", "refusal"), [
    (b"x" * (5 * 1024 * 1024 + 1), "a.xlsx", WorkbookTooLarge),
    (b"", "a.xlsx", EmptyFile),
    (b"MZ\x90", "a.xlsx", ProgramFile),
    (b"%PDF-1.7", "a.pdf", NotWorkbook),
    (b"%PDF-1.7", "a.xlsx", WrongEnding),
    (zipped({"a.txt": b"x"}), "a.xlsx", NotWorkbook),
    (book_with({}), "a.xlsx", NotWorkbook),
    (book_with({"xl/vbaProject.bin": b"x"}), "a.xlsx", MacroFile),
    (book_with({"xl/sharedStrings.xml": b" " * (41 * 1024 * 1024)}), "a.xlsx", WorkbookPacked),
    (book_with({f"xl/{n}.xml": b"" for n in range(600)}), "a.xlsx", WorkbookPacked),
    (book_with({"xl/sharedStrings.xml": ENTITIES}), "a.xlsx", NotWorkbook),
    (book_with({"xl/sharedStrings.xml": ENTITIES.decode().encode("utf-16")}), "a.xlsx", NotWorkbook),
    (plain_book()[:-400], "a.xlsx", NotWorkbook),
    (plain_book(), "a.xlsx", WorkbookWithoutColumns),
])  # fmt: skip
def test_a_file_that_is_no_workbook_of_ours_is_refused(data: bytes, name: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read(data, name, Seal(SECRET, 1))


def test_a_missing_column_is_named(session: Session, make: Factory, user: User) -> None:
    make.assignment(user.agency)
    sheet = opened(made_for(session, user))
    sheet.cell(HEADER_ROW, PLACE["percent"]).value = "Khác"

    with pytest.raises(WorkbookWithoutColumns) as refused:
        read_for(user, saved(sheet))

    assert refused.value.values["names"] == "“Tiến độ (%)”"


def test_too_many_rows_are_refused(session: Session, make: Factory, user: User) -> None:
    make.assignment(user.agency)
    sheet = opened(made_for(session, user))
    for number in range(HEADER_ROW + 2, HEADER_ROW + 2003):
        sheet.cell(number, PLACE["text"]).value = "x"

    with pytest.raises(WorkbookTooLong):
        read_for(user, saved(sheet))


@pytest.mark.parametrize("cut", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_damaged_bytes_are_refused_and_break_nothing(session: Session, make: Factory, user: User, cut: float) -> None:
    make.assignment(user.agency)
    data = bytearray(made_for(session, user))
    start = int(len(data) * cut)
    data[start : start + 40] = os.urandom(40)

    with contextlib.suppress(Refusal):  # nothing else is raised, whatever the bytes
        read_for(user, bytes(data))
    assert session.query(ProgressUpdate).count() == 0


@pytest.mark.parametrize("letter", [b"ab ", b"   "])
def test_one_text_of_megabytes_in_every_cell_is_no_row_of_ours(letter: bytes) -> None:
    book = Workbook()
    book.active.append(["x"] * len(COLUMNS))
    book.active.append([column.header for column in COLUMNS])
    for _row in range(200):
        book.active.append(["x"] * len(COLUMNS))
    data = with_shared_text(book, letter * 3_000_000)

    rows = read(data, "bao-cao.xlsx", Seal(SECRET, 1))

    assert all(isinstance(row.problems[0], RowUnknown) for row in rows)
