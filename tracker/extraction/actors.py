"""Who must act: the bodies that a provision orders, read from its opening or from behind the order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.extraction.acts import ACT
from tracker.extraction.letters import UPPER, words
from tracker.extraction.lists import Bodies, read_bodies, tidy
from tracker.extraction.names import Sort, find_area_class


@dataclass(frozen=True, slots=True)
class Actor:
    """Who must act, read from a provision."""

    names: tuple[str, ...]
    #: They are asked, not told.
    requested: bool
    #: Where the order itself begins, after the names; 0 when the names stand behind it.
    end: int


#: What may stand before the one who must act: a stage, or a clause that ends in a comma.
_STAGE = re.compile(
    r"(?:(?i:giai đoạn|bước|đợt|năm|quý) [\dIVX]+\s*(?:\([^()]{0,90}\)\s*)?:\s*|(?i:ngoài ra|đồng thời|bên cạnh đó"
    r"|riêng|trước mắt),?\s+)"
)
_CLAUSE = re.compile(
    r"(?i:hằng|hàng|định kỳ|căn cứ|trên cơ sở|theo|trong|ngoài|trước|sau|khi|nếu|trường hợp|để|nhằm|từ|đến"
    r"|chậm nhất|năm|quý"
    r"|tùy|thực hiện (?:kế hoạch|chỉ đạo|nhiệm vụ|chỉ thị|nghị quyết|chương trình|đề án)|quá trình|ngay|kể từ"
    r"|với|bên cạnh|qua|nhân|tháng|cuối|đầu|ngày|vào|mỗi|phát huy|tại|do đó|giao trách nhiệm)\s"
)
#: What goes on with the clause behind a comma ("Căn cứ chức năng, nhiệm vụ được giao, …").
_CLAUSE_GOES_ON = re.compile(
    r"(?i:nhiệm vụ|quyền hạn|thẩm quyền|lĩnh vực|điều kiện|tình hình|kế hoạch|hướng dẫn|đặc điểm|trước|hằng|hàng"
    r"|hoặc|khi|nếu"
    r"|năm|quý|\d|định kỳ|trên cơ sở|căn cứ|theo|phạm vi|tháng|vướng mắc|khó khăn|phát sinh|cần|để|đột xuất"
    r"|chương trình|nội dung"
    r"|yêu cầu|chỉ tiêu|mục tiêu|giải pháp|văn bản|quyết định|chỉ thị|nghị quyết|thực tế|khả năng|chậm nhất|sau"
    r"|trong|ngày|từ)\b"
)
_CLAUSE_ENDS = re.compile(r"[.;:]\s|[:;]")
_LONGEST_CLAUSE = 300
_MOST_COMMAS = 5
_CALL = re.compile(
    r"(?:(?i:UBND|Ủy ban nhân dân|(?:Phó )?Chủ tịch UBND|(?:Phó )?Chủ tịch Ủy ban nhân dân|Ban Chỉ đạo"
    r"|Ban Thường vụ Tỉnh ủy)"
    r"(?:\s(?i:tỉnh|thành phố|huyện|xã|phường)(?:\s[^\W\d_]+){0,3}?)?,?\s)?"
    r"(?P<call>(?i:(?:trân trọng |kính |và )?đề nghị|giao (?:thêm )?(?:nhiệm vụ|trách nhiệm) cho|giao nhiệm vụ"
    r"|giao cho|giao"
    r"|yêu cầu|phân công|đối với|trách nhiệm của|nhiệm vụ của|ủy quyền cho|ủy quyền)):?\s+"
)
_QUALIFIED = re.compile(
    r"^(?:(?:được (?:giao|phân công|yêu cầu|đề nghị)(?: (?:nhiệm vụ|chủ trì))?|nêu trên|nói trên"
    r"|(?:có )?liên quan|cùng cấp|khác|còn lại"
    r"|(?:trên|tại) địa bàn(?: (?:toàn )?(?:tỉnh|thành phố|huyện|xã))?|trong toàn tỉnh|trong tỉnh|thuộc tỉnh"
    r"|trực thuộc"
    r"|từ (?:tỉnh|thành phố|huyện) đến (?:cơ sở|xã|thôn)|là cơ quan thường trực[^.;:]{0,60},)\s+)+"
)
#: A clause between the body and what it must do ("UBND các xã khi nhận được tin báo phải …").
_INSERTED = re.compile(
    r"\s*,?\s*(?:[-–] |(?:khi|nếu|trong|căn cứ|trên cơ sở|theo|được|có|là|nơi|đã|đang|thuộc|hằng|hàng|định kỳ|trước|sau"
    r"|tại|ở|chưa|nhận|để)\s)[^.;:]{0,220}?\s(?:phải|có trách nhiệm|chịu trách nhiệm|có nhiệm vụ)\s"
    r"|\s*,?\s*(?:nếu |khi )?(?:có|gặp)\s[^.;:]{0,40}(?:khó khăn|vướng mắc|phát sinh)[^.;:]{0,60}?\s"
    r"(?:báo cáo|phản ánh|trao đổi|gửi|liên hệ|đề xuất)\s"
)
#: The subject of an order before its colon ("Cai nghiện tại cộng đồng: UBND cấp xã thành lập …").
_SUBJECT = re.compile(rf"[{UPPER}][^.;:]{{3,140}}:\s+(?=[{UPPER}])")
#: A class of bodies that is spelt out in brackets behind a description of it.
_SPELT_OUT = re.compile(
    r"(?i:(?:các|những) )?(?i:lực lượng|cơ quan|ngành|đơn vị|tổ chức)\s[^.;:()]{0,110}?\((?P<who>[^()]{5,200})\)\s+"
)
#: What was brought about is told, not ordered ("mỗi xã xây dựng được ít nhất 01 mô hình").
_BROUGHT_ABOUT = re.compile(r"\s+(?!phải|cần)[^\W\d_]+(?: [^\W\d_]+)?\s+được\b")
_BRACKET = re.compile(r"\s*\([^()]{0,200}\)")
_UNNAMED = re.compile(
    r"[^,.;:()]{3,80}?(?=\s(?:là |chủ trì|chịu trách nhiệm|có trách nhiệm|làm đầu mối|phối hợp|tham mưu|theo dõi))"
)
_NOT_A_BODY = re.compile(
    r"(?i:chỉ tiêu|nhiệm vụ|trách nhiệm|kinh phí|quyền|việc|kế hoạch|đất|rừng|ban|thông|lưu"
    r"|dịch|tiếp)\b"
)
_AREA_ACTS = re.compile(
    r"\s+(?:phải|cần|chủ trì|chủ động|có trách nhiệm|chịu trách nhiệm|xây dựng|báo cáo|tổ chức|rà soát"
    r"|triển khai|thực hiện"
    r"|căn cứ|tập trung|tiếp tục)\b"
)
#: Small words behind a body that make it a mere part of a phrase.
_NO_ORDER = words(
    "và hoặc của với được bị đã đang có những các cho để từ tại ở trong trên về như nơi khi nếu thì mà đến vào "
    "này đó nói còn chưa thuộc gồm cùng theo do bằng qua hay ngoài người nhân cán tỉnh huyện xã cấp số không cũng "
    "sẽ rất nhất mới trước sau vì nhưng bao nhằm năm giai đồng mọi mỗi một hai ba lực cơ đơn địa vừa vẫn luôn "
    "từng thường đều cả"
)
_WORD = re.compile(r"\s+([^\W\d_]+)")
#: "… do Sở Y tế chủ trì".
#: What is done by somebody is ordered when the sentence is about it; "hội thi do Bộ tổ chức" tells, it orders nothing.
_ABOUT = re.compile(r"(?i:việc|công tác|nội dung|nhiệm vụ)\s")
_BY = re.compile(r"\b(?:do|giao)\s(?=[^\W\d_])")
_BY_ACTS = re.compile(
    r"\s+(?:làm )?(?:chủ trì|thực hiện|chịu trách nhiệm|đảm nhiệm|phụ trách|đầu mối"
    r"|tổ chức thực hiện|là cơ quan)\b"
)
_SENTENCE = re.compile(r"[.;]\s+")


def read_actor(text: str, *, owned: bool = False) -> Actor | None:
    """Read who must act, or None when the provision names nobody who must.

    "UBND các xã xây dựng …", "Giao Công an tỉnh …", "Giai đoạn 1: Công an tỉnh rà soát …", "Căn cứ Kế hoạch này, các sở
    …". A body counts only when an order follows it, so that a provision about a body is not taken for one to it. Unless
    the provision is `owned` by the heading above it, a body that is named behind the order counts too where the words
    leave no doubt ("… do Sở Y tế chủ trì", "…; giao Sở Y tế …").
    """
    stage = _STAGE.match(text)
    at = stage.end() if stage else 0
    actor = _at(text, at)
    if actor:
        return actor
    for place in _behind_clause(text, at):
        actor = _at(text, place, strict=True)
        if actor:
            return actor
    subject = None if owned else _SUBJECT.match(text, at)
    if subject:
        actor = _at(text, subject.end(), strict=True, areas=False)
        if actor:
            return actor
    return None if owned else _read_late(text)


def read_later_actors(text: str, after: int) -> tuple[str, ...]:
    """Read further bodies that a later clause of the same provision orders to act."""
    found: list[str] = []
    for match in _SENTENCE.finditer(text, max(0, after)):
        actor = read_actor(text[match.end() : match.end() + 400], owned=True)
        if actor:
            found += [name for name in actor.names if name not in found]
    return tuple(found)


def _at(text: str, at: int, *, strict: bool = False, areas: bool = True) -> Actor | None:
    call = _CALL.match(text, at)
    kind = call.group("call").casefold() if call else ""
    requested = kind.endswith("đề nghị")
    if call:
        at = call.end()
    bodies = read_bodies(text, at)
    area = find_area_class(text, at) if areas else None
    if area and (bodies is None or area > bodies.end) and _acts(text, area):
        return Actor((tidy(text[at:area]),), requested, area)
    spelt_out = _SPELT_OUT.match(text, at)
    if spelt_out and (bodies is None or bodies.end < spelt_out.start("who")) and ACT.match(text, spelt_out.end()):
        members = read_bodies(spelt_out["who"])
        if members and members.end == len(spelt_out["who"]):
            return Actor(members.names, requested, spelt_out.end())
    if bodies is None:
        if kind.startswith("giao") and not _NOT_A_BODY.match(text, at):
            unnamed = _UNNAMED.match(text, at)
            return Actor((tidy(unnamed.group()),), requested, unnamed.end()) if unnamed else None
        return None
    if _is_ordered(text, bodies, kind, strict=strict):
        return Actor(bodies.names, requested, bodies.end)
    return None


def _acts(text: str, area: int) -> bool:
    """Tell whether an order follows a class of areas ("mỗi xã, phường", "các thôn, bản")."""
    acts = _AREA_ACTS.match(text, area) or _INSERTED.match(text, area) or ACT.match(text, area + 1)
    return acts is not None and _BROUGHT_ABOUT.match(text, area) is None


def _is_ordered(text: str, bodies: Bodies, call: str, *, strict: bool) -> bool:
    bracket = _BRACKET.match(text, bodies.end)
    end = bracket.end() if bracket else bodies.end
    rest = text[end : end + 200].lstrip()
    rest = _QUALIFIED.sub("", rest, count=1)
    if rest[:1] == ":":
        return True
    if strict and rest[:1] == ",":
        return False
    if ACT.match(rest.lstrip(", ")):
        return True
    if call:
        return bool(rest) and (call != "đối với" or (bodies.sort is Sort.FIXED and rest[:1] == ","))
    if not strict and _INSERTED.match(text, end):
        return True
    word = _WORD.match(text, end)
    return (
        word is not None
        and bodies.sort is not Sort.CLASS
        and word.group(1)[0].islower()
        and word.group(1) not in _NO_ORDER
        and len(bodies.names[-1]) > 6
    )


def _behind_clause(text: str, at: int) -> Iterator[int]:
    """Give the places behind the commas of a clause that leads up to the one who must act."""
    if not _CLAUSE.match(text, at):
        return
    stop = _CLAUSE_ENDS.search(text, at)
    until = min(stop.start() if stop else len(text), at + _LONGEST_CLAUSE)
    for _ in range(_MOST_COMMAS):
        at = text.find(", ", at, until) + 2
        if at < 2:
            return
        yield at
        if not _CLAUSE_GOES_ON.match(text, at):
            return


def _read_late(text: str) -> Actor | None:
    for match in _SENTENCE.finditer(text):
        actor = _at(text, match.end(), strict=True, areas=False)
        if actor and _is_certain(text, match.end()):
            return Actor(actor.names, actor.requested, 0)
    for match in _BY.finditer(text):
        if not _ABOUT.match(text) and text[: match.start()].rstrip()[-1:] not in (",", ";", "(", "."):
            continue
        bodies = read_bodies(text, match.end())
        if bodies and _BY_ACTS.match(text, bodies.end):
            return Actor(bodies.names, False, 0)
    return None


def _is_certain(text: str, at: int) -> bool:
    """Tell a later sentence that orders a body from one that only tells of it: it calls it, or begins with its name."""
    call = _CALL.match(text, at)
    return text[at] in UPPER or (
        call is not None and call["call"].casefold().endswith(("giao", "cho", "đề nghị", "yêu cầu"))
    )
