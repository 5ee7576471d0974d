"""The list of assignments: what a person may see, late first, searched without diacritics, paged by key."""
from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.models import Assignment, User
from tracker.reports.assignment_list import AssignmentFilter, ListView, choices, page
from tracker.rules.permissions import Role
from tracker.rules.standing import OfficialClass
from tracker.rules.states import AssignmentState as State

DAY = timedelta(days=1)


def walk(session: Session, user: User, wanted: AssignmentFilter, limit: int) -> Iterator[Assignment]:
    after: str | None = None
    while True:
        found = page(session, user, wanted, today=TODAY, after=after, limit=limit)
        yield from found.rows
        after = found.next_after
        if after is None:
            return


def ids(session: Session, user: User, wanted: AssignmentFilter) -> list[int]:
    return [row.id for row in walk(session, user, wanted, 50)]


def test_twelve_hundred_rows_are_each_visited_once_in_order(session: Session, make: Factory) -> None:
    plan = make.plan()
    task, leader = make.task(plan), make.user(Role.LEADER)
    agency = make.agency()
    session.add_all(
        Assignment(plan_id=plan.id, task_id=task.id, agency_id=agency.id, occurrence=str(n), created_at=NOW,
                   due_on=None if n % 7 == 0 else TODAY + (n * 37 % 40 - 20) * DAY,
                   state=State.ACCEPTED if n % 3 == 0 else State.OPEN, submitted_on=TODAY if n % 3 == 0 else None)
        for n in range(1200)
    )  # fmt: skip
    session.commit()

    rows = list(walk(session, leader, AssignmentFilter(), 100))

    assert len({row.id for row in rows}) == len(rows) == 1200
    owed = [row for row in rows if row.state is State.OPEN]
    done = rows[len(owed) :]
    assert {row.state for row in done} == {State.ACCEPTED}
    keys = [(row.due_on is None, row.due_on or TODAY, row.id) for row in owed]
    assert keys == sorted(keys)
    dated = [(row.due_on, row.id) for row in done if row.due_on]
    assert dated == sorted(dated, reverse=True)
    assert not any(row.due_on for row in done[len(dated) :])


def test_a_page_tells_how_many_there_are_and_where_it_stands(session: Session, make: Factory) -> None:
    user = make.user()
    for days in range(3):
        make.assignment(user.agency, due_on=TODAY + days * DAY)

    first = page(session, user, AssignmentFilter(), today=TODAY, limit=2)
    second = page(session, user, AssignmentFilter(), today=TODAY, limit=2, after=first.next_after)

    assert (first.total, len(first.rows), first.is_first) == (3, 2, True)
    assert (second.total, len(second.rows), second.is_first, second.next_after) == (3, 1, False, None)


def test_views_and_filters_give_what_they_say(session: Session, make: Factory) -> None:
    user = make.user()
    mine = user.agency
    late = make.assignment(mine, due_on=TODAY - DAY, state=State.RETURNED)
    soon = make.assignment(mine, due_on=TODAY + 7 * DAY, state=State.IN_PROGRESS)
    later = make.assignment(mine, due_on=TODAY + 8 * DAY)
    undated = make.assignment(mine, due_on=None)
    waiting = make.assignment(mine, due_on=TODAY - DAY, state=State.SUBMITTED, submitted_on=TODAY)
    done = make.assignment(mine, due_on=TODAY - DAY, state=State.ACCEPTED, submitted_on=TODAY - DAY)
    cancelled = make.assignment(mine, due_on=TODAY - 5 * DAY, state=State.CANCELLED)
    expected = {
        AssignmentFilter(): [late, waiting, soon, later, undated, done],
        AssignmentFilter(view=ListView.OWED): [late, soon, later, undated],
        AssignmentFilter(view=ListView.LATE): [late],
        AssignmentFilter(view=ListView.SOON): [soon],
        AssignmentFilter(view=ListView.DONE): [done],
        AssignmentFilter(state=State.SUBMITTED): [waiting],
        AssignmentFilter(state=State.CANCELLED): [cancelled],
        AssignmentFilter(official_class=OfficialClass.PENDING_OVERDUE): [late, waiting],
        AssignmentFilter(official_class=OfficialClass.DONE_ON_TIME): [done],
        AssignmentFilter(plan_id=soon.plan_id): [soon],
        AssignmentFilter(task_id=soon.task_id): [soon],
        AssignmentFilter(agency_id=mine.id, view=ListView.LATE): [late],
        AssignmentFilter(agency_id=mine.id + 1000): [],
    }

    for wanted, rows in expected.items():
        assert ids(session, user, wanted) == [row.id for row in rows], wanted
        assert page(session, user, wanted, today=TODAY).total == len(rows), wanted


