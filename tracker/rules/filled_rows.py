"""A row that somebody filled in, in the grid or in a workbook: what it says, told apart from what was handed out."""
from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from datetime import date

from tracker.rules.states import AssignmentState

#: As long as a text of a report may be, on every way in.
LONGEST_TEXT = 10_000
LONGEST_NUMBER = 100


@dataclass(frozen=True)
class Said:
    """What one row says of the work. Its texts are tidied, so that two of them can be compared."""

    #: In progress or submitted; None leaves it as it stands (what is still open becomes "in progress").
    state: AssignmentState | None = None
    #: None leaves it as it stands.
    percent: int | None = None
    text: str = ""
    difficulties: str = ""
    #: None: the row has no place for it, what was said last goes on.
    proposals: str | None = None
    document_number: str = ""
    document_on: date | None = None


def tidy(text: str | None) -> str:
    """Give a text in NFC with one kind of line end, without control characters and without blanks at its ends."""
    plain = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in plain if letter in "\n\t" or unicodedata.category(letter) not in _NEVER).strip()


#: Control characters and lone surrogates: databases, XML and Excel refuse some of them each.
_NEVER = frozenset({"Cc", "Cs"})


def tidy_line(text: str | None) -> str:
    """Give a text on one line, with single blanks."""
    return " ".join(tidy(text).split())


def mark(said: Said) -> str:
    """Give a short mark of what a row says; two rows with one mark say the same."""
    day = said.document_on.isoformat() if said.document_on else None
    whole = [said.state, said.percent, said.text, said.difficulties, said.proposals, said.document_number, day]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()[:16]
