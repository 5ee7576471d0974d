"""Lines that a crawl or a page broke inside a sentence are put together again.

Law sites keep the line ends of the page's source (a line end after some 70 letters, and one wherever a tag stood), so a
sentence goes on in the next line, often before a name with a capital or before a number. Where a paragraph ends is told
by its closing mark, by the mark of what follows, and by whether lines of this text are broken at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.extraction.bodies import ACT
from tracker.extraction.cleaning import Clean, Edit
from tracker.extraction.headings import read_body_heading, zone_of
from tracker.extraction.letters import LOWER, UPPER
from tracker.extraction.lines import Line
from tracker.extraction.marks import Level, Mark, read_mark

#: The number of a page, alone on its line.
PAGE_NUMBER = re.compile(r"(?:[-–] ?\d{1,3} ?[-–]|(?:(?i:trang|page) )?\d{1,3}(?: ?/ ?\d{1,3})?)$")
#: A mark that stands alone on its line, before the words that it marks.
_MARK_ALONE = re.compile(r"(?:(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,2}|[a-zđ])[.)/]|[-–+*•●▪])$")
_WORDS = re.compile(rf"[{UPPER}“\"(]|\d{{1,3}}\s?%|[{LOWER}]{{2}}")
#: How a paragraph ends: a closing mark, perhaps with a footnote's number or a closing bracket behind it.
ENDS = re.compile(r"[.;:!?…/](?:\[\d+\])?[”\"')]*$")
#: Words after which a sentence goes on, whatever the next line begins with.
_UNFINISHED = re.compile(
    r"(?:\b(?:ngày|tháng|năm|và|đến|từ|số|của|với|trước|các|cho|tại|do|theo|về|là|trên|trong|để|hoặc|bằng|cùng|qua|như"
    r"|khoản|điểm|điều|mục|giai đoạn|nhằm|được|thuộc|giữa|vào|những|một|đối|lần|thứ|quý|Sở|Điều|Quý|Giao|Bộ|Bộ đội|Ủy"
    r"|Ủy ban|Mặt trận|Liên đoàn|Chi cục|Cục|Hội|Viện)|[,(–-])$"
)
#: Words that point to a place in a document, so that a number after them is no mark of a list.
_POINTS = re.compile(r"\b(?:[Kk]hoản|[Đđ]iểm|[Đđ]iều|[Mm]ục|Phần)$")
#: What looks like a bullet and is the dash inside "2021 - 2025" or "kinh tế - xã hội".
_INNER_DASH = re.compile(rf"[-–] ?(?:\d{{4}}\b|[{LOWER}])")
#: A label whose value stands in the next line.
_LABEL = re.compile(r"(?i:chủ trì|phối hợp|thực hiện|hoàn thành|thời gian|thời hạn|sản phẩm|đầu mối|tham mưu)\s*:$")
#: Openings of paragraphs that close a document.
_CLOSES = re.compile(r"(?:Trên đây là|Trong quá trình|Quá trình|Yêu cầu|Đề nghị|Nhận được)\b")
_FIRST = re.compile(rf"[{LOWER}]")
_NUMBER_OF = re.compile(r"(?i:số)\s*:$")
_TITLE_WORDS = re.compile(r"(?:QUYẾT|CHỈ|KẾ|CHƯƠNG|CÔNG)$")
_FURNITURE = re.compile(r"[|_\-–—*=. ]+$")
#: A table given cell by cell: its lines are cells, not sentences that were broken.
_FIRST_HEAD = re.compile(r"[| ]*(?:STT|TT|Stt|Tt|Số TT|SỐ TT)\.?[| ]*$")
#: Lines that go on nothing: recipients, signatures, annexes, parts.
_APART = re.compile(r"(?:Nơi nhận|TM\.|KT\.|PHỤ LỤC|Phụ lục|[IVX]+\. [A-ZĐ])")
#: A cell that goes on in a second line was at least this long.
_CELL = 30
#: Share of lines that begin inside a sentence from which a text counts as broken.
_BROKEN_SHARE = 0.1
#: A text whose lines are all short was wrapped by hand.
_WRAPPED_AT = 130
#: A heading is no longer than this.
_HEADING = 200


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the lines of a text were broken."""

    broken: bool
    #: From this length on a line may have been full.
    full: int
    #: A line with the first word of the next one is longer than this when it was surely full.
    width: int

    def is_full(self, line: str, following: str) -> bool:
        """Tell a line that had no room for the first word of the next one."""
        return len(line) + 1 + len(following.partition(" ")[0]) > self.width


