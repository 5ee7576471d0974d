"""What tests about mornings share: deciding one, reading who was told what."""
from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories import TODAY
from tracker.clock import VIETNAM
from tracker.models import OutboxMail, Reminder
from tracker.reminders import deciding
from tracker.rules.states import MailKind, MailState


def half_past_seven(day: date) -> datetime:
    """Give 07:30 of a day in Vietnam."""
    return datetime.combine(day, time(7, 30), VIETNAM)


def decide(session: Session, day: date = TODAY) -> dict[MailKind, int]:
    """Decide a morning at half past seven: how many mails of each kind."""
    return dict(deciding.decide(session, today=day, now=half_past_seven(day)))


def morning(session: Session, day: date = TODAY) -> dict[MailKind, int]:
    """Decide a morning whose mails all leave: how many of each kind."""
    decided = decide(session, day)
    session.execute(
        update(OutboxMail).where(OutboxMail.state == MailState.PENDING)
        .values(state=MailState.SENT, sent_at=half_past_seven(day))
    )
    session.commit()
    return decided


def told(session: Session) -> list[tuple[int, int, str]]:
    """Give who was told of which assignment, as which step, in the order of the decisions."""
    session.rollback()
    rows = session.execute(select(Reminder.recipient_id, Reminder.assignment_id, Reminder.step).order_by(Reminder.id))
    return [tuple(row) for row in rows]


def mails(session: Session) -> list[OutboxMail]:
    """Give every mail there is, in the order of the decisions."""
    session.rollback()
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))
