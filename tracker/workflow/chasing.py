"""Chasing what is late: one act of a coordinator, one mail to each liaison concerned; calls and meetings noted."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, Select, and_, delete, false, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.clock import vietnam_day
from tracker.models import Actor, Agency, Assignment, Chase, ChaseItem, Letter, Plan, Task, User
from tracker.models.access import NotVisible, chases_of
from tracker.models.audit import record
from tracker.models.recipients import Recipient, liaisons
from tracker.reminders.outbox import enqueue_all
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.personal_data import refuse_personal_data
from tracker.rules.states import ChaseChannel, ChaseTone, MailKind, PlanState

#: Assignments that one chase may hold; more than that is a matter for a meeting, not for a mail.
MOST_ITEMS = 1000
LONGEST_NOTE = 1000
LONGEST_FORM_KEY = 64


class NothingToChase(Refusal):
    """None of what was picked is late (any more)."""

    key = "nothing_to_chase"


class ChasedToday(Refusal):
    """All of what was picked was chased by mail today, and nobody insisted."""

    key = "chased_today"


class NoteMissing(Refusal):
    """A call or a meeting is noted without a word on it."""

    key = "chase_note_missing"


class NotYetHappened(Refusal):
    """A call or a meeting is noted for a day to come."""

    key = "chase_not_yet_happened"


class NoteStands(Refusal):
    """What was mailed, what a letter was made of, another person's or an earlier day's note can't be taken back."""

    key = "chase_note_stands"


@dataclass(frozen=True)
class AgencyChase:
    """What one agency would be chased for, and who would get the mail; nobody when it has no reachable liaison."""

    agency: Agency
    items: tuple[Assignment, ...]
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True)
class Preview:
    """What a chase would hold, agency by agency: the longest late first, bodies that are only asked last."""

    agencies: tuple[AgencyChase, ...]
    #: How many of the picked ones are not late any more.
    left_out: int
    #: How many were chased by mail today already: left out unless one insists.
    chased_today: int

    @property
    def items(self) -> int:
        """Count the assignments."""
        return sum(len(chased.items) for chased in self.agencies)

    @property
    def recipients(self) -> int:
        """Count the mails."""
        return sum(len(chased.recipients) for chased in self.agencies)


@dataclass(frozen=True)
class Sent:
    """A chase that was written down, and how many of the picked assignments it left out, and why."""

    chase: Chase
    left_out: int
    chased_today: int


def chased_by(user: User) -> ColumnElement[bool]:
    """Which plans' assignments a person may chase: those of the published plans their agency coordinates."""
    if not user.may(Permission.CHASE_SEND):
        return false()
    return and_(Plan.coordinator_id == user.agency_id, Plan.state == PlanState.PUBLISHED)


def chaseable(user: User, today: date) -> ColumnElement[bool]:
    """Which assignments a person may chase today: what is late of their plans, without the helpers' parts."""
    plans = select(Plan.id).where(chased_by(user))
    return and_(Assignment.plan_id.in_(plans), Assignment.is_part.is_(False), Assignment.is_owed_and_overdue(today))


def preview(session: Session, user: User, ids: Collection[int], *, today: date, insist: bool = False) -> Preview:
    """Say what a chase of these assignments would hold. Changes nothing.

    What belongs to another coordinator's plan is passed over as if it did not exist. What was chased by mail today
    is left out, unless one insists.
    """
    mine = select(Assignment.id).join(Assignment.plan).where(Assignment.id.in_(ids), chased_by(user))
    known = session.scalars(mine).all()
    late = session.scalars(_late(user, today).where(Assignment.id.in_(known))).all()
    mailed = _mailed_on(session, [assignment.id for assignment in late], today)
    chosen = late if insist else [assignment for assignment in late if assignment.id not in mailed]
    people = liaisons(session, {assignment.agency_id for assignment in chosen})
    return Preview(
        agencies=tuple(
            AgencyChase(agency, tuple(items), tuple(people.get(agency.id, ())))
            for agency, items in groupby(_in_order(chosen), key=lambda item: item.agency)
        ),
        left_out=len(known) - len(late),
        chased_today=len(mailed),
    )


def send(
    session: Session, actor: Actor, ids: Collection[int], *, note: str, form_key: str, today: date, now: datetime,
    tone: ChaseTone = ChaseTone.GENTLE, insist: bool = False,
) -> Sent:
    """Chase: keep what was chased and how late it was, and put one mail a liaison in the outbox. The caller commits.

    What is not late any more is left out, and what was chased by mail today unless one insists. The same `form_key`
    twice, even at once, is one chase. Raises NothingToChase, ChasedToday, and IdentityNumber or
    PersonList when the note names persons.
    """
    user = _person(actor)
    refuse_personal_data(note)
    # Two coordinators at once: the second waits here, and then finds what the first has chased today.
    session.scalars(
        select(Assignment.id).where(Assignment.id.in_(ids), chaseable(user, today)).order_by(Assignment.id)
        .with_for_update()
    ).all()
    if (before := _chase_with_key(session, user, form_key)) is not None:
        return Sent(before, 0, 0)
    found = preview(session, user, ids, today=today, insist=insist)
    if not found.agencies:
        raise ChasedToday if found.chased_today else NothingToChase
    chase = Chase(sender_id=user.id, sent_at=now, happened_on=today, note=note.strip()[:LONGEST_NOTE], tone=tone,
                  channel=ChaseChannel.MAIL, insisted=insist and found.chased_today > 0, form_key=form_key)
    if (before := _write_down(session, user, chase, found, today, mailed=True)) is not None:
        return Sent(before, 0, 0)
    people = [recipient.id for chased in found.agencies for recipient in chased.recipients]
    enqueue_all(session, people, MailKind.CHASE, f"chase:{chase.id}", now=now)
    record(session, actor, "chase.sent", chase, now=now,
           after={"items": found.items, "mails": found.recipients, "agencies": len(found.agencies), "note": chase.note,
                  "tone": tone.value, "insisted": chase.insisted})
    return Sent(chase, found.left_out, 0 if insist else found.chased_today)


