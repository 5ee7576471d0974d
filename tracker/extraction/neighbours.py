"""What stands beside a block tells what it is: what follows a heading, which bodies its neighbours name."""

from __future__ import annotations

import re

from tracker.extraction.assignments import opens_assignment
from tracker.extraction.blocks import Block
from tracker.extraction.bodies import ACT, read_actor
from tracker.extraction.headings import BodyHeading, Zone, read_body_heading, zone_of
from tracker.extraction.marks import Level

CLOSED = re.compile(r"[.;]$")
#: Openings of a heading that is about a subject, not the name of a body.
_SUBJECT = re.compile(
    r"(?:Công tác|Nội dung|Kinh phí|Chế độ|Thời gian|Về |Tổ chức|Trong |Trên |Để |Nhằm|Căn cứ|Theo |Khi |Nếu |Việc "
    r"|Các nội dung"
    r"|Nguồn|Định kỳ|Hằng|Hàng|Quá trình|Ngoài|Qua |Sau |Trước |Từ |Đến |Giai đoạn|Bước|Đợt|Năm |Quý |Tháng |Mục "
    r"|Phần |Nhiệm vụ"
    r"|Giải pháp|Một số|Đối tượng|Phạm vi|Địa điểm|Thành phần|Chỉ tiêu|Mục tiêu|Yêu cầu|Lĩnh vực|Nhóm|Phân công"
    r"|Trách nhiệm)"
)
#: What a body is called by kind; a name that opens so, as a heading among assignments, is one.
ORGAN = re.compile(
    r"(?:Đề nghị |Giao )?(?:Các |Những )?(?:(?i:giám đốc|trưởng|chủ tịch|thủ trưởng|chánh|hiệu trưởng"
    r"|người đứng đầu) )?"
    r"(?i:phòng|ban|trung tâm|thanh tra|văn phòng|chi cục|cục|vụ|viện|trường|bệnh viện|cơ sở|công ty|tổng công ty|hội"
    r"|hiệp hội"
    r"|liên đoàn|liên hiệp|câu lạc bộ|tổ|đội|đoàn|công đoàn|đài|báo|tạp chí|ngân hàng|kho bạc|chủ rừng|doanh nghiệp"
    r"|thành viên"
    r"|bộ phận|đơn vị|cơ quan|tổ chức|quỹ|trạm|khu phố|thôn|hạt|bưu điện|bảo hiểm|điện lực|khoa|phân hiệu|nhà)\b"
)
NEXT_ORGAN = re.compile(rf"(?:,\s+(?:và\s+)?|;\s+|\s+và\s+)(?={ORGAN.pattern})")
#: So many blocks are looked at to tell what stands under a heading.
_FEW = 12
_SIBLINGS = (Level.NUMBER, Level.SUBNUMBER, Level.STAR, Level.BULLET)


class Neighbours:
    """The blocks of a text, asked about what stands beside them."""

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks
        #: For every block the bodies it names as a heading.
        self.headings: list[BodyHeading | None] = [None] * len(blocks)
        self._list_of = _lists(blocks)
        #: The lists of which a member names a body, and the place of the first that does.
        self._named: dict[tuple[int, int], int] = {}
        for at, block in enumerate(blocks):
            if block.aside is None and block.mark and not block.is_row:
                heading = self.headings[at] = read_body_heading(block.text, has_children=self.has_children(at))
                if heading and block.level in _SIBLINGS:
                    self._named.setdefault(self._list_of[at], at)

    def following(self, at: int) -> Block | None:
        """Give the block after this one, past what a crawl repeated, or None when nothing follows that counts."""
        while at + 1 < len(self._blocks) and self._blocks[at + 1].aside == "repeated":
            at += 1
        following = self._blocks[at + 1] if at + 1 < len(self._blocks) else None
        return None if following is None or following.aside else following

    def has_children(self, at: int) -> bool:
        """Tell whether something stands under a block: deeper marks, or a paragraph behind an open end."""
        block, following = self._blocks[at], self.following(at)
        if following is None or following.is_row or following.is_capitals:
            return False
        if following.mark is None:
            return not CLOSED.search(block.text.strip())
        return following.level > block.level

    def orders_below(self, at: int) -> bool:
        """Tell whether orders of their own stand under a block, beside the lines that say who has them and when."""
        for place in range(at + 1, min(at + 1 + _FEW, len(self._blocks))):
            block = self._blocks[place]
            if block.mark is None and not block.aside and not block.is_capitals:
                return self._blocks[place - 1].text.rstrip().endswith(":")
            if block.mark is None or block.level <= self._blocks[at].level or block.aside:
                return False
            if not opens_assignment(block.text) and not block.text.rstrip().endswith(":"):
                return True
        return False

    def names_unknown_body(self, at: int, zone: Zone | None, *, has_children: bool) -> bool:
        """Tell a body that no rule knows by its neighbours: short, capitalised, among headings that name bodies."""
        block = self._blocks[at]
        if block.level not in _SIBLINGS or zone not in (Zone.ASSIGNMENT, Zone.MEASURE):
            return False
        text, colon, _order = block.text.partition(":")
        text = text.strip(" .")
        if len(text) >= 100 or not (colon or (has_children and block.level is not Level.BULLET)):
            return False
        first = self._named.get(self._list_of[at])
        # Among measures topics come first, and bodies only where the heading above those was lost.
        among = first is not None and (zone is Zone.ASSIGNMENT or first < at)
        is_organ = zone is Zone.ASSIGNMENT and block.level is not Level.BULLET and ORGAN.match(text) is not None
        return (
            (among or is_organ)
            and not _SUBJECT.match(text)
            and ACT.match(text) is None
            and read_actor(text) is None
            and read_actor(block.text, owned=True) is None  # "Giám đốc các Sở: Y tế, Tài chính chỉ đạo …"
            and zone_of(text) is None
        )


def unknown_names(text: str) -> tuple[str, ...]:
    """Give the names in a heading of bodies that no rule knows ("Đề nghị Câu lạc bộ A, Hiệp hội B")."""
    return tuple(NEXT_ORGAN.split(re.sub(r"^(?:Đề nghị|Giao)\s+", "", text.strip(" ."))))


def _lists(blocks: list[Block]) -> list[tuple[int, int]]:
    """Give for every block the list of which it is a member: the place of the heading above it, and its level."""
    found: list[tuple[int, int]] = []
    above: list[tuple[int, int]] = []
    for at, block in enumerate(blocks):
        level = int(Level.PART if block.mark is None and block.is_capitals and not block.aside else block.level)
        while above and above[-1][0] >= level:
            above.pop()
        found.append((above[-1][1] if above else -1, level))
        if level <= Level.SUBSUBNUMBER or (block.mark is not None and block.level is Level.LETTER):
            above.append((level, at))
    return found
