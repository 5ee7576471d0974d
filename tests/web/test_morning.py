"""The page of tomorrow morning: who opens it, what it says."""
from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import TODAY, Factory
from tracker.models import OutboxMail, Reminder
from tracker.rules.permissions import Role

pytestmark = pytest.mark.usefixtures("morning")
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY


@pytest.mark.parametrize("role", [Role.LIAISON, Role.LEADER])
def test_it_is_closed_to_whom_it_is_not_for(make: Factory, as_user: Any, role: Role) -> None:
    assert as_user(make.user(role)).get("/chase/morning").status_code == 403


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_it_shows_the_whole_province_and_decides_nothing(
    session: Session, make: Factory, as_user: Any, role: Role
) -> None:
    reader, liaison = make.user(role), make.user(name="Lê Thị Hạnh")
    row = make.assignment(liaison.agency, make.plan(reader.agency), due_on=TOMORROW)
    nobody = make.assignment(due_on=TOMORROW).agency

    page = as_user(reader).get("/chase/morning").text
    session.rollback()

    assert "Sáng 19/03/2026 ai nhận gì" in page
    assert "Lê Thị Hạnh" in page
    assert row.task.text in page
    assert "1 cơ quan không ai nhận được thư" in page
    assert page.index(nobody.name) < page.index("Lê Thị Hạnh")
    assert (f"/admin/users?agency={nobody.id}" in page) == (role is Role.ADMINISTRATOR)
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0
    assert session.scalar(select(func.count()).select_from(Reminder)) == 0


def test_a_morning_without_mails_and_a_search_without_hits_say_so(make: Factory, as_user: Any) -> None:
    browser = as_user(make.coordinator())

    assert "Sáng đó không ai nhận thư" in browser.get("/chase/morning").text
    assert "Không có thư nào khớp" in browser.get("/chase/morning?q=khong+co+gi").text
    weekend = browser.get("/chase/morning?day=2026-03-21").text
    assert "21/03/2026 là ngày nghỉ của tỉnh" in weekend


@pytest.mark.parametrize("day", ["abc", "31/02/2026", "17/03/2026", "18/03/2027"])
def test_a_day_that_cannot_be_looked_at_is_said_and_another_shown(make: Factory, as_user: Any, day: str) -> None:
    browser = as_user(make.coordinator())

    page = browser.get(f"/chase/morning?day={day}").text

    assert "Ngày bạn ghi không xem được nên đang hiện sáng 19/03/2026" in page
    assert "không xem được" not in browser.get("/chase/morning?day=20/03/2026").text


def test_pages_lead_on_and_keep_the_day(make: Factory, as_user: Any) -> None:
    for _ in range(30):
        make.assignment(make.user().agency, due_on=TODAY + 6 * DAY)
    browser = as_user(make.user(Role.ADMINISTRATOR))

    first = browser.get("/chase/morning?day=2026-03-24").text
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link
    second = browser.get(link[1].replace("&amp;", "&")).text

    assert first.count("morning__person") == 25
    assert second.count("morning__person") == 5
    assert "Sáng 24/03/2026" in second


@pytest.mark.parametrize("query", ["day=x", "day=0000-00-00", "after=x", "after=99999999999.1.1", "kind=king", "q=%00",
                                   "q=" + "x" * 3000, "day=&after=&q=&kind="])
def test_addresses_made_by_hand_are_answered(make: Factory, as_user: Any, query: str) -> None:
    assert as_user(make.coordinator()).get(f"/chase/morning?{query}").status_code == 200


def test_both_desks_lead_there(make: Factory, as_user: Any) -> None:
    assert 'href="/chase/morning"' in as_user(make.coordinator()).get("/chase/").text
    assert 'href="/chase/morning"' in as_user(make.user(Role.ADMINISTRATOR)).get("/admin/users").text
