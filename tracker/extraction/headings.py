"""Headings: which of them name a body, which open objectives, measures or assignments."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from tracker.extraction.bodies import ACT, read_bodies
from tracker.extraction.letters import words


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
    r"(?i:(đề nghị)|giao(?: nhiệm vụ)?(?: cho)?|đối với|(?:trách nhiệm|nhiệm vụ)(?: cụ thể)? của"
    r"|yêu cầu)(?:\s+(?:các đồng chí|đồng chí))?:?\s+"
)
_DUTY_OF = re.compile(
    r"(?i:(?:có|chịu) (?:trách nhiệm|nhiệm vụ)|chủ trì|thực hiện)(?: thực hiện| các nhiệm vụ(?: sau)?)?\s*[:.]?$"
)
_BRACKET = re.compile(r"\([^()]{0,160}\)\s*")
_MANY = r"(?:(?:các|một số|những|nhóm|hệ thống|về|phần) )*"
_PURPOSES = (
    r"mục đích|yêu cầu(?! (?:các|thủ|chủ|giám|ubnd|ủy|sở|công|đơn|cơ|người))|quan điểm|căn cứ|phạm vi|đối tượng"
    r"|(?:(?:đánh giá|khái quát|đặc điểm|sơ lược) )*tình hình"
    r"|đặc điểm|sự cần thiết|nguyên tắc|cơ sở (?:pháp lý|chính trị|thực tiễn|xây dựng)|phương châm|bối cảnh"
    r"|thực trạng|đánh giá (?:chung|kết quả|thực trạng)"
    r"|kết quả (?:đạt được|thực hiện|công tác)|tồn tại|hạn chế|khó khăn|thuận lợi|nguyên nhân|bài học|dự báo|ý nghĩa"
    r"|giải thích|khái niệm|tư tưởng chỉ đạo"
)
_ZONES = (
    (
        Zone.FUNDING,
        re.compile(
            rf"{_MANY}(?:nguồn )?kinh phí|dự toán|{_MANY}nguồn (?:vốn|lực)|vốn (?:và|thực hiện|đầu tư)|ngân sách"
            rf"|cơ chế tài chính|tài chính$|bảo đảm kinh phí"
        ),
    ),
    (
        Zone.ASSIGNMENT,
        re.compile(
            r".{0,40}(?:phân công|trách nhiệm|tổ chức thực hiện|tổ chức triển khai)|điều khoản thi hành"
            r"|triển khai thực hiện$"
            r"|(?:thực hiện )?chế độ (?:thông tin,? ?)?báo cáo|thông tin,? báo cáo|nhiệm vụ (?:của"
            r"|cụ thể của) (?:các )?(?:sở|cơ quan|đơn vị|ngành)"
        ),
    ),
    (Zone.MEASURE, re.compile(r"mục tiêu,? (?:và )?nhiệm vụ")),
    (
        Zone.OBJECTIVE,
        re.compile(
            rf"{_MANY}(?:mục tiêu|chỉ tiêu)|(?:mục đích|quan điểm|nguyên tắc|phạm vi"
            rf"|định hướng)[^.;:]{{0,30}}(?:mục tiêu|chỉ tiêu)"
        ),
    ),
    (Zone.PURPOSE, re.compile(_MANY + f"(?:{_PURPOSES})")),
    (
        Zone.MEASURE,
        re.compile(
            r".{0,60}(?:nhiệm vụ|giải pháp|nội dung|biện pháp|lộ trình|thời gian|tiến độ|giai đoạn)"
            r"|.{0,20}(?:hoạt động|công việc|các bước|kế hoạch thực hiện)"
        ),
    ),
)
_LONGEST = 220
_CAPITAL_WORD = re.compile(r"[^\W\d_]+")
_SHORT_FORMS = words(
    "UBND HĐND MTTQ MTTQVN VKSND TAND BCĐ BCH BĐBP LHPN CCB THCS THPT TNHH MTV LĐTBXH VNPT BHXH NHNN NHCSXH"
)
_COMMON_WORDS = words(
    "VÀ CỦA CÁC TỈNH HUYỆN THÀNH PHỐ THỊ XÃ PHƯỜNG QUẬN TRẤN ĐẶC KHU THÔN CẤP CÓ CHỊU TRÁCH NHIỆM THỰC HIỆN TRÊN "
    "ĐỊA BÀN SAU NHIỆM VỤ CHO ĐỐI VỚI NGHỊ GIAO THỂ NGÀNH CHỨC LIÊN QUAN"
)
#: A clause that narrows a class down is no part of its name ("Công an 16 xã phấn đấu đạt mục tiêu …").
_NARROWS = re.compile(r"(?:phấn đấu|đạt|đăng ký|có|đã|chưa|được)\b")
#: Words that go on right behind a name, up to the colon or the bracket.
_QUALIFIES = re.compile(rf"{ACT.pattern}|\b(?:phấn đấu|được|có|là|trong|trên|tại|đóng|mà|đang|đã|và)\b")
_REST = re.compile(r" [^\W\d_][^:;.()–“\"-]*")


def zone_of(heading: str) -> Zone | None:
    """Tell what a heading opens, or None when its words do not say (the zone above holds on)."""
    words = " ".join(heading[:120].casefold().split())
    return next((zone for zone, pattern in _ZONES if pattern.match(words)), None)


def read_body_heading(text: str, *, has_children: bool) -> BodyHeading | None:
    """Read a heading that names bodies, with or without an order after its colon, or None for any other line."""
    evened = _in_small_letters(text) if len(text) < _LONGEST and text.isupper() else text
    if not evened.isupper() and evened != text and len(evened) == len(text):
        heading = read_body_heading(evened, has_children=has_children)
        return replace(heading, names=tuple(name.upper() for name in heading.names)) if heading else None
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
    if rest[:1].isupper() and ACT.match(rest):  # the line end between the heading and the order is gone
        return BodyHeading(bodies.names, requested, len(text) - len(rest))
    if rest.startswith(":"):
        inline = rest[1:].lstrip()
        return BodyHeading(bodies.names, requested, len(text) - len(inline))
    short = has_children and len(text) < _LONGEST and not re.search(r"[.;]$", text.strip())
    if short and (ACT.match(rest) is None or _NARROWS.match(rest) or text.rstrip().endswith(":")):
        return BodyHeading(_with_rest(bodies.names, text[end:]), requested, None)
    return None


def _in_small_letters(text: str) -> str:
    """Give a heading in capitals as it would stand in a sentence, letter for letter."""
    return _CAPITAL_WORD.sub(lambda match: _in_a_sentence(match.group()), text)


def _in_a_sentence(word: str) -> str:
    if word in _SHORT_FORMS:
        return word
    return word.lower() if word in _COMMON_WORDS else word.capitalize()


def _with_rest(names: tuple[str, ...], rest: str) -> tuple[str, ...]:
    """Give the last name with the words behind it that belong to it ("Ban Chỉ đạo" + "liên ngành các huyện")."""
    more = _REST.match(rest)
    if (
        more is None
        or len(more.group()) > 80
        or rest[more.end() :][:1] not in ("", ":", "(")
        or _QUALIFIES.search(more.group())
    ):
        return names
    return (*names[:-1], f"{names[-1]}{more.group().rstrip()}")
