"""Who is written to on a morning, and of what: first a plan that only reads, then the decision that writes it down."""
from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import and_, case, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.clock import vietnam_day
from tracker.models import Assignment, JobRun, OutboxMail, Reminder, User
from tracker.models.calendar import Calendars, load_calendars
from tracker.models.policy import load_policy
from tracker.models.recipients import AWAY, is_reachable
from tracker.reminders import untold
from tracker.reminders.content import N_
from tracker.reminders.outbox import enqueue
from tracker.reminders.owed import OwedItem, owed, unreached
from tracker.rules.clock import JobName
from tracker.rules.look_back import LOOK_BACK
from tracker.rules.permissions import Role
from tracker.rules.reminder_policy import Audience
from tracker.rules.states import MORNING_KINDS, OWED, AssignmentState, DigestRhythm, JobState, MailKind, MailState
from tracker.rules.working_days import ONE_DAY, WorkingCalendar

log = logging.getLogger(__name__)

MERGED = N_("Gộp vào thư nhắc việc của ngày làm việc sau.")
OUTDATED = N_("Chưa gửi được trong ngày; các việc trong thư không còn phải nhắc hoặc đã có lần nhắc mới hơn.")
#: A last warning is told whatever rhythm somebody chose and however many mails the week has had.
LAST_WARNING = "due"
#: People whose mails are written down in one transaction.
AT_ONCE = 50


@dataclass(frozen=True)
class Person:
    """Somebody who can be written to, and how."""

    id: int
    name: str
    email: str
    role: Role
    agency_id: int
    digest: DigestRhythm
    created_at: datetime


@dataclass(frozen=True)
class PlannedMail:
    """One person's mail of a morning, and what it tells."""

    person: Person
    kind: MailKind
    items: tuple[OwedItem, ...]
    #: Mails of earlier mornings that never left; what they carry goes along.
    unsent_mail_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Unreached:
    """An agency that would be told something, and nobody there can be."""

    agency_id: int
    agency: str
    #: Assignments due or late.
    items: int


@dataclass(frozen=True)
class Morning:
    """Who gets what on a morning."""

    mails: list[PlannedMail]
    unreached: list[Unreached]
    #: Mails of earlier mornings that never left and hold nothing worth telling any more.
    outdated: list[int]


@dataclass
class _Unsent:
    """A person's mails of earlier mornings that never left."""

    mail_ids: list[int] = field(default_factory=list)
    #: Given up, and still worth telling; these stay as they are unless the person gets a mail.
    parked_ids: list[int] = field(default_factory=list)
    kinds: set[MailKind] = field(default_factory=set)
    #: Reminders in them that are still worth telling.
    alive: int = 0


def plan_morning(session: Session, *, today: date, seen_on: date | None = None) -> Morning:
    """Say who is written to on a day and of what; nobody whose calendar has a day off. Only reads.

    What was told already is left out, and so is everybody who has had this morning's mail. `seen_on` is the day on
    which a later one is looked at: no morning from then on was missed. Mails are in the order of people's ids. The
    number of queries does not depend on the number of assignments or people.
    """
    calendars = load_calendars(session)
    mails, outdated = _plan(session, today, calendars, seen_on or today)
    nobody = [Unreached(*row) for row in unreached(session, today=today, calendars=calendars)]
    return Morning(mails, nobody, outdated)


def _plan(
    session: Session, today: date, calendars: Calendars, seen_on: date
) -> tuple[list[PlannedMail], list[int]]:
    """Give the mails of a morning, and the unsent ones of earlier mornings that hold nothing worth telling any more."""
    people = _people(session)
    had_theirs = _already_written_to(session, today)
    unsent = _unsent(session, today)
    items = _by_person(owed(session, today=today, calendars=calendars), set(people) - had_theirs)
    planner = _Planner(today, calendars, load_policy(session).mails_per_week, *_had(session, today),
                       _last_run(session, today), seen_on)
    mails = [
        mail for person_id, person in people.items() if person_id not in had_theirs
        and (mail := planner.mail(person, items.get(person_id, []), unsent.get(person_id, _Unsent()))) is not None
    ]
    planned = {mail.person.id for mail in mails}
    outdated = [
        mail_id for person_id, waiting in sorted(unsent.items())
        if person_id not in planned | had_theirs and not (waiting.alive and person_id in people)
        for mail_id in waiting.mail_ids
    ]  # fmt: skip
    return mails, outdated


