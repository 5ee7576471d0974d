"""The list of assignments behind every number and every desk: filtered, searched, late first, paged by key."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select, true, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.models import Agency, Assignment, Plan, Task, User
from tracker.models.access import assignments_of
from tracker.models.base import LARGEST_ID
from tracker.reports.paging import MOST_ROWS, PAGE_ROWS, Page
from tracker.rules.folding import fold
from tracker.rules.standing import OfficialClass
from tracker.rules.states import OWED, AssignmentState

#: Past this a search is no search any more.
LONGEST_SEARCH = 200
_KEY = re.compile(r"(\d{4}-\d{2}-\d{2}|none)\.(\d{1,10})", re.ASCII)
Kind = TypeVar("Kind", bound=StrEnum)


class ListView(StrEnum):
    """The usual ways of looking at a list of assignments."""

    ALL = "all"
    OWED = "owed"
    LATE = "late"
    SOON = "soon"
    DONE = "done"


@dataclass(frozen=True)
class AssignmentFilter:
    """Which assignments a person wants to see; nothing given means all that count.

    What was cancelled is in no official figure, so it is listed only when its state is asked for.
    """

    official_class: OfficialClass | None = None
    state: AssignmentState | None = None
    plan_id: int | None = None
    agency_id: int | None = None
    task_id: int | None = None
    view: ListView = ListView.ALL
    q: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> AssignmentFilter:
        """Read a filter from an address; what makes no sense there is left out."""
        return cls(
            official_class=_kind(OfficialClass, args.get("class")),
            state=_kind(AssignmentState, args.get("state")),
            plan_id=_id(args.get("plan")),
            agency_id=_id(args.get("agency")),
            task_id=_id(args.get("task")),
            view=_kind(ListView, args.get("view")) or ListView.ALL,
            q=" ".join(args.get("q", "").replace("\0", " ").split())[:LONGEST_SEARCH],
        )

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments for this filter, without what is not set."""
        given = {
            "class": self.official_class and self.official_class.value,
            "state": self.state and self.state.value,
            "plan": self.plan_id,
            "agency": self.agency_id,
            "task": self.task_id,
            "view": None if self.view is ListView.ALL else self.view.value,
            "q": self.q,
        }
        return {name: value for name, value in given.items() if value}

    def criteria(self, today: date) -> list[ColumnElement[bool]]:
        """Give the filter's conditions; who may see the rows is asked beside them."""
        found = [_view(self.view, today)]
        if self.state is None:
            found.append(Assignment.is_counted())
        else:
            found.append(Assignment.state == self.state)
        if self.official_class is not None:
            found.append(Assignment.has_class(self.official_class, today))
        if self.plan_id is not None:
            found.append(Assignment.plan_id == self.plan_id)
        if self.agency_id is not None:
            found.append(Assignment.agency_id == self.agency_id)
        if self.task_id is not None:
            found.append(Assignment.task_id == self.task_id)
        if key := fold(self.q):
            found.append(or_(Assignment.task.has(Task.fold.contains(key, autoescape=True)),
                             Assignment.plan.has(Plan.fold.contains(key, autoescape=True))))
        return found


def _view(view: ListView, today: date) -> ColumnElement[bool]:
    match view:
        case ListView.ALL:
            return true()
        case ListView.OWED:
            return Assignment.state.in_(OWED)
        case ListView.LATE:
            return Assignment.is_owed_and_overdue(today)
        case ListView.SOON:
            return Assignment.falls_due_soon(today)
        case ListView.DONE:
            return Assignment.state == AssignmentState.ACCEPTED


def page(session: Session, user: User, wanted: AssignmentFilter, *, today: date, after: str | None = None,
         limit: int = PAGE_ROWS) -> Page[Assignment]:
    """Give one page of what this person may see of the wanted assignments.

    Late first: by due date, those without one last. `after` is the `next_after` of the page before; one that
    can't be read gives the first page. Plan, task, agency and period come with each row; the number of queries
    does not depend on how many rows there are.
    """
    return cut(session, [assignments_of(user), *wanted.criteria(today)], after=after, limit=limit)


