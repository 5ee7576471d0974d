"""The board of what is late: counted, narrowed, paged, each number with the work behind it."""
from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.web.late_items import DAY, LATE, late_item
from tracker.models import Extension
from tracker.reports.lateness_matrix import PAGE_AGENCIES
from tracker.rules.states import AssignmentState

pytestmark = pytest.mark.usefixtures("morning")


def test_the_board_counts_what_is_late_in_ones_own_plans_only(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    mine = late_item(make, coordinator)
    not_late = late_item(make, coordinator, due_on=TODAY)
    done = late_item(make, coordinator, state=AssignmentState.SUBMITTED)
    others = make.assignment(due_on=LATE)

    page = as_user(coordinator).get("/chase/").text

    assert mine.agency.name in page
    assert f"agency={mine.agency_id}&amp;band=4-7" in page or f"band=4-7&amp;agency={mine.agency_id}" in page
    assert all(f">{item.agency.name}<" not in page for item in (not_late, done, others))


def test_a_number_leads_to_the_assignments_behind_it(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    mine = late_item(make, coordinator)
    browser = as_user(coordinator)

    page = browser.get(f"/chase/?agency={mine.agency_id}&band=4-7").text
    empty = browser.get(f"/chase/?agency={mine.agency_id}&band=over-30").text
    column = browser.get("/chase/?list=items&band=4-7").text

    assert mine.task.text in page
    assert "quá hạn 5 ngày" in page
    assert mine.task.text in column
    assert "Không có việc quá hạn nào ở đây" in empty


def test_the_assignments_of_others_are_behind_no_number(as_user: Any, make: Factory) -> None:
    others = make.assignment(due_on=LATE)

    page = as_user(make.coordinator()).get(f"/chase/?agency={others.agency_id}").text

    assert others.task.text not in page


def test_an_assignment_that_waits_for_more_time_says_so(as_user: Any, session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)
    session.add(Extension(assignment_id=item.id, asked_by_id=liaison.id, asked_at=NOW, reason="Chờ.", from_due_on=LATE,
                          wanted_on=TODAY + 9 * DAY))
    browser = as_user(coordinator)

    assert "1 việc đang xin gia hạn" in browser.get("/chase/").text
    assert "đang xin gia hạn đến 27/03/2026" in browser.get(f"/chase/?agency={item.agency_id}").text


def test_asked_bodies_stand_apart_after_the_others(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    ordered = late_item(make, coordinator)
    asked = make.assignment(make.agency(is_requested=True), make.plan(coordinator.agency), due_on=TODAY - 90 * DAY)

    page = as_user(coordinator).get("/chase/").text

    assert page.index(ordered.agency.name) < page.index("Cơ quan được đề nghị phối hợp") < page.index(asked.agency.name)


def test_the_board_can_be_narrowed_to_one_plan(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    one, other = late_item(make, coordinator), late_item(make, coordinator)

    page = as_user(coordinator).get(f"/chase/?plan={one.plan_id}").text

    assert one.agency.name in page
    assert f">{other.agency.name}<" not in page


def test_an_agency_without_a_liaison_is_flagged(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    make.assignment(plan=make.plan(coordinator.agency), due_on=LATE)

    assert "Chưa có đầu mối nhận thư" in as_user(coordinator).get("/chase/").text


def test_nothing_late_says_so(as_user: Any, make: Factory) -> None:
    assert "Không có việc nào quá hạn" in as_user(make.coordinator()).get("/chase/").text


def test_the_board_says_when_something_was_last_chased(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    item = late_item(make, coordinator)
    browser = as_user(coordinator)
    browser.post("/chase/send", data={"assignment": [item.id], "form_key": "k"})

    assert "Thư điện tử, 18/03/2026" in browser.get("/chase/").text
    assert "đã đôn đốc 1 lần, gần nhất:" in browser.get(f"/chase/?agency={item.agency_id}").text


def test_the_board_is_paged_by_agency(as_user: Any, make: Factory) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    agencies = [make.agency() for _ in range(PAGE_AGENCIES + 2)]
    for n, agency in enumerate(agencies):
        make.assignment(agency, plan, due_on=LATE - n * DAY)
    browser = as_user(coordinator)

    first = browser.get("/chase/").text
    after = re.search(r'after=([^"&]+)"', first)
    assert after
    second = browser.get(f"/chase/?after={after[1]}").text

    shown = [re.findall(r'<label for="body-\d+">([^<]+)<', page) for page in (first, second)]
    assert shown[0] + shown[1] == [agency.name for agency in reversed(agencies)]
    assert len(shown[0]) == PAGE_AGENCIES
