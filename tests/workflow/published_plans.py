"""Plans made live: what the tests of publishing, of windows and of amending share."""
from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tracker.models import Actor, Assignment, Deadline, Plan, Task
from tracker.rules.states import AssignmentState, DeadlineKind, DutyKind, Every
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow.publishing import publish

ACTOR = Actor("Nguyễn Văn An", "127.0.0.1")
CALENDAR = WorkingCalendar()
S = AssignmentState


def go_live(session: Session, plan: Plan, **more: Any) -> Any:
    done = publish(session, plan, **{"actor": ACTOR, "now": NOW, "today": TODAY, "calendar": CALENDAR, **more})
    session.commit()
    return done


def given(session: Session) -> list[Assignment]:
    return list(session.scalars(select(Assignment).order_by(Assignment.id)))


def recurring(every: Every, due_day: str | None, position: int = 0, **more: Any) -> Deadline:
    return Deadline(kind=DeadlineKind.RECURRING, every=every, due_day=due_day, position=position, **more)


def report(make: Factory, plan: Plan, owner: Any, *deadlines: Deadline) -> Task:
    task = make.task(plan, owner, kind=DutyKind.PERIODIC_REPORT)
    task.deadlines = list(deadlines)
    make.session.commit()
    return task


def rows(session: Session, plan: Plan) -> list[Assignment]:
    return list(session.scalars(select(Assignment).where(Assignment.plan_id == plan.id).order_by(Assignment.id)))


def set_state(row: Assignment, state: AssignmentState) -> None:
    row.state = state
    if state in {S.SUBMITTED, S.ACCEPTED}:
        row.submitted_on = TODAY
