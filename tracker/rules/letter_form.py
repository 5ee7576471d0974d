"""The form of an official letter (công văn): its numbers and fixed words as data, each with where it stands.

Source of everything here: Nghị định 30/2020/NĐ-CP, Phụ lục I (thể thức, kỹ thuật trình bày văn bản hành chính).
Lengths are millimetres, letter sizes are points.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True)
class Range:
    """What a number may be, both ends included."""

    least: float
    most: float

    def holds(self, value: float, slack: float = 0.3) -> bool:
        """Tell whether a number is allowed; office programs round lengths, so a little beyond is too."""
        return self.least - slack <= value <= self.most + slack


#: Phần I, mục 1: khổ giấy A4.
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
#: Phần I, mục 3: lề trên, lề dưới 20-25 mm; lề trái 30-35 mm; lề phải 15-20 mm.
MARGINS = {"top": Range(20, 25), "bottom": Range(20, 25), "left": Range(30, 35), "right": Range(15, 20)}
#: Phần I, mục 4: Times New Roman, bộ mã Unicode (TCVN 6909:2001), màu đen.
FONT = "Times New Roman"
BLACK = "000000"
#: Phần I, mục 7: số trang cỡ 13-14, chữ đứng, canh giữa trong lề trên, không hiển thị ở trang thứ nhất.
PAGE_NUMBER = Range(13, 14)


class Element(StrEnum):
    """A part of the letter that has a size and a weight of its own."""

    PARENT = "parent"
    AGENCY = "agency"
    NATION = "nation"
    MOTTO = "motto"
    NUMBER = "number"
    PLACE_AND_DATE = "place_and_date"
    SUBJECT = "subject"
    ADDRESSEES = "addressees"
    BODY = "body"
    AUTHORITY = "authority"
    SIGNER = "signer"
    RECIPIENTS_HEAD = "recipients_head"
    RECIPIENTS = "recipients"
    ANNEX_NUMBER = "annex_number"
    ANNEX_TITLE = "annex_title"
    ANNEX_SOURCE = "annex_source"
    TABLE = "table"


@dataclass(frozen=True)
class Look:
    """How the letters of an element look: size, weight, slope, case; None where either is right."""

    size: Range
    is_bold: bool | None = False
    is_italic: bool | None = False
    is_upper: bool = False


#: Phần II (thành phần chính), phần III (phụ lục); the table's sizes are custom, not law.
LOOKS: dict[Element, Look] = {
    Element.PARENT: Look(Range(12, 13), is_upper=True),
    Element.AGENCY: Look(Range(12, 13), is_bold=True, is_upper=True),
    Element.NATION: Look(Range(12, 13), is_bold=True, is_upper=True),
    Element.MOTTO: Look(Range(13, 14), is_bold=True),
    Element.NUMBER: Look(Range(13, 13)),
    Element.PLACE_AND_DATE: Look(Range(13, 14), is_italic=True),
    Element.SUBJECT: Look(Range(12, 13)),
    Element.ADDRESSEES: Look(Range(13, 14)),
    Element.BODY: Look(Range(13, 14)),
    Element.AUTHORITY: Look(Range(13, 14), is_bold=True, is_upper=True),
    Element.SIGNER: Look(Range(13, 14), is_bold=True),
    Element.RECIPIENTS_HEAD: Look(Range(12, 12), is_bold=True, is_italic=True),
    Element.RECIPIENTS: Look(Range(11, 11)),
    Element.ANNEX_NUMBER: Look(Range(14, 14), is_bold=True),
    Element.ANNEX_TITLE: Look(Range(13, 14), is_bold=True, is_upper=True),
    Element.ANNEX_SOURCE: Look(Range(13, 14), is_italic=True),
    Element.TABLE: Look(Range(10, 12), is_bold=None, is_italic=None),
}

#: Phần II, mục 1.
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
#: Phần II, mục 2: đường kẻ dưới tên cơ quan bằng 1/3-1/2 dòng chữ.
RULE_SHARE = Range(1 / 3, 1 / 2)
#: Phần II, mục 5: "V/v" cách dòng số, ký hiệu 6 pt.
SUBJECT_GAP = 6.0
#: Phần II, mục 6: lùi đầu dòng 1 cm hoặc 1,27 cm; giữa các đoạn ít nhất 6 pt; dòng đơn đến 1,5 dòng.
FIRST_LINE_INDENT = Range(10, 12.7)
PARAGRAPH_GAP = 6.0
LINE_SPACING = Range(1.0, 1.5)
#: Phần II, mục 9.
DEAR = "Kính gửi:"
RECIPIENTS_HEAD = "Nơi nhận:"
FIRST_RECIPIENT = "- Như trên;"
#: The end of a letter's text.
END_MARK = "./."

#: The registry writes number and day by hand; this much room is left for each.
NUMBER_ROOM = " " * 8
DAY_ROOM = " " * 6

#: "Số:        /CAT-PC04": nothing between the colon and the stroke.
BLANK_NUMBER = re.compile(r"^Số:\s{3,}/[0-9A-ZĐ&]+(?:-[0-9A-ZĐ&]+)*$")
BLANK_DATE = re.compile(r"^\S.*, ngày\s{3,}tháng (?:0[12]|[3-9]|1[0-2]) năm \d{4}$")
LAST_RECIPIENT = re.compile(r"^- Lưu: VT(?:, \S.*)?\.$")
ANNEX_NUMBER = re.compile(r"^Phụ lục(?: ([IVXLC]+))?$")
ANNEX_SOURCE = re.compile(r"^\(Kèm theo Công văn số\s{3,}/\S+ ngày\s{3,}tháng .+ của .+\)$")
#: As the registry gives it: a number, a stroke, the symbol.
ISSUED_NUMBER = re.compile(r"^\d{1,6}[A-ZĐa-zđ]?/[0-9A-ZĐa-zđ&.]+(?:[-/][0-9A-ZĐa-zđ&.]+)*$")
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def number_line(symbol: str) -> str:
    """Give the line of number and symbol, its number left for the registry."""
    return f"Số:{NUMBER_ROOM}/{symbol}"


def symbol_of(abbreviation: str, unit: str) -> str:
    """Put a letter's symbol together; a công văn names no type of document, only who issues and who drafted."""
    return "-".join(part for part in (abbreviation, unit) if part)


