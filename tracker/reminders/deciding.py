"""Who is due a digest on a morning, and why: first a plan that only reads, then the decision that writes it down."""
from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Agency, Assignment, OutboxMail, Plan, Reminder, Task, User
from tracker.models.calendar import load_calendar
from tracker.models.recipients import Recipient, liaisons
from tracker.reminders.content import N_
from tracker.reminders.outbox import enqueue
from tracker.rules.reminder_steps import FURTHEST_AHEAD, step_owed
from tracker.rules.standing import last_day_in_time
from tracker.rules.states import OWED, MailKind, MailState, PlanState
from tracker.rules.working_days import LONGEST_REST, WorkingCalendar

log = logging.getLogger(__name__)

MERGED = N_("Gộp vào thư nhắc việc của ngày làm việc sau.")
OUTDATED = N_("Chưa gửi được trong ngày; các việc trong thư không còn phải nhắc hoặc đã có lần nhắc mới hơn.")
#: What is owed today belongs to a working day at most so long ago, so older reminders need not be read.
LOOK_BACK = timedelta(days=LONGEST_REST)

#: Assignment, step, version of the due date: what a person is reminded of once.
Key = tuple[int, str, int]


@dataclass(frozen=True)
class PlannedItem:
    """One assignment a person is to be told of, and which step of which due date is the reason."""

    assignment_id: int
    plan_number: str | None
    text: str
    due_on: date
    due_version: int
    step: str

    @property
    def key(self) -> Key:
        """Give what a person is reminded of once."""
        return self.assignment_id, self.step, self.due_version


@dataclass(frozen=True)
class DigestPlan:
    """One person's digest, or, without a recipient, what an agency would be told if anybody could be reached."""

    agency_id: int
    agency: str
    recipient: Recipient | None
    items: tuple[PlannedItem, ...]
    #: Digests of earlier mornings that never left; their items are among these.
    unsent_mail_ids: tuple[int, ...] = ()


@dataclass
class _Unsent:
    """A person's digests of earlier mornings that never left: their ids, and what they carry."""

    mail_ids: set[int] = field(default_factory=set)
    carried: set[Key] = field(default_factory=set)


@dataclass
class _Morning:
    """Everything a morning's decision needs, read at once."""

    digests: list[DigestPlan]
    #: Unsent digests of earlier mornings that hold nothing worth telling any more.
    outdated: list[int]


def plan_day(session: Session, *, today: date, calendar: WorkingCalendar) -> list[DigestPlan]:
    """Say who is owed which digest on a day, agency by agency; nothing on a day off. Only reads.

    What was decided already is left out, and so is everybody whose digest of the day was.
    The number of queries does not depend on the number of assignments or people.
    """
    return _read(session, today, calendar).digests


def decide(session: Session, *, today: date, now: datetime) -> int:
    """Write down the digests owed today and say how many; nothing on a day off, nothing twice.

    Commits as it goes, unlike the other use cases: one transaction a person, in which the
    unique keys of the outbox and of the reminders decide between any number of clocks.
    """
    session.commit()
    morning = _read(session, today, load_calendar(session))
    session.commit()
    decided = sum(_decide(session, digest, today, now) for digest in morning.digests if digest.recipient)
    if morning.outdated:
        close_unsent(session, morning.outdated, OUTDATED, now)
        session.commit()
    return decided


def _read(session: Session, today: date, calendar: WorkingCalendar) -> _Morning:
    if not calendar.is_working(today):
        return _Morning([], [])
    agencies, items = _due(session, today, calendar)
    people_of = liaisons(session)
    decided = _decided(session, today)
    had_theirs = _already_written_to(session, today)
    unsent = _unsent(session, today)
    digests = []
    for agency_id, agency in agencies.items():
        people = people_of.get(agency_id, [])
        if not people:
            digests.append(DigestPlan(agency_id, agency, None, tuple(items[agency_id])))
        for person in people:
            if person.id in had_theirs:
                continue
            waiting = unsent.get(person.id, _Unsent())
            mine = tuple(i for i in items[agency_id] if i.key in waiting.carried or (person.id, i.key) not in decided)
            if mine:
                digests.append(DigestPlan(agency_id, agency, person, mine, tuple(sorted(waiting.mail_ids))))
    planned = {digest.recipient.id for digest in digests if digest.recipient}
    outdated = [
        mail_id for person_id, waiting in sorted(unsent.items()) if person_id not in planned | had_theirs
        for mail_id in sorted(waiting.mail_ids)
    ]  # fmt: skip
    return _Morning(digests, outdated)


