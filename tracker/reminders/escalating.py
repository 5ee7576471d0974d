"""What is too late goes upwards: whom to tell on a morning, and what the mail says."""
from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from tracker.models import OutboxMail
from tracker.reminders.content import Content


def escalation(session: Session, mail: OutboxMail, today: date) -> Content:
    """Tell a head or a leader what is too late."""
    raise LookupError(f"{mail.key} on {today} in {session}")
