"""The built-in form of the letter: a .docx made in code, with places for docxtpl to fill.

An administrator downloads it as the starting point of an agency's own form, so it is an ordinary document that any
office program opens. Sizes and lengths are those of `rules/letter_form.py`.
"""
from __future__ import annotations

import unicodedata
from functools import cache
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tracker.rules import letter_form as form

#: Where the page's text stands: left and top as wide as usual, right as narrow as allowed, for the two-column head.
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
HEAD_COLUMNS = (66, 99)
CLOSING_COLUMNS = (80, 85)
ANNEX_COLUMNS = (12, 57, 27, 24, 15, 30)
ANNEX_HEADS = ("STT", "Nội dung nhiệm vụ", "Văn bản giao", "Thời hạn", "Quá hạn (ngày)", "{{ chased_head }}")
#: The paragraph under the agency's name; its length is fitted to the name when a letter is made.
RULE_STYLE = "Công văn - Kẻ dưới cơ quan"
_MOTTO_LENGTH = 60
_CENTRE, _LEFT, _BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY

#: Style name -> size, bold, italic, alignment, space before, space after (points).
_STYLES: dict[str, tuple[float, bool, bool, Any, float, float]] = {
    "Công văn - Cơ quan chủ quản": (13, False, False, _CENTRE, 0, 0),
    "Công văn - Cơ quan ban hành": (13, True, False, _CENTRE, 0, 0),
    RULE_STYLE: (2, False, False, _CENTRE, 0, 6),
    "Công văn - Quốc hiệu": (13, True, False, _CENTRE, 0, 0),
    "Công văn - Tiêu ngữ": (14, True, False, _CENTRE, 0, 0),
    "Công văn - Kẻ dưới tiêu ngữ": (2, False, False, _CENTRE, 0, 6),
    "Công văn - Số, ký hiệu": (13, False, False, _CENTRE, 0, 0),
    "Công văn - Trích yếu": (12, False, False, _CENTRE, form.SUBJECT_GAP, 0),
    "Công văn - Địa danh, thời gian": (14, False, True, _CENTRE, 0, 0),
    "Công văn - Kính gửi": (14, False, False, _CENTRE, 18, 12),
    "Công văn - Kính gửi nhiều nơi": (14, False, False, _LEFT, 18, 0),
    "Công văn - Nơi gửi": (14, False, False, _LEFT, 0, 0),
    "Công văn - Nội dung": (14, False, False, _BOTH, form.PARAGRAPH_GAP, 0),
    "Công văn - Quyền hạn, chức vụ": (14, True, False, _CENTRE, 0, 0),
    "Công văn - Chỗ ký": (14, False, False, _CENTRE, 0, 0),
    "Công văn - Người ký": (14, True, False, _CENTRE, 0, 0),
    "Công văn - Nơi nhận": (12, True, True, _LEFT, 0, 0),
    "Công văn - Danh sách nơi nhận": (11, False, False, _LEFT, 0, 0),
    "Công văn - Phụ lục": (14, True, False, _CENTRE, 0, 0),
    "Công văn - Tên phụ lục": (14, True, False, _CENTRE, 0, 0),
    "Công văn - Kèm theo": (13, False, True, _CENTRE, 0, 12),
    "Công văn - Đầu bảng": (11, True, False, _CENTRE, 2, 2),
    "Công văn - Nhóm trong bảng": (11, True, False, _LEFT, 2, 2),
    "Công văn - Ô chữ": (11, False, False, _LEFT, 2, 2),
    "Công văn - Ô số": (11, False, False, _CENTRE, 2, 2),
    "Công văn - Số trang": (14, False, False, _CENTRE, 0, 0),
}
#: Widths of bold Times capitals in thousandths of the size, for the rule under the agency's name.
_WIDTHS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ ", (
    722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778, 611, 778, 722, 556, 667, 722, 722, 1000,
    722, 722, 667, 250), strict=True))  # fmt: skip


@cache
def built_in() -> bytes:
    """Make the built-in form."""
    document = Document()
    _clear_defaults(document)
    for name, look in _STYLES.items():
        _style(document, name, *look)
    _page(document.sections[0])
    _head(document)
    _addressees(document)
    _paragraphs(document, "Công văn - Nội dung", "{%p for paragraph in paragraphs %}", "{{ paragraph }}",
                "{%p endfor %}")
    _closing(document)
    _annex(document)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def heading_lines(name: str) -> list[str]:
    """Break an agency's name that is wider than its column where both lines are about as long."""
    words = name.split()
    if _width(name) <= HEAD_COLUMNS[0] or len(words) < 2:
        return [name]
    halves = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return list(min(halves, key=lambda pair: max(map(_width, pair))))


