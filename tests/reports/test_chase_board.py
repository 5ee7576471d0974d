"""The board of what is late: counted by agency and band, in a stated order, with the same queries for any data."""
from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.models import Actor, AgencyAlias, AgencyLevel, Extension, User
from tracker.reports.chase_board import late_ids, late_items
from tracker.reports.chase_filter import BoardFilter, BoardSort, Bodies
from tracker.reports.chase_history import past_chases
from tracker.reports.lateness_matrix import PAGE_AGENCIES, Board, board, choices
from tracker.rules.folding import fold
from tracker.rules.lateness import LateBand
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState, ChaseChannel, PlanState, RequestState
from tracker.workflow import chasing

DAY = timedelta(days=1)


def seen(session: Session, user: User, wanted: BoardFilter | None = None, after: str | None = None) -> Board:
    return board(session, user, wanted or BoardFilter(), today=TODAY, after=after)


def names(found: Board) -> list[str]:
    return [row.name for row in found.page.rows]


def test_late_work_is_counted_by_agency_and_band(session: Session, make: Factory) -> None:
    coordinator, agency = make.coordinator(), make.agency()
    plan = make.plan(coordinator.agency)
    for days in (1, 3, 4, 14, 31, 90, 0, -5):
        make.assignment(agency, plan, due_on=TODAY - days * DAY)

    [row] = seen(session, coordinator).page.rows

    assert [row.bands[band] for band in LateBand] == [2, 1, 1, 0, 2]
    assert (row.total, row.days_late) == (6, 90)
    for band in LateBand:
        page = late_items(session, coordinator, BoardFilter(agency_id=agency.id, band=band), today=TODAY, after=None)
        assert page.total == row.bands[band]


