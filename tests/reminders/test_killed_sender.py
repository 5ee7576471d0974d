"""A sender that is killed loses nothing, and what it repeats carries the same Message-ID."""
from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import NOW, Factory
from tests.reminders.crowd import crowd
from tests.reminders.scripted_smtp import ScriptedServer, running
from tests.reminders.test_outbox import digest_for
from tracker.config import ROOT, Settings
from tracker.extensions import db
from tracker.models import OutboxMail, User
from tracker.reminders.delivering import Delivered, deliver_due
from tracker.reminders.outbox import LEASE
from tracker.rules.states import MailState

#: A process of its own that takes one mail and is killed: before it speaks to the server, or after the server's 250.
SENDER = """
import os, signal, sys
from datetime import datetime
from app import create_app
from tracker.config import read_settings
from tracker.extensions import db
from tracker.mail.delivery import PostOffice
from tracker.reminders.delivering import deliver_due

def send(message):
    if sys.argv[2] == "after 250":
        PostOffice().send(message)
    os.kill(os.getpid(), signal.SIGKILL)

with create_app(read_settings(os.environ)).app_context():
    deliver_due(db.session(), now=datetime.fromisoformat(sys.argv[1]), send=send)
"""


def environ_of(app: Flask) -> dict[str, str]:
    settings: Settings = app.extensions["settings"]
    return {
        "PATH": os.environ["PATH"],
        "TRACKER_SECRET_KEY": "only for tests",
        "TRACKER_BASE_URL": str(settings.base_url),
        "TRACKER_MAIL_SERVER": "127.0.0.1",
        "TRACKER_MAIL_PORT": str(app.extensions["mail"].port),
        "TRACKER_MAIL_SENDER": str(settings.mail_sender),
        "TRACKER_INSTANCE": str(settings.instance),
        "DATABASE_URL": settings.database_url,
    }


def run_killed_sender(app: Flask, moment: str) -> int:
    return subprocess.run(
        [sys.executable, "-c", SENDER, NOW.isoformat(), moment], env=environ_of(app), cwd=ROOT, timeout=60, check=False
    ).returncode


@pytest.mark.parametrize(("moment", "copies"), [("before talking", 1), ("after 250", 2)])
def test_a_killed_sender_loses_nothing_and_repeats_only_the_same_mail(
    app: Flask, session: Session, make: Factory, smtp: Sink, moment: str, copies: int
) -> None:
    mail = digest_for(session, make)
    session.rollback()

    died = run_killed_sender(app, moment)
    session.expire_all()
    state_after_death = mail.state
    session.commit()
    while_leased = deliver_due(session, now=NOW + timedelta(minutes=1))
    taken_over = deliver_due(session, now=NOW + LEASE + timedelta(minutes=1))

    assert died == -signal.SIGKILL
    assert state_after_death is MailState.SENDING
    assert (while_leased, taken_over) == (Delivered(), Delivered(sent=1))
    assert mail.state is MailState.SENT
    assert [m["Message-ID"] for m in smtp.messages] == [mail.message_id] * copies


PEOPLE = 500
ROUNDS = 10
SENDERS = 2


@contextmanager
def senders(app: Flask) -> Iterator[list[subprocess.Popen[str]]]:
    """Start the two processes whose forks are killed."""
    with ExitStack() as stack:
        yield [stack.enter_context(subprocess.Popen(
            [sys.executable, "-m", "tests.reminders.killable_sender"], env=environ_of(app), cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)) for _ in range(SENDERS)]


def begin(sender: subprocess.Popen[str], moment: datetime) -> int:
    assert sender.stdin is not None
    assert sender.stdout is not None
    sender.stdin.write(f"{moment.isoformat()}\n")
    sender.stdin.flush()
    return int(sender.stdout.readline())


def end(sender: subprocess.Popen[str]) -> int:
    assert sender.stdout is not None
    return int(sender.stdout.readline())


def wait_for(server: ScriptedServer, count: int) -> None:
    """Wait until so many mails have arrived in all, or nothing comes any more."""
    patience = time.monotonic() + 1.5
    while len(server.kept) < count and time.monotonic() < patience:
        time.sleep(0.001)


def test_two_senders_killed_twenty_times_lose_nothing(app: Flask, session: Session, make: Factory) -> None:
    people = crowd(session, make, PEOPLE)
    chance, moment, killed = random.Random(), NOW, 0
    with running(ScriptedServer(seconds_a_mail=0.002)) as server, patched_port(app, server.port), senders(app) as both:
        for _round in range(ROUNDS):
            alive = [begin(sender, moment) for sender in both]
            for sender, pid in zip(both, alive, strict=True):
                wait_for(server, len(server.kept) + chance.randint(0, PEOPLE // ROUNDS // SENDERS))
                time.sleep(chance.uniform(0, 0.01))  # anywhere between two commands
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                killed += end(sender) == -signal.SIGKILL
            moment += LEASE + timedelta(minutes=1)
        arrived_before = len(server.kept)
        left = PEOPLE
        while left:
            for sender in both:
                begin(sender, moment)
            assert [end(sender) for sender in both] == [0, 0]
            left = session.scalar(select(func.count()).where(OutboxMail.state != MailState.SENT)) or 0
            session.rollback()
            moment += LEASE + timedelta(minutes=1)
            assert moment < NOW + timedelta(hours=6)

        arrived = server.ids()
    ids = {row.email: row.message_id for row in session.execute(
        select(User.email, OutboxMail.message_id).join(OutboxMail, OutboxMail.recipient_id == User.id))}
    assert set(arrived) == set(people.values())
    assert {address: set(found) for address, found in arrived.items()} == {a: {i} for a, i in ids.items()}
    repeated = sum(count - 1 for found in arrived.values() for count in found.values())
    assert repeated <= killed
    assert killed >= ROUNDS
    assert arrived_before >= ROUNDS
    print(f"\n{db.engine.dialect.name}: {PEOPLE} digests, {SENDERS} senders, {killed} kills, the last after "
          f"{arrived_before} mails; none lost, {repeated} repeated, each with its own Message-ID")


@contextmanager
def patched_port(app: Flask, port: int) -> Iterator[None]:
    state = app.extensions["mail"]
    before, state.port = state.port, port
    yield
    state.port = before
