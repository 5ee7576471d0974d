"""A plan's text cut for the screen: no letter lost, and the words that matter found where they stand."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.web.plans.text_pane import Span, cut, places_of_name

TEXT = "1. Sở Y tế\n- Mở lớp.\n2. Sở  Y tế (phối hợp)\n- Công an tỉnh mở lớp trước 31/8.\n"
PLACES = st.tuples(st.integers(-5, 90), st.integers(-5, 90))


@given(st.lists(PLACES, max_size=6), st.lists(PLACES, max_size=3), st.lists(PLACES, max_size=3), st.none() | PLACES)
def test_whatever_is_marked_no_letter_is_lost_and_no_line_added(
    spans: list[tuple[int, int]], deadlines: list[tuple[int, int]], owners: list[tuple[int, int]],
    spot: tuple[int, int] | None,
) -> None:
    lines = cut(TEXT, [Span(number, *place) for number, place in enumerate(spans)], chosen=0, deadlines=deadlines,
                owners=owners, spot=spot)

    assert "\n".join("".join(piece.text for piece in line.pieces) for line in lines) == TEXT


def found(printed: str, words: str, heading: str | None = None) -> list[str]:
    start = TEXT.index(words)
    return [TEXT[first:last] for first, last in
            places_of_name(TEXT, printed, start=start, end=start + len(words), heading=heading)]


@pytest.mark.parametrize(("printed", "words", "heading", "expected"), [
    pytest.param("Công an tỉnh", "Công an tỉnh mở lớp", "2. Sở  Y tế (phối hợp)", ["Công an tỉnh"], id="own words"),
    pytest.param("công an  tỉnh", "Công an tỉnh mở lớp", None, ["Công an tỉnh"], id="case and blanks"),
    pytest.param("Sở Y tế", "Mở lớp.", "1. Sở Y tế", ["Sở Y tế"], id="the heading above"),
    pytest.param("Sở Y tế", "Mở lớp.", "2. Sở  Y tế (phối hợp)", [], id="a heading that stands below"),
    pytest.param("Sở Y tế (phối hợp)", "Công an tỉnh mở lớp", "2. Sở Y tế (phối hợp)", ["Sở  Y tế (phối hợp)"],
                 id="letters that mean something to a pattern"),
    pytest.param("Sở Tài chính", "Mở lớp.", "1. Sở Y tế", [], id="nowhere"),
    pytest.param("", "Mở lớp.", "1. Sở Y tế", [], id="no name at all"),
])  # fmt: skip
def test_a_bodys_words_are_found_in_the_duty_or_in_the_heading_above(
    printed: str, words: str, heading: str | None, expected: list[str]
) -> None:
    assert found(printed, words, heading) == expected


def test_only_the_nearest_heading_above_counts() -> None:
    text = "Sở Y tế\nA.\nSở Y tế\nB.\n"

    assert places_of_name(text, "Sở Y tế", start=text.index("B."), end=text.index("B.") + 2,
                          heading="Sở Y tế") == [(text.rindex("Sở"), text.rindex("Sở") + 7)]
