"""What was done in a review, kept act by act: whoever did the last one can undo it, and do it again.

An act is undone only while everything it changed still stands as it left it; what somebody else changed since is
never written over. The log is rows, not browser state, so it outlives a reload and a new log-in.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tracker.models import Actor, Deadline, Plan, Provision, ReviewStep, StepKind, Task, TaskOwner, User
from tracker.models.audit import record
from tracker.rules.errors import Refusal
from tracker.rules.folding import fold
from tracker.rules.states import DeadlineKind, DutyKind, Every, TaskRole
from tracker.workflow.task_state import DEADLINE_VALUES, facts, snapshot


class NothingToUndo(Refusal):
    """This person has no act left to undo, or none to do again."""

    key = "nothing_to_undo"


class ChangedSince(Refusal):
    """Somebody else has changed the same duty since, so the act stays (values: section)."""

    key = "changed_since"


#: What `snapshot` leaves out because no form asks for it, and a duty still needs to be what it was.
_MORE = ("rule", "confidence", "report_to", "report_via")
_DATES = ("due_on", "starts_on")
#: How far back "who changed this last" is looked for.
_NEWEST = 50


def task_state(task: Task) -> dict[str, Any]:
    """Give everything that an act of the review can change in a duty, as plain values."""
    return {
        **snapshot(task),
        "deadlines": [{"kind": d.kind.value, "words": d.words, "start": d.start, "end": d.end,
                       **{name: _plain(getattr(d, name)) for name in DEADLINE_VALUES}} for d in task.deadlines],
        "partners": list(task.partners.get("names", [])),
        "reasons": list(task.reasons.get("keys", [])),
        "place": _place(task.provision),
        "checked_at": _plain(task.checked_at),
        "dropped_at": _plain(task.dropped_at),
        "taken_back_at": _plain(task.taken_back_at),
        **{name: getattr(task, name) for name in _MORE},
    }


def _place(provision: Provision | None) -> dict[str, Any] | None:
    if provision is None:
        return None
    return {"section": provision.section, "heading": provision.heading, "start": provision.start, "end": provision.end}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()  # as the database gives it back
    return value.isoformat() if isinstance(value, date) else value


def restore(task: Task, state: dict[str, Any]) -> None:
    """Make a duty what it was; its place in the list stays."""
    task.text, task.fold, task.section = state["text"], fold(state["text"]), state["section"]
    task.kind, task.role = DutyKind(state["kind"]), TaskRole(state["role"])
    task.is_requested, task.expected_product = state["requested"], state["product"]
    task.partners, task.reasons = {"names": state["partners"]}, {"keys": state["reasons"]}
    for name in _MORE:
        setattr(task, name, state[name])
    for name in ("checked_at", "dropped_at", "taken_back_at"):
        setattr(task, name, datetime.fromisoformat(state[name]) if state[name] else None)
    task.owners = [TaskOwner(printed=o["printed"], agency_id=o["agency"], group_id=o["group"], position=place)
                   for place, o in enumerate(state["owners"])]
    task.deadlines = [_deadline(one, place) for place, one in enumerate(state["deadlines"])]
    if _place(task.provision) != state["place"]:
        task.provision = Provision(plan_id=task.plan_id, **state["place"]) if state["place"] else None


def _deadline(state: dict[str, Any], position: int) -> Deadline:
    values = {name: state[name] for name in DEADLINE_VALUES}
    values |= {name: date.fromisoformat(values[name]) for name in _DATES if values[name]}
    values["every"] = Every(values["every"]) if values["every"] else None
    return Deadline(kind=DeadlineKind(state["kind"]), words=state["words"], start=state["start"], end=state["end"],
                    position=position, **values)


def restore_facts(plan: Plan, state: dict[str, Any]) -> None:
    """Make what a plan says of itself what it was."""
    plan.title, plan.number, plan.issuer, plan.signed_by = (
        state["title"], state["number"], state["issuer"], state["signed_by"])
    plan.issued_on = date.fromisoformat(state["issued_on"]) if state["issued_on"] else None
    plan.fold = fold(f"{plan.number or ''} {plan.title}")


def note_step(session: Session, plan: Plan, kind: StepKind, changes: list[dict[str, Any]], *, actor: Actor,
              now: datetime) -> None:
    """Keep an act with what it changed; one that changed nothing is none."""
    changed = [change for change in changes if change["before"] != change["after"]]
    if changed:
        session.add(ReviewStep(plan_id=plan.id, user_id=actor.user.id if actor.user else None, kind=kind, at=now,
                               changes={"changes": changed}))


def last_step(session: Session, plan: Plan, user: User) -> ReviewStep | None:
    """Give the act that this person would undo next."""
    return session.scalar(
        select(ReviewStep).where(ReviewStep.plan_id == plan.id, ReviewStep.user_id == user.id,
                                 ReviewStep.undone_at.is_(None))
        .order_by(ReviewStep.id.desc()).limit(1))


def undone_step(session: Session, plan: Plan, user: User) -> ReviewStep | None:
    """Give the act that this person would do again next: none once they have done something else."""
    mine = (ReviewStep.plan_id == plan.id, ReviewStep.user_id == user.id)
    standing = select(func.coalesce(func.max(ReviewStep.id), 0)).where(*mine, ReviewStep.undone_at.is_(None))
    return session.scalar(
        select(ReviewStep).where(*mine, ReviewStep.undone_at.is_not(None), ReviewStep.id > standing.scalar_subquery())
        .order_by(ReviewStep.id).limit(1))


def latest_step(session: Session, plan: Plan) -> ReviewStep | None:
    """Give the last act that anybody did on a plan; undone or not, it says who was here when."""
    return session.scalar(
        select(ReviewStep).where(ReviewStep.plan_id == plan.id).order_by(ReviewStep.id.desc()).limit(1)
        .options(joinedload(ReviewStep.user)))


def last_step_on(session: Session, plan: Plan, task: Task) -> ReviewStep | None:
    """Give the last act on one duty, as far as the plan's newest acts tell."""
    newest = session.scalars(
        select(ReviewStep).where(ReviewStep.plan_id == plan.id).order_by(ReviewStep.id.desc()).limit(_NEWEST)
        .options(joinedload(ReviewStep.user)))
    return next((step for step in newest if task.id in tasks_of(step)), None)


