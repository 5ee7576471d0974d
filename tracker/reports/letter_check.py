"""A check of a letter against the form of Nghị định 30/2020/NĐ-CP: what was found, where, and what the form wants.

It knows the parts of a letter by what they say and where they stand, not by this product's styles, so that it also
judges a form that an agency brought along.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError

from tracker.reports import letter_look as look
from tracker.rules import letter_form as form
from tracker.rules.letter_form import Element, LetterFlaw

#: The parts of a letter, in the language of the form.
_PARTS = {"head": "Phần đầu văn bản", "text": "Phần nội dung", "closing": "Phần ký và nơi nhận", "annex": "Phụ lục",
          "header": "Đầu trang"}
_FLAGS = {"bold": "đậm", "italic": "nghiêng"}
_SIDES = {"top": "Lề trên", "bottom": "Lề dưới", "left": "Lề trái", "right": "Lề phải"}


@dataclass(frozen=True)
class Finding:
    """One thing against the form."""

    key: LetterFlaw
    #: The beginning of the words it is about, or the page's part.
    where: str
    found: str
    expected: str


def check(content: bytes) -> list[Finding]:
    """Compare a letter with the form; what is in order says nothing."""
    try:
        document = Document(BytesIO(content))
    except (OpcError, BadZipFile, LxmlError, KeyError, ValueError) as error:
        return [Finding(LetterFlaw.UNREADABLE, "", type(error).__name__, ".docx")]
    return list(dict.fromkeys(_Letter(document).findings()))


class _Letter:
    """A letter taken apart."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.blocks = list(document.element.body.iterchildren(qn("w:p"), qn("w:tbl")))
        tables = [block for block in self.blocks if block.tag == qn("w:tbl")]
        self.head = next((block for block in tables if form.NATION in _all_text(block)), None)
        self.closing = next((block for block in tables if form.RECIPIENTS_HEAD in _all_text(block)), None)

    def findings(self) -> Iterator[Finding]:
        """Go through the letter from its paper to its annexes."""
        yield from _pages(self.document)
        yield from _every_run(self.document)
        yield from self._head()
        yield from self._text()
        yield from self._closing()
        yield from self._annexes()

    def _paragraphs(self, table: Any) -> list[Any]:
        if table is None:
            return []
        return [Paragraph(p, self.document._body) for p in table.iter(qn("w:p")) if _text_of(p).strip()]

    def _head(self) -> Iterator[Finding]:
        found = self._paragraphs(self.head)
        nation = _first(found, lambda text: text == form.NATION)
        motto = _first(found, lambda text: text == form.MOTTO)
        number = _first(found, lambda text: text.startswith("Số:"))
        date = _first(found, lambda text: ", ngày" in text)
        subject = _first(found, lambda text: text.startswith("V/v"))
        for paragraph, element, flaw, expected in (
            (nation, Element.NATION, LetterFlaw.NO_NATION, form.NATION),
            (motto, Element.MOTTO, LetterFlaw.NO_MOTTO, form.MOTTO),
            (number, Element.NUMBER, LetterFlaw.NUMBER_LINE, form.number_line("…")),
            (date, Element.PLACE_AND_DATE, LetterFlaw.DATE_LINE, f"…, ngày{form.DAY_ROOM}tháng … năm …"),
            (subject, Element.SUBJECT, LetterFlaw.NO_SUBJECT, "V/v …"),
        ):
            if paragraph is None:
                yield Finding(flaw, _PARTS["head"], "–", expected)
            else:
                yield from _looks(paragraph, element)
        if number is not None and not form.BLANK_NUMBER.match(_text(number)):
            yield _finding(LetterFlaw.NUMBER_LINE, number, _text(number), form.number_line("…"))
        if date is not None and not form.BLANK_DATE.match(_text(date)):
            yield _finding(LetterFlaw.DATE_LINE, date, _text(date), f"…, ngày{form.DAY_ROOM}tháng … năm …")
        if subject is not None and _gap_above(subject, found) < form.SUBJECT_GAP:
            yield _finding(LetterFlaw.SUBJECT_GAP, subject, f"{_gap_above(subject, found):g} pt", "6 pt")
        yield from self._issuer(found)
        rules = len(_rules(self.head)) if self.head is not None else 0
        if self.head is not None and rules < 2:
            yield Finding(LetterFlaw.NO_RULE, _PARTS["head"], str(rules), "2")

    def _issuer(self, found: list[Any]) -> Iterator[Finding]:
        """Check the names at the left of the head: above the one that stands over it, last the one that issues."""
        known = (form.NATION, form.MOTTO)
        names = []
        for paragraph in found:
            text = _text(paragraph)
            if text.startswith(("Số:", "V/v")):
                break
            if text not in known and ", ngày" not in text:
                names.append(paragraph)
        if not names:
            if self.head is not None:
                yield Finding(LetterFlaw.NO_AGENCY, _PARTS["head"], "–", "…")
            return
        for paragraph in names[:-1]:
            is_bold = all(look.flag(paragraph, run, "bold") for run in _runs(paragraph))
            yield from _looks(paragraph, Element.AGENCY if is_bold else Element.PARENT)
        yield from _looks(names[-1], Element.AGENCY)

    def _text(self) -> Iterator[Finding]:
        """Check the addressees and the text, which stand between the head and the closing."""
        between = self._between(self.head, self.closing)
        start = next((n for n, p in enumerate(between) if _text(p).startswith(form.DEAR)), None)
        if start is None:
            yield Finding(LetterFlaw.NO_ADDRESSEES, _PARTS["text"], "–", form.DEAR)
            start, listed = -1, []
        else:
            listed = _listed(between, start)
            for paragraph in (between[start], *listed):
                yield from _looks(paragraph, Element.ADDRESSEES)
            yield from _addressees(between[start], listed)
        body = between[start + 1 + len(listed):]
        for paragraph in body:
            yield from _looks(paragraph, Element.BODY)
            yield from _laid_out(paragraph)
        if body and not _text(body[-1]).endswith(form.END_MARK):
            yield _finding(LetterFlaw.NO_END_MARK, body[-1], _text(body[-1])[-10:], form.END_MARK)

    def _between(self, first: Any, last: Any) -> list[Any]:
        begin = self.blocks.index(first) + 1 if first is not None else 0
        end = self.blocks.index(last) if last is not None else len(self.blocks)
        return [Paragraph(p, self.document._body) for p in self.blocks[begin:end]
                if p.tag == qn("w:p") and _text_of(p).strip()]

    def _closing(self) -> Iterator[Finding]:
        found = self._paragraphs(self.closing)
        head = next((n for n, p in enumerate(found) if _text(p) == form.RECIPIENTS_HEAD), None)
        if head is None:
            yield Finding(LetterFlaw.NO_RECIPIENTS, _PARTS["closing"], "–", form.RECIPIENTS_HEAD)
            return
        yield from _looks(found[head], Element.RECIPIENTS_HEAD)
        listed = _listed(found, head)
        for paragraph in listed:
            yield from _looks(paragraph, Element.RECIPIENTS)
        first, last = (_text(listed[0]), _text(listed[-1])) if listed else ("–", "–")
        if first != form.FIRST_RECIPIENT:
            yield Finding(LetterFlaw.FIRST_RECIPIENT, form.RECIPIENTS_HEAD, first, form.FIRST_RECIPIENT)
        if not form.LAST_RECIPIENT.match(last):
            yield Finding(LetterFlaw.LAST_RECIPIENT, form.RECIPIENTS_HEAD, last, "- Lưu: VT, ….")
        signed = found[:head] + found[head + 1 + len(listed):]
        posts = [paragraph for paragraph in signed if _text(paragraph).isupper()]
        if not posts:
            yield Finding(LetterFlaw.NO_AUTHORITY, _PARTS["closing"], "–", "KT., TM., TL., TUQ., Q.")
        for paragraph in signed:
            yield from _looks(paragraph, Element.AUTHORITY if paragraph in posts else Element.SIGNER)

    def _annexes(self) -> Iterator[Finding]:
        after = self.blocks[self.blocks.index(self.closing) + 1:] if self.closing is not None else []
        lines = [Paragraph(p, self.document._body) for p in after if p.tag == qn("w:p") and _text_of(p).strip()]
        heads = [n for n, p in enumerate(lines) if _text(p).casefold().startswith("phụ lục")]
        tables = [Table(block, self.document._body) for block in after if block.tag == qn("w:tbl")]
        for position, n in enumerate(heads, start=1):
            expected = form.annex_number(position, len(heads))
            if _text(lines[n]) != expected:
                yield _finding(LetterFlaw.ANNEX_NUMBER, lines[n], _text(lines[n]), expected)
            yield from _looks(lines[n], Element.ANNEX_NUMBER)
            yield from _annex_lines(lines[n + 1: n + 4])
        if tables and not heads:
            yield Finding(LetterFlaw.ANNEX_NUMBER, _PARTS["annex"], "–", form.annex_number(1, 1))
        text = " ".join(_text(p) for p in self._between(self.head, self.closing))
        if heads and "Phụ lục" not in text:
            yield Finding(LetterFlaw.ANNEX_NOT_NAMED, _PARTS["text"], "–", "Phụ lục")
        for table in tables:
            yield from _annex_table(table)


