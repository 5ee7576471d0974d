"""Two people, or a person and the clock, change the same work at the same moment: nobody waits in a ring."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.changed_plans import seen
from tests.workflow.test_progress import at_once
from tracker.models import (
    Actor,
    Agency,
    Assignment,
    Deadline,
    Extension,
    Plan,
    ReportingPeriod,
    Task,
    Transfer,
    User,
)
from tracker.rules.states import AssignmentState as S
from tracker.rules.states import DeadlineKind, DutyKind, Every, PlanState, RequestState
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import amending, asking, changing_plan, extending, transferring
from tracker.workflow.changing_plan import Grounds, Moment
from tracker.workflow.periods import open_next_windows
from tracker.workflow.publishing import publish

CALENDAR = WorkingCalendar()
DAY = timedelta(days=1)
DUE = date(2026, 4, 15)
WHY = Grounds("Theo chỉ đạo tại cuộc họp giao ban.")
#: Long enough for the other to come as far as it gets; on SQLite it waits at its first statement.
SECONDS = 0.7


class Case:
    """A plan that runs, two agencies that lead its task, its coordinator."""

    def __init__(self, session: Session, make: Factory, folder: Path) -> None:
        self.session, self.make, self.folder = session, make, folder
        self.coordinator, self.people = make.coordinator(), [make.user(), make.user()]
        self.plan = make.plan(self.coordinator.agency, state=PlanState.REVIEW)
        self.task = make.task(self.plan, make.group(*(person.agency for person in self.people)), DUE)

    def go_live(self) -> list[Assignment]:
        publish(self.session, self.plan, actor=by(self.coordinator), now=NOW, today=TODAY, calendar=CALENDAR)
        self.session.commit()
        return list(self.session.scalars(select(Assignment).order_by(Assignment.id)))

    def ask(self, row: Assignment, person: User) -> int:
        asked = extending.ask(self.session, row, actor=by(person), wanted_on=DUE + DAY, reason="Chờ kinh phí.",
                              evidence_folder=self.folder, today=TODAY, now=NOW)
        self.session.commit()
        return asked.id

    def give_away(self, row: Assignment) -> int:
        asked = transferring.ask(self.session, row, actor=by(self.people[0]), proposed_agency=None,
                                 reason="Không thuộc chức năng.", today=TODAY, now=NOW)
        self.session.commit()
        return asked.id

    def live(self) -> list[tuple[int, int]]:
        self.session.rollback()
        rows = self.session.scalars(select(Assignment).where(Assignment.state != S.CANCELLED).order_by(Assignment.id))
        return [(row.plan_id, row.agency_id) for row in rows]


def by(user: User) -> Actor:
    return Actor(user.name, "127.0.0.1", user)


@pytest.fixture
def case(session: Session, make: Factory, tmp_path: Path) -> Case:
    return Case(session, make, tmp_path)


def meet(monkeypatch: pytest.MonkeyPatch, *places: tuple[Any, str]) -> None:
    """Make the two acts wait for each other just after each has come to its place, if the other can come to it."""
    meeting = threading.Barrier(2)

    def after(act: Callable[..., Any]) -> Callable[..., Any]:
        def acting(*args: Any, **values: Any) -> Any:
            found = act(*args, **values)
            with suppress(threading.BrokenBarrierError):
                meeting.wait(SECONDS)
            return found
        return acting

    for module, name in places:
        monkeypatch.setattr(module, name, after(getattr(module, name)))


def granting(case: Case, extension_id: int) -> Callable[[Session], None]:
    person = case.coordinator.id

    def act(session: Session) -> None:
        extending.grant(session, session.get_one(Extension, extension_id), actor=by(session.get_one(User, person)),
                        granted_on=DUE + DAY, calendar=CALENDAR, now=NOW, today=TODAY)
    return act


def giving(case: Case, transfer_id: int, agency_id: int) -> Callable[[Session], None]:
    person = case.coordinator.id

    def act(session: Session) -> None:
        transferring.grant(session, session.get_one(Transfer, transfer_id), actor=by(session.get_one(User, person)),
                           agency=session.get_one(Agency, agency_id), calendar=CALENDAR, today=TODAY, now=NOW)
    return act


def withdrawing(case: Case) -> Callable[[Session], None]:
    person, plan_id, task_id = case.coordinator.id, case.plan.id, case.task.id
    known = seen(case.plan, case.task)

    def act(session: Session) -> None:
        plan, task = session.get_one(Plan, plan_id), session.get_one(Task, task_id)
        moment = Moment(by(session.get_one(User, person)), NOW, TODAY, CALENDAR)
        changing_plan.withdraw(session, plan, task, WHY, seen=known, moment=moment)
    return act


def test_more_time_for_two_leads_of_one_task_is_granted_at_once(
    app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = case.go_live()
    asked = [case.ask(row, person) for row, person in zip(rows, case.people, strict=True)]
    acts = [granting(case, number) for number in asked]
    case.session.rollback()
    meet(monkeypatch, (asking, "hold_to_decide"))

    assert at_once(app, acts) == ["saved", "saved"]
    case.session.rollback()
    assert {row.due_on for row in rows} == {DUE + DAY}


@pytest.mark.parametrize("giver_first", [True, False])
def test_work_given_to_another_body_is_withdrawn_with_its_task(
    app: Flask, case: Case, make: Factory, monkeypatch: pytest.MonkeyPatch, giver_first: bool
) -> None:
    [first, _second] = case.go_live()
    acts = [giving(case, case.give_away(first), make.agency().id), withdrawing(case)]
    case.session.rollback()
    # Whoever comes first: the one who gives has held the row, or the one who withdraws has held the plan.
    meet(monkeypatch, (asking, "hold_to_decide") if giver_first else (changing_plan, "_check_seen"))

    ended = at_once(app, acts)

    assert ended in (["saved", "saved"], ["request_already_decided", "saved"])
    assert case.live() == []
    assert case.session.scalars(select(Transfer.state)).one() is not RequestState.WAITING


def test_work_given_to_another_body_goes_with_the_plan_that_takes_over(
    app: Flask, case: Case, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first, second] = case.go_live()
    newer = make.plan(case.coordinator.agency, state=PlanState.REVIEW, replaces_id=case.plan.id)
    other = make.agency()
    make.task(newer, make.group(*(person.agency for person in case.people)), DUE, text=case.task.text)
    give, person, newer_id = giving(case, case.give_away(first), other.id), case.coordinator.id, newer.id
    wanted = sorted([(newer_id, second.agency_id), (newer_id, other.id)])
    case.session.rollback()

    def publishing(session: Session) -> None:
        publish(session, session.get_one(Plan, newer_id), actor=by(session.get_one(User, person)), now=NOW, today=TODAY,
                calendar=CALENDAR)

    meet(monkeypatch, (asking, "hold_to_decide"), (amending, "hold_earlier"))

    ended = at_once(app, [give, publishing])

    assert "?" not in ended
    assert sorted(case.live()) == wanted


@pytest.mark.parametrize("clock_first", [True, False])
def test_no_window_opens_for_a_task_that_is_withdrawn_meanwhile(app: Flask, case: Case, clock_first: bool) -> None:
    case.task.kind = DutyKind.PERIODIC_REPORT
    case.task.deadlines = [Deadline(kind=DeadlineKind.RECURRING, every=Every.MONTH, due_day="01-20")]
    case.session.commit()
    case.go_live()
    latest = case.session.scalars(select(ReportingPeriod.due_on)).one()

    def clock(session: Session) -> None:
        open_next_windows(session, today=latest + DAY, now=NOW, calendar=CALENDAR)

    acts = [clock, withdrawing(case)] if clock_first else [withdrawing(case), clock]
    case.session.rollback()
    done = threading.Event()

    def first(session: Session) -> None:
        acts[0](session)
        done.set()
        time.sleep(SECONDS)  # done, and not committed yet

    def second(session: Session) -> None:
        done.wait(10)
        acts[1](session)

    assert at_once(app, [first, second]) == ["saved", "saved"]
    assert case.live() == []
