"""The sample of a reminder policy says exactly what the mornings do, to the day and to the person."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.reminders.mornings import decide, half_past_seven
from tracker.models import Agency, CalendarDay, OutboxMail, Plan, PlanReminderPolicy, ProvincePolicy, Reminder
from tracker.models.policy import ONLY
from tracker.reports.reminder_sample import Rest, Sample, SampleDay, SampleTask, first_task, sample
from tracker.rules.permissions import Role
from tracker.rules.policy import Policy
from tracker.rules.reminder_policy import Audience, Moment, ReminderPolicy
from tracker.rules.states import DigestRhythm, MailState
from tracker.rules.working_days import DayKind

DAY = timedelta(days=1)
#: The Friday after the days off below.
DUE = date(2026, 2, 27)
EVERYBODY = ReminderPolicy(before=(5, 2), after_every=2, weekly_after=6, late_after=3, very_late_after=7,
                           told=frozenset((moment, audience) for moment in Moment for audience in Audience))


@pytest.fixture
def agency(make: Factory) -> Agency:
    return make.agency("Sở Y tế")


@pytest.fixture
def police(make: Factory) -> Agency:
    return make.agency("Công an tỉnh Hà Dương")


@pytest.fixture
def tet(session: Session) -> None:
    """Days off from Monday 16 to Friday 20 February, one Saturday worked for it."""
    session.add_all([CalendarDay(day=date(2026, 2, 16) + n * DAY, kind=DayKind.OFF, name="Tết Nguyên đán",
                                 source="Thông báo") for n in range(5)])
    session.add(CalendarDay(day=date(2026, 2, 28), kind=DayKind.WORKING, name="Làm bù", source="Thông báo"))
    session.commit()


def _days(found: Sample) -> list[SampleDay]:
    return [one for one in found.days if isinstance(one, SampleDay)]


def _told(found: Sample) -> set[tuple[date, int]]:
    return {(day.on, reader.id) for day in _days(found) for reader in (*day.readers, *day.late_readers)}


def _mornings(session: Session, first: date, last: date) -> Iterator[tuple[date, int]]:
    """Decide every morning, and give who was told something on which."""
    day = first
    while day <= last:
        if decide(session, day):
            session.execute(update(OutboxMail).values(state=MailState.SENT, sent_at=half_past_seven(day)))
            session.commit()
        day += DAY
    session.rollback()
    return (tuple(row) for row in session.execute(select(Reminder.decided_on, Reminder.recipient_id)))


@pytest.mark.parametrize(("policy", "mails_per_week"), [(ReminderPolicy(), 5), (EVERYBODY, 2)],
                         ids=["usual", "everybody"])
def test_it_says_what_the_mornings_do(
    session: Session, make: Factory, agency: Agency, police: Agency, tet: None, policy: ReminderPolicy,
    mails_per_week: int,
) -> None:
    plan = _plan(session, make, police, policy, mails_per_week)
    colleague = make.user(agency=agency)
    make.user(agency=agency, digest=DigestRhythm.WEEKLY)
    make.user(agency=agency, stand_in_id=colleague.id, away_from=DUE + 3 * DAY, away_until=DUE + 9 * DAY)
    make.user(agency=agency, is_agency_head=True)
    make.user(Role.COORDINATOR, agency, is_agency_head=True)
    make.user(Role.COORDINATOR, police)
    make.user(Role.LEADER)
    make.user(agency=agency, is_active=False)
    make.user(agency=agency, mail_refused_at=NOW)
    session.add(CalendarDay(day=DUE + 4 * DAY, kind=DayKind.OFF, name="Ngày truyền thống", source="Công văn",
                            agency=police))
    make.assignment(agency, plan, due_on=DUE)

    found = sample(session, SampleTask(agency, DUE, police), policy, mails_per_week=mails_per_week)

    last = max(day.on for day in _days(found) if day.steps)
    done = set(_mornings(session, date(2026, 2, 9), last))
    assert {one for one in _told(found) if one[0] <= last} == done
    assert found.more == 0
    assert len(done) > 20 or policy != EVERYBODY


def _plan(session: Session, make: Factory, police: Agency, policy: ReminderPolicy, mails_per_week: int) -> Plan:
    plan: Plan = make.plan(police)
    row = ProvincePolicy(id=ONLY, changed_at=NOW, **vars(Policy(mails_per_week=mails_per_week)))
    own = PlanReminderPolicy(plan_id=plan.id, changed_at=NOW)
    own.set_reminder_policy(policy)
    session.add_all([row, own])
    session.commit()
    return plan


def test_days_off_are_named_and_what_they_move_says_so(
    session: Session, make: Factory, agency: Agency, tet: None
) -> None:
    make.user(agency=agency)

    found = sample(session, SampleTask(agency, DUE, None), ReminderPolicy(), mails_per_week=5)

    assert [(one.first, one.last, one.names) for one in found.days if isinstance(one, Rest)] == [
        (date(2026, 2, 14), date(2026, 2, 22), ("Tết Nguyên đán",))]
    days = {day.on: (day.steps[0].name, day.instead_of) for day in _days(found)}
    # A week later than five working days before would be without the days off; the Saturday after is worked.
    assert days[date(2026, 2, 13)] == ("before_5", date(2026, 2, 20))
    assert days[date(2026, 2, 26)] == ("before_1", None)
    assert days[DUE] == ("due", None)
    assert days[date(2026, 3, 3)] == ("after_3", date(2026, 3, 4))
    assert [one.on if isinstance(one, SampleDay) else one.first for one in found.days] == sorted(
        one.on if isinstance(one, SampleDay) else one.first for one in found.days)


def test_a_due_date_on_a_day_off_is_told_on_the_last_working_day(
    session: Session, make: Factory, agency: Agency, tet: None
) -> None:
    found = sample(session, SampleTask(agency, date(2026, 2, 18), None), ReminderPolicy(), mails_per_week=5)

    assert found.last_call == date(2026, 2, 13)
    due = next(day for day in _days(found) if day.steps[0].name == "due")
    assert (due.on, due.instead_of) == (date(2026, 2, 13), date(2026, 2, 18))


def test_whom_nobody_can_reach_is_said(session: Session, make: Factory, agency: Agency) -> None:
    found = sample(session, SampleTask(agency, DUE, None), EVERYBODY, mails_per_week=5)

    assert found.readers == []
    everybody = [Audience.LIAISON, Audience.HEAD, Audience.COORDINATOR, Audience.LEADERSHIP]
    late = next(day for day in _days(found) if day.steps[0].name == "after_2")
    assert (found.days[0].nobody, late.nobody) == ([Audience.LIAISON], everybody)  # type: ignore[union-attr]
    assert not found.is_filled


def test_a_body_that_is_only_asked_is_not_told_upwards(session: Session, make: Factory) -> None:
    front = make.agency("Ủy ban Mặt trận Tổ quốc", is_requested=True)
    liaison, _leader = make.user(agency=front), make.user(Role.LEADER)

    found = sample(session, SampleTask(front, DUE, None), EVERYBODY, mails_per_week=5)

    assert {reader.id for reader in found.readers} == {liaison.id}
    assert all(not day.nobody for day in _days(found))


def test_the_longest_policy_is_cut_and_says_so(session: Session, make: Factory, agency: Agency) -> None:
    policy = ReminderPolicy(before=(30, 20, 10, 5, 1), after_every=1, weekly_after=90, late_after=90,
                            very_late_after=180)

    found = sample(session, SampleTask(agency, DUE, None), policy, mails_per_week=7)

    assert len(_days(found)) == 30
    assert found.more > 60


def test_it_begins_with_an_agency_that_can_be_told(session: Session, make: Factory, agency: Agency) -> None:
    assert first_task(session, today=DUE) is not None
    make.agency("Sở đã giải thể", ended_on=DUE - DAY)
    somebody: Any = make.user()
    task = first_task(session, today=DUE)

    assert task is not None
    assert task.agency.id == somebody.agency_id
