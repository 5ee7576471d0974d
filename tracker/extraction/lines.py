"""Lines: where they stand, which of them a crawl repeated, and which were broken or run together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.extraction.acts import ACT
from tracker.extraction.cleaning import Clean
from tracker.extraction.letters import LOWER, UPPER

#: A repeated part has at least this many lines and letters; two bodies may well get one and the same sentence.
REPEAT_LINES = 3
REPEAT_LETTERS = 400
#: A bullet that a crawl glued to the full stop before it ("… ma túy.-Triển khai …").
_GLUED_BULLET = re.compile(rf"(?<=[.;:…])[ ]*(?=[-–][ ]?[{UPPER}][{LOWER}])")
#: A text in one line has lost its line ends: break it again before numbered headings and bullets.
_FLAT_LETTERS = 1500
_FLAT_BREAK = re.compile(
    r"(?<=\S)[ ]+(?="
    rf"(?:IX|IV|V?I{{1,3}}|V|X)\.[ ]+[{UPPER}]{{2}}"
    r"|(?:Mục|Chương|Phần)[ ]+(?:[IVX]+|\d+)\b[ .]|(?P<article>Điều \d{1,2}[.:] )"
    rf"|\d{{1,2}}\.(?:\d{{1,2}}\.?)*[ ]+(?:[{UPPER}]|\d{{1,3}}%)"
    rf"|(?P<dash>[-–+][ ]+(?:[{UPPER}]|\d{{1,3}}%))"
    rf"|[a-hđ]\)[ ]+[{UPPER}]"
    r"|Nơi nhận[ ]?:|KT\.[ ]|TM\.[ ]|\[\d{1,2}\][ ]"
    r"|(?P<closing>Trên đây là |Yêu cầu (?:các|Thủ trưởng) |Trong quá trình )"
    r")"
)
#: In such a text a heading in capitals ends where words in small letters begin.
_FLAT_HEADING = re.compile(rf"(?<=[{UPPER} ,]{{7}})(?<=\w)[ ]+(?=[{UPPER}][{LOWER}]+ [{LOWER}])")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the blanks around it; `start` and `end` count letters of the clean text."""

    text: str
    start: int
    end: int
    repeated: bool = False


def split_lines(plan: Clean) -> list[Line]:
    """Give the lines that hold something, with those marked that repeat an earlier part of the text."""
    lines: list[Line] = []
    at = 0
    for raw in plan.text.split("\n"):
        if not raw or raw.isspace():
            at += len(raw) + 1
            continue
        cuts = sorted({match.start() for match in _breaks(raw)})
        for first, last in zip([0, *cuts], [*cuts, len(raw)], strict=True):
            piece = raw[first:last]
            text = piece.strip()
            if text:
                start = at + first + len(piece) - len(piece.lstrip())
                lines.append(Line(text, start, start + len(text)))
        at += len(raw) + 1
    return _mark_repeats(lines)


def split_joined(lines: list[Line]) -> list[Line]:
    """Give the lines with those cut that became a whole text in one line only when broken lines were put together."""
    found: list[Line] = []
    for line in lines:
        cuts = sorted({match.start() for match in _breaks(line.text)}) if len(line.text) > _FLAT_LETTERS else []
        for first, last in zip([0, *cuts], [*cuts, len(line.text)], strict=True):
            text = line.text[first:last].strip()
            if text:
                start = line.start + first + len(line.text[first:last]) - len(line.text[first:last].lstrip())
                found.append(Line(text, start, start + len(text), line.repeated))
    return found


def _breaks(raw: str) -> list[re.Match[str]]:
    found = list(_GLUED_BULLET.finditer(raw)) if len(raw) > 2 else []
    if len(raw) > _FLAT_LETTERS:
        flat = list(_FLAT_BREAK.finditer(raw))
        if len(flat) > 5:  # a long paragraph of prose has no five list marks in it
            found += [match for match in flat if _is_break(raw, match)]
            found += _FLAT_HEADING.finditer(raw)
    return [match for match in found if match.start()]


def _is_break(raw: str, match: re.Match[str]) -> bool:
    """Tell the dash of a bullet from one inside a name ("Văn hóa - Xã hội"), and an article from one that is cited."""
    if not (match["dash"] or match["article"] or match["closing"]) or raw[match.start() - 1] in ".;:…":
        return True
    return match["dash"] is not None and ACT.match(raw, match.end() + 2) is not None


def _mark_repeats(lines: list[Line]) -> list[Line]:
    keys = [" ".join(_WORD.findall(line.text.casefold())) for line in lines]
    first_seen: dict[str, int] = {}
    repeated: set[int] = set()
    at = 0
    while at < len(lines):
        key = keys[at]
        earlier = first_seen.get(key)
        if earlier is None or len(key) < 3:
            first_seen.setdefault(key, at)
            at += 1
            continue
        length, letters = 0, 0
        while at + length < len(lines) and earlier + length < at and keys[earlier + length] == keys[at + length]:
            letters += len(keys[at + length])
            length += 1
        if length >= REPEAT_LINES and letters >= REPEAT_LETTERS:
            repeated.update(range(at, at + length))
            at += length
        else:
            at += 1
    return [
        Line(line.text, line.start, line.end, repeated=True) if number in repeated else line
        for number, line in enumerate(lines)
    ]
