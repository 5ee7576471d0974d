"""From the outline to duties: who owns each provision, what is a task, what is a measure, what is left aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.extraction.bodies import read_actor, read_bodies, read_later_actors
from tracker.extraction.headings import BodyHeading, Zone, is_heading, read_body_heading, zone_of
from tracker.extraction.marks import Level
from tracker.extraction.outline import Block, Outline
from tracker.extraction.tables import Table, read_header

#: "(1) …; (2) …" inside prose: each number is a provision of its own.
_ENUMERATED = re.compile(r"(?<=[\s:;,.])\((\d{1,2})\)\s+")
_LEAD_IN = re.compile(r"^(?P<words>[^.:]{3,160}?)(?:,? (?:gồm|như|là|sau))*\s*:\s*")
_TIME_LINE = re.compile(r"(?:mốc thời gian|thời gian|thời hạn|thời điểm)[^.;]{0,60}(?:báo cáo|số liệu)", re.IGNORECASE)
_CLOSING = re.compile(r"(?:trên đây là|kế hoạch này có hiệu lực)", re.IGNORECASE)
_NEWS_MEASURES = re.compile(r"(?i:nhiệm vụ|giải pháp|nội dung triển khai|biện pháp)")
_NEWS_GOALS = re.compile(r"(?i:mục tiêu|chỉ tiêu)")


@dataclass(slots=True)
class Provision:
    """One piece of the plan's text and what its place says about it; places count letters of the clean text."""

    text: str
    start: int
    end: int
    section: str | None
    zone: Zone | None
    heading: str | None = None
    owners: tuple[str, ...] = ()
    requested: bool = False
    #: "heading", "inline_heading", "subject", "sibling_heading", "table_row", "inferred" or "" without an owner.
    rule: str = ""
    #: Where the order begins inside `text`, after the names of those who must act.
    order_at: int = 0
    partners: tuple[str, ...] | None = None
    time: str | None = None
    doubtful: bool = False
    group: int | None = None
    inferred: bool = False
    year: int | None = None
    #: It is listed only when it says who or how much: prose outside the parts that order something.
    is_prose: bool = False


@dataclass(slots=True)
class Aside:
    """A piece that gives no duty, and why."""

    key: str
    start: int
    end: int


@dataclass(slots=True)
class Title:
    """A heading that was read, and the bodies it names."""

    section: str | None
    text: str
    start: int
    end: int
    owners: tuple[str, ...] = ()


