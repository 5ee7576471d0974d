"""Plans and the pieces of their text."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.agency import Agency
from tracker.models.base import Base
from tracker.rules.states import PlanState


class Plan(Base):
    """An issued document, and what it starts."""

    __tablename__ = "plan"
    __table_args__ = (Index(None, "coordinator_id", "state", "id"),)  # the coordinator's list of plans

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    kind: Mapped[str] = mapped_column(default="Kế hoạch")
    title: Mapped[str]
    #: Number and title folded, for search without diacritics.
    fold: Mapped[str]
    issuer: Mapped[str | None]
    issued_on: Mapped[date | None]
    signed_by: Mapped[str | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    #: The standing agency: it sees the plan, chases and accepts.
    coordinator_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    state: Mapped[PlanState] = mapped_column(default=PlanState.REVIEW)
    #: As written; every offset counts its characters.
    text: Mapped[str] = mapped_column(Text)
    source_name: Mapped[str]
    source_kind: Mapped[str]
    source_sha256: Mapped[str]
    #: What the reading found, as it found it (the JSON of the extraction), before anyone corrected it.
    extract: Mapped[dict[str, Any]]
    #: What happened to the file on the way to `text`: {"notes": [{"key", "count"}], "removed": [{"key", "text"}]}.
    reading: Mapped[dict[str, Any]] = mapped_column(default=lambda: {"notes": [], "removed": []})
    #: The letters were recognised or converted, not read; a person compares them with the original first.
    text_unchecked: Mapped[bool] = mapped_column(default=False)
    text_checked_at: Mapped[datetime | None]
    text_checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    #: The earlier version that this plan amends.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"), index=True)
    #: It amends only what it names (sửa đổi, bổ sung); otherwise it takes the place of the earlier one whole.
    amends_partly: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]
    #: Counts every change of the review, so that two people notice each other.
    version: Mapped[int] = mapped_column(default=1)
    coordinator: Mapped[Agency] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])
    text_checked_by: Mapped[User | None] = relationship(foreign_keys=[text_checked_by_id])
    replaces: Mapped[Plan | None] = relationship(remote_side=[id])

    @property
    def text_needs_check(self) -> bool:
        """Tell whether nobody has compared a recognised text with its original yet."""
        return self.text_unchecked and self.text_checked_at is None

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Provision(Base):
    """One numbered or bulleted piece of a plan's text, with its place in it."""

    __tablename__ = "provision"
    __table_args__ = (CheckConstraint('"end" >= "start"', name="end_after_start"), Index(None, "plan_id", "start"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    section: Mapped[str | None]
    #: The heading above it as printed ("3. Sở Y tế").
    heading: Mapped[str | None]
    start: Mapped[int]
    end: Mapped[int]
