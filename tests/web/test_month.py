"""The calendar of due days in the browser."""
from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.models import CalendarDay
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.rules.working_days import DayKind

pytestmark = pytest.mark.usefixtures("morning")
DAY = timedelta(days=1)


def test_the_month_says_in_words_how_each_item_stands(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()
    late = make.assignment(user.agency, due_on=TODAY - 3 * DAY)
    make.assignment(user.agency, due_on=TODAY, state=State.RETURNED)
    make.assignment(user.agency, due_on=TODAY + DAY, state=State.SUBMITTED)
    theirs = make.assignment(due_on=TODAY)
    session.add(CalendarDay(day=TODAY, kind=DayKind.OFF, name="Giỗ Tổ Hùng Vương", source="Luật"))

    page = as_user(user).get("/my-work/month").text

    assert "Tháng 3 năm 2026" in page
    assert f'href="/assignments/{late.id}"' in page
    for words in ("Quá hạn 3 ngày", "Bị trả lại", "Chờ xác nhận", "Hôm nay", "Giỗ Tổ Hùng Vương"):
        assert words in page
    assert theirs.task.text not in page
    assert page.count('<th scope="col">Thứ') == 6
    assert "<caption" in page


def test_a_full_day_leads_to_its_list(make: Factory, as_user: Any) -> None:
    user = make.user()
    rows = [make.assignment(user.agency, due_on=TODAY) for _ in range(6)]
    browser = as_user(user)

    page = browser.get("/my-work/month").text
    more = re.search(r'class="day__more" href="([^"]+)">\+2 việc', page)
    assert more
    listed = browser.get(more[1]).text

    assert "Việc đến hạn ngày 18/03/2026" in listed
    assert all(row.task.text in listed for row in rows)


def test_one_walks_from_month_to_month(make: Factory, as_user: Any) -> None:
    browser = as_user(make.user())

    page = browser.get("/my-work/month?month=2026-01").text

    assert 'rel="prev" href="/my-work/month?month=2025-12"' in page
    assert 'rel="next" href="/my-work/month?month=2026-02"' in page
    assert 'href="/my-work/month"' in page
    assert "Không có việc nào đến hạn trong tháng này" in page


@pytest.mark.parametrize("query", ["month=2026-13", "month=x", "month=9999-12", "month=", "day=2026-02-30", "day=x",
                                   "day=0001-01-01", "month=%00", "day=9999-12-31"])
def test_a_bad_address_is_the_current_month(make: Factory, as_user: Any, query: str) -> None:
    answer = as_user(make.user()).get(f"/my-work/month?{query}")

    assert answer.status_code == 200
    assert "Tháng 3 năm 2026" in answer.text


def test_a_day_without_work_says_so(make: Factory, as_user: Any) -> None:
    page = as_user(make.user()).get("/my-work/month?day=2026-03-18&after=x").text

    assert "Không có việc nào đến hạn ngày này" in page


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEADER, Role.ADMINISTRATOR])
def test_only_those_who_report_have_a_calendar(make: Factory, as_user: Any, role: Role) -> None:
    assert as_user(make.user(role)).get("/my-work/month").status_code == 403


def test_the_month_costs_the_same_with_a_thousand_rows(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()
    task = make.task()
    costs = []
    for size in (3, 1_000):
        for number in range(size):
            make.session.add(_row(user, task, number, size))
        browser = as_user(user)
        with counted_statements() as sent:
            assert browser.get("/my-work/month").status_code == 200
        costs.append(len([s for s in sent if s.startswith("SELECT")]))

    assert costs[0] == costs[1] <= 10


def _row(user: Any, task: Any, number: int, size: int) -> Any:
    from tracker.models import Assignment

    due_on = TODAY + (number % 12) * DAY
    return Assignment(plan_id=task.plan_id, task_id=task.id, agency_id=user.agency_id, due_on=due_on,
                      occurrence=f"{size}-{number}", created_at=NOW)
