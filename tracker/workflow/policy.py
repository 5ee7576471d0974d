"""Setting the province's own periods."""
from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models import Actor, ProvincePolicy
from tracker.models.audit import record
from tracker.models.policy import ONLY, load_policy
from tracker.rules.errors import Refusal
from tracker.rules.policy import Policy

#: What makes sense: at least, at most.
LIMITS = {
    "grace_after_return": (0, 30),
    "escalate_to_head_after": (1, 90),
    "escalate_to_leaders_after": (1, 180),
    "answer_within": (1, 30),
    "link_days": (1, 60),
}


class PolicyOutOfBounds(Refusal):
    """A period is shorter or longer than makes sense (values: least, most)."""

    key = "policy_out_of_bounds"

    def __init__(self, field: str, least: int, most: int) -> None:
        super().__init__(least=least, most=most)
        self.field = field


class LeadersBeforeHead(Refusal):
    """The leadership would be told before the agency's own head."""

    key = "leaders_before_head"


def change(session: Session, policy: Policy, *, actor: Actor, now: datetime) -> bool:
    """Set the periods; False when they are what they were. Audited; the caller commits.

    What was decided before keeps its dates. Raises PolicyOutOfBounds or LeadersBeforeHead.
    """
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(policy, name) <= most:
            raise PolicyOutOfBounds(name, least, most)
    if policy.escalate_to_leaders_after < policy.escalate_to_head_after:
        raise LeadersBeforeHead
    before = load_policy(session)
    if before == policy:
        return False
    row = session.get(ProvincePolicy, ONLY, with_for_update=True)
    if row is None:
        row = ProvincePolicy(id=ONLY)
        session.add(row)
    for name, value in asdict(policy).items():
        setattr(row, name, value)
    row.changed_by_id = actor.user.id if actor.user else None
    row.changed_at = now
    record(session, actor, "policy.changed", row, now=now, before=asdict(before), after=asdict(policy))
    return True
