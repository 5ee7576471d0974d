"""The board of what is late: agencies down, lateness across, counted in the database in one statement."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from tracker.models import Agency, AgencyGroup, AgencyLevel, Assignment, Extension, Plan, User
from tracker.models.recipients import Recipient, agencies_with_head, liaisons
from tracker.reports.chase_filter import BoardFilter, BoardSort, in_band
from tracker.reports.chase_history import LastChase, last_of_agencies
from tracker.reports.paging import Page
from tracker.rules.lateness import LateBand, weight
from tracker.rules.states import RequestState
from tracker.workflow.chasing import chased_by

#: Agencies on one page: a province of 130 communes has four.
PAGE_AGENCIES = 40
#: More than anything that is counted here, so that "most first" can be a key that rises.
_PLENTY = 10**9
_KEY = re.compile(r"\d{10}(\.\d{10})+", re.ASCII)


@dataclass(frozen=True)
class LateAgency:
    """One row: an agency, how many of its assignments are how late, who can be reached, how it was last chased."""

    id: int
    name: str
    is_requested: bool
    level: AgencyLevel
    position: int
    days_late: int
    bands: Mapping[LateBand, int]
    #: Of these so many wait for the answer to a request for more time.
    asking: int
    recipients: tuple[Recipient, ...] = ()
    last: LastChase | None = None

    @property
    def total(self) -> int:
        """Count the late assignments."""
        return sum(self.bands.values())

    def key(self, sort: BoardSort) -> str:
        """Give the row's place in an order, rising as text; bodies that are only asked come last and unranked."""
        province = (int(self.level is AgencyLevel.COMMUNE), self.position, self.id)
        long, heavy, many = _PLENTY - self.days_late, _PLENTY - weight(self.bands), _PLENTY - self.total
        order: dict[BoardSort, tuple[int, ...]] = {
            BoardSort.LONGEST: (long, heavy),
            BoardSort.WEIGHT: (heavy, long),
            BoardSort.COUNT: (many, long),
            BoardSort.PROVINCE: (),
        }
        ranked = () if self.is_requested else order[sort]
        return ".".join(f"{number:010}" for number in (int(self.is_requested), *ranked, *province))


@dataclass(frozen=True)
class Totals:
    """What a column adds up to, over all pages."""

    bands: Mapping[LateBand, int]
    agencies: int

    @property
    def total(self) -> int:
        """Count the late assignments."""
        return sum(self.bands.values())


@dataclass(frozen=True)
class Board:
    """One page of the board; `page.total` counts agencies."""

    page: Page[LateAgency]
    ordered: Totals
    requested: Totals
    asking: int
    #: Names of the agencies whose head nothing can be told: the escalation to them reaches nobody.
    without_head: tuple[str, ...]

    @property
    def items(self) -> int:
        """Count the late assignments, on this page and the others."""
        return self.ordered.total + self.requested.total


@dataclass(frozen=True)
class Choices:
    """What the board can be filtered by: ids and names."""

    plans: tuple[tuple[int, str], ...]
    groups: tuple[tuple[int, str], ...]


def board(session: Session, user: User, wanted: BoardFilter, *, today: date, after: str | None) -> Board:
    """Give one page of the board, in the order of `wanted.sort`.

    The number of queries is fixed, and none of them gives more than a row an agency, however much is late.
    """
    criteria = wanted.criteria(user, today)
    rows = late_agencies(session, user, wanted, today=today)
    start = after if after and _KEY.fullmatch(after) else None
    rest = [row for row in rows if start is None or row.key(wanted.sort) > start]
    shown = _with_people(session, rest[:PAGE_AGENCIES], criteria)
    next_after = shown[-1].key(wanted.sort) if len(rest) > PAGE_AGENCIES else None
    reached = agencies_with_head(session)
    return Board(
        page=Page(shown, next_after, start is None, len(rows)),
        ordered=_totals([row for row in rows if not row.is_requested]),
        requested=_totals([row for row in rows if row.is_requested]),
        asking=sum(row.asking for row in rows),
        without_head=tuple(row.name for row in sorted(rows, key=lambda row: row.key(BoardSort.PROVINCE))
                           if not row.is_requested and row.id not in reached),
    )  # fmt: skip


def late_agencies(session: Session, user: User, wanted: BoardFilter, *, today: date) -> list[LateAgency]:
    """Give all rows of the board, in the order of `wanted.sort`, without the people behind them: one query."""
    return sorted(_counted(session, wanted.criteria(user, today), today), key=lambda row: row.key(wanted.sort))


def choices(session: Session, user: User, today: date) -> Choices:
    """Give the coordinator's plans with late work, the newest first, and the groups of agencies."""
    late = select(Assignment.plan_id).where(Assignment.is_owed_and_overdue(today), Assignment.is_part.is_(False))
    plans = session.execute(
        select(Plan.id, Plan.number, Plan.title).where(chased_by(user), Plan.id.in_(late)).order_by(Plan.id.desc())
    )
    groups = session.execute(
        select(AgencyGroup.id, AgencyGroup.name).order_by(AgencyGroup.position, AgencyGroup.id)
    )
    return Choices(
        plans=tuple((plan_id, f"{number}: {title}" if number else title) for plan_id, number, title in plans),
        groups=tuple((group_id, name) for group_id, name in groups),
    )


def _counted(session: Session, criteria: Sequence[ColumnElement[bool]], today: date) -> list[LateAgency]:
    """Count by agency and band: the one statement that goes over the late assignments."""
    waiting = and_(Extension.assignment_id == Assignment.id, Extension.state == RequestState.WAITING)
    bands = [func.count(case((in_band(band, today), 1))) for band in LateBand]
    rows = session.execute(
        select(Agency.id, Agency.name, Agency.is_requested, Agency.level, Agency.position,
               func.min(Assignment.last_day_column()), func.count(Extension.id), *bands)
        .select_from(Assignment).join(Assignment.agency).outerjoin(Extension, waiting)
        .where(*criteria)
        .group_by(Agency.id, Agency.name, Agency.is_requested, Agency.level, Agency.position)
    )  # fmt: skip
    return [_row(row, today) for row in rows]


def _row(row: Any, today: date) -> LateAgency:
    agency_id, name, is_requested, level, position, longest, asking, *counts = row
    return LateAgency(
        agency_id, name, is_requested, level, position, days_late=(today - longest).days,
        bands=dict(zip(LateBand, counts, strict=True)), asking=asking,
    )  # fmt: skip


def _with_people(
    session: Session, rows: Sequence[LateAgency], criteria: Sequence[ColumnElement[bool]]
) -> list[LateAgency]:
    ids = [row.id for row in rows]
    people, chased = liaisons(session, ids), last_of_agencies(session, ids, criteria)
    return [
        LateAgency(row.id, row.name, row.is_requested, row.level, row.position, row.days_late, row.bands, row.asking,
                   tuple(people.get(row.id, ())), chased.get(row.id))
        for row in rows
    ]  # fmt: skip


def _totals(rows: Sequence[LateAgency]) -> Totals:
    return Totals({band: sum(row.bands[band] for row in rows) for band in LateBand}, len(rows))
