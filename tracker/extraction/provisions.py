"""What the walk through an outline finds: provisions, headings, and pieces that hold no duty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.extraction.headings import Zone
from tracker.extraction.marks import Level

#: "(1) …; (2) …" inside prose: each number is a provision of its own; also "a) …; b) …" and "một là, …; hai là, …".
_BRACKETED = re.compile(r"(?<=[\s:;,.])\((\d{1,2})\)\s+")
_LETTERED = re.compile(r"(?:(?<=[:;.]\s)|(?<=^))([a-zđ])\)\s+")
_COUNTED = re.compile(
    r"(?i:(?:(?<=[:;.]\s)|(?<=^))(?:(?P<la>một|hai|ba|bốn|năm|sáu|bảy|tám) là|thứ (?P<thu>nhất|hai|ba|tư|năm|sáu|bảy"
    r"|tám)))"
    r"\s*[,:]\s*"
)
_WORDS = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám")
_ORDINALS = ("", "nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám")
_LETTERS = "abcdđeghiklmn"
#: The first number of a list inside a sentence stands behind a lead-in no longer than this.
_LONGEST_LEAD = 200


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
    #: "heading", "inline_heading", "subject", "assignment_line", "lead_in", "sibling_heading", "table_row",
    #: "row_above", "closing", "inferred" or "" without an owner.
    rule: str = ""
    #: Where the order begins inside `text`, after the names of those who must act.
    order_at: int = 0
    #: Partners that stand apart from the text (a cell, a line of their own); None when only the text names them.
    partners: tuple[str, ...] | None = None
    #: Words about time that stand apart from the text (a cell, a line of their own), with their places.
    times: tuple[tuple[str, int], ...] = ()
    product: str | None = None
    doubtful: bool = False
    group: int | None = None
    inferred: bool = False
    year: int | None = None
    #: It is listed only when it says who or how much: prose outside the parts that order something.
    is_prose: bool = False
    #: How deep its block stands.
    level: Level = Level.PLAIN


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


def pieces(text: str, label: str = "") -> Iterator[tuple[str | None, int, int]]:
    """Give the provisions of a paragraph, (number, start, end): one for each number of a list inside it.

    `label` is the paragraph's own mark: behind "(2)" a list goes on with "(3)".
    """
    own = int(label[1:-1]) if label[:1] == "(" and label[1:-1].isdigit() else 0
    if own and f"({own + 1}) " in text:
        following = list(_BRACKETED.finditer(" " + text))
        if [int(m[1]) for m in following] == list(range(own + 1, own + 1 + len(following))):
            cuts = [0, *(m.end() - 1 for m in following)]
            ends = [*(m.start() - 1 for m in following), len(text)]
            for place, (first, last) in enumerate(zip(cuts, ends, strict=True)):
                yield (str(own + place) if place else None), first, first + len(text[first:last].rstrip(" ;,"))
            return
    found: list[tuple[int, int, str]] = []
    if "(2)" in text:
        found = [(m.start() - 1, m.end() - 1, m[1]) for m in _BRACKETED.finditer(" " + text)]
        if [number for _start, _end, number in found] != [str(n + 1) for n in range(len(found))]:
            found = []
    elif " b) " in text:
        found = [(m.start(), m.end(), m[1]) for m in _LETTERED.finditer(text)]
        if "".join(letter for _start, _end, letter in found) != _LETTERS[: len(found)]:
            found = []
    elif "ai là" in text or "hứ hai" in text:
        found = [(m.start(), m.end(), str(_value(m))) for m in _COUNTED.finditer(text)]
        if [number for _start, _end, number in found] != [str(n + 1) for n in range(len(found))]:
            found = []
    if len(found) < 2 or found[0][0] > _LONGEST_LEAD:
        yield None, 0, len(text)
        return
    for at, (_start, start, number) in enumerate(found):
        end = found[at + 1][0] if at + 1 < len(found) else len(text)
        yield number, start, start + len(text[start:end].rstrip(" ;,"))


def _value(match: re.Match[str]) -> int:
    word = (match["la"] or match["thu"]).casefold()
    return (_WORDS if match["la"] else _ORDINALS).index(word)
