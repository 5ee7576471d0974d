"""Workbooks as people fill them in: by the names of the columns, saved by openpyxl."""
from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tests.factories import TODAY
from tracker.models import User
from tracker.reports.grid import all_owed
from tracker.reports.workbook import COLUMNS, HEADER_ROW, MOST_ROWS, SHEET, Seal, write
from tracker.workflow.workbook_reading import FilledRow, read

SECRET = "only for tests"
PLACE = {column.key: number for number, column in enumerate(COLUMNS, start=1)}


def made_for(session: Session, user: User, secret: str = SECRET) -> bytes:
    """Make the workbook of a person's agency."""
    rows = all_owed(session, user, today=TODAY, most=MOST_ROWS)
    return write(rows, agency=user.agency, seal=Seal(secret, user.agency_id), today=TODAY)


def opened(data: bytes) -> Any:
    """Give the sheet to fill in, as openpyxl sees it."""
    return load_workbook(BytesIO(data))[SHEET]


def row_number(sheet: Any, assignment_id: int) -> int:
    """Find the row of an assignment."""
    return next(number for number in range(HEADER_ROW + 1, sheet.max_row + 1)
                if sheet.cell(number, PLACE["id"]).value == assignment_id)


def filled(data: bytes, said: dict[int, dict[str, Any]]) -> bytes:
    """Write values into the rows of assignments, by the names of the columns."""
    sheet = opened(data)
    for assignment_id, values in said.items():
        number = row_number(sheet, assignment_id)
        for key, value in values.items():
            sheet.cell(number, PLACE[key]).value = value
    return saved(sheet)


def saved(sheet: Any) -> bytes:
    """Give the bytes of the workbook that a sheet belongs to."""
    target = BytesIO()
    sheet.parent.save(target)
    return target.getvalue()


def read_for(user: User, data: bytes) -> list[FilledRow]:
    return read(data, "bao-cao.xlsx", Seal(SECRET, user.agency_id))


def with_shared_text(book: Any, shared: bytes, *, name: str = "xl/sharedStrings.xml") -> bytes:
    """Give a workbook each "x" of which says the same shared text, which lies in a part of this name."""
    kept, stream = BytesIO(), BytesIO()
    book.save(kept)
    named = (f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.'
             'spreadsheetml.sharedStrings+xml"/></Types>').encode()
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b't="inlineStr"><is><t>x</t></is>', b't="s"><v>0</v>')
                         .replace(b"</Types>", named))
        new.writestr(name, b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + shared
                     + b"</t></si></sst>")
    return stream.getvalue()
