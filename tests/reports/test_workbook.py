"""The workbook that an agency fills in, read back."""
from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workbooks import PLACE, made_for, opened, row_number
from tracker.models import ProgressUpdate, Review
from tracker.reports.workbook import COLUMNS, GUIDE, HEADER_ROW, SHEET, Seal
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import Decision

DAY = timedelta(days=1)


def test_it_holds_what_is_owed_most_pressing_first(session: Session, make: Factory) -> None:
    user = make.user()
    rest = make.assignment(user.agency, due_on=None)
    soon = make.assignment(user.agency, due_on=TODAY + DAY)
    late = make.assignment(user.agency, due_on=TODAY - DAY)
    returned = make.assignment(user.agency, due_on=TODAY + 60 * DAY, state=State.RETURNED)
    make.assignment(user.agency, state=State.SUBMITTED)
    make.assignment()

    sheet = opened(made_for(session, user))

    ids = [sheet.cell(number, PLACE["id"]).value for number in range(HEADER_ROW + 1, sheet.max_row + 1)]
    assert ids == [returned.id, late.id, soon.id, rest.id]
    assert [sheet.cell(HEADER_ROW, number).value for number in range(1, len(COLUMNS) + 1)] == [
        column.header for column in COLUMNS]


def test_it_is_prefilled_with_what_was_said_last(session: Session, make: Factory) -> None:
    user = make.user()
    row = make.assignment(user.agency, percent=40, state=State.RETURNED)
    update = ProgressUpdate(assignment=row, author=user, created_at=NOW, reported_on=TODAY, state=State.IN_PROGRESS,
                            percent=40, text="Đã mở 2 lớp.\nSẽ mở thêm.", difficulties="Thiếu kinh phí.")
    session.add_all([update, Review(update=update, reviewer=user, decision=Decision.RETURNED, reason="Thiếu số liệu.",
                                    decided_at=NOW)])
    session.commit()

    sheet = opened(made_for(session, user))

    number = row_number(sheet, row.id)
    values = {key: sheet.cell(number, place).value for key, place in PLACE.items()}
    assert (values["state"], values["percent"]) == ("Giữ nguyên", 40)
    assert (values["text"], values["difficulties"]) == ("Đã mở 2 lớp.\nSẽ mở thêm.", "Thiếu kinh phí.")
    assert values["document_number"] is None
    assert "Lý do trả lại: Thiếu số liệu." in values["task"]


def test_only_the_cells_to_fill_in_are_open(session: Session, make: Factory) -> None:
    user = make.user()
    make.assignment(user.agency)

    sheet = opened(made_for(session, user))

    assert sheet.protection.sheet
    assert not sheet.protection.password
    for column in COLUMNS:
        cell = sheet.cell(HEADER_ROW + 1, PLACE[column.key])
        assert cell.protection.locked is not column.is_input, column.key
        assert sheet.column_dimensions[cell.column_letter].hidden is column.is_hidden, column.key
    assert sheet.freeze_panes == f"C{HEADER_ROW + 1}"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", int(sheet.PAPERSIZE_A4))
    assert sheet.cell(HEADER_ROW + 1, PLACE["text"]).font.name == "Times New Roman"
    assert sheet.cell(HEADER_ROW + 1, PLACE["text"]).alignment.wrap_text


def test_slips_are_told_in_the_cell(session: Session, make: Factory) -> None:
    user = make.user()
    for _ in range(3):
        make.assignment(user.agency)

    sheet = opened(made_for(session, user))

    checks = {str(check.sqref): check for check in sheet.data_validations.dataValidation}
    assert checks[f"G{HEADER_ROW + 1}:G{HEADER_ROW + 3}"].formula1 == '"Giữ nguyên,Đang thực hiện,Đã hoàn thành"'
    percent = checks[f"H{HEADER_ROW + 1}:H{HEADER_ROW + 3}"]
    assert (percent.type, percent.formula1, percent.formula2) == ("whole", "0", "100")
    assert checks[f"M{HEADER_ROW + 1}:M{HEADER_ROW + 3}"].type == "date"
    assert all(check.showErrorMessage and check.error for check in checks.values())


@pytest.mark.parametrize("words", ['=HYPERLINK("http://x","y")', "+1+1", "-5 lớp", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_text_of_a_person_becomes_a_formula(session: Session, make: Factory, words: str) -> None:
    user = make.user(agency=make.agency(f"{words} của Sở"))
    row = make.assignment(user.agency, task=make.task(text=words))
    session.add(ProgressUpdate(assignment=row, author=user, created_at=NOW, reported_on=TODAY, text=words,
                               state=State.IN_PROGRESS, percent=1, difficulties=words, proposals=words))
    session.commit()

    book = load_workbook(BytesIO(made_for(session, user)))

    cells: list[Any] = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    sheet = book[SHEET]
    text = sheet.cell(row_number(sheet, row.id), PLACE["text"])
    assert (text.value, text.data_type, text.quotePrefix) == (words, "s", True)


def test_what_no_sheet_can_hold_is_left_out(session: Session, make: Factory) -> None:
    user = make.user()
    row = make.assignment(user.agency, task=make.task(text="Việc\x0b có ký tự\x02 lạ"))

    sheet = opened(made_for(session, user))

    assert sheet.cell(row_number(sheet, row.id), PLACE["task"]).value == "Việc có ký tự lạ"


def test_an_agency_that_owes_nothing_gets_an_empty_one(session: Session, make: Factory) -> None:
    book = load_workbook(BytesIO(made_for(session, make.user())))

    assert book.sheetnames == [SHEET, GUIDE]
    assert book[SHEET].max_row == HEADER_ROW
    assert "không còn nhiệm vụ nào" in book[GUIDE]["B2"].value


def test_a_seal_is_one_agencys_one_rows_and_nobody_elses() -> None:
    seal = Seal("secret", 1)
    check = seal.make(5, 2, "abc")

    assert seal.read(5, 2, check) == "abc"
    assert [Seal("secret", 2).read(5, 2, check), Seal("other", 1).read(5, 2, check), seal.read(6, 2, check),
            seal.read(5, 3, check), seal.read(5, 2, "xyz" + check[3:]), seal.read(5, 2, ""), seal.read(5, 2, "abc:đ"),
            ] == [None] * 7
