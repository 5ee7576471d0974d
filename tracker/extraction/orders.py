"""Provisions with those who must act: read from their own words, from the heading above, from lines that say who."""

from __future__ import annotations

import re

from tracker.extraction.assignments import Assignment, opens_assignment, read_bracket, read_labels
from tracker.extraction.blocks import Block
from tracker.extraction.bodies import ACT, Actor, read_actor, read_later_actors
from tracker.extraction.closings import carries_out_decision, read_closing, read_later_subject, read_unknown_subject
from tracker.extraction.headings import Zone, zone_of
from tracker.extraction.marks import Level
from tracker.extraction.neighbours import NEXT_ORGAN, ORGAN
from tracker.extraction.provisions import Duties, Provision, pieces
from tracker.extraction.stack import Stack

#: A clause of a decision that gives nobody work: what it issues, from when it holds, what it replaces.
FORMAL = re.compile(
    r"(?:Ban hành kèm theo|Phê duyệt (?:kèm theo|Kế hoạch|Đề án|Chương trình)|Ban hành (?:Kế hoạch|kế hoạch)"
    r"|(?:Quyết định|Chỉ thị|Kế hoạch|Công văn|Văn bản) này (?:có hiệu lực|thay thế|được)|Bãi bỏ "
    r"|\(?(?:Chi tiết|Cụ thể|Nội dung cụ thể|Có)\b.{0,60}(?:phụ lục|Phụ lục|bảng|biểu|danh mục|Danh mục|kèm theo))"
)
#: "Ngày 02/4/2026, UBND tỉnh … ban hành Kế hoạch số …": news of a document, which orders nothing.
_NEWS_OF_ISSUE = re.compile(
    r"(?:(?:Mới đây|Vừa qua|(?:Sáng |Chiều )?[Nn]gày \d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?),?\s)?"
    r"(?:UBND|Ủy ban nhân dân|Chủ tịch UBND|Chủ tịch Ủy ban nhân dân)\s[^.;:]{2,60}?\s(?:(?:vừa|đã|mới)\s){0,2}"
    r"(?:ban hành|ký|có)\s(?:Kế hoạch|Chương trình|Chỉ thị|Quyết định|Công văn|Đề án|văn bản)\s(?:số\s)?\d"
)
#: "UBND tỉnh yêu cầu:" opens the orders that follow.
_OPENS_ORDERS = re.compile(
    r"(?:(?:Để|Nhằm)\s[^.;:]{3,120},\s)?(?:UBND|Ủy ban nhân dân|Chủ tịch UBND|Chủ tịch Ủy ban nhân dân)\s[^.;:]{0,60}?"
    r"(?:yêu cầu|đề nghị|giao|phân công)(?:\s[^.;:]{0,60})?:\s*$"
)
#: A line that only says when, where, how many: it orders nothing.
_DESCRIBES = re.compile(
    r"(?:Thời gian|Chủ đề|Khẩu hiệu|Thông điệp|Tên gọi|Địa điểm|Địa bàn"
    r"|Thành phần|Đối tượng|Phạm vi|Quy mô|Số lượng|Hình thức|Thời lượng|Kinh phí)\b[^:.;]{0,60}:"
)
#: What an order may open with before it names who must act.
_INTRODUCES = re.compile(
    r"(?:Căn cứ|Trên cơ sở|Trong|Khi|Theo|Hằng|Hàng|Định kỳ|Sau|Trước|Từ|Đến|Nhằm|Để|Nếu|Đối với|Trường hợp|Quá trình"
    r"|Ngoài)\b"
)
_SENTENCE = re.compile(r"[.;]\s+")
_FUNDING_STATED = re.compile(
    r"(?:Nguồn )?[Kk]inh phí (?:thực hiện|bảo đảm|đảm bảo|triển khai|cho|để|hoạt động|tổ chức)[^.;:]{0,90}?\s"
    r"(?:do|được|từ|lấy|trích)\s"
)
#: Among the objectives what every area should reach is a goal; only "phải" makes it a duty.
_GOAL_OF_EACH = re.compile(r"(?i:mỗi|từng)\s(?![^.;:]{0,120}\b(?:phải|trách nhiệm)\b)")
_CALLS = re.compile(r"(?i:yêu cầu|đề nghị|phân công|đối với)\b")


