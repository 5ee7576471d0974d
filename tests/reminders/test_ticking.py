"""A tick of the clock: each job once a day, whatever the system's clock, the machines and the jobs themselves do."""
from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import TODAY, Factory
from tests.reminders.clocks import MACHINE, at, runs, tick
from tests.reminders.mornings import mails
from tracker.models import CalendarDay, ClockBeat, DraftFile, JobRun, OutboxMail, ProvincePolicy
from tracker.reminders import jobs, ticking
from tracker.reminders.jobs import DailyJob, SteadyJob
from tracker.rules.clock import MOST_TRIES, JobName
from tracker.rules.look_back import LookBackTooShort
from tracker.rules.permissions import Role
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


class Broken:
    """A job's work that fails some times before it succeeds."""

    def __init__(self, times: int) -> None:
        self.times, self.calls = times, 0

    def __call__(self, _session: Session, _now: datetime) -> dict[str, int]:
        self.calls += 1
        if self.calls <= self.times:
            raise ValueError("hỏng")
        return {"swept": 1}


def always(_session: Session, _now: datetime) -> bool:
    return True


def tick_every_minute(session: Session, work: Any, hours: int) -> None:
    job = DailyJob(JobName.SWEEP_COPIES, work, always)
    for minute in range(hours * 60):
        ticking.tick(session, now=at("08:00") + minute * MINUTE, machine=MACHINE, jobs=[job])


def test_a_job_that_fails_is_tried_again_and_shown(session: Session) -> None:
    work = Broken(times=2)

    tick_every_minute(session, work, hours=1)

    [run] = runs(session, JobName.SWEEP_COPIES)
    assert (work.calls, run.attempts, run.state, run.error, run.result) == (3, 3, JobState.DONE, None, {"swept": 1})


