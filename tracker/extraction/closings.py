"""The last words of a document, and the last words before its list: both may charge bodies with the whole of it."""

from __future__ import annotations

import re

from tracker.extraction.assignments import read_cell
from tracker.extraction.bodies import ACT, Actor, read_actor, read_bodies

#: How a paragraph opens that closes a document or a covering decision.
_CLOSES = re.compile(
    r"(?:Trên đây là|Trong quá trình|Quá trình (?:tổ chức|triển khai|thực hiện)|Yêu cầu |Đề nghị |Nhận được"
    r"|Căn cứ (?:Kế hoạch|Chỉ thị|nội dung)"
    r"|(?:Chỉ thị|Kế hoạch|Quyết định|Công văn|Văn bản) này |Các (?:sở|cơ quan|đơn vị|cấp)|Thủ trưởng |Giao "
    r"|UBND tỉnh yêu cầu"
    r"|(?:Chủ tịch )?(?:UBND|Ủy ban nhân dân) (?:tỉnh|thành phố|huyện|xã|phường) (?:yêu cầu|đề nghị|giao)|Trường hợp"
    r"|Nếu có)"
)
_CALL = re.compile(r"\b(?P<call>(?i:yêu cầu|đề nghị|giao|chỉ đạo))(?: cho)?(?: đồng chí)?:?\s+")
_CLAUSE = re.compile(r"[,;.:]\s+")
#: "Chánh Văn phòng …; Giám đốc các sở … chịu trách nhiệm thi hành Quyết định này": the last article of a decision.
_CARRIES_OUT = re.compile(
    r"(?:Các (?:ông|ông \(bà\)|đồng chí)\s*:?\s*)?(?P<who>(?:Chánh|Giám đốc|Thủ trưởng|Chủ tịch|Các"
    r"|Trưởng)[^.]{5,900}?)\s*"
    r"(?:căn cứ Quyết định|(?:chịu|có) trách nhiệm (?:tổ chức )?(?:thi hành|thực hiện|triển khai)|thi hành Quyết định)"
)
#: It says who carries out the decision as a whole and gives nobody work of its own.
_WHOLE_DECISION = re.compile(r"(?:thi hành|thực hiện) (?:các nội dung )?Quyết định này|Quyết định (?:này )?thi hành")
_COMMA = re.compile(r",\s+")
#: How long the clause before the name of a body may be.
_LONGEST_INTRODUCTION = 260
_LONGEST_NAME = 130
_ORDER = re.compile(r"\s*(?:phải |cần |khẩn trương |nghiêm túc |chủ động |tập trung |phản ánh|báo cáo|kịp thời )")


def closes(text: str) -> bool:
    """Tell a paragraph that opens as the closing of a document does."""
    return _CLOSES.match(text) is not None


def read_later_subject(text: str) -> Actor | None:
    """Read who must act where an opening clause stands before the name ("Khi có bão, UBND các xã sơ tán dân …")."""
    for match in _COMMA.finditer(text, 8, _LONGEST_INTRODUCTION):
        if ACT.match(text, match.end()):
            return None  # an order begins whose owner is not named; bodies in it are those to work with
        found = _charged(text, match.end(), requested=False)
        if found:
            return found
    return None


def read_unknown_subject(text: str, between: re.Pattern[str]) -> Actor | None:
    """Read a body that no rule knows from the opening of an order in a list of assignments.

    "Khu phố trưởng các khu phố thường xuyên …": the name goes up to the first verb in small letters. `between` tells
    where one body of several ends.
    """
    for act in ACT.finditer(text, 4, _LONGEST_NAME):
        if act.group()[0].islower() and text[act.start() - 1] == " ":
            name = text[: act.start()].strip()
            if ("," in name and between.search(name) is None) or re.search(r"[.;:]", name):
                return None
            return Actor(tuple(between.split(name)), False, act.start())
    return None


def carries_out_decision(text: str) -> bool:
    """Tell the last article of a decision: all who are concerned carry it out."""
    who = _CARRIES_OUT.match(text)
    return who is not None and _WHOLE_DECISION.search(text, who.end("who")) is not None and len(text) < 1200


def read_closing(text: str) -> Actor | None:
    """Read who is charged by a closing paragraph, wherever in it they are named, or None when nobody is."""
    actor = read_actor(text)
    if actor:
        return actor
    carries_out = _CARRIES_OUT.match(text)
    if carries_out:
        names = read_cell(carries_out["who"])[0]
        if names:
            return Actor(names, False, carries_out.end("who"))
    for match in _CALL.finditer(text):
        found = _charged(text, match.end(), requested=match["call"].casefold() == "đề nghị")
        if found:
            return found
    for match in _CLAUSE.finditer(text):
        found = _charged(text, match.end(), requested=False)
        if found:
            return found
    return None


def read_lead(text: str) -> Actor | None:
    """Read who is charged with everything that follows ("… yêu cầu các sở, ngành thực hiện các nội dung sau:")."""
    last = None
    for match in _CALL.finditer(text, max(0, len(text) - 1000)):
        last = _charged(text, match.end(), requested=match["call"].casefold() == "đề nghị") or last
    return last


def _charged(text: str, at: int, *, requested: bool) -> Actor | None:
    bodies = read_bodies(text, at)
    if bodies is None:
        return None
    rest = text[bodies.end : bodies.end + 160].lstrip(" ,")
    if rest.startswith("("):
        rest = rest.partition(")")[2].lstrip()
    return Actor(bodies.names, requested, bodies.end) if ACT.match(rest) or _ORDER.match(rest) else None
