"""Whom the owner of a task works with: the bodies named behind "phối hợp với" and its like."""

from __future__ import annotations

import re

from tracker.extraction.acts import ends_name
from tracker.extraction.forms import FACILITY_HERE
from tracker.extraction.letters import words
from tracker.extraction.lists import JOINER, next_field, read_bodies, tidy
from tracker.extraction.names import Name, Sort, find_area_class, find_name, is_class_word

_HOW = (
    r"(?:,?(?:\svà)?\s(?:chặt chẽ|thường xuyên|đồng bộ|có hiệu quả|hiệu quả|tốt|nhịp nhàng|kịp thời|tích cực"
    r"|chủ động|trực tiếp|liên ngành"
    r"|hỗ trợ|giúp đỡ|kết hợp|tham gia|cộng tác|công tác|thống nhất))*"
)
_WITH = re.compile(
    rf"\b(?i:(?:phối hợp|phối,? kết hợp|phối kết hợp){_HOW})(?P<with>\s(?:cùng với|với|cùng|của))?\s(?=\S)"
    r"|\b(?i:kết hợp|liên kết|hợp tác|cùng)\s(?P<other>với)\s(?=\S)"
    r"|\b(?i:phối hợp)(?:,| và)\s(?:[^\W\d_]+\s){1,5}(?P<shared>với)\s(?=\S)"  # "phối hợp, trao đổi tin tức với …"
)
_NOT_WORK = re.compile(
    r"(?:(?<!xây dựng )kế hoạch|quy chế|chương trình|cơ chế|quy trình|văn bản|thỏa thuận|biên bản|hợp đồng"
    r"|nghị quyết liên tịch|thông tư)\s$",
    re.IGNORECASE,
)
_VAGUE_HEAD = re.compile(
    r"(?i:(?:các|những|mọi|từng|một số)\s[^\W\d_]+|cơ quan|đơn vị|(?:các )?lực lượng|chính quyền|nhà trường"
    r"|gia đình"
    r"|cấp ủy|ngành|địa phương|doanh nghiệp|đoàn thể|tổ chức|chủ đầu tư|nhân dân|mặt trận|phụ huynh|cha mẹ"
    r"|nhà mạng|nhà thầu|thôn trưởng|già làng|người có uy tín|người dân|chủ rừng|chủ cơ sở|chủ hộ|trường học|cán bộ"
    r"|bí thư chi bộ|giáo viên|học sinh"
    r"|trạm y tế|hộ gia đình|cộng đồng)(?!\w)"
)
_STOP_WORDS = words("trong để nhằm theo tại khi qua như cho trước nếu bằng vào do nên mà được có là đã nhất")
_COMMA_NOUNS = re.compile(
    r",\s(?:các\s|chống|phát thanh|truyền hình|báo chí|truyền thông|người|cha mẹ|gia đình|nhà trường|xã hội"
    r"|cao đẳng"
    r"|trung cấp|viễn thông|bưu chính|huyện|xã|phường|thị xã|thị trấn|thành phố|đặc khu|buôn|thôn|cá nhân"
    r"|vận tải|chuyển phát|lữ hành|khách sạn|thương mại|dịch vụ|tổ dân phố|khu phố|ấp|bản|trật tự(?: ở cơ sở)?"
    r"|cộng đồng)"
)
#: The neighbourhoods of a list, in small letters, are no bodies of their own there.
_COMMA_AREA = re.compile(r",\s(?:tổ dân phố|khu phố|khu dân cư|thôn|ấp|bản|buôn|khóm)(?!\s[A-ZĐ\d])(?!\w)")
_WORD = re.compile(r"[ \n]{1,2}([^\W_][\w/&-]*)|\s[-–](?=\s)")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
#: Behind these a class has no words of its own any more, only what _MODIFIES lists.
_CLOSED = re.compile(
    r"(?i:liên quan|chức năng|địa phương|sở|(?<!chuyên )ngành|cấp|(?<!đặc )xã|phường|huyện|thị xã|thành phố|tỉnh"
    r"|thị trấn|quận|thôn|đặc khu"
    r"|đoàn thể|thành viên|trực thuộc|địa bàn)$"
)
_MODIFIES = re.compile(
    r"(?:nhận ủy thác"
    r"|các (?:tỉnh|huyện|xã|phường|địa phương|nước|cấp)|có (?:liên quan|chức năng|thẩm quyền|điều kiện|rừng"
    r"|biển|dịch|đê|biên giới|nguy cơ)|liên quan|chức năng"
    r"|của|thuộc|trên(?! cơ sở)|đóng (?:trên|tại)|đứng chân"
    r"|ở (?:địa phương|cơ sở|các)|tại (?:địa phương|cơ sở|các)|cấp (?:tỉnh|huyện|xã|cơ sở|trên)|cùng cấp|các cấp"
    r"|trong (?:tỉnh|huyện|xã|khu vực|cả)"
    r"|trực thuộc|tỉnh|huyện|thành phố|xã(?! hội)|phường|giáp ranh|lân cận|khác|bạn|biên giới|ven biển|miền núi"
    r"|vùng|trọng điểm"
    r"|địa phương|trung ương|Trung ương|quần chúng|nhân dân|chính trị|xã hội)(?!\w)"
)
#: Where those live or work whom a body is to look after ("Công an xã nơi cư trú").
_NEAR = re.compile(
    r"\snơi(?:\s(?!để\b|nhằm\b|trong\b)[^\W\d_]+){0,4}?\s(?:cư trú|thường trú|tạm trú|sinh sống|làm việc"
    r"|học tập|công tác|hoạt động|đóng chân|(?:đặt|có|đóng) trụ sở)(?!\w)"
)
_MOST_WORDS = 40
_LAST_WORD = re.compile(r"[^\W\d_]+(?:\s[^\W\d_]+)?$")
_AGAIN = re.compile(r"với\s")
_AND_MORE = re.compile(r"\svà\s(?=(?:các|những)\s)")


