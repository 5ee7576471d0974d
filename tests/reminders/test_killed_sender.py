"""A sender that is killed loses nothing, and what it repeats carries the same Message-ID."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import NOW, Factory
from tests.reminders.test_outbox import digest_for
from tracker.config import ROOT, Settings
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


def run_killed_sender(app: Flask, moment: str) -> int:
    settings: Settings = app.extensions["settings"]
    environ = {
        "PATH": os.environ["PATH"],
        "TRACKER_SECRET_KEY": "only for tests",
        "TRACKER_BASE_URL": str(settings.base_url),
        "TRACKER_MAIL_SERVER": "127.0.0.1",
        "TRACKER_MAIL_PORT": str(app.extensions["mail"].port),
        "TRACKER_MAIL_SENDER": str(settings.mail_sender),
        "TRACKER_INSTANCE": str(settings.instance),
        "DATABASE_URL": settings.database_url,
    }
    return subprocess.run(
        [sys.executable, "-c", SENDER, NOW.isoformat(), moment], env=environ, cwd=ROOT, timeout=60, check=False
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
