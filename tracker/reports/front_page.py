"""What the front page counts: for a person, for each plan and for each agency, as far as that person may see.

Every number here is the number of rows `assignment_list` gives for the filter beside it. The number of queries does
not depend on how many assignments, plans or agencies there are.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Subquery, exists, false, func, null, select
from sqlalchemy.orm import Session, load_only

from tracker.models import Agency, Assignment, OutboxMail, Plan, User
from tracker.models.access import assignments_of, plans_of
from tracker.reports import assignment_list
from tracker.reports.assignment_list import AssignmentFilter, ListView
from tracker.rules.permissions import Permission, Role
from tracker.rules.standing import OfficialClass, Rate, completion_rate, on_time_rate
from tracker.rules.states import COUNTED, OWED, AssignmentState, MailState, PlanState

#: Rows of each table before one asks for all of them.
SHORT_TABLE = 10
#: The most urgent assignments a liaison sees at once; the rest is one click away.
URGENT_ROWS = 5


@dataclass(frozen=True)
class Cells:
    """How many assignments are in each official class."""

    counts: Mapping[OfficialClass, int]

    def __getitem__(self, official_class: OfficialClass) -> int:
        return self.counts[official_class]

    @property
    def total(self) -> int:
        """Count them all; what was cancelled is in none."""
        return sum(self.counts.values())

    @property
    def rate(self) -> Rate:
        """Give the completion rate with the numbers it is made of."""
        return completion_rate(self.counts)


@dataclass(frozen=True)
class Totals:
    """Everything a person may see, counted."""

    cells: Cells
    #: How much came in time: by the due dates as they are now, and by those before any extension.
    on_time: Rate
    on_time_by_first_date: Rate
    states: Mapping[AssignmentState, int]
    #: Still owed and past its day: what can be chased.
    late: int
    #: Still owed and due within a week.
    soon: int
    #: How many agencies have something not done and overdue.
    late_agencies: int
    #: The earliest day among what is still owed and late.
    oldest_due_on: date | None
    #: Since when the report that waits longest has waited.
    oldest_submitted_on: date | None


@dataclass(frozen=True)
class Line:
    """One line of a table: a plan or an agency, and its counts."""

    id: int
    name: str
    #: A plan's number as printed; nothing for an agency.
    code: str | None
    #: Whether this person may open the plan itself.
    may_open: bool
    cells: Cells


@dataclass(frozen=True)
class Table:
    """Some lines, and whether there are more than these."""

    lines: Sequence[Line]
    has_more: bool


@dataclass(frozen=True)
class Health:
    """How the mails and the accounts stand, for the person who keeps the system running."""

    waiting: int
    parked: int
    last_sent_at: datetime | None
    #: Agencies that owe something while nobody there has an account to report with: some of them, and how many.
    alone: Sequence[Agency]
    alone_count: int


@dataclass(frozen=True)
class FrontPage:
    """What one person's front page shows; parts that are not theirs are None."""

    totals: Totals
    plans: Table
    #: Most overdue first; without the bodies that are only asked.
    agencies: Table | None
    #: Bodies that are asked, not told: in the province's own order, never ranked.
    requested: Table | None
    urgent: Sequence[Assignment] | None
    in_review: Sequence[Plan] | None
    health: Health | None


def front_page(session: Session, user: User, *, today: date, whole: bool = False) -> FrontPage:
    """Read a person's front page; `whole` gives the tables with all their lines."""
    limit = None if whole else SHORT_TABLE
    compares = user.may(Permission.PLAN_READ)
    groups = _by_agency(session, user, today)
    return FrontPage(
        totals=_totals(groups),
        plans=_cut(_plans(session, user, today), limit),
        agencies=_cut(_ranked(groups), limit) if compares else None,
        requested=_cut(_lines(group for group in groups if group.is_requested), limit) if compares else None,
        urgent=urgent(session, user, today=today) if user.may(Permission.PROGRESS_REPORT) else None,
        in_review=plans_in_review(session, user) if user.may(Permission.PLAN_EDIT) else None,
        health=health(session) if user.may(Permission.MAIL_MANAGE) else None,
    )


def totals(session: Session, user: User, *, today: date) -> Totals:
    """Count everything a person may see, as the front page shows it, without its tables."""
    return _totals(_by_agency(session, user, today))


def urgent(session: Session, user: User, *, today: date) -> Sequence[Assignment]:
    """Give what an agency owes most urgently, late first."""
    owed = AssignmentFilter(agency_id=user.agency_id, view=ListView.OWED)
    return assignment_list.page(session, user, owed, today=today, limit=URGENT_ROWS).rows


def plans_in_review(session: Session, user: User) -> Sequence[Plan]:
    """Give the plans that wait for this person's check before anything is assigned."""
    return session.scalars(
        select(Plan)
        .where(plans_of(user), Plan.state == PlanState.REVIEW)
        .options(load_only(Plan.id, Plan.number, Plan.title, Plan.created_at))
        .order_by(Plan.created_at, Plan.id)
        .limit(SHORT_TABLE)
    ).all()


