"""From the outline to duties: who owns each provision, what is a task, what is a measure, what is left aside."""

from __future__ import annotations

import re

from tracker.extraction.assignments import opens_assignment
from tracker.extraction.blocks import Block
from tracker.extraction.bodies import ACT, read_actor
from tracker.extraction.closings import closes, read_lead
from tracker.extraction.headings import BodyHeading, Zone, read_body_heading, zone_of
from tracker.extraction.marks import Level
from tracker.extraction.neighbours import CLOSED, Neighbours, unknown_names
from tracker.extraction.orders import Orders
from tracker.extraction.outline import Outline
from tracker.extraction.provisions import Aside, Duties, Provision
from tracker.extraction.rows import RowReader
from tracker.extraction.stack import Stack, level_above, year_named

_LEAD_IN = re.compile(r"^(?P<words>[^.:]{3,160}?)(?:,? (?:gồm|như|là|sau))*\s*:\s*")
_TIME_LINE = re.compile(r"(?:mốc thời gian|thời gian|thời hạn|thời điểm)[^.;]{0,60}(?:báo cáo|số liệu)", re.IGNORECASE)
_NEWS_SUBJECTS = re.compile(r"(?i:nhiệm vụ|giải pháp|nội dung triển khai|biện pháp|mục tiêu|chỉ tiêu)")


#: A heading is no longer than this.
_HEADING = 200


