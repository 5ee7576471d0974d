"""One cell of a filled workbook: read as it was meant, or named."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tests.factories import TODAY
from tracker.workflow.workbook_cells import Cell, CellDay, CellPercent, read_day, read_percent

#: As openpyxl gives a date cell.
MIDNIGHT = datetime.min.time()


@pytest.mark.parametrize(("value", "form", "percent"), [
    (40, "0", 40), (40.0, "General", 40), ("40", "@", 40), ("40%", "@", 40), ("40 %", "@", 40), (0.4, "0%", 40),
    (0.4, "0", 40), (0.29, "0%", 29), ("0,4", "@", 40), (1, "0%", 100), (1, "0", 1), (0, "0", 0), (100, "0", 100),
    (None, "0", None), ("", "@", None), ("４０", "@", 40),
])  # fmt: skip
def test_percent_is_read_as_it_was_meant(value: Any, form: str, percent: int | None) -> None:
    assert read_percent(Cell(value, form), "Tiến độ") == percent


@pytest.mark.parametrize(("value", "form"), [(101, "0"), (-1, "0"), (40.5, "0"), ("bốn mươi", "@"), (True, "General"),
                                             ("140%", "@"), (2, "0%"), (datetime.combine(TODAY, MIDNIGHT), "0")])
def test_what_is_no_percent_is_named(value: Any, form: str) -> None:
    with pytest.raises(CellPercent):
        read_percent(Cell(value, form), "Tiến độ")


@pytest.mark.parametrize("value", [datetime.combine(date(2026, 3, 5), MIDNIGHT), date(2026, 3, 5), "05/03/2026",
                                   "5-3-2026", "5.3.2026", "2026-03-05", " 05/03/2026 ", 46086])
def test_a_day_is_read_in_every_form(value: Any) -> None:
    assert read_day(Cell(value), "Ngày") == date(2026, 3, 5)


@pytest.mark.parametrize("value", ["05/03/26", "31/02/2026", "hôm qua", 5, True, "03/2026"])
def test_what_is_no_day_is_named(value: Any) -> None:
    with pytest.raises(CellDay):
        read_day(Cell(value), "Ngày")
