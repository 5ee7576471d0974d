"""Recognising letters in pictures of pages with Tesseract, when it is installed with Vietnamese.

Nothing recognised is believed: the document says "unchecked" until a person has compared it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from tracker.reading.pages.picture import Picture
from tracker.reading.pages.ruling import has_table, rules_of, runs_of, without_rules
from tracker.reading.pages.sheet import Sheet, Word

PROGRAM = "tesseract"
LANGUAGE = "vie"
#: Seconds for one page; one that takes longer is a picture without letters.
PAGE_SECONDS = 60
#: How Tesseract takes a page: as lines over its whole width, or as words here and there, which tables need. Its own
#: search for columns loses lines; columns are found by the places of words instead.
ONE_BLOCK, SCATTERED = "6", "11"
_AT_ONCE = min(4, os.cpu_count() or 1)
_DESCENDING = set("gpqyjạặậẹệịọộợụựỵ,;()/Q[]|ẠẶẬẸỆỊỌỘỢỤỰỴ")
#: A sign that is neither letter nor digit and less sure than this (percent) is dust; dust is also smaller (points)
#: than a full stop.
_SURE = 70.0
_DUST = 1.2
#: Signs that dust and ruled lines are taken for, and that no plan has.
_NEVER = dict.fromkeys(map(ord, "_|¡¬‹›ˆ~`¦"))
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
    dpi = round(picture.scale * 72)
    runs = runs_of(picture)
    layout = SCATTERED if has_table(runs, picture.scale) else ONE_BLOCK
    try:
        done = subprocess.run(
            [PROGRAM, "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(dpi), "--oem", "1", "--psm", layout, "tsv"],
            input=without_rules(picture, runs).pgm(), capture_output=True, check=False, timeout=PAGE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return picture.sheet
    sheet = picture.sheet
    found = list(_found(done.stdout.decode("utf-8", "replace"), picture.scale))
    slope = _slope(found)
    sheet.words = _words(found, slope)
    sheet.rules = rules_of(runs, picture.scale, slope)
    return sheet


def _found(table: str, scale: float) -> Iterator[_Found]:
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != "5":
            continue
        text = cells[11].translate(_NEVER).strip()
        left, top, width, height = (float(cell) / scale for cell in cells[6:10])
        dust = not any(letter.isalnum() for letter in text) and float(cells[10]) < _SURE
        if text and not dust and max(width, height) > _DUST:
            yield _Found(tuple(cells[2:5]), text, left, left + width, top, top + height)


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
