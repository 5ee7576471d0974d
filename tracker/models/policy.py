"""What the province decides for itself: one row; and the plans that are reminded of in a way of their own."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.models.base import Base
from tracker.rules.policy import Policy
from tracker.rules.reminder_policy import ReminderPolicy, told_from_json, told_to_json

#: There is one policy for the province, so its row has a fixed id.
ONLY = 1
_USUAL = ReminderPolicy()


class ReminderColumns:
    """The columns of a reminder policy, as `rules.reminder_policy.ReminderPolicy` explains them."""

    before: Mapped[list[int]] = mapped_column(JSON, default=lambda: list(_USUAL.before))
    after_every: Mapped[int] = mapped_column(default=_USUAL.after_every)
    weekly_after: Mapped[int] = mapped_column(default=_USUAL.weekly_after)
    late_after: Mapped[int] = mapped_column(default=_USUAL.late_after)
    very_late_after: Mapped[int] = mapped_column(default=_USUAL.very_late_after)
    #: Moment to audiences.
    told: Mapped[dict[str, Any]] = mapped_column(default=lambda: told_to_json(_USUAL.told))
    #: Raised at every change; a form that was read from an older one is told so.
    version: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]

    def to_reminder_policy(self) -> ReminderPolicy:
        """Give the policy as the rules take it."""
        return ReminderPolicy(tuple(self.before), self.after_every, self.weekly_after, self.late_after,
                              self.very_late_after, told_from_json(self.told))

    def set_reminder_policy(self, policy: ReminderPolicy) -> None:
        """Take a policy that `rules.reminder_policy.check` has given back."""
        for name, value in reminder_values(policy).items():
            setattr(self, name, value)


def reminder_values(policy: ReminderPolicy) -> dict[str, Any]:
    """Give a reminder policy as it is stored and audited, by column."""
    return {**asdict(policy), "before": list(policy.before), "told": told_to_json(policy.told)}


class ProvincePolicy(ReminderColumns, Base):
    """The periods that `rules.policy.Policy` explains, and the usual reminders, as this province set them."""

    __tablename__ = "province_policy"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=ONLY, autoincrement=False)
    grace_after_return: Mapped[int]
    answer_within: Mapped[int]
    link_days: Mapped[int]
    #: In Vietnam.
    send_at: Mapped[time]
    mails_per_week: Mapped[int]
    mails_per_minute: Mapped[int]

    def to_policy(self) -> Policy:
        """Give the periods as the rules take them."""
        return Policy(**{name: getattr(self, name) for name in asdict(Policy())})


class PlanReminderPolicy(ReminderColumns, Base):
    """How one plan is reminded of, where that differs from the province's way."""

    __tablename__ = "plan_reminder_policy"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), primary_key=True, autoincrement=False)


def load_policy(session: Session) -> Policy:
    """Read the province's periods; what nobody has set are the defaults."""
    row = session.get(ProvincePolicy, ONLY)
    return row.to_policy() if row else Policy()


def load_reminder_policy(session: Session, plan_id: int | None = None) -> ReminderPolicy:
    """Read how a plan is reminded of: in its own way, or in the province's (also without a plan)."""
    own = session.get(PlanReminderPolicy, plan_id) if plan_id is not None else None
    row = own or session.get(ProvincePolicy, ONLY)
    return row.to_reminder_policy() if row else ReminderPolicy()


def plan_reminder_policies(session: Session) -> Mapping[int, ReminderPolicy]:
    """Read the policies of all plans that have their own, by plan id."""
    rows = session.scalars(select(PlanReminderPolicy).order_by(PlanReminderPolicy.plan_id))
    return {row.plan_id: row.to_reminder_policy() for row in rows}
