"""What waits on a coordinator: reports, requests for more time, "not ours", questions; the longest waiting first."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.clock import vietnam_day
from tracker.models import (
    Agency,
    Assignment,
    Comment,
    Extension,
    Plan,
    ProgressUpdate,
    Task,
    Transfer,
    User,
)
from tracker.models.base import LARGEST_ID
from tracker.models.calendar import load_calendar
from tracker.models.policy import load_policy
from tracker.reports.paging import Page
from tracker.rules.folding import fold
from tracker.rules.policy import working_days_between
from tracker.rules.states import AssignmentState, PlanState, RequestState

#: Rows of the queue on one page; the item beside it is what a person works on.
QUEUE_ROWS = 30
LONGEST_SEARCH = 200
_KEY = re.compile(r"(\d{4}-\d\d-\d\dT[0-9:.+-]{8,30})~([a-z]+)~(\d{1,10})", re.ASCII)


class InboxKind(StrEnum):
    """What can wait on a coordinator."""

    REPORT = "report"
    EXTENSION = "extension"
    TRANSFER = "transfer"
    QUESTION = "question"


@dataclass(frozen=True)
class InboxFilter:
    """Which of what waits a person wants to see; nothing given means all of it."""

    kind: InboxKind | None = None
    plan_id: int | None = None
    agency_id: int | None = None
    q: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> InboxFilter:
        """Read a filter from an address or a form; what makes no sense there is left out."""
        kind = args.get("kind", "")
        return cls(
            kind=InboxKind(kind) if kind in set(InboxKind) else None,
            plan_id=_id(args.get("plan")),
            agency_id=_id(args.get("agency")),
            q=" ".join(args.get("q", "").replace("\0", " ").split())[:LONGEST_SEARCH],
        )

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments for this filter, without what is not set."""
        given = {"kind": self.kind and self.kind.value, "plan": self.plan_id, "agency": self.agency_id, "q": self.q}
        return {name: value for name, value in given.items() if value}

    def criteria(self) -> list[ColumnElement[bool]]:
        """Give the conditions on the assignment that the waiting thing is about."""
        found: list[ColumnElement[bool]] = []
        if self.plan_id is not None:
            found.append(Assignment.plan_id == self.plan_id)
        if self.agency_id is not None:
            found.append(Assignment.agency_id == self.agency_id)
        if key := fold(self.q):
            found.append(or_(Assignment.task.has(Task.fold.contains(key, autoescape=True)),
                             Assignment.agency.has(Agency.fold.contains(key, autoescape=True))))
        return found


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: what it is, since when, and about which assignment."""

    kind: InboxKind
    #: Of the assignment for a report, else of the request or the comment.
    id: int
    since: datetime
    assignment: Assignment
    #: Whole working days it has waited, and how many of them are more than the province allows.
    days: int = 0
    days_over: int = 0
    #: Of the assignment or the request, so that what is ticked is what was seen; a question has none.
    version: int | None = None

    @property
    def key(self) -> str:
        """Name it in an address: "report-12"."""
        return f"{self.kind.value}-{self.id}"


@dataclass(frozen=True)
class Queue:
    """One page of what waits, and how much of each kind there is."""

    page: Page[Waiting]
    counts: Mapping[InboxKind, int]
    #: How many of the rows on this page have waited longer than the province allows.
    overdue: int
    #: Working days within which an answer is expected.
    answer_within: int
    plans: Sequence[tuple[int, str]]

    def place_of(self, item: Waiting) -> int | None:
        """Tell which one of all it is, from 1; None when it does not stand on the first page."""
        keys = [row.key for row in self.page.rows]
        return keys.index(item.key) + 1 if self.page.is_first and item.key in keys else None


def parse_key(raw: str | None) -> tuple[InboxKind, int] | None:
    """Read "report-12"; None for anything else."""
    kind, _dash, number = (raw or "").partition("-")
    found = _id(number)
    return (InboxKind(kind), found) if kind in set(InboxKind) and found else None


def decided_by(user: User) -> ColumnElement[bool]:
    """Which assignments a person decides on: those of the plans their agency coordinates, while they are live."""
    mine = select(Plan.id).where(
        Plan.coordinator_id == user.agency_id, Plan.state.in_((PlanState.PUBLISHED, PlanState.SUPERSEDED))
    )
    return Assignment.plan_id.in_(mine)


def queue(session: Session, user: User, wanted: InboxFilter, *, today: date, after: str | None = None,
          limit: int = QUEUE_ROWS) -> Queue:
    """Give one page of what waits on this person's agency, in a fixed number of queries.

    What has waited longest comes first, whatever it is: an agency that asked first is answered first.
    """
    mine = [decided_by(user), *wanted.criteria()]
    start = _read_key(after)
    kinds = [wanted.kind] if wanted.kind else list(InboxKind)
    found: list[Waiting] = []
    for kind in kinds:
        found += _first(session, kind, mine, start, limit + 1)
    found.sort(key=_place)
    shown = _aged(session, found[:limit], today)
    counts = {kind: session.scalar(select(func.count()).select_from(_rows(kind, mine).subquery())) or 0
              for kind in InboxKind}
    total = sum(counts[kind] for kind in kinds)
    next_after = _key(shown[-1]) if len(found) > limit else None
    return Queue(
        page=Page(shown, next_after, start is None, total), counts=counts,
        overdue=sum(row.days_over > 0 for row in shown), answer_within=load_policy(session).answer_within,
        plans=_plans(session, user),
    )


def waiting_for(session: Session, user: User, kind: InboxKind, number: int, *, today: date) -> Waiting | None:
    """Give one thing that waits on this person's agency; None when there is no such thing (any more)."""
    row = session.execute(_rows(kind, [decided_by(user)]).where(_id_of(kind) == number)).first()
    if row is None:
        return None
    return _aged(session, [_waiting(session, kind, row)], today)[0]


