"""What was chased before: the last time of an agency or an assignment, one chase, all of them."""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from tracker.models import Agency, Assignment, Chase, ChaseItem, OutboxMail, User
from tracker.models.access import chases_of
from tracker.models.base import LARGEST_ID
from tracker.reports.letters import waiting_for_number
from tracker.reports.paging import PAGE_ROWS, Page
from tracker.rules.states import ChaseChannel, ChaseTone, MailKind, MailState

RECENT_CHASES = 5


@dataclass(frozen=True)
class LastChase:
    """The newest chase of something: how, on which day, by whom; and how many there were of one assignment."""

    chase_id: int
    channel: ChaseChannel
    happened_on: date
    by: str
    times: int


def last_of_agencies(
    session: Session, agency_ids: Collection[int], criteria: Sequence[ColumnElement[bool]]
) -> dict[int, LastChase]:
    """Give the last chase of each agency for the late assignments that meet the criteria, by agency id."""
    return _last(session, Assignment.agency_id, Assignment.agency_id.in_(agency_ids), *criteria)


def last_of_assignments(session: Session, assignment_ids: Collection[int]) -> dict[int, LastChase]:
    """Give the last chase of each assignment, by its id."""
    return _last(session, Assignment.id, Assignment.id.in_(assignment_ids))


def _last(
    session: Session, of: InstrumentedAttribute[int], *criteria: ColumnElement[bool]
) -> dict[int, LastChase]:
    newest = (Chase.happened_on.desc(), Chase.id.desc())
    numbered = (
        select(of.label("of"), Chase.id.label("chase_id"),
               func.row_number().over(partition_by=of, order_by=newest).label("place"),
               func.count().over(partition_by=of).label("times"))
        .select_from(Assignment).join(ChaseItem, ChaseItem.assignment_id == Assignment.id).join(ChaseItem.chase)
        .where(*criteria)
        .subquery()
    )  # fmt: skip
    rows = session.execute(
        select(numbered.c.of, Chase.id, Chase.channel, Chase.happened_on, User.name, numbered.c.times)
        .join(Chase, Chase.id == numbered.c.chase_id).join(Chase.sender)
        .where(numbered.c.place == 1)
    )
    return {key: LastChase(*values) for key, *values in rows}


@dataclass(frozen=True)
class SentMail:
    """One mail of a chase: to whom, and how far it got."""

    name: str
    state: MailState
    sent_at: datetime | None


@dataclass(frozen=True)
class ChasedAgency:
    """What one agency was chased for, with the lateness of then."""

    agency: Agency
    items: tuple[ChaseItem, ...]
    mails: tuple[SentMail, ...]


def chased_agencies(session: Session, chase: Chase) -> list[ChasedAgency]:
    """Give what a chase held, agency by agency as they were chased, in a fixed number of queries."""
    items = session.scalars(
        select(ChaseItem)
        .where(ChaseItem.chase_id == chase.id)
        .options(joinedload(ChaseItem.assignment).options(joinedload(Assignment.task), joinedload(Assignment.agency)))
        .order_by(ChaseItem.id)
    ).all()
    mails: dict[int, list[SentMail]] = defaultdict(list)
    rows = session.execute(
        select(User.agency_id, User.name, OutboxMail.state, OutboxMail.sent_at)
        .join(OutboxMail.recipient)
        .where(OutboxMail.kind == MailKind.CHASE, OutboxMail.key == f"chase:{chase.id}")
        .order_by(OutboxMail.id)
    )
    for agency_id, name, state, sent_at in rows:
        mails[agency_id].append(SentMail(name, state, sent_at))
    together: dict[int, list[ChaseItem]] = defaultdict(list)
    for item in items:
        together[item.assignment.agency_id].append(item)
    return [
        ChasedAgency(own[0].assignment.agency, tuple(own), tuple(mails[agency_id]))
        for agency_id, own in together.items()
    ]


@dataclass(frozen=True)
class PastChase:
    """One line of the list of chases."""

    id: int
    sent_at: datetime
    happened_on: date
    channel: ChaseChannel
    tone: ChaseTone
    note: str
    by: str
    items: int
    agencies: int
    #: Its official letters whose number nobody has written down yet.
    unnumbered: int = 0


def recent_chases(session: Session, user: User) -> Sequence[PastChase]:
    """Give the last few chases this person's agency sent or noted."""
    return _read(session, _chases(user).limit(RECENT_CHASES))


def past_chases(session: Session, user: User, *, agency_id: int | None, after: str | None) -> Page[PastChase]:
    """Give one page of all chases of this person's agency, the newest first; `agency_id`: those of one agency."""
    wanted = _chases(user)
    if agency_id is not None:
        about = select(ChaseItem.chase_id).join(ChaseItem.assignment).where(Assignment.agency_id == agency_id)
        wanted = wanted.where(Chase.id.in_(about))
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    before = int(after) if after and re.fullmatch(r"[0-9]{1,10}", after) and int(after) <= LARGEST_ID else None
    if before is not None:
        wanted = wanted.where(Chase.id < before)
    rows = _read(session, wanted.limit(PAGE_ROWS + 1))
    shown = rows[:PAGE_ROWS]
    return Page(shown, str(shown[-1].id) if len(rows) > PAGE_ROWS else None, before is None, total)


def _chases(user: User) -> Select[int, datetime, date, ChaseChannel, ChaseTone, str, str]:
    return (
        select(Chase.id, Chase.sent_at, Chase.happened_on, Chase.channel, Chase.tone, Chase.note, User.name)
        .join(Chase.sender).where(chases_of(user)).order_by(Chase.id.desc())
    )  # fmt: skip


def _read(
    session: Session, wanted: Select[int, datetime, date, ChaseChannel, ChaseTone, str, str]
) -> list[PastChase]:
    rows = session.execute(wanted).all()
    counts = session.execute(
        select(ChaseItem.chase_id, func.count(), func.count(Assignment.agency_id.distinct()))
        .join(ChaseItem.assignment)
        .where(ChaseItem.chase_id.in_([row.id for row in rows]))
        .group_by(ChaseItem.chase_id)
    )
    held = {chase_id: (items, agencies) for chase_id, items, agencies in counts}
    waiting = waiting_for_number(session, [row.id for row in rows])
    return [PastChase(*row, *held.get(row.id, (0, 0)), waiting.get(row.id, 0)) for row in rows]
