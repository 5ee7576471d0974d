"""Ruled lines in a picture of a page: long runs of dark dots, which no letter has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracker.reading.pages.picture import Picture
from tracker.reading.pages.sheet import Rule

#: Dots darker than this are ink.
_INK = bytes(0 if grey < 150 else 255 for grey in range(256))
#: A run may have holes of three dots: dust on the glass.
_RUN = re.compile(rb"(?:\x00{8,}\xff{0,3})+")
#: Points: a run of one row of dots is longer than letters are high, a rule longer than a word's underline.
LEAST_RUN = 16.0
LEAST_RULE = 30.0
#: Runs this near (points) belong to one rule.
SAME_RULE = 1.6
HOLE = 6.0
#: Points: feet of letters that touch are shorter than a rule that is wiped out; dots beside a run that belong to it.
LEAST_WIPED = 60.0
EDGE = 2
_PAPER = b"\xff"


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of ink in a picture, in dots: (place on the other axis, first dot, dot behind the last)."""

    level: list[tuple[int, int, int]]
    upright: list[tuple[int, int, int]]


def runs_of(picture: Picture) -> Runs:
    """Find the runs of ink that are longer than any letter's stroke."""
    ink = picture.dots.translate(_INK)
    least = LEAST_RUN * picture.scale
    width = picture.width
    return Runs(
        [(y, *run) for y in range(picture.height) for run in _runs(ink[y * width : (y + 1) * width], least)],
        [(x, *run) for x in range(width) for run in _runs(ink[x::width], least)],
    )


def without_rules(picture: Picture, runs: Runs) -> Picture:
    """Wipe the long rules out of a picture: recognition takes those near letters for parts of them."""
    wiped, width, scale = bytearray(picture.dots), picture.width, picture.scale
    for upright, found in ((False, runs.level), (True, runs.upright)):
        for chain in _long_chains(found, scale):
            for (at, start, end), (_, following, _) in zip(chain, [*chain[1:], chain[-1]], strict=True):
                first, last = round(start * scale), round(max(end, following) * scale)
                for place in range(max(0, round(at * scale) - EDGE), round(at * scale) + EDGE + 1):
                    if upright and place < width:
                        wiped[first * width + place : last * width + place : width] = _PAPER * (last - first)
                    elif not upright and place < picture.height:
                        wiped[place * width + first : place * width + last] = _PAPER * (last - first)
    return replace(picture, dots=bytes(wiped))


def has_table(runs: Runs, scale: float) -> bool:
    """Tell whether rules cross as in a table: at least three level and two upright ones of some length."""
    return len(list(_long_chains(runs.level, scale))) > 2 and len(list(_long_chains(runs.upright, scale))) > 1


def rules_of(runs: Runs, scale: float, slope: float) -> list[Rule]:
    """Give the ruled lines of a page that lies askew by `slope`, as if it lay straight; `scale` is dots per point."""
    level = [
        (at / scale - slope * (start + end) / 2 / scale, start / scale, end / scale) for at, start, end in runs.level
    ]
    upright = [
        (at / scale + slope * (start + end) / 2 / scale, start / scale, end / scale) for at, start, end in runs.upright
    ]
    return [*_rules(level, False), *_rules(upright, True)]


def _runs(dots: bytes, least: float) -> Iterator[tuple[int, int]]:
    for match in _RUN.finditer(dots):
        if match.end() - match.start() >= least:
            yield match.start(), match.end()


def _long_chains(runs: list[tuple[int, int, int]], scale: float) -> Iterator[list[tuple[float, float, float]]]:
    for chain in _chains([(at / scale, start / scale, end / scale) for at, start, end in runs]):
        if max(end for _, _, end in chain) - chain[0][1] >= LEAST_WIPED:
            yield chain


def _rules(runs: list[tuple[float, float, float]], upright: bool) -> Iterator[Rule]:
    for chain in _chains(runs):
        start, end = chain[0][1], max(last for _, _, last in chain)
        if end - start >= LEAST_RULE:
            places = [at for at, _, _ in chain]
            yield Rule(upright, (min(places) + max(places)) / 2, start, end)


def _chains(runs: list[tuple[float, float, float]]) -> Iterator[list[tuple[float, float, float]]]:
    """Gather runs that lie in one line, in its order; each may lie a little beside the one before."""
    runs.sort()
    rows: list[list[tuple[float, float, float]]] = []
    for run in runs:
        if rows and run[0] - rows[-1][-1][0] <= SAME_RULE:
            rows[-1].append(run)
        else:
            rows.append([run])
    for row in rows:
        row.sort(key=lambda run: run[1])
        chain, end = [row[0]], row[0][2]
        for run in row[1:]:
            if run[1] - end > HOLE:
                yield chain
                chain = []
            chain.append(run)
            end = max(end, run[2])
        yield chain