class _Walk:
    """Walks the blocks in order with the headings that are open."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._blocks = outline.blocks
        self.found = Duties()
        self._stack = Stack(self.found, is_formal=outline.is_formal)
        self._orders = Orders(self.found, self._stack)
        self._rows = RowReader(self.found)
        self._beside = Neighbours(outline.blocks)

    def go(self) -> Duties:
        """Read every block once."""
        if self._outline.lead:
            self._lead_in(self._outline.lead)
        elif self._outline.lost_first_part and self._outline.is_formal:
            self._stack.push(Level.PART, "I", Zone.PURPOSE)
        for at, block in enumerate(self._blocks):
            if block.opens:
                self._stack.open.clear()
            elif block.opens_part:
                level = min((one.level for one in self._stack.open), default=Level.PART)
                self._stack.close(min(level, Level.PART) if level < Level.PART else Level.PART)
                self._stack.push(Level.PART, "", self._stack.default_zone)
            if block.aside:
                self.found.asides.append(Aside(block.aside, block.start, block.end))
            elif block.is_row or ("|" in block.text and self._rows.is_open):
                top = self._stack.top
                if self._rows.read(block, top.title or None, top.owners):
                    self._orders.after_table = True
            elif not block.text.strip(" |-_.*="):
                self._empty(block)
            else:
                self._rows.pause()
                self._read(at, block)
        return self.found

    def _lead_in(self, block: Block) -> None:
        """Open what the front matter ends with: "… yêu cầu các sở, ngành thực hiện các nội dung sau:"."""
        actor = read_lead(block.text)
        if actor:
            self._stack.push(Level.PART, block.text[-200:], Zone.MEASURE, actor.names, actor.requested, "lead_in")

    def _empty(self, block: Block) -> None:
        """Take a mark that stands alone on its line: its heading follows in the next one."""
        self._rows.pause()
        self._stack.title(block)
        if block.mark is not None and block.level <= Level.SUBSUBNUMBER:
            self._stack.close(block.level)
            self._stack.push(block.level, "", self._stack.default_zone)

    # -- what has a mark ----------------------------------------------------------------------------------------------

    def _read(self, at: int, block: Block) -> None:
        if block.mark is None:
            self._paragraph(at, block)
            return
        self._orders.after_table = False
        if self._orders.take_assignment(block):
            return
        stack = self._stack
        children = self._beside.has_children(at)
        heading = self._beside.headings[at]
        beside = heading is not None and heading.inline is None and not children and self._heads_its_like(at)
        owned = bool(stack.top.owners)
        if heading and (block.level <= Level.LETTER or heading.inline is not None or children or beside or not owned):
            # Its list may have the same bullets as the heading itself.
            stack.close(block.level - 0.5 if block.level > Level.LETTER else block.level)
            self._body(block, heading, block.level - 0.5 if beside else block.level)
            if block.level > Level.SUBSUBNUMBER and not children and not beside:
                stack.open.pop()
        elif children and self._charges(block):
            actor = read_actor(block.text)
            stack.close(block.level)
            self._orders.read(block, block.text, block.start)
            if actor and not stack.top.owners:
                title, year = block.text[:200], stack.top.year
                stack.push(block.level, title, Zone.ASSIGNMENT, actor.names, actor.requested, "subject", year)
        elif self._is_topic(at, block, children):
            self._topic(at, block, children)
        else:
            stack.close(block.level)
            if block.level <= Level.SUBSUBNUMBER:
                top, zone = stack.top, stack.zone_inside(block.text)
                stack.push(block.level, block.text[:200], zone, top.owners, top.requested, top.rule, top.year)
            self._orders.read(block, block.text, block.start)

    def _heads_its_like(self, at: int) -> bool:
        """Tell a bullet that names a body and heads bullets of its own kind ("* Sở Y tế:", then "* Lập danh mục …")."""
        block, following = self._blocks[at], self._beside.following(at)
        return (
            block.level > Level.LETTER
            and following is not None
            and following.level is block.level
            and self._beside.headings[at + 1] is None
        )

    def _charges(self, block: Block) -> bool:
        """Tell an order to a named body that is complete in itself, though a list follows it."""
        return (
            Level.PART < block.level < Level.BULLET
            and CLOSED.search(block.text.rstrip()) is not None
            and read_actor(block.text) is not None
        )

    def _is_topic(self, at: int, block: Block, children: bool) -> bool:
        """Tell a marked line that is a heading from one that is a provision of its own."""
        if block.level <= Level.PART:
            return children or block.text.isupper() or not CLOSED.search(block.text.rstrip())
        following = self._beside.following(at)
        if children and following and opens_assignment(following.text):
            return self._beside.orders_below(at)
        if block.level is Level.ARTICLE:
            return children
        if self._is_unknown_body(at, children):
            return True
        if block.level <= Level.LETTER:
            if children:
                return not (block.level is Level.LETTER and CLOSED.search(block.text.strip()))
            return _heads_nothing(block, following)
        return children and (block.text.rstrip().endswith(":") or block.level is Level.STAR)

    def _is_unknown_body(self, at: int, children: bool) -> bool:
        zone = self._stack.top.zone if self._stack.open else self._stack.default_zone
        return self._beside.names_unknown_body(at, zone, has_children=children)

    def _body(self, block: Block, heading: BodyHeading, level: float) -> None:
        stack = self._stack
        stack.close(level)
        stack.title(block, heading.names)
        rule = "inline_heading" if heading.inline is not None else "heading"
        stack.push(level, block.text[:200], Zone.ASSIGNMENT, heading.names, heading.requested, rule, stack.top.year)
        if heading.inline is not None and block.text[heading.inline :].strip():
            self._orders.read(block, block.text[heading.inline :], block.start + heading.inline)

    def _topic(self, at: int, block: Block, children: bool) -> None:
        stack = self._stack
        stack.close(block.level)
        above = stack.top
        owners, requested, rule = above.owners, above.requested, above.rule
        words = block.text or (self._blocks[at + 1].text if at + 1 < len(self._blocks) else "")
        zone = stack.zone_under(words)
        order = ""
        if self._is_unknown_body(at, children):
            name, _colon, order = block.text.partition(":")
            owners, requested, rule = unknown_names(name), name.startswith("Đề nghị"), "sibling_heading"
            zone = Zone.ASSIGNMENT
        elif rule == "lead_in" and zone_of(words) is not None:
            owners, requested, rule = (), False, ""  # a document with chapters of its own: they say who does what
        elif zone is None and block.level <= Level.NUMBER:
            zone = stack.default_zone
        stack.title(block, owners)
        stack.push(block.level, block.text[:200], zone, owners, requested, rule, year_named(words) or above.year)
        if order.strip(" ."):
            at_order = len(block.text) - len(order.lstrip())
            self._orders.read(block, block.text[at_order:], block.start + at_order)

    # -- paragraphs without a mark ------------------------------------------------------------------------------------

    def _paragraph(self, at: int, block: Block) -> None:
        if block.is_capitals:
            self._orders.after_table = False
            self._capitals(block)
            return
        stack, following = self._stack, self._beside.following(at)
        if self._goes_on(block) or self._orders.take_assignment(block):
            return
        if self._body_without_mark(block, following):
            return
        if self._outline.is_formal and closes(block.text) and self._orders.close(block):
            return
        if self._charges_list(block, following):
            return
        if self._is_plain_heading(block, following):
            self._plain_heading(block, following)
            return
        if stack.top.is_plain and at and self._blocks[at - 1].mark is not None:
            stack.open.pop()
        if stack.top.zone is None and not stack.top.owners:
            self._prose(block)
            return
        self._orders.read(block, block.text, block.start)

    def _goes_on(self, block: Block) -> bool:
        """Add a line about the time of reports to the order above it; tell whether it is one."""
        last = self.found.provisions[-1] if self.found.provisions else None
        if last is None or self._stack.top.owners or not _TIME_LINE.match(block.text) or not _follows(last, block):
            return False
        last.text = f"{last.text}\n{block.text}"
        last.end = block.end
        return True

    def _capitals(self, block: Block) -> None:
        stack, top = self._stack, self._stack.top
        zone = zone_of(block.text)
        heading = None
        if zone is None and len(block.text) < _HEADING and any(one.zone is Zone.ASSIGNMENT for one in stack.open):
            heading = read_body_heading(block.text, has_children=True)
        if heading and heading.inline is None:
            self._body(block, heading, Level.PART + 0.5)
            return
        if stack.open and top.title == "":
            stack.title(block)
            top.title, top.zone, top.year = block.text[:200], zone or top.zone, year_named(block.text)
            return
        if zone is None and top.level == Level.PART and top.first == len(self.found.provisions):
            zone = top.zone  # the heading goes on in a second line
        stack.close(Level.PART)
        stack.title(block)
        stack.push(Level.PART, block.text[:200], zone, year=year_named(block.text))

    def _body_without_mark(self, block: Block, following: Block | None) -> bool:
        """Read a heading that names bodies and has no mark; tell whether it is one."""
        heads_list = following is not None and following.mark is not None and following.level >= Level.LETTER
        heading = read_body_heading(block.text, has_children=heads_list) if len(block.text) < _HEADING else None
        if heading is None or not (self._stack.open or self._outline.is_formal):
            return False
        if heading.inline is not None and not heads_list:
            return False
        self._body(block, heading, level_above(following, Level.LETTER))
        return True

    def _charges_list(self, block: Block, following: Block | None) -> bool:
        """Read "…, các sở, ngành tập trung thực hiện các nội dung sau:" before a list; tell whether it is one."""
        text, stack = block.text.rstrip(), self._stack
        if following is None or following.mark is None or not text.endswith(":") or not self._outline.is_formal:
            return False
        actor = None if stack.top.owners else read_actor(text) or read_lead(text)
        if actor is None:
            return False
        level = level_above(following, Level.LETTER)
        stack.close(level)
        stack.title(block, actor.names)
        stack.push(level, text[:200], Zone.ASSIGNMENT, actor.names, actor.requested, "lead_in", stack.top.year)
        return True

    def _is_plain_heading(self, block: Block, following: Block | None) -> bool:
        """Tell a heading by its form: short, open at its end, and a list below it or words of a heading in it."""
        text = block.text.rstrip()
        if following is None or len(text) > (300 if text.endswith(":") else 120) or block.doubtful:
            return False
        if self._stack.top.owners and (following.mark is None or following.level <= Level.NUMBER):
            return False
        if text.endswith(":"):
            return following.mark is not None and read_actor(text) is None
        if not text[-1:].isalnum():
            return False
        if following.mark is not None:
            return len(text) < 60 or ACT.match(text) is None
        return self._outline.is_formal and len(text) < 80 and text[0].isupper() and zone_of(text) is not None

    def _plain_heading(self, block: Block, following: Block | None) -> None:
        stack, zone = self._stack, zone_of(block.text)
        # One whose words say what it opens stands above one that only names a subject.
        level = level_above(following, Level.LETTER) - (0.75 if zone else 0.25)
        stack.close(level)
        stack.title(block)
        top = stack.top
        under, year = stack.zone_under(block.text), year_named(block.text) or top.year
        stack.push(level, block.text[:200], under, top.owners, top.requested, top.rule, year)
        # Of an article, and of a heading whose words say nothing, only the list is under it.
        stack.top.is_plain = zone is None or not self._outline.is_formal

    def _prose(self, block: Block) -> None:
        """Read a paragraph of running text, as in an article about a plan."""
        lead = _LEAD_IN.match(block.text)
        zone = None
        if lead:
            named = [match.group().casefold() for match in _NEWS_SUBJECTS.finditer(lead.group("words"))]
            if named:  # of two, the last is what the list is of: "Để đạt mục tiêu trên, các nhiệm vụ gồm: …"
                zone = Zone.OBJECTIVE if named[-1] in ("mục tiêu", "chỉ tiêu") else Zone.MEASURE
        at = lead.end() if lead and zone else 0
        self._orders.read(block, block.text[at:], block.start + at, zone, is_prose=zone is None)


def walk(outline: Outline) -> Duties:
    """Give the provisions of an outline with their owners, the headings, and what holds no duty."""
    return _Walk(outline).go()


def _heads_nothing(block: Block, following: Block | None) -> bool:
    """Tell a heading below which nothing stands: of a table, or one whose part is gone."""
    text = block.text.strip()
    if len(text) >= 120 or CLOSED.search(text) or ":" in text[:-1]:
        return False
    if text.endswith(":") or (following is not None and following.is_row):
        return True
    is_capitals = block.level <= Level.SUBNUMBER and text.isupper()
    return is_capitals or (zone_of(text) is not None and ACT.match(text) is None)


def _follows(last: Provision, block: Block) -> bool:
    return last.section == block.section and last.end <= block.start <= last.end + 40
