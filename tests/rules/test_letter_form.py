"""The fixed words and numbers of an official letter (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""
from __future__ import annotations

from datetime import date

import pytest

from tracker.rules import letter_form as form


@pytest.mark.parametrize(("day", "written"), [
    (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
    (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
    (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
    (date(2026, 9, 10), "ngày 10 tháng 9 năm 2026"),
    (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
])
def test_days_under_ten_and_the_first_two_months_get_a_leading_zero(day: date, written: str) -> None:
    assert form.full_date(day) == written


@pytest.mark.parametrize("month", range(1, 13))
def test_the_registrys_blanks_have_the_pattern_the_checker_expects(month: int) -> None:
    assert form.BLANK_DATE.match("Hà Dương, " + form.blank_date(date(2026, month, 1)))


def test_the_number_is_left_blank_and_the_symbol_names_no_type() -> None:
    assert form.number_line(form.symbol_of("CAT", "PC04")) == "Số:        /CAT-PC04"
    assert form.symbol_of("SYT", "") == "SYT"
    assert form.BLANK_NUMBER.match(form.number_line("CAT-PC04"))
    assert form.BLANK_NUMBER.match("Số: 152/CAT-PC04") is None


@pytest.mark.parametrize(("position", "of", "name"), [
    (1, 1, "Phụ lục"), (1, 2, "Phụ lục I"), (2, 2, "Phụ lục II"), (4, 9, "Phụ lục IV"), (9, 9, "Phụ lục IX"),
    (44, 50, "Phụ lục XLIV"),
])
def test_annexes_are_numbered_in_roman_numerals_from_two_on(position: int, of: int, name: str) -> None:
    assert form.annex_number(position, of) == name
    assert form.ANNEX_NUMBER.match(name)


def test_a_list_ends_with_a_full_stop() -> None:
    assert form.closed_list(["Sở Y tế", "Sở Tài chính"]) == ["- Sở Y tế;", "- Sở Tài chính."]
    assert form.closed_list([]) == []


@pytest.mark.parametrize(("number", "is_good"), [
    ("152/CAT-PC04", True), ("05/CAT-PC04", True), ("152a/SYT-NVY", True), ("1045/UBND-NC", True),
    ("152", False), ("/CAT-PC04", False), ("số 152/CAT", False), ("152/", False), ("152/CAT PC04", False),
])
def test_an_issued_number_is_checked_loosely(number: str, is_good: bool) -> None:
    assert bool(form.ISSUED_NUMBER.match(number)) is is_good


def test_a_range_allows_what_office_programs_round() -> None:
    assert form.MARGINS["left"].holds(29.99)
    assert not form.MARGINS["left"].holds(25)
    assert not form.MARGINS["right"].holds(25.4)
