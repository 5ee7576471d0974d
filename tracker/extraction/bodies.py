"""Which bodies a piece of text names: as those who must act, as those to work with, as those to report to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.extraction.names import AREAS, BODY, BRACKET_LIST, FIELD, FIELD_LIST, JOINER

#: Words with which an order begins, and which therefore end a name of a body that has no fixed form.
_ACTS = (
    "rà soát|tham mưu|xây dựng|triển khai|tổ chức(?! (?:thành viên|chính trị|đoàn thể))|tăng|đẩy mạnh|đẩy nhanh"
    "|đề xuất|kiểm tra|kiểm soát"
    "|thực hiện|hướng dẫn|làm tốt|làm rõ|chỉ đạo|đấu tranh|ban hành|phát động|nghiên cứu|tập trung|quản lý|vận động"
    "|tuyên truyền|xử lý|thống kê"
    "|phát hiện|ngăn chặn|duy trì|lập|tiếp tục|chủ động|thường xuyên|đưa|mở|nắm|giúp|bảo đảm|đảm bảo|hỗ trợ|đôn đốc"
    "|thanh tra|giám sát"
    "|giải quyết|trao đổi|cung cấp|phổ biến|bố trí|điều tra|xác định|xác minh|xác lập|rút|chọn|nâng cao|hoàn thiện"
    "|kịp thời|đăng tải"
    "|đánh giá|tổng hợp|báo cáo|khai thác|cập nhật|tiến hành|phân công|phân loại|xóa|bồi dưỡng|đào tạo|tập huấn"
    "|chuẩn bị|giới thiệu|động viên|khen"
    "|lồng ghép|thẩm định|trình|thành lập|huy động|gửi|biên soạn|thiết lập|vận hành|nhân rộng|sửa|lắp|khảo sát|ký"
    "|tiếp nhận"
    "|công bố|gắn|hoàn thành|căn cứ|có trách nhiệm|chịu trách nhiệm|chịu|phải|cần|chủ trì|là|phối hợp|phản ánh"
    "|nghiêm túc|tích cực"
    "|quyết liệt|theo dõi|kết hợp|phát huy|bám sát|quán triệt|khẩn trương|phân bổ|cân đối|thu thập|phòng ngừa|triệt"
    "|truy|đặt|soạn|nhận|in|dạy"
    "|tuần tra|xét xử|truy tố|phê duyệt|quyết định|khắc phục|bổ sung|áp dụng|ứng dụng|thông báo|tham gia|vận dụng"
    "|chấp hành"
    "|sơ kết|tổng kết|đầu tư|khuyến khích|kiến nghị|xem xét|gặp gỡ|khám|nhân rộng|rèn luyện|hoàn chỉnh|lắng nghe|cử"
)
ACT = re.compile(rf"(?i:{_ACTS})\b")
_STOP = re.compile(
    rf"[.;:()“”\"\n]|,(?! (?:các |chống|ngành|ban|đoàn thể|phát thanh|truyền hình|tổ chức|đơn vị|địa phương|cơ quan))"
    rf"|\b(?:{_ACTS}|trong|để|nhằm|theo|tại|khi|qua|như|cho|về việc|trước|từ ngày|có liên quan (?=\w))\b"
)
_VAGUE_HEAD = re.compile(
    r"(?i:(?:các|những) \w+|cơ quan|đơn vị|(?:các )?lực lượng|trạm y tế|chính quyền|nhà trường|gia đình|cấp ủy"
    r"|ngành|địa phương)\b"
)
_WITH = re.compile(r"\b(?i:phối hợp)(?: chặt chẽ| thường xuyên)?(?:, hỗ trợ)?(?P<with> với| cùng với| cùng)? (?=\S)")
_FOREWORD = re.compile(
    r"(?:(?i:giai đoạn|bước|đợt|năm|quý) [\dIVX]+\s*:\s*|(?i:trong )?(?i:quá trình (?:tổ chức "
    r"|triển khai )?thực hiện),?\s*"
    r"(?:(?i:nếu|trường hợp|khi) [^.;]{0,80}?,\s*(?=(?i:các|UBND|Ủy ban|Sở|Công an)\b))?)"
)
_CALL = re.compile(
    r"(?:(?i:UBND|Ủy ban nhân dân|Chủ tịch UBND|Chủ tịch Ủy ban nhân dân) (?i:tỉnh) )?"
    r"(?P<call>(?i:đề nghị|giao nhiệm vụ cho|giao cho|giao|yêu cầu|phân công|đối với|trách nhiệm của)):?\s+"
)
#: Which of them, between the name and the order ("… được giao nhiệm vụ gửi báo cáo").
_QUALIFIED = re.compile(
    r"^(?:được (?:giao|phân công)(?: nhiệm vụ)?|nêu trên|nói trên|(?:có )?liên quan|trên địa bàn(?: tỉnh)?"
    r"|trong toàn tỉnh)\s+"
)
_UNNAMED = re.compile(r"[^,.;:()]{3,80}?(?= (?:là |chủ trì|chịu trách nhiệm|có trách nhiệm|làm đầu mối|phối hợp))")
_VIA = re.compile(r"\((?i:thông qua|qua) (?P<via>[^;)]{3,120})")
_REPORT = re.compile(
    r"\b(?i:báo cáo|gửi|phản ánh)\b(?P<between>(?:(?!\b(?:báo cáo|gửi)\b)[^.;()]){0,120}?)"
    r"(?:(?<= )(?:gửi )?(?:về|cho|đến|lên|gửi) )?(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Bodies:
    """Bodies read in a row, and where the reading stopped."""

    names: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Who must act, read from the opening of a provision."""

    names: tuple[str, ...]
    #: They are asked, not told.
    requested: bool
    #: Where the order itself begins, after the names.
    end: int


