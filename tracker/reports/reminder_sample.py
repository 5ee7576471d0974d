"""What a reminder policy means for one due date: the exact mornings, and the people who are told on each.

The mornings are gone through one by one as `reminders.deciding` does, for a task that exists only here; nothing is
read of what was told, nothing is written.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session

from tracker.models import Agency, AgencyLevel, Assignment, CalendarDay, Plan, User
from tracker.models.calendar import Calendars, load_calendars
from tracker.models.recipients import is_reachable
from tracker.reports.reminder_readers import Reader, Readers
from tracker.rules.permissions import Role
from tracker.rules.reminder_policy import UPWARDS, Audience, Moment, ReminderPolicy
from tracker.rules.reminder_steps import WEEK, DatedStep, Step, ranges_owed, steps_of
from tracker.rules.states import DigestRhythm, PlanState
from tracker.rules.working_days import ONE_DAY, DayKind, WorkingCalendar

#: Mornings that a sample shows at most.
MOST_DAYS = 30
#: How long somebody who reads once a week, or whose own calendar rests, may be told after the day.
_PATIENCE = timedelta(days=21)
_IN_ORDER = (case((Agency.level == AgencyLevel.PROVINCE, 0), else_=1), Agency.position, Agency.id)


@dataclass(frozen=True)
class SampleTask:
    """The task of a sample: whose, due when, coordinated by whom."""

    agency: Agency
    due_on: date
    #: None: no plan was ever given out, so nobody coordinates one.
    coordinator: Agency | None


@dataclass
class SampleDay:
    """One morning: what is told, to whom."""

    on: date
    #: What falls on this day.
    steps: list[Step] = field(default_factory=list)
    readers: list[Reader] = field(default_factory=list)
    #: Those who are told only now what fell on an earlier day.
    late_readers: list[Reader] = field(default_factory=list)
    #: Who should be told and has no account that a mail reaches.
    nobody: list[Audience] = field(default_factory=list)
    #: The day it would be if only Saturdays and Sundays were days off.
    instead_of: date | None = None


@dataclass(frozen=True)
class Rest:
    """Days in a row without mails, and the holidays in them."""

    first: date
    last: date
    names: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """A due date's mornings with the rests between them, in order."""

    task: SampleTask
    days: list[SampleDay | Rest]
    readers: list[Reader]
    #: The last working day, where the due date itself is a day off.
    last_call: date | None
    #: Mornings that are not shown.
    more: int
    #: The year's holidays stand in the calendar.
    is_filled: bool


def first_task(session: Session, *, today: date, plan: Plan | None = None) -> SampleTask | None:
    """Offer a task to begin with: three weeks from today, of the first agency that can be told; None without one."""
    has_liaison = select(User.agency_id).where(User.role == Role.LIAISON, is_reachable())
    agency = session.scalar(
        select(Agency).where(*_choosable(today, plan))
        .order_by(case((Agency.id.in_(has_liaison), 0), else_=1), Agency.is_requested, *_IN_ORDER).limit(1)
    )
    return SampleTask(agency, today + timedelta(weeks=3), coordinator_of(session, plan)) if agency else None


def agencies(session: Session, *, today: date, plan: Plan | None = None) -> list[tuple[int, str]]:
    """Give the agencies that a sample may be for, departments before communes: of a running plan those with work."""
    rows = session.execute(select(Agency.id, Agency.name).where(*_choosable(today, plan)).order_by(*_IN_ORDER))
    return [(agency_id, name) for agency_id, name in rows]


def _choosable(today: date, plan: Plan | None) -> list[ColumnElement[bool]]:
    lives = or_(Agency.ended_on.is_(None), Agency.ended_on > today)
    if plan is None or plan.state is not PlanState.PUBLISHED:
        return [lives]
    return [lives, Agency.id.in_(select(Assignment.agency_id).where(Assignment.plan_id == plan.id))]


