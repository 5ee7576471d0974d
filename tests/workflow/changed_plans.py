"""A running plan, changed: what the tests of its changes share."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY
from tracker.models import Assignment, OutboxMail, Plan, Task
from tracker.rules.states import AssignmentState, MailKind
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import changing_plan
from tracker.workflow.changing_plan import Amendment, Grounds, Moment
from tracker.workflow.publishing import publish
from tracker.workflow.review_change import Seen
from tracker.workflow.task_state import OwnerInput, mark, snapshot

CALENDAR = WorkingCalendar()
DAY = timedelta(days=1)
DUE = date(2026, 6, 30)
WHY = Grounds("Theo chỉ đạo tại cuộc họp giao ban.", "152/UBND-NC", date(2026, 3, 17))
S = AssignmentState


def later(moment: Moment, hours: float) -> Moment:
    return Moment(moment.actor, moment.now + timedelta(hours=hours), moment.today, moment.calendar)


def go_live(session: Session, plan: Plan, moment: Moment) -> None:
    publish(session, plan, actor=moment.actor, now=NOW - DAY, today=TODAY, calendar=CALENDAR)
    session.commit()


def seen(plan: Plan, task: Task | None = None) -> Seen:
    return Seen(plan.version, mark(snapshot(task)) if task else "")


def as_is(task: Task, **changed: Any) -> Amendment:
    owners = tuple(OwnerInput(body.name if (body := one.agency or one.group) else one.printed, one.printed)
                   for one in task.owners)
    return Amendment(**{"text": task.text, "expected_product": task.expected_product, "owners": owners, **changed})


def named(*agencies: Any) -> tuple[OwnerInput, ...]:
    return tuple(OwnerInput(one.name) for one in agencies)


def work(session: Session, task: Task | None = None) -> list[Assignment]:
    query = select(Assignment).order_by(Assignment.id)
    return list(session.scalars(query.where(Assignment.task_id == task.id) if task else query))


def state(row: Assignment, state: AssignmentState) -> Assignment:
    row.state = state
    if state in {S.SUBMITTED, S.ACCEPTED}:
        row.submitted_on = TODAY
    return row


def amend(session: Session, plan: Plan, task: Task, given: Amendment, moment: Moment, why: Grounds = WHY) -> None:
    changing_plan.amend(session, plan, task, given, why, seen=seen(plan, task), moment=moment)
    session.commit()


def mails(session: Session) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.PLAN_CHANGED)
                                .order_by(OutboxMail.id)))
