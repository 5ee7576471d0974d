"""The words of a small office file, quick and bounded, for looking through; what can't be read has none."""
from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from tracker.reading import sandbox, slots

#: Files and parts beyond this are not looked into.
_LARGEST_TEXT = 4 * 1024 * 1024
_LARGEST_UNPACKED = 20 * 1024 * 1024
_LARGEST_PDF = 25 * 1024 * 1024
_MOST_ROWS, _MOST_COLUMNS, _MOST_SHEETS = 5_000, 40, 5
_MOST_PAGES = 60
_MOST_LETTERS = 1_000_000
#: As much as a cell of Excel holds; a hostile file has one long text in every cell.
_LONGEST_CELL = 32_767
_MEMORY = 1024 * 1024 * 1024
_SECONDS = 8
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def words_of(stream: BinaryIO, media_type: str) -> str:
    """Give the words of a text, Word, Excel or PDF file, a paragraph or a row a line; "" for what can't be read."""
    try:
        match media_type:
            case "text/plain":
                return _plain(stream)
            case kind if kind == f"{_OPEN_XML}.wordprocessingml.document":
                return _first_of(_word_lines(stream))
            case kind if kind == f"{_OPEN_XML}.spreadsheetml.sheet":
                return _first_of(_sheet_rows(stream))
            case "application/pdf":
                return _pdf(stream)
    except Exception:  # whatever a damaged or hostile file makes a library say: it has no words then
        return ""
    return ""


def _first_of(lines: Iterator[str]) -> str:
    """Join lines until there are letters enough: tables within tables say their words again and again."""
    kept: list[str] = []
    left = _MOST_LETTERS
    for line in lines:
        kept.append(line[:left])
        left -= len(line) + 1
        if left <= 0:
            break
    return "\n".join(kept)


def _plain(stream: BinaryIO) -> str:
    content = stream.read(_LARGEST_TEXT)
    marked = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for encoding in (marked, "cp1258"):
        try:
            return content.decode(encoding)[:_MOST_LETTERS]
        except UnicodeDecodeError:
            continue
    return ""


def _is_small(parts: zipfile.ZipFile) -> bool:
    """Tell whether a packed file may be unpacked; what is larger than its directory says is cut off by zipfile."""
    listed = parts.infolist()
    # A part may be called anything, so none alone may be large; pictures together may be.
    return max((part.file_size for part in listed), default=0) <= _LARGEST_UNPACKED and sum(
        part.file_size for part in listed if part.filename.endswith((".xml", ".rels"))) <= _LARGEST_UNPACKED


def _word_lines(stream: BinaryIO) -> Iterator[str]:
    """Give a document's paragraphs, and its tables' rows as one line each."""
    with zipfile.ZipFile(stream) as parts:
        if not _is_small(parts):
            return
        content = parts.read("word/document.xml")
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    for element in root.iter(f"{_W}p", f"{_W}tr"):
        if element.tag == f"{_W}p" and next(element.iterancestors(f"{_W}tr"), None) is not None:
            continue
        cells = element.iterchildren(f"{_W}tc") if element.tag == f"{_W}tr" else [element]
        yield " | ".join(_said(cell) for cell in cells)


def _said(element: etree._Element) -> str:
    between = {f"{_W}tab": "\t", f"{_W}br": " ", f"{_W}p": " "}
    pieces = [between.get(piece.tag) or piece.text or "" for piece in element.iter(f"{_W}t", *between)]
    return re.sub(r"[^\S\t]+", " ", "".join(pieces)).strip()


def _sheet_rows(stream: BinaryIO) -> Iterator[str]:
    from openpyxl import load_workbook

    with zipfile.ZipFile(stream) as parts:
        if not _is_small(parts):
            return
    stream.seek(0)
    book = load_workbook(io.BytesIO(stream.read()), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets[:_MOST_SHEETS]:
            for row in sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True):
                if any(cell is not None for cell in row):
                    yield " | ".join(_cell(cell) for cell in row if cell is not None)
    finally:
        book.close()


def _cell(value: object) -> str:
    day = getattr(value, "strftime", None)
    return str(day("%d/%m/%Y")) if day is not None else re.sub(r"\s+", " ", str(value)[:_LONGEST_CELL]).strip()


def _pdf(stream: BinaryIO) -> str:
    """Read a PDF's text in a process of its own, as everything that opens PDFs here does."""
    content = stream.read(_LARGEST_PDF)
    try:
        ended = sandbox.run_module("tracker.reading.words_of_file", content, seconds=_SECONDS + 4)
    except (sandbox.TookTooLong, slots.AllTaken):
        return ""
    return ended.output.decode("utf-8", "replace") if ended.status == 0 else ""


def _pdf_words(content: bytes) -> Iterator[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    for number in range(min(len(document), _MOST_PAGES)):
        yield document[number].get_textpage().get_text_bounded()


def main() -> None:
    """Print the words of the PDF on the input, within limits of memory and time."""
    sandbox.limit_self(memory=_MEMORY, seconds=_SECONDS)
    sandbox.end_after(_SECONDS)
    words = "\n".join(_pdf_words(sys.stdin.buffer.read()))[:_MOST_LETTERS]
    sys.stdout.buffer.write(words.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
