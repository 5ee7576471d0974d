"""Which plan a plan amends: chosen by a person, suggested from number, title and what the text itself names."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from tracker.models import Actor, Plan, User
from tracker.models.access import plans_of
from tracker.models.audit import record
from tracker.rules.errors import Refusal
from tracker.rules.folding import fold
from tracker.rules.states import PlanState
from tracker.workflow.review_change import PlanNotUnderReview

#: So much of a text is searched for the number of the plan it amends: head, title and legal bases.
_HEAD = 6000
#: More than anybody reads in a list; the likeliest come first.
MOST_CANDIDATES = 50


class AmendsItself(Refusal):
    """A plan can't be a version of itself, nor of one that amends it."""

    key = "amends_itself"


def candidates(session: Session, plan: Plan, user: User) -> list[Plan]:
    """Give the plans this one may amend among those the person may see, likeliest first.

    Likely is one whose number the text names, then one with the same number or title, then the latest.
    """
    others = list(session.scalars(
        select(Plan).where(plans_of(user), Plan.id != plan.id).order_by(Plan.id.desc()).limit(MOST_CANDIDATES)
        .options(defer(Plan.text), defer(Plan.extract), defer(Plan.reading))))
    head = plan.text[:_HEAD]
    title = set(fold(plan.title).split())

    def rank(other: Plan) -> tuple[int, float]:
        named = bool(other.number) and str(other.number) in head and other.number != plan.number
        words = set(fold(other.title).split())
        like = len(title & words) / max(1, len(title | words))
        return (2 if named else 1 if other.number and other.number == plan.number else 0), like

    return sorted(others, key=rank, reverse=True)


def set_replaces(session: Session, plan: Plan, earlier: Plan | None, *, partly: bool = False, actor: Actor,
                 now: datetime) -> None:
    """Say which plan this one amends, in part or taking its place whole, or that it amends none.

    Once the work was given out it is done. The caller commits; audited. Raises AmendsItself, PlanNotUnderReview.
    """
    seen: Plan | None = earlier
    while seen is not None:
        if seen.id == plan.id:
            raise AmendsItself
        seen = seen.replaces
    if plan.state is not PlanState.REVIEW:
        raise PlanNotUnderReview
    before = {"replaces": plan.replaces_id, "partly": plan.amends_partly}
    after = {"replaces": earlier.id if earlier else None, "partly": partly and earlier is not None}
    if before == after:
        return
    plan.replaces, plan.amends_partly = earlier, bool(after["partly"])
    record(session, actor, "plan.version_set", plan, now=now, before=before, after=after)
