"""Result figures: numbers as people here write them, each with a name."""
from __future__ import annotations

import pytest

from tracker.rules.errors import Refusal
from tracker.rules.figures import Figure, NamelessFigure, NotNumber, TooManyFigures, checked, is_number, read, stored


@pytest.mark.parametrize("text", ["12", "12,5", "12.5", "1.250", "1.250,75", "1 250", "0", "-3", "98,5%", "98 %",
                                  "１２"])
def test_numbers_are_taken_as_they_are_written(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "mười hai", "12 buổi", "1.25.0", "1,250,000.5.1", "12-15", "1e5", "٤٠", "12,",
                                  ","])
def test_what_is_no_number_is_told_so(text: str) -> None:
    assert not is_number(text)


def test_a_value_stays_as_it_was_typed_and_empty_rows_are_left_out() -> None:
    told = checked([Figure(" Số buổi ", " 1.250,5 ", "buổi"), Figure("Số xã", " ", "xã"), Figure("", "", "")])

    assert told == [Figure("Số buổi", "1.250,5", "buổi")]
    assert read(stored(told)) == told
    assert read(None) == read({}) == []


@pytest.mark.parametrize(("figures", "refusal"), [
    ([Figure("Số buổi", "nhiều")], NotNumber),
    ([Figure("Số buổi", "1" * 31)], NotNumber),
    ([Figure(" ", "12")], NamelessFigure),
    ([Figure(f"Số {n}", "1") for n in range(11)], TooManyFigures),
])  # fmt: skip
def test_figures_that_say_nothing_are_refused(figures: list[Figure], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        checked(figures)
