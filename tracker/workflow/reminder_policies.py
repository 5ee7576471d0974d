"""Setting how a plan is reminded of, where that differs from the province's way; and giving that up again."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Actor, Plan, PlanReminderPolicy
from tracker.models.audit import record
from tracker.models.policy import ProvincePolicy, load_reminder_policy, reminder_values
from tracker.rules.errors import Refusal
from tracker.rules.reminder_policy import ReminderPolicy, check
from tracker.rules.states import PlanState

#: The version that a form has seen when there was no row yet.
NO_ROW = 0
#: Plans whose work is given out, or will be.
_REMINDED = frozenset({PlanState.REVIEW, PlanState.PUBLISHED})


class PolicyChangedMeanwhile(Refusal):
    """Somebody else saved the same policy after this form was opened."""

    key = "policy_changed_meanwhile"


class PlanNotReminded(Refusal):
    """The plan was withdrawn or replaced: nothing of it is reminded of any more."""

    key = "plan_not_reminded"


def is_reminded(plan: Plan) -> bool:
    """Tell whether a plan's work is reminded of, or will be."""
    return plan.state in _REMINDED


def set_for_plan(
    session: Session, plan: Plan, reminders: ReminderPolicy, *, seen: int, actor: Actor, now: datetime
) -> bool:
    """Give a plan a way of its own; False when that is how it is reminded of already. Audited; the caller commits.

    What was told stays told. `seen` is the version of the plan's policy that the form was made from, `NO_ROW` without
    one. Raises what `rules.reminder_policy.check` raises, PlanNotReminded or PolicyChangedMeanwhile.
    """
    reminders = check(reminders)
    if not is_reminded(plan):
        raise PlanNotReminded
    row = _taken(session, plan)
    before = load_reminder_policy(session, plan.id)
    if before == reminders:
        return False
    if (row.version if row else NO_ROW) != seen:
        raise PolicyChangedMeanwhile
    row = row or PlanReminderPolicy(plan_id=plan.id, version=NO_ROW)
    row.set_reminder_policy(reminders)
    stamp(row, actor, now)
    insert(session, row)
    old, new = differing(audit_values(before), audit_values(reminders))
    record(session, actor, "plan.reminders_set", plan, now=now, before=old, after=new)
    return True


def reset_for_plan(session: Session, plan: Plan, *, seen: int, actor: Actor, now: datetime) -> bool:
    """Let a plan be reminded of in the province's way; False when it is already. Audited; the caller commits.

    Raises PolicyChangedMeanwhile.
    """
    row = _taken(session, plan)
    if row is None:
        return False
    if row.version != seen:
        raise PolicyChangedMeanwhile
    old, new = differing(audit_values(row.to_reminder_policy()), audit_values(load_reminder_policy(session)))
    session.delete(row)
    record(session, actor, "plan.reminders_reset", plan, now=now, before=old, after=new)
    return True


def inherit(session: Session, earlier: Plan, plan: Plan, *, actor: Actor, now: datetime) -> bool:
    """Remind of a plan as of the one whose work it takes over, when it has no way of its own and that one has.

    False when nothing changed. Audited; the caller commits.
    """
    of_earlier = session.get(PlanReminderPolicy, earlier.id)
    if of_earlier is None or session.get(PlanReminderPolicy, plan.id, populate_existing=True) is not None:
        return False
    reminders = of_earlier.to_reminder_policy()
    row = PlanReminderPolicy(plan_id=plan.id, version=NO_ROW)
    row.set_reminder_policy(reminders)
    stamp(row, actor, now)
    try:
        insert(session, row)
    except PolicyChangedMeanwhile:  # somebody gave it a way of its own at this moment
        return False
    old, new = differing(audit_values(load_reminder_policy(session)), audit_values(reminders))
    record(session, actor, "plan.reminders_set", plan, now=now, before=old, after=new)
    return True


def _taken(session: Session, plan: Plan) -> PlanReminderPolicy | None:
    """Read the plan's own row as it stands now, and keep others from changing it until the commit."""
    return session.get(PlanReminderPolicy, plan.id, with_for_update=True, populate_existing=True)


def stamp(row: ProvincePolicy | PlanReminderPolicy, actor: Actor, now: datetime) -> None:
    """Write on a changed policy who did it and when, and count its version up."""
    row.version += 1
    row.changed_by_id = actor.user.id if actor.user else None
    row.changed_at = now


def insert(session: Session, row: ProvincePolicy | PlanReminderPolicy) -> None:
    """Write a changed policy down. Raises PolicyChangedMeanwhile when somebody else made the same row first."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        raise PolicyChangedMeanwhile from error


def audit_values(reminders: ReminderPolicy) -> dict[str, Any]:
    """Give a reminder policy as an audit row shows it: short lines, one for each moment."""
    values = reminder_values(reminders)
    told = values.pop("told")
    values["before"] = ", ".join(str(days) for days in reminders.before)
    return values | {f"told_{moment}": ", ".join(audiences) for moment, audiences in told.items()}


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep of two records what they do not agree on."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