def test_nobody_sees_rows_that_are_not_theirs(session: Session, make: Factory) -> None:
    liaison, other, coordinator = make.user(), make.user(), make.coordinator()
    leader = make.user(Role.LEADER)
    mine = make.assignment(liaison.agency, make.plan(coordinator.agency))
    theirs = make.assignment(other.agency)

    assert ids(session, liaison, AssignmentFilter()) == [mine.id]
    assert ids(session, liaison, AssignmentFilter(agency_id=other.agency_id)) == []
    assert ids(session, coordinator, AssignmentFilter()) == [mine.id]
    assert set(ids(session, leader, AssignmentFilter())) == {mine.id, theirs.id}
    assert [plan for plan, _name in choices(session, liaison).plans] == [mine.plan_id]
    assert [agency for agency, _name in choices(session, liaison).agencies] == [liaison.agency_id]


@pytest.mark.parametrize("typed", [
    "ma tuy", "MA TÚY", "ma tuý", unicodedata.normalize("NFD", "phòng, chống ma túy"), "phong, chong",
    "đia ban", "Đia Bàn", "  dia   ban ",
])  # fmt: skip
def test_search_needs_no_diacritics(session: Session, make: Factory, typed: str) -> None:
    user = make.user()
    wanted = make.assignment(user.agency, task=make.task(text="Rà soát địa bàn trọng điểm về phòng, chống ma túy."))
    make.assignment(user.agency, task=make.task(make.plan(title="Kế hoạch khác"), text="Tập huấn cán bộ."))

    assert ids(session, user, AssignmentFilter.from_args({"q": typed})) == [wanted.id]


def test_search_finds_a_plan_by_its_number(session: Session, make: Factory) -> None:
    user = make.user()
    wanted = make.assignment(user.agency, make.plan(number="0987/KH-UBND"))
    make.assignment(user.agency, make.plan(number="654/KH-UBND"))

    assert ids(session, user, AssignmentFilter(q="0987/kh")) == [wanted.id]


@pytest.mark.parametrize("typed", ["100%", "a_b", "\\", "/%"])
def test_signs_that_mean_something_to_the_database_are_only_letters_here(
    session: Session, make: Factory, typed: str
) -> None:
    user = make.user()
    wanted = make.assignment(user.agency, task=make.task(text=f"Đạt {typed} số xã"))
    make.assignment(user.agency, task=make.task(text="Đạt 1000 aab số xã"))

    assert ids(session, user, AssignmentFilter(q=typed)) == [wanted.id]


@pytest.mark.parametrize("after", ["", "x", "1.none.", "0.2026-13-01.1", "0.2026-03-18.99999999999", "1.none.-1",
                                   "0.2026-03-18.1' OR 1=1", "0.٢٠٢٦-٠٣-١٨.1", "0.none.1", "1.2026-03-18.1",
                                   "4.none.1"])  # fmt: skip
def test_a_place_that_cannot_be_read_gives_the_first_page(session: Session, make: Factory, after: str) -> None:
    user = make.user()
    make.assignment(user.agency)

    found = page(session, user, AssignmentFilter(), today=TODAY, after=after)

    assert found.is_first
    assert len(found.rows) == 1


def test_what_makes_no_sense_in_an_address_is_left_out() -> None:
    args = {"class": "x", "state": "", "plan": "99999999999999999999", "agency": "-1", "view": "'", "q": "\0"}

    assert AssignmentFilter.from_args(args) == AssignmentFilter()


def test_a_filter_survives_its_own_address() -> None:
    wanted = AssignmentFilter(OfficialClass.DONE_LATE, State.ACCEPTED, plan_id=3, agency_id=4, task_id=5,
                              view=ListView.DONE, q="ma túy")

    args = {name: str(value) for name, value in wanted.to_args().items()}

    assert AssignmentFilter.from_args(args) == wanted
    assert AssignmentFilter().to_args() == {}


def test_the_number_of_statements_does_not_grow_with_the_rows(session: Session, make: Factory) -> None:
    leader = make.user(Role.LEADER)
    counts = []
    for _ in range(2):
        for _ in range(5):
            make.assignment(due_on=None)
        session.commit()
        session.expire_all()
        leader.role  # noqa: B018 -- read again before counting
        with counted_statements() as sent:
            found = page(session, leader, AssignmentFilter(), today=TODAY)
            for row in found.rows:
                assert row.plan.number
                assert row.task.text
                assert row.agency.name
                assert row.period is None
        counts.append(len(sent))

    assert counts == [3, 3]
