"""What whom is owed on a morning: assignments whose due dates have reached a step, joined with the people to tell.

Due dates that are owed the same step lie side by side, so a morning is a few ranges of dates, worked out in Python by
the rules; the database finds the assignments in them, and leaves out what a person was told before. The ranges and
everything else that changes from day to day are parameters, so that each statement is made and compiled once.
"""
from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    JSON,
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import QueryableAttribute, Session

from tracker.models import (
    Agency,
    Assignment,
    Extension,
    Plan,
    PlanChange,
    ProgressUpdate,
    Reminder,
    Review,
    Transfer,
    User,
)
from tracker.models.base import Moment as Instant
from tracker.models.calendar import Calendars
from tracker.models.policy import load_reminder_policy, plan_reminder_policies
from tracker.models.recipients import AWAY, is_reachable, told_of_agency
from tracker.rules.look_back import LOOK_BACK
from tracker.rules.permissions import Role
from tracker.rules.plan_changes import Effect
from tracker.rules.reminder_policy import Audience, Moment, ReminderPolicy
from tracker.rules.reminder_steps import ACCEPTED, OPENED, StepRange, ranges_owed
from tracker.rules.states import OWED, AssignmentState, Decision, PlanState, RequestState
from tracker.rules.working_days import WorkingCalendar

#: A statement whose rows are taken as they come.
Found = Select[*tuple[Any, ...]]


class OwedItem(NamedTuple):
    """One reminder that a person is owed: of which step of which due date, and as whom."""

    person_id: int
    assignment_id: int
    step: str
    due_version: int
    audience: str


class _Who(Enum):
    """Whom one statement tells; the values are the audiences in its ranges."""

    #: Of every assignment of their agency, also of what is only asked for or waits for an answer.
    AGENCY = (Audience.LIAISON.value, Audience.STAND_IN.value, AWAY)
    HEAD = (Audience.HEAD.value,)
    COORDINATOR = (Audience.COORDINATOR.value,)
    LEADERSHIP = (Audience.LEADERSHIP.value,)


@dataclass(frozen=True)
class _Scope:
    """Assignments that share a policy and a calendar: of these plans and agencies, or of all but these."""

    plans: Sequence[int]
    only_plans: bool
    agencies: Sequence[int]
    only_agencies: bool

    @property
    def values(self) -> dict[str, Sequence[int]]:
        """Give the parameters of `_in_scope`."""
        return {"plans": self.plans, "agencies": self.agencies}


@dataclass(frozen=True)
class _Group:
    """A scope, and what its due dates are owed on the morning."""

    ranges: list[StepRange]
    policy: ReminderPolicy
    scope: _Scope

    def steps(self, who: _Who) -> str | None:
        """Write down, as JSON, which range of due dates is told whom as which step; None when nobody is told."""
        rows = []
        for one in self.ranges:
            told = {audience.value for audience in self.policy.audiences(one.step.moment)}
            if one.step.moment is Moment.DUE and Audience.LIAISON in told:
                told.add(AWAY)
            rows += [(one.step.name, audience, (one.first or date.min).isoformat(), one.last.isoformat())
                     for audience in sorted(told.intersection(who.value))]
        return json.dumps(rows) if rows else None


def told_upwards() -> list[ColumnElement[bool]]:
    """Which assignments (joined with their agency) may be told upwards: ordered, not a part, with nothing asked for."""
    asked = [
        exists().where(kind.assignment_id == Assignment.id, kind.state == RequestState.WAITING)
        for kind in (Extension, Transfer)
    ]
    return [Assignment.is_part.is_(False), Assignment.is_requested.is_(False), Agency.is_requested.is_(False),
            *(~waits for waits in asked)]


def owed(session: Session, *, today: date, calendars: Calendars) -> Iterator[OwedItem]:
    """Read everything that anybody is owed today and was not told of before; in no order, some twice, as two audiences.

    The number of queries depends on how many different policies plans have, and on how many agencies' own days make a
    difference this morning; never on assignments or people.
    """
    for group in _groups(session, today, calendars):
        for who in _Who:
            if (steps := group.steps(who)) is not None:
                for by_grace in (False, True):
                    statement = _reminders(_dialect(session), who, by_grace, group.scope.only_plans,
                                           group.scope.only_agencies)
                    for row in session.execute(statement, {"steps": steps, "today": today, **group.scope.values}):
                        yield OwedItem(*row)
    since = datetime.combine(today - LOOK_BACK, time(), UTC)
    for agencies, only in _at_work(today, calendars):
        for statement in (_opened(only), _accepted(only)):
            for row in session.execute(statement, {"today": today, "since": since, "agencies": agencies}):
                yield OwedItem(*row)


def unreached(session: Session, *, today: date, calendars: Calendars) -> list[tuple[int, str, int]]:
    """Give the agencies that would be told something and have nobody who can be: id, name, assignments due or late."""
    found: dict[tuple[int, str], int] = defaultdict(int)
    for group in _groups(session, today, calendars):
        if (steps := group.steps(_Who.AGENCY)) is None:
            continue
        for by_grace in (False, True):
            statement = _of_nobody(_dialect(session), by_grace, group.scope.only_plans, group.scope.only_agencies)
            for agency_id, name, number in session.execute(
                    statement, {"steps": steps, "today": today, **group.scope.values}):
                found[agency_id, name] += number
    return [(agency_id, name, number) for (agency_id, name), number in sorted(found.items(), key=lambda one: one[0][0])]


