"""Blocks: what an outline is made of. One mark with its words, a paragraph, or a row of a table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.extraction.letters import LOWER
from tracker.extraction.marks import Level, Mark

_LETTER = re.compile(rf"[{LOWER}]")


@dataclass(slots=True)
class Block:
    """One mark with its words, a paragraph, or a row of a table; places count letters of the clean text."""

    mark: Mark | None
    text: str
    start: int
    end: int
    section: str | None = None
    #: Why it can't hold a duty: "repeated", "front_matter", "signature", "footnote"; None when it may.
    aside: str | None = None
    #: The numbering jumps right after the item it stands under, so that its heading may have been lost.
    doubtful: bool = False
    #: The item before the jump, by its place in the list of blocks; what is doubtful together shares it.
    group: int | None = None
    #: The cells of a row that the text gives one to a line, with their places.
    cells: tuple[tuple[str, int], ...] | None = None
    #: The heading of a part was lost just before it: the numbers of the part above end and begin anew.
    opens_part: bool = False
    #: Another document opens here (a plan after its decision, an annex): numbers begin anew.
    opens: bool = False

    @property
    def level(self) -> Level:
        """How deep the block stands; a paragraph without a mark is deepest."""
        return self.mark.level if self.mark else Level.PLAIN

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table: three cells or more, however they are fenced."""
        if self.cells is not None:
            return True
        bars = self.text.count("|")
        return bars > 3 or (bars >= 2 and not (bars == 3 and self.text.lstrip().startswith("|")))

    @property
    def is_capitals(self) -> bool:
        """Whether it is written in capitals, as headings without a mark are."""
        return len(self.text) > 3 and not _LETTER.search(self.text) and any(letter.isalpha() for letter in self.text)
