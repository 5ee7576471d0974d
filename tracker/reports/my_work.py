"""A liaison's desk: what the agency owes, newest trouble first, in groups that never overlap."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, not_, or_, select, union_all
from sqlalchemy.orm import Session

from tracker.models import Assignment, Plan, ProgressUpdate, Review, User
from tracker.models.access import NotVisible, assignments_of
from tracker.reports.assignment_list import AssignmentFilter, cut, holding, with_words
from tracker.reports.paging import PAGE_ROWS, Page
from tracker.rules.states import OWED, AssignmentState, TaskRole

#: Rows of each group on the desk itself; the rest is one press away.
DESK_ROWS = 15
#: Of what needs nothing more from the agency, a glance is enough.
SETTLED_ROWS = 5
#: Counting stops here; a page says "999+".
MOST_COUNTED = 1000
#: Plans offered in the filter, the newest; older ones are found by their number.
MOST_PLANS = 100
#: Letters of the last report that a row shows.
LAST_LETTERS = 110


class WorkGroup(StrEnum):
    """The groups of the desk, most pressing first."""

    RETURNED = "returned"
    LATE = "late"
    SOON = "soon"
    REST = "rest"
    WAITING = "waiting"
    DONE = "done"


#: The groups in which the agency still has something to do.
TO_DO = (WorkGroup.RETURNED, WorkGroup.LATE, WorkGroup.SOON, WorkGroup.REST)


@dataclass(frozen=True)
class WorkFilter:
    """Which rows of the own desk a person wants to see; nothing given means all of them."""

    group: WorkGroup | None = None
    plan_id: int | None = None
    q: str = ""
    #: Only those this person was named for.
    mine: bool = False
    #: Only what the agency leads, or only what it helps with.
    parts: TaskRole | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, Any]) -> WorkFilter:
        """Read a filter from an address, or from a saved view; what makes no sense there is left out."""
        given = {name: str(args.get(name, "")) for name in ("group", "plan", "q", "mine", "parts")}
        read = AssignmentFilter.from_args(given)
        return cls(
            group=WorkGroup(given["group"]) if given["group"] in set(WorkGroup) else None,
            plan_id=read.plan_id,
            q=read.q,
            mine=given["mine"] == "1",
            parts=TaskRole(given["parts"]) if given["parts"] in set(TaskRole) else None,
        )

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments for this filter, without what is not set."""
        given = {
            "group": self.group.value if self.group else "",
            "plan": str(self.plan_id or ""),
            "q": self.q,
            "mine": "1" if self.mine else "",
            "parts": self.parts.value if self.parts else "",
        }
        return {name: value for name, value in given.items() if value}

    def without(self, *names: str) -> dict[str, Any]:
        """Give the address's arguments with some conditions taken away."""
        return {name: value for name, value in self.to_args().items() if name not in names}

    def criteria(self, user: User) -> list[ColumnElement[bool]]:
        """Give the conditions of all but the group, within the agency's own work."""
        found = _own(user)
        if self.plan_id is not None:
            found.append(Assignment.plan_id == self.plan_id)
        if self.mine:
            found.append(Assignment.assignee_id == user.id)
        if self.parts is TaskRole.COORDINATE:
            found.append(is_help())
        elif self.parts is TaskRole.LEAD:
            found.append(not_(is_help()))
        return [*found, *holding(self.q)]


@dataclass(frozen=True)
class LastReport:
    """What was said last on an assignment, and why it came back when it did."""

    reported_on: date
    text: str
    reason: str | None


@dataclass(frozen=True)
class Job:
    """One row of the desk."""

    assignment: Assignment
    last: LastReport | None = None
    #: The colleague who does it.
    assignee: str | None = None


@dataclass(frozen=True)
class Desk:
    """The first rows of each group that has any."""

    groups: Sequence[tuple[WorkGroup, Sequence[Job]]]


def is_help() -> ColumnElement[bool]:
    """Give the condition that the agency only helps: a helper's part, or a duty to coordinate."""
    return or_(Assignment.is_part.is_(True), Assignment.role == TaskRole.COORDINATE)


def work_group(group: WorkGroup, today: date) -> ColumnElement[bool]:
    """Give the condition of a group; each assignment that is not cancelled is in exactly one."""
    returned = Assignment.state == AssignmentState.RETURNED
    under_way = and_(Assignment.state.in_(OWED), not_(returned))
    late = Assignment.is_owed_and_overdue(today)
    # Whoever mends a returned report has only the days of grace left, so it is as pressing as what falls due.
    in_grace = and_(Assignment.grace_until.is_not(None), Assignment.due_on < today, Assignment.grace_until >= today)
    soon = or_(Assignment.falls_due_soon(today), in_grace)
    match group:
        case WorkGroup.RETURNED:
            return returned
        case WorkGroup.LATE:
            return and_(under_way, late)
        case WorkGroup.SOON:
            return and_(under_way, soon)
        case WorkGroup.REST:
            # No due date makes neither late nor soon true, nor false.
            return and_(under_way, or_(Assignment.due_on.is_(None), and_(not_(late), not_(soon))))
        case WorkGroup.WAITING:
            return Assignment.state == AssignmentState.SUBMITTED
        case WorkGroup.DONE:
            return Assignment.state == AssignmentState.ACCEPTED


