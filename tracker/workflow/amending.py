"""A plan that amends one that is running takes over its work: nothing is done twice, nothing that was done is lost.

What stands in both is carried over with its reports and history; what is new is given out; what a body has no more, or
what the new plan drops when it takes the place of the old one whole, is cancelled. An amendment in part touches only
what it names.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Actor, Assignment, Deadline, Plan, Task
from tracker.models.audit import record
from tracker.reports.plan_difference import difference
from tracker.rules.errors import Refusal
from tracker.rules.plan_changes import Balance
from tracker.rules.plan_versions import Change
from tracker.rules.states import PlanState
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import carrying
from tracker.workflow.doubts import comes_round, is_dated
from tracker.workflow.effects import Piece, Work, balance, count, count_parts, work_out
from tracker.workflow.foreseeing import Foreseen, foresee
from tracker.workflow.sharing import Bodies, Sharing, due_dates, load_tasks


class EarlierReplaced(Refusal):
    """Another plan took the place of the one that this plan amends (values: title)."""

    key = "earlier_replaced"


@dataclass(frozen=True)
class Outcome:
    """How many assignments of the earlier plan each effect had, by its value; helpers' parts apart."""

    effects: dict[str, int]
    parts: dict[str, int]
    #: All work of both plans.
    balance: Balance


@dataclass
class _Found:
    """What the amendment does, worked out."""

    pieces: list[Piece] = field(default_factory=list)
    #: What a task said before, by the id of the task that says it anew.
    reworded: dict[int, dict[str, Any]] = field(default_factory=dict)
    #: Everything that the earlier plan gave out.
    rows: list[Assignment] = field(default_factory=list)


def running_earlier(session: Session, plan: Plan) -> Plan | None:
    """Give the plan that this one amends, when its work is running."""
    earlier = session.get(Plan, plan.replaces_id) if plan.replaces_id else None
    return earlier if earlier is not None and earlier.state is PlanState.PUBLISHED else None


def hold_earlier(session: Session, plan: Plan) -> Plan | None:
    """Hold the running plan that this one amends until the end; None when it amends none that runs.

    Raises EarlierReplaced.
    """
    if plan.replaces_id is None:
        return None
    earlier = session.scalars(
        select(Plan).where(Plan.id == plan.replaces_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if earlier.state is PlanState.SUPERSEDED:
        raise EarlierReplaced(title=earlier.number or earlier.title)
    return earlier if earlier.state is PlanState.PUBLISHED else None


def preview(session: Session, earlier: Plan, plan: Plan, *, today: date) -> Foreseen:
    """Tell what publishing the plan today would do to the work of the earlier one; changes nothing."""
    found = _find(session, earlier, plan, today=today, hold=False)
    return foresee(session, found.pieces, balance=balance(found.pieces, found.rows))


def carry_over(session: Session, earlier: Plan, plan: Plan, *, actor: Actor, now: datetime, today: date,
               calendar: WorkingCalendar) -> Outcome:
    """Carry the earlier plan's work over to this one and give out what is new, in the caller's transaction.

    Due dates that the new plan sets are first due dates: what is owed is another thing now. The earlier plan stays
    published when it was amended in part; otherwise it is superseded.
    """
    found = _find(session, earlier, plan, today=today, hold=True)
    sums = balance(found.pieces, found.rows)
    name = f"{plan.kind} số {plan.number}" if plan.number else plan.title
    order = carrying.Order(plan, f"Thực hiện {name}.", actor, now, plan.number,
                           plan.issued_on if plan.number else None, ended_reason=f"Không còn trong {name}.")
    carrying.carry_out(session, found.pieces, order, reworded=found.reworded, calendar=calendar)
    outcome = Outcome({effect.value: number for effect, number in count(found.pieces).items()},
                      {effect.value: number for effect, number in count_parts(found.pieces).items()}, sums)
    if not plan.amends_partly:
        earlier.state = PlanState.SUPERSEDED
    record(session, actor, "plan.amended", earlier, now=now, before={"state": PlanState.PUBLISHED.value},
           after={"state": earlier.state.value, "by": plan.id, "effects": outcome.effects, "parts": outcome.parts})
    return outcome


def _find(session: Session, earlier: Plan, plan: Plan, *, today: date, hold: bool) -> _Found:
    """Work out what happens to every assignment of the earlier plan, and what is new."""
    before, after = load_tasks(session, earlier), load_tasks(session, plan)
    versions = difference(earlier, before, plan, after)
    rows = carrying.rows_of(session, before, hold=hold)
    bodies = Bodies(session, [task for task in after if task.dropped_at is None])
    bodies_before = Bodies(session, before)
    nobody = Sharing([], [], [])
    found = _Found(rows=[row for of_task in rows.values() for row in of_task])
    for one in versions.duties:
        if one.after is None:
            if one.before is not None and not plan.amends_partly:
                found.pieces += work_out(Work(one.before, rows[one.before.id], nobody, today, {}))
            continue
        sharing = bodies.sharing(one.after, today)
        old = one.before
        deadlines = deadlines_after(old, one.after, today) if old is not None else {}
        is_reworded = one.pair.change is Change.AMENDED and bool({"text", "product"} & set(one.pair.changed_fields))
        if is_reworded and old is not None:
            found.reworded[one.after.id] = {"text": old.text, "product": old.expected_product}
        had = {share.agency.id for share in bodies_before.sharing(old, today).all} if old else set()
        found.pieces += work_out(Work(one.after, rows[old.id] if old else [], sharing, today, deadlines,
                                      loses=_losers(had, sharing), is_reworded=is_reworded))
    return found


def _losers(had: set[int], has: Sharing) -> Callable[[Assignment, Sequence[int]], bool]:
    """Say who loses a task that goes on: all it names no more, but not the helpers that its lead itself asked."""
    return lambda row, origins: not (has.leads and row.is_part and not had & {row.agency_id, *origins})


def deadlines_after(old: Task, new: Task, today: date) -> Mapping[int | None, Deadline | None]:
    """Tell which deadline of the amended task takes the place of each old one; what is missing is gone.

    The same day is the same deadline; what comes round as often is the same report; of the rest the first takes the
    place of the first. A task with one deadline before and one now keeps it, whatever its kind, unless it was a report
    that comes round and does not any more.
    """
    left = {deadline.id: deadline for deadline, _window in due_dates(new, today) if deadline is not None}
    found: dict[int | None, Deadline | None] = {}
    dated = [one for one in old.deadlines if is_dated(one)]
    for one in old.deadlines:
        if comes_round(one):
            _pair(found, left, one, [two for two in left.values() if comes_round(two) and two.every is one.every])
    for one in dated:
        _pair(found, left, one, [two for two in left.values() if is_dated(two) and two.due_on == one.due_on])
    for one in dated:
        if one.id not in found:
            _pair(found, left, one, [two for two in left.values() if is_dated(two)])
    undated = next((two for two in left.values() if is_dated(two)), None)
    asks_nothing_dated = not any(is_dated(two) or comes_round(two) for two in new.deadlines)
    if asks_nothing_dated:
        found |= {one.id: None for one in dated if one.id not in found}
    if undated is not None or asks_nothing_dated:
        found[None] = undated
    return found


def _pair(found: dict[int | None, Deadline | None], left: dict[int, Deadline], old: Deadline,
          fitting: Sequence[Deadline]) -> None:
    if fitting:
        found[old.id] = left.pop(fitting[0].id)
