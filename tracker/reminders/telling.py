"""What the mails about one assignment say: its thread, an answered request, a colleague named."""
from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from tracker.models import OutboxMail
from tracker.reminders.content import Content


def thread_message(session: Session, mail: OutboxMail, today: date) -> Content:
    """Tell of what was written in a thread."""
    raise LookupError(f"{mail.key} on {today} in {session}")


def request_decided(session: Session, mail: OutboxMail, today: date) -> Content:
    """Tell what was answered."""
    raise LookupError(f"{mail.key} on {today} in {session}")


def handed_over(session: Session, mail: OutboxMail, today: date) -> Content:
    """Tell a colleague of the work."""
    raise LookupError(f"{mail.key} on {today} in {session}")
