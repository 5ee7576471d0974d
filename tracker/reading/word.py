"""Word files: paragraphs, tables, automatic numbers and footnotes in the order in which a reader sees them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml import parse_xml

from tracker.reading.beside import lines_beside
from tracker.reading.document import DamagedFile, EncryptedFile, Note, PackedTooTight, Raw, Removed
from tracker.reading.legacy import convert_run
from tracker.reading.numbering import Numbering, W

#: What a plan can honestly unpack to; more is a bomb.
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_MEMBERS = 2000
#: Of the parts that are parsed: each letter of them costs memory tenfold.
MAX_XML_BYTES = 24 * 1024 * 1024
#: Word itself takes no more.
MAX_COLUMNS = 63
#: A table in a table in a table is read, a file built to be endless is not.
MAX_DEPTH = 40
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRAPPERS = {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}moveTo", f"{W}smartTag"}
_GONE = {f"{W}del", f"{W}moveFrom", _FALLBACK, f"{W}pPr", f"{W}rPr"}


def read_word(data: bytes, name: str) -> Raw:
    """Read a .docx file; the pieces begin with the page headers.

    A row of a table is one line, its cells joined with " | "; deleted text of tracked changes is left out; footnotes
    follow at the end as "[1] …", where the text says "[1]". Raises EncryptedFile, PackedTooTight or DamagedFile; never
    anything else, whatever the bytes are.
    """
    _check_package(data, name)
    try:
        document = docx.Document(io.BytesIO(data))
        reader = _Reader(document.part)
        lines = list(reader.lines())
    except MemoryError:
        raise
    except Exception as error:  # a hostile package can make the libraries raise anything at all
        raise DamagedFile(name=name) from error
    return Raw("\n".join(lines), reader.heads + reader.pieces, tuple(reader.notes()), reader.removed())


def _check_package(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DamagedFile(name=name) from error
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise PackedTooTight(name=name)
    if sum(member.file_size for member in members if member.filename.endswith((".xml", ".rels"))) > MAX_XML_BYTES:
        raise PackedTooTight(name=name)
    if any(member.flag_bits & 1 for member in members):
        raise EncryptedFile(name=name)


class _Reader:
    """Walks one document; keeps what has to be told about it."""

    def __init__(self, part: Any) -> None:
        parts: dict[str, list[Any]] = {}
        for relation in part.rels.values():
            if not relation.is_external:
                parts.setdefault(relation.reltype.rsplit("/", 1)[-1], []).append(relation.target_part)
        self._body = part.element.body
        self._numbering = Numbering(_element(parts.get("numbering")), _element(parts.get("styles")))
        self._footnotes = _notes_of(_element(parts.get("footnotes")), f"{W}footnote")
        self._footnotes |= {
            f"end{key}": note for key, note in _notes_of(_element(parts.get("endnotes")), f"{W}endnote").items()
        }
        self._order: list[str] = []
        self._numbered = self._changed = self._boxes = self._old_fonts = 0
        #: Page headers, where a secrecy mark may stand, and the body's paragraphs one by one.
        self.heads = [
            "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
            for header in parts.get("header", [])
            for paragraph in _root(header).iter(f"{W}p")
        ]
        self._feet = [
            "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
            for footer in parts.get("footer", [])
            for paragraph in _root(footer).iter(f"{W}p")
        ]
        self.pieces: list[str] = []
        self.hidden: list[str] = []

    def lines(self) -> Iterator[str]:
        """Give the body's lines, then the footnotes."""
        yield from self._blocks(self._body, 0)
        for number, key in enumerate(self._order, start=1):
            note = self._footnotes.get(key)
            if note is not None:
                yield f"[{number}] " + " ".join(self._text(p, 0).strip() for p in note.iter(f"{W}p")).strip()

    def removed(self) -> tuple[Removed, ...]:
        """Give what stands on every page, and what Word hides."""
        furniture = "\n".join(line.strip() for line in (*self.heads, *self._feet) if line.strip())
        hidden = " ".join(" ".join(self.hidden).split())
        found = (("page_furniture", furniture), ("hidden_text", hidden))
        return tuple(Removed(key, text) for key, text in found if text)

    def notes(self) -> Iterator[Note]:
        """Give notes on what was added or left out."""
        for key, count in (
            ("numbers_printed", self._numbered),
            ("footnotes_appended", len(self._order)),
            ("tracked_changes_accepted", self._changed),
            ("text_boxes_read", self._boxes),
            ("converted_fonts", self._old_fonts),
        ):
            if count:
                yield Note(key, count)

    def _blocks(self, parent: Any, depth: int) -> Iterator[str]:
        if depth > MAX_DEPTH:
            return
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child, depth)
            elif child.tag == f"{W}tbl":
                yield from self._table(child, depth)
            elif child.tag in _WRAPPERS:
                yield from self._blocks(child, depth + 1)

    def _paragraph(self, paragraph: Any, depth: int) -> Iterator[str]:
        text = self._text(paragraph, depth).strip("\n")
        label = self._numbering.label(paragraph)  # an empty paragraph is counted too
        if label and text.strip():
            self._numbered += 1
            text = f"{label} {text.lstrip()}"
        self.pieces.extend(text.split("\n"))
        yield text
        for box in self._box_texts(paragraph):
            self._boxes += 1
            yield from self._blocks(box, depth + 1)

    def _table(self, table: Any, depth: int) -> Iterator[str]:
        above: dict[int, str] = {}  # by column of the grid, which joined cells move
        for row in table.iter(f"{W}tr"):
            if next(row.iterancestors(f"{W}tbl")) is not table:
                continue  # a row of a table inside a cell, read with that cell
            cells = [cell for cell in row if cell.tag == f"{W}tc"]
            if len(cells) == 1:
                yield from self._blocks(cells[0], depth + 1)
                continue
            texts = ["\n".join(self._blocks(cell, depth + 1)) for cell in cells]
            beside = lines_beside([text.split("\n") for text in texts])
            if beside is not None:
                yield from beside
                continue
            printed: list[str] = []
            for cell, written in zip(cells, texts, strict=True):
                column = len(printed)
                text = " ".join(written.split())
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and merge.get(f"{W}val") != "restart":
                    text = above.get(column, "")  # a cell that spans rows holds for each of them
                above[column] = text
                # A cell over several columns leaves the others empty, so that every row has the same columns.
                printed.extend([text, *[""] * (_span(cell) - 1)])
            yield " | ".join(printed)

    def _text(self, element: Any, depth: int) -> str:
        if depth > MAX_DEPTH:
            return ""
        found = []
        for child in element:
            if child.tag == f"{W}r" and _is_hidden(child):
                self.hidden.extend(text.text or "" for text in child.iter(f"{W}t"))
            elif child.tag in _GONE:
                self._changed += child.tag == f"{W}del"
            elif child.tag == f"{W}t":
                written = child.text or ""
                found.append(convert_run(written, _font(element)))
                self._old_fonts += found[-1] != written
            elif child.tag in (f"{W}tab", f"{W}ptab"):
                found.append("\t")
            elif child.tag in (f"{W}br", f"{W}cr"):
                found.append("\n")
            elif child.tag == f"{W}noBreakHyphen":
                found.append("-")
            elif child.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                found.append(self._reference(child))
            elif child.tag != f"{W}txbxContent" and len(child):
                found.append(self._text(child, depth + 1))
        return "".join(found)

    def _reference(self, element: Any) -> str:
        prefix = "end" if element.tag == f"{W}endnoteReference" else ""
        self._order.append(prefix + (element.get(f"{W}id") or ""))
        return f"[{len(self._order)}]"

    def _box_texts(self, paragraph: Any) -> Iterator[Any]:
        for box in paragraph.iter(f"{W}txbxContent"):
            owner = next(box.iterancestors(f"{W}p"), None)
            if owner is paragraph and next(box.iterancestors(_FALLBACK), None) is None:
                yield box


def _span(cell: Any) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    value = "" if span is None else span.get(f"{W}val", "")
    return min(int(value), MAX_COLUMNS) if re.fullmatch(r"[1-9]\d{0,4}", value) else 1


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val", "1") not in ("0", "false", "off")


def _font(run: Any) -> str:
    """Name the font a run is written in where it says so itself: old fonts have letters of their own."""
    fonts = run.find(f"{W}rPr/{W}rFonts")
    return "" if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or ""


def _element(parts: list[Any] | None) -> Any | None:
    return _root(parts[0]) if parts else None


def _root(part: Any) -> Any:
    return part.element if hasattr(part, "element") else parse_xml(part.blob)


def _notes_of(root: Any | None, tag: str) -> dict[str, Any]:
    if root is None:
        return {}
    # Separators are stored as notes too; only real ones have no type.
    return {note.get(f"{W}id", ""): note for note in root.iter(tag) if note.get(f"{W}type") is None}
