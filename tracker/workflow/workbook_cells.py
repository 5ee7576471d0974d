"""What stands in one cell of a filled workbook: read as a person meant it, or named as bad. Plain values, no file."""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl.utils.datetime import from_excel

from tracker.reports.workbook import CHOICES
from tracker.rules.errors import Refusal
from tracker.rules.filled_rows import LONGEST_NUMBER, LONGEST_TEXT, tidy, tidy_line
from tracker.rules.folding import fold
from tracker.rules.states import AssignmentState

_STATES = {fold(words): state for words, state in CHOICES.items()} | {"": None}


class BadCell(Refusal):
    """A cell can't be taken as it is; `column` names it."""

    key = "workbook_cell"


class CellState(BadCell):
    """No state of the list."""

    key = "workbook_cell_state"


class CellPercent(BadCell):
    """No whole number from 0 to 100."""

    key = "workbook_cell_percent"


class CellDay(BadCell):
    """No day."""

    key = "workbook_cell_day"


class CellTurnedDay(BadCell):
    """The program made a date of what was typed as a number of a document."""

    key = "workbook_cell_turned_day"


class CellFormula(BadCell):
    """A formula without a result."""

    key = "workbook_cell_formula"


class CellTooLong(BadCell):
    """A text longer than a text may be."""

    key = "workbook_cell_too_long"


@dataclass(frozen=True)
class Cell:
    """A cell as the file holds it."""

    value: Any = None
    #: "0%", "dd/mm/yyyy": tells 40 % from 0.4.
    format: str = "General"
    is_broken: bool = False


def plain(value: Any) -> str:
    """Write what a cell holds as a person sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return str(value).replace(".", ",")
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    return str(value).replace("_x000D_", "").strip()


def read_state(cell: Cell, column: str) -> AssignmentState | None:
    """Read a state of the list; nothing, and "left as it is", are None. Raises CellState."""
    words = fold(plain(cell.value))
    if words not in _STATES:
        raise CellState(column=column)
    return _STATES[words]


def read_percent(cell: Cell, column: str) -> int | None:
    """Read 40, "40", "40%", 0.4 and 0.4 shown as 40 %; nothing is None. Raises CellPercent."""
    value = cell.value
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip()
        if not text:
            return None
        found = re.fullmatch(r"([0-9]{1,3}(?:[.,][0-9]{1,6})?)\s*%?", text)
        if found is None:
            raise CellPercent(column=column)
        value = float(found[1].replace(",", "."))
        shown_as_percent = False
        is_share = "%" not in text and 0 < value < 1
    elif value is None:
        return None
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise CellPercent(column=column)
    else:
        shown_as_percent = "%" in cell.format
        is_share = 0 < value < 1
    percent: float = value * 100 if shown_as_percent or is_share else value
    if not 0 <= percent <= 100 or abs(percent - round(percent)) > 1e-6:
        raise CellPercent(column=column)
    return round(percent)


def read_day(cell: Cell, column: str) -> date | None:
    """Read a date cell, a day in words (dd/mm/yyyy) or the number that Excel keeps a day as. Raises CellDay."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and 20_000 < value < 80_000:
        value = from_excel(value)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value
    text = unicodedata.normalize("NFKC", plain(value)).strip()
    if not text:
        return None
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
        if day.year >= 1900:
            return day
    raise CellDay(column=column)


def read_text(cell: Cell, column: str) -> str:
    """Read a text of several lines. Raises CellTooLong."""
    text = tidy(plain(cell.value))
    if len(text) > LONGEST_TEXT:
        raise CellTooLong(column=column, most=LONGEST_TEXT)
    return text


def read_number(cell: Cell, column: str) -> str:
    """Read the number of a document. Raises CellTurnedDay or CellTooLong."""
    if isinstance(cell.value, datetime | date):
        raise CellTurnedDay(column=column)
    text = tidy_line(plain(cell.value))
    if len(text) > LONGEST_NUMBER:
        raise CellTooLong(column=column, most=LONGEST_NUMBER)
    return text