def _due(
    session: Session, today: date, calendar: WorkingCalendar
) -> tuple[dict[int, str], dict[int, list[PlannedItem]]]:
    """Find what each agency is owed a step for, most urgent first: agencies' names and items by agency id."""
    agencies: dict[int, str] = {}
    items: dict[int, list[PlannedItem]] = defaultdict(list)
    rows = session.execute(
        select(Assignment.id, Assignment.agency_id, Agency.name, Plan.number, Task.text, Assignment.due_on,
               Assignment.grace_until, Assignment.due_version)
        .join(Assignment.agency).join(Assignment.plan).join(Assignment.task)
        .where(Assignment.state.in_(OWED), Assignment.due_on <= today + FURTHEST_AHEAD,
               Plan.state == PlanState.PUBLISHED)
        .order_by(Agency.level.desc(), Agency.position, Agency.id, Assignment.due_on, Assignment.id)
    )  # fmt: skip
    for assignment_id, agency_id, agency, number, text, day, grace_until, due_version in rows:
        # Where there is no due date nothing is compared, so the query gave none; mypy can't know.
        due_on = last_day_in_time(day, grace_until)
        step = step_owed(due_on, today, calendar) if due_on else None
        if due_on and step:
            agencies[agency_id] = agency
            items[agency_id].append(PlannedItem(assignment_id, number, text, due_on, due_version, step.name))
    return agencies, items


def _decided(session: Session, today: date) -> set[tuple[int, Key]]:
    rows = session.execute(
        select(Reminder.recipient_id, Reminder.assignment_id, Reminder.step, Reminder.due_version)
        .join(Reminder.assignment)
        .where(Assignment.state.in_(OWED), Assignment.due_on <= today + FURTHEST_AHEAD,
               Reminder.due_version == Assignment.due_version, Reminder.decided_on >= today - LOOK_BACK)
    )  # fmt: skip
    return {(person_id, (assignment_id, step, version)) for person_id, assignment_id, step, version in rows}


def _already_written_to(session: Session, today: date) -> set[int]:
    return set(
        session.scalars(
            select(OutboxMail.recipient_id)
            .where(OutboxMail.kind == MailKind.DIGEST, OutboxMail.key == today.isoformat())
        )
    )  # fmt: skip


def _unsent(session: Session, today: date) -> dict[int, _Unsent]:
    rows = session.execute(
        select(OutboxMail.recipient_id, OutboxMail.id, Reminder.assignment_id, Reminder.step, Reminder.due_version)
        .outerjoin(OutboxMail.reminders)
        .where(OutboxMail.state.in_((MailState.PENDING, MailState.SENDING)), OutboxMail.kind == MailKind.DIGEST,
               OutboxMail.key < today.isoformat())
        .order_by(OutboxMail.id, Reminder.id)
    )  # fmt: skip
    unsent: dict[int, _Unsent] = defaultdict(_Unsent)
    for person_id, mail_id, assignment_id, step, due_version in rows:
        unsent[person_id].mail_ids.add(mail_id)
        unsent[person_id].carried.add((assignment_id, step, due_version))
    return unsent


def _decide(session: Session, digest: DigestPlan, today: date, now: datetime) -> bool:
    """Write one person's digest down in one transaction; False when there was nothing new to decide after all."""
    assert digest.recipient is not None
    person = session.get_one(User, digest.recipient.id)
    mail = enqueue(session, person, MailKind.DIGEST, today.isoformat(), now=now)
    if mail is None:  # another clock was faster
        session.rollback()
        return False
    closed = close_unsent(session, digest.unsent_mail_ids, MERGED, now)
    known = {
        (reminder.assignment_id, reminder.step, reminder.due_version): reminder
        for reminder in session.scalars(
            select(Reminder)
            .where(Reminder.recipient_id == person.id,
                   Reminder.assignment_id.in_([item.assignment_id for item in digest.items]))
        )
    }  # fmt: skip
    new = [
        {"recipient_id": person.id, "assignment_id": item.assignment_id, "step": item.step,
         "due_version": item.due_version, "mail_id": mail.id, "decided_on": today}
        for item in digest.items if item.key not in known
    ]  # fmt: skip
    carried = [known[item.key] for item in digest.items if item.key in known and known[item.key].mail_id in closed]
    if not (new or carried):
        session.rollback()
        return False
    for reminder in carried:
        reminder.mail_id = mail.id
    try:
        if new:
            session.execute(insert(Reminder), new)
        session.commit()
    except IntegrityError:  # decided by hand meanwhile, for another day; the next morning catches up
        session.rollback()
        log.warning("the digest of account %s on %s was decided by somebody else", digest.recipient.id, today)
        return False
    return True


def close_unsent(session: Session, mail_ids: list[int] | tuple[int, ...], reason: str, now: datetime) -> set[int]:
    """Drop unsent digests, except one that is being sent at this moment; give those that were dropped."""
    free = or_(
        OutboxMail.state == MailState.PENDING,
        and_(OutboxMail.state == MailState.SENDING, OutboxMail.lease_until < now),
    )
    closed = set()
    for mail_id in mail_ids:
        result = session.execute(
            update(OutboxMail).where(OutboxMail.id == mail_id, free)
            .values(state=MailState.DROPPED, lease_until=None, last_error=reason)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        if result.rowcount:  # type: ignore[attr-defined]
            closed.add(mail_id)
    return closed
