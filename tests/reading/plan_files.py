"""One plan, as an office, a portal, a printer or an old computer would hand it over. Each function gives a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.reading.web_pages import page
from tests.reading.word_files import Rows, with_numbering
from tracker.extraction.marks import Level, read_mark

PATH = Path(__file__).parents[1] / "data" / "formats" / "ha-duong-2026-bao-luc-gia-dinh.txt"
#: Of a page that is printed: DejaVu has every Vietnamese letter and comes with every Debian.
STYLE = """<style>@page{size:A4;margin:20mm 15mm 20mm 30mm} body{font:13pt/1.4 'DejaVu Serif';margin:0}
p{margin:0 0 6pt;text-indent:1cm;text-align:justify} table{width:100%;border-collapse:collapse}
.two td{vertical-align:top;font-size:10pt;width:50%} .grid td{border:1px solid;padding:4pt;font-size:11pt}
.two p{text-indent:0;text-align:center;margin:0} .grid p{text-indent:0;text-align:left;margin:0}
.title{text-indent:0;text-align:center} .annex{break-before:page}</style>"""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of paragraphs, or of rows of a table."""

    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    #: Two texts side by side (letterhead, signature), without ruled lines: one row, paragraphs parted by line ends.
    is_side_by_side: bool = False


def plan_text() -> str:
    """Give the plan as its .txt holds it, which every other file is made of."""
    return PATH.read_text("utf-8")


def parts() -> list[Part]:
    """Give the plan as letterhead, text, signature, annex and its table."""
    lines = plan_text().rstrip("\n").split("\n")
    head = [line.split(" | ") for line in lines[:3]]
    recipients = lines.index("Nơi nhận:")
    signature = next(at for at, line in enumerate(lines) if line.startswith("TM. "))
    annex = lines.index("PHỤ LỤC")
    table = next(at for at, line in enumerate(lines) if line.startswith("TT | "))
    left, right = ("\n".join(row[side] for row in head) for side in (0, 1))
    return [
        Part(rows=((left, right),), is_side_by_side=True),
        Part(tuple(lines[3:recipients])),
        Part(rows=(("\n".join(lines[recipients:signature]), "\n".join(lines[signature:annex])),), is_side_by_side=True),
        Part(tuple(lines[annex:table])),
        Part(rows=tuple(tuple(line.split(" | ")) for line in lines[table:])),
    ]


def as_word() -> bytes:
    """Give a .docx whose numbers and bullets are automatic and whose letterhead, signature and annex are tables."""
    blocks: list[str | Rows] = []
    for part in parts():
        blocks += [part.rows] if part.rows else part.lines
    return with_numbering([*blocks, ""])  # LibreOffice writes no table at the very end into a .doc


def as_markup() -> str:
    """Give the document's own markup: lists are lists, tables are tables."""
    return "\n".join(_table(part) if part.rows else "\n".join(_paragraphs(part.lines)) for part in parts())


def as_web_page() -> bytes:
    """Give the page of a portal with menus, log-in, related documents and comments round the document."""
    return page(as_markup()).encode()


def as_print() -> str:
    """Give the page that a browser prints, with its style."""
    return f"<!DOCTYPE html><html lang=vi><meta charset=utf-8>{STYLE}<body>{as_markup()}</body></html>"


def as_markdown() -> bytes:
    """Give the plan as a writer of Markdown would: headings, lists, a table; the letterhead line by line."""
    written: list[str] = []
    for part in parts():
        if part.is_side_by_side:
            written += [f"{line}  " for cell in part.rows[0] for line in cell.split("\n")] + [""]
        elif part.rows:
            rows = [f"| {' | '.join(row)} |" for row in part.rows]
            written += [rows[0], "|---" * len(part.rows[0]) + "|", *rows[1:], ""]
        else:
            written += [line for text in part.lines for line in (_marked_down(text), "")]
    return "\n".join(written).encode()


def _marked_down(line: str) -> str:
    mark = read_mark(line)
    if line.isupper() or (mark and mark.level is Level.PART):
        return f"## {line}"
    return f"**{line}**" if mark and mark.level is Level.NUMBER and len(line) < 60 else line


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Give paragraphs, and lists of the bullets that stand under each other."""
    found: list[str] = []
    for line in lines:
        bullet = line.startswith("- ")
        if bullet and found and found[-1] == "</ul>":
            found.pop()
        elif bullet:
            found.append("<ul>")
        look = "title annex" if line == "PHỤ LỤC" else "title" if line.isupper() and not read_mark(line) else ""
        found += [f"<li>{line[2:]}</li>", "</ul>"] if bullet else [f"<p class='{look}'>{line}</p>"]
    return found


def _table(part: Part) -> str:
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in part.rows)
    return f"<table{' class=two' if part.is_side_by_side else ' class=grid border=1'}>{rows}</table>"


def _cell(text: str) -> str:
    return "<td>" + "".join(f"<p>{line}</p>" for line in text.split("\n")) + "</td>"
