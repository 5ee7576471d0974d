"""A plan's text cut into pieces: which words belong to which duty, and which of them are the chosen one's."""
from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True)
class Span:
    """The words of one duty: from `start` up to, not including, `end`."""

    task_id: int
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """Some letters of one line that look alike."""

    text: str
    #: The duty that a click on them chooses.
    task_id: int | None = None
    is_chosen: bool = False
    #: They say by when the chosen duty is due.
    is_deadline: bool = False
    #: They say who must do it; in the heading above it too.
    is_owner: bool = False
    #: They are what the address points at.
    is_spot: bool = False
    #: The first piece of its duty carries the anchor.
    is_first: bool = False


@dataclass
class Line:
    """One line of the text."""

    pieces: list[Piece] = field(default_factory=list)


Place = tuple[int, int]


def cut(text: str, spans: Iterable[Span], *, chosen: int | None = None, deadlines: Iterable[Place] = (),
        owners: Iterable[Place] = (), spot: Place | None = None) -> list[Line]:
    """Cut a text into lines and pieces; no letter is lost, and no line end is added.

    Where duties overlap the shorter one is the link, unless one of them is chosen. `deadlines` and `owners` are the
    places of the chosen duty's own words, `spot` is one that the address points at.
    """
    known = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    times, bodies, spots = ([(start, end) for start, end in places if 0 <= start < end <= len(text)]
                            for places in (deadlines, owners, [spot] if spot else []))
    cuts = {0, len(text)}
    cuts.update(place for span in known for place in (span.start, span.end))
    cuts.update(place for pair in (*times, *bodies, *spots) for place in pair)
    lines = [Line()]
    seen: set[int] = set()
    for start, end, covering in _segments(sorted(cuts), known):
        span = _front(covering, chosen)
        is_chosen = span is not None and span.task_id == chosen
        marks = (is_chosen, is_chosen and _within(start, end, times), _within(start, end, bodies),
                 _within(start, end, spots))
        for number, part in enumerate(text[start:end].split("\n")):
            if number:
                lines.append(Line())
            if part:
                task_id = span.task_id if span else None
                is_first = task_id is not None and task_id not in seen
                lines[-1].pieces.append(Piece(part, task_id, *marks, is_first))
                if task_id is not None:
                    seen.add(task_id)
    return lines


def _within(start: int, end: int, places: list[Place]) -> bool:
    return any(first <= start and end <= last for first, last in places)


def places_of_name(text: str, printed: str, *, start: int, end: int, heading: str | None) -> list[Place]:
    """Find where a body's printed name stands: in the duty's own words, else in the heading above it; else nowhere."""
    words = re.compile(r"\s+".join(map(re.escape, printed.split())), re.IGNORECASE)
    if not printed.strip():
        return []
    found = words.search(text, start, end)
    if found is None and heading and heading.strip():
        title = re.compile(r"\s+".join(map(re.escape, heading.split())))
        above = next(iter(deque(title.finditer(text, 0, start), maxlen=1)), None)  # the last one
        found = words.search(text, above.start(), above.end()) if above else None
    return [found.span()] if found else []


def _segments(cuts: list[int], spans: list[Span]) -> Iterator[tuple[int, int, list[Span]]]:
    """Walk from cut to cut, and say which spans cover the letters between."""
    waiting = sorted(spans, key=lambda span: span.start)
    active: list[Span] = []
    at = 0
    for start, end in pairwise(cuts):
        active = [span for span in active if span.end > start]
        while at < len(waiting) and waiting[at].start <= start:
            if waiting[at].end > start:
                active.append(waiting[at])
            at += 1
        yield start, end, active


def _front(covering: list[Span], chosen: int | None) -> Span | None:
    if not covering:
        return None
    return min(covering, key=lambda span: (span.task_id != chosen, span.end - span.start, span.task_id))