def health(session: Session) -> Health:
    """Count the mails that wait and those that could not be sent, and find the agencies nobody speaks for."""
    mails = session.execute(
        select(
            func.count().filter(OutboxMail.state == MailState.PENDING).label("waiting"),
            func.count().filter(OutboxMail.state == MailState.PARKED).label("parked"),
            func.max(OutboxMail.sent_at).label("last_sent_at"),
        ).select_from(OutboxMail)
    ).one()
    liaison = exists().where(User.agency_id == Agency.id, User.role == Role.LIAISON, User.is_active.is_(True))
    owes = exists().where(Assignment.agency_id == Agency.id, Assignment.state.in_(OWED))
    alone = session.execute(
        select(Agency, func.count().over().label("number"))
        .where(owes, ~liaison)
        .order_by(Agency.level.desc(), Agency.position, Agency.id)
        .limit(SHORT_TABLE)
    ).all()
    return Health(
        waiting=mails.waiting,
        parked=mails.parked,
        last_sent_at=mails.last_sent_at,
        alone=[row.Agency for row in alone],
        alone_count=alone[0].number if alone else 0,
    )


def _by_agency(session: Session, user: User, today: date) -> Sequence[Any]:
    """Count once, by everything the page asks for; agencies in the province's own order.

    There are a few groups for each agency, however many assignments: totals and tables are both added up from them.
    """
    seen = _seen(user, Assignment.agency_id, today)
    counted = (
        select(
            seen.c.key, seen.c.state, seen.c.official_class, seen.c.first_class, seen.c.is_late, seen.c.is_soon,
            func.count().label("number"),
            func.min(seen.c.due_on).label("first_due_on"),
            func.min(seen.c.submitted_on).label("first_submitted_on"),
        )
        .group_by(seen.c.key, seen.c.state, seen.c.official_class, seen.c.first_class, seen.c.is_late, seen.c.is_soon)
        .subquery()
    )
    return session.execute(
        select(Agency.id, Agency.name, null().label("code"), false().label("may_open"), Agency.is_requested, *counted.c)
        .join(counted, counted.c.key == Agency.id)
        .order_by(Agency.level.desc(), Agency.position, Agency.id)
    ).all()


def _plans(session: Session, user: User, today: date) -> list[Line]:
    """Count by plan, newest plan first."""
    seen = _seen(user, Assignment.plan_id, today)
    counted = (
        select(seen.c.key, seen.c.official_class, func.count().label("number"))
        .group_by(seen.c.key, seen.c.official_class)
        .subquery()
    )
    return _lines(
        session.execute(
            select(Plan.id, Plan.title.label("name"), Plan.number.label("code"), plans_of(user).label("may_open"),
                   *counted.c)
            .join(counted, counted.c.key == Plan.id)
            .order_by(Plan.issued_on.is_(None), Plan.issued_on.desc(), Plan.id.desc())
        )
    )


def _seen(user: User, key: Any, today: date) -> Subquery:
    """Say of each assignment that counts how it stands, once a row."""
    return (
        select(
            key.label("key"), Assignment.state, Assignment.due_on, Assignment.submitted_on,
            Assignment.class_column(today).label("official_class"),
            Assignment.class_column(today, by_first_date=True).label("first_class"),
            Assignment.is_owed_and_overdue(today).label("is_late"),
            Assignment.falls_due_soon(today).label("is_soon"),
        )
        .where(assignments_of(user), Assignment.is_counted())
        .subquery()
    )


def _totals(groups: Sequence[Any]) -> Totals:
    states = dict.fromkeys((state for state in AssignmentState if state in COUNTED), 0)
    for group in groups:
        states[group.state] += group.number
    late = [group for group in groups if group.is_late]
    waiting = [group.first_submitted_on for group in groups if group.state is AssignmentState.SUBMITTED]
    cells = _cells(groups)
    return Totals(
        cells=cells,
        on_time=on_time_rate(cells.counts),
        on_time_by_first_date=on_time_rate(_count(groups, "first_class")),
        states=states,
        late=sum(group.number for group in late),
        soon=sum(group.number for group in groups if group.is_soon),
        late_agencies=len({group.id for group in groups if group.official_class == OfficialClass.PENDING_OVERDUE}),
        oldest_due_on=min((group.first_due_on for group in late), default=None),
        oldest_submitted_on=min(waiting, default=None),
    )


def _cells(groups: Iterable[Any]) -> Cells:
    return Cells(_count(groups, "official_class"))


def _count(groups: Iterable[Any], column: str) -> dict[OfficialClass, int]:
    counts = dict.fromkeys(OfficialClass, 0)
    for group in groups:
        counts[OfficialClass(getattr(group, column))] += group.number
    return counts


def _lines(groups: Iterable[Any]) -> list[Line]:
    """Add up the groups of each plan or agency, in the order in which they come."""
    gathered: dict[int, list[Any]] = {}
    for group in groups:
        gathered.setdefault(group.id, []).append(group)
    return [
        Line(first.id, first.name, first.code, bool(first.may_open), _cells([first, *rest]))
        for first, *rest in gathered.values()
    ]


def _ranked(groups: Sequence[Any]) -> list[Line]:
    """Put the agencies with most overdue first.

    The People's Committee has no say over a requested body, so those are left out of the comparison.
    """
    lines = _lines(group for group in groups if not group.is_requested)
    return sorted(lines, key=lambda line: -line.cells[OfficialClass.PENDING_OVERDUE])


def _cut(lines: Sequence[Line], limit: int | None) -> Table:
    return Table(lines[:limit], has_more=limit is not None and len(lines) > limit)