def _pages(document: Any) -> Iterator[Finding]:
    for section in document.sections:
        size = (round(section.page_width.mm), round(section.page_height.mm))
        if sorted(size) != [form.PAGE_WIDTH, form.PAGE_HEIGHT]:
            yield Finding(LetterFlaw.PAPER, "", f"{size[0]} x {size[1]} mm", "A4: 210 x 297 mm")
        for side, allowed in form.MARGINS.items():
            margin = getattr(section, f"{side}_margin").mm
            if not allowed.holds(margin):
                yield Finding(LetterFlaw.MARGIN, _SIDES[side], f"{margin:.0f} mm", _range(allowed, " mm"))
        yield from _page_number(section)


def _page_number(section: Any) -> Iterator[Finding]:
    numbers = [p for p in section.header.paragraphs if _has_page_field(p)]
    if not numbers:
        yield Finding(LetterFlaw.NO_PAGE_NUMBER, _PARTS["header"], "–", "PAGE")
    for paragraph in numbers:
        if look.layout(paragraph, "alignment") != WD_ALIGN_PARAGRAPH.CENTER:
            yield Finding(LetterFlaw.NO_PAGE_NUMBER, _PARTS["header"], "PAGE", "canh giữa")
        sizes = {look.size(paragraph, run) for run in paragraph.runs}
        for size in sizes:
            if not form.PAGE_NUMBER.holds(size, 0):
                yield Finding(LetterFlaw.SIZE, _PARTS["header"], f"{size:g}", "13-14")
    if not section.different_first_page_header_footer or any(
        map(_has_page_field, section.first_page_header.paragraphs)
    ):
        yield Finding(LetterFlaw.NUMBER_ON_FIRST_PAGE, _PARTS["header"], "1", "–")