def decide(session: Session, *, today: date, now: datetime) -> Counter[MailKind]:
    """Write down the mails owed this morning and say how many of each kind; nothing on a day off, nothing twice.

    Commits as it goes, unlike the other use cases: some dozens of people a transaction, in which the unique keys of
    the outbox and of the reminders decide between any number of clocks.
    """
    session.commit()
    mails, outdated = _plan(session, today, load_calendars(session), today)
    session.commit()
    decided: Counter[MailKind] = Counter()
    for first in range(0, len(mails), AT_ONCE):
        written = [mail.kind for mail in mails[first:first + AT_ONCE] if _decide(session, mail, today, now)]
        session.commit()
        decided.update(written)
    if outdated:
        untold.of_mails(session, close_unsent(session, outdated, OUTDATED, now))
        session.commit()
    return decided


@dataclass(frozen=True)
class _Planner:
    """What decides whether and as what a person's items become a mail."""

    today: date
    calendars: Calendars
    mails_per_week: int
    #: Digests that left this week, by person.
    digests: Counter[int]
    #: Who has had this week's and this month's mail.
    summed_up: Collection[tuple[int, MailKind]]
    #: The last morning on which the clock decided; None when it never has.
    last_run: date | None
    #: From this day on no morning was missed yet.
    seen_on: date

    def mail(self, person: Person, items: list[OwedItem], unsent: _Unsent) -> PlannedMail | None:
        """Give a person's mail of the morning; None when there is none."""
        calendar = self.calendars.of(person.agency_id)
        if not calendar.is_working(self.today):
            return None
        kind = MailKind.ESCALATION
        if person.role is Role.LIAISON:
            kind = MailKind.DIGEST
            if not self._may_get(person, items, unsent, calendar):
                return None
        elif person.role is Role.COORDINATOR and (MailKind.WEEKLY in unsent.kinds or self._sums_up(
                person, MailKind.WEEKLY, calendar.first_of_week(self.today), _monday(self.today))):
            kind = MailKind.WEEKLY
        elif person.role is Role.LEADER and (MailKind.MONTHLY in unsent.kinds or self._sums_up(
                person, MailKind.MONTHLY, calendar.first_of_month(self.today), self.today.replace(day=1))):
            kind = MailKind.MONTHLY
        if kind in {MailKind.WEEKLY, MailKind.MONTHLY}:
            # These tell how things stand; what a person hears as head of an agency is told the next morning.
            items = [item for item in items if item.audience != Audience.HEAD]
        elif not (items or unsent.alive):
            return None
        return PlannedMail(person, kind, tuple(items), (*unsent.mail_ids, *unsent.parked_ids))

    def _sums_up(self, person: Person, kind: MailKind, first: date | None, since: date) -> bool:
        """Tell whether the mail of a week or month is for today: its first working day, or the next when missed.

        Who came in the middle waits for the next one to begin.
        """
        return self.today == first or (
            first is not None and first < self.seen_on and (person.id, kind) not in self.summed_up
            and vietnam_day(person.created_at) < since)

    def _may_get(self, person: Person, items: list[OwedItem], unsent: _Unsent, calendar: WorkingCalendar) -> bool:
        if any(item.step == LAST_WARNING for item in items):
            return True
        if self.digests[person.id] >= self.mails_per_week:
            return False
        if person.digest is DigestRhythm.DAILY or unsent.alive:
            return True
        first = calendar.first_of_week(self.today)
        # The week's first morning was slept through: who hears once a week hears now, not a week later.
        slept = first is not None and self.last_run is not None and self.last_run < first < self.seen_on
        return self.today == first or (slept and not self.digests[person.id])


def _people(session: Session) -> dict[int, Person]:
    rows = session.execute(
        select(User.id, User.name, User.email, User.role, User.agency_id, User.digest, User.created_at)
        .where(is_reachable(), or_(User.role != Role.ADMINISTRATOR, User.is_agency_head)).order_by(User.id)
    )
    return {row[0]: Person(*row) for row in rows}


def _by_person(found: Iterable[OwedItem], wanted: Collection[int]) -> dict[int, list[OwedItem]]:
    """Give each person every step once: as liaison rather than as anything else."""
    by_person: dict[int, dict[tuple[int, str, int], OwedItem]] = defaultdict(dict)
    for one in found:
        if one.person_id not in wanted:
            continue
        item = one._replace(audience=Audience.LIAISON.value) if one.audience == AWAY else one
        key = item.assignment_id, item.step, item.due_version
        mine = by_person[item.person_id]
        if key not in mine or item.audience == Audience.LIAISON:
            mine[key] = item
    return {person_id: list(mine.values()) for person_id, mine in by_person.items()}


def _already_written_to(session: Session, today: date) -> set[int]:
    return set(session.scalars(
        select(OutboxMail.recipient_id)
        .where(OutboxMail.kind.in_(MORNING_KINDS), OutboxMail.key == today.isoformat())
    ))  # fmt: skip


