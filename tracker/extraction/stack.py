"""The headings that are open at a place of the walk, and what they say about what stands under them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.extraction.blocks import Block
from tracker.extraction.headings import Zone, zone_of
from tracker.extraction.marks import Level
from tracker.extraction.provisions import Duties, Title

_SPAN = re.compile(r"(?i:giai đoạn|đến năm|năm)\b")


@dataclass(slots=True)
class Open:
    """A heading that holds for what stands under it."""

    level: float
    title: str
    zone: Zone | None
    owners: tuple[str, ...] = ()
    requested: bool = False
    rule: str = ""
    year: int | None = None
    #: How many provisions there were when it opened.
    first: int = 0
    #: Partners and times that lines above its provisions give ("a) Cơ quan phối hợp: …").
    partners: tuple[str, ...] = ()
    times: tuple[tuple[str, int], ...] = ()
    #: It has no mark of its own and heads a list only: what stands below the list is no longer under it.
    is_plain: bool = False


#: What holds where no heading is open.
_NOTHING = Open(0, "", None)


class Stack:
    """The open headings, the outermost first."""

    def __init__(self, found: Duties, *, is_formal: bool) -> None:
        self._found = found
        self._is_formal = is_formal
        self.open: list[Open] = []

    @property
    def top(self) -> Open:
        """The innermost open heading, or an empty one that stands for none."""
        return self.open[-1] if self.open else _NOTHING

    @property
    def default_zone(self) -> Zone | None:
        """The zone of a part whose heading does not say: a document with a head orders something."""
        return Zone.MEASURE if self._is_formal else None

    def close(self, level: float) -> None:
        """Close every heading as deep as a level or deeper."""
        while self.open and self.open[-1].level >= level:
            self.open.pop()

    def push(
        self,
        level: float,
        title: str,
        zone: Zone | None,
        owners: tuple[str, ...] = (),
        requested: bool = False,
        rule: str = "",
        year: int | None = None,
    ) -> None:
        """Open a heading; who works with an owner and until when goes with the owner."""
        above = self.top
        opened = Open(level, title, zone, owners, requested, rule, year, len(self._found.provisions))
        if rule == "assignment_line":
            opened.partners, opened.times = above.partners, above.times
        self.open.append(opened)

    def zone_under(self, heading: str) -> Zone | None:
        """Give the zone of what stands under a heading: its own, or that of the heading above."""
        above = self.top.zone
        zone = zone_of(heading)
        if zone is Zone.MEASURE and above is Zone.ASSIGNMENT:
            return above
        if zone is Zone.MEASURE and above is Zone.OBJECTIVE and _SPAN.match(heading):
            return above
        return zone or above

    def zone_inside(self, text: str) -> Zone | None:
        """Give the zone of a provision that opens with its own heading ("3. Phạm vi: …", "2. Kinh phí thực hiện …")."""
        if ":" in text[:60]:
            return self.zone_under(text.partition(":")[0])
        return Zone.FUNDING if zone_of(text[:20]) is Zone.FUNDING else self.top.zone

    def first_below(self, level: float) -> int:
        """Give how many provisions there were when the heading opened under which a level stands."""
        return next((one.first for one in reversed(self.open) if one.level < level), 0)

    def title(self, block: Block, owners: tuple[str, ...] = ()) -> None:
        """Keep a heading that was read."""
        start = block.start - (block.mark.length if block.mark else 0)
        self._found.titles.append(Title(block.section, block.text, start, block.end, owners))


def level_above(following: Block | None, usual: Level) -> float:
    """Give a level just above what follows, so that it stands under a heading that has no mark."""
    if following is None or following.mark is None or following.level > usual:
        return usual
    return following.level - 0.5


def year_named(heading: str) -> int | None:
    """Give the one year that a heading names; a span of years names none."""
    years = set(re.findall(r"(?<![/.-])\b20\d\d\b", heading)) if "20" in heading else set()
    return int(years.pop()) if len(years) == 1 else None
