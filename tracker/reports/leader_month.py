"""How everything stands for a leader, and how it stood a month before: the four cells, and who is late the longest."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.clock import VIETNAM
from tracker.models import Agency, Assignment, User
from tracker.models.access import assignments_of
from tracker.reports import front_page
from tracker.reports.front_page import Cells, Totals
from tracker.rules.standing import OfficialClass
from tracker.rules.states import AssignmentState
from tracker.rules.working_days import ONE_DAY, WorkingCalendar

#: Agencies that a leader is told by name.
MOST_NAMED = 3


@dataclass(frozen=True)
class LongestLate:
    """An agency with work that is owed and late: how much, and since when the longest."""

    agency_id: int
    agency: str
    items: int
    days_late: int


@dataclass(frozen=True)
class LeaderMonth:
    """The page's numbers today, the same cells a month before, and the agencies that are late the longest."""

    totals: Totals
    before_on: date
    before: Cells
    #: Without the bodies that are only asked: nobody ranks them.
    longest: Sequence[LongestLate]

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing is left to be done and nothing has changed since."""
        now = self.totals.cells
        open_ones = now.total - now[OfficialClass.DONE_ON_TIME] - now[OfficialClass.DONE_LATE]
        return not open_ones and all(now[one] == self.before[one] for one in OfficialClass)


def month_before(today: date, calendar: WorkingCalendar) -> date:
    """Give the day that a month's mail compares with: that of the mail before, the first working day of its month."""
    return calendar.first_of_month(today.replace(day=1) - timedelta(days=1))


def leader_month(session: Session, user: User, *, today: date, before_on: date) -> LeaderMonth:
    """Count what this person may see, in a fixed number of queries."""
    return LeaderMonth(
        totals=front_page.totals(session, user, today=today),
        before_on=before_on,
        before=cells_on(session, user, before_on),
        longest=_longest_late(session, user, today),
    )


def cells_on(session: Session, user: User, day: date) -> Cells:
    """Count as it stood at the end of a day, by what is known now.

    What was handed in later was still owed then; what was given out later was not there. Due dates, acceptances and
    cancellations are those of today, so that the same work is compared, and a reviewer's slowness is nobody's delay.
    """
    found = class_on(day).label("found")
    rows = session.execute(
        select(found, func.count())
        .where(assignments_of(user), Assignment.is_counted(), _was_there(day)).group_by(found)
    )
    counts = {OfficialClass(official_class): number for official_class, number in rows if official_class}
    return Cells(dict.fromkeys(OfficialClass, 0) | counts)


def class_on(day: date) -> ColumnElement[str | None]:
    """Give the official class at the end of a day that is past, in SQL: reports of later days don't count yet."""
    last_day = Assignment.last_day_column()
    handed_in_later = and_(
        Assignment.state.in_({AssignmentState.SUBMITTED, AssignmentState.ACCEPTED}), Assignment.submitted_on > day
    )
    return case(
        (and_(handed_in_later, last_day.is_(None)), OfficialClass.NO_DEADLINE.value),
        (and_(handed_in_later, last_day >= day), OfficialClass.PENDING_IN_TIME.value),
        (handed_in_later, OfficialClass.PENDING_OVERDUE.value),
        else_=Assignment.class_column(day),
    )


def _was_there(day: date) -> ColumnElement[bool]:
    """Which work had been given out: to this body, or to the one it was taken over from."""
    end = datetime.combine(day + ONE_DAY, time(), VIETNAM)
    older = aliased(Assignment)
    return or_(Assignment.created_at < end,
               exists().where(older.replaced_by_id == Assignment.id, older.created_at < end))


def _longest_late(session: Session, user: User, today: date) -> list[LongestLate]:
    longest = func.min(Assignment.last_day_column())
    rows = session.execute(
        select(Agency.id, Agency.name, func.count(), longest)
        .select_from(Assignment).join(Assignment.agency)
        .where(assignments_of(user), Assignment.is_counted(), Assignment.is_owed_and_overdue(today),
               Agency.is_requested.is_(False))
        .group_by(Agency.id, Agency.name)
        .order_by(longest, func.count().desc(), Agency.id)
        .limit(MOST_NAMED)
    )
    return [LongestLate(agency_id, name, number, (today - day).days) for agency_id, name, number, day in rows if day]
