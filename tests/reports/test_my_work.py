"""The desk: each assignment of the agency in exactly one group."""
from __future__ import annotations

import unicodedata
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.models import Assignment, ProgressUpdate, Review, User
from tracker.models.access import NotVisible
from tracker.reports import my_work
from tracker.reports.my_work import (
    DESK_ROWS,
    SETTLED_ROWS,
    Job,
    WorkFilter,
    WorkGroup,
    counts,
    desk,
    group_page,
    job_for,
    plans_of_agency,
)
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import Decision, TaskRole

DAY = timedelta(days=1)
ALL = WorkFilter()


def found(session: Session, user: User, **conditions: object) -> set[int]:
    """Give the ids that a filter leaves on the desk."""
    shown = desk(session, user, WorkFilter(**conditions), today=TODAY)  # type: ignore[arg-type]
    return {job.assignment.id for _group, jobs in shown.groups for job in jobs}


def reported(session: Session, row: Assignment, user: User, text: str, **values: object) -> ProgressUpdate:
    update = ProgressUpdate(assignment=row, author=user, created_at=NOW, reported_on=TODAY, percent=30, text=text,
                            **{"state": State.IN_PROGRESS, **values})
    session.add(update)
    session.flush()
    return update


def test_every_counted_assignment_stands_in_exactly_one_group(session: Session, make: Factory) -> None:
    user = make.user()
    for state, due_on in product(State, (None, TODAY - DAY, TODAY, TODAY + 7 * DAY, TODAY + 8 * DAY)):
        make.assignment(user.agency, state=state, due_on=due_on)
    make.assignment(due_on=TODAY - DAY)

    number = counts(session, user, ALL, today=TODAY)

    assert number == {
        WorkGroup.RETURNED: 5, WorkGroup.LATE: 2, WorkGroup.SOON: 4, WorkGroup.REST: 4, WorkGroup.WAITING: 5,
        WorkGroup.DONE: 5,
    }  # fmt: skip
    for group in WorkGroup:
        assert group_page(session, user, ALL, group, today=TODAY).total == number[group]
    shown = desk(session, user, ALL, today=TODAY)
    assert {group: len(jobs) for group, jobs in shown.groups} == number
    assert [group for group, _jobs in shown.groups] == list(WorkGroup)


@pytest.mark.parametrize(("ends", "group"), [(-1, WorkGroup.LATE), (0, WorkGroup.SOON), (20, WorkGroup.SOON)])
def test_in_the_days_of_grace_nothing_is_late(session: Session, make: Factory, ends: int, group: WorkGroup) -> None:
    user = make.user()
    make.assignment(user.agency, state=State.IN_PROGRESS, due_on=TODAY - 9 * DAY, grace_until=TODAY + ends * DAY)

    number = counts(session, user, ALL, today=TODAY)

    assert [name for name in WorkGroup if number[name]] == [group]
    assert [name for name, _jobs in desk(session, user, ALL, today=TODAY).groups] == [group]


def test_late_comes_before_soon_and_the_latest_first_and_no_date_last(session: Session, make: Factory) -> None:
    user = make.user()
    soon = make.assignment(user.agency, due_on=TODAY + DAY)
    undated = make.assignment(user.agency, due_on=None)
    far = make.assignment(user.agency, due_on=TODAY + 90 * DAY)
    late = make.assignment(user.agency, due_on=TODAY - DAY)
    latest = make.assignment(user.agency, due_on=TODAY - 9 * DAY)
    old, new = (make.assignment(user.agency, state=State.ACCEPTED, due_on=TODAY - n * DAY) for n in (9, 1))

    shown = desk(session, user, ALL, today=TODAY)

    order = [job.assignment.id for _group, jobs in shown.groups for job in jobs]
    assert order == [row.id for row in (latest, late, soon, far, undated, new, old)]
    for group, jobs in shown.groups:
        page = group_page(session, user, ALL, group, today=TODAY)
        assert [job.assignment.id for job in page.rows] == [job.assignment.id for job in jobs]


def test_the_desk_shows_the_first_rows_of_a_long_group_at_a_fixed_cost(session: Session, make: Factory) -> None:
    user = make.user()
    costs = []
    for _ in range(2):
        for n in range(DESK_ROWS):
            row = make.assignment(user.agency, due_on=TODAY - DAY, assignee_id=user.id if n % 2 else None)
            make.assignment(user.agency, state=State.ACCEPTED)
            reported(session, row, user, "Đã làm.")
        session.refresh(user)
        with counted_statements() as sent:
            shown = desk(session, user, ALL, today=TODAY)
            number = counts(session, user, ALL, today=TODAY)
            assert all(job.assignment.plan.number and job.assignment.task.text for job in shown.groups[0][1])
        costs.append(len(sent))

    assert [(group, len(jobs)) for group, jobs in shown.groups] == [
        (WorkGroup.LATE, DESK_ROWS), (WorkGroup.DONE, SETTLED_ROWS)]  # fmt: skip
    assert number[WorkGroup.LATE] == 2 * DESK_ROWS
    assert costs[0] == costs[1] <= 7


