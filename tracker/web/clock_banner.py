"""Whether the clock is dead, for the red line that coordinators and administrators see on every page then."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker import clock
from tracker.extensions import db
from tracker.models.clock import last_beat
from tracker.rules.clock import is_dead


@dataclass(frozen=True)
class Silence:
    """That no clock is alive, and since when; None when none ever was."""

    since: datetime | None


def clock_silence() -> Silence | None:
    """Say since when no clock has been alive; None when one is. One query, of as many rows as there are machines."""
    now = clock.now()
    last = last_beat(db.session(), now)
    return Silence(last) if is_dead(last, now) else None
