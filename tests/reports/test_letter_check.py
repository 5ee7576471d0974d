"""The check of a letter's form: silent on every letter we make, and loud on each thing that can be wrong."""
from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tests.reports.letter_cases import KINDS
from tracker.reports.letter_check import check
from tracker.reports.letter_sample import samples
from tracker.reports.letters import make
from tracker.rules.letter_form import LetterFlaw as Flaw


@pytest.mark.parametrize("kind", KINDS)
def test_no_letter_we_make_has_anything_against_the_form(kind: str) -> None:
    assert check(make(KINDS[kind])) == []


def test_no_sample_has_anything_against_the_form() -> None:
    assert [finding for filled in samples() for finding in check(make(filled))] == []


def _says(document: Any, words: str) -> Any:
    """Find a paragraph anywhere in a document."""
    from docx.text.paragraph import Paragraph

    for node in document.element.body.iter(qn("w:p")):
        paragraph = Paragraph(node, document._body)
        if words in paragraph.text:
            return paragraph
    raise AssertionError(words)


def _reword(words: str, other: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        paragraph = _says(document, words)
        paragraph.runs[0].text = paragraph.text.replace(words, other)
        for run in paragraph.runs[1:]:
            run.text = ""

    return change


def _drop(words: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        node = _says(document, words)._p
        node.getparent().remove(node)

    return change


def _run(words: str, **looks: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for run in _says(document, words).runs:
            for name, value in looks.items():
                setattr(run.font, name, value)

    return change


def _layout(words: str, **layout: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for name, value in layout.items():
            setattr(_says(document, words).paragraph_format, name, value)

    return change


def _section(**values: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for name, value in values.items():
            setattr(document.sections[0], name, value)

    return change


def _without(name: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for node in list(document.element.body.iter(qn(name))):
            node.getparent().remove(node)

    return change


def _default_font(document: Any) -> None:
    """Take every font away, so that only the document's defaults speak, and let them name another."""
    for fonts in list(document.styles.element.iter(qn("w:rFonts"))):
        for name in ("w:ascii", "w:hAnsi"):
            fonts.attrib.pop(qn(name), None)
    fonts = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))[0]
    fonts.set(qn("w:asciiTheme"), "minorHAnsi")
    fonts.set(qn("w:hAnsiTheme"), "minorHAnsi")


def _red(document: Any) -> None:
    _says(document, "Tính đến").runs[0].font.color.rgb = RGBColor(255, 0, 0)


def _number_annex(document: Any) -> None:
    annex = next(paragraph for paragraph in document.paragraphs if paragraph.text == "Phụ lục")
    annex.runs[0].text = "Phụ lục I"


def _bullet(document: Any) -> None:
    numbers = OxmlElement("w:numPr")
    which = OxmlElement("w:numId")
    which.set(qn("w:val"), "1")
    numbers.append(which)
    _says(document, "Tính đến")._p.get_or_add_pPr().append(numbers)


def _style_bullet(document: Any) -> None:
    _says(document, "Tính đến").style = document.styles["List Bullet"]


def _page_number_left(document: Any) -> None:
    document.sections[0].header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT


def _page_number_small(document: Any) -> None:
    for run in document.sections[0].header.paragraphs[0].runs:
        run.font.size = Pt(10)


def _no_page_number(document: Any) -> None:
    header = document.sections[0].header._element
    for paragraph in list(header):
        header.remove(paragraph)
    header.append(OxmlElement("w:p"))


BROKEN: list[tuple[str, Flaw, Callable[[Any], None]]] = [
    ("letter paper", Flaw.PAPER, _section(page_width=Mm(216), page_height=Mm(279))),
    ("a narrow left margin", Flaw.MARGIN, _section(left_margin=Mm(25.4))),
    ("a wide right margin", Flaw.MARGIN, _section(right_margin=Mm(25.4))),
    ("a narrow upper margin", Flaw.MARGIN, _section(top_margin=Mm(15))),
    ("a wide lower margin", Flaw.MARGIN, _section(bottom_margin=Mm(30))),
    ("another font in one run", Flaw.FONT, _run("Tính đến", name="Arial")),
    ("another font by the document's defaults", Flaw.FONT, _default_font),
    ("red letters", Flaw.COLOUR, _red),
    ("small text", Flaw.SIZE, _run("Tính đến", size=Pt(12))),
    ("a large motto", Flaw.SIZE, _run("Độc lập", size=Pt(15))),
    ("a motto that is not bold", Flaw.WEIGHT, _run("Độc lập", bold=False)),
    ("a bold subject", Flaw.WEIGHT, _run("V/v", bold=True)),
    ("an upright date", Flaw.SLOPE, _run("Hà Dương, ngày", italic=False)),
    ("an agency in small letters", Flaw.CAPITALS, _reword("CÔNG AN TỈNH", "Công an tỉnh")),
    ("another nation", Flaw.NO_NATION, _reword("CỘNG HÒA", "CỘNG HOÀ")),
    ("a motto with long dashes", Flaw.NO_MOTTO, _reword("Độc lập - Tự do", "Độc lập – Tự do")),
    ("no rules", Flaw.NO_RULE, _without("w:pBdr")),
    ("a number made up", Flaw.NUMBER_LINE, _reword("Số:        /", "Số: 152/")),
    ("no number line", Flaw.NUMBER_LINE, _drop("Số:  ")),
    ("a type in the symbol's place", Flaw.NUMBER_LINE, _reword("/CAT-PC04", "/CAT - PC04")),
    ("a day made up", Flaw.DATE_LINE, _reword("ngày      tháng", "ngày 23 tháng")),
    ("a month with a zero it should not have", Flaw.DATE_LINE, _reword("tháng 9 năm", "tháng 09 năm")),
    ("no subject", Flaw.NO_SUBJECT, _drop("V/v")),
    ("a subject close under the number", Flaw.SUBJECT_GAP, _layout("V/v", space_before=Pt(0))),
    ("nobody addressed", Flaw.NO_ADDRESSEES, _drop("Kính gửi")),
    ("an empty address", Flaw.ADDRESSEE_LIST, _reword("Kính gửi: Sở Y tế", "Kính gửi:")),
    ("ragged text", Flaw.NOT_JUSTIFIED, _layout("Tính đến", alignment=WD_ALIGN_PARAGRAPH.LEFT)),
    ("text without indent", Flaw.INDENT, _layout("Tính đến", first_line_indent=Mm(0))),
    ("double spacing", Flaw.LINE_SPACING, _layout("Tính đến", line_spacing=2.0)),
    ("squeezed lines", Flaw.LINE_SPACING, _layout("Tính đến", line_spacing=Pt(12))),
    ("paragraphs without air", Flaw.PARAGRAPH_GAP, _layout("Tính đến", space_before=Pt(2))),
    ("no mark of the end", Flaw.NO_END_MARK, _reword("./.", ".")),
    ("no post under the letter", Flaw.NO_AUTHORITY, lambda document: [
        _drop("KT. GIÁM ĐỐC")(document), _drop("PHÓ GIÁM ĐỐC")(document)]),
    ("no list of recipients", Flaw.NO_RECIPIENTS, _drop("Nơi nhận:")),
    ("a list that does not begin as it should", Flaw.FIRST_RECIPIENT, _reword("- Như trên;", "- Như kính gửi;")),
    ("a list that does not end as it should", Flaw.LAST_RECIPIENT, _reword("- Lưu: VT, PC04.", "- Lưu: VT, PC04;")),
    ("no page number", Flaw.NO_PAGE_NUMBER, _no_page_number),
    ("a page number at the left", Flaw.NO_PAGE_NUMBER, _page_number_left),
    ("a small page number", Flaw.SIZE, _page_number_small),
    ("a number on the first page", Flaw.NUMBER_ON_FIRST_PAGE, _section(different_first_page_header_footer=False)),
    ("one annex with a number", Flaw.ANNEX_NUMBER, _number_annex),
    ("an annex of nothing", Flaw.ANNEX_SOURCE, _drop("(Kèm theo")),
    ("an annex with a date made up", Flaw.ANNEX_SOURCE, _reword("ngày      tháng 9 năm 2026 của", "ngày 2/9/2026 của")),
    ("an annex nobody speaks of", Flaw.ANNEX_NOT_NAMED, _reword(" (chi tiết tại Phụ lục kèm theo)", "")),
    ("a table whose head is not repeated", Flaw.TABLE_HEAD, _without("w:tblHeader")),
    ("rows that split", Flaw.ROW_SPLITS, _without("w:cantSplit")),
    ("large letters in the table", Flaw.SIZE, _run("Rà soát, thống kê", size=Pt(14))),
    ("a place not filled", Flaw.LEFT_OVER, _reword("Tính đến", "{{ until }}")),
    ("Word's own bullet", Flaw.AUTOMATIC_LIST, _bullet),
    ("Word's own bullet by a style", Flaw.AUTOMATIC_LIST, _style_bullet),
]


@pytest.mark.parametrize(("flaw", "break_it"), [pytest.param(flaw, change, id=name) for name, flaw, change in BROKEN])
def test_each_thing_against_the_form_is_found(flaw: Flaw, break_it: Callable[[Any], None]) -> None:
    document = Document(BytesIO(make(KINDS["to one"])))
    break_it(document)
    stream = BytesIO()
    document.save(stream)

    found = check(stream.getvalue())

    assert flaw in {finding.key for finding in found}


def test_a_list_of_addressees_must_end_as_the_form_says() -> None:
    document = Document(BytesIO(make(KINDS["to several"])))
    _reword("- Sở Nội vụ.", "- Sở Nội vụ;")(document)
    stream = BytesIO()
    document.save(stream)

    assert [finding.key for finding in check(stream.getvalue())] == [Flaw.ADDRESSEE_LIST]


def test_a_missing_agency_and_an_unreadable_file_are_told() -> None:
    document = Document(BytesIO(make(KINDS["unsigned, nobody above"])))
    _drop("CÔNG AN TỈNH")(document)
    stream = BytesIO()
    document.save(stream)

    assert Flaw.NO_AGENCY in {finding.key for finding in check(stream.getvalue())}
    assert [finding.key for finding in check(b"no document")] == [Flaw.UNREADABLE]


def test_every_flaw_there_is_has_a_document_that_shows_it() -> None:
    shown = {flaw for _name, flaw, _change in BROKEN} | {Flaw.NO_AGENCY, Flaw.UNREADABLE}

    assert shown == set(Flaw)
