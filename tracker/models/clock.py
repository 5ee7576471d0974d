"""What the clock did and does: its beat, and each run of its jobs."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.models.base import Base
from tracker.rules.clock import newest_beat
from tracker.rules.states import JobState

#: The key of what runs all the time on one machine at once; otherwise the key is the machine.
ALL = "*"


class ClockBeat(Base):
    """When a machine's clock was last seen alive; a web process notices when all of them are silent."""

    __tablename__ = "clock_beat"

    machine: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class JobRun(Base):
    """One run of a job, decided once by its key, whoever runs it.

    The key is a Vietnamese day. What runs all the time has one row, whose key is the machine or ALL.
    """

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("name", "key"), Index(None, "name", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    #: A `rules.clock.JobName`, or a name that an older version had.
    name: Mapped[str]
    key: Mapped[str]
    state: Mapped[JobState]
    machine: Mapped[str]
    #: Tries, this one among them; for what runs all the time, failures in a row.
    attempts: Mapped[int] = mapped_column(default=1)
    #: While running: until when it may be trusted to be alive; after that another may take it over. Failed: when it is
    #: tried again.
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    #: What it did, in numbers.
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str | None] = mapped_column(Text)


def last_beat(session: Session, now: datetime) -> datetime | None:
    """Say when any clock was last seen alive; None when none ever was. There is a row for each machine."""
    return newest_beat(session.scalars(select(ClockBeat.at)), now)
