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
_OLD_TONE = re.compile(rf"(?<![qQ])[oOuU][àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ](?![{UPPER}{LOWER}])")
#: Behind q the mark belongs to the y ("quý"); "qúy" is a slip that many hands make.
_SLIP = re.compile("(?<=[qQ])[úùủũụÚÙỦŨỤ][yY]")
_SLIPS = {"ú": "ý", "ù": "ỳ", "ủ": "ỷ", "ũ": "ỹ", "ụ": "ỵ"}
#: Every blank but the plain one and the line end.
_BLANKS = "\t\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD_BLANK = re.compile(f"[{_BLANKS}]")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e"
#: What can't stand in the clean text as it is: line ends of Windows (also spelt out, as "\\r\\n"), letters without
#: width, marks of Markdown, several blanks in a row, blanks beside a line end, letters with marks of their own (NFD).
_UNEVEN = re.compile(
    rf"(?P<end>[^\S\n]*\r\n?[^\S\r\n]*|[^\S\r\n]+\n[^\S\r\n]*|\n[^\S\r\n]+|[^\S\n]*\\r\\n[^\S\n]*)"
    rf"|(?P<gone>[{_INVISIBLE}]+|\*\*+|(?<![^\n])\#{{1,6}}[ ])"
    r"|(?P<blank>[^\S\r\n]{2,})|(?P<cluster>[^\u0300-\u036f\r\n]?[\u0300-\u036f]+)"
)
_ODD_LETTER = re.compile(f"[{_BLANKS}{_INVISIBLE}]")
_ODD_PLACES = ("\r", "  ", " \n", "\n ", "**", "# ", "\\r\\n")
#: Look-alikes of đ, and dashes and quotation marks that programs put in by themselves.
_ALIKE = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "−": "-", "‐": "-", "‑": "-", "\u2028": "\n", "\u2029": "\n"}
_ALIKE_LETTER = re.compile(f"[{''.join(_ALIKE)}]")


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


def clean(original: str, before: Sequence[Edit] = ()) -> Clean:
    """Give the text in the one spelling that the rules know; linear in its length.

    `before` are edits of the original that come first, in order and apart from each other.
    """
    plain = Clean(original, original).edited(before)
    if not _is_even(plain.text):
        plain = plain.edited([_evened(match) for match in _UNEVEN.finditer(plain.text)])
    return Clean(original, even(plain.text), plain.starts, plain.runs)


def _evened(match: re.Match[str]) -> Edit:
    if match["gone"]:
        new = ""
    elif match["end"]:
        new = "\n"
    else:
        new = " " if match["blank"] else unicodedata.normalize("NFC", match.group())
    return Edit(match.start(), match.end(), new)


def _is_even(text: str) -> bool:
    """Tell a text in which nothing has to be taken out or put together."""
    if any(place in text for place in _ODD_PLACES) or _ODD_LETTER.search(text):
        return False
    return unicodedata.is_normalized("NFC", text)


def even(text: str) -> str:
    """Give a text with plain blanks, dashes and letters, and the new tone placement; letter for letter."""
    text = _ALIKE_LETTER.sub(lambda match: _ALIKE[match.group()], text)
    text = _ODD_BLANK.sub(" ", text)
    text = _SLIP.sub(_without_slip, text)
    return _OLD_TONE.sub(lambda match: _TONE.get(match.group(), match.group()), text)


def _without_slip(match: re.Match[str]) -> str:
    first, last = match.group()[0], match.group()[1]
    marked = _SLIPS[first.lower()]
    return ("U" if first.isupper() else "u") + (marked.upper() if last.isupper() else marked)
