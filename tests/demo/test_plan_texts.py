"""The demo's plan texts: dates that count from today, and nothing in them that the reading misunderstands."""
from __future__ import annotations

from datetime import date

import pytest

from tracker.demo.plan_texts import NETWORK_PLAN, PLACES_PLAN, YOUTH_PLAN, plan_text
from tracker.extraction import extract

DAYS = [date(2026, 11, 22), date(2027, 2, 8), date(2028, 2, 29), date(2027, 1, 1), date(2026, 6, 30)]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_dates_are_written_as_documents_write_them(today: date) -> None:
    text = plan_text(PLACES_PLAN, today)

    assert "{" not in text
    assert f"ngày {today:%d}/" in text


@pytest.mark.parametrize("today", DAYS, ids=str)
@pytest.mark.parametrize("name", [YOUTH_PLAN, PLACES_PLAN])
def test_every_duty_of_the_published_plans_is_read_with_its_owner(name: str, today: date) -> None:
    found = extract(plan_text(name, today))

    assert len(found.tasks) >= 15
    assert [task.text for task in found.tasks if not task.owners] == []
    # Urging and passing on difficulties have no day of their own.
    dateless = [task.text for task in found.tasks if not task.deadlines]
    assert [text for text in dateless if "đôn đốc" not in text and "vướng mắc" not in text] == []
    assert list(found.unclear) == []


def test_the_plan_under_review_leaves_something_to_decide() -> None:
    found = extract(plan_text(NETWORK_PLAN, DAYS[0]))

    assert any(not task.owners for task in found.tasks)
    assert any("Hiệp hội" in owner for task in found.tasks for owner in task.owners)
    assert found.unclear
