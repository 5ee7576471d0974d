"""The outline: lines become blocks with their marks and sections, and jumps in the numbering are noticed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from tracker.extraction.letters import LOWER
from tracker.extraction.lines import Line
from tracker.extraction.marks import Level, Mark, read_mark

_SIGNATURE = re.compile(r"[| ]*(?:(?:TM|KT|TL|TUQ|Q)\s?\.\s|Nơi nhận\b|(?:PHÓ )?CHỦ TỊCH\b\s*\|?$)")
_ANNEX = re.compile(r"(?:PHỤ LỤC|Phụ lục|BIỂU|DANH MỤC|BẢNG)\b")
_FOOTNOTE = re.compile(r"\[\d{1,3}\]\s")
_ENDS = re.compile(r"[.;:!?…/](?:\[\d+\])?[”\"')]*$")
_HEAD = re.compile(r"CỘNG H[ÒO]A XÃ HỘI|^[| ]*(?i:số)\s*:\s*\S*\d*\S*/[A-ZĐ]")
#: Words after which a sentence goes on: the line was broken before a date or a name.
_UNFINISHED = re.compile(r"(?:\b(?:ngày|tháng|năm|và|đến|từ|số|của|với|trước)|,)$")
_LETTER = re.compile(rf"[{LOWER}]")
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
#: A text whose lines are all short was wrapped by hand: its lines are pieces of paragraphs.
_WRAPPED_AT = 130


@dataclass(slots=True)
class Block:
    """One mark with its words, a paragraph, or a row of a table; places count letters of the clean text."""

    mark: Mark | None
    text: str
    start: int
    end: int
    section: str | None = None
    #: Why it can't hold a duty: "repeated", "front_matter", "signature", "footnote"; None when it may.
    aside: str | None = None
    #: The numbering jumps right after the item it stands under, so that its heading may have been lost.
    doubtful: bool = False
    #: The item before the jump, by its place in the list of blocks; what is doubtful together shares it.
    group: int | None = None

    @property
    def level(self) -> Level:
        """How deep the block stands; a paragraph without a mark is deepest."""
        return self.mark.level if self.mark else Level.PLAIN

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table (cells joined with " | ")."""
        return self.text.count(" | ") >= 2

    @property
    def is_capitals(self) -> bool:
        """Whether it is written in capitals, as headings without a mark are."""
        return len(self.text) > 3 and not _LETTER.search(self.text) and any(letter.isalpha() for letter in self.text)


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


def build_outline(text: str, lines: list[Line]) -> Outline:
    """Give the blocks of a text with their sections; never fails, whatever the lines are."""
    blocks = _blocks(text, lines)
    _set_front_aside(blocks)
    return _numbered(blocks)


def _blocks(text: str, lines: list[Line]) -> list[Block]:
    wrapped = len(lines) > 30 and max(len(line.text) for line in lines) <= _WRAPPED_AT
    blocks: list[Block] = []
    aside: str | None = None
    for line in lines:
        aside = _aside(line, aside, blocks)
        mark = None if aside in ("signature", "footnote") else read_mark(line.text)
        key = "repeated" if line.repeated else aside
        if mark is None and blocks and key == blocks[-1].aside and _continues(blocks[-1], line.text, wrapped):
            last = blocks[-1]
            blocks[-1] = replace(last, text=text[last.start : line.end], end=line.end)
            continue
        start = line.start + (mark.length if mark else 0)
        blocks.append(Block(mark, text[start : line.end], start, line.end, aside=key))
    return blocks


def _aside(line: Line, aside: str | None, blocks: list[Block]) -> str | None:
    if _ANNEX.match(line.text) and len(line.text) < 120:
        return None
    if _FOOTNOTE.match(line.text) and (aside or (blocks and blocks[-1].text.rstrip().endswith(("./.", "/.")))):
        return "footnote"
    if _SIGNATURE.match(line.text) and len(line.text) < 160 and len(blocks) > 5:
        return "signature"
    if aside == "footnote" and len(line.text) < 60 and not read_mark(line.text):
        return "signature"
    return aside


def _continues(last: Block, line: str, wrapped: bool) -> bool:
    if not last.text or last.is_capitals or _ENDS.search(last.text) or " | " in line or last.text.endswith("|"):
        return False
    if _LETTER.match(line) or (_UNFINISHED.search(last.text) and not line.isupper()):
        return True
    return wrapped and not (line.isupper()) and len(last.text.rsplit("\n", 1)[-1]) > 50


