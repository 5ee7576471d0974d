"""Whom a morning reaches: by the plan's policy, the agency's calendar, and what each person chose."""
from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.reminders.mornings import morning, told
from tracker.models import (
    Assignment,
    CalendarDay,
    PlanChange,
    PlanReminderPolicy,
    ProgressUpdate,
    ProvincePolicy,
    ReportingPeriod,
    Review,
    User,
)
from tracker.rules.permissions import Role
from tracker.rules.plan_changes import Effect
from tracker.rules.reminder_policy import USUAL, Audience, Moment, told_to_json
from tracker.rules.states import AssignmentState, Decision, DigestRhythm, MailKind
from tracker.rules.working_days import DayKind

DAY = timedelta(days=1)
#: TODAY is a Wednesday.
MONDAY, FRIDAY, SATURDAY = date(2026, 3, 16), date(2026, 3, 20), date(2026, 3, 21)
FIRST_OF_APRIL = date(2026, 4, 1)


def steps_for(session: Session, person: User) -> list[str]:
    return sorted(step for who, _item, step in told(session) if who == person.id)


def province(session: Session, **values: Any) -> None:
    usual = {"grace_after_return": 3, "answer_within": 3, "link_days": 14, "mails_per_week": 5, "mails_per_minute": 300}
    session.add(ProvincePolicy(changed_at=NOW, send_at=time(7, 30), **{**usual, **values}))
    session.commit()


# ---- policies ----


def test_a_plan_may_be_reminded_of_in_its_own_way(session: Session, make: Factory) -> None:
    usual, own = make.user(), make.user()
    plan = make.plan()
    session.add(PlanReminderPolicy(plan_id=plan.id, before=[2], after_every=1, changed_at=NOW))
    for person, of_plan in ((usual, None), (own, plan)):
        make.assignment(person.agency, of_plan, due_on=FRIDAY)
        make.assignment(person.agency, of_plan, due_on=TODAY - DAY)

    morning(session)

    assert steps_for(session, own) == ["after_1", "before_2"]
    assert steps_for(session, usual) == ["before_5", "due"]


def test_the_provinces_way_holds_for_every_other_plan(session: Session, make: Factory) -> None:
    province(session, before=[2], after_every=1)
    person = make.user()
    make.assignment(person.agency, due_on=FRIDAY)

    morning(session)

    assert steps_for(session, person) == ["before_2"]


def test_what_the_policy_leaves_out_is_not_told_but_the_last_warning_always_is(session: Session, make: Factory) -> None:
    province(session, told={"due": ["liaison"]})
    person = make.user()
    for due_on in (FRIDAY, TODAY, TODAY - 30 * DAY):
        make.assignment(person.agency, due_on=due_on)

    morning(session)

    assert steps_for(session, person) == ["due"]


# ---- days ----


def test_an_agency_keeps_its_own_days(session: Session, make: Factory) -> None:
    resting, working = make.user(), make.user()
    session.add_all([
        CalendarDay(day=TODAY, kind=DayKind.OFF, name="Ngày truyền thống", source="QĐ", agency=resting.agency),
        CalendarDay(day=SATURDAY, kind=DayKind.WORKING, name="Trực", source="QĐ", agency=working.agency),
    ])
    for person in (resting, working):
        make.assignment(person.agency, due_on=TODAY)
        make.assignment(person.agency, due_on=SATURDAY)

    morning(session)
    on_wednesday = (steps_for(session, resting), steps_for(session, working))
    morning(session, SATURDAY)

    assert on_wednesday == ([], ["before_5", "due"])
    assert steps_for(session, working) == ["after_3", "before_5", "due", "due"]
    assert steps_for(session, resting) == []


def test_the_last_warning_comes_before_the_agencys_own_day_off(session: Session, make: Factory) -> None:
    person = make.user()
    session.add(CalendarDay(day=FRIDAY, kind=DayKind.OFF, name="Nghỉ", source="QĐ", agency=person.agency))
    make.assignment(person.agency, due_on=FRIDAY)

    morning(session, TODAY + DAY)

    assert steps_for(session, person) == ["due"]


# ---- people ----