def _groups(session: Session, today: date, calendars: Calendars) -> Iterator[_Group]:
    earliest = _earliest(session)
    if earliest is None:
        return
    usual = load_reminder_policy(session)
    own = {plan_id: policy for plan_id, policy in plan_reminder_policies(session).items() if policy != usual}
    plans_of: dict[ReminderPolicy, list[int]] = defaultdict(list)
    for plan_id, policy in own.items():
        plans_of[policy].append(plan_id)
    policies = [(policy, plans, True) for policy, plans in plans_of.items()]
    policies.append((usual, list(own), False))
    for policy, plans, only_plans in policies:
        for ranges, agencies, only_agencies in _by_ranges(today, min(earliest, today), policy, calendars):
            yield _Group(ranges, policy, _Scope(plans, only_plans, agencies, only_agencies))


def _by_ranges(
    today: date, earliest: date, policy: ReminderPolicy, calendars: Calendars
) -> Iterator[tuple[list[StepRange], list[int], bool]]:
    """Pair what due dates are owed with the agencies of it: those whose own days make a difference this morning apart,
    and everybody else (False).
    """
    usual = ranges_owed(today, earliest, policy, calendars.province)
    agencies_of: dict[tuple[StepRange, ...], list[int]] = defaultdict(list)
    for calendar, agencies in _own(calendars).items():
        ranges = ranges_owed(today, earliest, policy, calendar)
        if ranges != usual:
            agencies_of[tuple(ranges)] += agencies
    for different, agencies in agencies_of.items():
        if different:
            yield list(different), agencies, True
    if usual:
        yield usual, [agency_id for agencies in agencies_of.values() for agency_id in agencies], False


def _at_work(today: date, calendars: Calendars) -> Iterator[tuple[list[int], bool]]:
    """Give the agencies that work today: all but some (False), or only some on the province's day off."""
    differs = [agency_id for agency_id, calendar in calendars.own.items()
               if calendar.is_working(today) != calendars.province.is_working(today)]
    if calendars.province.is_working(today):
        yield differs, False
    elif differs:
        yield differs, True


def _own(calendars: Calendars) -> dict[WorkingCalendar, list[int]]:
    """Give the agencies that follow each calendar that is not the province's."""
    agencies_of: dict[WorkingCalendar, list[int]] = defaultdict(list)
    for agency_id, calendar in calendars.own.items():
        agencies_of[calendar].append(agency_id)
    return agencies_of


def _earliest(session: Session) -> date | None:
    """Give the oldest due date that anything is still owed for."""
    each = [select(func.min(Assignment.due_on)).where(Assignment.state == state).scalar_subquery() for state in OWED]
    return min((day for day in session.execute(select(*each)).one() if day is not None), default=None)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


#: Each part is worked out by itself: a planner that mixes them walks through all assignments of every person's agency.
_AS_IT_IS = "MATERIALIZED"


def _steps(dialect: str) -> CTE:
    """Read the parameter `steps` (`_Group.steps`) as rows."""
    if dialect == "sqlite":
        rows: Any = func.json_each(bindparam("steps", type_=String)).table_valued("value", name="ranges")

        def part(place: int) -> ColumnElement[Any]:
            found: ColumnElement[Any] = func.json_extract(rows.c.value, literal(f"$[{place}]", String), type_=String)
            return found
    else:
        rows = func.json_array_elements(cast(bindparam("steps", type_=String), JSON)).table_valued(
            "value", name="ranges").render_derived()

        def part(place: int) -> ColumnElement[Any]:
            found: ColumnElement[Any] = rows.c.value.op("->>", return_type=String())(literal(place, Integer))
            return found

    days = [part(place) if dialect == "sqlite" else cast(part(place), Date) for place in (2, 3)]
    return select(
        part(0).label("name"), part(1).label("audience"), days[0].label("first_day"), days[1].label("last_day")
    ).cte("steps").prefix_with(_AS_IT_IS)


def _due(steps: CTE, *, by_grace: bool, only_plans: bool, only_agencies: bool) -> Found:
    """Select the assignments in the ranges, joined with plan and agency: by due date, or the few by their grace."""
    grace = Assignment.grace_until > Assignment.due_on
    in_range = and_(Assignment.due_on.between(steps.c.first_day, steps.c.last_day),
                    or_(Assignment.grace_until.is_(None), ~grace))
    if by_grace:
        in_range = and_(Assignment.grace_until.between(steps.c.first_day, steps.c.last_day), grace)
    return (
        select(Assignment.id).select_from(steps).join(Assignment, in_range)
        .join(Assignment.plan).join(Assignment.agency)
        .where(Assignment.state.in_(OWED), Plan.state == PlanState.PUBLISHED,
               _within(Assignment.plan_id, "plans", only=only_plans), _of_agencies(only=only_agencies))
    )


