"""The province's own periods: one row, set by an administrator."""
from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.models.base import Base
from tracker.rules.policy import Policy

#: There is one policy for the province, so its row has a fixed id.
ONLY = 1


class ProvincePolicy(Base):
    """The periods that `rules.policy.Policy` explains, as this province set them."""

    __tablename__ = "province_policy"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=ONLY, autoincrement=False)
    grace_after_return: Mapped[int]
    escalate_to_head_after: Mapped[int]
    escalate_to_leaders_after: Mapped[int]
    answer_within: Mapped[int]
    link_days: Mapped[int]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]

    def to_policy(self) -> Policy:
        """Give the periods as the rules take them."""
        return Policy(**{name: getattr(self, name) for name in asdict(Policy())})


def load_policy(session: Session) -> Policy:
    """Read the province's periods; what nobody has set are the defaults."""
    row = session.get(ProvincePolicy, ONLY)
    return row.to_policy() if row else Policy()
