"""The clock: its jobs by name, when a silent clock is dead, when a job that failed is tried again. Plain facts."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

#: All clocks silent for so long: none is alive, and somebody has to be told.
DEAD_AFTER = timedelta(minutes=10)
#: A mail that may go and still waits after so long: the sender does not keep up, or is stuck.
QUEUE_LATE_AFTER = timedelta(minutes=30)
#: How long a job that failed waits before its next try; after the last of them a person has to look.
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
MOST_TRIES = len(RETRY_AFTER) + 1
#: The morning's line to the administrators waits for the morning's last mail, but no longer than this.
LINE_AFTER = timedelta(minutes=30)


class JobName(StrEnum):
    """What the clock does."""

    OPEN_WINDOWS = "open_windows"
    MORNING = "morning"
    MORNING_LINE = "morning_line"
    SWEEP_UPLOADS = "sweep_uploads"
    SWEEP_COPIES = "sweep_copies"
    SWEEP_RUNS = "sweep_runs"
    DELIVER = "deliver"
    READ_MAILBOX = "read_mailbox"


def retry_at(tries: int, now: datetime) -> datetime | None:
    """Say when a job that failed so many times is tried again; None when it was tried often enough."""
    return now + RETRY_AFTER[tries - 1] if tries < MOST_TRIES else None


def has_passed(until: datetime | None, now: datetime) -> bool:
    """Tell whether a lease or a wait is over.

    One that lies further ahead than any is ever given comes from before the clock was set back.
    """
    return until is None or until < now or until > now + max(RETRY_AFTER)


def newest_beat(beats: Iterable[datetime], now: datetime) -> datetime | None:
    """Give the newest beat that can be believed: one from the future is from before the clock was set back."""
    return max((at for at in beats if at <= now + DEAD_AFTER), default=None)


def is_dead(last_beat: datetime | None, now: datetime) -> bool:
    """Tell whether no clock has been seen alive lately."""
    return last_beat is None or now - last_beat > DEAD_AFTER
