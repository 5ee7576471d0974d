"""Footnotes: small lines at a page's foot that begin with a number, and their marks in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.reading.pages.marks import joined
from tracker.reading.pages.sheet import Line, Rule, Sheet

#: Footnotes are smaller than the body by at least this (points).
SMALLER = 0.9
#: What a raised number is a power of: m², km².
_UNIT = re.compile(r"(?:^|[\d.,/])(?:k|c|d|m)?m$")
_START = re.compile(r"[\[(]?(?P<number>\d{1,3})[\])]?[.:]?\s*(?P<text>\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Footnote:
    """One footnote with the number it has on its page."""

    number: str
    text: str


def take_footnotes(lines: list[Line], sheet: Sheet, body: float) -> list[Footnote]:
    """Take a page's footnotes out of its lines (in place); `body` is the size of the text's letters."""
    start = len(lines)
    while start and lines[start - 1].size <= body - SMALLER:
        start -= 1
    divided = _divider(sheet)
    while start < len(lines) and not _opens(lines[start], divided):
        start += 1
    small = lines[start:]
    del lines[start:]
    notes: list[Footnote] = []
    for line in small:
        match = _START.match(_unmarked(line))
        if match and _opens(line, divided):
            notes.append(Footnote(match["number"], match["text"]))
        else:
            notes[-1] = replace(notes[-1], text=joined(notes[-1].text, line.text))
    return notes


def mark_references(lines: Sequence[Line], notes: Sequence[Footnote], first: int) -> None:
    """Write raised numbers as "[n]" (in place); `first` is the n of the page's first footnote.

    One without a footnote on its page keeps its own number: "năm 2030" and a raised 2 must not become 20302.
    """
    numbers = {note.number: f"[{first + place}]" for place, note in enumerate(notes)}
    for line in lines:
        for place, word in enumerate(line.words):
            number = word.text.strip("[]()")
            if word.raised and not (place and _UNIT.search(line.words[place - 1].text)):
                line.words[place] = replace(word, text=numbers.get(number, f"[{number}]"))


def _opens(line: Line, divided: float | None) -> bool:
    """Tell whether a footnote begins here: a number, raised or in brackets or under a dividing line."""
    if not _START.match(_unmarked(line)):
        return False
    first = line.words[0]
    under = divided is not None and line.base > divided
    return first.raised or first.text.startswith("[") or (under and first.text.rstrip(".)").isdigit())


def _unmarked(line: Line) -> str:
    first = line.words[0]
    return f"{first.text} {Line(line.words[1:], line.page).text}" if first.raised and len(line.words) > 1 else line.text


def _divider(sheet: Sheet) -> float | None:
    """Find the short rule above footnotes."""
    rules = [rule for rule in sheet.rules if not rule.upright and _is_divider(rule, sheet)]
    return max((rule.at for rule in rules), default=None)


def _is_divider(rule: Rule, sheet: Sheet) -> bool:
    low, left = rule.at > 0.4 * sheet.height, rule.start < 0.3 * sheet.width
    return low and left and 30 < rule.end - rule.start < 0.5 * sheet.width
