"""A tick of the clock: each job once a day, whatever the system's clock, the machines and the jobs themselves do."""
from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import TODAY, Factory
from tests.reminders.clocks import MACHINE, at, runs, tick
from tests.reminders.mornings import mails
from tracker.models import CalendarDay, ClockBeat, JobRun, OutboxMail, ProvincePolicy
from tracker.reminders import ticking
from tracker.rules.clock import JobName
from tracker.rules.look_back import LookBackTooShort
from tracker.rules.policy import Policy
from tracker.rules.states import MORNING_KINDS, JobState, MailKind, MailState
from tracker.rules.working_days import DayKind, WorkingCalendar

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SATURDAY = date(2026, 3, 21)


def digests(session: Session) -> list[OutboxMail]:
    return [mail for mail in mails(session) if mail.kind in MORNING_KINDS]


def own_day(session: Session, agency: Any, day: date, kind: DayKind) -> None:
    session.add(CalendarDay(day=day, kind=kind, name="Riêng", source="Công văn", agency=agency))
    session.commit()


def test_the_morning_runs_once_when_its_hour_has_come(session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY)

    before = tick(session, at("07:29"))
    first = tick(session, at("07:30"))
    later = [tick(session, at(clock)) for clock in ("07:31", "12:00", "16:59")]

    assert JobName.MORNING not in before
    assert first[JobName.MORNING] == {"digest": 1}
    assert all(JobName.MORNING not in done for done in later)
    [run] = runs(session)
    assert (run.key, run.state, run.machine, run.attempts) == (TODAY.isoformat(), JobState.DONE, MACHINE, 1)
    assert at("07:30") <= run.started_at < at("07:31")
    assert run.result == {"digest": 1}
    assert [m["X-Envelope-To"] for m in smtp.messages] == [mail.recipient.email for mail in digests(session)]


def test_the_hour_is_the_provinces_own(session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY)
    session.add(ProvincePolicy(id=1, changed_at=at("00:00"), **{
        **Policy().__dict__, "send_at": at("09:15").time()}))
    session.commit()

    assert JobName.MORNING not in tick(session, at("09:14"))
    assert JobName.MORNING in tick(session, at("09:15"))


@pytest.mark.parametrize(("clock", "sent"), [("16:59", 1), ("17:00", 0), ("23:00", 0)])
def test_no_morning_begins_in_the_evening(session: Session, make: Factory, smtp: Sink, clock: str, sent: int) -> None:
    make.assignment(make.user().agency, due_on=TODAY)

    tick(session, at(clock))

    assert len(smtp.messages) == sent


def test_a_night_of_downtime_is_caught_up_once(session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY)
    tick(session, at("17:30", TODAY - DAY))

    for clock in ("08:12", "08:13", "08:14"):
        tick(session, at(clock))

    assert [run.key for run in runs(session)] == [TODAY.isoformat()]
    assert len(smtp.messages) == 1


def test_a_week_of_downtime_gives_one_morning_and_one_mail(session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY - DAY)
    tick(session, at("07:30"))
    smtp.messages.clear()

    for clock in ("07:40", "07:41", "13:00"):
        tick(session, at(clock, TODAY + 7 * DAY))

    assert [run.key for run in runs(session)] == [TODAY.isoformat(), (TODAY + 7 * DAY).isoformat()]
    assert len(smtp.messages) == 1
    assert [run.key for run in runs(session, JobName.OPEN_WINDOWS)] == [
        TODAY.isoformat(), (TODAY + 7 * DAY).isoformat()]


@pytest.mark.parametrize("back", [timedelta(hours=2), DAY, 3 * DAY], ids=str)
def test_a_clock_that_was_set_back_sends_nothing_again(
    session: Session, make: Factory, smtp: Sink, back: timedelta
) -> None:
    make.assignment(make.user().agency, due_on=TODAY - DAY)
    tick(session, at("08:00"))
    smtp.messages.clear()

    now = at("08:00") - back
    while now <= at("08:05"):
        tick(session, now)
        now += timedelta(minutes=30)

    assert smtp.messages == []
    assert [run.key for run in runs(session)] == [TODAY.isoformat()]
    assert tick(session, at("07:30", TODAY + DAY))[JobName.MORNING] is not None


