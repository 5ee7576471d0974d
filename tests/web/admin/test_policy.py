"""The page of the province's own periods."""
from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tests.factories import Factory
from tracker.models.policy import load_policy
from tracker.rules.permissions import Role
from tracker.rules.policy import Policy

FIELDS = {"grace_after_return": "2", "escalate_to_head_after": "5", "escalate_to_leaders_after": "10",
          "answer_within": "3", "link_days": "14"}


def test_an_administrator_sets_the_periods(session: Session, make: Factory, as_user: Any) -> None:
    browser = as_user(make.user(Role.ADMINISTRATOR))

    answer = browser.post("/admin/policy", data=FIELDS, follow_redirects=True)

    assert "Đã lưu quy định chung" in answer.text
    assert load_policy(session) == Policy(grace_after_return=2)


def test_a_number_that_makes_no_sense_is_said_beside_it_and_stays(
    session: Session, make: Factory, as_user: Any
) -> None:
    browser = as_user(make.user(Role.ADMINISTRATOR))

    for value, words in (("hai", "Hãy ghi một số nguyên"), ("99", "từ 0 đến 30"), ("", "Hãy ghi một số nguyên")):
        answer = browser.post("/admin/policy", data=FIELDS | {"grace_after_return": value})
        assert words in answer.text
    assert load_policy(session) == Policy()