def note_down(
    session: Session, actor: Actor, ids: Collection[int], *, channel: ChaseChannel, happened_on: date, note: str,
    form_key: str, today: date, now: datetime,
) -> Chase:
    """Note that agencies were called, met or written to about these assignments; nothing is mailed.

    The caller commits. The same `form_key` twice is one note. Raises NothingToChase, NoteMissing, NotYetHappened, and
    IdentityNumber or PersonList when the note names a person.
    """
    user = _person(actor)
    assert channel is not ChaseChannel.MAIL, "a mail is sent, not noted"
    if (before := _chase_with_key(session, user, form_key)) is not None:
        return before
    if not note.strip():
        raise NoteMissing
    if happened_on > today:
        raise NotYetHappened
    refuse_personal_data(note)
    found = preview(session, user, ids, today=today, insist=True)
    if not found.agencies:
        raise NothingToChase
    chase = Chase(sender_id=user.id, sent_at=now, happened_on=happened_on, note=note.strip()[:LONGEST_NOTE],
                  channel=channel, form_key=form_key)
    if (before := _write_down(session, user, chase, found, today, mailed=False)) is not None:
        return before
    record(session, actor, "chase.noted", chase, now=now,
           after={"items": found.items, "agencies": len(found.agencies), "note": chase.note, "channel": channel.value,
                  "day": happened_on.isoformat()})
    return chase


def may_forget(user: User, chase: Chase, *, has_letters: bool, today: date) -> bool:
    """Tell whether a note may be taken back: by who wrote it, on the same day, while nothing left the house."""
    return (chase.channel is not ChaseChannel.MAIL and chase.sender_id == user.id and not has_letters
            and vietnam_day(chase.sent_at) == today)


def forget_note(session: Session, actor: Actor, chase: Chase, *, today: date, now: datetime) -> None:
    """Take back a note of a call, a meeting or a letter; what it said stays in the audit. The caller commits.

    Raises NoteStands.
    """
    has_letters = session.scalar(select(Letter.id).where(Letter.chase_id == chase.id).limit(1)) is not None
    if not may_forget(_person(actor), chase, has_letters=has_letters, today=today):
        raise NoteStands
    items = session.scalars(select(ChaseItem.assignment_id).where(ChaseItem.chase_id == chase.id)).all()
    record(session, actor, "chase.forgotten", chase, now=now,
           before={"channel": chase.channel.value, "day": chase.happened_on.isoformat(), "note": chase.note,
                   "assignments": sorted(items)})
    session.execute(delete(ChaseItem).where(ChaseItem.chase_id == chase.id))
    session.expire(chase, ["items"])
    session.delete(chase)


def chase_for(session: Session, user: User, chase_id: int) -> Chase:
    """Fetch a chase of this person's agency. Raises NotVisible."""
    chase = session.scalar(
        select(Chase).join(Chase.sender).where(Chase.id == chase_id, chases_of(user))
        .options(contains_eager(Chase.sender))
    )  # fmt: skip
    if chase is None or not user.may(Permission.CHASE_SEND):
        raise NotVisible
    return chase


def _person(actor: Actor) -> User:
    assert actor.user is not None, "only a person chases"
    return actor.user


def _late(user: User, today: date) -> Select[Assignment]:
    return (
        select(Assignment).join(Assignment.plan).join(Assignment.agency)
        .where(chaseable(user, today))
        .options(contains_eager(Assignment.plan).defer(Plan.text).defer(Plan.extract),
                 contains_eager(Assignment.agency), joinedload(Assignment.task).defer(Task.fold))
    )  # fmt: skip


def _mailed_on(session: Session, ids: Collection[int], day: date) -> set[int]:
    """Give what was chased on a day by a mail that somebody could get."""
    return set(
        session.scalars(
            select(ChaseItem.assignment_id).join(ChaseItem.chase)
            .where(ChaseItem.assignment_id.in_(ids), ChaseItem.recipients > 0, Chase.happened_on == day,
                   Chase.channel == ChaseChannel.MAIL)
        )
    )  # fmt: skip


def _in_order(late: Sequence[Assignment]) -> list[Assignment]:
    """Put asked bodies last, then the agency with the longest lateness first, then its own items so."""
    longest: dict[int, date] = {}
    for item in late:
        due_on = item.due_on or date.max
        longest[item.agency_id] = min(due_on, longest.get(item.agency_id, due_on))
    return sorted(
        late, key=lambda item: (item.agency.is_requested, longest[item.agency_id], item.agency_id, item.due_on, item.id)
    )


def _chase_with_key(session: Session, user: User, form_key: str) -> Chase | None:
    return session.scalar(select(Chase).where(Chase.form_key == form_key, Chase.sender_id == user.id))


def _write_down(
    session: Session, user: User, chase: Chase, found: Preview, today: date, *, mailed: bool
) -> Chase | None:
    """Add a chase and its items at once; give the chase of the same press when there is one already."""
    try:
        with session.begin_nested():
            session.add(chase)
    except IntegrityError:  # the same press, a moment ago
        before = _chase_with_key(session, user, chase.form_key)
        if before is None:
            raise
        return before
    session.execute(insert(ChaseItem), [
        {"chase_id": chase.id, "assignment_id": item.id, "days_late": item.days_late(today),
         "recipients": len(chased.recipients) if mailed else 0}
        for chased in found.agencies for item in chased.items
    ])  # fmt: skip
    return None
