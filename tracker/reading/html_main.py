"""Which lines of a web page are the document: told by the form of official documents, never by a site's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tracker.reading.html_tables import Line
from tracker.reading.html_words import AFTER, BUTTON, NAMED_FURNITURE, VOICE, is_numbered, is_strong

_FURNITURE_TAGS = frozenset({"header", "footer", "aside"})
#: So much of the page's form must lie in one element for the rest to be left out; a page with less than the least
#: form is taken whole.
_SHARE = 0.97
_LEAST_FORM = 8
_LONG = 120
_BETWEEN_LINKS = re.compile(r"\S\s+[|»›>•·]\s+\S")


def mark_furniture(lines: list[Line]) -> None:
    """Give a key to every line that is not the document: menus, helps, comments, related links."""
    for line in lines:
        words = line.text.removeprefix("- ").strip(" .…!:")
        if not line.key and VOICE.fullmatch(words):
            line.key = "voice_hint"
        elif not line.key and BUTTON.fullmatch(words):
            line.key = "site_menu"
    strong = [is_strong(line.text) and not _is_link(line) for line in lines]
    first = next((line.element for line in lines if line.element is not None), None)
    order = [] if first is None else list(first.getroottree().getroot().iter())
    _mark_named_parts(lines, strong, order)
    _mark_followers(lines, strong)
    _mark_outside(lines, strong, order)
    _mark_link_runs(lines)


def _is_link(line: Line) -> bool:
    return line.linked * 10 >= len(line.text) * 8


def _mark_named_parts(lines: list[Line], strong: list[bool], order: list[Any]) -> None:
    """Leave out what the page itself names header, menu or comments, unless the document stands in it."""
    letters = _sums(lines, [len(line.text) for line in lines], order)
    formal = _sums(lines, strong, order)
    whole = sum(len(line.text) for line in lines)
    furniture: set[Any] = set()
    for element in order:
        if element.getparent() in furniture or (
            letters[element] and not formal[element] and letters[element] * 2 < whole and _is_named_furniture(element)
        ):
            furniture.add(element)
    for line in lines:
        if not line.key and line.element in furniture:
            line.key = "site_menu"


def _is_named_furniture(element: Any) -> bool:
    if element.tag in ("html", "body"):
        return False
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
    return element.tag in _FURNITURE_TAGS or NAMED_FURNITURE.search(names) is not None


def _mark_followers(lines: list[Line], strong: list[bool]) -> None:
    """Leave out what stands under "Tin liên quan", "Bình luận" …: to the end where the document has ended before it."""
    last = max((at for at, is_strong in enumerate(strong) if is_strong), default=None)
    for at, line in enumerate(lines):
        if line.key or not AFTER.fullmatch(line.text.strip(" .:")):
            continue
        ended = last is not None and at > last
        for place in range(at + 1, len(lines)):
            following = lines[place]
            if not ended and not following.key and not _is_link(following):
                break
            following.key = following.key or "site_menu"
            line.key = "site_menu"
        if ended:
            line.key = "site_menu"
            return


def _mark_outside(lines: list[Line], strong: list[bool], order: list[Any]) -> None:
    """Find the smallest element that holds the document, and leave out what lies outside of it."""
    points = [0 if line.key else _points(line, is_strong) for line, is_strong in zip(lines, strong, strict=True)]
    total = sum(points)
    if total < _LEAST_FORM:
        return
    form = _sums(lines, points, order)
    firm = _sums(lines, [is_strong and not line.key for line, is_strong in zip(lines, strong, strict=True)], order)
    most_firm = max(firm.values(), default=0)
    main = None
    for element in order:  # outer before inner, so that the last one is the smallest
        if form[element] >= _SHARE * total and firm[element] == most_firm:
            main = element
    inside = set(main.iter()) if main is not None else set()
    for line in lines:
        if main is not None and not line.key and line.element not in inside:
            line.key = "site_menu"


def _points(line: Line, is_strong: bool) -> int:
    if is_strong:
        return 3
    if _is_link(line):
        return 0
    return 1 if is_numbered(line.text) or " | " in line.text or len(line.text) > _LONG else 0


def _mark_link_runs(lines: list[Line]) -> None:
    """Short lines that only lead to other pages are a menu wherever they stand: three in a row, or several in one."""
    kept = [line for line in lines if not line.key]
    run: list[Line] = []
    for line in [*kept, Line("", None)]:
        if line.text and _is_link(line) and len(line.text) < 200 and not is_numbered(line.text):
            run.append(line)
            continue
        if len(run) >= 3 or any(_BETWEEN_LINKS.search(member.text) for member in run):
            for member in run:
                member.key = "site_menu"
        run = []


def _sums(lines: list[Line], values: Sequence[int], order: list[Any]) -> Counter[Any]:
    """Add up the lines' values for each element and everything in it; `order` holds all elements, outer ones first."""
    sums: Counter[Any] = Counter()
    for line, value in zip(lines, values, strict=True):
        sums[line.element] += value
    for element in reversed(order):
        if sums[element]:
            sums[element.getparent()] += sums[element]
    return sums
