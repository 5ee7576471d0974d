"""What must hold for any text, and what the form of a text may never change."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.extraction.test_hostile_texts import places_fit
from tracker.extraction import extract

PLANS = {path.stem: path.read_text("utf-8") for path in (Path(__file__).parents[1] / "data" / "plans").glob("*.txt")}
_TO_OLD_TONE = {"òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "ủy": "uỷ", "úy": "uý", "ụy": "uỵ"}
_TO_NEW_TONE = {old: new for new, old in _TO_OLD_TONE.items()}
_TONE = re.compile("|".join([*_TO_OLD_TONE, *_TO_NEW_TONE]))

_Change = Callable[[str, random.Random], str]


def _sometimes(pattern: str, put: Callable[[re.Match[str], random.Random], str]) -> _Change:
    """Change every third place or so at which the pattern stands."""

    def change(text: str, dice: random.Random) -> str:
        return re.sub(
            pattern, lambda match: put(match, dice) if dice.random() < 0.3 else match.group(), text, flags=re.MULTILINE
        )

    return change


CHANGES: dict[str, _Change] = {
    "NFD": lambda text, _dice: unicodedata.normalize("NFD", text),
    "NFD here and there": _sometimes(r".+", lambda match, _dice: unicodedata.normalize("NFD", match.group())),
    "line ends of Windows": lambda text, _dice: text.replace("\n", "\r\n"),
    "line ends of old Macs": lambda text, _dice: text.replace("\n", "\r"),
    "doubled blanks": _sometimes(r"(?<=\S) (?=\S)", lambda _match, dice: " " * dice.randint(2, 4)),
    "blanks that do not break": _sometimes(" ", lambda _match, dice: dice.choice("\u00a0\u202f\u2009")),
    "blanks around lines": _sometimes(r"^(?=.)", lambda _match, dice: dice.choice([" ", "\t", "  "])),
    "invisible letters": _sometimes(r"(?<=\w)(?=\w)", lambda _match, dice: dice.choice("\u200b\u00ad\u2060")),
    # "2021\n- 2025" holds a dash that is no bullet
    "other bullets": _sometimes(r"^- (?!\d{4}\b)", lambda _match, dice: dice.choice(["– ", "— ", "• ", "● ", "▪ "])),
    "other dashes": _sometimes(r"(?<=\d) ?[-–] ?(?=\d{4})", lambda _match, dice: dice.choice([" - ", "-", "–", " – "])),
    "tone marks placed otherwise": _sometimes(
        rf"(?<![qQ])(?:{_TONE.pattern})(?!\w)",
        lambda match, _dice: {**_TO_OLD_TONE, **_TO_NEW_TONE}[match.group()],
    ),
    "blank lines": _sometimes(r"\n", lambda _match, _dice: "\n\n"),
}


def findings(text: str) -> Any:
    """Give what was found in a text, with every word of it in one spelling."""
    found = json.dumps(extract(text).to_json(), ensure_ascii=False)
    even = unicodedata.normalize("NFC", found)
    even = re.sub("[\u200b\u00ad\u2060]", "", even)
    even = re.sub(_TONE, lambda match: _TO_NEW_TONE.get(match.group(), match.group()), even)
    even = re.sub(r"(?:\\[nrt]|\s)+", " ", even)
    return json.loads(re.sub(r" ?[-–—−] ?", "-", even))


@pytest.mark.parametrize("name", sorted(PLANS))
@pytest.mark.parametrize("change", sorted(CHANGES))
def test_the_form_of_a_text_changes_nothing_that_is_found(name: str, change: str) -> None:
    text = PLANS[name]

    changed = CHANGES[change](text, random.Random(change + name))

    assert changed != text or change in (
        "other bullets",
        "other dashes",
        "tone marks placed otherwise",
        "NFD here and there",  # a text of two lines may stay as it was
    )
    assert findings(changed) == findings(text)
    found = extract(changed)
    assert places_fit(changed, found)
    for one in (*found.tasks, *found.measures):
        assert all(changed[limit.start : limit.end] == limit.words for limit in one.deadlines)


@settings(deadline=None, max_examples=25)  # another test may hold the machine
@given(
    st.sampled_from(sorted(PLANS)),
    st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=5, unique=True),
    st.randoms(use_true_random=False),
)
def test_nor_do_several_changes_of_form_at_once(name: str, changes: list[str], dice: random.Random) -> None:
    changed = PLANS[name]
    # an invisible letter parts the syllable that the placing of tone marks looks at: it comes last
    for change in sorted(changes, key=lambda change: change == "invisible letters"):
        changed = CHANGES[change](changed, dice)

    assert findings(changed) == findings(PLANS[name])


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(sorted(PLANS)), st.integers(0, 5_000), st.integers(0, 40_000))
def test_any_piece_of_a_plan_gives_places_that_fit(name: str, start: int, length: int) -> None:
    piece = PLANS[name][start : start + length]

    assert places_fit(piece, extract(piece))


@pytest.mark.parametrize("name", sorted(PLANS))
def test_reading_twice_gives_the_same(name: str) -> None:
    assert extract(PLANS[name]) == extract(PLANS[name])
