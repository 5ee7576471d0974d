"""Files are looked into for lists of persons; what can't be read passes without a word."""
from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from docx import Document
from openpyxl import Workbook

from tests import sample_files as sample
from tests.reading.pdf_files import made, typeset
from tests.workbooks import with_shared_text
from tracker.reading.words_of_file import words_of
from tracker.workflow.evidence import BadFiles, Upload, check
from tracker.workflow.personal_files import PersonalFile

ROWS = [("STT", "Họ và tên", "Năm sinh"), ("1", "Nguyễn Văn An", "1990"), ("2", "Trần Thị Bình", "1985")]
FIGURES = [("STT", "Phường", "Số lượt"), ("1", "Trần Hưng Đạo", "1990"), ("2", "Lê Hồng Phong", "1985")]


def docx(rows: list[tuple[str, ...]], *, table: bool = True) -> bytes:
    document = Document()
    if table:
        grid = document.add_table(len(rows), 3)
        for row, words in zip(grid.rows, rows, strict=True):
            for cell, word in zip(row.cells, words, strict=True):
                cell.text = word
    else:
        for words in rows:
            document.add_paragraph("\t".join(words))
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def xlsx(rows: list[tuple[str, ...]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append([int(cell) if cell.isdecimal() else cell for cell in row])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def pdf(rows: list[tuple[str, ...]]) -> bytes:
    return made(typeset(["  ".join(row) for row in rows]))


def text(rows: list[tuple[str, ...]]) -> bytes:
    return "\n".join(";".join(row) for row in rows).encode()


MADE = {
    "bảng.docx": docx, "dòng.docx": lambda rows: docx(rows, table=False), "bảng.xlsx": xlsx, "bảng.csv": text,
    "bảng.pdf": pdf, "cũ.txt": lambda rows: text(rows).decode().encode("utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_a_list_of_persons_is_found_in_a_file_and_the_file_named(name: str) -> None:
    with pytest.raises(BadFiles) as refused:
        check([Upload(name, BytesIO(MADE[name](ROWS)))])

    assert isinstance(refused.value.problems[0], PersonalFile)
    assert refused.value.problems[0].values == {"name": name, "hint": "N… V… A…"}


@pytest.mark.parametrize("name", MADE)
def test_a_table_of_places_passes(name: str) -> None:
    assert len(check([Upload(name, BytesIO(MADE[name](FIGURES)))])) == 1


@pytest.mark.parametrize(("name", "content"), [
    ("hỏng.pdf", sample.PDF), ("a.docx", sample.DOCX), ("a.xlsx", sample.XLSX), ("ảnh.png", sample.PNG),
    ("cũ.doc", sample.DOC),
])  # fmt: skip
def test_what_cant_be_read_passes(name: str, content: bytes) -> None:
    assert len(check([Upload(name, BytesIO(content))])) == 1


def test_a_file_that_unpacks_to_a_gigabyte_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.reading.words_of_file.etree.fromstring",
                        lambda *_given, **_more: pytest.fail("unpacked"))
    kept = BytesIO(sample.DOCX)
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/more.xml", b"<w>" + b" " * 200_000_000)

    assert len(check([Upload("bom.docx", BytesIO(kept.getvalue()))])) == 1


def rows_of_x(rows: int) -> Workbook:
    book = Workbook()
    for _row in range(rows):
        book.active.append(["x"] * 40)
    return book


def test_of_one_long_text_in_every_cell_only_so_much_is_looked_at() -> None:
    hostile = with_shared_text(rows_of_x(300), b"ab " * 3_000_000)

    words = words_of(BytesIO(hostile), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

    assert 0 < len(words) <= 1_000_000
    assert len(check([Upload("dài.xlsx", BytesIO(hostile))])) == 1


def test_a_part_that_unpacks_without_end_is_not_unpacked_whatever_it_is_called(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_given, **_more: pytest.fail("unpacked"))
    bomb = with_shared_text(rows_of_x(1), b" " * 30_000_000, name="xl/shared.dat")

    assert len(check([Upload("bom.xlsx", BytesIO(bomb))])) == 1