def _within(of: QueryableAttribute[int], name: str, *, only: bool) -> ColumnElement[bool]:
    ids: BindParameter[Any] = bindparam(name, expanding=True)
    return of.in_(ids) if only else of.not_in(ids)


def _of_agencies(*, only: bool) -> ColumnElement[bool]:
    return _within(Assignment.agency_id, "agencies", only=only)


def _told() -> CTE:
    return select(told_of_agency(bindparam("today", type_=Date))).cte("told_of_agency").prefix_with(_AS_IT_IS)


@cache
def _reminders(dialect: str, who: _Who, by_grace: bool, only_plans: bool, only_agencies: bool) -> Found:
    """Make the statement that finds who is owed which step: parameters steps, today, plans, agencies."""
    steps = _steps(dialect)
    due = _due(steps, by_grace=by_grace, only_plans=only_plans, only_agencies=only_agencies).with_only_columns(
        Assignment.id, Assignment.agency_id, Assignment.due_version, Plan.coordinator_id, steps.c.name,
        steps.c.audience,
    )
    if who is not _Who.AGENCY:
        due = due.where(*told_upwards())
    reached = due.cte("reached").prefix_with(_AS_IT_IS)
    if who in {_Who.AGENCY, _Who.HEAD}:
        people = _told()
        is_theirs = and_(people.c.agency_id == reached.c.agency_id, people.c.audience == reached.c.audience)
    else:
        role = Role.COORDINATOR if who is _Who.COORDINATOR else Role.LEADER
        people = select(User.id.label("person_id"), User.agency_id).where(User.role == role, is_reachable()).cte(
            "people").prefix_with(_AS_IT_IS)
        is_theirs = people.c.agency_id == reached.c.coordinator_id if who is _Who.COORDINATOR else true()
    return _not_told(reached, people, is_theirs, reached.c.audience)


@cache
def _of_nobody(dialect: str, by_grace: bool, only_plans: bool, only_agencies: bool) -> Found:
    steps, people = _steps(dialect), _told()
    reached = select(people.c.agency_id).where(people.c.audience == Audience.LIAISON.value)
    return (
        _due(steps, by_grace=by_grace, only_plans=only_plans, only_agencies=only_agencies)
        .with_only_columns(Agency.id, Agency.name, func.count(Assignment.id.distinct()))
        .where(Assignment.agency_id.not_in(reached), steps.c.audience == Audience.LIAISON.value)
        .group_by(Agency.id, Agency.name)
    )


@cache
def _opened(only_agencies: bool) -> Found:
    """Select the windows that the clock opened; the first ones were told when their plan was published."""
    given = exists().where(PlanChange.assignment_id == Assignment.id, PlanChange.effect == Effect.GIVEN)
    return _of_liaisons(
        select(Assignment.id, Assignment.agency_id, Assignment.due_version, literal(OPENED, String).label("name"))
        .join(Assignment.plan)
        .where(Assignment.created_at >= bindparam("since", type_=Instant()), Assignment.period_id.is_not(None),
               Assignment.state.in_(OWED), Assignment.due_on >= bindparam("today", type_=Date),
               Plan.state == PlanState.PUBLISHED, Assignment.created_at > Plan.published_at, ~given,
               _of_agencies(only=only_agencies))
    )


@cache
def _accepted(only_agencies: bool) -> Found:
    """Select the reports that were accepted and nobody was told of yet."""
    step = literal(ACCEPTED, String) + cast(Review.id, String)
    return _of_liaisons(
        select(Assignment.id, Assignment.agency_id, Assignment.due_version, step.label("name"))
        .select_from(Review)
        .join(ProgressUpdate, ProgressUpdate.id == Review.update_id).join(ProgressUpdate.assignment)
        .join(Assignment.plan)
        .where(Review.decided_at >= bindparam("since", type_=Instant()), Review.decision == Decision.ACCEPTED,
               Review.undone_at.is_(None), Assignment.state == AssignmentState.ACCEPTED,
               Plan.state == PlanState.PUBLISHED, _of_agencies(only=only_agencies))
    )


def _of_liaisons(happened: Found) -> Found:
    """Join what happened (id, agency_id, due_version, name) with the agency's liaisons, as `_reminders` does."""
    reached, people = happened.cte("reached").prefix_with(_AS_IT_IS), _told()
    is_theirs = and_(people.c.agency_id == reached.c.agency_id, people.c.audience == Audience.LIAISON.value)
    return _not_told(reached, people, is_theirs, people.c.audience)


def _not_told(reached: CTE, people: CTE, is_theirs: ColumnElement[bool], audience: ColumnElement[str]) -> Found:
    """Pair what was reached with its people, without what they were told before."""
    known = exists().where(
        Reminder.recipient_id == people.c.person_id, Reminder.assignment_id == reached.c.id,
        Reminder.step == reached.c.name, Reminder.due_version == reached.c.due_version,
    )
    return (
        select(people.c.person_id, reached.c.id, reached.c.name, reached.c.due_version, audience)
        .select_from(reached).join(people, is_theirs).where(~known)
    )