def test_a_job_that_always_fails_is_given_up_for_the_day_with_its_reason(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    work = Broken(times=99)

    tick_every_minute(session, work, hours=6)

    [run] = runs(session, JobName.SWEEP_COPIES)
    assert (work.calls, run.attempts, run.state) == (MOST_TRIES, MOST_TRIES, JobState.FAILED)
    assert (run.error, run.lease_until) == ("ValueError: hỏng", None)
    assert "job sweep_copies failed" in caplog.text
    ticking.tick(session, now=at("08:00", TODAY + DAY), machine=MACHINE,
                 jobs=[DailyJob(JobName.SWEEP_COPIES, work, always)])
    assert work.calls == MOST_TRIES + 1


def test_a_job_that_fails_keeps_no_other_from_running(session: Session) -> None:
    steady = SteadyJob(JobName.DELIVER, Broken(times=0), jobs.Lane.MAIL, every=timedelta(0))

    done = ticking.tick(session, now=at("08:00"), machine=MACHINE,
                        jobs=[DailyJob(JobName.SWEEP_COPIES, Broken(times=99), always), steady])

    assert done == {JobName.SWEEP_COPIES: None, JobName.DELIVER: {"swept": 1}}


def test_what_a_failed_job_wrote_is_taken_back(session: Session, make: Factory) -> None:
    person = make.user()

    def work(session: Session, now: datetime) -> dict[str, int]:
        jobs.enqueue(session, person, MailKind.MORNING_LINE, "x", now=now)
        raise ValueError("hỏng")

    ticking.tick(session, now=at("08:00"), machine=MACHINE, jobs=[DailyJob(JobName.SWEEP_COPIES, work, always)])

    assert mails(session) == []


def test_steady_jobs_have_one_row_and_count_their_failures(session: Session) -> None:
    work = Broken(times=3)
    job = SteadyJob(JobName.DELIVER, work, jobs.Lane.MAIL, every=timedelta(0))
    failures = []

    for minute in range(4):
        ticking.tick(session, now=at("08:00") + minute * MINUTE, machine=MACHINE, jobs=[job])
        [run] = runs(session, JobName.DELIVER)
        failures.append((run.attempts, run.state))

    assert failures == [(1, JobState.FAILED), (2, JobState.FAILED), (3, JobState.FAILED), (0, JobState.DONE)]
    assert run.key == MACHINE


def test_a_job_for_one_machine_at_a_time_keeps_its_interval(session: Session) -> None:
    work = Broken(times=0)
    job = SteadyJob(JobName.READ_MAILBOX, work, jobs.Lane.MAILBOX, every=5 * MINUTE, alone=True)

    for minute in range(11):
        for machine in ("máy một", "máy hai"):
            ticking.tick(session, now=at("08:00") + minute * MINUTE, machine=machine, jobs=[job])

    assert work.calls == 3
    assert [run.key for run in runs(session, JobName.READ_MAILBOX)] == ["*"]


def test_the_mailbox_is_not_read_where_none_was_set_up(session: Session) -> None:
    done = tick(session, at("08:00"))

    assert JobName.READ_MAILBOX not in done
    assert runs(session, JobName.READ_MAILBOX) == []


def test_uploads_and_old_runs_are_swept_at_night(session: Session, make: Factory) -> None:
    person = make.user()
    session.add(DraftFile(assignment=make.assignment(person.agency), user=person, file_name="nhap.txt",
                          media_type="text/plain", size=1, sha256="a" * 64, created_at=at("08:00", TODAY - 31 * DAY)))
    for key, started in ((TODAY - 500 * DAY, TODAY - 500 * DAY), (TODAY - 5 * DAY, TODAY - 5 * DAY)):
        session.add(JobRun(name="morning", key=key.isoformat(), state=JobState.DONE, machine="cũ",
                           started_at=at("07:30", started)))
    session.add(JobRun(name="deliver", key="máy đã bỏ", state=JobState.DONE, machine="cũ",
                       started_at=at("07:30", TODAY - 8 * DAY)))
    session.add(ClockBeat(machine="máy đã bỏ", at=at("08:00", TODAY - 8 * DAY)))
    session.commit()

    tick(session, at("00:39"))
    early = session.scalars(select(DraftFile)).all()
    tick(session, at("00:55"))

    assert early
    assert session.scalars(select(DraftFile)).all() == []
    assert [run.key for run in runs(session)] == [(TODAY - 5 * DAY).isoformat()]
    assert [run.key for run in runs(session, JobName.DELIVER)] == [MACHINE]
    assert session.scalars(select(ClockBeat.machine)).all() == [MACHINE]


def lines(session: Session) -> list[OutboxMail]:
    return [mail for mail in mails(session) if mail.kind is MailKind.MORNING_LINE]


def test_administrators_get_a_line_when_the_mornings_last_mail_has_left(
    session: Session, make: Factory, smtp: Sink
) -> None:
    one, two = make.user(Role.ADMINISTRATOR), make.user(Role.ADMINISTRATOR)
    make.user(Role.ADMINISTRATOR, is_active=False)
    for _ in range(3):
        make.assignment(make.user().agency, due_on=TODAY)
    nobody = make.agency("Sở không có đầu mối")
    make.assignment(nobody, due_on=TODAY)

    tick(session, at("07:30"))
    while_waiting = lines(session)
    tick(session, at("07:31"))
    tick(session, at("07:32"))

    assert while_waiting == []
    assert [(mail.recipient_id, mail.key) for mail in lines(session)] == [
        (one.id, TODAY.isoformat()), (two.id, TODAY.isoformat())]
    [run] = runs(session, JobName.MORNING_LINE)
    assert run.result == {"mails": 3, "sent": 3, "waiting": 0, "parked": 0, "dropped": 0, "unreached": 1,
                          "failed": 0, "people": 2}


def test_the_line_waits_half_an_hour_at_most(session: Session, make: Factory, smtp: Sink) -> None:
    make.user(Role.ADMINISTRATOR)
    make.assignment(make.user().agency, due_on=TODAY)
    smtp.refusals = ["451 later"] * 99

    for clock in ("07:30", "07:31", "07:59"):
        tick(session, at(clock))
    early = lines(session)
    tick(session, at("08:01"))

    assert early == []
    assert len(lines(session)) == 1
    assert runs(session, JobName.MORNING_LINE)[0].result == {
        "mails": 1, "sent": 0, "waiting": 1, "parked": 0, "dropped": 0, "unreached": 0, "failed": 0, "people": 1}


def test_the_line_tells_of_a_morning_that_failed_for_good(
    session: Session, make: Factory, smtp: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.user(Role.ADMINISTRATOR)
    broken = [job if job.name is not JobName.MORNING else
              DailyJob(job.name, Broken(times=99), job.is_due, job.is_wanted) for job in jobs.DAILY]

    for minute in range(180):
        ticking.tick(session, now=at("07:30") + minute * MINUTE, machine=MACHINE, jobs=broken)

    [run] = runs(session, JobName.MORNING_LINE)
    assert run.result is not None
    assert run.result["failed"] == 1
    assert run.started_at > at("08:51")
    assert len(lines(session)) == 1


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
