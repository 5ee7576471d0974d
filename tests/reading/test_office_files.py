"""Old Word files and rich text: read through LibreOffice where it is installed, refused with advice where not."""

from __future__ import annotations

import os
import random
from pathlib import Path

import docx
import pytest

from tests.reading.test_pdf_text import plan_lines
from tests.reading.word_files import saved, with_numbering
from tracker.reading import EncryptedFile, Unreadable, WrongEnding, office, read, sandbox
from tracker.reading.document import NoOffice

needs_office = pytest.mark.skipif(
    office.program() is None, reason="no LibreOffice: run `apt-get install libreoffice-writer-nogui` as root"
)
LINES = [line.replace("[1]", "").replace("[2]", "") for line in plan_lines()[0]][:60]
FILTERS = {"doc": "doc:MS Word 97", "rtf": "rtf:Rich Text Format", "pdf": "pdf:writer_pdf_Export"}
WORD_STREAM = "WordDocument".encode("utf-16-le")
RTF = (
    rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Times;}}\f0 K\u7871? ho\u7841?ch c\u7911?a t\u7881?nh\par"
    rb" - S\u7903? Y t\u7871?.\par}"
)


def converted(data: bytes, ending: str, folder: Path) -> bytes:
    """Let LibreOffice make another kind of file of a .docx."""
    (folder / "plan.docx").write_bytes(data)
    sandbox.run(
        [str(office.program()), f"-env:UserInstallation={(folder / 'own').as_uri()}", "--headless", "--convert-to",
         FILTERS[ending], "--outdir", str(folder), str(folder / "plan.docx")], b"", seconds=120, folder=folder,
    )  # fmt: skip
    return (folder / f"plan.{ending}").read_bytes()


def with_table() -> bytes:
    document = docx.Document()
    document.add_paragraph("KẾ HOẠCH")
    table = document.add_table(2, 3)
    rows = (("TT", "Nội dung", "Chủ trì"), ("1", "Mở lớp tập huấn", "Sở Y tế"))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_paragraph("Hết bảng.")  # LibreOffice writes no table at the very end into a .doc
    return saved(document)


@needs_office
@pytest.mark.parametrize("ending", ["doc", "rtf"])
def test_an_old_file_gives_the_lines_that_were_typed(ending: str, tmp_path: Path) -> None:
    document = read(converted(with_numbering(LINES), ending, tmp_path), f"ke-hoach.{ending}")

    assert [line.replace("\t", " ") for line in document.text.split("\n") if line.strip()] == LINES
    assert (document.kind, document.unchecked) == (ending, False)
    assert "converted_by_office" in [note.key for note in document.notes]


@needs_office
def test_tables_of_an_old_file_are_rows(tmp_path: Path) -> None:
    text = read(converted(with_table(), "doc", tmp_path), "a.doc").text

    assert text.split("\n")[:3] == ["KẾ HOẠCH", "TT | Nội dung | Chủ trì", "1 | Mở lớp tập huấn | Sở Y tế"]


@needs_office
def test_rich_text_called_doc_is_read_as_what_it_is() -> None:
    document = read(RTF, "a.doc")

    assert document.text.split("\n")[:2] == ["Kế hoạch của tỉnh", "- Sở Y tế."]
    assert "read_by_content" in [note.key for note in document.notes]


@needs_office
@pytest.mark.parametrize(
    "rest", [random.Random(3).randbytes(5000), bytes(9000), WORD_STREAM + bytes(9000)], ids=["noise", "zeros", "a name"]
)
def test_a_broken_old_file_is_refused(rest: bytes) -> None:
    with pytest.raises(Unreadable):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rest, "a.doc")


@needs_office
def test_what_a_word_processor_prints_as_pdf_comes_back(tmp_path: Path) -> None:
    text = read(converted(with_numbering(LINES), "pdf", tmp_path), "a.pdf").text

    assert text.split("\n") == LINES


def test_an_old_word_file_with_a_password_is_told_as_locked() -> None:
    block = b"\xec\xa5\xc1\x00" + bytes(6) + (0x0100).to_bytes(2, "little") + bytes(500)

    with pytest.raises(EncryptedFile):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + block + WORD_STREAM, "a.doc")


@pytest.mark.parametrize(("data", "name"), [(b"\xd0\xcf\x11\xe0" + bytes(600) + WORD_STREAM, "a.doc"), (RTF, "a.rtf")])
def test_without_libreoffice_the_way_out_is_told(data: bytes, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)

    with pytest.raises(NoOffice):
        read(data, name)


def test_an_old_word_file_called_docx_is_told_apart() -> None:
    with pytest.raises(WrongEnding) as caught:
        read(b"\xd0\xcf\x11\xe0" + bytes(600), "a.docx")

    assert caught.value.values["right"] == ".doc"
