"""What a coordinator can chase: every late assignment of its plans, agency by agency, the longest late first."""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.models import Agency, Assignment, Chase, ChaseItem, OutboxMail, Plan, User
from tracker.models.recipients import Recipient, liaisons
from tracker.reports.paging import Page
from tracker.rules.states import MailKind, MailState
from tracker.workflow.chasing import chased_by

#: Agencies on one page, and items shown of each; one agency alone shows more.
PAGE_AGENCIES = 12
AGENCY_ITEMS = 15
ONE_AGENCY_ITEMS = 200
RECENT_CHASES = 5


@dataclass(frozen=True)
class BoardFilter:
    """What of the board is looked at: one plan, one agency, or all."""

    plan_id: int | None = None
    agency_id: int | None = None

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments, without what is not set."""
        return {name: value for name, value in (("plan", self.plan_id), ("agency", self.agency_id)) if value}

    def criteria(self, user: User, today: date) -> list[ColumnElement[bool]]:
        """Give the conditions on the assignments (joined with their plan), whose they are among them."""
        found = [chased_by(user), Assignment.is_owed_and_overdue(today)]
        if self.plan_id is not None:
            found.append(Assignment.plan_id == self.plan_id)
        if self.agency_id is not None:
            found.append(Assignment.agency_id == self.agency_id)
        return found


@dataclass(frozen=True)
class LateItem:
    """One late assignment, and when it was last chased."""

    assignment: Assignment
    days_late: int
    chased_at: datetime | None
    #: How often it was chased so far.
    chases: int


@dataclass(frozen=True)
class LateAgency:
    """An agency with late work: all of it counted, the longest late of it shown."""

    agency: Agency
    total: int
    days_late: int
    items: tuple[LateItem, ...]
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True)
class Board:
    """One page of the board; `page.total` counts agencies."""

    page: Page[LateAgency]
    #: Late assignments in all, on this page and the others.
    items: int
    #: The coordinator's plans with late work, for the filter: id and name.
    plans: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class _Group:
    agency_id: int
    is_requested: bool
    due_on: date
    count: int

    @property
    def key(self) -> str:
        return f"{int(self.is_requested)}.{self.due_on.isoformat()}.{self.agency_id:010}"


def board(session: Session, user: User, wanted: BoardFilter, *, today: date, after: str | None) -> Board:
    """Give one page of the board in a fixed number of queries.

    Agencies come by their longest lateness; bodies that can only be asked come after all
    others, whatever their lateness.
    """
    groups = _groups(session, user, wanted, today)
    rest = [group for group in groups if after is None or group.key > after]
    shown, more = rest[:PAGE_AGENCIES], len(rest) > PAGE_AGENCIES
    ids = [group.agency_id for group in shown]
    per_agency = AGENCY_ITEMS if wanted.agency_id is None else ONE_AGENCY_ITEMS
    items = _items(session, user, wanted, ids, today, per_agency)
    people = liaisons(session, ids)
    rows = [
        LateAgency(
            agency=items[group.agency_id][0].assignment.agency, total=group.count,
            days_late=(today - group.due_on).days, items=tuple(items[group.agency_id]),
            recipients=tuple(people.get(group.agency_id, ())),
        )
        for group in shown if items[group.agency_id]
    ]  # fmt: skip
    page = Page(rows, shown[-1].key if more else None, after is None, len(groups))
    return Board(page, sum(group.count for group in groups), _plans(session, user, today))


def _groups(session: Session, user: User, wanted: BoardFilter, today: date) -> list[_Group]:
    """Count the late work of every agency: one row an agency, so the list is bounded by the province's bodies."""
    rows = session.execute(
        select(Assignment.agency_id, Agency.is_requested, func.min(Assignment.due_on), func.count())
        .join(Assignment.plan).join(Assignment.agency)
        .where(*wanted.criteria(user, today))
        .group_by(Assignment.agency_id, Agency.is_requested)
    )  # fmt: skip
    groups = [_Group(agency_id, asked, due_on, count) for agency_id, asked, due_on, count in rows if due_on]
    return sorted(groups, key=lambda group: group.key)


def _items(
    session: Session, user: User, wanted: BoardFilter, agency_ids: list[int], today: date, per_agency: int
) -> dict[int, list[LateItem]]:
    place = func.row_number().over(
        partition_by=Assignment.agency_id, order_by=(Assignment.due_on, Assignment.id)
    ).label("place")
    numbered = (
        select(Assignment.id, place).join(Assignment.plan)
        .where(Assignment.agency_id.in_(agency_ids), *wanted.criteria(user, today))
        .subquery()
    )  # fmt: skip
    rows = session.scalars(
        select(Assignment)
        .join(numbered, numbered.c.id == Assignment.id)
        .where(numbered.c.place <= per_agency)
        .options(joinedload(Assignment.task), joinedload(Assignment.plan), joinedload(Assignment.agency),
                 joinedload(Assignment.period))
        .order_by(Assignment.due_on, Assignment.id)
    ).all()  # fmt: skip
    chased = _chased(session, [row.id for row in rows])
    found: dict[int, list[LateItem]] = defaultdict(list)
    for row in rows:
        last, count = chased.get(row.id, (None, 0))
        found[row.agency_id].append(LateItem(row, row.days_late(today), last, count))
    return found


def _chased(session: Session, ids: list[int]) -> dict[int, tuple[datetime, int]]:
    rows = session.execute(
        select(ChaseItem.assignment_id, func.max(Chase.sent_at), func.count())
        .join(ChaseItem.chase)
        .where(ChaseItem.assignment_id.in_(ids))
        .group_by(ChaseItem.assignment_id)
    )
    return {assignment_id: (last, count) for assignment_id, last, count in rows}


def _plans(session: Session, user: User, today: date) -> tuple[tuple[int, str], ...]:
    late = select(Assignment.plan_id).where(Assignment.is_owed_and_overdue(today))
    rows = session.execute(
        select(Plan.id, Plan.number, Plan.title).where(chased_by(user), Plan.id.in_(late)).order_by(Plan.id.desc())
    )
    return tuple((plan_id, f"{number}: {title}" if number else title) for plan_id, number, title in rows)


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


def recent_chases(session: Session, user: User) -> list[tuple[Chase, int]]:
    """Give the last few chases this person's agency sent, each with how many assignments it held."""
    count = select(func.count()).where(ChaseItem.chase_id == Chase.id).scalar_subquery()
    rows = session.execute(
        select(Chase, count).join(Chase.sender).where(User.agency_id == user.agency_id)
        .options(joinedload(Chase.sender)).order_by(Chase.id.desc()).limit(RECENT_CHASES)
    )  # fmt: skip
    return [(chase, items) for chase, items in rows]
