"""The text as the rules read it: one spelling for every letter, with the way back to the place in the original."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.extraction.letters import LOWER, UPPER

#: Old tone placement to new, letter for letter, so that places stay the same ("hoà" and "hòa" read alike).
_TONE = dict(
    pair
    for old, new in (
        ("oà", "òa"),
        ("oá", "óa"),
        ("oả", "ỏa"),
        ("oã", "õa"),
        ("oạ", "ọa"),
        ("oè", "òe"),
        ("oé", "óe"),
        ("oẻ", "ỏe"),
        ("oẽ", "õe"),
        ("oẹ", "ọe"),
        ("uỳ", "ùy"),
        ("uý", "úy"),
        ("uỷ", "ủy"),
        ("uỹ", "ũy"),
        ("uỵ", "ụy"),
    )
    for pair in ((old, new), (old.upper(), new.upper()), (old.capitalize(), new.capitalize()))
)
#: Only at the end of a syllable do the two placements differ ("hoà", but "đoàn"); in "quý" the u is no vowel.
_OLD_TONE = re.compile("(?<![qQ])(?:" + "|".join(_TONE) + rf")(?![{UPPER}{LOWER}])")
_ODD_BLANK = re.compile(r"[^\S\n ]")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e"
#: What can't stand in the clean text as it is: line ends of Windows, letters without width, several blanks in a row,
#: blanks beside a line end, and letters with marks of their own (NFD).
_UNEVEN = re.compile(
    rf"(?P<end>[^\S\n]*\r\n?[^\S\r\n]*|[^\S\r\n]+\n[^\S\r\n]*|\n[^\S\r\n]+)|(?P<gone>[{_INVISIBLE}]+)"
    r"|(?P<blank>[^\S\r\n]{2,})|(?P<cluster>[^\u0300-\u036f\r\n]?[\u0300-\u036f]+)"
)
_EVEN_ALREADY = re.compile(rf"[\r{_INVISIBLE}]|[^\S\n]{{2}}|[^\S\n]\n|\n[^\S\n]")
#: Look-alikes of đ, and dashes and quotation marks that programs put in by themselves.
_ALIKE = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "−": "-", "‐": "-", "‑": "-", "\u2028": "\n", "\u2029": "\n"})


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a text that reads otherwise in the next one."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Clean:
    """A text to match rules against, and where each of its letters stands in the original."""

    original: str
    #: NFC, new tone placement, single plain blanks, no invisible characters.
    text: str
    #: Where in `text` each run begins, and where that run stands in the original: (first, last) with None as last for a
    #: run that agrees letter for letter. Empty where both texts agree throughout.
    starts: tuple[int, ...] = ()
    runs: tuple[tuple[int, int | None], ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the places in the original of a stretch of the clean text that has at least one letter."""
        if not self.starts or start >= end:
            return start, max(start, end)
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, at: int) -> tuple[int, int]:
        run = bisect_right(self.starts, at) - 1
        first, last = self.runs[run]
        if last is not None:
            return first, last
        place = first + at - self.starts[run]
        return place, place + 1

    def _between(self, at: int) -> tuple[int, int]:
        """Give the place in the original just before a letter of the clean text."""
        place = self._place(at)[0] if self.starts and at < len(self.text) else at
        return place, place

    def verbatim(self, start: int, end: int) -> str:
        """Give the original's words of a stretch of the clean text."""
        first, last = self.span(start, end)
        return self.original[first:last]

    def edited(self, edits: Sequence[Edit]) -> Clean:
        """Give the text with some stretches changed, and the way back still kept.

        The edits come in order and apart from each other. A new stretch stands as a whole for the old one, letter by
        letter only where both have one length.
        """
        if not edits:
            return self
        pieces: list[str] = []
        starts: list[int] = []
        runs: list[tuple[int, int | None]] = []
        at = length = 0

        def keep(start: int, end: int) -> None:
            nonlocal length
            if not self.starts:
                starts.append(length)
                runs.append((start, None))
            for run in range(max(0, bisect_right(self.starts, start) - 1), len(self.starts)):
                begins = max(start, self.starts[run])
                if begins >= end:
                    break
                place, last = self.runs[run]
                starts.append(length + begins - start)
                runs.append((place + begins - self.starts[run], None) if last is None else (place, last))
            pieces.append(self.text[start:end])
            length += end - start

        for edit in edits:
            if edit.start > at:
                keep(at, edit.start)
            if edit.new:
                if len(edit.new) == edit.end - edit.start:
                    keep(edit.start, edit.end)
                    pieces[-1] = edit.new
                else:
                    starts.append(length)
                    runs.append(self.span(edit.start, edit.end) if edit.end > edit.start else self._between(edit.start))
                    pieces.append(edit.new)
                    length += len(edit.new)
            at = edit.end
        if at < len(self.text):
            keep(at, len(self.text))
        return Clean(self.original, "".join(pieces), tuple(starts), tuple(runs))


def clean(original: str) -> Clean:
    """Give the text in the one spelling that the rules know; linear in its length."""
    plain = Clean(original, original)
    if not unicodedata.is_normalized("NFC", original) or _EVEN_ALREADY.search(original):
        plain = plain.edited([_evened(match) for match in _UNEVEN.finditer(original)])
    return Clean(original, even(plain.text), plain.starts, plain.runs)


def _evened(match: re.Match[str]) -> Edit:
    if match["gone"]:
        new = ""
    elif match["end"]:
        new = "\n"
    else:
        new = " " if match["blank"] else unicodedata.normalize("NFC", match.group())
    return Edit(match.start(), match.end(), new)


def even(text: str) -> str:
    """Give a text with plain blanks, dashes and letters, and the new tone placement; letter for letter."""
    text = _ODD_BLANK.sub(" ", text.translate(_ALIKE))
    return _OLD_TONE.sub(lambda match: _TONE[match.group()], text)
