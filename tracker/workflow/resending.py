"""Sending again what an administrator has mended: a mail that was given up goes back in the queue."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models import Actor, OutboxMail
from tracker.models.audit import record
from tracker.rules.errors import Refusal
from tracker.rules.states import MailState


class NotParked(Refusal):
    """Only a mail that was given up can be sent again; the others are on their way, or gone."""

    key = "not_parked"


def resend(session: Session, mail: OutboxMail, *, actor: Actor, now: datetime) -> None:
    """Put a parked mail back in the queue with all its attempts before it. The caller commits.

    It keeps its Message-ID; its last error stays until the next attempt. Raises NotParked.
    """
    session.refresh(mail, with_for_update=True)
    if mail.state is not MailState.PARKED:
        raise NotParked
    record(session, actor, "mail.resent", mail, now=now,
           before={"state": mail.state.value, "attempts": mail.attempts}, after={"state": MailState.PENDING.value})
    mail.state, mail.attempts, mail.next_attempt_at, mail.lease_until = MailState.PENDING, 0, now, None
