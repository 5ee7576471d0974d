"""Goals that give a share and a number beside it ("45% tương đương 29/65 xã"): which of them do not fit together."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

_BOTH = re.compile(
    r"(?P<percent>\d{1,3}(?:[.,]\d{1,2})?)\s?%[^%;]{0,60}?(?<![\d/])(?P<count>\d{1,5})/(?P<whole>\d{1,5})(?![\d/])"
)
#: A plan rounds in one direction; so many goals must agree before another one stands out.
_SIBLINGS = 2


def odd_roundings(goals: Sequence[str]) -> list[bool]:
    """Tell for each goal whether its number is not what its share of the whole rounds to.

    Odd is a number that is neither the share rounded down nor up, and one rounded the other way than most goals of the
    same whole: of 65, 45% is 29.25, which a plan that makes 17 of 16.25 would make 30. Nothing is mended.
    """
    ways: list[tuple[int, str] | None] = []
    odd = [False] * len(goals)
    for place, text in enumerate(goals):
        match = _BOTH.search(text)
        whole = int(match["whole"]) if match else 0
        if match is None or whole == 0:
            ways.append(None)
            continue
        exact, count = float(match["percent"].replace(",", ".")) * whole / 100, int(match["count"])
        down, up = math.floor(exact + 1e-9), math.ceil(exact - 1e-9)
        odd[place] = count not in (down, up)
        ways.append(None if odd[place] or down == up else (whole, "up" if count == up else "down"))
    told = Counter(way for way in ways if way)
    for place, way in enumerate(ways):
        if way:
            other = told[way[0], "down" if way[1] == "up" else "up"]
            odd[place] = other >= _SIBLINGS and other > told[way]
    return odd