def _monday(day: date) -> date:
    return day - day.weekday() * ONE_DAY


def _had(session: Session, today: date) -> tuple[Counter[int], set[tuple[int, MailKind]]]:
    """Count the digests that left this week; give who has had this week's and this month's mail.

    A mail that was given up told nobody anything.
    """
    begins = {MailKind.DIGEST: _monday(today), MailKind.WEEKLY: _monday(today), MailKind.MONTHLY: today.replace(day=1)}
    rows = session.execute(
        select(OutboxMail.recipient_id, OutboxMail.kind, func.count())
        .where(or_(*(and_(OutboxMail.kind == kind, OutboxMail.key.between(first.isoformat(), today.isoformat()))
                     for kind, first in begins.items())),
               or_(OutboxMail.state == MailState.SENT,
                   and_(OutboxMail.kind != MailKind.DIGEST, OutboxMail.state != MailState.PARKED)))
        .group_by(OutboxMail.recipient_id, OutboxMail.kind)
    ).all()
    digests = Counter({person_id: number for person_id, kind, number in rows if kind is MailKind.DIGEST})
    return digests, {(person_id, kind) for person_id, kind, _number in rows}


def _last_run(session: Session, today: date) -> date | None:
    key = session.scalar(select(func.max(JobRun.key)).where(
        JobRun.name == JobName.MORNING, JobRun.state == JobState.DONE, JobRun.key < today.isoformat()))
    return date.fromisoformat(key) if key else None


def _unsent(session: Session, today: date) -> dict[int, _Unsent]:
    alive = or_(and_(Assignment.state.in_(OWED), Assignment.due_version == Reminder.due_version),
                and_(Assignment.state == AssignmentState.ACCEPTED, Reminder.step.startswith("accepted")))
    columns = OutboxMail.recipient_id, OutboxMail.id, OutboxMail.kind, OutboxMail.key, OutboxMail.state
    rows = session.execute(
        select(*columns, func.sum(case((alive, 1), else_=0)))
        .outerjoin(OutboxMail.reminders).outerjoin(Reminder.assignment)
        .where(or_(OutboxMail.state.in_((MailState.PENDING, MailState.SENDING)),
                   and_(OutboxMail.state == MailState.PARKED, OutboxMail.key >= (today - LOOK_BACK).isoformat())),
               OutboxMail.kind.in_(MORNING_KINDS), OutboxMail.key < today.isoformat())
        .group_by(*columns).order_by(OutboxMail.id)
    )
    this_period = {MailKind.WEEKLY: _monday(today).isoformat(), MailKind.MONTHLY: today.replace(day=1).isoformat()}
    unsent: dict[int, _Unsent] = defaultdict(_Unsent)
    for person_id, mail_id, kind, key, state, number in rows:
        is_parked = state is MailState.PARKED
        is_of_now = kind in this_period and key >= this_period[kind]
        if is_parked and not (number or is_of_now):
            continue
        waiting = unsent[person_id]
        (waiting.parked_ids if is_parked else waiting.mail_ids).append(mail_id)
        if is_of_now or not is_parked:
            waiting.kinds.add(kind)
        waiting.alive += number or 0
    return unsent


def _decide(session: Session, planned: PlannedMail, today: date, now: datetime) -> bool:
    """Write one person's mail down, all of it or nothing; False when another clock was faster."""
    person = planned.person
    try:
        with session.begin_nested():
            mail_id = enqueue(session, person, planned.kind, today.isoformat(), now=now)
            if mail_id is None:  # another clock was faster
                return False
            closed = close_unsent(session, planned.unsent_mail_ids, MERGED, now)
            if closed:
                session.execute(update(Reminder).where(Reminder.mail_id.in_(closed)).values(mail_id=mail_id)
                                .execution_options(synchronize_session=False))
            if planned.items:
                session.execute(insert(Reminder), [
                    {"recipient_id": person.id, "assignment_id": item.assignment_id, "step": item.step,
                     "due_version": item.due_version, "audience": Audience(item.audience), "mail_id": mail_id,
                     "decided_on": today}
                    for item in planned.items
                ])
    except IntegrityError:  # decided by hand meanwhile, for another day; the next morning catches up
        log.warning("the mail to account %s on %s was decided by somebody else", person.id, today)
        return False
    return True


def close_unsent(session: Session, mail_ids: Collection[int], reason: str, now: datetime) -> set[int]:
    """Drop unsent mails, except one that is being sent at this moment; give those that were dropped."""
    free = or_(
        OutboxMail.state.in_((MailState.PENDING, MailState.PARKED)),
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