def tasks_of(step: ReviewStep) -> list[int]:
    """Give the ids of the duties an act changed, the first one first."""
    return [change["task"] for change in step.changes["changes"] if change["task"] is not None]


def take_back(session: Session, plan: Plan, step: ReviewStep, *, again: bool, actor: Actor, now: datetime) -> None:
    """Put everything an act changed back to what it was before (or, `again`, to what it was after).

    The caller holds the plan. Raises ChangedSince, and then nothing was changed.
    """
    changes: Sequence[dict[str, Any]] = step.changes["changes"]
    rows = {task.id: task for task in session.scalars(
        select(Task).where(Task.id.in_(tasks_of(step))).order_by(Task.id))}
    expected, wanted = ("before", "after") if again else ("after", "before")
    for change in changes:
        _check_untouched(plan, rows.get(change["task"]), change, expected)
    verb = "redone" if again else "undone"
    for change in changes:
        task = rows.get(change["task"])
        if task is None:
            before = facts(plan)
            restore_facts(plan, change[wanted])
            record(session, actor, f"plan.facts_{verb}", plan, now=now, before=before, after=facts(plan))
            continue
        before = snapshot(task)
        if change[wanted] is None:  # the act made it
            task.taken_back_at = task.dropped_at = now
        else:
            restore(task, change[wanted])
        session.flush()
        session.expire(task, ["owners", "deadlines"])
        record(session, actor, f"task.{verb}", task, now=now, before=before,
               after={**snapshot(task), "step": step.kind.value})
    step.undone_at = None if again else now


def _check_untouched(plan: Plan, task: Task | None, change: dict[str, Any], expected: str) -> None:
    if task is None:
        if change["task"] is None and facts(plan) == change[expected]:
            return
        raise ChangedSince(section="–")
    state = change[expected]
    stands = task.taken_back_at is not None if state is None else task_state(task) == state
    if not stands:
        raise ChangedSince(section=task.section or "–")
