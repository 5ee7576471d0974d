"""Makes Word files with automatic numbers, as offices write them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from tracker.extraction.marks import Level, read_mark

#: A table: rows of cells, whose paragraphs are parted by line ends.
Rows = Sequence[Sequence[str]]
_LEVELS = (
    (Level.PART, "upperRoman", "%1."),
    (Level.NUMBER, "decimal", "%2."),
    (Level.SUBNUMBER, "decimal", "%2.%3."),
    (Level.LETTER, "lowerLetter", "%4)"),
)
_DEPTH = {level: depth for depth, (level, _form, _pattern) in enumerate(_LEVELS)}


def saved(document: Any) -> bytes:
    """Give a document's bytes."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_numbering(lines: Sequence[str | Rows]) -> bytes:
    """Give a Word file of these lines, in which "I.", "1.", "1.1.", "a)" and "-" are automatic, and tables."""
    document = docx.Document()
    outline, bullets = _lists(document)
    for line in lines:
        if not isinstance(line, str):
            _table(document, line)
            continue
        mark = read_mark(line)
        if mark and mark.level in _DEPTH:
            _number(document.add_paragraph(line[mark.length :]), outline, _DEPTH[mark.level])
        elif mark and mark.level is Level.BULLET:
            _number(document.add_paragraph(line[mark.length :]), bullets, 0)
        else:
            document.add_paragraph(line)
    return saved(document)


def _table(document: Any, rows: Rows) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            first, *others = text.split("\n")
            cell.text = first
            for paragraph in others:
                cell.add_paragraph(paragraph)


def _lists(document: Any) -> tuple[int, int]:
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for depth, (_level, form, pattern) in enumerate(_LEVELS)
    )
    bullet = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>'
    numbering = document.part.numbering_part.element
    for number, body in ((900, levels), (901, bullet)):
        abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{body}</w:abstractNum>')
        numbering.insert(0, abstract)
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )
    return 900, 901


def _number(paragraph: Any, num_id: int, level: int) -> None:
    properties = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", level), ("w:numId", num_id)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), str(value))
        properties.append(element)
    paragraph._p.get_or_add_pPr().append(properties)
