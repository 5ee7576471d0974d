"""The text as the rules read it: one spelling for every letter, with the way back to the place in the original."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
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
#: What is spelt in more letters than the rules want to see: line ends, runs of blanks, invisible characters, a letter
#: with its marks apart.
_LONGER = re.compile(
    rf"(?P<end>\r\n?)|(?P<blank>[^\S\r\n{_INVISIBLE}](?:[^\S\r\n]|[{_INVISIBLE}])+)|(?P<nothing>[{_INVISIBLE}]+)"
    r"|(?P<letter>(?:[^\u0300-\u036f][\u0300-\u036f]+|[\u0300-\u036f]+))"
)
#: Look-alikes of đ, and dashes and quotation marks that programs put in by themselves.
_ALIKE = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "−": "-", "‐": "-", "‑": "-", "\u2028": "\n", "\u2029": "\n"})


@dataclass(frozen=True, slots=True)
class Places:
    """Where stretches of the clean text stand in the original.

    Stretch number i begins at `clean[i]`; as many letters as it has stand from `starts[i]` on, one for one, unless
    `ends[i]` is not 0: then all of it stands for the letters up to there.
    """

    clean: array[int]
    starts: array[int]
    ends: array[int]

    def first(self, at: int) -> int:
        """Give where a letter of the clean text begins in the original."""
        number = bisect_right(self.clean, at) - 1
        return self.starts[number] if self.ends[number] else self.starts[number] + at - self.clean[number]

    def last(self, at: int) -> int:
        """Give where a letter of the clean text ends in the original."""
        number = bisect_right(self.clean, at) - 1
        return self.ends[number] or self.starts[number] + at - self.clean[number] + 1


@dataclass(frozen=True, slots=True)
class Clean:
    """A text to match rules against, and where each of its letters stands in the original."""

    original: str
    #: NFC, new tone placement, plain and single blanks, no invisible characters.
    text: str
    #: None where both texts agree letter for letter.
    places: Places | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the places in the original of a stretch of the clean text that has at least one letter."""
        if self.places is None or start >= end:
            return start, max(start, end)
        return self.places.first(start), self.places.last(end - 1)

    def verbatim(self, start: int, end: int) -> str:
        """Give the original's words of a stretch of the clean text."""
        first, last = self.span(start, end)
        return self.original[first:last]


def clean(original: str) -> Clean:
    """Give the text in the one spelling that the rules know; linear in its length."""
    if unicodedata.is_normalized("NFC", original) and not _LONGER.search(original):
        return Clean(original, _even(original), None)
    stretches: list[str] = []
    places = Places(array("L"), array("L"), array("L"))
    length = at = 0

    def take(words: str, start: int, end: int) -> None:
        nonlocal length
        if words:
            places.clean.append(length)
            places.starts.append(start)
            places.ends.append(end)
            stretches.append(words)
            length += len(words)

    def take_as_it_stands(start: int, end: int) -> None:
        words = original[start:end]
        if unicodedata.is_normalized("NFC", words):
            take(words, start, 0)
        else:  # letters that are spelt otherwise without any mark, as those of other scripts
            for place in range(start, end):
                take(unicodedata.normalize("NFC", original[place]), place, place + 1)

    for match in _LONGER.finditer(original):
        take_as_it_stands(at, match.start())
        at = match.end()
        if match["end"]:
            take("\n", match.start(), at)
        elif match["blank"]:
            take(" ", match.start(), at)
        elif match["letter"]:
            take(unicodedata.normalize("NFC", match.group()), match.start(), at)
    take_as_it_stands(at, len(original))
    return Clean(original, _even("".join(stretches)), places)


def _even(text: str) -> str:
    text = _ODD_BLANK.sub(" ", text.translate(_ALIKE))
    return _OLD_TONE.sub(lambda match: _TONE[match.group()], text)
