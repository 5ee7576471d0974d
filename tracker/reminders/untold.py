"""Reminders that were written down and reached nobody: forgotten, so that the next morning tells what is still owed."""
from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from tracker.models import OutboxMail, Reminder, User
from tracker.rules.look_back import LOOK_BACK
from tracker.rules.reminder_policy import UPWARDS
from tracker.rules.states import MORNING_KINDS, MailState


def of_mails(session: Session, mail_ids: Collection[int]) -> None:
    """Forget what mails should have told that were dropped: nobody has read it. The caller commits."""
    _forget(session, Reminder.mail_id.in_(mail_ids))


def held_back(session: Session, assignment_id: int, *, since: datetime) -> None:
    """Forget what was not told upwards of an assignment while an answer was waited for: mails left it out since then.

    The caller commits.
    """
    left_out = select(OutboxMail.id).where(OutboxMail.state == MailState.SENT, OutboxMail.sent_at >= since)
    _forget(session, Reminder.assignment_id == assignment_id, Reminder.audience.in_(UPWARDS),
            Reminder.mail_id.in_(left_out))


def sent_back(session: Session, user: User, *, now: datetime) -> None:
    """Forget what came back from a person's server, now that there is an address that takes it. The caller commits."""
    oldest = (now - LOOK_BACK - timedelta(days=1)).date().isoformat()
    came_back = select(OutboxMail.id).where(
        OutboxMail.recipient_id == user.id, OutboxMail.kind.in_(MORNING_KINDS), OutboxMail.key >= oldest,
        OutboxMail.bounced_at.is_not(None),
    )  # fmt: skip
    _forget(session, Reminder.recipient_id == user.id, Reminder.mail_id.in_(came_back))


def _forget(session: Session, *which: ColumnElement[bool]) -> None:
    session.execute(delete(Reminder).where(*which).execution_options(synchronize_session=False))
