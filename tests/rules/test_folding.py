"""The fold key."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.folding import fold

CASES = [
    pytest.param("Ma túy", "ma tuy", id="marks and capitals go"),
    pytest.param("Đào tạo", "dao tao", id="the Vietnamese d with stroke"),
    pytest.param("\u00d0ào tạo", "dao tao", id="eth is a d too"),
    pytest.param("\u0189ào tạo", "dao tao", id="African d is a d too"),
    pytest.param(" Sở\u00a0 Y\ttế \n", "so y te", id="blanks of every kind collapse"),
    pytest.param("th\u00adàn\u200bh", "thanh", id="soft hyphens and zero-width blanks go"),
    pytest.param(unicodedata.normalize("NFD", "Ủy ban nhân dân"), "uy ban nhan dan", id="NFD reads like NFC"),
    pytest.param("", "", id="nothing stays nothing"),
]


@pytest.mark.parametrize(("text", "key"), CASES)
def test_fold_gives_the_key(text: str, key: str) -> None:
    assert fold(text) == key


@pytest.mark.parametrize(("old", "new"), [("hoà", "hòa"), ("tuý", "túy"), ("uỷ", "ủy"), ("Hoè", "Hòe")])
def test_old_and_new_tone_placement_have_one_key(old: str, new: str) -> None:
    assert fold(old) == fold(new)


@settings(deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.text())
def test_the_spelling_form_does_not_matter(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