@dataclass(slots=True)
class Duties:
    """What the walk through the outline found, each list in the order of the text."""

    provisions: list[Provision] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A heading that holds for what stands under it."""

    level: int
    title: str
    zone: Zone | None
    owners: tuple[str, ...] = ()
    requested: bool = False
    rule: str = ""
    year: int | None = None


class _Walk:
    """Walks the blocks in order with the headings that are open."""

    def __init__(self, outline: Outline) -> None:
        self._blocks = outline.blocks
        self._open: list[_Open] = []
        self._table: Table | None = None
        self.found = Duties()
        self._named_siblings = {
            block.section.rpartition(".")[0]
            for at, block in enumerate(self._blocks)
            if block.aside is None
            and block.section
            and block.level <= Level.SUBNUMBER
            and block.mark
            and read_body_heading(block.text, has_children=self._has_children(at))
        }

    def go(self) -> Duties:
        """Read every block once."""
        for at, block in enumerate(self._blocks):
            if block.aside:
                self.found.asides.append(Aside(block.aside, block.start, block.end))
            elif block.is_row:
                self._row(block)
            elif not block.text.strip(" |-_."):
                self._title(block, ())
                self._reopen(block, "", zone_of(""), ())
            else:
                self._table = None
                self._read(at, block)
        return self.found

    def _read(self, at: int, block: Block) -> None:
        if block.mark is None:
            self._paragraph(block)
            return
        children = self._has_children(at)
        heading = read_body_heading(block.text, has_children=children)
        if heading and (block.level <= Level.LETTER or heading.inline is not None or children or not self._owners()):
            self._body(block, heading, children)
        elif (
            block.level <= Level.PART
            or (
                block.level <= Level.LETTER
                and is_heading(block.text, has_children=children)
                and not self._is_enumeration(block)
            )
            or (children and block.text.rstrip().endswith(":"))
        ):
            self._topic(at, block, children)
        else:
            self._close(block.level)
            if block.level <= Level.SUBSUBNUMBER:
                named = block.text.partition(":")[0] if ":" in block.text[:60] else block.text[:20]
                self._open.append(_Open(block.level, block.text[:200], self._zone_under(named), *self._inherited()))
            self._provision(block, block.text, block.start)

    def _body(self, block: Block, heading: BodyHeading, children: bool) -> None:
        self._close(block.level)
        requested = heading.requested
        self._title(block, heading.names)
        rule = "inline_heading" if heading.inline is not None else "heading"
        opened = _Open(block.level, block.text[:200], Zone.ASSIGNMENT, heading.names, requested, rule, self._year())
        self._open.append(opened)
        if heading.inline is not None and block.text[heading.inline :].strip():
            self._provision(block, block.text[heading.inline :], block.start + heading.inline)
        if block.level > Level.SUBSUBNUMBER and not children:
            self._open.pop()

    def _topic(self, at: int, block: Block, children: bool) -> None:
        self._close(block.level)
        owners = self._inherited()
        order = None
        if self._is_unknown_body(block, children):
            name, _colon, order = block.text.partition(":")
            names = (re.sub(r"^(?:Đề nghị|Giao)\s+", "", name.strip(" .")),)
            owners = (names, block.text.startswith("Đề nghị"), "sibling_heading", self._year())
        words = block.text
        if not words and at + 1 < len(self._blocks):
            words = self._blocks[at + 1].text
        year = _year_named(words) or owners[3]
        self._title(block, owners[0])
        self._open.append(_Open(block.level, block.text[:200], self._zone_under(words), *owners[:3], year))
        if order and order.strip(" ."):
            at_order = len(block.text) - len(order.lstrip())
            self._provision(block, block.text[at_order:], block.start + at_order)

    def _is_unknown_body(self, block: Block, children: bool) -> bool:
        """Tell a body that no rule knows by its neighbours: short, capitalised, among headings that name bodies."""
        text = block.text.partition(":")[0].strip(" .")
        return (
            children
            and block.level in (Level.NUMBER, Level.SUBNUMBER)
            and len(text) < 100
            and self._zone() is Zone.ASSIGNMENT
            and (block.section or "").rpartition(".")[0] in self._named_siblings
            and not re.match(r"(?:Công tác|Nội dung|Kinh phí|Chế độ|Thời gian|Về |Tổ chức)", text)
            and read_actor(text) is None
            and zone_of(text) is None
        )

    def _paragraph(self, block: Block) -> None:
        if block.is_capitals:
            self._close(Level.NUMBER if self._open and self._open[-1].title == "" else Level.PART)
            self._title(block, ())
            if self._open and self._open[-1].title == "":
                self._open[-1].title = block.text[:200]
                self._open[-1].zone = zone_of(block.text) or self._open[-1].zone
                self._open[-1].year = _year_named(block.text)
            else:
                self._open.append(
                    _Open(Level.PART, block.text[:200], zone_of(block.text), year=_year_named(block.text))
                )
            return
        last = self.found.provisions[-1] if self.found.provisions else None
        if last and _TIME_LINE.match(block.text) and not self._owners() and self._follows(last, block):
            last.text = f"{last.text}\n{block.text}"
            last.end = block.end
            return
        heading = read_body_heading(block.text, has_children=False) if len(block.text) < 200 else None
        if heading and heading.inline is None:
            self._close(Level.LETTER)
            self._title(block, heading.names)
            self._open.append(
                _Open(Level.LETTER, block.text, Zone.ASSIGNMENT, heading.names, heading.requested, "heading")
            )
            return
        if self._zone() is None and not self._owners():
            self._prose(block)
            return
        self._provision(block, block.text, block.start)

    def _follows(self, last: Provision, block: Block) -> bool:
        return last.section == block.section and last.end <= block.start <= last.end + 40

    def _prose(self, block: Block) -> None:
        """Read a paragraph of running text, as in an article about a plan."""
        lead = _LEAD_IN.match(block.text)
        zone = None
        if lead and _NEWS_GOALS.search(lead.group("words")):
            zone = Zone.OBJECTIVE
        elif lead and _NEWS_MEASURES.search(lead.group("words")):
            zone = Zone.MEASURE
        at = lead.end() if lead and zone else 0
        self._provision(block, block.text[at:], block.start + at, zone=zone, prose=zone is None)

    def _provision(self, block: Block, text: str, start: int, zone: Zone | None = None, prose: bool = False) -> None:
        for number, piece_start, piece_end in _pieces(text):
            self._one(block, text[piece_start:piece_end], start + piece_start, number, zone, prose)

    def _one(self, block: Block, text: str, start: int, number: str | None, zone: Zone | None, prose: bool) -> None:
        zone = zone or self._zone()
        if zone_of(text[:60]) is Zone.FUNDING and not self._owners() and not read_actor(text):
            zone = Zone.FUNDING
        section = block.section
        if number:
            section = f"{section}.({number})" if section else f"({number})"
        found = Provision(
            text,
            start,
            start + len(text),
            section,
            zone,
            self._heading(),
            doubtful=block.doubtful,
            group=block.group,
            year=self._year(),
            is_prose=prose,
        )
        owners, requested, rule, _year = self._inherited()
        actor = read_actor(text)
        calls = re.match(r"(?i:yêu cầu|đề nghị|phân công|đối với)\b", text)
        if actor and not (owners and calls):
            found.owners, found.requested, found.rule = (
                actor.names,
                actor.requested or (requested and not block.doubtful),
                "subject",
            )
            found.order_at = actor.end
            if not owners:
                later = read_later_actors(text, actor.end)
                found.owners += tuple(name for name in later if name not in found.owners)
        elif owners and not block.doubtful:
            found.owners, found.requested, found.rule = owners, requested, rule
        self.found.provisions.append(found)

    def _row(self, block: Block) -> None:
        header = read_header(block)
        if header:
            self._table = header
            self._title(block, ())
            return
        row = self._table.row(block) if self._table else None
        if row is None:
            self.found.asides.append(Aside("furniture", block.start, block.end))
            return
        bodies = read_bodies(row.lead)
        names = bodies.names if bodies else tuple(name for name in re.split(r"[;,]\s+", row.lead) if name)
        partners = tuple(part.strip() for part in _split_cell(row.partner))
        section = ".".join(piece for piece in (block.section, row.number) if piece) or None
        self.found.provisions.append(
            Provision(
                row.text,
                row.start,
                row.end,
                section,
                Zone.ASSIGNMENT,
                self._heading(),
                names,
                False,
                "table_row" if names else "",
                partners=partners,
                time=row.time,
            )
        )

    # -- what is open -------------------------------------------------------------------------------------------------

    def _has_children(self, at: int) -> bool:
        block = self._blocks[at]
        while at + 1 < len(self._blocks) and self._blocks[at + 1].aside == "repeated":
            at += 1
        if at + 1 >= len(self._blocks):
            return False
        following = self._blocks[at + 1]
        if following.aside or following.is_row or following.is_capitals:
            return False
        if following.mark is None:
            return not re.search(r"[.;]$", block.text.strip())
        return following.level > block.level

    def _is_enumeration(self, block: Block) -> bool:
        return (
            block.mark is not None
            and block.level is Level.LETTER
            and re.search(r"[.;]$", block.text.strip()) is not None
        )

    def _close(self, level: int) -> None:
        while self._open and self._open[-1].level >= level:
            self._open.pop()

    def _reopen(self, block: Block, title: str, zone: Zone | None, owners: tuple[str, ...]) -> None:
        self._close(block.level)
        self._open.append(_Open(block.level, title, zone, owners))

    def _zone(self) -> Zone | None:
        return self._open[-1].zone if self._open else None

    def _zone_under(self, heading: str) -> Zone | None:
        above = self._zone()
        zone = zone_of(heading)
        if zone is Zone.MEASURE and above is Zone.ASSIGNMENT:
            return above
        return zone or above

    def _owners(self) -> tuple[str, ...]:
        return self._inherited()[0]

    def _inherited(self) -> tuple[tuple[str, ...], bool, str, int | None]:
        if not self._open:
            return (), False, "", None
        last = self._open[-1]
        return last.owners, last.requested, last.rule, last.year

    def _year(self) -> int | None:
        return self._open[-1].year if self._open else None

    def _heading(self) -> str | None:
        return self._open[-1].title or None if self._open else None

    def _title(self, block: Block, owners: tuple[str, ...]) -> None:
        start = block.start - (block.mark.length if block.mark else 0)
        self.found.titles.append(Title(block.section, block.text, start, block.end, owners))


def walk(outline: Outline) -> Duties:
    """Give the provisions of an outline with their owners, the headings, and what holds no duty."""
    return _Walk(outline).go()


def _year_named(heading: str) -> int | None:
    """Give the one year that a heading names; a span of years names none."""
    years = set(re.findall(r"\b20\d\d\b", heading))
    return int(years.pop()) if len(years) == 1 else None


def _pieces(text: str) -> Iterator[tuple[str | None, int, int]]:
    marks = list(_ENUMERATED.finditer(" " + text))
    counted = [match for at, match in enumerate(marks) if int(match.group(1)) == at + 1]
    if len(counted) < 2 or len(counted) != len(marks) or counted[0].start() > 200:
        yield None, 0, len(text)
        return
    for at, match in enumerate(counted):
        end = counted[at + 1].start() - 1 if at + 1 < len(counted) else len(text)
        start = match.end() - 1
        yield match.group(1), start, start + len(text[start:end].rstrip(" ;,"))


def _split_cell(cell: str) -> list[str]:
    parts: list[str] = []
    for chunk in re.split(r";\s*|\n", cell):
        bodies = read_bodies(chunk.strip())
        whole = bodies is not None and bodies.end >= len(chunk.strip()) - 1
        parts += list(bodies.names) if bodies and whole else ([chunk.strip()] if chunk.strip() else [])
    return parts
