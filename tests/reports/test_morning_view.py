"""Who gets what tomorrow morning: what the page says is what the morning then decides."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import TODAY, Factory
from tests.reminders.mornings import decide
from tracker.clock import VIETNAM
from tracker.models import CalendarDay, OutboxMail, Reminder, User
from tracker.reports.morning_view import (
    MOST_ITEMS,
    PAGE_PEOPLE,
    MorningFilter,
    MorningPage,
    ToldKind,
    morning_page,
    next_morning,
)
from tracker.rules.permissions import Role
from tracker.rules.states import MailKind
from tracker.rules.working_days import DayKind

DAY = timedelta(days=1)
#: The Friday after TODAY.
FRIDAY = TODAY + 2 * DAY


@pytest.fixture
def reader(make: Factory) -> User:
    return make.user(Role.ADMINISTRATOR, make.agency("Sở Khoa học và Công nghệ", position=900))


def shown(session: Session, reader: User, after: str | None = None, **wanted: Any) -> MorningPage:
    return morning_page(session, reader, MorningFilter(**{"day": TODAY, **wanted}), after=after)


def test_what_is_shown_is_what_is_decided(session: Session, make: Factory, reader: User) -> None:
    for number in range(4):
        agency = make.agency(position=number)
        make.user(agency=agency)
        make.user(agency=agency, is_agency_head=True)
        for days in (-1, 0, 3, 7, 16):
            make.assignment(agency, due_on=TODAY - days * DAY)
    make.user(Role.LEADER)

    found = shown(session, reader)
    session.rollback()
    decided = decide(session)

    reminders = session.scalars(select(Reminder)).all()
    rows = {row.person.id: row for row in found.page.rows}
    assert dict(found.kinds) == decided
    assert found.reminders == len(reminders)
    assert {one.recipient_id for one in session.scalars(select(OutboxMail))} == set(rows)
    for person_id, row in rows.items():
        mine = [one for one in reminders if one.recipient_id == person_id]
        assert row.total == len(mine) == sum(number for _kind, number in row.counts)
        assert {item.assignment_id for item in row.items} == {one.assignment_id for one in mine}


def test_the_most_pressing_is_spelled_out_first_and_the_rest_is_counted(
    session: Session, make: Factory, reader: User
) -> None:
    user = make.user()
    due = make.assignment(user.agency)
    late = [make.assignment(user.agency, due_on=TODAY - 30 * DAY) for _ in range(MOST_ITEMS + 4)]

    row = shown(session, reader, q=user.name).page.rows[0]

    assert [item.assignment_id for item in row.items] == [one.id for one in late[:MOST_ITEMS]]
    assert (row.more, row.elsewhere) == (5, 0)
    assert dict(row.counts) == {ToldKind.AFTER: len(late), ToldKind.DUE: 1}
    assert due.task.text not in {item.task.text for item in row.items}
    assert row.items[0].days is not None


def test_another_coordinators_tasks_are_counted_but_not_told(session: Session, make: Factory) -> None:
    reader, liaison = make.coordinator(), make.user()
    mine = make.assignment(liaison.agency, make.plan(reader.agency))
    make.assignment(liaison.agency)

    row = shown(session, reader, q=liaison.name).page.rows[0]

    assert [item.assignment_id for item in row.items] == [mine.id]
    assert (row.total, row.elsewhere, row.more) == (2, 1, 0)


def test_a_thousand_people_are_paged_in_the_order_of_the_province(
    session: Session, make: Factory, reader: User
) -> None:
    agencies = [make.agency(position=number // 2) for number in range(PAGE_PEOPLE + 3)]
    people = []
    for agency in agencies:
        people.append(make.user(agency=agency).id)
        make.assignment(agency)

    first = shown(session, reader).page
    second = shown(session, reader, after=first.next_after).page

    assert [row.person.id for row in [*first.rows, *second.rows]] == people
    assert (first.total, first.is_first, second.is_first, second.next_after) == (len(people), True, False, None)


def test_a_page_costs_the_same_for_few_and_many(session: Session, make: Factory, reader: User) -> None:
    def count() -> int:
        with counted_statements() as sent:
            shown(session, reader)
        return len(sent)

    make.assignment(make.user().agency)
    few = count()
    for _ in range(40):
        make.assignment(make.user().agency)

    assert count() == few < 30


def test_search_knows_no_marks_and_kinds_narrow(session: Session, make: Factory, reader: User) -> None:
    agency = make.agency("Ủy ban nhân dân xã Đông Hòa")
    user = make.user(agency=agency, name="Lê Thị Hạnh")
    make.assignment(agency, due_on=TODAY - 21 * DAY)
    make.assignment(make.user().agency)
    leader = make.user(Role.LEADER)

    def ids(**wanted: Any) -> set[int]:
        return {row.person.id for row in shown(session, reader, **wanted).page.rows}

    assert ids(q="dong hoa") == ids(q="le thi hanh") == {user.id}
    assert ids(kind=MailKind.ESCALATION) == {leader.id}
    assert ids(q="khong co") == set()


def test_agencies_that_nobody_reaches_stand_on_top_the_most_work_first(
    session: Session, make: Factory, reader: User
) -> None:
    alone, silent = make.agency(), make.user(is_active=False).agency
    make.assignment(alone)
    make.assignment(silent)
    make.assignment(silent, due_on=TODAY - DAY)

    found = shown(session, reader)

    assert [(one.agency_id, one.items) for one in found.unreached] == [(silent.id, 2), (alone.id, 1)]
    assert (found.unreached_total, found.mails) == (2, 0)


def test_an_agency_with_a_day_off_of_its_own_is_left_alone_that_morning(
    session: Session, make: Factory, reader: User
) -> None:
    resting, working = make.user(), make.user()
    for one in (resting, working):
        make.assignment(one.agency, due_on=TODAY)
    session.add(CalendarDay(day=TODAY, kind=DayKind.OFF, name="Lễ hội", source="Công văn", agency=resting.agency))
    session.commit()

    assert [row.person.id for row in shown(session, reader).page.rows] == [working.id]


@pytest.mark.parametrize(("at", "expected"), [
    pytest.param(datetime.combine(TODAY, time(6), VIETNAM), TODAY, id="before the hour it is today"),
    pytest.param(datetime.combine(TODAY, time(7, 30), VIETNAM), TODAY + DAY, id="from the hour on tomorrow"),
    pytest.param(datetime.combine(FRIDAY, time(8), VIETNAM), TODAY + 5 * DAY, id="on Friday it is Monday"),
    pytest.param(datetime.combine(FRIDAY + DAY, time(6), VIETNAM), TODAY + 5 * DAY, id="on Saturday too"),
])  # fmt: skip
def test_the_next_morning_is_a_working_one(session: Session, at: datetime, expected: Any) -> None:
    assert next_morning(session, now=at) == expected


def test_a_choice_of_day_that_makes_no_sense_is_the_next_morning() -> None:
    def day(raw: str) -> Any:
        return MorningFilter.from_args({"day": raw, "kind": "chase"}, default=FRIDAY, today=TODAY)

    assert day((TODAY + 9 * DAY).isoformat()).day == TODAY + 9 * DAY
    assert day("") == replace(day("x"), q="")
    for raw in ("2026-02-31", "1999-01-01", "9999-12-31", "\0", (TODAY - DAY).isoformat()):
        assert day(raw).day == FRIDAY


def test_an_unsent_mail_of_the_morning_before_is_said_to_go_along(
    session: Session, make: Factory, reader: User
) -> None:
    user = make.user()
    make.assignment(user.agency, due_on=TODAY - DAY)
    decide(session, TODAY - DAY)
    session.execute(update(OutboxMail).values(last_error="421"))
    session.commit()

    row = shown(session, reader).page.rows[0]

    assert (row.total, row.carries_unsent) == (0, True)
