"""Time limits in a provision, in the order in which they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.extraction.dates import Impossible
from tracker.extraction.documents import without_document_names
from tracker.extraction.limit_words import FIGURES, Nothing, Rule, When
from tracker.extraction.one_off import ONE_OFF
from tracker.extraction.records import Deadline
from tracker.extraction.recurring import RECURRING, merged
from tracker.extraction.spacing import squeezed

_RULES = (*RECURRING, *ONE_OFF)
_NEEDED = frozenset(word for rule in _RULES for word in rule.needs)
#: Without one of these no rule reads anything.
_HINTS = ("hằng ", "hàng ", "mỗi ", "từng ", "định kỳ", "báo cáo", "sơ kết", "tổng kết", "lần", "quý", "quí")
_DIGIT = re.compile(r"\d")
#: A day so many years after the plan is a slip of the pen more often than a limit.
_FAR = 15


@dataclass(frozen=True, slots=True)
class Found:
    """What a provision says about time: its deadlines and the keys of what could not be read."""

    deadlines: tuple[Deadline, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    #: The provision in small letters, other documents' names blanked out, one blank for a run of them.
    text: str
    #: Where each of these letters stands in the provision as printed.
    places: Sequence[int]
    taken: bytearray
    deadlines: list[Deadline] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def find_deadlines(text: str, year: int | None = None, *, since: date | None = None, is_cell: bool = False) -> Found:
    """Read every time limit of a provision.

    `year` is the plan's own, for days written without one; `since` the day before which none of those lies (the
    plan's issue). `is_cell` tells that the words are the time cell of a table, where a bare day is a limit. Places
    count from the start of `text`. An impossible date gives no deadline but the reason "impossible_date"; a day without
    any year gives "year_missing"; a day before the plan's year or far after it stays and gives "odd_date".
    """
    small = _small(text)
    if not _DIGIT.search(small) and not any(hint in small for hint in _HINTS):
        return Found()
    small, places = squeezed(_small(without_document_names(text)).replace("quí", "quý"))
    reading = _Reading(small, places, bytearray(len(small)))
    when = When(year, since, is_cell)
    there = {word: word in small for word in _NEEDED}
    for rule in _RULES:
        if (rule.cells_only and not is_cell) or not any(map(there.__getitem__, rule.needs)):
            continue
        if rule.figures and rule.figures not in there:
            there[rule.figures] = FIGURES[rule.figures].search(small) is not None
        if not rule.figures or there[rule.figures]:
            _apply(reading, text, rule, when)
    deadlines = merged(sorted(reading.deadlines, key=lambda limit: limit.start))
    deadlines = _without_idle_years(deadlines)
    if year and any(_is_odd(limit, year) for limit in deadlines):
        reading.reasons.append("odd_date")
    return Found(tuple(deadlines), tuple(dict.fromkeys(reading.reasons)))


def _small(text: str) -> str:
    small = text.lower()
    if len(small) != len(text):  # a letter whose small form is two letters, such as İ
        small = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return small


def _apply(reading: _Reading, text: str, rule: Rule, when: When) -> None:
    for found in rule.pattern.finditer(reading.text):
        match = found
        start, end = match.span()
        free = reading.taken.find(1, start, end)
        if free >= 0:
            shorter = rule.pattern.match(reading.text, start, free) if rule.shrinks and free > start else None
            if shorter is None:
                continue
            match, end = shorter, shorter.end()
        built = rule.build(match, when)
        if built is None:
            continue
        reading.taken[start:end] = b"\1" * (end - start)
        if isinstance(built, Impossible):
            reading.reasons.append("impossible_date")
            continue
        if isinstance(built, Nothing):
            if built is Nothing.YEAR_MISSING:
                reading.reasons.append("year_missing")
            continue
        start, end = reading.places[start], reading.places[end]
        words = text[start:end].strip(" ,;(\n")
        first = text.index(words, start) if words else start
        reading.deadlines += [
            replace(
                limit,
                words=words,
                start=first,
                end=first + len(words),
                rule=rule.name,
                confidence=rule.confidence,
            )
            for limit in built
        ]


def _is_odd(limit: Deadline, year: int) -> bool:
    day = limit.on or limit.last_on
    return day is not None and not year <= day.year <= year + _FAR


def _without_idle_years(deadlines: list[Deadline]) -> list[Deadline]:
    """Drop a bare year when a day of that year, or of the next, stands beside it: the day is the limit."""
    years = {day.year for limit in deadlines for day in (limit.on, limit.first_on, limit.last_on) if day}
    return [
        limit
        for limit in deadlines
        if not (
            limit.rule == "year" and limit.first_year is not None and {limit.first_year, limit.first_year + 1} & years
        )
    ]
