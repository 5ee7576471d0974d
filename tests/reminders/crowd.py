"""Hundreds of people with a digest each, made in a few statements."""
from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tracker.models import Assignment, OutboxMail, Reminder, User
from tracker.reminders.outbox import enqueue_all
from tracker.rules.permissions import Role
from tracker.rules.states import MailKind

#: So that no domain's minute is ever full.
DOMAINS = 40


def crowd(session: Session, make: Factory, size: int, *, items: int = 1) -> dict[int, str]:
    """Put one digest each for so many people in the outbox, with so many late items; give their addresses by id."""
    agency, plan = make.agency(), make.plan()
    tasks = [make.task(plan) for _ in range(items)]
    session.execute(insert(User), [
        {"email": f"nguoi{number}@co-quan{number % DOMAINS}.example", "name": f"Nguyễn Văn {number}",
         "role": Role.LIAISON, "agency_id": agency.id, "created_at": NOW} for number in range(size)])
    owed: list[Assignment] = [make.assignment(agency, task=task, due_on=TODAY - timedelta(days=3)) for task in tasks]
    people = {row.id: row.email for row in session.execute(select(User.id, User.email))}
    enqueue_all(session, list(people), MailKind.DIGEST, TODAY.isoformat(), now=NOW)
    mails = session.execute(select(OutboxMail.id, OutboxMail.recipient_id)).all()
    session.execute(insert(Reminder), [
        {"recipient_id": mail.recipient_id, "assignment_id": assignment.id, "step": "after_3", "due_version": 1,
         "mail_id": mail.id, "decided_on": TODAY} for mail in mails for assignment in owed])
    session.commit()
    return people
