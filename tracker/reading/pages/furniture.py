"""What stands on every page and is no part of the text: page numbers, running heads and feet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.reading.pages.marks import has_list_mark
from tracker.reading.pages.sheet import Line

#: Part of the page's height, at its top and at its foot, in which such lines stand.
ZONE = 0.1
#: A line repeated on so many pages, and on so large a part of all, is a running head.
LEAST_PAGES = 3
LEAST_SHARE = 0.3
#: It stands at the same height on every page (points).
SAME_HEIGHT = 6.0
_PAGE_NUMBER = re.compile(
    r"(?:[-–—.\s]*|(?:trang|page|tr\.)\s*:?\s*)(?P<number>\d{1,4})(?:\s*(?:/|of|trên)\s*\d{1,4})?[-–—.\s]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What was taken away: running lines, each once, and page numbers."""

    running: list[str]
    numbers: list[str]


def without_furniture(pages: Sequence[list[Line]], heights: Sequence[float]) -> Furniture:
    """Take page numbers and running lines out of the pages' lines (in place) and give what was taken."""
    edge = [
        (page, line)
        for page, lines in enumerate(pages)
        for line in lines
        if line.base < ZONE * heights[page] or line.base > (1 - ZONE) * heights[page]
    ]
    numbers = _numbers(edge)
    running = _running([(page, line) for page, line in edge if id(line) not in numbers], len(pages))
    gone = numbers | running
    taken = Furniture(
        list(dict.fromkeys(line.text for _, line in edge if id(line) in running)),
        [line.text for _, line in edge if id(line) in numbers],
    )
    for lines in pages:
        lines[:] = [line for line in lines if id(line) not in gone]
    return taken


def _numbers(edge: Sequence[tuple[int, Line]]) -> set[int]:
    """A number alone counts when it goes up with the pages, or is the page's own."""
    steps: dict[int, list[int]] = {}
    for page, line in edge:
        match = _PAGE_NUMBER.fullmatch(line.text.strip())
        if match:
            steps.setdefault(int(match["number"]) - page, []).append(id(line))
    return {one for step, lines in steps.items() if step == 1 or len(lines) > 1 for one in lines}


def _running(edge: Sequence[tuple[int, Line]], pages: int) -> set[int]:
    alike: dict[str, list[tuple[int, Line]]] = {}
    for page, line in edge:
        if not has_list_mark(line.text):
            alike.setdefault(re.sub(r"\d+", "#", line.text.casefold()), []).append((page, line))
    gone: set[int] = set()
    for found in alike.values():
        for _, first in found:
            level = [(page, line) for page, line in found if abs(line.base - first.base) < SAME_HEIGHT]
            count = len({page for page, _ in level})
            if count >= LEAST_PAGES and count >= LEAST_SHARE * pages:
                gone.update(id(line) for _, line in level)
    return gone
