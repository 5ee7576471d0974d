"""What several tests of reminders stand on: a scripted mail server, a real mailbox."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.factories import Factory
from tests.reminders.incoming_post import Post
from tests.reminders.scripted_smtp import ScriptedServer, running
from tracker.config import Settings
from tracker.mail import delivery


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """A scripted mail server that everything in this test is sent to; nobody waits longer than a moment for it."""
    monkeypatch.setattr(delivery, "SMTP_TIMEOUT", 0.5)
    app.extensions.pop("mail_rests_until", None)
    with running(ScriptedServer()) as scripted:
        monkeypatch.setattr(app.extensions["mail"], "port", scripted.port)
        yield scripted
    app.extensions.pop("mail_rests_until", None)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    """A real IMAP server."""
    with running_dovecot() as real:
        yield real


@pytest.fixture
def box(app: Flask, session: Session, dovecot: Dovecot) -> Iterator[Dovecot]:
    """An empty mailbox that the application is set up to read."""
    before: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(
        before, imap_server="127.0.0.1", imap_port=dovecot.port, imap_security="none", imap_username="dondoc",
        imap_password=PASSWORD,
    )  # fmt: skip
    with dovecot.box("dondoc") as opened:
        opened.delete(opened.uids())
    yield dovecot
    app.extensions["settings"] = before


@pytest.fixture
def post(session: Session, make: Factory) -> Post:
    """Mails of ours to a liaison, to be answered."""
    return Post(session, make)