def rule_indent(name: str) -> float:
    """Give the indent (mm) that makes a rule two fifths as long as the line of bold capitals above it."""
    width = min(_width(heading_lines(name)[-1]), HEAD_COLUMNS[0])
    return (HEAD_COLUMNS[0] - 0.4 * width) / 2


def _width(name: str) -> float:
    """Estimate how wide (mm) a name stands in the head."""
    letters = unicodedata.normalize("NFD", name.upper()).replace("Đ", "D")
    size = form.LOOKS[form.Element.AGENCY].size.most
    return sum(_WIDTHS.get(letter, 0) for letter in letters) / 1000 * size * 25.4 / 72


def _clear_defaults(document: Any) -> None:
    """Take the library's own fonts, colours and file facts out of the empty document."""
    normal = document.styles["Normal"]
    _letters(normal, 14, is_bold=False, is_italic=False)
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(defaults):
        defaults.remove(child)
    defaults.append(_fonts())
    language = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), "vi-VN")
    defaults.append(language)
    facts = document.core_properties
    facts.author = facts.title = facts.comments = facts.subject = facts.keywords = ""
    facts.language = "vi-VN"


def _fonts() -> Any:
    fonts = OxmlElement("w:rFonts")
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), form.FONT)
    return fonts


def _letters(style: Any, size: float, *, is_bold: bool, is_italic: bool) -> None:
    style.font.size = Pt(size)
    style.font.bold, style.font.italic = is_bold, is_italic
    style.font.color.rgb = RGBColor.from_string(form.BLACK)
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, _fonts())


def _style(document: Any, name: str, size: float, is_bold: bool, is_italic: bool, alignment: Any, before: float,
           after: float) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    _letters(style, size, is_bold=is_bold, is_italic=is_italic)
    layout = style.paragraph_format
    layout.alignment = alignment
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
    layout.widow_control = True
    if name == "Công văn - Nội dung":
        layout.first_line_indent = Mm(form.FIRST_LINE_INDENT.most)
        layout.line_spacing = 1.15
    elif name == "Công văn - Kính gửi nhiều nơi":
        layout.left_indent = Mm(32)
    elif name == "Công văn - Nơi gửi":
        # The dashes stand under the colon of "Kính gửi:", what wraps under the name.
        layout.left_indent, layout.first_line_indent = Mm(52.5), Mm(-3)
    elif name in {"Công văn - Quyền hạn, chức vụ", "Công văn - Nhóm trong bảng"}:
        layout.keep_with_next = True