def read_partners(text: str) -> tuple[str, ...]:
    """Read the bodies named as those to work with ("phối hợp với …"), as printed, vague ones too."""
    found: list[str] = []
    for match in _WITH.finditer(text):
        if match["other"] or match["shared"]:
            bodies = read_bodies(text, match.end())
            names = list(bodies.names) if bodies and bodies.sort is not Sort.CLASS else []
        elif _NOT_WORK.search(text, max(0, match.start() - 24), match.start()):
            continue
        else:
            names = _row(text, match.end())
        found += [name for name in names if name not in found]
    return tuple(found)


def _row(text: str, at: int) -> list[str]:
    names: list[str] = []
    while True:
        listed = read_bodies(text, at)
        name = find_name(text, at)
        if listed and name and len(listed.names) > 1 and listed.names[0] != tidy(text[at : name.end]):
            names += listed.names  # a class spelt out
            end = listed.end
        elif listed and (name is None):
            names += listed.names
            end = listed.end
        elif name and name.sort is not Sort.CLASS:
            near = _NEAR.match(text, name.end)
            end = near.end() if near else name.end
            names.append(tidy(text[at:end]))
        elif not _is_order(text, at) and (name or _VAGUE_HEAD.match(text, at) or find_area_class(text, at)):
            end = _vague_end(text, at, name)
            names += [tidy(part) for part in _AND_MORE.split(text[at:end]) if part.strip(" ,")]
        elif names and (field := next_field(text, at, names[0])):
            names.append(field)
            end = at + len(field)
        else:
            break
        joiner = JOINER.match(text, end)
        if not joiner:
            break
        again = _AGAIN.match(text, joiner.end())
        at = again.end() if again else joiner.end()
    return names


def _vague_end(text: str, at: int, name: Name | None) -> int:
    """Give the end of a class of bodies: before an order, a purpose, or a comma behind which no body stands."""
    start = at
    head = _VAGUE_HEAD.match(text, at)
    area = find_area_class(text, at)
    at = max(name.end if name else 0, head.end() if head and not name else 0, area or 0)
    before = ""
    for _ in range(_MOST_WORDS):
        if text.endswith("cơ sở", start, at) and (facility := FACILITY_HERE.match(text, at)):
            at = facility.end()
        if text.startswith(",", at):
            if not _goes_on(text, start, at):
                return at
            step = _WORD.match(text, at + 1)
        else:
            step = _WORD.match(text, at)
            if step and step.group(1) and _ends(text, start, at, step, before):
                return at
        if step is None:
            return at
        at, before = step.end(), step.group(1) or ""
    return at


def _goes_on(text: str, start: int, comma: int) -> bool:
    """Tell whether a class goes on behind a comma: with another word for bodies that shares the modifier to come."""
    if _COMMA_AREA.match(text, comma):
        return True
    behind = _COMMA_NOUNS.match(text, comma) is not None
    return (behind or (_is_bare(text, start, comma) and is_class_word(text, comma + 2))) and not _is_named(
        text, comma + 2
    )


def _ends(text: str, start: int, at: int, step: re.Match[str], before: str) -> bool:
    """Tell whether the next word no longer belongs to the class."""
    word, here = step.group(1), step.start(1)
    if word == "và":
        return _is_named(text, step.end() + 1)
    if _MODIFIES.match(text, here) or (before == "xã" and word == "hội"):
        return False
    if word in _STOP_WORDS or ends_name(text, here, word, before):
        return True
    # "các đơn vị liên quan | kiểm tra …", "các xã, phường | chấm điểm …": what follows can only be the order.
    return word[0].islower() and _CLOSED.search(text, start, at) is not None


def _is_order(text: str, at: int) -> bool:
    word = _FIRST_WORD.match(text, at)
    return word is not None and ends_name(text, at, word.group())


def _is_bare(text: str, start: int, end: int) -> bool:
    """Tell a class that ends in a word for bodies as such, so that a shared modifier may still follow."""
    last = _LAST_WORD.search(text, start, end)
    return last is not None and any(is_class_word(text, at) for at in (last.start(), text.rfind(" ", start, end) + 1))


def _is_named(text: str, at: int) -> bool:
    found = find_name(text, at)
    return found is not None and found.sort is not Sort.CLASS