def cut(session: Session, criteria: Sequence[ColumnElement[bool]], *, after: str | None = None,
        limit: int = PAGE_ROWS) -> Page[Assignment]:
    """Give one page of the assignments that meet all criteria, which must hold who may see them."""
    limit = max(1, min(limit, MOST_ROWS))
    start = _read_key(after)
    total = session.scalar(select(func.count()).select_from(Assignment).where(*criteria)) or 0
    rows = list(session.scalars(_dated(criteria, start).limit(limit + 1))) if not start or start[0] else []
    if len(rows) <= limit:
        rows += session.scalars(_undated(criteria, start).limit(limit + 1 - len(rows)))
    next_after = _key(rows[limit - 1]) if len(rows) > limit else None
    return Page(rows=rows[:limit], next_after=next_after, is_first=start is None, total=total)


# Two walks along one index each: "those without a date last" in one ORDER BY would sort the whole table on SQLite.


def _dated(criteria: Sequence[ColumnElement[bool]], start: tuple[date | None, int] | None) -> Select[Assignment]:
    rows = _with_words().where(*criteria, Assignment.due_on.is_not(None))
    if start is not None:
        rows = rows.where(tuple_(Assignment.due_on, Assignment.id) > start)
    return rows.order_by(Assignment.due_on, Assignment.id)


def _undated(criteria: Sequence[ColumnElement[bool]], start: tuple[date | None, int] | None) -> Select[Assignment]:
    rows = _with_words().where(*criteria, Assignment.due_on.is_(None))
    if start is not None and start[0] is None:
        rows = rows.where(Assignment.id > start[1])
    return rows.order_by(Assignment.id)


def _with_words() -> Select[Assignment]:
    """Select assignments together with what a row shows, but not the plan's whole text."""
    return (
        select(Assignment)
        .join(Assignment.plan)
        .join(Assignment.task)
        .options(
            contains_eager(Assignment.plan).defer(Plan.text).defer(Plan.extract),
            contains_eager(Assignment.task).defer(Task.fold),
            joinedload(Assignment.agency),
            joinedload(Assignment.period),
        )
    )


def _key(row: Assignment) -> str:
    return f"{row.due_on.isoformat() if row.due_on else 'none'}.{row.id}"


def _read_key(after: str | None) -> tuple[date | None, int] | None:
    """Read where a page begins; an address written by hand may hold anything."""
    found = _KEY.fullmatch(after or "")
    if found is None or int(found[2]) > LARGEST_ID:
        return None
    try:
        return (None if found[1] == "none" else date.fromisoformat(found[1])), int(found[2])
    except ValueError:
        return None


def _kind(kinds: type[Kind], raw: str | None) -> Kind | None:
    return kinds(raw) if raw in {kind.value for kind in kinds} else None


def _id(raw: str | None) -> int | None:
    if raw is None or not re.fullmatch(r"[0-9]{1,10}", raw):
        return None
    return int(raw) if 0 < int(raw) <= LARGEST_ID else None


@dataclass(frozen=True)
class Choices:
    """What a person can filter by: the plans and agencies of the assignments they may see."""

    #: id and name, in the order of a list.
    plans: Sequence[tuple[int, str]]
    agencies: Sequence[tuple[int, str]]


def choices(session: Session, user: User) -> Choices:
    """Give the plans and the agencies this person can choose among, newest plans first."""
    seen = assignments_of(user)
    plans = session.execute(
        select(Plan.id, Plan.number, Plan.title)
        .where(Plan.id.in_(select(Assignment.plan_id).where(seen)))
        .order_by(Plan.issued_on.desc().nulls_last(), Plan.id.desc())
    )
    agencies = session.execute(
        select(Agency.id, Agency.name)
        .where(Agency.id.in_(select(Assignment.agency_id).where(seen)))
        .order_by(Agency.level.desc(), Agency.position, Agency.id)
    )
    return Choices(
        plans=[(row.id, f"{row.number} – {row.title}" if row.number else row.title) for row in plans],
        agencies=[(row.id, row.name) for row in agencies],
    )
