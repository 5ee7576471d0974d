"""The clock's jobs: tried again when they fail, given up for the day, counted; old rows are swept."""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import TODAY, Factory
from tests.reminders.clocks import MACHINE, Broken, at, runs, tick
from tests.reminders.mornings import mails
from tracker.models import ClockBeat, DraftFile, JobRun
from tracker.reminders import jobs, ticking
from tracker.reminders.jobs import DailyJob, SteadyJob
from tracker.rules.clock import MOST_TRIES, JobName
from tracker.rules.states import JobState, MailKind

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


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
