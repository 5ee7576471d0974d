"""What the mail about a changed plan says."""
from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from tracker.models import OutboxMail
from tracker.reminders.content import Content


def plan_changed(session: Session, mail: OutboxMail, today: date) -> Content:
    """Tell what changed for the addressee's agency."""
    raise LookupError(f"{mail.key} on {today} in {session}")
