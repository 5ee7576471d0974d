"""The review of a plan as it went: every act with what it changed, and who is looking at what right now."""
from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.base import Base
from tracker.models.plan import Plan


class StepKind(StrEnum):
    """What a person did to a plan under review."""

    EDIT = "edit"
    CHECK = "check"
    UNCHECK = "uncheck"
    SPLIT = "split"
    MERGE = "merge"
    DROP = "drop"
    PUT_BACK = "put_back"
    ADD = "add"
    FACTS = "facts"
    #: A printed name of a body was tied to a body of the catalogue, in every duty that prints it.
    LINK = "link"


class ReviewStep(Base):
    """One act of a review, with what it changed: it can be undone, and it says what the reading got wrong."""

    __tablename__ = "review_step"
    __table_args__ = (
        Index(None, "plan_id", "user_id", "id"),  # the last act of a person, to be undone
        Index(None, "plan_id", "id"),  # the last act of anybody
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    #: None for a command; nobody else undoes what a person did.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[StepKind]
    at: Mapped[datetime]
    #: {"changes": [{"task": id or None for the plan's facts, "before": state or None, "after": state}]}
    changes: Mapped[dict[str, Any]]
    #: Undone and not done again.
    undone_at: Mapped[datetime | None]
    plan: Mapped[Plan] = relationship()
    user: Mapped[User | None] = relationship()


class ReviewPresence(Base):
    """That a person has a duty of a plan on the screen: told every few seconds by the page itself."""

    __tablename__ = "review_presence"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    seen_at: Mapped[datetime]
    user: Mapped[User] = relationship()