def _has_page_field(paragraph: Any) -> bool:
    words = [node.text or "" for node in paragraph._p.iter(qn("w:instrText"))]
    words += [node.get(qn("w:instr")) or "" for node in paragraph._p.iter(qn("w:fldSimple"))]
    return any("PAGE" in instruction.split() for instruction in words)


def _every_run(document: Any) -> Iterator[Finding]:
    places = [(document.element.body, document._body)]
    places += [(section.header._element, section.header) for section in document.sections]
    for element, owner in places:
        for node in element.iter(qn("w:p")):
            paragraph = Paragraph(node, owner)
            if not _text(paragraph):
                continue
            if any(mark in _text(paragraph) for mark in ("{{", "}}", "{%", "%}")):
                yield _finding(LetterFlaw.LEFT_OVER, paragraph, _short(_text(paragraph)), "–")
            if look.is_numbered(paragraph):
                yield _finding(LetterFlaw.AUTOMATIC_LIST, paragraph, "Word", "- …")
            for run in _runs(paragraph):
                for font in look.fonts(paragraph, run) - {form.FONT}:
                    yield _finding(LetterFlaw.FONT, paragraph, font, form.FONT)
                if (colour := look.colour(paragraph, run)) != form.BLACK:
                    yield _finding(LetterFlaw.COLOUR, paragraph, colour, form.BLACK)


def _looks(paragraph: Any, element: Element) -> Iterator[Finding]:
    """Compare a paragraph's letters with what its part of the letter wants."""
    wanted = form.LOOKS[element]
    text = _text(paragraph)
    for run in _runs(paragraph):
        size = look.size(paragraph, run)
        if not wanted.size.holds(size, 0):
            yield _finding(LetterFlaw.SIZE, paragraph, f"{size:g}", _range(wanted.size))
        for flag, expected, flaw in (("bold", wanted.is_bold, LetterFlaw.WEIGHT),
                                     ("italic", wanted.is_italic, LetterFlaw.SLOPE)):
            if expected is not None and look.flag(paragraph, run, flag) is not expected:
                yield _finding(flaw, paragraph, *(("–", _FLAGS[flag]) if expected else (_FLAGS[flag], "–")))
    capitals = text.isupper() or all(look.flag(paragraph, run, "all_caps") for run in _runs(paragraph))
    if wanted.is_upper and not capitals:
        yield _finding(LetterFlaw.CAPITALS, paragraph, _short(text), _short(text.upper()))


def _laid_out(paragraph: Any) -> Iterator[Finding]:
    if look.layout(paragraph, "alignment") != WD_ALIGN_PARAGRAPH.JUSTIFY:
        yield _finding(LetterFlaw.NOT_JUSTIFIED, paragraph, "–", "canh đều")
    indent = look.millimetres(paragraph, "first_line_indent")
    if not form.FIRST_LINE_INDENT.holds(indent):
        yield _finding(LetterFlaw.INDENT, paragraph, f"{indent:.1f} mm", _range(form.FIRST_LINE_INDENT, " mm"))
    sizes = [look.size(paragraph, run) for run in _runs(paragraph)]
    spacing = look.line_spacing(paragraph, max(sizes, default=14))
    if not form.LINE_SPACING.holds(spacing, 0.02):
        yield _finding(LetterFlaw.LINE_SPACING, paragraph, f"{spacing:.2f}", _range(form.LINE_SPACING))
    gap = look.points(paragraph, "space_before") + look.points(paragraph, "space_after")
    if gap < form.PARAGRAPH_GAP:
        yield _finding(LetterFlaw.PARAGRAPH_GAP, paragraph, f"{gap:g} pt", "≥ 6 pt")


