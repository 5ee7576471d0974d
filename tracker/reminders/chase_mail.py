"""What the mail of a chase says: the same function writes what is sent and what the coordinator looks at before."""
from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.mail import messages
from tracker.mail.messages import ReportLink
from tracker.mail.writing import Message
from tracker.models import Assignment, Chase, ChaseItem, OutboxMail, User
from tracker.models.policy import load_policy
from tracker.reminders.content import N_, Content, NothingToSay, addressee, items_of, mail_link_for, number
from tracker.rules.states import ChaseTone

NOTHING_LATE = NothingToSay(N_("Không còn việc nào quá hạn vào lúc gửi."))


def chase(session: Session, mail: OutboxMail, *, today: date, now: datetime) -> Content:
    """Tell a liaison what of their agency was chased and is still late."""
    sent = session.get_one(Chase, number(mail.key))
    chased = (
        select(Assignment)
        .join(ChaseItem, ChaseItem.assignment_id == Assignment.id)
        .where(ChaseItem.chase_id == sent.id, Assignment.is_owed_and_overdue(today))
    )
    link = mail_link_for(session, mail.recipient, now=now)
    message = _write(session, mail.recipient, chased, sender=sent.sender, tone=sent.tone, note=sent.note, today=today,
                     link=link, message_id=mail.message_id)
    return message or NOTHING_LATE


def shown_before(
    session: Session, recipient: User, assignment_ids: Collection[int], *, sender: User, tone: ChaseTone, note: str,
    today: date,
) -> Message | None:
    """Write the mail that one person would get, for the coordinator to read; None when nothing in it is late.

    In place of the recipient's own link, which nobody else may see, stands where it will lead. Changes nothing.
    """
    chosen = select(Assignment).where(Assignment.id.in_(assignment_ids), Assignment.is_owed_and_overdue(today))
    settings: Settings = current_app.extensions["settings"]
    link = ReportLink(f"{settings.base_url}/r/…", load_policy(session).link_days)
    return _write(session, recipient, chosen, sender=sender, tone=tone, note=note, today=today, link=link,
                  message_id="")


def _write(
    session: Session, recipient: User, chosen: Select[Assignment], *, sender: User, tone: ChaseTone, note: str,
    today: date, link: ReportLink | None, message_id: str,
) -> Message | None:
    items = items_of(session, recipient, chosen, today)
    if not items:
        return None
    return messages.chase(addressee(recipient), items, chaser=sender.agency.name, sender=sender.name, tone=tone,
                          note=note, today=today, link=link, message_id=message_id)
