"""Word files: order, tables, automatic numbers, footnotes, and hostile packages."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.reading.word_files import saved, with_numbering
from tracker.extraction import extract
from tracker.reading import DamagedFile, EmptyFile, EncryptedFile, PackedTooTight, WrongContent, WrongEnding, read

PLANS = Path(__file__).parents[1] / "data" / "plans"


def test_paragraphs_and_tables_keep_their_order() -> None:
    document = docx.Document()
    document.add_paragraph("Trước bảng")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Việc", "Ai", "Tập huấn", "Sở Y tế"), strict=True
    ):
        cell.text = text
    document.add_paragraph("Sau bảng")

    text = read(saved(document), "a.docx").text

    assert text.split("\n") == ["Trước bảng", "Việc | Ai", "Tập huấn | Sở Y tế", "Sau bảng"]


def test_a_cell_that_spans_rows_is_printed_for_each_of_them() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Sở Y tế"
    table.cell(0, 1).text, table.cell(1, 1).text = "Việc một", "Việc hai"

    assert read(saved(document), "a.docx").text.split("\n") == ["Sở Y tế | Việc một", "Sở Y tế | Việc hai"]


def test_automatic_numbers_are_printed() -> None:
    lines = ["I. MỤC ĐÍCH", "1. Một", "- việc", "2. Hai", "2.1. Hai một", "II. VIỆC", "1. Lại một"]

    document = read(with_numbering(lines), "a.docx")

    assert document.text.split("\n") == lines
    assert [note.key for note in document.notes] == ["numbers_printed"]


def test_deleted_text_is_left_out_and_inserted_text_is_read() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Sở Y tế ")
    for xml in (
        f"<w:del {nsdecls('w')}><w:r><w:delText>không </w:delText></w:r></w:del>",
        f"<w:ins {nsdecls('w')}><w:r><w:t>tập huấn</w:t></w:r></w:ins>",
    ):
        paragraph._p.append(parse_xml(xml))

    found = read(saved(document), "a.docx")

    assert found.text == "Sở Y tế tập huấn"
    assert [note.key for note in found.notes] == ["tracked_changes_accepted"]


def test_a_plan_written_in_word_gives_the_same_duties() -> None:
    lines = (PLANS / "ha-duong-2026-ma-tuy.txt").read_text("utf-8").splitlines()
    at = lines.index("9. Sở Công Thương")
    lost = next(n for n in range(at, 0, -1) if lines[n].startswith("7. Sở Tư pháp"))
    whole = [*lines[: lost + 1], "8. Sở Nông nghiệp và Môi trường", *lines[lost + 1 :]]

    typed = extract("\n".join(whole))
    numbered = extract(read(with_numbering(whole), "ke-hoach.docx").text)

    assert not typed.unclear
    assert [(task.section, task.owners, task.text) for task in numbered.tasks] == [
        (task.section, task.owners, task.text) for task in typed.tasks
    ]
    assert len(numbered.tasks) > 35


def package(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def test_a_picture_called_docx_is_refused_by_what_it_is() -> None:
    with pytest.raises(WrongContent) as caught:
        read(b"\x89PNG\r\n\x1a\n" + bytes(100), "ke-hoach.docx")

    assert caught.value.values == {"name": "ke-hoach.docx", "expected": "docx", "found": "png"}


def test_another_zip_called_docx_is_refused() -> None:
    with pytest.raises(WrongContent):
        read(package(xl__workbook=b"x"), "a.docx")


def test_a_zip_bomb_is_refused_without_being_unpacked() -> None:
    bomb = package(**{"word__document.xml": bytes(201 * 1024 * 1024)})

    assert len(bomb) < 1024 * 1024
    with pytest.raises(PackedTooTight):
        read(bomb, "a.docx")


def test_a_package_with_endless_members_is_refused() -> None:
    many = package(**{f"word__{number}": b"" for number in range(2001)})

    with pytest.raises(PackedTooTight):
        read(many, "a.docx")


def test_a_cut_off_file_is_refused() -> None:
    document = docx.Document()
    document.add_paragraph("Kế hoạch")
    data = saved(document)

    with pytest.raises(DamagedFile):
        read(data[: len(data) // 2], "a.docx")


def test_a_package_without_a_readable_document_is_refused() -> None:
    with pytest.raises(DamagedFile):
        read(package(**{"word__document.xml": b"<not xml"}), "a.docx")


def test_a_file_locked_with_a_password_is_refused_as_locked() -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")

    with pytest.raises(EncryptedFile):
        read(locked, "a.docx")


def test_an_old_word_file_with_a_new_ending_is_refused() -> None:
    with pytest.raises(WrongEnding) as caught:
        read(b"\xd0\xcf\x11\xe0" + bytes(600), "a.docx")

    assert caught.value.values["found"] == "doc"


def test_a_word_file_without_text_is_refused_as_empty() -> None:
    with pytest.raises(EmptyFile):
        read(saved(docx.Document()), "a.docx")


def test_footnotes_follow_the_text_with_their_numbers() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Lập danh sách 12 xã")
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>'))
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:t>Gồm các xã A, B.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    data = with_part(saved(document), "footnotes", notes.encode())

    found = read(data, "a.docx")

    assert found.text.split("\n") == ["Lập danh sách 12 xã[1]", "[1] Gồm các xã A, B."]
    assert [note.key for note in found.notes] == ["footnotes_appended"]


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Add a part to a Word file, as Word itself stores footnotes."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.namelist():
            kept = old.read(member)
            if member == "word/_rels/document.xml.rels":
                link = f'<Relationship Id="rIdX" Type="{kinds}/{name}" Target="{name}.xml"/></Relationships>'
                kept = kept.replace(b"</Relationships>", link.encode())
            if member == "[Content_Types].xml":
                part = (
                    f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-'
                    f'officedocument.wordprocessingml.{name}+xml"/></Types>'
                )
                kept = kept.replace(b"</Types>", part.encode())
            new.writestr(member, kept)
        new.writestr(f"word/{name}.xml", content)
    return stream.getvalue()


def test_columns_joined_in_one_row_do_not_shift_the_cells_of_the_next() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Việc"
    table.cell(0, 2).text = "Ai"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "Sở Y tế"
    for row in (1, 2):
        table.cell(row, 0).text, table.cell(row, 1).text = str(row), f"Việc {row}"

    lines = read(saved(document), "a.docx").text.split("\n")

    assert lines == ["Việc |  | Ai", "1 | Việc 1 | Sở Y tế", "2 | Việc 2 | Sở Y tế"]


def test_hidden_words_and_page_furniture_are_kept_apart() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Bản dự thảo"
    document.sections[0].footer.paragraphs[0].text = "Trang 1"
    paragraph = document.add_paragraph("Sở Y tế")
    paragraph.add_run(" ghi chú nội bộ").font.hidden = True

    found = read(saved(document), "a.docx")

    assert found.text == "Sở Y tế"
    assert [(part.key, part.text) for part in found.removed] == [
        ("page_furniture", "Bản dự thảo\nTrang 1"), ("hidden_text", "ghi chú nội bộ"),
    ]  # fmt: skip
