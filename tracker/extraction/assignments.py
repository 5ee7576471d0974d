"""Who, with whom, until when and with what result, where a plan says so apart from the order itself.

"- Cơ quan chủ trì: …", "- Thời gian hoàn thành: …", "- Sản phẩm: …" below a measure, or "(Sở X chủ trì, phối hợp với Sở
Y; hoàn thành trong quý II)" at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.extraction.bodies import read_bodies

_WHO = (
    r"(?:các )?(?:cơ quan|đơn vị|bộ phận|tổ chức|sở, ngành|ngành|địa phương)"
    r"(?:,? (?:và )?(?:cơ quan|đơn vị|địa phương))*"
)
_LABELS = re.compile(
    r"(?i:"
    rf"(?P<partner>(?:{_WHO} )?(?:cùng )?(?:phối hợp|tham gia)(?: thực hiện| chính)?)"
    rf"|(?P<lead>(?:{_WHO} )?(?:được )?(?:giao )?(?:chủ trì|đầu mối|thực hiện|chịu trách nhiệm|phụ trách|tham mưu)"
    r"(?: (?:chủ trì|chính|thực hiện|tham mưu|triển khai|tổ chức))*)"
    r"|(?P<time>(?:thời gian|thời hạn|tiến độ|lộ trình|mốc thời gian|hạn)(?: (?:thực hiện|hoàn thành|triển khai|tổ chức"
    r"|báo cáo|trình|ban hành|dự kiến))*|hoàn thành)"
    r"|(?P<product>(?:sản phẩm|kết quả)(?: (?:dự kiến|đầu ra|hoàn thành|thực hiện|đạt được|cần đạt))*)"
    r"|(?P<other>(?:nguồn )?kinh phí(?: thực hiện)?|địa điểm|cấp trình|cơ quan trình|hình thức(?: văn bản)?"
    r"|đối tượng|số lượng|thành phần)"
    r")(?: \([^()]{0,60}\))?\s*:\s*"
)
_BARE_VERB = re.compile(r"(?i:thực hiện|tham mưu|phụ trách|chịu trách nhiệm)(?: (?:triển khai|tổ chức|thực hiện))*")
#: Only what opens a line, a sentence, a clause or a bracket is a label.
_OPENS = re.compile(r"(?:^|[.;(+]|[-–] ?)\s*$")
_BRACKET = re.compile(r"\((?P<inside>[^()]{8,500}(?:\([^()]{0,80}\)[^()]{0,300})*)\)\s*[.;,]?\s*$")
_LEADS = re.compile(
    r"(?i: ?(?:là (?:cơ quan|đơn vị) )?(?:chủ trì|chịu trách nhiệm|thực hiện|tham mưu|làm đầu mối|đầu mối))\b"
)
_GIVES = re.compile(r"(?i:(?:giao|phân công)(?: cho)? )")
#: Words between the bodies of a cell or a line that belong to neither.
_SEPARATOR = re.compile(r"\s*[;\n+]\s*")
_ROLE = re.compile(
    r"(?i:^[-+•]?\s*(?:(?:cơ quan|đơn vị) )?(?P<role>chủ trì|phối hợp|đầu mối|thực hiện)(?: thực hiện)?\s*:\s*)"
)
_TRAILING_ROLE = re.compile(r"(?i:\s*(?:chủ trì|làm đầu mối)\s*$)")
_REMARK = re.compile(r"\s*\((?P<inside>[^()]{0,120})\)?$")
_WITH = re.compile(r"(?i:,? (?:chủ trì,? )?phối hợp(?: với)?:? )")


#: How a cell ends that goes on in the next line.
_GOES_ON = re.compile(r"(?:[,;–-]|\b(?i:quý|tháng|năm|ngày|trước|sau|và|các|sở|bộ|ban|của|đến|từ|ubnd))$")


@dataclass(frozen=True, slots=True)
class Assignment:
    """What was read apart from the order; places of `times` count from the start of the text that was read."""

    owners: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    times: tuple[tuple[str, int], ...] = ()
    product: str | None = None
    #: Where the assignment begins in the text; what stands before is the order.
    start: int = 0


def opens_assignment(text: str) -> bool:
    """Tell a line that only says who, with whom, when or with what result."""
    label = _LABELS.match(text)
    return label is not None and _is_label(label, text)


def read_labels(text: str) -> Assignment | None:
    """Read the labelled parts of a text ("Cơ quan chủ trì: …; thời gian: …"), or None when it has none."""
    found = _LABELS.finditer(text)
    labels = [
        match
        for match in found
        if _OPENS.search(text, max(0, match.start() - 3), match.start()) and _is_label(match, text)
    ]
    if not labels:
        return None
    owners: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    times: list[tuple[str, int]] = []
    product: str | None = None
    for at, label in enumerate(labels):
        end = labels[at + 1].start() if at + 1 < len(labels) else len(text)
        value = text[label.end() : end].rstrip(" ;,.()-–+/")
        if not value:
            continue
        if label["lead"]:
            named, with_them = read_cell(value)
            owners += named
            partners += with_them
        elif label["partner"]:
            partners += read_cell(value)[0]
        elif label["time"]:
            # "Hoàn thành: …" is itself a word of time.
            first = label.start() if label["time"].casefold().endswith("hoàn thành") else label.end()
            times.append((text[first : label.end() + len(value)], first))
        elif label["product"]:
            product = value
    return Assignment(owners, partners, tuple(times), product, labels[0].start())


def _is_label(label: re.Match[str], text: str) -> bool:
    """Tell "Thực hiện: Sở Y tế" from "Thực hiện: kiểm tra các cơ sở"; a verb alone is a label only before a body."""
    return (
        label["lead"] is None
        or _BARE_VERB.fullmatch(label["lead"]) is None
        or read_bodies(text, label.end()) is not None
    )


def read_bracket(text: str) -> Assignment | None:
    """Read the assignment at the end of an order: in brackets, or as labelled sentences; None when there is none."""
    bracket = _BRACKET.search(text) if text.rstrip(" .;,")[-1:] == ")" else None
    if bracket:
        inside = bracket["inside"]
        found = read_labels(inside)
        if found and (found.owners or found.partners):
            return _moved(found, bracket.start("inside"), bracket.start())
        given = _GIVES.match(inside)
        at = given.end() if given else 0
        bodies = read_bodies(inside, at)
        if bodies and (given or _LEADS.match(inside, bodies.end)):
            return Assignment(bodies.names, (), (), None, bracket.start())
    found = read_labels(text) if ":" in text else None
    if found and found.owners and found.start:
        return found
    return None


def _moved(found: Assignment, by: int, start: int) -> Assignment:
    times = tuple((words, at + by) for words, at in found.times)
    return Assignment(found.owners, found.partners, times, found.product, start)


def goes_on(before: str, after: str) -> bool:
    """Tell a name or a time broken over two lines ("Sở Công", "Thương"; "Quý", "III/2026")."""
    if _GOES_ON.search(before):
        return True
    alone, both = read_bodies(before), read_bodies(f"{before} {after}")
    whole = alone is not None and alone.end >= len(before)
    return both is not None and not whole and both.end > len(before) + 1


def read_cell(cell: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read the bodies of a cell or line: (those who lead, those named beside them as partners)."""
    owners: list[str] = []
    partners: list[str] = []
    into = owners
    for chunk in _chunks(_unbroken(cell) if "\n" in cell else cell):
        role = _ROLE.match(chunk)
        if role:
            into = partners if role["role"].casefold() == "phối hợp" else owners
        words = chunk[role.end() :] if role else chunk
        for at, piece in enumerate(_WITH.split(words)):
            target = partners if at else into
            named = _TRAILING_ROLE.sub("", piece).strip(" .,;:-–+()")
            if named:
                target.extend(name for name in _names(named) if name not in target)
    return tuple(owners), tuple(partners)


