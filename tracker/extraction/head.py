"""The head of an official document (Nghị định 30/2020/NĐ-CP, Phụ lục I), however a page has broken it into lines.

Left stand the superior and the issuing body, the number and, in a letter, "V/v …"; right the motto of the state, the
place and the day. Crawls give them as cells of a row, as lines of their own, broken inside a name, or all in one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.extraction.letters import LOWER, UPPER
from tracker.extraction.lines import Line

#: The head ends within so many lines, site furniture before it included.
_HEAD_LINES = 90
_MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM ĐỘC LẬP - TỰ DO - HẠNH PHÚC ĐẢNG CỘNG SẢN VIỆT NAM"
_MOTTO_PART = re.compile(
    r"(CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM|ĐẢNG CỘNG SẢN VIỆT NAM|Độc lập ?[-–] ?Tự do ?[-–] ?Hạnh phúc)"
)
#: "53/KH-UBND", "33/2009/QĐ-UBND", "09-KH/TU", "1751/KH-BCĐTƯATTP", "05  /KH-UBND".
NUMBER = rf"\d{{1,5}}(?:/\d{{4}})?\s{{0,3}}[/-]\s?[{UPPER}][\w&]*(?:\s?[-/.]\s?[{UPPER}&][\w&]*)*"
_NUMBER_CELL = re.compile(rf"(?i:số)(?: ?:|\s)\s*(?P<number>{NUMBER})?(?P<blank>[.…_\s]*/\s?[{UPPER}][\w&/-]*)?")
_CUTS = re.compile(
    rf"\s*\|\s*|\s{{4,}}|(?=\bSố ?:)|(?<=\bnăm \d\d\d\d)\s+(?=[{UPPER}]{{2}})|(?<=[-/]UBND)\s+(?=[{UPPER}][{LOWER}])"
)
_RULE = re.compile(r"[-–_=*.…\s|]*")
_FACT_NAMES = {
    "số hiệu": "number",
    "số/ký hiệu": "number",
    "số ký hiệu": "number",
    "loại văn bản": "kind",
    "cơ quan ban hành": "issuer",
    "nơi ban hành": "issuer",
    "người ký": "signer",
    "ngày ban hành": "day",
    "ngày hiệu lực": "",
    "ngày có hiệu lực": "",
    "ngày hết hiệu lực": "",
    "ngày công báo": "",
    "số công báo": "",
    "lĩnh vực": "",
    "tình trạng": "",
}
_FACT = re.compile(rf"(?i:({'|'.join(_FACT_NAMES)}))\s*(?::|\|)[\s|:]*")
_OPENS_BODY = re.compile(
    r"(?:ỦY|UBND|HỘI|HĐND|SỞ|BAN|BCĐ|CÔNG AN|BỘ|CỤC|CHI CỤC|TỔNG|PHÒNG(?!,)|VĂN PHÒNG|TỈNH ỦY|THÀNH ỦY|HUYỆN ỦY"
    r"|QUẬN ỦY|THỊ ỦY|ĐẢNG ỦY|VIỆN|TÒA|TỔ|THANH TRA|TRƯỜNG|TRUNG TÂM|ĐOÀN|TỈNH ĐOÀN|LIÊN|BẢO HIỂM|NGÂN HÀNG|KHO BẠC"
    r"|THỦ|CHÍNH|QUỐC HỘI|HỌC VIỆN|ĐẠI HỌC|BỆNH VIỆN|CHỦ TỊCH)\b"
)
#: A line that can't be a whole name: the next one goes on with it.
_GOES_ON = re.compile(r"(?:\bỦY|\bHỘI ĐỒNG(?: NHÂN)?|\bNHÂN|\bVÀ|\bXÃ|[-–,]|\bCHỦ TỊCH)$")
#: In a text without line ends the superior and the body stand side by side.
_UNDER = re.compile(
    r"^(?:UBND|ỦY BAN NHÂN DÂN) (?:TỈNH|THÀNH PHỐ) .+? (?=(?:SỞ|BAN CHỈ ĐẠO|CÔNG AN|CHI CỤC|BAN QUẢN LÝ) )"
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a document's text."""

    #: All pieces of the first lines, in order.
    cells: tuple[str, ...] = ()
    #: The superior bodies and, last, the issuing one, as printed.
    bodies: tuple[str, ...] = ()
    #: Where in `cells` the number stands, or None.
    number_at: int | None = None
    number: str | None = None
    #: The motto, or a line for the number, was there: the text is the document and not an article about it.
    is_formal: bool = False
    #: What a site's table says: number, kind, issuer, signer, day.
    facts: dict[str, str] = field(default_factory=dict)


