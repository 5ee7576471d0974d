"""How late something is, in the five bands by which a coordinator reads a board. Days of the calendar."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum


class LateBand(StrEnum):
    """How long past its due date, from the first day to more than a month."""

    DAYS_1_3 = "1-3"
    DAYS_4_7 = "4-7"
    DAYS_8_14 = "8-14"
    DAYS_15_30 = "15-30"
    OVER_30 = "over-30"


#: The last day of each band, the shortest first; the longest has no end.
_LAST_DAYS: dict[LateBand, int | None] = {
    LateBand.DAYS_1_3: 3,
    LateBand.DAYS_4_7: 7,
    LateBand.DAYS_8_14: 14,
    LateBand.DAYS_15_30: 30,
    LateBand.OVER_30: None,
}
#: What one late assignment of a band weighs where agencies are compared by how much and how long they are late
#: together: a step of the scale each, so that one of over 30 days weighs as much as five of the first three days.
WEIGHTS: dict[LateBand, int] = {band: place for place, band in enumerate(_LAST_DAYS, start=1)}


def band_of(days_late: int) -> LateBand | None:
    """Tell the band of a lateness; None for what is not late."""
    if days_late <= 0:
        return None
    return next(band for band, last in _LAST_DAYS.items() if last is None or days_late <= last)


def due_days(band: LateBand, today: date) -> tuple[date | None, date]:
    """Give the first and the last due date that are late by a band today; the longest band has no first."""
    bands = list(_LAST_DAYS)
    place = bands.index(band)
    longest = _LAST_DAYS[band]
    shortest = (_LAST_DAYS[bands[place - 1]] or 0) + 1 if place else 1
    return (None if longest is None else today - timedelta(days=longest)), today - timedelta(days=shortest)


def weight(counts: Mapping[LateBand, int]) -> int:
    """Add up what the late assignments of one agency weigh."""
    return sum(WEIGHTS[band] * count for band, count in counts.items())