def coordinator_of(session: Session, plan: Plan | None) -> Agency | None:
    """Give who coordinates a plan; without one, who coordinates the newest that was given out."""
    if plan is not None:
        return plan.coordinator
    return session.scalar(
        select(Agency).join(Plan, Plan.coordinator_id == Agency.id).where(Plan.state == PlanState.PUBLISHED)
        .order_by(Plan.id.desc()).limit(1)
    )  # fmt: skip


def sample(session: Session, task: SampleTask, reminders: ReminderPolicy, *, mails_per_week: int) -> Sample:
    """Go through the mornings of a task that nobody reports on. Only reads."""
    calendars = load_calendars(session)
    calendar = calendars.of(task.agency.id)
    late = max(reminders.weekly_after, reminders.very_late_after, reminders.late_after) + WEEK
    steps = steps_of(task.due_on, reminders, calendar, late=late)
    mornings = _Mornings(session, task, reminders, calendars, mails_per_week)
    days = mornings.gone_through(steps)
    for day, plain in _unhindered(steps, steps_of(task.due_on, reminders, WorkingCalendar(), late=late)):
        days[day].instead_of = plain
    shown = sorted(days.values(), key=lambda one: one.on)[:MOST_DAYS]
    last_call = calendar.at_or_before(task.due_on)
    rests = _rests(session, task, calendar, shown[0].on, max(shown[-1].on, task.due_on))
    filled = select(CalendarDay.id).where(
        CalendarDay.agency_id.is_(None), CalendarDay.kind == DayKind.OFF,
        CalendarDay.day.between(date(task.due_on.year, 1, 1), date(task.due_on.year, 12, 31)))
    return Sample(
        task=task, days=sorted([*shown, *rests], key=lambda one: one.on if isinstance(one, SampleDay) else one.first),
        readers=_once([reader for day in shown for reader in (*day.readers, *day.late_readers)]),
        last_call=last_call if last_call != task.due_on else None, more=len(days) - len(shown),
        is_filled=session.scalar(filled.limit(1)) is not None,
    )


