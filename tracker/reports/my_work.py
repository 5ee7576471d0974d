"""A liaison's desk: what the agency owes, newest trouble first, in groups that never overlap."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from tracker.models import Assignment, User
from tracker.models.access import assignments_of
from tracker.reports.assignment_list import cut
from tracker.reports.paging import PAGE_ROWS, Page
from tracker.rules.states import OWED, AssignmentState

#: Rows of each group on the desk itself; the rest is one press away.
DESK_ROWS = 20


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
class Desk:
    """How many there are in each group, and the first rows of those in which there is something to do."""

    counts: dict[WorkGroup, int]
    groups: Sequence[tuple[WorkGroup, Page[Assignment]]]


def work_group(group: WorkGroup, today: date) -> ColumnElement[bool]:
    """Give the condition of a group; each counted assignment is in exactly one."""
    returned = Assignment.state == AssignmentState.RETURNED
    under_way = and_(Assignment.state.in_(OWED), not_(returned))
    late, soon = Assignment.is_owed_and_overdue(today), Assignment.falls_due_soon(today)
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


def desk(session: Session, user: User, *, today: date) -> Desk:
    """Give the desk of this person's own agency, in a fixed number of queries."""
    mine = _mine(user)
    found = session.execute(
        select(*(func.count().filter(work_group(group, today)) for group in WorkGroup))
        .select_from(Assignment).where(*mine)
    ).one()
    counts = dict(zip(WorkGroup, found, strict=True))
    groups = [
        (group, cut(session, [*mine, work_group(group, today)], limit=DESK_ROWS)) for group in TO_DO if counts[group]
    ]
    return Desk(counts, groups)


def group_page(session: Session, user: User, group: WorkGroup, *, today: date, after: str | None = None,
               limit: int = PAGE_ROWS) -> Page[Assignment]:
    """Give one page of one group of this person's own agency."""
    return cut(session, [*_mine(user), work_group(group, today)], after=after, limit=limit)


def _mine(user: User) -> list[ColumnElement[bool]]:
    return [assignments_of(user), Assignment.agency_id == user.agency_id]
