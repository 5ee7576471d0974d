"""The demo served on loopback with its forms' tokens checked, and people who sit down before it."""
from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from tests.factories import Factory
from tests.serving import serving
from tracker import clock
from tracker.config import Settings
from tracker.demo import loading
from tracker.demo.people import SHOWN
from tracker.extensions import db, reading
from tracker.models import Plan, User
from tracker.models.mail_link import make_token
from tracker.rules.permissions import Role
from tracker.rules.states import PlanState

WIDTHS = (1280, 360)
HEIGHT = 800


def demo_app(settings: Settings, folder: Path) -> Flask:
    """Build the application over a folder, as the demo runs: every page there is, every form's token checked."""
    app = create_app(replace(settings, demo=True, instance=folder))
    app.config["TESTING"] = True
    app.config["SESSION_COOKIE_SECURE"] = False
    return app


def load_demo(settings: Settings, folder: Path) -> None:
    """Load the demo into a folder that each module then serves a copy of."""
    from flask_migrate import upgrade

    app = demo_app(settings, folder)
    with app.app_context():
        upgrade()
        loading.load(db.session(), today=clock.today())
        db.session.remove()
        db.engine.dispose()


class Site:
    """A copy of the demo, served."""

    def __init__(self, app: Flask, address: str, chromium: Any) -> None:
        self.app, self.address, self.chromium = app, address, chromium
        self.numbers = count(1)
        self.contexts: list[Any] = []
        #: What no page may do: break, ask another host, say an error of its script.
        self.wrong: list[str] = []

    @contextmanager
    def rows(self) -> Iterator[Factory]:
        """Look at the rows, and add some with a Factory."""
        with self.app.app_context():
            make = Factory(db.session())
            make.numbers = self.numbers
            yield make
            db.session.commit()
            db.session.remove()

    def read(self, question: Callable[[Session], Any]) -> Any:
        """Ask the database one thing."""
        with self.app.app_context():
            token = reading.set(True)
            answer = question(db.session())
            db.session.remove()
            reading.reset(token)
        return answer

    def browser(self, user_id: int | None = None, width: int = WIDTHS[0], **more: Any) -> Any:
        """Give a fresh browser, logged in as somebody."""
        context = self.chromium.new_context(base_url=self.address, viewport={"width": width, "height": HEIGHT},
                                            locale="vi-VN", **more)
        self.contexts.append(context)
        if user_id is not None:
            cookie = self._cookie(user_id)
            context.add_cookies([{"name": "dondoc", "value": cookie, "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on("request", lambda asked: self._note(asked.url))
        page.on("response", lambda said: said.status >= 500 and self.wrong.append(f"{said.status} {said.url}"))
        return page

    def open(self, user_id: int | None, path: str, width: int = WIDTHS[0], **more: Any) -> Any:
        """Open a page as somebody."""
        page = self.browser(user_id, width, **more)
        answer = page.goto(path, wait_until="load")
        assert answer.status == 200, path
        return page

    def mail_link(self, user_id: int, assignment_id: int) -> str:
        """Give the address that a mail gives somebody for one assignment."""
        with self.app.app_context():
            secret = self.app.extensions["settings"].secret_key
            token = make_token(db.session.get_one(User, user_id), secret, now=clock.now())
            db.session.remove()
        return f"/r/{token}?open={assignment_id}#viec-{assignment_id}"

    def close_browsers(self) -> list[str]:
        """Close what was opened since the last time, and tell what went wrong there."""
        for context in self.contexts:
            context.close()
        wrong, self.wrong, self.contexts = self.wrong, [], []
        return wrong

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.wrong.append(url)

    def _cookie(self, user_id: int) -> str:
        with self.app.app_context():
            name = db.session.get_one(User, user_id).get_id()
            db.session.remove()
        client = self.app.test_client()
        with client.session_transaction() as kept:
            kept["_user_id"], kept["_fresh"] = name, True
        cookie = client.get_cookie("dondoc")
        assert cookie is not None
        return str(cookie.value)


def served(settings: Settings, template: Path, folder: Path, chromium: Any) -> Iterator[Site]:
    """Serve a copy of the loaded demo."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    app = demo_app(settings, folder)
    with serving(app) as address:
        yield Site(app, address, chromium)
    with app.app_context():
        db.engine.dispose()


def shown(session: Session, role: Role) -> User:
    """Find the person of a role whose log-in the demo prints."""
    return session.scalars(select(User).where(User.email == SHOWN[role])).one()


def running_plan(session: Session) -> Plan:
    """Find the newest plan that is being carried out."""
    return session.scalars(select(Plan).where(Plan.state == PlanState.PUBLISHED).order_by(Plan.id.desc())).first()  # type: ignore[return-value]


def path_of(page: Any) -> str:
    """Give the address of a page without its host, with what stands after the question mark."""
    parts = urlsplit(page.url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
