"""What the mail about a published plan says: the new work of the agency, its dates as a calendar file."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.mail import messages
from tracker.models import Assignment, OutboxMail, Plan
from tracker.reminders.content import N_, Content, NothingToSay, addressee, items_of, number, plan_name
from tracker.rules.states import OWED, PlanState

TAKEN_BACK = NothingToSay(N_("Việc của kế hoạch đã xong, đã chuyển hoặc đã thôi giao trước khi thư được gửi."))


def assigned(session: Session, mail: OutboxMail, *, today: date, now: datetime) -> Content:
    """Tell a liaison what a published plan (key "plan:12") gives the agency; what came later has mails of its own."""
    plan = session.get_one(Plan, number(mail.key), options=[joinedload(Plan.coordinator)])
    if plan.state is not PlanState.PUBLISHED or plan.published_at is None:
        return TAKEN_BACK
    given = select(Assignment).where(Assignment.plan_id == plan.id, Assignment.state.in_(OWED),
                                     Assignment.created_at <= plan.published_at)
    items = items_of(session, mail.recipient, given, today)
    if not items:
        return TAKEN_BACK
    to_come = [item.due_on for item in items if item.due_on is not None and item.due_on >= today]
    return messages.assigned(
        addressee(mail.recipient), items, plan=plan_name(plan), coordinator=plan.coordinator.name,
        first_due=min(to_come, default=None), now=now, message_id=mail.message_id,
    )  # fmt: skip
