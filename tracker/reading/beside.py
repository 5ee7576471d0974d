"""Two texts beside each other in one row of a table: the letterhead, and the recipients beside the signature."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

from tracker.reading.official import MOTTO, RECIPIENTS

_MOTTO = re.compile(MOTTO, re.IGNORECASE)
_RECIPIENTS = re.compile(RECIPIENTS, re.IGNORECASE)
#: A letterhead has no more lines than this; a cell with the motto and more is a whole document.
_MOST_HEAD_LINES = 8


def lines_beside(cells: Sequence[Sequence[str]]) -> list[str] | None:
    """Give the lines of two texts beside each other, or None when the cells are those of a table.

    A letterhead is read across, as it is seen ("left | right"); recipients come before the signature.
    """
    full = [lines for cell in cells if (lines := [line for line in cell if line.strip()])]
    if len(full) != 2:
        return None
    texts = [unicodedata.normalize("NFC", " ".join(lines[:_MOST_HEAD_LINES])) for lines in full]
    if max(map(len, full)) <= _MOST_HEAD_LINES and any(map(_MOTTO.search, texts)):
        return [" | ".join(filter(None, pair)) for pair in zip_longest(*full, fillvalue="")]
    if any(len(lines) > 1 and _RECIPIENTS.match(text) for lines, text in zip(full, texts, strict=True)):
        return [*full[0], *full[1]]
    return None
