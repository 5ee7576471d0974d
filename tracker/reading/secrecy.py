"""Marks of state secrecy at the head of a document: MẬT, TỐI MẬT, TUYỆT MẬT."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice

#: The mark stands at the head (Circular 24/2020/TT-BCA); further down the word is prose.
HEAD_LINES = 40
_MARKS = {"mật", "tối mật", "tuyệt mật"}
_LABEL = re.compile(r"(?:độ mật|mức độ mật|dấu độ mật|dấu chỉ độ mật)\s*:?\s*", re.IGNORECASE)
_BRACKETED = re.compile(r"[(\[{<]\s*((?:TỐI |TUYỆT )?MẬT)\s*[)\]}>]")
#: In a text that lost its line ends the mark still stands between the motto and the number.
_BEFORE_NUMBER = re.compile(r"(?<!BÍ )(?<!BẢO )\b((?:TỐI |TUYỆT )?MẬT)\s+Số\s*:")


def secrecy_mark(pieces: Iterable[str]) -> str | None:
    """Give the mark that one of the first pieces (lines, cells, page headers) bears, or None.

    A mark is a piece of its own, a mark in brackets or after "Độ mật:", never a word in a sentence: "bí mật nhà
    nước" and "bảo mật" are no marks.
    """
    for piece in islice((piece for piece in pieces if piece.strip()), HEAD_LINES):
        text = " ".join(unicodedata.normalize("NFC", piece[:4000]).split())
        alone = _LABEL.sub("", text, count=1).strip(' .:*-–_[](){}<>"“”').casefold()
        if alone in _MARKS:
            return alone.upper()
        if alone.replace(" ", "") in {mark.replace(" ", "") for mark in _MARKS}:
            return alone.upper()
        inside = _BRACKETED.search(text) or _BEFORE_NUMBER.search(text)
        if inside:
            return inside.group(1)
    return None
