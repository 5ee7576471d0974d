"""What the mail about a changed plan says: everything since the change its key names that concerns the agency."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.mail import messages
from tracker.mail.messages import ChangedItem
from tracker.models import Assignment, OutboxMail, Plan, PlanChange
from tracker.reminders.content import N_, Content, NothingToSay, addressee, item, plan_name
from tracker.rules.plan_changes import TOLD, Effect
from tracker.rules.states import MailKind

NOTHING_CHANGED = NothingToSay(N_("Thay đổi của kế hoạch đã được rút lại trước khi thư được gửi."))


def plan_changed(session: Session, mail: OutboxMail, *, today: date, now: datetime) -> Content:
    """Tell what changed for the addressee's agency; several changes of one piece of work are told as one."""
    _word, plan_id, first = mail.key.split(":")
    plan = session.get_one(Plan, int(plan_id), options=[joinedload(Plan.coordinator)])
    told = _told(_changes(session, mail, plan, int(first)), today)
    if not told:
        return NOTHING_CHANGED
    return messages.plan_changed(addressee(mail.recipient), told, plan=plan_name(plan),
                                 coordinator=plan.coordinator.name, now=now, message_id=mail.message_id)


def _changes(session: Session, mail: OutboxMail, plan: Plan, first: int) -> Sequence[PlanChange]:
    """Read the changes this mail tells: up to the one with which the person's next mail begins."""
    query = (
        select(PlanChange)
        .where(PlanChange.plan_id == plan.id, PlanChange.agency_id == mail.recipient.agency_id,
               PlanChange.id >= first, PlanChange.undone_at.is_(None), PlanChange.effect.in_(TOLD))
        .options(joinedload(PlanChange.assignment).options(
            joinedload(Assignment.task), joinedload(Assignment.plan), joinedload(Assignment.agency),
            joinedload(Assignment.period)))
        .order_by(PlanChange.id)
    )
    keys = session.scalars(select(OutboxMail.key).where(
        OutboxMail.recipient_id == mail.recipient_id, OutboxMail.kind == MailKind.PLAN_CHANGED,
        OutboxMail.key.startswith(f"plan:{plan.id}:")))
    later = [start for key in keys if (start := int(key.rpartition(":")[2])) > first]
    return session.scalars(query.where(PlanChange.id < min(later)) if later else query).all()


def _told(changes: Iterable[PlanChange], today: date) -> list[ChangedItem]:
    by_work: dict[int, list[PlanChange]] = {}
    for change in changes:
        by_work.setdefault(change.assignment_id, []).append(change)
    told = [one for same in by_work.values() if (one := _as_one(same, today)) is not None]
    return sorted(told, key=lambda one: (one.item.due_on is None, one.item.due_on or date.max, one.item.assignment_id))


def _as_one(changes: Sequence[PlanChange], today: date) -> ChangedItem | None:
    """Tell several changes of one piece of work as one; None when nothing is left of them."""
    first, last, row = changes[0], changes[-1], changes[-1].assignment
    before: dict[str, Any] = first.before or {}
    if last.effect is Effect.ENDED and first.effect is Effect.GIVEN:
        return None  # given and taken away again before anybody was told
    due_before = date.fromisoformat(before["due_on"]) if before.get("due_on") else None
    text_before = next((one.before["text"] for one in changes if one.before and "text" in one.before), None)
    effect = first.effect if first.effect is Effect.GIVEN else last.effect
    if effect in {Effect.MOVED, Effect.REWORDED}:
        effect = Effect.MOVED if due_before != row.due_on else Effect.REWORDED
        if effect is Effect.REWORDED and not any(one.before and "text" in one.before for one in changes):
            return None  # moved, and moved back
    return ChangedItem(
        item=item(row, today), effect=effect, reason=last.reason, document_number=last.document_number,
        document_on=last.document_on, due_before=due_before,
        text_before=text_before if text_before != row.task.text and effect is not Effect.GIVEN else None,
        was_settled=effect is Effect.ENDED and before.get("state") == "accepted", is_part=row.is_part,
    )  # fmt: skip
