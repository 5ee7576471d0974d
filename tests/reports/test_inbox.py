"""The coordinator's queue: what waits, longest first, whose it is, how long, paged without a gap."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.models import Comment, Extension, ProgressUpdate, Transfer, User
from tracker.reports.inbox import InboxFilter, InboxKind, parse_key, queue, waiting_for
from tracker.rules.states import AssignmentState, PlanState, RequestState

DAY = timedelta(days=1)


class Case:
    """A coordinator, and what its agencies ask."""

    def __init__(self, session: Session, make: Factory) -> None:
        self.session, self.make = session, make
        self.coordinator = make.coordinator()
        self.plan = make.plan(self.coordinator.agency)
        self.liaison = make.user()

    def row(self, **values: Any) -> Any:
        return self.make.assignment(self.liaison.agency, self.plan, **values)

    def report(self, days_ago: int = 0, **values: Any) -> Any:
        row = self.row(state=AssignmentState.SUBMITTED, **values)
        self.session.add(ProgressUpdate(
            assignment=row, author=self.liaison, created_at=NOW - days_ago * DAY, reported_on=TODAY - days_ago * DAY,
            state=AssignmentState.SUBMITTED, percent=100, text="Đã xong."))
        self.session.commit()
        return row

    def ask(self, kind: type[Extension] | type[Transfer], days_ago: int = 0, **values: Any) -> Any:
        row = values.pop("row", None) or self.row()
        if kind is Extension:
            values = {"from_due_on": TODAY, "wanted_on": TODAY + 9 * DAY, **values}
        asked = kind(assignment=row, asked_by=self.liaison, asked_at=NOW - days_ago * DAY, reason="Lý do.", **values)
        self.session.add(asked)
        self.session.commit()
        return asked

    def question(self, days_ago: int = 0, **values: Any) -> Comment:
        comment = Comment(assignment=self.row(), author=self.liaison, written_at=NOW - days_ago * DAY, text="Hỏi?",
                          is_question=True, form_key=f"k{days_ago}-{len(values)}", **values)
        self.session.add(comment)
        self.session.commit()
        return comment


@pytest.fixture
def case(session: Session, make: Factory) -> Case:
    return Case(session, make)


def seen(session: Session, user: User, **wanted: Any) -> list[InboxKind]:
    return [row.kind for row in queue(session, user, InboxFilter(**wanted), today=TODAY).page.rows]


def test_what_waits_longest_comes_first_whatever_it_is(session: Session, case: Case) -> None:
    case.report(days_ago=1)
    case.ask(Extension, days_ago=4)
    case.ask(Transfer, days_ago=2)
    case.question(days_ago=3)

    found = queue(session, case.coordinator, InboxFilter(), today=TODAY)

    assert [row.kind for row in found.page.rows] == [
        InboxKind.EXTENSION, InboxKind.QUESTION, InboxKind.TRANSFER, InboxKind.REPORT]
    assert found.counts == dict.fromkeys(InboxKind, 1)


def test_what_was_decided_withdrawn_or_answered_waits_no_more(session: Session, case: Case) -> None:
    case.row(state=AssignmentState.ACCEPTED)
    case.ask(Extension, state=RequestState.WITHDRAWN)
    case.ask(Transfer, state=RequestState.REFUSED, answer="Đúng việc của sở.")
    case.question(answered_at=NOW)

    assert seen(session, case.coordinator) == []


def test_another_coordinator_sees_nothing_of_it(session: Session, make: Factory, case: Case) -> None:
    row, extension = case.report(), case.ask(Extension)
    other = make.coordinator()

    assert seen(session, other) == []
    assert waiting_for(session, other, InboxKind.REPORT, row.id, today=TODAY) is None
    assert waiting_for(session, other, InboxKind.EXTENSION, extension.id, today=TODAY) is None


def test_a_withdrawn_plan_waits_for_nothing(session: Session, case: Case) -> None:
    case.report()
    case.plan.state = PlanState.CANCELLED
    session.commit()

    assert seen(session, case.coordinator) == []


def test_waiting_is_counted_in_working_days_and_too_long_is_told(session: Session, case: Case) -> None:
    row = case.report(days_ago=7)  # a week ago: five working days, three are allowed

    found = waiting_for(session, case.coordinator, InboxKind.REPORT, row.id, today=TODAY)

    assert found is not None
    assert (found.days, found.days_over) == (5, 2)
    assert queue(session, case.coordinator, InboxFilter(), today=TODAY).overdue == 1


def test_filters_by_kind_plan_agency_and_words_without_marks(session: Session, make: Factory, case: Case) -> None:
    case.report()
    elsewhere = make.plan(case.coordinator.agency)
    extension = case.ask(Extension, row=make.assignment(make.agency("Hội Cựu chiến binh"), elsewhere))

    assert seen(session, case.coordinator, kind=InboxKind.EXTENSION) == [InboxKind.EXTENSION]
    assert seen(session, case.coordinator, plan_id=elsewhere.id) == [InboxKind.EXTENSION]
    assert seen(session, case.coordinator, agency_id=extension.assignment.agency_id) == [InboxKind.EXTENSION]
    assert seen(session, case.coordinator, q="cuu chien") == [InboxKind.EXTENSION]
    assert seen(session, case.coordinator, q="khong co") == []


def test_pages_hold_everything_once_also_what_came_in_the_same_moment(session: Session, case: Case) -> None:
    for _ in range(4):
        case.report()
        case.ask(Extension)
    for days in range(3):
        case.question(days_ago=days)
    keys, after = [], None

    while True:
        found = queue(session, case.coordinator, InboxFilter(), today=TODAY, after=after, limit=2)
        keys += [row.key for row in found.page.rows]
        after = found.page.next_after
        if after is None:
            break

    assert len(keys) == len(set(keys)) == 11
    assert found.page.total == 11


def test_the_number_of_queries_does_not_grow(session: Session, case: Case) -> None:
    case.report()
    with counted_statements() as few:
        queue(session, case.coordinator, InboxFilter(), today=TODAY)
    for _ in range(6):
        case.report()
        case.ask(Extension)
    with counted_statements() as many:
        queue(session, case.coordinator, InboxFilter(), today=TODAY)

    assert len(many) <= len(few) + 1  # rows of a kind that had none


@pytest.mark.parametrize("raw", ["", "report", "report-", "report-0", "report--1", "other-1", "report-99999999999",
                                 "report-١"])
def test_an_address_that_makes_no_sense_names_nothing(raw: str) -> None:
    assert parse_key(raw) is None


@pytest.mark.parametrize("after", ["x", "2026-03-18T02:00:00~report~1", "2026-99-99T02:00:00+00:00~report~1",
                                   "2026-03-18T02:00:00+00:00~other~1"])
def test_a_page_that_makes_no_sense_is_the_first(session: Session, case: Case, after: str) -> None:
    case.report()

    assert queue(session, case.coordinator, InboxFilter(), today=TODAY, after=after).page.is_first
