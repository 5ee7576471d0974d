"""What is too late goes upwards: whom to tell on a morning, decided once."""
from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import and_, exists, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Assignment, OutboxMail, Reminder, User
from tracker.models.calendar import load_calendar
from tracker.models.policy import load_policy
from tracker.models.recipients import is_reachable_head
from tracker.reminders.deciding import MERGED, close_unsent
from tracker.reminders.escalation_mail import too_late
from tracker.reminders.outbox import enqueue
from tracker.rules.escalation import EscalationStep, last_day_told
from tracker.rules.permissions import Role
from tracker.rules.states import MailKind, MailState
from tracker.rules.working_days import WorkingCalendar

log = logging.getLogger(__name__)

@dataclass
class EscalationPlan:
    """What one person is to be told on a morning."""

    recipient_id: int
    name: str
    email: str
    #: Assignment, step and version of the due date: what is told once.
    told: list[tuple[int, EscalationStep, int]] = field(default_factory=list)
    #: Mails of earlier mornings that never left; what they carry goes along.
    unsent: list[int] = field(default_factory=list)


def plan_escalations(session: Session, *, today: date, calendar: WorkingCalendar) -> list[EscalationPlan]:
    """Say who is to be told of what on a day; nobody on a day off. Only reads.

    What a person was told of the same due date is left out, and so is what waits for the answer to a request.
    """
    if not calendar.is_working(today):
        return []
    policy = load_policy(session)
    plans: dict[int, EscalationPlan] = {}
    for step in EscalationStep:
        last_day = last_day_told(step, today, policy, calendar)
        if last_day is None:
            continue
        for person, assignment_id, due_version in _owed(session, step, last_day, today):
            plan = plans.setdefault(person.id, EscalationPlan(person.id, person.name, person.email))
            plan.told.append((assignment_id, step, due_version))
    for person, mail_id in _unsent(session, today):
        plans.setdefault(person.id, EscalationPlan(person.id, person.name, person.email)).unsent.append(mail_id)
    had_theirs = set(session.scalars(
        select(OutboxMail.recipient_id)
        .where(OutboxMail.kind == MailKind.ESCALATION, OutboxMail.key == today.isoformat())
    ))  # fmt: skip
    return [plan for person_id, plan in sorted(plans.items()) if person_id not in had_theirs]


def decide_escalations(session: Session, *, today: date, now: datetime) -> int:
    """Write down whom to tell today what is too late, and say how many people; nothing on a day off, nothing twice.

    Commits as it goes, like the digests: one transaction and one mail a person, in which the unique keys of the
    outbox and of the reminders decide between any number of clocks.
    """
    session.commit()
    plans = plan_escalations(session, today=today, calendar=load_calendar(session))
    session.commit()
    return sum(_decide(session, plan, today, now) for plan in plans)


def _owed(
    session: Session, step: EscalationStep, last_day: date, today: date
) -> Sequence[tuple[User, int, int]]:
    """Pair the people of a step with what they have not been told yet, in one query."""
    if step is EscalationStep.HEAD:
        told = and_(is_reachable_head(), User.agency_id == Assignment.agency_id)
    else:
        told = and_(User.role == Role.LEADER, User.is_active, User.email != "")
    already = exists().where(
        Reminder.recipient_id == User.id, Reminder.assignment_id == Assignment.id, Reminder.step == step.value,
        Reminder.due_version == Assignment.due_version,
    )
    rows = session.execute(
        select(User, Assignment.id, Assignment.due_version)
        .select_from(Assignment).join(Assignment.plan).join(Assignment.agency).join(User, told)
        .where(*too_late(today), Assignment.due_on <= last_day, Assignment.last_day_column() <= last_day, ~already)
        .order_by(User.id, Assignment.due_on, Assignment.id)
    )  # fmt: skip
    return [(person, assignment_id, version) for person, assignment_id, version in rows]


def _unsent(session: Session, today: date) -> Sequence[tuple[User, int]]:
    rows = session.execute(
        select(User, OutboxMail.id).join(OutboxMail.recipient)
        .where(OutboxMail.state.in_((MailState.PENDING, MailState.SENDING)), OutboxMail.kind == MailKind.ESCALATION,
               OutboxMail.key < today.isoformat())
        .order_by(OutboxMail.id)
    )  # fmt: skip
    return [(person, mail_id) for person, mail_id in rows]


def _decide(session: Session, plan: EscalationPlan, today: date, now: datetime) -> bool:
    """Write one person's mail down in one transaction; False when somebody else was faster or nothing is left."""
    mail = enqueue(session, session.get_one(User, plan.recipient_id), MailKind.ESCALATION, today.isoformat(), now=now)
    if mail is None:  # another clock was faster
        session.rollback()
        return False
    closed = close_unsent(session, plan.unsent, MERGED, now)
    if not (plan.told or closed):
        session.rollback()
        return False
    session.execute(
        update(Reminder).where(Reminder.mail_id.in_(closed)).values(mail_id=mail.id)
        .execution_options(synchronize_session=False)
    )
    new = [
        {"recipient_id": plan.recipient_id, "assignment_id": assignment_id, "step": step.value,
         "due_version": due_version, "mail_id": mail.id, "decided_on": today}
        for assignment_id, step, due_version in plan.told
    ]  # fmt: skip
    try:
        if new:
            session.execute(insert(Reminder), new)
        session.commit()
    except IntegrityError:  # decided by hand meanwhile, for another day; the next morning catches up
        session.rollback()
        log.warning("the escalation to account %s on %s was decided by somebody else", plan.recipient_id, today)
        return False
    return True
