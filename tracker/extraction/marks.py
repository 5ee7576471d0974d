"""Marks at the head of a line: "II.", "1.1.", "a)", "-", "Mục I", "(6)"; what level of the outline they open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from tracker.extraction.letters import UPPER


class Level(IntEnum):
    """How deep a mark stands; a mark closes everything as deep as itself or deeper."""

    PART = 1
    NUMBER = 2
    SUBNUMBER = 3
    SUBSUBNUMBER = 4
    LETTER = 5
    BULLET = 6
    PLUS = 7
    PLAIN = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that was read: its level, its number where it has one, and the length it takes in the line."""

    level: Level
    #: (3, 2) for "3.2."; (4,) for "IV."; (1,) for "a)"; empty for bullets.
    numbers: tuple[int, ...]
    #: As printed, without the dot or bracket: "IV", "3.2", "a", "-".
    label: str
    length: int


_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_LETTERS = "abcdđeghiklmnopqrstuvxy"

_PART = re.compile(
    r"(?:Mục|Phần|Chương|MỤC|PHẦN|CHƯƠNG)\s+(?:thứ\s+|THỨ\s+)?([IVXL]{1,6}|\d{1,2}|[A-E])\b\s*[.:\-–]?\s*"
)
_PART_WORD = re.compile(r"(?:Phần|PHẦN)\s+(?:thứ|THỨ)\s+(nhất|hai|ba|tư|năm|NHẤT|HAI|BA|TƯ|NĂM)\b\s*[.:\-–]?\s*")
_ARTICLE = re.compile(r"(?:Điều|ĐIỀU)\s+(\d{1,3})\b\s*[.:]?\s*")
_ROMAN = re.compile(r"([IVXL]{1,6})\s*[.\-–/:)]\s*(?=[^\Wa-z])")
_CAPITAL = re.compile(rf"([A-E])\s*[.)]\s+(?=[{UPPER}]{{2}})")
_NUMBER = re.compile(
    r"(\d{1,3}(?:\.\d{1,2}){0,3})"
    r"(?:(\s*[.)]|\s*[/:](?!\d))(?:\s+(?=\S)|(?=[^\W\d_]))|\s+(?=[^\W\d_]))"
)
#: "III.2. Công an tỉnh": the part and the number in one mark.
_PART_AND_NUMBER = re.compile(r"([IVXL]{1,6})\.(\d{1,2}(?:\.\d{1,2}){0,2})(?:\s*[.)]\s*|\s+)(?=\S)")
_DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{4}")
_BRACKETED = re.compile(r"\((\d{1,2}|[a-zđ])\)\s*(?=\S)")
_LETTER = re.compile(r"([a-zđ])\s*[.)]\s*(?=\S)")
_BULLET = re.compile(r"([-–—•*●▪■◦○·+])\s*(?=\S)")


def read_mark(line: str) -> Mark | None:
    """Read the mark at the head of a line, or None when it opens with plain words.

    A number counts as a mark when a dot or bracket follows it, or when it has several parts ("3.1 Trong năm"); so
    "100% người nghiện" and "2025 là năm" are no marks.
    """
    for pattern in (_PART, _PART_WORD):
        match = pattern.match(line)
        if match:
            return Mark(Level.PART, (_number(match.group(1)),), match.group(1), match.end())
    match = _ARTICLE.match(line)
    if match:
        return Mark(Level.NUMBER, (int(match.group(1)),), f"Điều {match.group(1)}", match.end())
    match = _PART_AND_NUMBER.match(line)
    if match and _roman(match.group(1)):
        numbers = tuple(int(part) for part in match.group(2).split("."))
        return Mark(_depth(numbers), numbers, f"{match.group(1)}.{match.group(2)}", match.end())
    match = _ROMAN.match(line)
    if match and _roman(match.group(1)):
        return Mark(Level.PART, (_roman(match.group(1)),), match.group(1), match.end())
    match = _CAPITAL.match(line)
    if match:
        return Mark(Level.PART, (ord(match.group(1)) - 64,), match.group(1), match.end())
    match = _BULLET.match(line)
    if match:
        level = Level.PLUS if match.group(1) == "+" else Level.BULLET
        return Mark(level, (), "-" if level is Level.BULLET else "+", match.end())
    return _counted(line)


def _counted(line: str) -> Mark | None:
    match = _NUMBER.match(line)
    if match and (match.group(2) or "." in match.group(1)) and not _DATE.match(line):
        numbers = tuple(int(part) for part in match.group(1).split("."))
        return Mark(_depth(numbers), numbers, match.group(1), match.end())
    match = _BRACKETED.match(line)
    if match:
        printed = match.group(1)
        number = int(printed) if printed.isdigit() else _LETTERS.find(printed) + 1
        return Mark(Level.LETTER, (number,), f"({printed})", match.end())
    match = _LETTER.match(line)
    if match:
        return Mark(Level.LETTER, (_LETTERS.find(match.group(1)) + 1,), match.group(1), match.end())
    return None


def _depth(numbers: tuple[int, ...]) -> Level:
    return (Level.NUMBER, Level.SUBNUMBER, Level.SUBSUBNUMBER)[min(len(numbers), 3) - 1]


def _number(printed: str) -> int:
    words = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5}
    if printed.casefold() in words:
        return words[printed.casefold()]
    if printed.isdigit():
        return int(printed)
    return _roman(printed) or ord(printed[0]) - 64


def _roman(printed: str) -> int:
    total = 0
    for letter, after in zip(printed, [*printed[1:], ""], strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if _ROMAN_VALUES.get(after, 0) > value else value
    return total if 0 < total < 40 and "IIII" not in printed else 0
