"""Names of bodies that a plan prints and the catalogue does not know: tied to a body in every duty that has them."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import (
    Actor,
    Agency,
    AgencyKind,
    AgencyLevel,
    Plan,
    StepKind,
    Task,
    TaskOwner,
)
from tracker.models.audit import record
from tracker.models.catalogue import Body, name_key
from tracker.models.proposals import is_class
from tracker.rules.errors import Refusal
from tracker.workflow.agencies import create_agency
from tracker.workflow.doubts import ABOUT_OWNER
from tracker.workflow.review_change import changing
from tracker.workflow.task_state import forget_reasons, snapshot


class NobodyPrintsIt(Refusal):
    """No duty of the plan has an unknown owner printed like this any more (values: name)."""

    key = "nobody_prints_it"


class ClassIsNoAgency(Refusal):
    """The name means many bodies; it can become a group, not an agency (values: name)."""

    key = "class_is_no_agency"


class BodyNotFound(Refusal):
    """The body that was to be picked is not in the catalogue (values: name)."""

    key = "body_not_found"


def tasks_printing(session: Session, plan: Plan, printed: str) -> list[Task]:
    """Give the duties, dropped ones left out, with an owner printed like this that nobody has tied to a body."""
    key = name_key(printed)
    rows = session.execute(
        select(Task, TaskOwner.printed).join(TaskOwner, TaskOwner.task_id == Task.id)
        .where(Task.plan_id == plan.id, Task.dropped_at.is_(None), TaskOwner.agency_id.is_(None),
               TaskOwner.group_id.is_(None))
        .order_by(Task.position, Task.id)
    ).all()
    return list(dict.fromkeys(task for task, name in rows if name_key(name) == key))


def link(session: Session, plan: Plan, printed: str, body: Body, *, actor: Actor, now: datetime) -> int:
    """Make a body the owner wherever its printed name stood alone, and give the number of duties. The caller commits.

    Raises NobodyPrintsIt, PlanNotUnderReview.
    """
    tasks = tasks_printing(session, plan, printed)
    if not tasks:
        raise NobodyPrintsIt(name=printed)
    with changing(session, plan, None, *tasks, kind=StepKind.LINK, actor=actor, now=now):
        for task in tasks:
            before = snapshot(task)
            _tie(task, name_key(printed), body)
            session.flush()
            record(session, actor, "task.owner_linked", task, now=now, before=before, after=snapshot(task))
    return len(tasks)


def _tie(task: Task, key: str, body: Body) -> None:
    there = {(owner.agency_id, owner.group_id) for owner in task.owners}
    for owner in list(task.owners):
        if owner.agency_id is not None or owner.group_id is not None or name_key(owner.printed) != key:
            continue
        pair = (body.id, None) if isinstance(body, Agency) else (None, body.id)
        if pair in there:
            task.owners.remove(owner)
            continue
        owner.agency_id, owner.group_id = pair
        there.add(pair)
    forget_reasons(task, ABOUT_OWNER)


def add_and_link(session: Session, plan: Plan, printed: str, *, name: str, kind: AgencyKind, level: AgencyLevel,
                 is_requested: bool, actor: Actor, now: datetime) -> tuple[Agency, int]:
    """Put a body into the catalogue and make it the owner wherever its name is printed. The caller commits.

    Undoing the act unties the duties; the body stays in the catalogue. Raises AgencyNameMissing, AgencyNameTaken,
    AliasTaken, ClassIsNoAgency, NobodyPrintsIt, PlanNotUnderReview.
    """
    for said in (printed, name):
        if is_class(said):
            raise ClassIsNoAgency(name=said)
    with session.begin_nested():
        aliases = [printed] if name_key(printed) != name_key(name) else []
        agency = create_agency(session, name=name, kind=kind, level=level, is_requested=is_requested, aliases=aliases,
                               actor=actor, now=now)
        return agency, link(session, plan, printed, agency, actor=actor, now=now)