def read_bodies(text: str, at: int = 0) -> Bodies | None:
    """Read the list of bodies that begins exactly at a place: "Sở Y tế, Công an tỉnh và UBND các xã, phường"."""
    names: list[str] = []
    end = at
    while True:
        spelt = _spelt_out(text, at)
        match = BODY.match(text, at)
        if spelt:
            names += spelt.names
            end = spelt.end
        elif match and _is_named(match.group()):
            names.append(_tidy(match.group()))
            end = match.end()
        else:
            break
        joiner = JOINER.match(text, end)
        if not joiner:
            break
        at = joiner.end()
    return Bodies(tuple(names), at, end) if names else None


def read_actor(text: str) -> Actor | None:
    """Read who must act from the opening of a provision, or None when it opens with the order itself.

    "UBND các xã xây dựng …", "Giao Công an tỉnh …", "Giai đoạn 1: Công an tỉnh rà soát …". A body counts only when an
    order follows it, so that a provision about a body is not taken for one to it.
    """
    at = 0
    foreword = _FOREWORD.match(text)
    if foreword and foreword.end():
        at = foreword.end()
    call = _CALL.match(text, at)
    called = False
    requested = False
    if call:
        called = True
        requested = call.group("call").casefold() == "đề nghị"
        at = call.end()
    bodies = read_bodies(text, at)
    if bodies is None:
        areas = AREAS.match(text, at)
        if areas and re.match(r"\s+(?:phải|cần|chủ trì|có trách nhiệm)\b", text[areas.end() :]):
            return Actor((areas.group(),), requested, areas.end())
        unnamed = _UNNAMED.match(text, at) if call and call.group("call").casefold().startswith("giao") else None
        return Actor((unnamed.group(),), requested, unnamed.end()) if unnamed else None
    rest = text[bodies.end : bodies.end + 200].lstrip()
    if rest.startswith("("):
        rest = rest.partition(")")[2].lstrip()
    rest = _QUALIFIED.sub("", rest, count=1)
    if ACT.match(rest.lstrip(", ")) or rest[:1] == ":" or (called and rest):
        return Actor(bodies.names, requested, bodies.end)
    return None


