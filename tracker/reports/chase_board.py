"""The late assignments behind a number of the board: one by one, the longest late first."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Assignment, Extension, User
from tracker.reports import assignment_list
from tracker.reports.chase_filter import BoardFilter
from tracker.reports.chase_history import LastChase, last_of_assignments
from tracker.reports.paging import Page
from tracker.rules.states import RequestState

#: Late assignments on one page: more than an agency usually has, so that one tick picks them all.
PAGE_ITEMS = 100


@dataclass(frozen=True)
class LateItem:
    """One late assignment, how it was last chased, and until when its agency wants more time."""

    assignment: Assignment
    days_late: int
    last: LastChase | None
    #: The day asked for, while nobody has answered.
    wanted_on: date | None


def late_items(session: Session, user: User, wanted: BoardFilter, *, today: date, after: str | None) -> Page[LateItem]:
    """Give one page of the late assignments, in a fixed number of queries."""
    page = assignment_list.cut(session, wanted.criteria(user, today), after=after, limit=PAGE_ITEMS)
    ids = [row.id for row in page.rows]
    chased, asked = last_of_assignments(session, ids), _asked(session, ids)
    rows = [LateItem(row, row.days_late(today), chased.get(row.id), asked.get(row.id)) for row in page.rows]
    return Page(rows, page.next_after, page.is_first, page.total)


def late_ids(
    session: Session, user: User, wanted: BoardFilter, *, today: date, limit: int,
    agency_ids: Collection[int] | None = None,
) -> list[int]:
    """Give the ids of what is late under a filter, of some agencies or of all; the longest late first."""
    late = select(Assignment.id).where(*wanted.criteria(user, today))
    if agency_ids is not None:
        late = late.where(Assignment.agency_id.in_(agency_ids))
    return list(session.scalars(late.order_by(Assignment.due_on, Assignment.id).limit(limit)))


def _asked(session: Session, ids: Collection[int]) -> dict[int, date]:
    rows = session.execute(
        select(Extension.assignment_id, Extension.wanted_on)
        .where(Extension.assignment_id.in_(ids), Extension.state == RequestState.WAITING)
    )
    return {row.assignment_id: row.wanted_on for row in rows}