def test_counting_stops_at_a_bound(session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make.user()
    for _ in range(4):
        make.assignment(user.agency, due_on=TODAY - DAY)
    monkeypatch.setattr(my_work, "MOST_COUNTED", 3)

    assert counts(session, user, ALL, today=TODAY)[WorkGroup.LATE] == 3


@pytest.mark.parametrize("q", ["ma tuy", "MA TÚY", unicodedata.normalize("NFD", "ma túy"), "  ma   tuy "])
def test_words_are_found_without_their_marks(session: Session, make: Factory, q: str) -> None:
    user = make.user()
    wanted = make.assignment(user.agency, task=make.task(text="Tuyên truyền tác hại của ma túy"))
    make.assignment(user.agency, task=make.task(make.plan(title="Kế hoạch khác"), text="Trồng cây"))

    assert found(session, user, q=WorkFilter.from_args({"q": q}).q) == {wanted.id}


def test_a_plan_is_found_by_its_number(session: Session, make: Factory) -> None:
    user = make.user()
    plan = make.plan(number="217/KH-UBND")
    wanted = make.assignment(user.agency, plan)
    make.assignment(user.agency)

    assert found(session, user, q="217/kh") == found(session, user, plan_id=plan.id) == {wanted.id}


@pytest.mark.parametrize("q", ["%", "_", "100%", "\\", "'", '"'])
def test_letters_that_mean_something_to_a_database_mean_themselves(session: Session, make: Factory, q: str) -> None:
    user = make.user()
    make.assignment(user.agency)

    assert found(session, user, q=q) == set()


def test_helpers_parts_are_owed_too_and_can_be_told_apart(session: Session, make: Factory) -> None:
    user = make.user()
    lead = make.assignment(user.agency)
    part = make.assignment(user.agency, is_part=True, role=TaskRole.COORDINATE)
    helping = make.assignment(user.agency, role=TaskRole.COORDINATE)

    assert found(session, user) == {lead.id, part.id, helping.id}
    assert found(session, user, parts=TaskRole.COORDINATE) == {part.id, helping.id}
    assert found(session, user, parts=TaskRole.LEAD) == {lead.id}
    assert counts(session, user, WorkFilter(parts=TaskRole.COORDINATE), today=TODAY)[WorkGroup.SOON] == 2


def test_only_mine_leaves_what_i_was_named_for(session: Session, make: Factory) -> None:
    user = make.user()
    colleague = make.user(agency=user.agency)
    mine = make.assignment(user.agency, assignee_id=user.id)
    make.assignment(user.agency, assignee_id=colleague.id)
    make.assignment(user.agency)

    assert found(session, user, mine=True) == {mine.id}


def test_a_row_tells_who_does_it_and_what_was_said_last(session: Session, make: Factory) -> None:
    user, police = make.user(name="Đặng Thị Hoa"), make.coordinator()
    row = make.assignment(user.agency, state=State.RETURNED, assignee_id=user.id)
    reported(session, row, user, "Lần đầu.")
    update = reported(session, row, user, "Lần hai. " + "Rất dài. " * 99)
    session.add(Review(update=update, reviewer=police, decision=Decision.ACCEPTED, decided_at=NOW, undone_at=NOW))
    session.add(Review(update=update, reviewer=police, decision=Decision.RETURNED, reason="Thiếu số liệu.",
                       decided_at=NOW))
    reported(session, row, user, "Đã rút lại.", withdrawn_at=NOW)
    session.commit()

    job = job_for(session, user, row.id)

    assert isinstance(job, Job)
    assert job.assignee == "Đặng Thị Hoa"
    assert job.last
    assert job.last.text.startswith("Lần hai.")
    assert len(job.last.text) == my_work.LAST_LETTERS
    assert job.last.reason == "Thiếu số liệu."


def test_another_agencys_row_is_no_row_of_this_desk(session: Session, make: Factory) -> None:
    with pytest.raises(NotVisible):
        job_for(session, make.user(), make.assignment().id)


def test_only_plans_with_work_of_the_own_agency_are_offered(session: Session, make: Factory) -> None:
    user = make.user()
    plan = make.plan(number="12/KH-UBND", title="Kế hoạch năm " + "rất dài " * 40)
    make.assignment(user.agency, plan)
    make.assignment()

    offered = plans_of_agency(session, user)

    assert [number for number, _name in offered] == [plan.id]
    assert offered[0][1].startswith("12/KH-UBND – Kế hoạch năm")
    assert len(offered[0][1]) < 80


@pytest.mark.parametrize("args", [
    {}, {"group": "late"}, {"q": "ma túy", "plan": "7", "mine": "1", "parts": "coordinate", "group": "soon"},
])  # fmt: skip
def test_a_filter_survives_the_way_through_an_address(args: dict[str, str]) -> None:
    assert WorkFilter.from_args(args).to_args() == args


@pytest.mark.parametrize("args", [
    {"group": "x"}, {"plan": "-1"}, {"plan": "9" * 30}, {"plan": "１２"}, {"mine": "yes"}, {"parts": "both"},
    {"q": " \0 "}, {"after": "1"}, {"group": ["late"]}, {"plan": None},
])  # fmt: skip
def test_what_makes_no_sense_in_an_address_is_left_out(args: dict[str, object]) -> None:
    assert WorkFilter.from_args(args) == WorkFilter()
