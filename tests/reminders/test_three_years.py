"""Three years of mornings, one after the other: with Tết, swapped days, make-up Saturdays, moved dates, a leap day.

What should have been told is worked out from the due dates alone, and compared with what the mornings told.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import holidays
import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import _empty as empty
from tests.factories import Factory
from tests.reminders.mornings import morning
from tracker.extensions import db
from tracker.models import Assignment, CalendarDay, OutboxMail, Reminder, User
from tracker.models.calendar import Calendars, load_calendars
from tracker.rules.reminder_policy import Moment, ReminderPolicy
from tracker.rules.reminder_steps import steps_of
from tracker.rules.states import AssignmentState
from tracker.rules.working_days import DayKind, WorkingCalendar

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
#: Longer than any due date stays unsettled here.
LATE = 400
USUAL = ReminderPolicy()


@dataclass(frozen=True)
class Version:
    """One due date of an assignment: from the evening on which it was set to the evening on which that ended."""

    due_on: date
    since: date
    until: date


@dataclass(frozen=True)
class Life:
    """The due dates of one assignment, one after the other; with the last one's end it is reported."""

    versions: tuple[Version, ...]


def a_life(random: Random, first: date) -> Life:
    """Draw when the work is given, how often its date moves, when it is reported."""
    since = first + random.randrange((LAST - first).days * 3 // 4) * DAY
    versions = []
    for _ in range(random.randint(1, 3)):
        until = min(since + random.randint(1, 160) * DAY, LAST)
        versions.append(Version(since + random.randint(-20, 90) * DAY, since, until))
        since = until
    return Life(tuple(version for version in versions if version.since < version.until))


def expected(life: Life, calendar: WorkingCalendar, moments: set[Moment]) -> set[tuple[date, str, int]]:
    """Work out what should be told of one assignment: the morning, the step, the version of the due date."""
    told = set()
    for number, version in enumerate(life.versions, start=1):
        steps = [(one.on, one.step.name) for one in steps_of(version.due_on, USUAL, calendar, late=LATE)
                 if one.step.moment in moments]
        begins = calendar.at_or_after(version.since + DAY)
        told |= {(on, name, number) for on, name in steps if begins <= on <= version.until}
        passed = [name for on, name in steps if on < begins]
        # What had passed when the date was set is caught up: upwards each, of the others the newest.
        newest = passed if Moment.LATE in moments else passed[-1:]
        of_begin = [name for on, name in steps if on == begins]
        if begins <= version.until and not (of_begin and Moment.LATE not in moments):
            told |= {(begins, name, number) for name in newest}
    return told


def fill_calendar(session: Session, agency_id: int) -> None:
    known = holidays.country_holidays("VN", years=range(2026, 2029))
    for day in known:
        session.add(CalendarDay(day=day, kind=DayKind.OFF, name="Nghỉ", source="holidays"))
    for day in set(known.weekend_workdays) - set(known):
        session.add(CalendarDay(day=day, kind=DayKind.WORKING, name="Làm bù", source="holidays"))
    # The agency's own: a swapped day and a Saturday that is worked, every quarter.
    for number in range(11):
        monday = date(2026, 3, 2) + number * 91 * DAY
        for day, kind in ((monday, DayKind.OFF), (monday + 5 * DAY, DayKind.WORKING)):
            session.add(CalendarDay(day=day, kind=kind, name="Riêng", source="QĐ", agency_id=agency_id))
    session.commit()


def live(session: Session, rows: list[tuple[Assignment, Life]], today: date) -> None:
    """Let an evening come: dates are set and moved, work is reported."""
    for row, life in rows:
        for number, version in enumerate(life.versions, start=1):
            if version.since == today:
                session.execute(update(Assignment).where(Assignment.id == row.id).values(
                    due_on=version.due_on, due_version=number, state=AssignmentState.IN_PROGRESS))
        if life.versions[-1].until == today:
            session.execute(update(Assignment).where(Assignment.id == row.id).values(
                state=AssignmentState.SUBMITTED, submitted_on=today))
    session.commit()


@settings(max_examples=1, deadline=None, phases=[Phase.generate], database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(random=st.randoms(use_true_random=True))
def test_three_years_of_mornings_tell_each_step_once_on_its_day(app: Flask, session: Session, random: Random) -> None:
    session.rollback()
    empty(app)
    make = Factory(session)
    # On PostgreSQL the year with the leap day stands for all three: it is the same code, and the way there is longer.
    first = FIRST if db.engine.dialect.name == "sqlite" else date(2028, 1, 1)
    data = [a_life(random, first) for _ in range(80)]
    liaisons = [make.user(), make.user()]
    heads = [make.user(agency=person.agency, is_agency_head=True) for person in liaisons]
    fill_calendar(session, liaisons[1].agency_id)
    plan = make.plan()
    rows = [(make.assignment(liaisons[number % 2].agency, plan, due_on=None), life)
            for number, life in enumerate(data) if life.versions]
    calendars = load_calendars(session)

    day = first
    while day <= LAST:
        morning(session, day)
        live(session, rows, day)
        day += DAY

    for number in (0, 1):
        mine = [(row, life) for row, life in rows if row.agency_id == liaisons[number].agency_id]
        calendar = calendars.of(liaisons[number].agency_id)
        assert_told(session, liaisons[number], mine, calendar, {Moment.BEFORE, Moment.DUE, Moment.AFTER})
        assert_told(session, heads[number], mine, calendar, {Moment.LATE})
    assert_one_a_morning(session, calendars)


def assert_told(
    session: Session, person: User, rows: list[tuple[Assignment, Life]], calendar: WorkingCalendar,
    moments: set[Moment],
) -> None:
    told = {tuple(row) for row in session.execute(
        select(Reminder.assignment_id, Reminder.decided_on, Reminder.step, Reminder.due_version)
        .where(Reminder.recipient_id == person.id))}
    wanted = {(row.id, *one) for row, life in rows for one in expected(life, calendar, moments)}
    assert sorted(told - wanted) == []  # nothing on a day off, nothing after it was reported, nothing of an old date
    assert sorted(wanted - told) == []  # nothing missing
    assert len(wanted) > len(rows)


def assert_one_a_morning(session: Session, calendars: Calendars) -> None:
    agency_of = dict(session.execute(select(User.id, User.agency_id)).all())
    mornings = [tuple(row) for row in session.execute(select(OutboxMail.recipient_id, OutboxMail.key))]
    assert len(mornings) == len(set(mornings))
    assert [day for person, day in mornings
            if not calendars.of(agency_of[person]).is_working(date.fromisoformat(day))] == []


def test_the_calendar_of_these_years_has_all_that_makes_it_hard() -> None:
    known = holidays.country_holidays("VN", years=range(2026, 2029))

    assert known.weekend_workdays
    assert date(2026, 2, 17) in known
    assert pytest.approx((LAST - FIRST).days + 1) == 1096  # 2028 has a 29 February
