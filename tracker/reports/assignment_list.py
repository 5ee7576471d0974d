"""The list of assignments behind every number and every desk: filtered, searched, late first, paged by key."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, true, tuple_, union_all
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
_KEY = re.compile(r"([0-3])\.(\d{4}-\d{2}-\d{2}|none)\.(\d{1,10})", re.ASCII)
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
            found += [Assignment.state == self.state, Assignment.is_part.is_(False)]
        if self.official_class is not None:
            found.append(Assignment.has_class(self.official_class, today))
        if self.plan_id is not None:
            found.append(Assignment.plan_id == self.plan_id)
        if self.agency_id is not None:
            found.append(Assignment.agency_id == self.agency_id)
        if self.task_id is not None:
            found.append(Assignment.task_id == self.task_id)
        return [*found, *holding(self.q)]


def holding(q: str) -> list[ColumnElement[bool]]:
    """Give the condition that a task or its plan holds these words, with or without diacritics; none for no words."""
    key = fold(q)
    if not key:
        return []
    return [or_(Assignment.task.has(Task.fold.contains(key, autoescape=True)),
                Assignment.plan.has(Plan.fold.contains(key, autoescape=True)))]


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

    What still needs somebody comes first, by due date (so late first), those without one after them; what is
    accepted or cancelled follows, the latest first. `after` is the `next_after` of the page before; one that
    can't be read gives the first page. Plan, task, agency and period come with each row; the number of queries
    does not depend on how many rows there are.
    """
    return cut(session, [assignments_of(user), *wanted.criteria(today)], after=after, limit=limit)


#: A list is walked in four parts, each along one index: "settled last, without a date last" in one ORDER BY would
#: sort the whole table on SQLite. Each part: is it settled, has it a due date.
PARTS = ((False, True), (False, False), (True, True), (True, False))
SETTLED = frozenset(AssignmentState) - OWED - {AssignmentState.SUBMITTED}


def cut(session: Session, criteria: Sequence[ColumnElement[bool]], *, after: str | None = None,
        limit: int = PAGE_ROWS) -> Page[Assignment]:
    """Give one page of the assignments that meet all criteria, which must hold who may see them."""
    limit = max(1, min(limit, MOST_ROWS))
    start = _read_key(after)
    total = session.scalar(select(func.count()).select_from(Assignment).where(*criteria)) or 0
    ids = _next_ids(session, criteria, start, limit + 1)
    found = {row.id: row for row in session.scalars(with_words().where(Assignment.id.in_(ids[:limit])))}
    rows = [found[number] for number in ids[:limit] if number in found]
    next_after = _key(rows[-1]) if len(ids) > limit and rows else None
    return Page(rows=rows, next_after=next_after, is_first=start is None, total=total)


@dataclass(frozen=True)
class _Start:
    """The row behind which a page begins."""

    part: int
    due_on: date | None
    id: int


def _next_ids(session: Session, criteria: Sequence[ColumnElement[bool]], start: _Start | None,
              wanted: int) -> list[int]:
    """Give the ids of the next rows in order, in one statement: so many of each part at the most."""
    parts = [
        _part(criteria, number, start if start and start.part == number else None).limit(wanted).subquery()
        for number in range(start.part if start else 0, len(PARTS))
    ]
    rows = session.execute(union_all(*(select(part.c.part, part.c.due_on, part.c.id) for part in parts))).all()

    def place(row: Any) -> tuple[int, int, int]:
        day = row.due_on.toordinal() if row.due_on else 0
        return (row.part, -day, -row.id) if PARTS[row.part][0] else (row.part, day, row.id)

    return [row.id for row in sorted(rows, key=place)[:wanted]]


def _part(criteria: Sequence[ColumnElement[bool]], number: int, start: _Start | None) -> Select[int, date | None, int]:
    settled, dated = PARTS[number]
    keys: list[Any] = [Assignment.due_on, Assignment.id] if dated else [Assignment.id]
    rows = select(literal(number).label("part"), Assignment.due_on, Assignment.id).where(
        *criteria,
        Assignment.state.in_(SETTLED if settled else frozenset(AssignmentState) - SETTLED),
        Assignment.due_on.is_not(None) if dated else Assignment.due_on.is_(None),
    )
    if start is not None:
        reached = tuple_(start.due_on, start.id) if dated else tuple_(start.id)
        rows = rows.where(tuple_(*keys) < reached if settled else tuple_(*keys) > reached)
    return rows.order_by(*([key.desc() for key in keys] if settled else keys))


def with_words() -> Select[Assignment]:
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
            joinedload(Assignment.assignee),
        )
    )


def _key(row: Assignment) -> str:
    part = PARTS.index((row.state in SETTLED, row.due_on is not None))
    return f"{part}.{row.due_on.isoformat() if row.due_on else 'none'}.{row.id}"


def _read_key(after: str | None) -> _Start | None:
    """Read where a page begins; an address written by hand may hold anything."""
    found = _KEY.fullmatch(after or "")
    if found is None or int(found[3]) > LARGEST_ID or PARTS[int(found[1])][1] != (found[2] != "none"):
        return None
    try:
        return _Start(int(found[1]), None if found[2] == "none" else date.fromisoformat(found[2]), int(found[3]))
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
