"""Words that a crawl glued together where a line ended ("cácsở", "vớiSở Y tế", "UBNDtỉnh") are parted again.

A Vietnamese word is one syllable, and syllables are built in one way: what is none, and is two that stand elsewhere
in the same text, was glued. Nothing is parted in a text that shows few of them.
"""

from __future__ import annotations

import re
from collections import Counter

from tracker.extraction.cleaning import Clean, Edit, even
from tracker.extraction.letters import LOWER, UPPER

_VOWELS = "aăâeêioôơuưyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
_SYLLABLE = re.compile(
    rf"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?[{_VOWELS}]{{1,3}}(?:ng|nh|ch|[cmnpt])?$"
)
_WORD = re.compile(rf"[{UPPER}{LOWER}]{{5,}}")
#: "vớiSở", "UBNDtỉnh": small letters and capitals meet inside a word.
_SEAM = re.compile(rf"(?<=[{LOWER}]{{2}})(?=[{UPPER}][{LOWER}])|(?<=[{UPPER}]{{3}})(?=[{LOWER}]{{2}})")
_TOKEN = re.compile(rf"[{UPPER}{LOWER}]+")
#: So many glued words show that the crawl glues; fewer are names and slips.
_LEAST = 4


def part_glued_words(plan: Clean) -> Clean:
    """Give the text with a blank inside each glued word; the way back to the original stays."""
    lines = plan.text.split("\n")
    words: set[str] = set()
    for line in lines:  # never all words at once: they need many times the room of the text
        words.update(_WORD.findall(line))
    long_words = {word for word in words if not _SYLLABLE.match(word.casefold())}
    if len(long_words) < _LEAST:
        return plan
    known: Counter[str] = Counter()
    for line in lines:
        known.update(_TOKEN.findall(line.casefold()))
    seams = {word: at for word in long_words if (at := _seam(word, known))}
    if len(seams) < _LEAST:
        return plan
    edits = [
        Edit(match.start(), match.end(), _parted(match.group(), seams[match.group()]))
        for match in _WORD.finditer(plan.text)
        if match.group() in seams
    ]
    return plan.edited(edits)


def _parted(word: str, at: int) -> str:
    """Give both words; the tone of the first was not yet at its place, because letters followed it ("Uỷban")."""
    return f"{even(word[:at])} {even(word[at:])}"


def _seam(word: str, known: Counter[str]) -> int:
    """Give where a word was glued, or 0 when it was not."""
    met = _SEAM.search(word)
    if met:
        return met.start()
    if word.isupper():
        return 0
    small = word.casefold()
    best, most = 0, 0
    for at in range(1, len(small)):
        left, right = small[:at], small[at:]
        least = min(known[even(left)], known[even(right)])
        if least > most and _SYLLABLE.match(left) and _SYLLABLE.match(right):
            best, most = at, least
    return best