def test_a_weekly_reader_gets_one_digest_a_week_and_every_last_warning(session: Session, make: Factory) -> None:
    person = make.user(digest=DigestRhythm.WEEKLY)
    make.assignment(person.agency, due_on=MONDAY + 7 * DAY)
    make.assignment(person.agency, due_on=FRIDAY + 10 * DAY)

    got = [day for n in range(8) if morning(session, day := MONDAY + n * DAY)]

    assert got == [MONDAY, MONDAY + 7 * DAY]
    assert steps_for(session, person) == ["before_5", "before_5", "due"]


def test_a_last_warning_takes_the_rest_of_the_week_along(session: Session, make: Factory) -> None:
    person = make.user(digest=DigestRhythm.WEEKLY)
    make.assignment(person.agency, due_on=TODAY)
    make.assignment(person.agency, due_on=TODAY - 30 * DAY)

    assert morning(session) == {MailKind.DIGEST: 1}
    assert steps_for(session, person) == ["after_20", "due"]


def test_a_week_has_so_many_mails_and_no_more_but_for_last_warnings(session: Session, make: Factory) -> None:
    province(session, mails_per_week=2, after_every=1)
    person = make.user()
    make.assignment(person.agency, due_on=MONDAY - 3 * DAY)
    warned = make.assignment(person.agency, due_on=FRIDAY)

    got = [day for n in range(5) if morning(session, day := MONDAY + n * DAY)]

    assert got == [MONDAY, MONDAY + DAY, FRIDAY]
    assert (person.id, warned.id, "due") in told(session)
    assert morning(session, MONDAY + 7 * DAY) == {MailKind.DIGEST: 1}


def test_a_stand_in_takes_the_place_of_who_is_away(session: Session, make: Factory) -> None:
    stand_in = make.user()
    away = make.user(agency=stand_in.agency, stand_in_id=stand_in.id, away_from=TODAY, away_until=FRIDAY)
    make.user(agency=stand_in.agency, is_agency_head=True)
    late, due = (make.assignment(away.agency, due_on=day) for day in (TODAY - 7 * DAY, TODAY))

    morning(session)
    morning(session, MONDAY + 7 * DAY)

    mine = [(item, step) for who, item, step in told(session) if who == away.id]
    assert (due.id, "due") in mine  # a last warning reaches both
    assert (late.id, "after_3") not in mine
    assert (late.id, "after_6") in mine  # back since Monday
    assert [who for who, item, step in told(session) if (item, step) == (late.id, "after_3")] == [stand_in.id]


@pytest.mark.parametrize("values", [{"is_active": False}, {"mail_refused_at": NOW}], ids=["closed", "refused"])
def test_a_stand_in_who_can_not_be_reached_takes_nobodys_place(
    session: Session, make: Factory, values: dict[str, Any]
) -> None:
    stand_in = make.user(**values)
    away = make.user(agency=stand_in.agency, stand_in_id=stand_in.id, away_from=TODAY, away_until=FRIDAY)
    make.assignment(away.agency, due_on=TODAY - 7 * DAY)

    assert morning(session) == {MailKind.DIGEST: 1}
    assert steps_for(session, away) == ["after_3"]


def test_a_stand_in_of_another_agency_is_told_nothing(session: Session, make: Factory) -> None:
    stranger = make.user()
    away = make.user(stand_in_id=stranger.id, away_from=TODAY, away_until=FRIDAY)
    make.assignment(away.agency, due_on=TODAY - 7 * DAY)

    morning(session)

    assert {who for who, _item, _step in told(session)} == {away.id}


def test_a_stand_in_is_told_at_the_moments_of_the_policy(session: Session, make: Factory) -> None:
    stand_in = make.user(is_agency_head=True)  # no liaison beside the one who named it
    person = make.user(agency=stand_in.agency, stand_in_id=stand_in.id)
    plan = make.plan()
    session.add(PlanReminderPolicy(plan_id=plan.id, changed_at=NOW,
                                   told=told_to_json(USUAL | {(Moment.DUE, Audience.STAND_IN)})))
    make.assignment(person.agency, plan, due_on=TODAY)
    make.assignment(person.agency, plan, due_on=TODAY - 7 * DAY)

    morning(session)

    assert steps_for(session, stand_in) == ["due", "late"]


