"""What the beginning and the end of a printed line say about whether the next line goes on with it."""

from __future__ import annotations

import re

from tracker.reading.official import ANNEX, KINDS

#: "-", "+", "a)", "1.", "1.2.", "I.", "(1)", "[1]", "Điều 3", "Bước 2:" at the beginning of a line.
_LIST_MARK = re.compile(
    r"(?:[-–—+•*▪●○◦]+(?=\s|[^\W\d_])"
    r"|\(?[a-zđ]\)\s|\(?\d{1,2}\)\s|[a-zđ]\.\s|[IVXLC]{1,5}[.)]?\s+(?=[^\W\d_a-z])|\d{1,2}(?:\.\d{1,2}){0,4}[.)]\s+(?=\D)"
    r"|\d{1,2}(?:\.\d{1,2}){1,4}\s+(?=[^\W\d_])|\[\d{1,3}\]\s"
    r"|(?:Điều|Chương|Mục|Phần|Khoản|Bước|Giai đoạn)\s+(?:\d{1,2}|[IVX]{1,5})\s*[.:])"
)
_ONLY_MARK = re.compile(r"(?:[-–—+•*▪●○◦]|\(?[a-zđ\d]{1,2}[.)]|[IVXLC]{1,5}[.)]|\d{1,2}(?:\.\d{1,2}){1,4}\.?)")
#: The name of a kind of document, or of an annex, alone on its line.
_TITLE = re.compile(rf"(?:{KINDS}|{ANNEX}(?: (?:\d{{1,2}}|[IVX]{{1,5}}))?)[.:]?")
_ENDED = re.compile(r"(?:[.;:!?…]|\./\.?|\.\s*/\s*\.)[”\"’')\]]*(?:\[\d{1,3}\])?$")
#: A line that ends within a number or a symbol: "18-" / "CTr/TU", "37/" / "KH-UBND".
_WITHIN = re.compile(r"[^\W_][-/]$")


def has_list_mark(text: str) -> bool:
    """Tell whether a line begins with what opens a provision."""
    return bool(_LIST_MARK.match(text))


def must_open(text: str) -> bool:
    """Tell whether a line's mark is one that no wrapped line begins with by chance: a number before a capital."""
    match = _LIST_MARK.match(text)
    return match is not None and text[0] not in "-–—+•*▪●○◦" and text[match.end() :].lstrip("“\"'(")[:1].isupper()


def is_list_mark(text: str) -> bool:
    """Tell whether a text is nothing but the mark of a list."""
    return bool(_ONLY_MARK.fullmatch(text))


def is_title(text: str) -> bool:
    """Tell whether a line is the head of a document's or an annex's own text."""
    return bool(_TITLE.fullmatch(text.strip()))


def is_ended(text: str) -> bool:
    """Tell whether a sentence or a provision ends with this line."""
    return bool(_ENDED.search(text.rstrip()))


def goes_on_small(text: str) -> bool:
    """Tell whether a line begins in the middle of a sentence: with a small letter that is no list's."""
    first = text.lstrip("“\"'(")[:1]
    return first.islower() and not has_list_mark(text)


def joined(first: str, second: str) -> str:
    """Put two lines of one paragraph together; a hyphen stays, and what was cut within a number is closed again."""
    if _WITHIN.search(first) and second[:1].isalnum():
        return first + second
    return f"{first} {second}" if first else second