def _addressees(head: Any, listed: list[Any]) -> Iterator[Finding]:
    alone = _text(head).removeprefix(form.DEAR).strip()
    if bool(alone) == bool(listed) or len(listed) == 1:
        yield _finding(LetterFlaw.ADDRESSEE_LIST, head, _short(_text(head)), f"{form.DEAR} …")
    expected = form.closed_list([_text(p).removeprefix("- ").rstrip(";.") for p in listed])
    for paragraph, wanted in zip(listed, expected, strict=True):
        if _text(paragraph) != wanted:
            yield _finding(LetterFlaw.ADDRESSEE_LIST, paragraph, _text(paragraph), wanted)


def _annex_lines(lines: list[Any]) -> Iterator[Finding]:
    source = next((p for p in lines if _text(p).startswith("(Kèm theo")), None)
    if source is None or not form.ANNEX_SOURCE.match(_text(source)):
        found = _text(source) if source is not None else "–"
        yield Finding(LetterFlaw.ANNEX_SOURCE, _PARTS["annex"], found, "(Kèm theo Công văn số … ngày … của …)")
    if source is not None:
        yield from _looks(source, Element.ANNEX_SOURCE)
        lines = lines[: lines.index(source)]
    for paragraph in lines:
        yield from _looks(paragraph, Element.ANNEX_TITLE)


def _annex_table(table: Any) -> Iterator[Finding]:
    rows = list(table._tbl.iterchildren(qn("w:tr")))
    if rows and not _row_says(rows[0], "w:tblHeader"):
        yield Finding(LetterFlaw.TABLE_HEAD, _PARTS["annex"], "–", _short(_all_text(rows[0])))
    for row in rows:
        if not _row_says(row, "w:cantSplit"):
            yield Finding(LetterFlaw.ROW_SPLITS, _short(_all_text(row)), "–", "")
        for node in row.iter(qn("w:p")):
            yield from _looks(Paragraph(node, table._parent), Element.TABLE)


def _row_says(row: Any, name: str) -> bool:
    properties = row.find(qn("w:trPr"))
    found = properties.find(qn(name)) if properties is not None else None
    return found is not None and found.get(qn("w:val")) not in {"0", "false", "off"}


def _listed(paragraphs: list[Any], head: int) -> list[Any]:
    """Give the lines with dashes that follow a heading."""
    found = []
    for paragraph in paragraphs[head + 1:]:
        if not _text(paragraph).startswith("- "):
            break
        found.append(paragraph)
    return found


def _rules(table: Any) -> list[Any]:
    """Give what may be a rule: lower borders of paragraphs, drawn lines, underlined letters."""
    borders = [border for borders in table.iter(qn("w:pBdr")) for border in borders.iter(qn("w:bottom"))]
    return [*borders, *table.iter(qn("w:drawing"), qn("w:pict"), qn("w:u"))]


def _gap_above(paragraph: Any, found: list[Any]) -> float:
    position = next(n for n, other in enumerate(found) if other._p is paragraph._p)
    above = look.points(found[position - 1], "space_after") if position else 0.0
    return above + look.points(paragraph, "space_before")


def _first(paragraphs: list[Any], says: Callable[[str], bool]) -> Any:
    return next((paragraph for paragraph in paragraphs if says(_text(paragraph))), None)


def _runs(paragraph: Any) -> list[Any]:
    """Give the runs that show letters."""
    return [run for run in paragraph.runs if run.text.strip()]


def _text(paragraph: Any) -> str:
    return str(paragraph.text).replace("\n", " ").strip()


def _text_of(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def _all_text(element: Any) -> str:
    return " ".join(_text_of(node) for node in element.iter(qn("w:p")))


def _finding(key: LetterFlaw, paragraph: Any, found: str, expected: str) -> Finding:
    return Finding(key, _short(_text(paragraph)), found, expected)


def _short(words: str) -> str:
    return words if len(words) <= 50 else words[:49] + "…"


def _range(allowed: form.Range, unit: str = "") -> str:
    if allowed.least == allowed.most:
        return f"{allowed.least:g}{unit}"
    return f"{allowed.least:g}-{allowed.most:g}{unit}"