def _page(section: Any) -> None:
    section.page_width, section.page_height = Mm(form.PAGE_WIDTH), Mm(form.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    number = section.header.paragraphs[0]
    number.style = "Công văn - Số trang"
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = number.add_run()
        if text:
            words = OxmlElement("w:instrText")
            words.text = text
            run._r.append(words)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
    section.first_page_header.is_linked_to_previous = False


def _table(document: Any, columns: tuple[float, ...], rows: int, *, has_lines: bool) -> Any:
    table = document.add_table(rows=rows, cols=len(columns))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    if has_lines:
        table.style = "Table Grid"
    for row in table.rows:
        for cell, width in zip(row.cells, columns, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, columns, strict=True):
        column.width = Mm(width)
    if not has_lines:
        _no_cell_margins(table)
    return table


def _no_cell_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is None:
        properties.append(margins)
    else:
        look.addprevious(margins)


def _paragraphs(place: Any, style: str, *texts: str) -> None:
    for text in texts:
        place.add_paragraph(text, style=style)


def _fill(cell: Any, *lines: tuple[str, str]) -> None:
    """Write lines (style, text) into a cell, in place of its empty paragraph."""
    first, *others = lines
    cell.paragraphs[0].style = first[0]
    cell.paragraphs[0].add_run(first[1])
    for style, text in others:
        cell.add_paragraph(text, style=style)


def _underline(paragraph: Any, indent: float) -> None:
    """Draw a rule: the lower border of an almost empty paragraph, indented on both sides."""
    border = OxmlElement("w:bottom")
    for name, value in (("w:val", "single"), ("w:sz", "6"), ("w:space", "0"), ("w:color", form.BLACK)):
        border.set(qn(name), value)
    borders = OxmlElement("w:pBdr")
    borders.append(border)
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm(indent)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _head(document: Any) -> None:
    table = _table(document, HEAD_COLUMNS, 2, has_lines=False)
    left, right = table.rows[0].cells
    _fill(left, ("Công văn - Cơ quan chủ quản", "{%p if parent %}"), ("Công văn - Cơ quan chủ quản", "{{ parent }}"),
          ("Công văn - Cơ quan chủ quản", "{%p endif %}"), ("Công văn - Cơ quan ban hành", "{{ issuer_heading }}"),
          (RULE_STYLE, ""))
    _fill(right, ("Công văn - Quốc hiệu", form.NATION), ("Công văn - Tiêu ngữ", form.MOTTO),
          ("Công văn - Kẻ dưới tiêu ngữ", ""))
    _underline(left.paragraphs[-1], 20)
    _underline(right.paragraphs[-1], (HEAD_COLUMNS[1] - _MOTTO_LENGTH) / 2)
    left, right = table.rows[1].cells
    _fill(left, ("Công văn - Số, ký hiệu", "{{ number_line }}"), ("Công văn - Trích yếu", "V/v {{ subject }}"))
    _fill(right, ("Công văn - Địa danh, thời gian", "{{ place_and_date }}"))


def _addressees(document: Any) -> None:
    one, many, each = "Công văn - Kính gửi", "Công văn - Kính gửi nhiều nơi", "Công văn - Nơi gửi"
    for style, text in (
        (one, "{%p if addressee %}"), (one, form.DEAR + " {{ addressee }}"), (one, "{%p else %}"), (many, form.DEAR),
        (each, "{%p for line in addressees %}"), (each, "{{ line }}"), (each, "{%p endfor %}"), (each, ""),
        (one, "{%p endif %}"),
    ):  # fmt: skip
        document.add_paragraph(text, style=style)


def _closing(document: Any) -> None:
    document.add_paragraph(style="Công văn - Danh sách nơi nhận")  # air between the text and the signature
    table = _table(document, CLOSING_COLUMNS, 1, has_lines=False)
    _whole_rows(table)
    left, right = table.rows[0].cells
    listed, authority = "Công văn - Danh sách nơi nhận", "Công văn - Quyền hạn, chức vụ"
    _fill(left, ("Công văn - Nơi nhận", form.RECIPIENTS_HEAD), (listed, "{%p for line in recipients %}"),
          (listed, "{{ line }}"), (listed, "{%p endfor %}"))
    _fill(right, (authority, "{%p for line in authority %}"), (authority, "{{ line }}"), (authority, "{%p endfor %}"),
          *(("Công văn - Chỗ ký", "") for _line in range(4)), ("Công văn - Người ký", "{{ signer }}"))


def _annex(document: Any) -> None:
    _restart_numbers(document.add_section(WD_SECTION.NEW_PAGE))
    for style, text in (("Công văn - Phụ lục", "{{ annex_number }}"), ("Công văn - Tên phụ lục", "{{ annex_title }}"),
                        ("Công văn - Kèm theo", "{{ annex_source }}")):
        document.add_paragraph(text, style=style)
    table = _table(document, ANNEX_COLUMNS, 9, has_lines=True)
    rows = table.rows
    for cell, words in zip(rows[0].cells, ANNEX_HEADS, strict=True):
        _fill(cell, ("Công văn - Đầu bảng", words))
    head = OxmlElement("w:tblHeader")
    rows[0]._tr.get_or_add_trPr().append(head)
    text, number = "Công văn - Ô chữ", "Công văn - Ô số"
    # Only a letter to several agencies says in its table whose the rows are.
    for position, tag in ((1, "for group in groups"), (2, "if group.name"), (4, "endif"), (5, "for row in group.rows"),
                          (7, "endfor"), (8, "endfor")):
        _fill(rows[position].cells[0], (text, f"{{%tr {tag} %}}"))
    _fill(rows[3].cells[0].merge(rows[3].cells[-1]), ("Công văn - Nhóm trong bảng", "{{ group.name }}"))
    for cell, (style, words) in zip(rows[6].cells, (
        (number, "{{ row.number }}"), (text, "{{ row.text }}"), (text, "{{ row.document }}"),
        (number, "{{ row.due }}"), (number, "{{ row.days_late }}"), (text, "{{ row.chased }}"),
    ), strict=True):  # fmt: skip
        _fill(cell, (style, words))
    _whole_rows(table)


def _whole_rows(table: Any) -> None:
    """Keep each row on one page."""
    for row in table.rows:
        row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))


def _restart_numbers(section: Any) -> None:
    """Count an annex's pages from 1 again; its first page shows no number either."""
    section.different_first_page_header_footer = True
    numbers = OxmlElement("w:pgNumType")
    numbers.set(qn("w:start"), "1")
    properties = section._sectPr
    for later in ("w:cols", "w:titlePg", "w:docGrid"):
        if (found := properties.find(qn(later))) is not None:
            found.addprevious(numbers)
            return
    properties.append(numbers)