class Orders:
    """Makes provisions of pieces of the text."""

    def __init__(self, found: Duties, stack: Stack) -> None:
        self._found = found
        self._stack = stack
        #: Whether a table stands above; what stands below a table without a mark explains it, or belongs to the page.
        self.after_table = False
        #: The measures that lines about who and when were last read for, and how many provisions there were then.
        self._group: list[Provision] = []
        self._assigned = 0

    def read(self, block: Block, text: str, start: int, zone: Zone | None = None, *, is_prose: bool = False) -> None:
        """Add the provisions of a piece of a block: one, or one for each number of a list inside it."""
        for number, piece_start, piece_end in pieces(text, block.mark.label if block.mark else ""):
            self._one(block, text[piece_start:piece_end], start + piece_start, number, zone, is_prose)

    def close(self, block: Block) -> bool:
        """Add a paragraph that closes the document ("Trên đây là …; yêu cầu các cơ quan …"); tell whether it is one."""
        direct = read_actor(block.text)
        opens = FORMAL.search(block.text) or block.text.startswith("Trên đây")
        if direct is None and self._stack.top.owners and not opens:
            return False  # an order to the body above, which may speak of others
        actor = None if carries_out_decision(block.text) else direct or read_closing(block.text)
        self._stack.close(Level.CHAPTER)
        part = (block.section or "").partition(".")[0]
        found = Provision(
            block.text, block.start, block.end, None if part.isdigit() else part or None, None, level=block.level
        )
        if actor:
            found.zone = Zone.ASSIGNMENT
            found.owners = _with_later(actor.names, block.text, actor.end)
            found.requested, found.order_at = actor.requested, actor.end
            found.rule = "subject" if direct else "closing"
        self._found.provisions.append(found)
        return True

    def _one(self, block: Block, text: str, start: int, number: str | None, zone: Zone | None, is_prose: bool) -> None:
        top = self._stack.top
        zone = zone or top.zone
        if zone is None and not self._stack.open and block.mark is not None:
            zone = self._stack.default_zone
        actor, rule = self._actor(block, text, zone)
        if actor is None:
            zone = self._zone_without_body(block, text, zone)
        section = block.section
        if number:
            section = f"{section}.({number})" if section else f"({number})"
        found = Provision(
            text,
            start,
            start + len(text),
            section,
            zone,
            top.title or None,
            doubtful=block.doubtful,
            group=block.group,
            year=top.year,
            is_prose=is_prose,
            level=block.level,
        )
        if actor and not (top.owners and top.rule != "lead_in" and _CALLS.match(text)):
            found.owners, found.rule, found.order_at = actor.names, rule, actor.end
            found.requested = actor.requested or (top.requested and not block.doubtful)
            if not top.owners:
                found.owners = _with_later(found.owners, text, actor.end)
        elif _FUNDING_STATED.match(text):
            found.zone = Zone.FUNDING  # whoever is above: it says where the money comes from
        elif top.owners and not block.doubtful:
            found.owners, found.requested, found.rule = top.owners, top.requested, top.rule
        if found.rule in ("assignment_line", "") and (top.partners or top.times):
            found.partners, found.times = top.partners or None, top.times
        self._take_bracket(found)
        self._found.provisions.append(found)

    def _actor(self, block: Block, text: str, zone: Zone | None) -> tuple[Actor | None, str]:
        """Read who must act from a provision's own words, and the rule that read it."""
        if zone is Zone.PURPOSE and self._stack.open:
            return None, ""  # what a purpose or a requirement says of bodies gives them no work
        owned = bool(self._stack.top.owners)
        if zone is Zone.OBJECTIVE and _GOAL_OF_EACH.match(text):
            return None, ""
        if _NEWS_OF_ISSUE.match(text) or _OPENS_ORDERS.match(text):
            return None, ""
        if block.level is Level.ARTICLE and carries_out_decision(text):
            return None, ""
        actor = read_actor(text, owned=owned)
        if actor:
            return actor, "subject"
        if _INTRODUCES.match(text):
            return read_later_subject(text), "subject"
        if block.level is Level.ARTICLE:
            return read_closing(text), "closing"
        if zone is Zone.ASSIGNMENT and not owned and ORGAN.match(text) and ACT.match(text) is None:
            return read_unknown_subject(text, NEXT_ORGAN), "sibling_heading"
        return None, ""

    def _zone_without_body(self, block: Block, text: str, zone: Zone | None) -> Zone | None:
        owned = bool(self._stack.top.owners)
        if self.after_table and block.mark is None:
            return None
        label = text[:60].partition(":") if ":" in text[:60] else None
        if label and not owned and zone_of(label[0]) in (Zone.OBJECTIVE, Zone.PURPOSE) and len(label[0]) < 40:
            return zone_of(label[0])  # "Mục tiêu: đến năm 2030, …"
        if not owned and zone_of(text[:60]) is Zone.FUNDING:
            return Zone.FUNDING
        return None if FORMAL.match(text) or (_DESCRIBES.match(text) and not owned) else zone

    def _take_bracket(self, found: Provision) -> None:
        """Read who and when from the brackets or the labelled sentences at the end of an order."""
        if not ("hủ trì" in found.text or "hực hiện" in found.text or "hối hợp" in found.text):
            return
        given = read_bracket(found.text)
        if given and (found.rule in ("", "lead_in") or not given.owners) and found.zone is not Zone.PURPOSE:
            _assign(found, given, None)

    def take_assignment(self, block: Block) -> bool:
        """Read a line that only says who, with whom or when, for the measures above it; tell whether it is one."""
        provisions, top = self._found.provisions, self._stack.top
        if not opens_assignment(block.text) or (top.owners and top.rule != "assignment_line"):
            return False
        given = read_labels(block.text)
        if given is None:
            return False
        is_first = all(one.zone is Zone.OBJECTIVE for one in provisions[top.first :])
        if self._stack.open and top.zone is Zone.MEASURE and is_first and block.mark is not None:
            self._give_below(block, given)
            return True
        if not provisions or top.owners:
            return False
        if len(provisions) > self._assigned:
            targets = provisions[max(self._stack.first_below(block.level), self._assigned) :]
            if not targets or (block.mark is not None and block.level > targets[-1].level):
                targets = provisions[-1:]
            targets = [one for one in targets if one.level == targets[-1].level]
            if any(one.zone not in (Zone.MEASURE, Zone.ASSIGNMENT) for one in targets):
                return False
            self._group, self._assigned = targets, len(provisions)
        if not self._group or (not given.owners and self._group[-1].section != block.section):
            return False
        for one in self._group:
            _assign(one, given, block.start)
        self._stack.title(block, given.owners)
        return True

    def _give_below(self, block: Block, given: Assignment) -> None:
        """Keep what a line says who, with whom or when, for the provisions that follow below the open heading."""
        top = self._stack.top
        if given.owners:
            top.owners, top.rule = given.owners, "assignment_line"
        top.partners += given.partners
        top.times += tuple((words, block.start + at) for words, at in given.times)
        self._stack.title(block, given.owners)


def _assign(found: Provision, given: Assignment, start: int | None) -> None:
    """Add to a provision what was read apart from it; `start` is where that text begins, None within the provision."""
    if given.owners and found.rule in ("", "lead_in"):
        found.owners, found.requested, found.rule, found.order_at = given.owners, False, "assignment_line", 0
    if given.partners:
        found.partners = (*(found.partners or ()), *given.partners)
    if start is not None:
        found.times += tuple((words, start + at) for words, at in given.times)
    found.product = found.product or given.product


def _with_later(owners: tuple[str, ...], text: str, after: int) -> tuple[str, ...]:
    """Add those whom a later sentence of the same provision charges."""
    later = [*read_later_actors(text, after)]
    for sentence in _SENTENCE.finditer(text, after):
        if _INTRODUCES.match(text, sentence.end()):
            actor = read_later_subject(text[sentence.end() : sentence.end() + 400])
            later += actor.names if actor else ()
    return tuple(dict.fromkeys((*owners, *later)))