class _Mornings:
    """The mornings of one due date, each person's mails decided as on a real one."""

    def __init__(self, session: Session, task: SampleTask, reminders: ReminderPolicy, calendars: Calendars,
                 mails_per_week: int) -> None:
        self._task, self._policy, self._calendars = task, reminders, calendars
        self._mails_per_week = mails_per_week
        self._is_ordered = not task.agency.is_requested
        self._told: dict[int, set[str]] = {}
        self._digests: Counter[tuple[int, date]] = Counter()
        self._readers = Readers(session, task.agency, task.coordinator)

    def gone_through(self, steps: list[DatedStep]) -> dict[date, SampleDay]:
        """Give every morning on which a step falls or somebody is told, by day."""
        days: dict[date, SampleDay] = {}
        for dated in steps:
            days.setdefault(dated.on, SampleDay(dated.on)).steps.append(dated.step)
        last_step = steps[-1].on
        day = steps[0].on
        while day <= last_step + _PATIENCE:
            for reader, told in self._told_on(day, last_step):
                one = days.setdefault(day, SampleDay(day))
                on_time = told & {step.name for step in one.steps}
                (one.readers if on_time else one.late_readers).append(reader)
            day += ONE_DAY
        for one in days.values():
            one.nobody = self._missing(one)
        return days

    def _told_on(self, day: date, last_step: date) -> Iterator[tuple[Reader, set[str]]]:
        calendar = self._calendars.of(self._task.agency.id)
        # Past the last step shown nothing new begins; what is still to be told is.
        owed = [(one.step.name, one.step.moment) for one in
                ranges_owed(min(day, last_step), self._task.due_on, self._policy, calendar)
                if (one.first or date.min) <= self._task.due_on <= one.last]
        if not owed or not calendar.is_working(day):
            return
        by_person: dict[int, tuple[Reader, set[str], set[Moment]]] = {}
        for reader in self._readers.on(day):
            mine = {(name, moment) for name, moment in owed if self._concerns(reader, moment)}
            known, names, moments = by_person.setdefault(reader.id, (reader, set(), set()))
            new = {(name, moment) for name, moment in mine if name not in self._told.get(known.id, ())}
            names |= {name for name, _moment in new}
            moments |= {moment for _name, moment in new}
        for reader, names, moments in by_person.values():
            if names and self._gets_mail(reader, moments, day):
                self._told.setdefault(reader.id, set()).update(names)
                yield reader, names

    def _concerns(self, reader: Reader, moment: Moment) -> bool:
        if reader.is_away and moment is not Moment.DUE:
            return False
        if reader.audience in UPWARDS and not self._is_ordered:
            return False
        return reader.audience in self._policy.audiences(moment)

    def _gets_mail(self, reader: Reader, moments: set[Moment], day: date) -> bool:
        calendar = self._calendars.of(reader.agency_id)
        if not calendar.is_working(day):
            return False
        begins_week = day == calendar.first_of_week(day)
        if reader.role is not Role.LIAISON:
            # Their mails of the week and of the month tell how things stand, not what a head is told.
            stands = begins_week if reader.role is Role.COORDINATOR else day == calendar.first_of_month(day)
            return not (stands and reader.audience is Audience.HEAD and reader.role is not Role.ADMINISTRATOR)
        week = reader.id, day - timedelta(days=day.weekday())
        may = Moment.DUE in moments or (self._digests[week] < self._mails_per_week
                                        and (reader.digest is DigestRhythm.DAILY or begins_week))
        self._digests[week] += may
        return may

    def _missing(self, day: SampleDay) -> list[Audience]:
        there = {reader.audience for reader in self._readers.on(day.on)}
        wanted = {audience for step in day.steps for audience in self._policy.audiences(step.moment)}
        if not self._is_ordered:
            wanted -= UPWARDS
        # That nobody stands in is nothing amiss.
        return [audience for audience in Audience if audience in wanted - there - {Audience.STAND_IN}]


def _once(readers: list[Reader]) -> list[Reader]:
    """Give everybody once, in the order of the audiences."""
    found = {(reader.id, reader.audience): reader for reader in reversed(readers)}
    order = list(Audience)
    return sorted(found.values(), key=lambda one: (order.index(one.audience), one.id))


def _unhindered(steps: list[DatedStep], plain: list[DatedStep]) -> Iterator[tuple[date, date]]:
    """Pair each day that holidays have moved with the day it would be without them."""
    days = {dated.step.name: dated.on for dated in plain}
    for dated in steps:
        if days.get(dated.step.name, dated.on) != dated.on:
            yield dated.on, days[dated.step.name]


def _rests(session: Session, task: SampleTask, calendar: WorkingCalendar, first: date, last: date) -> list[Rest]:
    """Give the days off in a row, beside ordinary weekends, between two days."""
    rows = session.execute(
        select(CalendarDay.day, CalendarDay.name)
        .where(CalendarDay.day.between(first, last), CalendarDay.kind == DayKind.OFF,
               or_(CalendarDay.agency_id.is_(None), CalendarDay.agency_id == task.agency.id))
        .order_by(CalendarDay.day, CalendarDay.id)
    ).all()
    rests: list[Rest] = []
    for day, name in rows:
        if calendar.is_working(day):  # worked after all, in this agency
            continue
        if rests and day <= rests[-1].last:
            known = rests.pop()
            rests.append(Rest(known.first, known.last, tuple(dict.fromkeys((*known.names, name)))))
            continue
        begin, end = day, day
        while not calendar.is_working(begin - ONE_DAY):
            begin -= ONE_DAY
        while not calendar.is_working(end + ONE_DAY):
            end += ONE_DAY
        rests.append(Rest(begin, end, (name,)))
    return rests