def join_lines(plan: Clean, lines: Sequence[Line]) -> tuple[Clean, list[Line]]:
    """Give the text with broken sentences on one line each, a blank in the place of each line end, and its lines."""
    layout = _layout(lines)
    joined = _joined(lines, layout)
    edits = [Edit(before.end, after.start, " ") for first, more in joined for before, after in pairwise([first, *more])]
    if not edits:
        return plan, list(lines)
    plan = plan.edited(edits)
    found: list[Line] = []
    moved = 0
    for first, more in joined:
        start = first.start - moved
        for before, after in pairwise([first, *more]):
            moved += after.start - before.end - 1
        end = (more[-1] if more else first).end - moved
        words = plan.text[start:end] if more else first.text
        found.append(Line(words, start, end, first.repeated) if start != first.start or more else first)
    return plan, found


def _joined(lines: Sequence[Line], layout: _Layout) -> list[tuple[Line, list[Line]]]:
    """Give the first line of each paragraph with those that go on with it."""
    joined: list[tuple[Line, list[Line]]] = []
    last: _Paragraph | None = None
    in_table = False
    page: Line | None = None
    for line in lines:
        mark = read_mark(line.text)
        if _FIRST_HEAD.match(line.text):
            in_table = True
        elif in_table and _APART.match(line.text):
            in_table = False
        if in_table:
            goes_on = line.text[0].islower() and last is not None and len(joined[-1][0].text) > _CELL
        else:
            if last and PAGE_NUMBER.match(line.text):
                page = line  # the paragraph may go on beneath it
                continue
            same_part = last is not None and joined[-1][0].repeated == line.repeated
            bare = last is not None and last.is_bare_mark and _WORDS.match(line.text) is not None
            goes_on = last is not None and same_part and (bare or _goes_on(last, line.text, mark, layout))
        if last and goes_on:
            joined[-1][1].append(line)
            last = last.with_line(line.text)
        else:
            joined += [(one, []) for one in (page, line) if one]
            last = _Paragraph(line.text, mark)
        page = None
    return [*joined, (page, [])] if page else joined


class _Paragraph:
    """What has been put together so far."""

    __slots__ = ("_lines", "is_capitals", "last", "length", "mark", "table")

    def __init__(self, text: str, mark: Mark | None) -> None:
        self._lines = [text]
        self.last = text
        self.mark = mark
        self.length = len(text)
        self.is_capitals = text.isupper()
        self.table = "|" in text or _FURNITURE.match(text) is not None

    def with_line(self, text: str) -> _Paragraph:
        """Give the paragraph with a line more; the first words behind a mark that stood alone make it anew."""
        if self.is_bare_mark:
            words = f"{self.last} {text}"
            return _Paragraph(words, read_mark(words))
        self._take(text)
        return self

    @property
    def is_bare_mark(self) -> bool:
        """Whether it is only a mark so far."""
        return self.lines == 1 and _MARK_ALONE.match(self.last) is not None

    def _take(self, text: str) -> None:
        self._lines.append(text)
        self.last = text
        self.length += len(text) + 1

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self._lines)

    @property
    def words(self) -> str:
        """Its words without the mark."""
        return " ".join(self._lines)[self.mark.length if self.mark else 0 :]

    def counts_on(self, mark: Mark) -> bool:
        """Tell whether a mark "(3)" goes on with a list inside this paragraph, which has come to "(2)"."""
        if not mark.label.startswith("(") or not mark.numbers:
            return False
        return any(f"({mark.numbers[0] - 1})" in line[1:] for line in self._lines[-12:])