def counts(session: Session, user: User, wanted: WorkFilter, *, today: date) -> dict[WorkGroup, int]:
    """Count each group under the other conditions, in one query that stops at MOST_COUNTED."""
    criteria = wanted.criteria(user)
    bounded = [
        select(func.count()).select_from(
            select(Assignment.id).where(*criteria, work_group(group, today)).limit(MOST_COUNTED).subquery()
        ).scalar_subquery()
        for group in WorkGroup
    ]
    return dict(zip(WorkGroup, session.execute(select(*bounded)).one(), strict=True))


def desk(session: Session, user: User, wanted: WorkFilter, *, today: date) -> Desk:
    """Give the first rows of every group of this person's own agency, in a fixed number of queries."""
    ids = _first_ids(session, wanted.criteria(user), today)
    every = [number for numbers in ids.values() for number in numbers]
    rows = {row.id: row for row in session.scalars(with_words().where(Assignment.id.in_(every)))}
    jobs = {job.assignment.id: job for job in jobs_of(session, list(rows.values()))}
    return Desk([(group, [jobs[number] for number in numbers if number in jobs])
                 for group, numbers in ids.items() if numbers])


def _first_ids(session: Session, criteria: Sequence[ColumnElement[bool]], today: date) -> dict[WorkGroup, list[int]]:
    """Give the ids of each group's first rows in order, in one statement: those without a date last."""
    parts = [_first(criteria, place, today, dated=dated) for place in range(len(WorkGroup)) for dated in (True, False)]
    found = session.execute(union_all(*(select(part.c.place, part.c.due_on, part.c.id) for part in parts))).all()
    ids: dict[WorkGroup, list[int]] = {}
    for place, group in enumerate(WorkGroup):
        rows = [row for row in found if row.place == place]
        # What is done starts with the latest, as `cut` has it.
        turn = -1 if group is WorkGroup.DONE else 1
        rows.sort(key=lambda row: (row.due_on is None, turn * (row.due_on or today).toordinal(), turn * row.id))
        ids[group] = [row.id for row in rows[: _rows_of(group)]]
    return ids


def _first(criteria: Sequence[ColumnElement[bool]], place: int, today: date, *, dated: bool) -> Any:
    group = list(WorkGroup)[place]
    keys: list[Any] = [Assignment.due_on, Assignment.id] if dated else [Assignment.id]
    rows: Select[int, date | None, int] = select(literal(place).label("place"), Assignment.due_on, Assignment.id).where(
        *criteria, work_group(group, today), Assignment.due_on.is_not(None) if dated else Assignment.due_on.is_(None)
    )
    order = [key.desc() for key in keys] if group is WorkGroup.DONE else keys
    return rows.order_by(*order).limit(_rows_of(group)).subquery()


def _rows_of(group: WorkGroup) -> int:
    return DESK_ROWS if group in TO_DO else SETTLED_ROWS


def group_page(session: Session, user: User, wanted: WorkFilter, group: WorkGroup, *, today: date,
               after: str | None = None, limit: int = PAGE_ROWS) -> Page[Job]:
    """Give one page of one group of this person's own agency."""
    page = cut(session, [*wanted.criteria(user), work_group(group, today)], after=after, limit=limit)
    return Page(jobs_of(session, page.rows), page.next_after, page.is_first, page.total)


def job_for(session: Session, user: User, assignment_id: int) -> Job:
    """Give one row of this person's desk as it is now. Raises NotVisible."""
    row = session.scalar(with_words().where(Assignment.id == assignment_id, *_own(user)))
    if row is None:
        raise NotVisible
    return jobs_of(session, [row])[0]


def jobs_of(session: Session, rows: Sequence[Assignment]) -> list[Job]:
    """Add to rows what was said last and who does it, in two queries however many there are."""
    last = _last_reports(session, [row.id for row in rows])
    people = {row.assignee_id for row in rows if row.assignee_id}
    found = session.execute(select(User.id, User.name).where(User.id.in_(people)))
    names = {person.id: person.name for person in found}
    return [Job(row, last.get(row.id), names.get(row.assignee_id) if row.assignee_id else None) for row in rows]


def _last_reports(session: Session, ids: Sequence[int]) -> dict[int, LastReport]:
    newest = (
        select(func.max(ProgressUpdate.id))
        .where(ProgressUpdate.assignment_id.in_(ids), ProgressUpdate.withdrawn_at.is_(None))
        .group_by(ProgressUpdate.assignment_id)
    )
    found = session.execute(
        select(ProgressUpdate.assignment_id, ProgressUpdate.reported_on,
               func.substr(ProgressUpdate.text, 1, LAST_LETTERS), func.substr(Review.reason, 1, 2 * LAST_LETTERS))
        .outerjoin(Review, and_(Review.update_id == ProgressUpdate.id, Review.undone_at.is_(None)))
        .where(ProgressUpdate.id.in_(newest))
    )
    return {number: LastReport(day, text, reason) for number, day, text, reason in found}


def plans_of_agency(session: Session, user: User) -> list[tuple[int, str]]:
    """Give id and name of the newest plans that gave this person's agency something to do."""
    rows = session.execute(
        select(Plan.id, Plan.number, func.substr(Plan.title, 1, 60).label("title"))
        .where(Plan.id.in_(select(Assignment.plan_id).where(*_own(user))))
        .order_by(Plan.issued_on.desc().nulls_last(), Plan.id.desc())
        .limit(MOST_PLANS)
    )
    return [(row.id, f"{row.number} – {row.title}" if row.number else row.title) for row in rows]


def _own(user: User) -> list[ColumnElement[bool]]:
    return [assignments_of(user), Assignment.agency_id == user.agency_id]
