"""Recognising letters in pictures of pages with Tesseract, when it is installed with Vietnamese.

Nothing recognised is believed: the document says "unchecked" until a person has compared it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from statistics import median

from tracker.reading.pages.picture import Picture
from tracker.reading.pages.ruling import has_table, rules_of, runs_of, without_rules
from tracker.reading.pages.sheet import Sheet, Word
from tracker.reading.pages.tables import Table, tables_of
from tracker.reading.syllables import is_syllable

PROGRAM = "tesseract"
LANGUAGE = "vie"
#: Seconds for one page; one that takes longer is a picture without letters.
PAGE_SECONDS = 60
#: How Tesseract takes a page: as lines over its whole width, or as words here and there, which tables need. Its own
#: search for columns loses lines; columns are found by the places of words instead.
ONE_BLOCK, SCATTERED = "6", "11"
#: Points: a column of numbers is narrower; its ruled lines reach so far into it when the page lies askew.
NARROW = 60.0
NEAR_RULE = 2.0
_AT_ONCE = min(4, os.cpu_count() or 1)
_DESCENDING = set("gpqyjạặậẹệịọộợụựỵ,;()/Q[]|ẠẶẬẸỆỊỌỘỢỤỰỴ")
#: A sign that is neither letter nor digit and less sure than this (percent) is dust, and a page on which nothing is
#: surer holds no words; dust is also smaller (points) than a full stop.
_SURE = 70.0
_DUST = 1.2
#: Signs that dust and ruled lines are taken for, and that no plan has.
_NEVER = dict.fromkeys(map(ord, "_|¡¬‹›ˆ~`¦"))
_LETTERS = re.compile(r"[^\W\d_]+")
#: Lines within this part of the usual size have the usual size: recognition measures roughly.
_ROUGHLY = 0.18


def is_installed() -> bool:
    """Tell whether Tesseract is here and knows Vietnamese."""
    if shutil.which(PROGRAM) is None:
        return False
    listed = subprocess.run([PROGRAM, "--list-langs"], capture_output=True, check=False, timeout=PAGE_SECONDS)
    return LANGUAGE in listed.stdout.decode("utf-8", "replace").split()


def recognised(pictures: Iterable[Picture]) -> Iterator[Sheet]:
    """Give each picture's page with the words found in it, in their order; few pictures are in memory at a time."""
    waiting: deque[Future[Sheet]] = deque()
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        for picture in pictures:
            waiting.append(workers.submit(_recognise, picture))
            if len(waiting) > _AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@dataclass(slots=True)
class _Found:
    """A word in the picture; places in points."""

    line: tuple[str, ...]
    text: str
    left: float
    right: float
    top: float
    bottom: float


def _recognise(picture: Picture) -> Sheet:
    sheet, runs = picture.sheet, runs_of(picture)
    wiped = without_rules(picture, runs)
    crossed = has_table(runs, picture.scale)
    found = list(_found(_printed(wiped, SCATTERED if crossed else ONE_BLOCK), picture.scale))
    slope = _slope(found)
    sheet.words = _words(found, slope)
    sheet.rules = rules_of(runs, picture.scale, slope)
    if crossed:
        for table in tables_of(sheet)[0]:
            sheet.words += _numbers(wiped, table, sheet.words, slope)
    return sheet


def _printed(picture: Picture, layout: str, *options: str) -> str:
    """Give Tesseract's table of what it sees in a picture; nothing when it takes too long."""
    command = [PROGRAM, "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(round(picture.scale * 72)), "--oem", "1",
               "--psm", layout, *options, "tsv"]  # fmt: skip
    try:
        done = subprocess.run(command, input=picture.pgm(), capture_output=True, check=False, timeout=PAGE_SECONDS)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace")


def _numbers(picture: Picture, table: Table, words: Sequence[Word], slope: float) -> list[Word]:
    """Read a narrow first column alone: digits that stand by themselves are overlooked among words here and there."""
    left, right = table.edges[0] + NEAR_RULE, table.edges[1] - NEAR_RULE
    if not 0 < right - left < NARROW:
        return []
    top = max(0.0, table.top + slope * left)
    strip = picture.cut(left, top, right, table.bottom + slope * left)
    found = [
        replace(one, left=one.left + left, right=one.right + left, top=one.top + top, bottom=one.bottom + top)
        for one in _found(_printed(strip, ONE_BLOCK, "-c", "tessedit_char_whitelist=0123456789"), picture.scale)
    ]
    taken = [word.base for word in words if left <= (word.left + word.right) / 2 <= right]
    numbers = _words(found, slope)
    return [word for word in numbers if all(abs(word.base - base) > word.size for base in taken)]


def _found(table: str, scale: float) -> Iterator[_Found]:
    rows = [cells for row in table.split("\n")[1:] if len(cells := row.split("\t")) == 12 and cells[0] == "5"]
    if not any(float(cells[10]) >= _SURE for cells in rows):
        return  # a photograph, a drawing
    for cells in rows:
        text = parted(cells[11].translate(_NEVER).strip())
        left, top, width, height = (float(cell) / scale for cell in cells[6:10])
        dust = not any(letter.isalnum() for letter in text) and float(cells[10]) < _SURE
        if text and not dust and max(width, height) > _DUST:
            yield _Found(tuple(cells[2:5]), text, left, left + width, top, top + height)


def parted(text: str) -> str:
    """Part "SởY": no Vietnamese word goes on with a capital, and both sides are words; names such as "TikTok" stay."""
    return _LETTERS.sub(_parted, text)


def _parted(match: re.Match[str]) -> str:
    word = match[0]
    for at in range(1, len(word)):
        glued = word[at - 1].islower() and word[at].isupper()
        if glued and is_syllable(word[:at]) and is_syllable(word[at:]):
            return f"{word[:at]} {word[at:]}"
    return word


def _words(found: list[_Found], slope: float) -> list[Word]:
    measured = []
    for line in _lines(found):
        for word in line:
            shift = slope * (word.left + word.right) / 2
            word.top, word.bottom = word.top - shift, word.bottom - shift
        base = median([word.bottom for word in line if not set(word.text) & _DESCENDING] or [w.bottom for w in line])
        size = (base - median(word.top for word in line)) / 0.72
        measured.append((line, base, max(size, 1.0)))
    usual = median([size for line, _, size in measured for _ in line] or [1.0])
    words = []
    for line, base, size in measured:
        even = usual if abs(size - usual) < _ROUGHLY * usual else size
        for place, word in enumerate(line):
            limit = line[place + 1].left - 0.2 * even if place + 1 < len(line) else word.right
            words.append(Word(word.text, word.left, max(min(word.right, limit), word.left), base, even))
    return words


def _lines(found: list[_Found]) -> list[list[_Found]]:
    lines: dict[tuple[str, ...], list[_Found]] = {}
    for word in sorted(found, key=lambda word: word.left):
        lines.setdefault(word.line, []).append(word)
    return list(lines.values())


def _slope(found: list[_Found]) -> float:
    """Measure how far lines fall over their length: pages lie askew on the glass."""
    slopes = []
    for line in _lines(found):
        flat = [word for word in line if not set(word.text) & _DESCENDING]
        if len(flat) > 3 and flat[-1].left - flat[0].left > 150:
            slopes.append((flat[-1].bottom - flat[0].bottom) / (flat[-1].left - flat[0].left))
    return median(slopes) if slopes else 0.0
