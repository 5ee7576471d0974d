"""The outline: lines become blocks with their marks and sections, and jumps in the numbering are noticed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from tracker.extraction.blocks import Block
from tracker.extraction.cells import rows_from_cells
from tracker.extraction.headings import read_body_heading, zone_of
from tracker.extraction.joining import PAGE_NUMBER
from tracker.extraction.letters import UPPER
from tracker.extraction.lines import Line
from tracker.extraction.marks import Level, Mark, read_mark

_SIGNATURE = re.compile(
    rf"[| ]*(?:(?:TM|KT|TL|TUQ|Q)\s?\.\s?[{UPPER}]|Nơi nhận\b|(?:PHÓ )?(?:CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG BAN|BÍ THƯ)\b\s*"
    r"\|?$)"
)
_ANNEX = re.compile(r"(?:PHỤ LỤC|Phụ lục|BIỂU|DANH MỤC|BẢNG)\b(?!.*[;.]$)")
_ANNEX_NUMBER = re.compile(r"(?:PHỤ LỤC|Phụ lục)(?: (?:SỐ |số )?(?P<number>[IVXL]+|\d{1,2}|[A-E])\b)?")
#: A plan that follows the decision by which it is issued opens with its kind alone on a line.
_OPENS_AGAIN = re.compile(
    r"(?:KẾ HOẠCH|CHƯƠNG TRÌNH(?: HÀNH ĐỘNG)?|ĐỀ ÁN|QUY ĐỊNH|QUY CHẾ|PHƯƠNG ÁN|DỰ ÁN|NỘI DUNG)(?: [^a-z]{0,160})?$"
)
#: The same where the line ends of the text were lost.
_OPENS_IN_LINE = re.compile(rf"(?:KẾ HOẠCH|CHƯƠNG TRÌNH|ĐỀ ÁN|QUY ĐỊNH|PHƯƠNG ÁN)(?: [{UPPER}]{{2,}},?){{4}}")
_BELONGS_TO = re.compile(r"\((?:Kèm theo|Ban hành (?:kèm|theo)|Đính kèm)", re.IGNORECASE)
#: The head of a table's first column alone on a line: the table may stand there cell by cell.
_FIRST_HEAD = re.compile(r"[| ]*(?:STT|TT|Stt|Tt|Số TT|SỐ TT)\.?[| ]*$")
#: Below an article a site lists others.
_OTHER_ARTICLES = re.compile(
    r"(?i:(?:các )?(?:tin|bài|bài viết|tin tức|tin bài)(?: (?:xem nhiều|đọc nhiều|liên quan|khác|mới(?: nhất)?"
    r"|cùng (?:chuyên mục|loại|chủ đề)|nổi bật|cũ hơn|mới hơn|tiêu điểm))+|có thể bạn quan tâm|đọc thêm|xem thêm)\s*:?$"
)
_FOOTNOTE = re.compile(r"\[\d{1,3}\]\s")
_ENDS = re.compile(r"[.;:!?…/](?:\[\d+\])?[”\"')]*$")
_HEAD = re.compile(r"CỘNG H[ÒO]A XÃ HỘI|^[| ]*(?i:số)\s*:\s*\S*\d*\S*/[A-ZĐ]|^Kính gửi", re.MULTILINE)
#: The last words before the body of a document.
_LEADS_IN = re.compile(r"(?:như sau|sau đây|sau|yêu cầu|gồm|cụ thể|chỉ đạo|chỉ thị|thực hiện|nhiệm vụ|nội dung)\s*:$")
_HEADING = 200
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


@dataclass(frozen=True, slots=True)
class Jump:
    """A place where the numbering skips: what was there before it, what came, and which numbers are missing."""

    before: int
    after: int
    missing: tuple[int, ...]


@dataclass(slots=True)
class Outline:
    """All blocks in order, and the jumps."""

    blocks: list[Block] = field(default_factory=list)
    jumps: list[Jump] = field(default_factory=list)
    #: The last words of the front matter ("… yêu cầu các sở, ngành thực hiện các nội dung sau:"), where there is any.
    lead: Block | None = None
    #: Its first part is its second: the heading of the first was lost, and what stands under it is the purpose.
    lost_first_part: bool = False
    #: It has the head of a document (state emblem, number, addressees), not only text.
    is_formal: bool = False


def build_outline(text: str, lines: list[Line]) -> Outline:
    """Give the blocks of a text with their sections; never fails, whatever the lines are."""
    outline = Outline(_blocks(text, lines))
    _raise_chapters(outline.blocks)
    _set_front_aside(outline)
    _number(outline)
    return outline


def _blocks(text: str, lines: list[Line]) -> list[Block]:
    blocks: list[Block] = []
    aside: str | None = None
    after_table = 0
    for number, line in enumerate(lines):
        if number < after_table:
            continue
        if aside not in ("signature", "footnote") and not line.repeated and _FIRST_HEAD.match(line.text):
            table = rows_from_cells(text, lines, number)
            if table:
                aside = None
                blocks += table[0]
                after_table = table[1]
                continue
        before = aside
        if number > len(lines) // 2 and _OTHER_ARTICLES.match(line.text):
            aside = "furniture"
        aside = _aside(line, aside, blocks)
        mark = None if aside in ("signature", "footnote") else read_mark(line.text)
        if aside in ("front_matter", "furniture") and ((mark and mark.level <= Level.SUBNUMBER) or "|" in line.text):
            aside = None
        key = "repeated" if line.repeated else aside
        if key is None and PAGE_NUMBER.match(line.text):
            key = "furniture"
        if key is None and mark is None and _BELONGS_TO.match(line.text):
            key = "front_matter"
        words = line.text[mark.length :] if mark else line.text
        opens = before in ("signature", "footnote") and aside not in ("signature", "footnote")
        blocks.append(Block(mark, words, line.end - len(words), line.end, aside=key, opens=opens))
    return blocks


def _raise_chapters(blocks: list[Block]) -> None:
    """Put "Mục 2." above the "I." that stands under it, in a text that has both and no chapter above them."""
    named = [block for block in blocks if block.mark and block.mark.is_named and block.aside is None]
    if not named or any(block.level is Level.CHAPTER for block in blocks):
        return
    first = next(at for at, block in enumerate(blocks) if block is named[0])
    if any(block.level is Level.PART and block.mark and not block.mark.is_named for block in blocks[first:]):
        for block in blocks:
            if block.mark and block.mark.is_named:
                block.mark = replace(block.mark, level=Level.CHAPTER)


def _aside(line: Line, aside: str | None, blocks: list[Block]) -> str | None:
    text = line.text
    if aside == "signature" and (_OPENS_AGAIN.match(text) or _OPENS_IN_LINE.match(text)):
        return "front_matter"
    if len(text) < 160:
        if _ANNEX.match(text) and len(text) < 120:
            return None
        if _SIGNATURE.match(text) and len(blocks) > 5:
            return "signature"
    if _FOOTNOTE.match(text) and (aside or (blocks and blocks[-1].text.rstrip().endswith(("./.", "/.")))):
        return "footnote"
    if aside == "footnote" and len(text) < 60 and not read_mark(text):
        return "signature"
    return aside


def _set_front_aside(outline: Outline) -> None:
    blocks = outline.blocks
    first = next((at for at, block in enumerate(blocks) if block.mark and block.level <= Level.SUBNUMBER), None)
    if first is None:
        first = _first_below_lead(blocks)
    first = next((at for at in range(1, min(first, 80)) if _opens_body(blocks[at - 1], blocks[at])), first)
    parts = sum(block.mark is not None and block.level <= Level.PART for block in blocks)
    outline.is_formal = parts > 1 or any(_HEAD.search(block.text) for block in blocks[: min(first, 80)])
    if not outline.is_formal:
        return
    for block in blocks[:first]:
        block.aside = block.aside or "front_matter"
    if first and blocks[first - 1].text.rstrip().endswith(":"):
        outline.lead = blocks[first - 1]


def _opens_body(before: Block, block: Block) -> bool:
    """Tell a heading in capitals without a number ("MỤC ĐÍCH, YÊU CẦU") behind the opening words of a document."""
    opening = before.mark is None and not before.is_capitals and len(before.text) > 60
    return (
        opening
        and block.mark is None
        and block.is_capitals
        and len(block.text) < 60
        and zone_of(block.text) is not None
    )


def _first_below_lead(blocks: list[Block]) -> int:
    """Give the first block of the body of a document without numbers: the one after "… như sau:"."""
    for at, block in enumerate(blocks[:60]):
        if block.mark is None and _LEADS_IN.search(block.text.rstrip()):
            return at + 1
    return 0


def _number(outline: Outline) -> None:
    blocks = outline.blocks
    sequence = _Sequence(blocks)
    outline.lost_first_part = sequence.lost_first_part
    for at, block in enumerate(blocks):
        if block.opens:
            sequence.begin_anew()
        if block.aside:
            continue
        sequence.take(at, block)
    if sequence.jumps:
        sequence.jumps += _lost_at_the_end(blocks)
    for jump in sorted(sequence.jumps, key=lambda jump: jump.before):
        outline.jumps.append(jump)
        certain = _certain_until(blocks, jump)
        for at in range(jump.before + 1, jump.after):
            block = blocks[at]
            if block.mark is None and block.aside is None and _names_body(block.text):
                break  # its heading is here and has no number
            if at >= certain and block.aside is None and block.level > Level.SUBSUBNUMBER:
                block.doubtful = True
                block.group = jump.before


def _names_body(text: str) -> bool:
    heading = read_body_heading(text, has_children=True) if len(text) < _HEADING else None
    return heading is not None and heading.inline is None


def _lost_at_the_end(blocks: list[Block]) -> list[Jump]:
    """Find, in a text that lost headings elsewhere, bullets below an item that is complete at the end of its part.

    "13. Đề nghị Báo …: tăng thời lượng ….", then bullets, then "V.": no number tells that a heading was there.
    """
    found: list[Jump] = []
    item: int | None = None
    bullets = 0
    for at, block in enumerate(blocks):
        if block.aside or block.mark is None:
            continue
        if block.level >= Level.LETTER:
            bullets += 1
            continue
        if item is not None and bullets and block.level is Level.PART:
            found.append(Jump(item, at, (blocks[item].mark.numbers[0] + 1,)))  # type: ignore[union-attr]
        inline = block.level is Level.NUMBER and ": " in block.text[:200] and block.text.rstrip().endswith(".")
        item, bullets = (at if inline and block.mark.numbers[0] > 1 else None), 0
    return found


def _certain_until(blocks: list[Block], jump: Jump) -> int:
    """Give the first block after the item before the jump that may belong to the lost item.

    "4. Chi cục Hải quan: …" is complete in itself. Of a heading that stands alone the first piece below is its own.
    """
    item = blocks[jump.before]
    complete = _ENDS.search(item.text.rstrip()) is not None and not item.text.rstrip().endswith(":")
    if item.level is Level.PART and jump.missing == (1,):
        return jump.before + 1  # "1." itself is lost, so that all below the part's heading was under it
    certain = jump.before + (1 if complete else 2)
    # "a)" and then "b)" are of one list, and so of the item above it.
    while certain < jump.after and not complete and _goes_on_with(blocks[certain - 1], blocks[certain]):
        certain += 1
    return certain


def _goes_on_with(before: Block, block: Block) -> bool:
    return (
        before.level is Level.LETTER
        and block.level is Level.LETTER
        and before.mark is not None
        and block.mark is not None
        and block.mark.numbers[0] == before.mark.numbers[0] + 1
    )


class _Sequence:
    """Follows the numbers through the text."""

    def __init__(self, blocks: list[Block]) -> None:
        self.jumps: list[Jump] = []
        parts = [block.mark for block in blocks if block.aside is None and block.mark and block.level is Level.PART]
        #: A text that opens with "1." before "II." has lost its "I.".
        self._chapter: str | None = None
        self.lost_first_part = bool(parts) and parts[0].numbers == (2,)
        self._part: str | None = "I" if self.lost_first_part else None
        self._part_number = 1 if self._part else 0
        self._has_parts = bool(parts) or any(block.level is Level.CHAPTER and not block.aside for block in blocks)
        self._last: tuple[int, ...] | None = None
        self._last_at = -1
        self._top = 0

    def begin_anew(self) -> None:
        """Forget every number: another document opens."""
        self._part, self._part_number, self._last, self._last_at, self._top = None, 0, None, -1, 0
        self._chapter = None

    def take(self, at: int, block: Block) -> None:
        """Set the block's section; note a jump."""
        mark = block.mark
        if mark is None:
            if block.is_capitals and _ANNEX.match(block.text):
                numbered = _ANNEX_NUMBER.match(block.text)
                if numbered or not (self._part or "").startswith("Phụ lục"):
                    self.begin_anew()
                    number = (numbered["number"] or "") if numbered else ""
                    self._part = f"Phụ lục {number}".strip()
            elif block.is_capitals:
                self._last = None if self._last is None or self._last_at < at - 1 else self._last
        elif mark.level is Level.CHAPTER:
            self.begin_anew()
            self._chapter = mark.label.capitalize() if mark.label.islower() else mark.label
        elif mark.level is Level.PART:
            self._take_part(at, mark)
        elif mark.level is Level.ARTICLE:
            self.begin_anew()
            self._part = mark.label
        elif mark.level <= Level.SUBSUBNUMBER:
            self._take_number(at, block, mark)
        block.section = self._section()

    def _take_part(self, at: int, mark: Mark) -> None:
        if self._last_at >= 0 and mark.numbers[0] > self._part_number + 1 and self._part_number:
            self.jumps.append(Jump(self._last_at, at, tuple(range(self._part_number + 1, mark.numbers[0]))))
        self._part, self._part_number, self._last, self._last_at = mark.label, mark.numbers[0], None, at

    def _take_number(self, at: int, block: Block, mark: Mark) -> None:
        numbers = mark.numbers
        if self._last is None:
            regular = numbers[0] == 1 or numbers[0] == self._top + 1 or self._last_at < 0
            missing = tuple(range(1, numbers[0]))
            if numbers == (1, 1) and self._part and at > self._last_at + 1:
                regular, missing = False, (1,)  # something stands under the part already: that of "1."
        else:
            regular = _follows(self._last, numbers)
            missing = tuple(range(self._last[0] + 1, numbers[0]))
        if "." in mark.label and mark.label.split(".")[0] in _ROMAN[1:]:
            part = mark.label.split(".")[0]
            regular = regular or part != self._part
            self._part, self._part_number = part, _ROMAN.index(part)
        elif not regular and self._last is not None and numbers < self._last and numbers[0] == 1 and self._has_parts:
            block.opens_part = True
            self._part_number += 1  # the heading of the next part was lost with everything up to this number
            self._part = _ROMAN[self._part_number] if self._part_number < len(_ROMAN) else None
            missing = ()
        if not regular and self._last_at >= 0:
            self.jumps.append(Jump(self._last_at, at, missing))
        self._last, self._last_at, self._top = numbers, at, numbers[0]

    def _section(self) -> str | None:
        number = ".".join(map(str, self._last)) if self._last else None
        return ".".join(piece for piece in (self._chapter, self._part, number) if piece) or None


def _follows(last: tuple[int, ...], now: tuple[int, ...]) -> bool:
    if now in (last, (*last, 1)):
        return True
    depth = len(now) - 1
    return depth < len(last) and now[:depth] == last[:depth] and now[depth] == last[depth] + 1
