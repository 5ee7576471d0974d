"""Chasing what is late: one act of a coordinator, one mail to each liaison concerned."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, Select, and_, false, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.models import Actor, Agency, Assignment, Chase, ChaseItem, Plan, User
from tracker.models.access import NotVisible
from tracker.models.audit import record
from tracker.models.recipients import Recipient, liaisons
from tracker.reminders.outbox import enqueue
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.personal_data import refuse_identity_numbers
from tracker.rules.states import MailKind, PlanState

#: Assignments that one chase may hold; more than that is a matter for a meeting, not for a mail.
MOST_ITEMS = 1000
LONGEST_NOTE = 1000
LONGEST_FORM_KEY = 64


class NothingToChase(Refusal):
    """None of what was picked is late (any more)."""

    key = "nothing_to_chase"


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
    """A chase that was written down, and how many of the picked assignments it left out."""

    chase: Chase
    left_out: int


def chased_by(user: User) -> ColumnElement[bool]:
    """Which assignments a person may chase: those of the published plans their agency coordinates."""
    if not user.may(Permission.CHASE_SEND):
        return false()
    return and_(Plan.coordinator_id == user.agency_id, Plan.state == PlanState.PUBLISHED)


def preview(session: Session, user: User, ids: Collection[int], *, today: date) -> Preview:
    """Say what a chase of these assignments would hold. Changes nothing.

    What belongs to another coordinator's plan is passed over as if it did not exist.
    """
    mine = select(Assignment.id).join(Assignment.plan).where(Assignment.id.in_(ids), chased_by(user))
    known = session.scalars(mine).all()
    late = session.scalars(_late(user, today).where(Assignment.id.in_(known))).all()
    people = liaisons(session, {assignment.agency_id for assignment in late})
    return Preview(
        agencies=tuple(
            AgencyChase(agency, tuple(items), tuple(people.get(agency.id, ())))
            for agency, items in groupby(_in_order(late), key=lambda item: item.agency)
        ),
        left_out=len(known) - len(late),
    )


def all_late(
    session: Session, user: User, *, today: date, plan_id: int | None = None, agency_id: int | None = None
) -> list[int]:
    """Give the ids of everything this person may chase, the longest late first, at most MOST_ITEMS."""
    late = _late(user, today).with_only_columns(Assignment.id).order_by(Assignment.due_on, Assignment.id)
    if plan_id is not None:
        late = late.where(Assignment.plan_id == plan_id)
    if agency_id is not None:
        late = late.where(Assignment.agency_id == agency_id)
    return list(session.scalars(late.limit(MOST_ITEMS)))


def send(
    session: Session, actor: Actor, ids: Collection[int], *, note: str, form_key: str, today: date, now: datetime
) -> Sent:
    """Chase: keep what was chased and how late it was, and put one mail a liaison in the outbox. The caller commits.

    What is not late any more is left out. The same `form_key` twice, even at once, is one
    chase. Raises NothingToChase, and IdentityNumber when the note names a person.
    """
    user = actor.user
    assert user is not None, "only a person chases"
    if (before := _chase_with_key(session, user, form_key)) is not None:
        return Sent(before, 0)
    refuse_identity_numbers(note)
    found = preview(session, user, ids, today=today)
    if not found.agencies:
        raise NothingToChase
    chase = Chase(sender_id=user.id, sent_at=now, happened_on=today, note=note.strip()[:LONGEST_NOTE],
                  form_key=form_key)
    try:
        with session.begin_nested():
            session.add(chase)
    except IntegrityError:  # the same press, a moment ago
        before = _chase_with_key(session, user, form_key)
        if before is None:
            raise
        return Sent(before, 0)
    for chased in found.agencies:
        session.add_all(
            ChaseItem(chase_id=chase.id, assignment_id=item.id, days_late=item.days_late(today),
                      recipients=len(chased.recipients))
            for item in chased.items
        )  # fmt: skip
    _enqueue(session, chase, found, now)
    record(session, actor, "chase.sent", chase, now=now,
           after={"items": found.items, "mails": found.recipients, "agencies": len(found.agencies), "note": chase.note})
    return Sent(chase, found.left_out)


def chase_for(session: Session, user: User, chase_id: int) -> Chase:
    """Fetch a chase that this person's agency sent. Raises NotVisible."""
    chase = session.scalar(
        select(Chase).join(Chase.sender).where(Chase.id == chase_id, User.agency_id == user.agency_id)
        .options(contains_eager(Chase.sender))
    )  # fmt: skip
    if chase is None or not user.may(Permission.CHASE_SEND):
        raise NotVisible
    return chase


def _late(user: User, today: date) -> Select[Assignment]:
    return (
        select(Assignment).join(Assignment.plan).join(Assignment.agency)
        .where(chased_by(user), Assignment.is_owed_and_overdue(today))
        .options(contains_eager(Assignment.plan), contains_eager(Assignment.agency), joinedload(Assignment.task))
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


def _enqueue(session: Session, chase: Chase, found: Preview, now: datetime) -> None:
    ids = [recipient.id for chased in found.agencies for recipient in chased.recipients]
    for person in session.scalars(select(User).where(User.id.in_(ids)).order_by(User.id)):
        enqueue(session, person, MailKind.CHASE, f"chase:{chase.id}", now=now)
