"""The text as the rules read it: one spelling for every letter, with the way back to the place in the original."""

from __future__ import annotations

import re
import unicodedata
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
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e]")
_CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+")
#: Look-alikes of đ, and dashes and quotation marks that programs put in by themselves.
_ALIKE = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "−": "-", "‐": "-", "‑": "-", "\u2028": "\n", "\u2029": "\n"})


@dataclass(frozen=True, slots=True)
class Clean:
    """A text to match rules against, and where each of its letters stands in the original."""

    original: str
    #: NFC, new tone placement, plain blanks, no invisible characters.
    text: str
    #: For every letter of `text` where it begins and ends in `original`; None where both texts agree.
    places: tuple[tuple[int, int], ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the places in the original of a stretch of the clean text that has at least one letter."""
        if self.places is None or start >= end:
            return start, max(start, end)
        return self.places[start][0], self.places[end - 1][1]

    def verbatim(self, start: int, end: int) -> str:
        """Give the original's words of a stretch of the clean text."""
        first, last = self.span(start, end)
        return self.original[first:last]


def clean(original: str) -> Clean:
    """Give the text in the one spelling that the rules know; linear in its length."""
    if unicodedata.is_normalized("NFC", original) and not _INVISIBLE.search(original) and "\r" not in original:
        return Clean(original, _even(original), None)
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for match in _CLUSTER.finditer(original):
        cluster = match.group()
        if cluster == "\r" or _INVISIBLE.fullmatch(cluster):
            if cluster == "\r" and original[match.end() : match.end() + 1] != "\n":
                letters.append("\n")
                places.append(match.span())
            continue
        for letter in unicodedata.normalize("NFC", cluster):
            letters.append(letter)
            places.append(match.span())
    return Clean(original, _even("".join(letters)), tuple(places))


def _even(text: str) -> str:
    text = _ODD_BLANK.sub(" ", text.translate(_ALIKE))
    return _OLD_TONE.sub(lambda match: _TONE[match.group()], text)
