"""Marks at the head of a line: "II.", "1.1.", "a)", "-", "Mục I", "(6)"; what level of the outline they open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from tracker.extraction.letters import LOWER, UPPER


class Level(IntEnum):
    """How deep a mark stands; a mark closes everything as deep as itself or deeper."""

    CHAPTER = 1
    PART = 2
    ARTICLE = 3
    NUMBER = 4
    SUBNUMBER = 5
    SUBSUBNUMBER = 6
    LETTER = 7
    STAR = 8
    BULLET = 9
    PLUS = 10
    PLAIN = 11


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that was read: its level, its number where it has one, and the length it takes in the line."""

    level: Level
    #: (3, 2) for "3.2."; (4,) for "IV."; (1,) for "a)"; empty for bullets.
    numbers: tuple[int, ...]
    #: As printed, without the dot or bracket: "IV", "3.2", "a", "-".
    label: str
    length: int
    #: The word "Mục" stands before the number.
    is_named: bool = False


_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_LOWER_MARKS = frozenset(_LETTERS)

_PART = re.compile(
    r"(?P<chapter>Phần|Chương|PHẦN|CHƯƠNG)?(?(chapter)|(?:Mục|MỤC))\s+(?:thứ\s+|THỨ\s+)?"
    r"(?P<number>[IVXL]{1,6}|\d{1,2}|[A-E])\b\s*[.:\-–]?\s*"
)
_PART_WORD = re.compile(r"(?:Phần|PHẦN)\s+(?:thứ|THỨ)\s+(nhất|hai|ba|tư|năm|NHẤT|HAI|BA|TƯ|NĂM)\b\s*[.:\-–]?\s*")
#: "Điều 2." or "Điều 2" alone on its line; "Điều 2 Nghị định …" points to another document.
_ARTICLE = re.compile(r"(?:Điều|ĐIỀU)\s+(\d{1,3})\b(?:\s*[.:]\s*|\s+[-–]\s+|\s*$)")
#: "II.", "II -", "II/"; not the quarter in "II/2026".
_ROMAN = re.compile(
    r"([IVXL]{1,6})(?:\s*[.)]\s*(?=[^\Wa-z])|\s*[-–/:]\s*(?=[^\W\da-z_])"
    rf"|\s+(?=[{UPPER}]{{2,}}[ ,][{UPPER} ,]{{3,}}))"
)
_CAPITAL = re.compile(rf"([A-E])\s*[.)]\s+(?=[{UPPER}]{{2}})")
_NUMBER = re.compile(
    r"(\d{1,3}(?:\.\d{1,2}){0,3})"
    rf"(?:(\s*[.)](?:\s*[-–](?!\s?\d))?|\s*[/:](?=\s|[{UPPER}][{LOWER}])|\s?[-–](?=\s[{UPPER}]|[{UPPER}][{LOWER}]))"
    r"(?:\s+(?=\S)|(?=[^\W\d_]))|\s+(?=[^\W\d_]))"
)
#: "III.2. Công an tỉnh": the part and the number in one mark.
_PART_AND_NUMBER = re.compile(r"([IVXL]{1,6})\.(\d{1,2}(?:\.\d{1,2}){0,2})(?:\s*[.)]\s*|\s+)(?=\S)")
_DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{4}")
_BRACKETED = re.compile(r"\((\d{1,2}|[a-zđ])\)\s*(?=\S)")
_LETTER = re.compile(r"([a-zđ])\s*[.)]\s*(?=\S)")
_BULLET = re.compile(r"([-–—•▪·+◦○*●■◆♦❖►➢✓\uf0b7\uf02d])\s*(?=\S)")
_BULLET_LEVELS = dict.fromkeys("+◦○", Level.PLUS) | dict.fromkeys("*◆♦❖►➢", Level.STAR)
_LABELS = {Level.PLUS: "+", Level.STAR: "*", Level.BULLET: "-"}
#: No mark begins with another letter; most lines are told by their first one.
_MARK_LETTERS = frozenset("MPCĐIVXLABCDE0123456789(abcdđeghiklmnopqrstuvxy-–—•▪·+◦○*●■◆♦❖►➢✓\uf0b7\uf02d")


def read_mark(line: str) -> Mark | None:
    """Read the mark at the head of a line, or None when it opens with plain words.

    A number counts as a mark when a dot or bracket follows it, or when it has several parts ("3.1 Trong năm"); so
    "100% người nghiện" and "2025 là năm" are no marks.
    """
    if not line or line[0] not in _MARK_LETTERS:
        return None
    if line[0] in "MPCĐ":
        return _named(line)
    if line[0] in _LOWER_MARKS and line[1:2] not in ".) ":
        return None
    match = _PART_AND_NUMBER.match(line)
    if match and _roman(match.group(1)):
        numbers = tuple(int(part) for part in match.group(2).split("."))
        return Mark(_depth(numbers), numbers, f"{match.group(1)}.{match.group(2)}", match.end())
    match = _ROMAN.match(line)
    if match and _roman(match.group(1)):
        return Mark(Level.PART, (_roman(match.group(1)),), match.group(1), match.end())
    match = _CAPITAL.match(line)
    if match:
        return Mark(Level.CHAPTER, (ord(match.group(1)) - 64,), match.group(1), match.end())
    match = _BULLET.match(line)
    if match:
        level = _BULLET_LEVELS.get(match.group(1), Level.BULLET)
        return Mark(level, (), _LABELS[level], match.end())
    return _counted(line)


def _named(line: str) -> Mark | None:
    match = _PART.match(line)
    if match:
        level = Level.CHAPTER if match["chapter"] else Level.PART
        named = level is Level.PART
        return Mark(level, (_number(match["number"]),), match["number"], match.end(), is_named=named)
    match = _PART_WORD.match(line)
    if match:
        return Mark(Level.CHAPTER, (_number(match.group(1)),), match.group(1), match.end())
    match = _ARTICLE.match(line)
    if match:
        return Mark(Level.ARTICLE, (int(match.group(1)),), f"Điều {match.group(1)}", match.end())
    match = _CAPITAL.match(line)
    return Mark(Level.CHAPTER, (ord(match.group(1)) - 64,), match.group(1), match.end()) if match else None


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
    return ord(printed) - 64 if printed in "ABCDE" else _roman(printed)


def _roman(printed: str) -> int:
    total = 0
    for letter, after in zip(printed, [*printed[1:], ""], strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if _ROMAN_VALUES.get(after, 0) > value else value
    return total if 0 < total < 40 and "IIII" not in printed else 0