def _unbroken(cell: str) -> str:
    """Give a cell with a blank where a line ends inside a name."""
    lines = cell.split("\n")
    parts = [lines[0]]
    for line in lines[1:]:
        if line[:1].islower() or goes_on(parts[-1], line):
            parts[-1] = f"{parts[-1]} {line}"
        else:
            parts.append(line)
    return "\n".join(parts)


def _chunks(cell: str) -> Iterator[str]:
    """Split a cell or line at its separators, but not inside a name ("Sở Lao động - Thương binh và Xã hội")."""
    at = start = 0
    while at < len(cell):
        bodies = read_bodies(cell, at)
        found = _SEPARATOR.search(cell, bodies.end if bodies else at)
        if found is None:
            break
        yield cell[start : found.start()]
        start = at = found.end()
    yield cell[start:]


def _names(piece: str) -> list[str]:
    remark = _REMARK.search(piece)
    if remark and read_bodies(remark["inside"]) is None:
        piece = piece[: remark.start()]
    bodies = read_bodies(piece)
    if bodies and bodies.end >= len(piece) - 1:
        return list(bodies.names)
    if bodies and piece[bodies.end :].startswith((",", ";", " và ")):
        return [*bodies.names, *_names(re.sub(r"^(?:[,;]\s*(?:và )?| và )", "", piece[bodies.end :]))]
    return [piece]