def read_head(lines: Sequence[Line]) -> Head:
    """Find the head in the first lines; a text without one gives an empty head with its cells."""
    facts: dict[str, str] = {}
    cells: list[str] = []
    for line in lines[:_HEAD_LINES]:
        if _FACT.match(line.text.lstrip("| ")):
            _read_facts(line.text, facts)
            continue
        for part in _MOTTO_PART.split(line.text):
            cells += [cell.strip() for cell in _CUTS.split(part) if cell and not _RULE.fullmatch(cell)]
    number_at = next((at for at, cell in enumerate(cells) if _is_number_cell(cells, at)), None)
    motto_at = next((at for at, cell in enumerate(cells) if is_motto(cell)), None)
    anchors = [at for at in (number_at, motto_at) if at is not None]
    if not anchors:
        return Head(tuple(cells), facts=facts)
    number = _number(cells, number_at) if number_at is not None else None
    bodies = _bodies(cells, min(anchors), max(anchors) if number_at is not None else min(anchors) + 8)
    return Head(tuple(cells), bodies, number_at, number, is_formal=True, facts=facts)


def is_motto(cell: str) -> bool:
    """Tell whether a cell is the motto of the state or a broken piece of it."""
    words = re.sub(r"\s*[-–]\s*", " - ", cell.upper()).strip(" -")
    return len(words) > 3 and words in _MOTTO


def is_capitals(cell: str) -> bool:
    """Tell whether a cell is printed in capitals."""
    return re.search(rf"[{UPPER}]{{2}}", cell) is not None and re.search(rf"[{LOWER}]", cell) is None


def _read_facts(line: str, facts: dict[str, str]) -> None:
    found = list(_FACT.finditer(line))
    for match, following in zip(found, [*found[1:], None], strict=True):
        name = _FACT_NAMES[match.group(1).casefold()]
        value = line[match.end() : following.start() if following else len(line)].strip(" |")
        if name and value and value.casefold() not in ("đang cập nhật", "đã biết", "đang cập nhập"):
            facts.setdefault(name, value)


def _is_number_cell(cells: list[str], at: int) -> bool:
    match = _NUMBER_CELL.match(cells[at])
    if match is None:
        return False
    if match["number"] or match["blank"]:
        return True
    rest = cells[at][match.end() :].strip(" :.…_")
    following = cells[at + 1] if at + 1 < len(cells) else ""
    return not rest and re.match(rf"{NUMBER}|/\s?[{UPPER}]", following) is not None


def _number(cells: list[str], at: int) -> str | None:
    joined = " ".join([cells[at].rstrip(" ."), *cells[at + 1 : at + 2]])  # a full stop is dust behind the number
    match = _NUMBER_CELL.match(joined)
    if match is None or not match["number"]:
        return None
    return re.sub(r"\s+", "", match["number"]).rstrip(".,")


def _bodies(cells: list[str], first: int, last: int) -> tuple[str, ...]:
    start = first
    while start > 0 and is_capitals(cells[start - 1]) and first - start < 8:
        start -= 1
    found: list[str] = []
    for cell in cells[start:last]:
        if is_motto(cell) or not is_capitals(cell) or _NUMBER_CELL.match(cell):
            continue
        if found and (_GOES_ON.search(found[-1]) or not _OPENS_BODY.match(cell)):
            found[-1] += f" {cell}"
        elif _OPENS_BODY.match(cell):
            found.append(cell)
    if found:
        under = _UNDER.match(found[-1])
        if under:
            found[-1:] = [under.group().strip(), found[-1][under.end() :]]
    return tuple(body.removeprefix("CHỦ TỊCH ") for body in found if body != "CHỦ TỊCH")