def test_only_what_is_owed_of_ones_own_published_plans_is_counted(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    plan, late = make.plan(coordinator.agency), TODAY - 9 * DAY
    mine = make.assignment(plan=plan, due_on=late)
    make.assignment(plan=plan, due_on=late, state=AssignmentState.SUBMITTED)
    make.assignment(plan=plan, due_on=late, state=AssignmentState.CANCELLED)
    make.assignment(plan=plan, due_on=late, is_part=True)
    make.assignment(plan=plan, due_on=late, state=AssignmentState.RETURNED, grace_until=TODAY)
    make.assignment(plan=make.plan(coordinator.agency, state=PlanState.CANCELLED), due_on=late)
    make.assignment(due_on=late)

    found = seen(session, coordinator)

    assert (found.items, names(found)) == (1, [mine.agency.name])
    assert late_ids(session, coordinator, BoardFilter(), today=TODAY, limit=10) == [mine.id]


def test_past_its_grace_it_is_late_since_then(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    make.assignment(plan=make.plan(coordinator.agency), due_on=TODAY - 40 * DAY, grace_until=TODAY - 2 * DAY,
                    state=AssignmentState.RETURNED)

    [row] = seen(session, coordinator).page.rows

    assert (row.bands[LateBand.DAYS_1_3], row.days_late) == (1, 2)


@pytest.mark.parametrize("role", [Role.LIAISON, Role.LEADER, Role.ADMINISTRATOR])
def test_nobody_else_has_a_board(session: Session, make: Factory, role: Role) -> None:
    person = make.user(role)
    make.assignment(plan=make.plan(person.agency), due_on=TODAY - DAY)

    assert seen(session, person).items == 0


def test_the_orders_are_as_they_are_described(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    long, heavy, many, same = (make.agency(name, position=place) for place, name in
                               enumerate(("Lâu nhất", "Nặng nhất", "Nhiều nhất", "Lâu bằng"), start=1))
    for agency, days in ((long, [90]), (heavy, [60] * 4), (many, [2] * 6), (same, [90, 1])):
        for late in days:
            make.assignment(agency, plan, due_on=TODAY - late * DAY)

    orders = {sort: names(seen(session, coordinator, BoardFilter(sort=sort))) for sort in BoardSort}

    assert orders == {
        BoardSort.LONGEST: ["Lâu bằng", "Lâu nhất", "Nặng nhất", "Nhiều nhất"],
        BoardSort.WEIGHT: ["Nặng nhất", "Lâu bằng", "Nhiều nhất", "Lâu nhất"],
        BoardSort.COUNT: ["Nhiều nhất", "Nặng nhất", "Lâu bằng", "Lâu nhất"],
        BoardSort.PROVINCE: ["Lâu nhất", "Nặng nhất", "Nhiều nhất", "Lâu bằng"],
    }


def test_bodies_that_are_asked_come_last_and_unranked(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    first, second = (make.agency(is_requested=True, position=place) for place in (1, 2))
    ordered = make.agency(position=9)
    for agency, days in ((second, 300), (first, 1), (ordered, 2)):
        make.assignment(agency, plan, due_on=TODAY - days * DAY)

    found = seen(session, coordinator)

    assert [row.id for row in found.page.rows] == [ordered.id, first.id, second.id]
    assert (found.ordered.total, found.requested.total) == (1, 2)
    assert found.requested.bands[LateBand.OVER_30] == 1
    asked = BoardFilter(bodies=Bodies.REQUESTED, as_items=True)
    assert late_items(session, coordinator, asked, today=TODAY, after=None).total == 2


def test_every_filter_narrows(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    plan, other = make.plan(coordinator.agency), make.plan(coordinator.agency)
    health = make.agency("Sở Y tế")
    commune = make.agency("UBND xã Đông Hòa", level=AgencyLevel.COMMUNE)
    commune.aliases.append(AgencyAlias(name="Xã Đông Hà cũ", fold=fold("Xã Đông Hà cũ")))
    group = make.group(commune)
    make.assignment(health, plan, due_on=TODAY - 40 * DAY)
    make.assignment(commune, other, due_on=TODAY - DAY)
    session.commit()
    expected = {
        BoardFilter(plan_id=plan.id): ["Sở Y tế"],
        BoardFilter(group_id=group.id): ["UBND xã Đông Hòa"],
        BoardFilter(level=AgencyLevel.COMMUNE): ["UBND xã Đông Hòa"],
        BoardFilter(band=LateBand.OVER_30): ["Sở Y tế"],
        BoardFilter(q="dong hoa"): ["UBND xã Đông Hòa"],
        BoardFilter(q="ĐÔNG HÀ"): ["UBND xã Đông Hòa"],
        BoardFilter(q="100%_"): [],
        BoardFilter(group_id=group.id, band=LateBand.OVER_30): [],
    }

    assert {wanted: names(seen(session, coordinator, wanted)) for wanted in expected} == expected
    assert [plan_id for plan_id, _name in choices(session, coordinator, TODAY).plans] == [other.id, plan.id]


def test_an_address_says_a_filter_and_nonsense_says_nothing() -> None:
    wanted = BoardFilter(plan_id=3, group_id=4, level=AgencyLevel.COMMUNE, band=LateBand.OVER_30,
                         bodies=Bodies.ORDERED, q="y tế", sort=BoardSort.COUNT, as_items=True)
    args = {name: str(value) for name, value in wanted.to_args().items()}

    assert BoardFilter.from_args(args) == wanted
    nonsense = {"plan": "-1", "group": "x", "level": "moon", "band": "2-9", "agency": "9" * 30, "sort": "",
                "bodies": "a"}
    assert BoardFilter.from_args(nonsense) == BoardFilter()


def test_pages_follow_each_other_by_key_in_every_order(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    for number in range(PAGE_AGENCIES + 5):
        agency = make.agency(is_requested=number % 9 == 0, position=number % 7)
        make.assignment(agency, plan, due_on=TODAY - (number % 11 + 1) * DAY)

    for sort in BoardSort:
        first = seen(session, coordinator, BoardFilter(sort=sort))
        second = seen(session, coordinator, BoardFilter(sort=sort), first.page.next_after)
        ids = [row.id for row in (*first.page.rows, *second.page.rows)]
        assert (len(first.page.rows), len(set(ids)), second.page.next_after) == (PAGE_AGENCIES, PAGE_AGENCIES + 5, None)
        assert first.ordered == second.ordered
    assert seen(session, coordinator, after="'; DROP TABLE plan").page.is_first


def test_what_waits_for_more_time_is_marked(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=TODAY - 5 * DAY)
    values = {"assignment_id": item.id, "asked_by_id": liaison.id, "asked_at": NOW, "reason": "Chờ kinh phí.",
              "from_due_on": item.due_on, "wanted_on": TODAY + 9 * DAY}
    session.add(Extension(**values, state=RequestState.REFUSED, answer="Không.", decided_at=NOW))
    session.add(Extension(**values))
    session.commit()

    found = seen(session, coordinator)
    [shown] = late_items(session, coordinator, BoardFilter(agency_id=item.agency_id), today=TODAY, after=None).rows

    assert (found.items, found.asking, found.page.rows[0].asking) == (1, 1, 1)
    assert shown.wanted_on == TODAY + 9 * DAY


def test_the_last_chase_says_how_when_and_by_whom(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(name="Phạm Quốc Bình"), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=TODAY - 5 * DAY)
    actor = Actor(coordinator.name, "127.0.0.1", coordinator)
    chasing.send(session, actor, [item.id], note="", form_key="thư", today=TODAY - 3 * DAY, now=NOW - 3 * DAY)
    chasing.note_down(session, actor, [item.id], channel=ChaseChannel.PHONE, happened_on=TODAY - DAY, note="Đã gọi.",
                      form_key="gọi", today=TODAY, now=NOW)
    chasing.note_down(session, actor, [item.id], channel=ChaseChannel.MEETING, happened_on=TODAY - 4 * DAY,
                      note="Ghi muộn một cuộc họp trước.", form_key="họp", today=TODAY, now=NOW)
    session.commit()

    last = seen(session, coordinator).page.rows[0].last
    [shown] = late_items(session, coordinator, BoardFilter(agency_id=item.agency_id), today=TODAY, after=None).rows

    assert last is not None
    assert (last.channel, last.happened_on, last.by) == (ChaseChannel.PHONE, TODAY - DAY, "Phạm Quốc Bình")
    assert shown.last is not None
    assert shown.last.times == 3
    history = past_chases(session, coordinator, agency_id=item.agency_id, after=None)
    assert [(chase.channel, chase.items, chase.agencies) for chase in history.rows] == [
        (ChaseChannel.MEETING, 1, 1), (ChaseChannel.PHONE, 1, 1), (ChaseChannel.MAIL, 1, 1)]
    assert past_chases(session, coordinator, agency_id=coordinator.agency_id, after=None).total == 0
    assert past_chases(session, make.coordinator(), agency_id=None, after=None).total == 0


def test_agencies_whose_head_can_not_be_told_are_named(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    led, alone = make.agency(), make.agency()
    make.user(agency=led, is_agency_head=True)
    make.user(agency=alone, is_agency_head=True, is_active=False)
    for agency in (led, alone, make.agency(is_requested=True)):
        make.assignment(agency, plan, due_on=TODAY - DAY)

    assert seen(session, coordinator).without_head == (alone.name,)


def test_the_number_of_queries_does_not_grow_with_the_rows(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    agency = make.user().agency
    make.assignment(agency, plan, due_on=TODAY - DAY)
    counts = []

    for _ in range(2):
        session.refresh(coordinator)
        with counted_statements() as asked:
            seen(session, coordinator)
            page = late_items(session, coordinator, BoardFilter(agency_id=agency.id), today=TODAY, after=None)
            assert all(item.assignment.task.text and item.assignment.plan.title for item in page.rows)
        counts.append(len(asked))
        for number in range(20):
            make.assignment(agency, plan, due_on=TODAY - number * DAY)
            make.assignment(make.user().agency, plan, due_on=TODAY - number * DAY)

    assert counts[0] == counts[1] <= 10
