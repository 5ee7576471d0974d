"""Abbreviations that a text defines for itself: "Ban Chỉ đạo … (sau đây gọi tắt là Ban Chỉ đạo)", "… (PCCC)"."""

from __future__ import annotations

import re

from tracker.extraction.letters import UPPER
from tracker.rules.folding import fold

_NAMED = re.compile(
    r"\((?:(?i:sau đây)\s)?(?i:(?:được\s)?(?:gọi tắt|viết tắt|gọi chung"
    r"|gọi)(?:\slà)?:?)\s*"
    r"[“\"]?(?P<short>[^)”\"]{2,60})[”\"]?\)"
)
_LETTERS = re.compile(rf"(?<=\s)\((?P<short>[{UPPER}][{UPPER}&-]{{1,14}})\)")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 14


def read_abbreviations(text: str) -> tuple[tuple[str, str], ...]:
    """Read the pairs (short, full) that a text defines, in its order, each short form once.

    A bracket of capitals counts when they are the first letters of the words before it: "Ủy ban nhân dân (UBND)".
    """
    found: dict[str, str] = {}
    for match in _NAMED.finditer(text):
        short = " ".join(match["short"].split())
        before = re.split(r"[.;:()\n]", text[max(0, match.start() - 160) : match.start()])[-1]
        full = _full_by_letters(before, short) or _clause(before)
        if full and fold(full) != fold(short):
            found.setdefault(short, full)
    for match in _LETTERS.finditer(text):
        full = _full_by_letters(text[max(0, match.start() - 120) : match.start()], match["short"])
        if full:
            found.setdefault(match["short"], full)
    return tuple(found.items())


def _full_by_letters(before: str, short: str) -> str | None:
    """Give the last words whose first letters are the short form's; "và" and "," may stand between them."""
    letters = [letter for letter in fold(short) if letter.isalpha()]
    if not letters or not short.isupper():
        return None
    words = list(_WORD.finditer(before))[-_LONGEST:]
    at = len(words)
    for letter in reversed(letters):
        at -= 1
        while at >= 0 and words[at].group() in ("và", "của") and fold(words[at].group())[0] != letter:
            at -= 1
        if at < 0 or fold(words[at].group())[:1] != letter:
            return None
    return " ".join(before[words[at].start() :].split()).strip(" ,-")


def _clause(before: str) -> str | None:
    """Give the last clause, from its first capital on."""
    clause = re.split(r",\s(?=[^\W\d_]*[A-ZĐ])", before)[-1]
    start = re.search(rf"[{UPPER}]", clause)
    return " ".join(clause[start.start() :].split()) if start else None
