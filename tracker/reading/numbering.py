"""Word's automatic numbers, which stand in no paragraph's text: "1.", "a)", "III." are printed again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: Bullets that plans use as they are; every other symbol (often a private letter of a symbol font) becomes a dash.
_PLAIN_BULLETS = {"-", "–", "+", "*", "•", "—"}
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_MAX_NUMBER = 3999


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    pattern: str
    style: str | None


class Numbering:
    """Counts a document's lists while its paragraphs are walked in order."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract_of: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._styles: dict[str, tuple[str | None, str | None, int | None]] = {}
        if numbering is not None:
            self._learn(numbering)
        if styles is not None:
            for style in styles.iter(f"{W}style"):
                num_id, level = _num_pr(style.find(f"{W}pPr"))
                self._styles[style.get(f"{W}styleId", "")] = (_val(style.find(f"{W}basedOn")), num_id, level)

    def label(self, paragraph: Any) -> str:
        """Give what Word prints before this paragraph ("1.1.", "a)", "-"), or nothing; counts one further."""
        properties = paragraph.find(f"{W}pPr")
        num_id, level = _num_pr(properties)
        style = _val(properties.find(f"{W}pStyle")) if properties is not None else None
        if num_id is None:
            num_id, level_of_style = self._of_style(style)
            level = level if level is not None else level_of_style
        abstract = self._abstract_of.get(num_id or "0")
        if num_id in (None, "0") or abstract is None:
            return ""
        levels = self._levels.get(abstract, {})
        if level is None:
            level = next((at for at, one in levels.items() if style and one.style == style), 0)
        if level not in levels:
            return ""
        return self._count(num_id or "", abstract, levels, level)

    def _count(self, num_id: str, abstract: str, levels: dict[int, _Level], level: int) -> str:
        counts = self._counts.setdefault(abstract, {})
        for at, start in self._restarts.pop(num_id, {}).items():
            counts[at] = start - 1
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        if levels[level].form == "bullet":
            mark = levels[level].pattern.strip()
            return mark if mark in _PLAIN_BULLETS else "-"

        def number(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            if at not in levels:
                return ""
            return printed(counts.setdefault(at, levels[at].start), levels[at].form)

        return re.sub(r"%([1-9])", number, levels[level].pattern).strip()

    def _of_style(self, style: str | None) -> tuple[str | None, int | None]:
        seen: set[str] = set()
        while style and style in self._styles and style not in seen:
            seen.add(style)
            parent, num_id, level = self._styles[style]
            if num_id is not None:
                return num_id, level
            style = parent
        return None, None

    def _learn(self, numbering: Any) -> None:
        for abstract in numbering.iter(f"{W}abstractNum"):
            self._levels[abstract.get(f"{W}abstractNumId", "")] = {
                _whole(level.get(f"{W}ilvl")) or 0: _Level(
                    start=_whole(_val(level.find(f"{W}start"))) or 1,
                    form=_val(level.find(f"{W}numFmt")) or "decimal",
                    pattern=_val(level.find(f"{W}lvlText")) or "",
                    style=_val(level.find(f"{W}pStyle")),
                )
                for level in abstract.iter(f"{W}lvl")
            }
        for number in numbering.iter(f"{W}num"):
            num_id = number.get(f"{W}numId", "")
            self._abstract_of[num_id] = _val(number.find(f"{W}abstractNumId")) or ""
            for override in number.iter(f"{W}lvlOverride"):
                start = _whole(_val(override.find(f"{W}startOverride")))
                if start is not None:
                    self._restarts.setdefault(num_id, {})[_whole(override.get(f"{W}ilvl")) or 0] = start


def _num_pr(properties: Any | None) -> tuple[str | None, int | None]:
    found = properties.find(f"{W}numPr") if properties is not None else None
    if found is None:
        return None, None
    return _val(found.find(f"{W}numId")), _whole(_val(found.find(f"{W}ilvl")))


def _val(element: Any | None) -> str | None:
    return element.get(f"{W}val") if element is not None else None


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else None


def printed(number: int, form: str) -> str:
    """Give a number as a list in Word prints it; `form` is Word's own name (decimal, lowerLetter, upperRoman …)."""
    if not 0 < number <= _MAX_NUMBER:
        return str(number)
    if form in ("upperRoman", "lowerRoman"):
        return _roman(number) if form == "upperRoman" else _roman(number).lower()
    if form in ("upperLetter", "lowerLetter"):
        # Word goes on with aa, bb, cc after z.
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form == "none":
        return ""
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    printed = []
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        printed.append(letters * times)
    return "".join(printed)
