"""Runs of blanks and broken lines as one blank, with the way back to the letters of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

_RUN = re.compile(r"[ \n]{2,}|\n")


def squeezed(text: str, *, keep: str = "") -> tuple[str, Sequence[int]]:
    """Give the text with one blank for each run, and for each of its letters (and its end) the place in `text`.

    A line's end stays where one of the letters of `keep` follows it (a bullet).
    """
    if not _RUN.search(text):
        return text, range(len(text) + 1)
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for run in _RUN.finditer(text):
        parts.append(text[at : run.start()])
        places += range(at, run.start())
        bullet = "\n" in run.group() and text[run.end() : run.end() + 1] in keep if keep else False
        parts.append("\n" if bullet and run.end() < len(text) else " ")
        places.append(run.start())
        at = run.end()
    parts.append(text[at:])
    places += range(at, len(text) + 1)
    return "".join(parts), places
