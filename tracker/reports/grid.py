"""What an agency still owes, as rows to report on: a page of them, all of them, or those of certain numbers."""
from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from tracker.models import Assignment, Plan, ProgressUpdate, Review, User
from tracker.models.access import assignments_of
from tracker.models.base import LARGEST_ID
from tracker.reports.assignment_list import with_words
from tracker.reports.paging import Page
from tracker.rules.filled_rows import Said, tidy
from tracker.rules.states import OWED, AssignmentState
from tracker.workflow.progress import NO_CHANGE, says_something

#: Rows of the grid on one page: what a person fills in one go, and what fits into one form.
GRID_ROWS = 20
#: What stands in place of no due date when rows are ordered.
_NEVER = date(9999, 12, 31)
_KEY = re.compile(r"([0-3])\.(\d{4}-\d{2}-\d{2})\.(\d{1,10})", re.ASCII)


@dataclass(frozen=True)
class GridRow:
    """One assignment, and what was last said of it."""

    assignment: Assignment
    last: ProgressUpdate | None
    #: The newest report that says something of its own: "no change" is not what the next one starts from.
    told: ProgressUpdate | None = None


def handed_out(row: GridRow, *, with_proposals: bool) -> Said:
    """Give what a row says before anybody has touched it: the last report, and nothing to change."""
    told = row.told
    return Said(
        percent=row.assignment.percent,
        text=tidy(told.text) if told else "",
        difficulties=tidy(told.difficulties) if told else "",
        proposals=(tidy(told.proposals) if told else "") if with_proposals else None,
    )


def owed_page(session: Session, user: User, *, today: date, plan_id: int | None = None, after: str | None = None,
              limit: int = GRID_ROWS) -> Page[GridRow]:
    """Give one page of what this person's agency owes: returned, late, due soon, the rest; each by due date.

    `after` is the `next_after` of the page before; one that can't be read gives the first page.
    """
    owed = _owed(user, plan_id)
    total = session.scalar(select(func.count()).select_from(Assignment).where(*owed)) or 0
    start = _read_key(after)
    place = _place(today)
    query = with_words().add_columns(place[0]).where(*owed).order_by(*place).limit(limit + 1)
    if start is not None:
        query = query.where(tuple_(*place) > tuple_(*(literal(part) for part in start)))
    found = session.execute(query).all()
    rows = _with_last(session, [row[0] for row in found[:limit]])
    next_after = _key(found[limit - 1]) if len(found) > limit else None
    return Page(rows=rows, next_after=next_after, is_first=start is None, total=total)


def all_owed(session: Session, user: User, *, today: date, most: int) -> Sequence[GridRow]:
    """Give all that this person's agency owes in the order of the grid, up to a bound."""
    query = with_words().where(*_owed(user, None)).order_by(*_place(today)).limit(most)
    return _with_last(session, session.scalars(query).all())


def count_owed(session: Session, user: User) -> int:
    """Count what this person's agency owes."""
    return session.scalar(select(func.count()).select_from(Assignment).where(*_owed(user, None))) or 0


def rows_of(session: Session, user: User, ids: Collection[int]) -> dict[int, GridRow]:
    """Give the rows of these numbers that are this person's own agency's, in whatever state; others are not in it."""
    query = with_words().where(*_mine(user), Assignment.id.in_(set(ids))).order_by(Assignment.id)
    return {row.assignment.id: row for row in _with_last(session, session.scalars(query).all())}


def plans_owed(session: Session, user: User) -> Sequence[tuple[int, str]]:
    """Give the plans under which this person's agency owes something, newest first: number and name."""
    found = session.execute(
        select(Plan.id, Plan.number, Plan.title)
        .where(Plan.id.in_(select(Assignment.plan_id).where(*_owed(user, None))))
        .order_by(Plan.issued_on.desc().nulls_last(), Plan.id.desc())
    )
    return [(row.id, f"{row.number} – {row.title}" if row.number else row.title) for row in found]


def _mine(user: User) -> list[ColumnElement[bool]]:
    # A helper's part is confirmed to its lead, not handed in; its own page does that.
    return [assignments_of(user), Assignment.agency_id == user.agency_id]


def _owed(user: User, plan_id: int | None) -> list[ColumnElement[bool]]:
    wanted = [*_mine(user), Assignment.state.in_(OWED)]
    return wanted if plan_id is None else [*wanted, Assignment.plan_id == plan_id]


def _place(today: date) -> list[ColumnElement[Any]]:
    """Give what rows are ordered by. One agency's owed rows are few enough to be sorted."""
    pressing = case(
        (Assignment.state == AssignmentState.RETURNED, 0),
        (Assignment.is_owed_and_overdue(today), 1),
        (Assignment.falls_due_soon(today), 2),
        else_=3,
    )
    return [pressing, func.coalesce(Assignment.due_on, _NEVER), Assignment.__table__.c.id]


def _with_last(session: Session, rows: Sequence[Assignment]) -> list[GridRow]:
    here = ProgressUpdate.assignment_id.in_([row.id for row in rows])
    newest = select(func.max(ProgressUpdate.id)).where(here).group_by(ProgressUpdate.assignment_id)
    said = session.scalars(
        select(ProgressUpdate)
        .where(or_(ProgressUpdate.id.in_(newest), ProgressUpdate.id.in_(newest.where(says_something()))))
        .order_by(ProgressUpdate.id)
        .options(joinedload(ProgressUpdate.author), joinedload(ProgressUpdate.review).joinedload(Review.reviewer))
    )
    last: dict[int, ProgressUpdate] = {}
    told: dict[int, ProgressUpdate] = {}
    for update in said:
        last[update.assignment_id] = update
        if not update.text.startswith(NO_CHANGE):
            told[update.assignment_id] = update
    return [GridRow(row, last.get(row.id), told.get(row.id)) for row in rows]


def _key(found: Any) -> str:
    assignment, pressing = found
    return f"{pressing}.{(assignment.due_on or _NEVER).isoformat()}.{assignment.id}"


def _read_key(after: str | None) -> tuple[int, date, int] | None:
    """Read where a page begins; an address written by hand may hold anything."""
    found = _KEY.fullmatch(after or "")
    if found is None or int(found[3]) > LARGEST_ID:
        return None
    try:
        return int(found[1]), date.fromisoformat(found[2]), int(found[3])
    except ValueError:
        return None
