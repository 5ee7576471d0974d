"""What tests stand on: both databases, a logged-in browser, a real SMTP server, a real Chromium."""
from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, request
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from tests import factories
from tests.postgres import running_postgres
from tests.serving import serving
from tracker.config import Settings
from tracker.extensions import db, limiter, reading
from tracker.models import Base, User

#: Where the real plans lie when the checkout stands beside them.
SHARED = Path(__file__).resolve().parents[2] / "shared"


def worker() -> str:
    """Name this test process, so that two of them never share a database."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """An empty database of this process's own in a real PostgreSQL, started for this test run."""
    # Nothing here has to outlive a power cut.
    with running_postgres(off=("fsync", "synchronous_commit", "full_page_writes")) as new:
        yield new(f"tracker_{worker()}")


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings as a real installation would have them; mail goes to a port nobody listens on."""
    return Settings(
        secret_key="only for tests",
        base_url="https://dondoc.haduong.example",
        mail_server="127.0.0.1",
        mail_port=9,
        mail_sender="dondoc@haduong.example",
        instance=tmp_path_factory.mktemp("instance"),
        province="Hà Dương",
    )


def _forget_last_request() -> None:
    """Take away what belongs to the test or to an earlier request: a person, a language, a transaction that only reads.

    With that transaction still open, SQLite refuses the request's write if a browser wrote meanwhile.
    """
    for kept in ("_login_user", "_flask_babel"):
        g.pop(kept, None)
    if request.method == "POST":
        db.session.rollback()


def _running(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.config["TESTING"] = True
    app.config["SESSION_COOKIE_SECURE"] = False
    app.config["WTF_CSRF_ENABLED"] = False  # tests/web/test_accounts.py and others turn it on; tests/e2e never off
    # The `session` fixture's application context outlives a request, and would lend its person to the next browser.
    app.before_request_funcs.setdefault(None, []).insert(0, _forget_last_request)
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def app(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    """The application on each database in turn, its tables made by the migrations."""
    if request.param == "postgres":
        settings = replace(settings, database_url=request.getfixturevalue("postgres_url"))
    yield from _running(settings)


@pytest.fixture(scope="session")
def sqlite_app(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on SQLite only, for what has nothing to do with the database."""
    yield from _running(replace(settings, instance=tmp_path_factory.mktemp("sqlite_only")))


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Forget who opened what how often: tests share one address, and many of them a clock that stands still."""
    if limiter.initialized:  # by an application; many tests need none
        limiter.reset()


def _empty(app: Flask) -> None:
    with app.app_context():
        token = reading.set(False)
        if db.engine.dialect.name == "postgresql":
            names = ", ".join(table.name for table in Base.metadata.sorted_tables)
            db.session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        else:
            for table in reversed(Base.metadata.sorted_tables):
                db.session.execute(table.delete())
        db.session.commit()
        reading.reset(token)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session inside an application context; every table is empty before and after.

    What a test adds it commits before it uses `client`, as another browser would see it;
    after a request it calls `session.rollback()` to read afresh.
    """
    with app.app_context():
        # On SQLite the test's own transaction must not keep the request it makes from writing.
        token = reading.set(True)
        yield db.session()
        db.session.rollback()
        db.session.remove()
        reading.reset(token)
    _empty(app)


@pytest.fixture
def make(session: Session) -> factories.Factory:
    """Make valid rows with no arguments: make.agency(), make.user(), make.assignment() …"""
    return factories.Factory(session)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, not logged in."""
    return app.test_client()


@pytest.fixture
def as_user(app: Flask, session: Session) -> Any:
    """Give a browser logged in as somebody: `as_user(user).get("/")`."""

    def log_in(user: User) -> FlaskClient:
        session.commit()
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = user.get_id()
            cookie["_fresh"] = True
        return browser

    return log_in


class Sink:
    """A real SMTP server on loopback that keeps what it was given, and can be told to refuse."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        #: The same mails as they came over the wire.
        self.raw: list[bytes] = []
        #: What to answer to DATA instead of 250, once for each entry ("550 no such user", "451 later").
        self.refusals: list[str] = []
        #: What to answer to RCPT for an address, every time ({"a@b": "550 no such user"}).
        self.unknown: dict[str, str] = {}
        #: How many conversations were begun.
        self.connections = 0
        self.port = 0

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, hostname: str, answers: list[str]) -> Any:
        session.host_name = hostname
        self.connections += 1
        return answers

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.unknown:
            return self.unknown[address]
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        from email import message_from_bytes
        from email.policy import default

        if self.refusals:
            return self.refusals.pop(0)
        message = message_from_bytes(envelope.content, policy=default)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.raw.append(envelope.content)
        self.messages.append(message)
        return "250 kept"


def listen(sink: Sink) -> Any:
    """Start a sink on a free port of loopback, note the port in it, and give what stops it."""
    import socket

    from aiosmtpd.controller import Controller

    controller = Controller(sink, hostname="127.0.0.1", port=0)
    # Port 0 lets the system choose; the controller then has to be told which it was.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        sink.port = controller.port = probe.getsockname()[1]
    controller.start()
    return controller


@pytest.fixture
def smtp(app: Flask) -> Iterator[Sink]:
    """A real SMTP conversation for everything the application sends in this test."""
    sink = Sink()
    controller = listen(sink)
    state = app.extensions["mail"]
    before = state.port
    state.port = sink.port
    yield sink
    state.port = before
    controller.stop()


CHROMIUM = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                 if Path(p).exists()), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Headless Chromium (Debian's), one for the whole run."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: run `apt-get install chromium` as root")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )
        yield browser
        browser.close()


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """Serve the application on loopback and give its address."""
    with serving(app) as address:
        yield address
