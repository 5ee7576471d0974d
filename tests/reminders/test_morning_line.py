"""The line that tells administrators how the morning went: once, when its last mail has left."""
from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import TODAY, Factory
from tests.reminders.clocks import MACHINE, Broken, at, runs, tick
from tests.reminders.mornings import mails
from tracker.models import OutboxMail
from tracker.reminders import jobs, ticking
from tracker.reminders.jobs import DailyJob
from tracker.rules.clock import JobName
from tracker.rules.permissions import Role
from tracker.rules.states import MailKind

MINUTE = timedelta(minutes=1)


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
