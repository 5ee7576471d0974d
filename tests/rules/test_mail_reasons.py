"""Reasons that differ in an address or a queue number are one reason; others are not."""
from __future__ import annotations

import pytest

from tracker.rules.mail_reasons import LONGEST, gist, reason_key

SAME = [
    pytest.param("550 5.1.1 <lan@syt.example>: no such user", "550 5.1.1 <ba@syt.example>: no such user", id="address"),
    pytest.param("450 lan@syt.example greylisted, id 4FzQ2k3Rz9", "450 ba@syt.example greylisted, id 9XzQ1m8Ab2",
                 id="queue number"),
    pytest.param("552  mailbox full", "552 mailbox\nfull", id="blanks"),
    pytest.param("554 Refused", "554 refused", id="case"),
]  # fmt: skip
DIFFERENT = [
    pytest.param("550 5.1.1 no such user", "550 5.7.1 no such user", id="code"),
    pytest.param("452 4.2.2 mailbox full", "421 4.3.2 closing", id="words"),
    pytest.param("", "550", id="nothing said"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_differs_from_mail_to_mail_does_not_count(one: str, other: str) -> None:
    assert reason_key(one) == reason_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_the_server_means_counts(one: str, other: str) -> None:
    assert reason_key(one) != reason_key(other)


def test_a_gist_keeps_codes_and_words_and_is_short() -> None:
    assert gist("550 5.1.1 <lan@syt.example>: Tài khoản không tồn tại") == "550 5.1.1 …: Tài khoản không tồn tại"
    assert len(gist("a " * 5000)) == LONGEST
    assert gist(None) == ""


def test_a_hostile_answer_is_sorted_at_once() -> None:
    for text in ("<" * 100_000, "@" * 100_000, "a1-" * 50_000, "x@" * 50_000, "<a" * 50_000, "a" * 100_000,
                 "a." * 50_000):
        assert len(gist(text)) <= LONGEST