def test_a_clock_that_was_set_back_still_sends_what_people_do(
    session: Session, make: Factory, smtp: Sink
) -> None:
    """Its steady jobs, and its beat, go by the clock as it is."""
    tick(session, at("08:00"))
    now = at("08:00") - 2 * timedelta(hours=1)
    session.add(OutboxMail(recipient=make.user(), kind=MailKind.PASSWORD_RESET, key="reset:1", message_id="<1@x>",
                           state=MailState.PENDING, next_attempt_at=now, created_at=now))
    session.commit()

    done = tick(session, now)

    assert JobName.DELIVER in done
    assert session.scalars(select(ClockBeat.at)).one() == now
    assert mails(session)[0].attempts == 1


def test_nothing_runs_on_a_day_that_is_off_for_everybody(session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY)

    tick(session, at("07:30", SATURDAY))

    assert runs(session) == []
    assert runs(session, JobName.MORNING_LINE) == []
    assert smtp.messages == []


def test_the_morning_runs_when_a_single_agency_works(session: Session, make: Factory, smtp: Sink) -> None:
    working, resting = make.user(), make.user()
    for person in (working, resting):
        make.assignment(person.agency, due_on=TODAY)
    own_day(session, working.agency, SATURDAY, DayKind.WORKING)

    tick(session, at("07:30", SATURDAY))

    assert [m["X-Envelope-To"] for m in smtp.messages] == [working.email]


def test_a_run_that_died_is_taken_over_when_its_lease_has_run_out(
    session: Session, make: Factory, smtp: Sink
) -> None:
    make.assignment(make.user().agency, due_on=TODAY)
    session.add(JobRun(name="morning", key=TODAY.isoformat(), state=JobState.RUNNING, machine="máy đã chết",
                       started_at=at("07:30"), lease_until=at("07:40")))
    session.commit()

    waiting = tick(session, at("07:39"))
    taken_over = tick(session, at("07:41"))

    assert JobName.MORNING not in waiting
    assert taken_over[JobName.MORNING] == {"digest": 1}
    [run] = runs(session)
    assert (run.machine, run.attempts, run.state) == (MACHINE, 2, JobState.DONE)


def test_a_run_that_died_another_day_is_closed_by_the_next(session: Session, make: Factory, smtp: Sink) -> None:
    session.add(JobRun(name="morning", key=(TODAY - DAY).isoformat(), state=JobState.RUNNING, machine="máy đã chết",
                       started_at=at("16:58", TODAY - DAY), lease_until=at("17:08", TODAY - DAY)))
    session.commit()
    tick(session, at("17:30", TODAY - DAY))
    untouched = [run.state for run in runs(session)]

    tick(session, at("07:30"))

    assert untouched == [JobState.RUNNING]
    assert [(run.state, run.error) for run in runs(session)] == [
        (JobState.FAILED, ticking.STOPPED), (JobState.DONE, None)]


def test_a_clock_is_not_started_when_something_would_fall_out_of_sight(session: Session, make: Factory) -> None:
    agency = make.agency()
    ticking.check(session)
    session.add_all(CalendarDay(day=TODAY + n * DAY, kind=DayKind.OFF, name="Nghỉ", source="Công văn", agency=agency)
                    for n in range(90))
    session.commit()

    with pytest.raises(LookBackTooShort):
        ticking.check(session)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_clock_does_nobody_gets_two_mails_a_morning(
    session: Session, make: Factory, smtp: Sink, seed: int
) -> None:
    """A fortnight of leaps ahead and back, of outages and of two machines that disagree on the time."""
    chance = random.Random(seed)
    for days in (-3, 0, 2, 6):
        make.assignment(make.user().agency, due_on=TODAY + days * DAY)
    newest = at("00:00")

    while newest < at("00:00", TODAY + 14 * DAY):
        leap = chance.choice([MINUTE, 30 * MINUTE, timedelta(hours=3), 2 * DAY, -2 * timedelta(hours=1), -DAY])
        now = newest + leap
        newest = max(newest, now)
        tick(session, now, "máy một")
        tick(session, now + chance.choice([-1, 1]) * 3 * MINUTE, "máy hai")

    days = [date.fromisoformat(run.key) for run in runs(session)]
    assert days
    assert all(WorkingCalendar().is_working(day) for day in days)
    assert all(7.5 <= hour < 17 for run in runs(session)
               for local in [run.started_at.astimezone(at("00:00").tzinfo)]
               for hour in [local.hour + local.minute / 60])
    each = Counter((mail.recipient_id, mail.key) for mail in digests(session))
    assert max(each.values()) == 1
    assert {key for _person, key in each} <= {run.key for run in runs(session)}
    assert [run.started_at for run in runs(session)] == sorted(run.started_at for run in runs(session))