def _rows(kind: InboxKind, mine: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Select id, moment and assignment of what waits of one kind."""
    since = _since_of(kind)
    chosen = select(_id_of(kind).label("id"), since.label("since"), Assignment.id.label("assignment_id"),
                    _version_of(kind).label("version"))
    match kind:
        case InboxKind.REPORT:
            return chosen.where(Assignment.state == AssignmentState.SUBMITTED, *mine)
        case InboxKind.EXTENSION:
            return (chosen.select_from(Extension).join(Assignment, Assignment.id == Extension.assignment_id)
                    .where(Extension.state == RequestState.WAITING, *mine))
        case InboxKind.TRANSFER:
            return (chosen.select_from(Transfer).join(Assignment, Assignment.id == Transfer.assignment_id)
                    .where(Transfer.state == RequestState.WAITING, *mine))
        case InboxKind.QUESTION:
            return (chosen.select_from(Comment).join(Assignment, Assignment.id == Comment.assignment_id)
                    .where(Comment.is_question, Comment.answered_at.is_(None), *mine))


def _id_of(kind: InboxKind) -> Any:
    return {InboxKind.REPORT: Assignment.id, InboxKind.EXTENSION: Extension.id, InboxKind.TRANSFER: Transfer.id,
            InboxKind.QUESTION: Comment.id}[kind]


def _version_of(kind: InboxKind) -> Any:
    return {InboxKind.REPORT: Assignment.version, InboxKind.EXTENSION: Extension.version,
            InboxKind.TRANSFER: Transfer.version, InboxKind.QUESTION: literal(0)}[kind]


def _since_of(kind: InboxKind) -> Any:
    match kind:
        case InboxKind.REPORT:
            # The report that waits is the newest: nothing can follow it while it waits.
            return (
                select(func.max(ProgressUpdate.created_at))
                .where(ProgressUpdate.assignment_id == Assignment.id,
                       ProgressUpdate.state == AssignmentState.SUBMITTED)
                .correlate(Assignment).scalar_subquery()
            )
        case InboxKind.EXTENSION:
            return Extension.asked_at
        case InboxKind.TRANSFER:
            return Transfer.asked_at
        case InboxKind.QUESTION:
            return Comment.written_at


def _first(session: Session, kind: InboxKind, mine: Sequence[ColumnElement[bool]], start: _Start | None,
           limit: int) -> list[Waiting]:
    rows = _rows(kind, mine).subquery()
    chosen = select(rows.c.id, rows.c.since, rows.c.assignment_id, rows.c.version)
    if start is not None:
        later = rows.c.since > start.since
        if kind.value == start.kind.value:
            later = or_(later, (rows.c.since == start.since) & (rows.c.id > start.id))
        elif kind.value > start.kind.value:
            later = rows.c.since >= start.since
        chosen = chosen.where(later)
    found = session.execute(chosen.order_by(rows.c.since, rows.c.id).limit(limit)).all()
    by_id = _assignments(session, [row.assignment_id for row in found])
    return [Waiting(kind, row.id, row.since, by_id[row.assignment_id], version=row.version) for row in found]


def _assignments(session: Session, ids: Sequence[int]) -> dict[int, Assignment]:
    rows = session.scalars(
        select(Assignment).join(Assignment.plan).join(Assignment.task).where(Assignment.id.in_(ids))
        .options(contains_eager(Assignment.plan).defer(Plan.extract), contains_eager(Assignment.task),
                 joinedload(Assignment.agency), joinedload(Assignment.period), joinedload(Assignment.deadline))
    )
    return {row.id: row for row in rows}


def _waiting(session: Session, kind: InboxKind, row: Any) -> Waiting:
    found = _assignments(session, [row.assignment_id])[row.assignment_id]
    return Waiting(kind, row.id, row.since, found, version=row.version)


def _aged(session: Session, rows: Sequence[Waiting], today: date) -> list[Waiting]:
    """Say how many working days each has waited."""
    calendar, allowed = load_calendar(session), load_policy(session).answer_within
    aged = []
    for row in rows:
        days = working_days_between(vietnam_day(row.since), today, calendar)
        aged.append(replace(row, days=days, days_over=max(0, days - allowed)))
    return aged


def _place(row: Waiting) -> tuple[datetime, str, int]:
    return row.since, row.kind.value, row.id


@dataclass(frozen=True)
class _Start:
    """The row behind which a page begins."""

    since: datetime
    kind: InboxKind
    id: int


def _key(row: Waiting) -> str:
    return f"{row.since.isoformat()}~{row.kind.value}~{row.id}"


def _read_key(after: str | None) -> _Start | None:
    """Read where a page begins; an address written by hand may hold anything."""
    # A "+" of the time zone comes back as a blank from addresses that somebody typed.
    found = _KEY.fullmatch((after or "").replace(" ", "+"))
    if found is None or found[2] not in set(InboxKind) or int(found[3]) > LARGEST_ID:
        return None
    try:
        since = datetime.fromisoformat(found[1])
    except ValueError:
        return None
    return _Start(since, InboxKind(found[2]), int(found[3])) if since.tzinfo else None


def _id(raw: str | None) -> int | None:
    if raw is None or not re.fullmatch(r"[0-9]{1,10}", raw, re.ASCII):
        return None
    return int(raw) if 0 < int(raw) <= LARGEST_ID else None


def _plans(session: Session, user: User) -> list[tuple[int, str]]:
    """Give the plans this person can filter by: those with anything given out."""
    rows = session.execute(
        select(Plan.id, Plan.number, Plan.title)
        .where(Plan.coordinator_id == user.agency_id, exists().where(Assignment.plan_id == Plan.id))
        .order_by(Plan.id.desc())
    )
    return [(plan_id, f"{number}: {title}" if number else title) for plan_id, number, title in rows]
