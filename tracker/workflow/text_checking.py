"""Saying that a recognised text was compared with its original, so that the plan may be given out."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models import Actor, Plan
from tracker.models.audit import record
from tracker.workflow.review_change import holding_review


def set_text_checked(session: Session, plan: Plan, *, checked: bool, actor: Actor, now: datetime) -> None:
    """Say that a person has compared the plan's text with the original, or take that back. The caller commits.

    Nothing happens to a text that was read letter by letter, nor twice. Raises PlanNotUnderReview.
    """
    with holding_review(session, plan):
        if not plan.text_unchecked or checked == (plan.text_checked_at is not None):
            return
        plan.text_checked_at = now if checked else None
        plan.text_checked_by_id = actor.user.id if checked and actor.user else None
        record(session, actor, "plan.text_checked" if checked else "plan.text_unchecked", plan, now=now,
               after={"source": plan.source_name, "kind": plan.source_kind})
