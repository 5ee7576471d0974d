"""Lines: where they stand, which of them a crawl repeated, and which were broken or run together."""

from __future__ import annotations

import re
from collections import Counter
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
#: In a text that is flattened part by part already a shorter line is broken.
_FLAT_PART = 150
#: In such a text a line has so many letters on average.
_FLAT_MEAN = 60
#: Fewer marks inside lines are chance.
_FEWEST_INSIDE = 8
_OPENS_WITH_MARK = re.compile(
    r"^[ ]*(?:[-–+*•] |[IVX]{1,5}[.)/-] |\d{1,2}(?:\.\d{1,2})*[.)/] |[a-zđ]\) )", re.MULTILINE
)
_FLAT_BREAK = re.compile(
    r"(?<=\S)[ ]+(?="
    rf"(?:IX|IV|V?I{{1,3}}|V|X)\.[ ]+[{UPPER}]"
    rf"|(?:Mục|Chương|Phần|MỤC|CHƯƠNG|PHẦN)[ ]+(?:[IVX]+[. ]|\d+[. ]|(?:thứ|THỨ)[ ]+\w+[ ]+[{UPPER}]{{2}})"
    r"|(?P<article>Điều \d{1,2}[.:] )"
    rf"|\d{{1,2}}\.(?:\d{{1,2}}\.?)*[ ]+(?:[{UPPER}]|\d{{1,3}}%)"
    rf"|(?P<dash>[-–+][ ]+(?:[{UPPER}]|\d{{1,3}}%))"
    rf"|[a-hđ]\)[ ]+[{UPPER}]"
    r"|Nơi nhận[ ]?:|KT\.[ ]|TM\.[ ]|\[\d{1,2}\][ ]"
    rf"|(?P<title>KẾ HOẠCH|PHỤ LỤC|CHƯƠNG TRÌNH|ĐỀ ÁN)(?=[ ]+[{UPPER}]{{3}})"
    r"|(?P<closing>Trên đây là |Yêu cầu (?:các|Thủ trưởng) |Trong quá trình )"
    r")"
)
#: A numbered heading right before a dash, and the second halves of names that hold a dash.
_HEADING_BEFORE = re.compile(r"(?:^|[ .;:])(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,2})[.)] [^.;:]{2,120}$")
_COUNTED = re.compile(
    r"\b(?:Mục|MỤC|Điều|ĐIỀU|Khoản|Phần|PHẦN|Chương|CHƯƠNG|Bước|Dự án|Giai đoạn|Phụ lục|PHỤ LỤC|Mục tiêu|số"
    r"|khoản|điểm|điều|[Qq]uý|khu|loại|cấp|kỳ|khóa|hạng|Khu|mức)$"
)
_NAME_GOES_ON = re.compile(
    r"[-–+] (?:Thương binh|Lao động|Xã hội|Truyền hình|Phát thanh|Khen thưởng|Gia đình|Tự do|Hạnh phúc|Thể thao|Du lịch"
    r"|Đầu tư|Công nghệ|Môi trường|Kế hoạch hóa|Kỹ thuật|Giáo dục|Chính trị|An toàn|Cơ quan|Đơn vị)\b"
)
#: In such a text a heading in capitals ends where words in small letters begin.
_FLAT_HEADING = re.compile(rf"(?<=[{UPPER} ,]{{7}})(?<=\w)[ ]+(?=[{UPPER}][{LOWER}]+ [{LOWER}])")
_WORD = re.compile(r"\w+")
#: Signs with which one and the same line may end differently.
_STOPS = " .;:,/|-–…”\"')]"


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
    flat = _FLAT_PART if _is_flat(plan.text) else _FLAT_LETTERS
    for raw in plan.text.split("\n"):
        if not raw or raw.isspace():
            at += len(raw) + 1
            continue
        cuts = sorted({match.start() for match in _breaks(raw, flat)})
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
    least = _FLAT_PART if _is_flat("\n".join(line.text for line in lines)) else _FLAT_LETTERS
    for line in lines:
        cuts = sorted({match.start() for match in _breaks(line.text, least)}) if len(line.text) > least else []
        if not cuts:
            found.append(line)
            continue
        for first, last in zip([0, *cuts], [*cuts, len(line.text)], strict=True):
            text = line.text[first:last].strip()
            if text:
                start = line.start + first + len(line.text[first:last]) - len(line.text[first:last].lstrip())
                found.append(Line(text, start, start + len(text), line.repeated))
    return found


def _is_flat(text: str) -> bool:
    """Tell a text of which whole parts stand in one line each: far more marks stand inside its lines than open them."""
    if len(text) < _FLAT_MEAN * (text.count("\n") + 1):
        return False
    lines = [line for line in text.split("\n") if len(line) > _FLAT_PART]
    if sum(map(len, lines)) * 3 < len(text):
        return False
    inside = sum(len(_FLAT_BREAK.findall(line)) for line in lines)
    return inside > _FEWEST_INSIDE and inside > 3 * len(_OPENS_WITH_MARK.findall(text))


def _breaks(raw: str, least: int = _FLAT_LETTERS) -> list[re.Match[str]]:
    found = list(_GLUED_BULLET.finditer(raw)) if len(raw) > 2 else []
    if len(raw) > least:
        flat = list(_FLAT_BREAK.finditer(raw))
        if len(flat) > (5 if least == _FLAT_LETTERS else 0):  # a long paragraph of prose has no five list marks in it
            found += [match for match in flat if _is_break(raw, match)]
            found += _FLAT_HEADING.finditer(raw)
    return [match for match in found if match.start()]


def _is_break(raw: str, match: re.Match[str]) -> bool:
    """Tell the dash of a bullet from one inside a name ("Văn hóa - Xã hội"), and an article from one that is cited."""
    if _COUNTED.search(raw, max(0, match.start() - 12), match.start()):
        return False  # "Mục 1.", "Dự án 2."
    if match["title"]:
        return not raw[match.start() - 1].isupper()  # "BAN HÀNH KẾ HOẠCH" goes on
    if not (match["dash"] or match["article"] or match["closing"]) or raw[match.start() - 1] in ".;:…":
        return True
    if match["dash"] is None:
        return False
    if ACT.match(raw, match.end() + 2):
        return True
    heading = _HEADING_BEFORE.search(raw, max(0, match.start() - 140), match.start())
    return heading is not None and _NAME_GOES_ON.match(raw, match.end()) is None


def _mark_repeats(lines: list[Line]) -> list[Line]:
    endings = [line.text[-30:].rstrip(_STOPS)[-8:].casefold() for line in lines]
    times = Counter(endings)
    # Lines that end alike may be the same; of the others no two are.
    keys = [_key(line.text) if times[ending] > 1 else (number, 0)
            for number, (line, ending) in enumerate(zip(lines, endings, strict=True))]
    first_seen: dict[tuple[int, int], int] = {}
    repeated: set[int] = set()
    at = 0
    while at < len(lines):
        key = keys[at]
        earlier = first_seen.get(key)
        if earlier is None or key[1] < 3:
            first_seen.setdefault(key, at)
            at += 1
            continue
        length, letters = 0, 0
        while at + length < len(lines) and earlier + length < at and keys[earlier + length] == keys[at + length]:
            letters += keys[at + length][1]
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


def _key(text: str) -> tuple[int, int]:
    """Give what two lines of the same words share: a hash of the words, and how many letters they have."""
    words = " ".join(_WORD.findall(text.casefold()))
    return hash(words), len(words)
