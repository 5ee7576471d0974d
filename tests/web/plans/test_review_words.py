"""Whatever reading and extraction say of a plan has words on the review screen."""
from __future__ import annotations

import ast
import re
from datetime import timedelta

import pytest
from flask import Flask

from tests.factories import NOW
from tracker.config import ROOT
from tracker.extraction import pipeline
from tracker.models import User
from tracker.web.plans.review_words import ADVICE, NOTES, REMOVED, RULES, ago, called
from tracker.workflow.doubts import Doubt


def _keys_of(kind: str) -> set[str]:
    """Give the keys that the code of the readers puts into one kind of record; those it computes are left out."""
    found = set()
    for path in (ROOT / "tracker" / "reading").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == kind and node.args:
                key = node.args[0]
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    found.add(key.value)
    return found


def test_every_doubt_says_what_to_do() -> None:
    assert set(ADVICE) == set(Doubt)


def test_every_rule_for_an_owner_has_plain_words() -> None:
    assert set(pipeline._CONFIDENCE) - set(RULES) == set()


def test_everything_reading_notes_or_removes_has_a_sentence() -> None:
    notes, removed = _keys_of("Note"), _keys_of("Removed")

    assert len(notes) > 1
    assert notes - set(NOTES) == set()
    assert removed - set(REMOVED) == set()
    assert all(set(re.findall(r"%\((\w+)\)", sentence._args[0])) <= {"count"} for sentence in NOTES.values())


@pytest.mark.parametrize(("passed", "words"), [
    (timedelta(seconds=59), "vừa xong"), (timedelta(minutes=2, seconds=1), "2 phút trước"),
    (timedelta(minutes=59, seconds=59), "59 phút trước"), (timedelta(hours=3), "3 giờ trước"),
    (timedelta(days=1), "17/03/2026 09:00"),
])  # fmt: skip
def test_how_long_ago_is_told_in_the_words_of_a_colleague(sqlite_app: Flask, passed: timedelta, words: str) -> None:
    with sqlite_app.test_request_context():
        assert ago(NOW - passed, NOW) == words


@pytest.mark.parametrize(("post", "words"), [
    ("Trung tá, Phó Trưởng phòng", "Trung tá Lê Văn Bình"), (None, "Lê Văn Bình"), ("", "Lê Văn Bình"),
])
def test_a_colleague_is_called_by_rank_and_name(post: str | None, words: str) -> None:
    assert called(User(name="Lê Văn Bình", post=post)) == words