def read_later_actors(text: str, after: int) -> tuple[str, ...]:
    """Read further bodies that a later clause of the same provision orders to act."""
    found: list[str] = []
    for match in re.finditer(r"[.;]\s+", text):
        if match.start() < after:
            continue
        actor = read_actor(text[match.end() : match.end() + 400])
        if actor:
            found += [name for name in actor.names if name not in found]
    return tuple(found)


def read_partners(text: str) -> tuple[str, ...]:
    """Read the bodies named as those to work with ("phối hợp với …"), as printed, vague ones too."""
    found: list[str] = []
    for match in _WITH.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()].casefold()
        if before.endswith(("kế hoạch ", "quy chế ", "chương trình ", "công tác ", "cơ chế ")):
            continue
        found += [name for name in _row(text, match.end()) if name not in found]
    return tuple(found)


def read_report(text: str) -> tuple[str | None, str | None]:
    """Read where a report goes and through whom ("… về UBND tỉnh (qua Công an tỉnh)")."""
    via = _VIA.search(text)
    if via:
        before = text[: via.start()].rstrip()
        ends = [match for match in BODY.finditer(before, max(0, len(before) - 120)) if match.end() == len(before)]
        return (_tidy(ends[0].group()) if ends else None), _tidy(via.group("via"))
    for match in _REPORT.finditer(text):
        at = match.end()
        bodies = read_bodies(text, at)
        if bodies and bodies.names[0].casefold() not in ("biên phòng", "hải quan"):
            return _tidy(text[at : bodies.end]), None
        if re.search(r"(?:về|đến|lên) $", text[max(0, at - 5) : at]):
            vague = re.match(r"(?:cơ quan|đơn vị)(?: \w+){1,2}", text[at:])
            if vague:
                return vague.group(), None
    return None, None


def _row(text: str, at: int) -> list[str]:
    names: list[str] = []
    while True:
        match = BODY.match(text, at)
        vague = _VAGUE_HEAD.match(text, at)
        if match and not (vague and match.group().startswith(("các ", "những "))):
            names.append(_tidy(match.group()))
            end = match.end()
        elif vague:
            stop = _STOP.search(text, vague.end())
            end = stop.start() if stop else len(text)
            longer = match.end() if match else 0
            end = max(end, longer)
            names.extend(_parts(text[at:end]))
        else:
            break
        joiner = JOINER.match(text, end)
        if not joiner:
            break
        at = joiner.end()
    return names


def _parts(phrase: str) -> list[str]:
    """Split "các địa phương và các cơ quan có chức năng"; a list with a shared modifier stays whole."""
    parts = re.split(r" và (?=(?:các|những) )", phrase.strip(" ,"))
    return [_tidy(part) for part in parts if part.strip()]


def _spelt_out(text: str, at: int) -> Bodies | None:
    match = BRACKET_LIST.match(text, at)
    if match:
        names = tuple(_tidy(name) for name in re.split(r",\s+|\s+và\s+|;\s+", match.group(1)) if name.strip(" .…"))
        return Bodies(names, at, match.end())
    match = FIELD_LIST.match(text, at)
    if not match:
        return None
    members: list[str] = []
    end = match.end()
    while True:
        body = BODY.match(text, end) or FIELD.match(text, end)
        if not body:
            break
        name, end = body.group(), body.end()
        act = ACT.search(name)
        if act and act.start():
            end = body.start() + act.start()
            name = name[: act.start()]
        members.append(_tidy(name))
        joiner = JOINER.match(text, end)
        if not joiner:
            break
        end = joiner.end()
    ellipsis = re.match(r"\s*(?:\.\.\.|…)", text[end:])
    return Bodies(tuple(members), at, end + (ellipsis.end() if ellipsis else 0)) if len(members) > 1 else None


def _is_named(name: str) -> bool:
    """Tell a body from a common word: the class words alone ("tổ chức, đơn vị") need no capital, a proper name does."""
    return len(name) > 3


def _tidy(name: str) -> str:
    return " ".join(name.split()).strip(" ,;:.-–")
