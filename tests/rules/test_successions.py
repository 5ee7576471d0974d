"""The suggestions of law: each says since when and from where it is known."""
from __future__ import annotations

from tracker.rules.successions import SUCCESSIONS


def test_every_row_has_its_source_and_its_day() -> None:
    assert [one for one in SUCCESSIONS if not (one.old and one.new and one.since.year >= 2025)] == []
    assert [one for one in SUCCESSIONS if not any(word in one.source for word in ("Nghị định", "Luật", "Nghị quyết"))
            or not any(letter.isdigit() for letter in one.source)] == []


def test_what_went_to_several_bodies_says_which_part_went_where() -> None:
    olds = [one.old for one in SUCCESSIONS]

    assert [one for one in SUCCESSIONS if olds.count(one.old) > 1 and not one.what] == []
