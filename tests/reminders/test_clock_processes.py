"""The clock in processes of its own: two at once, and one that is killed in the middle of the morning."""
from __future__ import annotations

import signal
from collections import Counter
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import TODAY, Factory
from tests.reminders.clocks import at, runs, start_process, tick
from tests.reminders.mornings import mails, told
from tracker.rules.clock import JobName
from tracker.rules.permissions import Role
from tracker.rules.states import JobState, MailKind, MailState

PEOPLE = 8

#: Ticks once, when it is told to, at an instant and as a machine; killed before the n-th mail is written down.
CLOCK = """
import os, signal, sys
from datetime import datetime
from app import create_app
from tracker.config import read_settings
from tracker.extensions import db
from tracker.reminders import deciding
from tracker.reminders.ticking import tick

if len(sys.argv) > 3:
    deciding.AT_ONCE, enqueue, calls = 2, deciding.enqueue, []
    def dying(*args, **kwargs):
        calls.append(1)
        if len(calls) == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
        return enqueue(*args, **kwargs)
    deciding.enqueue = dying

with create_app(read_settings(os.environ)).app_context():
    db.session.connection()
    db.session.rollback()
    print("ready", flush=True)
    sys.stdin.readline()
    tick(db.session(), now=datetime.fromisoformat(sys.argv[1]), machine=sys.argv[2])
"""


def people_with_work(session: Session, make: Factory, number: int = PEOPLE) -> set[str]:
    people = [make.user() for _ in range(number)]
    for person in people:
        make.assignment(person.agency, due_on=TODAY)
    addresses = {person.email for person in people}
    session.rollback()
    return addresses


def test_two_machines_at_once_make_one_morning_and_one_mail_each(
    app: Flask, session: Session, make: Factory, smtp: Sink
) -> None:
    addresses = people_with_work(session, make)
    make.user(Role.ADMINISTRATOR)
    session.rollback()

    for clock in ("07:30", "07:31"):
        machines = [start_process(app, CLOCK, at(clock).isoformat(), name) for name in ("máy một", "máy hai")]
        for machine in machines:
            assert machine.stdout is not None
            assert machine.stdout.readline() == "ready\n"
        for machine in machines:
            assert machine.stdin is not None
            machine.stdin.write("\n")
            machine.stdin.flush()
        for machine in machines:
            machine.communicate(timeout=60)
        assert [machine.returncode for machine in machines] == [0, 0]
    tick(session, at("07:32"))  # what waited for the other machine's transaction

    [morning] = runs(session)
    [line] = runs(session, JobName.MORNING_LINE)
    assert (morning.state, morning.attempts, morning.result) == (JobState.DONE, 1, {"digest": PEOPLE})
    assert line.attempts == 1
    assert Counter(m["X-Envelope-To"] for m in smtp.messages if m["X-Envelope-To"] in addresses) == dict.fromkeys(
        addresses, 1)
    assert len(smtp.messages) == PEOPLE + 1  # the administrator's line
    assert len(told(session)) == PEOPLE


def test_a_morning_that_was_killed_is_finished_and_tells_nobody_twice(
    app: Flask, session: Session, make: Factory, smtp: Sink
) -> None:
    addresses = people_with_work(session, make)
    killed = start_process(app, CLOCK, at("07:30").isoformat(), "máy một", "6")
    killed.communicate("\n", timeout=60)
    assert killed.returncode == -signal.SIGKILL

    # It stands again at 07:30:05. What was written down leaves at once; the rest waits until nobody can be at it.
    restarted = tick(session, at("07:30:05"), "máy một")
    after_restart = len(smtp.messages)
    finished = tick(session, at("07:30:05") + timedelta(minutes=10), "máy một")
    again = tick(session, at("07:42"), "máy một")

    assert JobName.MORNING not in restarted
    assert after_restart == 4
    assert finished[JobName.MORNING] == {"digest": PEOPLE - 4}
    assert JobName.MORNING not in again
    [run] = runs(session)
    assert (run.state, run.attempts) == (JobState.DONE, 2)
    assert Counter(m["X-Envelope-To"] for m in smtp.messages) == dict.fromkeys(addresses, 1)
    assert {(mail.kind, mail.state) for mail in mails(session)} == {(MailKind.DIGEST, MailState.SENT)}
    assert len(told(session)) == PEOPLE