def _layout(lines: Sequence[Line]) -> _Layout:
    inside: list[int] = []
    longest = 0
    for before, line in pairwise(lines):
        longest = max(longest, len(before.text))
        if (
            line.text[0].islower()
            and not ENDS.search(before.text)
            and "|" not in before.text
            and read_mark(line.text) is None
        ):
            inside.append(len(before.text))
    if len(inside) >= 5 and len(inside) >= _BROKEN_SHARE * len(lines):
        inside.sort()
        return _Layout(True, inside[len(inside) // 2] * 3 // 4, inside[len(inside) * 9 // 10])
    return _Layout(len(lines) > 30 and longest <= _WRAPPED_AT, 50, longest)


def _goes_on(last: _Paragraph, line: str, mark: Mark | None, layout: _Layout) -> bool:
    if last.table or "|" in line or _FURNITURE.match(line) or _APART.match(line):
        return False
    if last.lines == 1 and _NUMBER_OF.search(last.last) and line[0].isdigit():
        return True
    if ENDS.search(last.last):
        return _goes_on_after_stop(last, line, mark, layout)
    if mark is not None:
        return _is_no_mark(last, line, mark, layout)
    if last.is_capitals:
        marked = last.mark is not None and last.mark.level <= Level.SUBSUBNUMBER and last.length > last.mark.length + 3
        return line.isupper() and (
            (marked and layout.broken)
            or last.last.endswith(",")
            or (last.lines == 1 and _TITLE_WORDS.fullmatch(last.last) is not None)
        )
    if _FIRST.match(line):
        return True
    if _UNFINISHED.search(last.last):
        return not last.last.endswith("Sở") or ACT.match(line) is None
    if line.isupper() and len(line) > 5:
        return False
    if not layout.broken:
        return False
    if line[0].isdigit() or line[0] in '(“"‘':
        return not _is_heading(last)
    if layout.is_full(last.last, line) and ACT.match(line) is None:
        return True  # even a list of bodies: its last name goes on
    if len(last.last) >= layout.full and not _is_heading(last):
        return True
    return last.lines == 1 and _is_prose(last, line)


def _goes_on_after_stop(last: _Paragraph, line: str, mark: Mark | None, layout: _Layout) -> bool:
    """Tell a line broken between two clauses or sentences of one paragraph."""
    if mark is not None:
        return layout.broken and last.counts_on(mark)
    if line[0].islower():
        if layout.broken:
            return True
        return last.last.endswith(";") and last.mark is not None and not last.words[:1].islower()
    if not layout.broken or line.isupper():
        return False
    if last.last.endswith(":"):
        return _LABEL.search(last.last) is not None
    if _CLOSES.match(line):
        return False
    # A last line that happens to be full is rare; a line that ends a sentence inside a paragraph is not.
    return last.lines > 1 and layout.is_full(last.last, line)


def _is_no_mark(last: _Paragraph, line: str, mark: Mark, layout: _Layout) -> bool:
    """Tell a line that only looks marked, because the line was broken before a number or a dash."""
    if mark.level >= Level.BULLET:
        if mark.label == "-" and _INNER_DASH.match(line) and not last.is_capitals:
            return layout.broken or (line.lstrip("-– ")[:4].isdigit() and last.last[-4:].isdigit())
        return False
    if not layout.broken:
        return False
    if (_POINTS.search(last.last) and not last.is_capitals) or last.counts_on(mark):
        return True
    return not last.is_capitals and line[mark.length : mark.length + 1].islower() and mark.label[:1].isdigit()


def _is_heading(last: _Paragraph) -> bool:
    """Tell a line that is complete as a heading: one that names bodies, or what a part of a plan is about."""
    if last.length > _HEADING:
        return False
    words = last.words
    heading = read_body_heading(words, has_children=False)
    if heading:
        return heading.inline is None
    return last.lines == 1 and zone_of(words) is not None and ACT.match(words) is None and last.length < 60


def _is_prose(last: _Paragraph, line: str) -> bool:
    """Tell whether a first line that is not full goes on before a capital or a number."""
    if _is_heading(last):
        return False
    if last.mark is not None and last.mark.level <= Level.SUBSUBNUMBER:
        orders = ACT.match(last.words) is not None or ": " in last.words
        return orders and ACT.match(line) is None
    if last.mark is None and last.length < 40 and ACT.match(line):
        return False
    return re.match(rf"[{UPPER}]", line) is not None
