"""The liaison's desk in the browser."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_desk_shows_trouble_first_with_a_way_to_report(make: Factory, as_user: Any) -> None:
    user = make.user()
    soon = make.assignment(user.agency, due_on=TODAY + DAY)
    returned = make.assignment(user.agency, due_on=TODAY + 9 * DAY, state=State.RETURNED)
    late = make.assignment(user.agency, due_on=TODAY - 3 * DAY)
    theirs = make.assignment()

    page = as_user(user).get("/my-work/").text

    places = [page.index(f"/assignments/{row.id}/progress") for row in (returned, late, soon)]
    assert places == sorted(places)
    assert "quá hạn 3 ngày" in page
    assert theirs.task.text not in page


def test_a_group_is_paged_by_key(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()
    rows = [make.assignment(user.agency, due_on=TODAY - n * DAY).id for n in range(1, 56)]
    browser = as_user(user)
    seen: list[int] = []
    address = "/my-work/?group=late"

    while address:
        page = browser.get(address).text
        seen += [int(found) for found in re.findall(r'class="work__text" href="/assignments/(\d+)"', page)]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""

    assert seen == rows[::-1]


def test_a_desk_with_nothing_to_do_says_so(make: Factory, as_user: Any) -> None:
    user = make.user()
    make.assignment(user.agency, state=State.ACCEPTED)
    browser = as_user(user)

    assert "Không còn việc nào phải làm" in browser.get("/my-work/").text
    assert "Không có việc nào trong nhóm này" in browser.get("/my-work/?group=late").text


@pytest.mark.parametrize("query", ["group=x", "group=late&after=x", "group=&after=none.1", "group=done&after=%00"])
def test_an_address_written_by_hand_breaks_nothing(make: Factory, as_user: Any, query: str) -> None:
    assert as_user(make.user()).get(f"/my-work/?{query}").status_code == 200


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEADER, Role.ADMINISTRATOR])
def test_only_those_who_report_have_a_desk(make: Factory, as_user: Any, role: Role) -> None:
    assert as_user(make.user(role)).get("/my-work/").status_code == 403


def test_the_desk_costs_the_same_with_more_rows(make: Factory, as_user: Any) -> None:
    user = make.user()
    costs = []
    for _ in range(2):
        for _ in range(4):
            make.assignment(user.agency, due_on=None)
        browser = as_user(user)
        with counted_statements() as sent:
            assert browser.get("/my-work/").status_code == 200
        costs.append(len([s for s in sent if s.startswith("SELECT")]))

    assert costs[0] == costs[1] <= 10