def _set_front_aside(blocks: list[Block]) -> None:
    first = next((at for at, block in enumerate(blocks) if block.mark and block.level <= Level.SUBNUMBER), None)
    if first is None:
        first = 0
    if any(_HEAD.search(block.text) for block in blocks[:first]):
        for block in blocks[:first]:
            block.aside = block.aside or "front_matter"


def _numbered(blocks: list[Block]) -> Outline:
    outline = Outline(blocks)
    sequence = _Sequence(blocks)
    for at, block in enumerate(blocks):
        if block.aside:
            continue
        sequence.take(at, block)
    for jump in sequence.jumps:
        outline.jumps.append(jump)
        certain = _certain_until(blocks, jump)
        for block in blocks[certain : jump.after]:
            if block.aside is None and block.level > Level.SUBSUBNUMBER:
                block.doubtful = True
                block.group = jump.before
    return outline


def _certain_until(blocks: list[Block], jump: Jump) -> int:
    """Give the first block after the item before the jump that may belong to the lost item.

    "4. Chi cục Hải quan: …" is complete in itself. Of a heading that stands alone the first piece below is its own.
    """
    item = blocks[jump.before]
    complete = _ENDS.search(item.text.rstrip()) is not None and not item.text.rstrip().endswith(":")
    return jump.before + (1 if complete else 2)


class _Sequence:
    """Follows the numbers through the text."""

    def __init__(self, blocks: list[Block]) -> None:
        self.jumps: list[Jump] = []
        self._blocks = blocks
        parts = [block.mark for block in blocks if block.aside is None and block.mark and block.level is Level.PART]
        #: A text that opens with "1." before "II." has lost its "I.".
        self._part: str | None = "I" if parts and parts[0].numbers == (2,) else None
        self._part_number = 1 if self._part else 0
        self._has_parts = bool(parts)
        self._last: tuple[int, ...] | None = None
        self._last_at = -1
        self._top = 0

    def take(self, at: int, block: Block) -> None:
        """Set the block's section; note a jump."""
        mark = block.mark
        if mark is None:
            if block.is_capitals and _ANNEX.match(block.text):
                self._part, self._last = block.text.split()[0].capitalize() + " " + block.text.split()[1].lower(), None
            elif block.is_capitals:
                self._last = None if self._last is None or self._last_at < at - 1 else self._last
        elif mark.level is Level.PART:
            self._take_part(at, mark)
        elif mark.level <= Level.SUBSUBNUMBER:
            self._take_number(at, mark)
        block.section = self._section()

    def _take_part(self, at: int, mark: Mark) -> None:
        if self._last_at >= 0 and mark.numbers[0] > self._part_number + 1 and self._part_number:
            self.jumps.append(Jump(self._last_at, at, tuple(range(self._part_number + 1, mark.numbers[0]))))
        self._part, self._part_number, self._last, self._last_at = mark.label, mark.numbers[0], None, at

    def _take_number(self, at: int, mark: Mark) -> None:
        numbers = mark.numbers
        if self._last is None:
            regular = numbers[0] == 1 or numbers[0] == self._top + 1 or self._last_at < 0
            missing = tuple(range(1, numbers[0]))
        else:
            regular = _follows(self._last, numbers)
            missing = tuple(range(self._last[0] + 1, numbers[0]))
        if "." in mark.label and mark.label.split(".")[0] in _ROMAN[1:]:
            part = mark.label.split(".")[0]
            regular = regular or part != self._part
            self._part, self._part_number = part, _ROMAN.index(part)
        elif not regular and self._last is not None and numbers < self._last and numbers[0] == 1 and self._has_parts:
            self._part_number += 1  # the heading of the next part was lost with everything up to this number
            self._part = _ROMAN[self._part_number] if self._part_number < len(_ROMAN) else None
            missing = ()
        if not regular and self._last_at >= 0:
            self.jumps.append(Jump(self._last_at, at, missing))
        self._last, self._last_at, self._top = numbers, at, numbers[0]

    def _section(self) -> str | None:
        number = ".".join(map(str, self._last)) if self._last else None
        return ".".join(piece for piece in (self._part, number) if piece) or None


def _follows(last: tuple[int, ...], now: tuple[int, ...]) -> bool:
    if now in (last, (*last, 1)):
        return True
    depth = len(now) - 1
    return depth < len(last) and now[:depth] == last[:depth] and now[depth] == last[depth] + 1