# ---- the coordinator's week, the leader's month ----


def test_the_week_of_a_coordinator_and_the_month_of_a_leader_take_the_place_of_other_mail(
    session: Session, make: Factory
) -> None:
    coordinator, leader = make.coordinator(), make.user(Role.LEADER)
    make.assignment(make.user().agency, make.plan(coordinator.agency), due_on=TODAY - 60 * DAY)

    assert morning(session, MONDAY) == {MailKind.DIGEST: 1, MailKind.WEEKLY: 1, MailKind.ESCALATION: 1}
    assert morning(session, FIRST_OF_APRIL - 2 * DAY) == {MailKind.DIGEST: 1, MailKind.WEEKLY: 1}
    assert morning(session, FIRST_OF_APRIL) == {MailKind.MONTHLY: 1}
    assert steps_for(session, leader) == ["very_late"]


def test_a_week_that_begins_with_days_off_begins_later(session: Session, make: Factory) -> None:
    make.coordinator()
    session.add(CalendarDay(day=MONDAY, kind=DayKind.OFF, name="Nghỉ", source="QĐ"))
    session.commit()

    assert [morning(session, MONDAY + n * DAY) for n in range(3)] == [{}, {MailKind.WEEKLY: 1}, {}]


# ---- what has no due date of its own: windows, acceptances ----


def windowed(session: Session, make: Factory, person: User, **values: Any) -> Assignment:
    plan = make.plan(published_at=NOW - 40 * DAY)
    task = make.task(plan, due_on=FRIDAY + 60 * DAY)
    period = ReportingPeriod(deadline_id=task.deadlines[0].id, label="2026-Q2", first_day=TODAY,
                             last_day=FRIDAY + 50 * DAY, due_on=FRIDAY + 60 * DAY)
    session.add(period)
    session.flush()
    row: Assignment = make.assignment(person.agency, task=task, due_on=period.due_on, period_id=period.id)
    for name, value in values.items():
        setattr(row, name, value)
    session.commit()
    return row


def test_a_window_that_the_clock_opened_is_told_once(session: Session, make: Factory) -> None:
    person = make.user()
    windowed(session, make, person)

    assert morning(session) == {MailKind.DIGEST: 1}
    assert morning(session, TODAY + DAY) == {}
    assert steps_for(session, person) == ["opened"]


def test_the_windows_of_a_plan_just_published_are_told_by_its_own_mail(session: Session, make: Factory) -> None:
    row = windowed(session, make, make.user())
    row.plan.published_at = row.created_at
    given = windowed(session, make, make.user())
    session.add(PlanChange(plan_id=given.plan_id, task_id=given.task_id, agency_id=given.agency_id, assignment=given,
                           effect=Effect.GIVEN, reason="Bổ sung.", changed_at=NOW))
    session.commit()

    assert morning(session) == {}


def accepted(session: Session, make: Factory, person: User, at_day: date = TODAY) -> Review:
    row = make.assignment(person.agency, state=AssignmentState.ACCEPTED, due_on=TODAY + 30 * DAY)
    update = ProgressUpdate(assignment=row, author=person, created_at=NOW, reported_on=TODAY, percent=100,
                            text="Xong.", state=AssignmentState.SUBMITTED)
    session.add(update)
    session.flush()
    review = Review(update_id=update.id, reviewer=make.coordinator(), decision=Decision.ACCEPTED,
                    decided_at=NOW - (TODAY - at_day))
    session.add(review)
    session.commit()
    return review


def test_acceptances_are_gathered_in_the_next_digest(session: Session, make: Factory) -> None:
    person = make.user()
    reviews = [accepted(session, make, person, TODAY - DAY) for _ in range(35)]

    assert morning(session) == {MailKind.DIGEST: 1}
    assert steps_for(session, person) == sorted(f"accepted_{review.id}" for review in reviews)
    assert morning(session, TODAY + DAY) == {}


def test_an_acceptance_that_was_taken_back_is_not_told(session: Session, make: Factory) -> None:
    review = accepted(session, make, make.user(), TODAY - DAY)
    review.undone_at = NOW
    session.commit()

    assert morning(session) == {}
