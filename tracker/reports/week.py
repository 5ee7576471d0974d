"""What a week changed in the plans an agency coordinates: reported, decided, given, put off, newly late."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.clock import VIETNAM
from tracker.models import Agency, Assignment, Extension, Plan, PlanChange, ProgressUpdate, Review, User
from tracker.rules.plan_changes import Effect
from tracker.rules.states import AssignmentState, Decision, RequestState
from tracker.rules.working_days import LONGEST_REST, ONE_DAY, WorkingCalendar
from tracker.workflow.chasing import chaseable, chased_by

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekChanges:
    """What happened from `first` to `last`, helpers' parts apart."""

    first: date
    last: date
    #: Reports that ask for acceptance, and those on work that goes on; what was taken back is in neither.
    submitted: int
    progress: int
    accepted: int
    returned: int
    #: Given out: by a new plan, by a change of one, as a new window of a periodic report.
    given: int
    #: Assignments whose day was moved: more time granted, or the plan changed.
    moved: int
    #: Late today, and in time on the first day; without the bodies that are only asked.
    newly_late: int

    @property
    def is_quiet(self) -> bool:
        """Tell whether nothing happened."""
        return not (self.submitted or self.progress or self.accepted or self.returned or self.given or self.moved
                    or self.newly_late)


def days_told(today: date, calendar: WorkingCalendar) -> tuple[date, date]:
    """Give the days that a week's mail looks back on: the calendar week before, and any before it that rested whole.

    So no day is left out between two mails, also not round a long holiday.
    """
    monday = today - today.weekday() * ONE_DAY
    first = monday - _WEEK
    while calendar.first_of_week(first) is None and (monday - first).days < LONGEST_REST:
        first -= _WEEK
    return first, monday - ONE_DAY


def changes(session: Session, user: User, *, first: date, last: date, today: date) -> WeekChanges:
    """Count what happened in the running plans that this person's agency coordinates, in one statement."""
    begin, end = (datetime.combine(day, time(), VIETNAM) for day in (first, last + ONE_DAY))

    def within(moment: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        return (moment >= begin) & (moment < end)

    counts = {
        "submitted": _reports(user, within, AssignmentState.SUBMITTED),
        "progress": _reports(user, within, AssignmentState.IN_PROGRESS),
        "accepted": _decisions(user, within, Decision.ACCEPTED),
        "returned": _decisions(user, within, Decision.RETURNED),
        "given": _counted(user, within(Assignment.created_at)),
        "moved": _moved(user, within),
        "newly_late": select(func.count()).select_from(Assignment).join(Assignment.agency)
        .where(chaseable(user, today), Assignment.last_day_column() >= first, Agency.is_requested.is_(False)),
    }
    found = session.execute(select(*(query.scalar_subquery().label(name) for name, query in counts.items()))).one()
    return WeekChanges(first, last, **found._mapping)


def _mine(user: User) -> ColumnElement[bool]:
    return Assignment.plan_id.in_(select(Plan.id).where(chased_by(user))) & Assignment.is_counted()


def _counted(user: User, *criteria: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).select_from(Assignment).where(_mine(user), *criteria)


def _reports(user: User, within: Any, state: AssignmentState) -> Select[Any]:
    return (
        select(func.count()).select_from(ProgressUpdate).join(ProgressUpdate.assignment)
        .where(within(ProgressUpdate.created_at), ProgressUpdate.state == state,
               ProgressUpdate.withdrawn_at.is_(None), _mine(user))
    )


def _decisions(user: User, within: Any, decision: Decision) -> Select[Any]:
    return (
        select(func.count()).select_from(Review).join(ProgressUpdate, ProgressUpdate.id == Review.update_id)
        .join(ProgressUpdate.assignment)
        .where(within(Review.decided_at), Review.decision == decision, Review.undone_at.is_(None), _mine(user))
    )


def _moved(user: User, within: Any) -> Select[Any]:
    """Count each assignment once, however often its day was moved."""
    extended = (
        select(Extension.assignment_id).join(Assignment, Assignment.id == Extension.assignment_id)
        .where(Extension.state == RequestState.GRANTED, within(Extension.decided_at), _mine(user))
    )
    changed = (
        select(PlanChange.assignment_id).join(Assignment, Assignment.id == PlanChange.assignment_id)
        .where(PlanChange.effect == Effect.MOVED, PlanChange.undone_at.is_(None), within(PlanChange.changed_at),
               _mine(user))
    )
    return select(func.count()).select_from(union(extended, changed).subquery())