def month_words(month: int) -> str:
    """Write a month: 1 and 2 with a leading zero, the others without."""
    return f"{month:02d}" if month <= 2 else str(month)


def blank_date(month: date) -> str:
    """Write a date of which the registry fills in the day."""
    return f"ngày{DAY_ROOM}tháng {month_words(month.month)} năm {month.year}"


def full_date(day: date) -> str:
    """Write a date in full: days under 10 and the months 1 and 2 with a leading zero."""
    return f"ngày {day.day:02d} tháng {month_words(day.month)} năm {day.year}"


def count_words(number: int) -> str:
    """Write a count; under 10 with a leading zero, as offices do so that nobody adds a digit."""
    return f"{number:02d}"


def roman(number: int) -> str:
    """Write a number from 1 on in Roman numerals."""
    written = ""
    for value, letters in _ROMAN:
        while number >= value:
            written += letters
            number -= value
    return written


def annex_number(position: int, of: int) -> str:
    """Name an annex: numbered in Roman numerals when there are two or more, else not at all."""
    return f"Phụ lục {roman(position)}" if of > 1 else "Phụ lục"


def closed_list(lines: list[str]) -> list[str]:
    """Write a list as the form has it: typed dashes, semicolons, a full stop at the last."""
    return [f"- {line}{'.' if position == len(lines) else ';'}" for position, line in enumerate(lines, start=1)]


class LetterFlaw(StrEnum):
    """What a checked letter may have against the form."""

    UNREADABLE = "unreadable"
    PAPER = "paper"
    MARGIN = "margin"
    FONT = "font"
    COLOUR = "colour"
    SIZE = "size"
    WEIGHT = "weight"
    SLOPE = "slope"
    CAPITALS = "capitals"
    NO_NATION = "no_nation"
    NO_MOTTO = "no_motto"
    NO_RULE = "no_rule"
    NO_AGENCY = "no_agency"
    NUMBER_LINE = "number_line"
    DATE_LINE = "date_line"
    NO_SUBJECT = "no_subject"
    SUBJECT_GAP = "subject_gap"
    NO_ADDRESSEES = "no_addressees"
    ADDRESSEE_LIST = "addressee_list"
    NOT_JUSTIFIED = "not_justified"
    INDENT = "indent"
    LINE_SPACING = "line_spacing"
    PARAGRAPH_GAP = "paragraph_gap"
    NO_END_MARK = "no_end_mark"
    NO_AUTHORITY = "no_authority"
    NO_RECIPIENTS = "no_recipients"
    FIRST_RECIPIENT = "first_recipient"
    LAST_RECIPIENT = "last_recipient"
    NO_PAGE_NUMBER = "no_page_number"
    NUMBER_ON_FIRST_PAGE = "number_on_first_page"
    ANNEX_NUMBER = "annex_number"
    ANNEX_SOURCE = "annex_source"
    ANNEX_NOT_NAMED = "annex_not_named"
    TABLE_HEAD = "table_head"
    ROW_SPLITS = "row_splits"
    LEFT_OVER = "left_over"
    AUTOMATIC_LIST = "automatic_list"
