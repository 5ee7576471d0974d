"""What an agency asks of the coordinator about one assignment: more time, or that it is another body's work."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from tracker.models.account import User
from tracker.models.agency import Agency
from tracker.models.assignment import Assignment
from tracker.models.base import Base
from tracker.models.progress import Evidence
from tracker.rules.states import RequestState


class Asked:
    """What every request has: who asks, why, and how it was answered. One request of a kind waits at a time."""

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[RequestState] = mapped_column(default=RequestState.WAITING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    #: What the coordinator answered; a refusal always says why.
    answer: Mapped[str | None] = mapped_column(Text)
    #: Raised at every change, so that two coordinators notice each other.
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr
    def assignment(cls) -> Mapped[Assignment]:
        """What it is about."""
        return relationship(foreign_keys=[cls.assignment_id])  # type: ignore[list-item]

    @declared_attr
    def asked_by(cls) -> Mapped[User]:
        """Who asks."""
        return relationship(foreign_keys=[cls.asked_by_id])  # type: ignore[list-item]

    @declared_attr
    def decided_by(cls) -> Mapped[User | None]:
        """Who answered."""
        return relationship(foreign_keys=[cls.decided_by_id])  # type: ignore[list-item]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:
        """Count the changes of a row."""
        return {"version_id_col": cls.version}

    @property
    def is_waiting(self) -> bool:
        """Tell whether nobody has answered yet."""
        return self.state is RequestState.WAITING


def _one_waits(table: str) -> tuple[Index, ...]:
    waiting = text("state = 'waiting'")
    return (
        Index(f"uq_{table}_waiting", "assignment_id", unique=True, sqlite_where=waiting, postgresql_where=waiting),
        Index(None, "assignment_id", "id"),  # an assignment's history
        Index(None, "state", "asked_at", "id"),  # the coordinator's inbox, and what holds an escalation back
    )


class Extension(Asked, Base):
    """Asking for more time, and the answer (gia hạn)."""

    __tablename__ = "extension"
    __table_args__ = (
        *_one_waits("extension"),
        CheckConstraint("state <> 'granted' OR granted_on IS NOT NULL", name="granted_has_day"),
        CheckConstraint("state <> 'refused' OR answer IS NOT NULL", name="refused_has_answer"),
    )

    #: The due date when it was asked, the one wanted, the one granted (which may be another).
    from_due_on: Mapped[date]
    wanted_on: Mapped[date]
    granted_on: Mapped[date | None]
    evidence: Mapped[list[Evidence]] = relationship(back_populates="extension", order_by="Evidence.id")


class Transfer(Asked, Base):
    """Saying "not ours", and whose it is; granted, the work is given to that body (chuyển cơ quan)."""

    __tablename__ = "transfer"
    __table_args__ = (
        *_one_waits("transfer"),
        CheckConstraint("state <> 'refused' OR answer IS NOT NULL", name="refused_has_answer"),
    )

    #: Whose it is, as the agency proposes (None: it does not know), and to whom it then went.
    proposed_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    given_to_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    proposed_agency: Mapped[Agency | None] = relationship(foreign_keys=[proposed_agency_id])
    given_to: Mapped[Agency | None] = relationship(foreign_keys=[given_to_id])
