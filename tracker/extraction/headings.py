"""Headings: which of them name a body, which open objectives, measures or assignments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from tracker.extraction.bodies import ACT, read_bodies


class Zone(StrEnum):
    """What kind of provisions a part of a plan holds."""

    PURPOSE = "purpose"
    OBJECTIVE = "objective"
    MEASURE = "measure"
    ASSIGNMENT = "assignment"
    FUNDING = "funding"


@dataclass(frozen=True, slots=True)
class BodyHeading:
    """A heading that gives what stands under it to bodies."""

    names: tuple[str, ...]
    requested: bool
    #: Where an order begins in the same line ("6. Sở Công Thương: chỉ đạo …"), or None.
    inline: int | None


_CALL = re.compile(
    r"(?i:(đề nghị)|giao(?: nhiệm vụ)?(?: cho)?|đối với|trách nhiệm của|yêu cầu)(?:\s+(?:các đồng chí|đồng chí))?:?\s+"
)
_DUTY_OF = re.compile(
    r"(?i:(?:có|chịu) (?:trách nhiệm|nhiệm vụ)|chủ trì|thực hiện)(?: thực hiện| các nhiệm vụ(?: sau)?)?\s*[:.]?$"
)
_BRACKET = re.compile(r"\([^()]{0,160}\)\s*")
_ZONES = (
    (Zone.FUNDING, re.compile(r"(?:nguồn )?kinh phí|dự toán kinh phí|ngân sách thực hiện")),
    (Zone.ASSIGNMENT, re.compile(r".{0,40}(?:phân công|trách nhiệm|tổ chức thực hiện|tổ chức triển khai)")),
    (
        Zone.PURPOSE,
        re.compile(
            r"mục đích|yêu cầu|quan điểm|căn cứ|phạm vi|đối tượng|tình hình|đặc điểm|sự cần thiết|nguyên tắc"
            r"|cơ sở pháp lý|phương châm"
        ),
    ),
    (Zone.MEASURE, re.compile(r"mục tiêu,? (?:và )?nhiệm vụ")),
    (Zone.OBJECTIVE, re.compile(r"(?:các |một số )?(?:mục tiêu|chỉ tiêu)")),
    (
        Zone.MEASURE,
        re.compile(r".{0,60}(?:nhiệm vụ|giải pháp|nội dung|biện pháp|lộ trình|thời gian|tiến độ|giai đoạn)"),
    ),
)
_LONGEST = 220


def zone_of(heading: str) -> Zone | None:
    """Tell what a heading opens, or None when its words do not say (the zone above holds on)."""
    words = " ".join(heading.casefold().split())
    return next((zone for zone, pattern in _ZONES if pattern.match(words)), None)


def read_body_heading(text: str, *, has_children: bool) -> BodyHeading | None:
    """Read a heading that names bodies, with or without an order after its colon, or None for any other line."""
    call = _CALL.match(text)
    at = call.end() if call else 0
    bodies = read_bodies(text, at)
    if bodies is None:
        return None
    requested = bool(call and call.group(1))
    end = bodies.end
    rest = text[end:].lstrip()
    bracket = _BRACKET.match(rest)
    if bracket:
        rest = rest[bracket.end() :].lstrip()
    if rest.strip(" :;.") == "" or _DUTY_OF.fullmatch(rest.strip()):
        return BodyHeading(bodies.names, requested, None)
    if rest.startswith(":"):
        inline = rest[1:].lstrip()
        return BodyHeading(bodies.names, requested, len(text) - len(inline))
    short = has_children and len(text) < _LONGEST and not re.search(r"[.;]$", text.strip())
    if short and (ACT.match(rest) is None or text.rstrip().endswith(":")):
        return BodyHeading(bodies.names, requested, None)
    return None


def is_heading(text: str, *, has_children: bool) -> bool:
    """Tell whether a marked line is a heading rather than a provision of its own."""
    text = text.strip()
    if has_children:
        return True
    return len(text) < 120 and not re.search(r"[.;]$", text) and ":" not in text[:-1]
