"""Result figures of a report: a name, a number as people here write it, a unit."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tracker.rules.errors import Refusal

MOST_FIGURES = 10
LONGEST_NAME = 200
LONGEST_VALUE = 30
LONGEST_UNIT = 40
#: 12 · 12,5 · 12.5 · 1.200 · 1.200,5 · 1 200: the comma is decimal here, and a dot may be either.
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:[. ]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)\s?%?", re.ASCII)


class NotNumber(Refusal):
    """A figure's value is no number."""

    key = "figure_not_number"


class NamelessFigure(Refusal):
    """A figure without a name says nothing."""

    key = "figure_without_name"


class TooManyFigures(Refusal):
    """More figures than one report takes."""

    key = "too_many_figures"


@dataclass(frozen=True)
class Figure:
    """One figure as it was typed."""

    name: str
    value: str
    unit: str = ""


def is_number(text: str) -> bool:
    """Tell whether a text is a number as people here write it."""
    return _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None


def checked(figures: Iterable[Figure]) -> list[Figure]:
    """Give the figures that have a value; a name without one was offered by the form and not filled in.

    Raises TooManyFigures, NamelessFigure or NotNumber, which name the first that is wrong.
    """
    told = [figure for figure in figures if figure.value.strip()]
    if len(told) > MOST_FIGURES:
        raise TooManyFigures(most=MOST_FIGURES)
    for figure in told:
        if not figure.name.strip():
            raise NamelessFigure(value=figure.value.strip()[:LONGEST_VALUE])
        if len(figure.value) > LONGEST_VALUE or not is_number(figure.value):
            raise NotNumber(name=figure.name.strip()[:LONGEST_NAME], value=figure.value.strip()[:LONGEST_VALUE])
    return [Figure(figure.name.strip()[:LONGEST_NAME], figure.value.strip(), figure.unit.strip()[:LONGEST_UNIT])
            for figure in told]


def stored(figures: Iterable[Figure]) -> dict[str, Any]:
    """Give figures as the table keeps them."""
    return {"rows": [asdict(figure) for figure in figures]}


def read(kept: Mapping[str, Any] | None) -> list[Figure]:
    """Read figures from what the table keeps."""
    rows = (kept or {}).get("rows") or []
    return [Figure(str(row.get("name", "")), str(row.get("value", "")), str(row.get("unit") or "")) for row in rows]
