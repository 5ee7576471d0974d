"""Closed networks: no page, style sheet or script asks another host for anything, and nothing runs inline."""
from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.guards.conftest import on_sqlite
from tests.guards.world import World, address, permission_of, routes
from tracker.config import ROOT
from tracker.rules.permissions import may

#: Attributes from which a browser loads, or to which it goes.
LOADING = frozenset({"src", "href", "action", "formaction", "poster", "data", "srcset", "background", "cite", "ping"})
CSS_URL = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])([^"')]+)""")
#: Where a source map is, is a hint to a developer's tools; a browser that shows the page never asks for it.
LOOSE_ADDRESS = re.compile(r"""(?:fetch|import|open|EventSource|WebSocket|sendBeacon)\(\s*["'`]([^"'`]+)""")

#: Mails as they were sent, for their frames: they have tests of their own.
MAILS = frozenset({"demo.mail_html", "admin.outbox_mail_html"})


class Addresses(HTMLParser):
    """Collects the addresses in a page, and what would run or style inline."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name, value in attrs:
            if name in LOADING and value:
                self.found += [part.split()[0] for part in value.split(",")] if name == "srcset" else [value]
            if name == "style" or name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.inline.append(f"<{tag} {name}={value!r}>")
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.inline.append(f"<{tag}>")


def is_elsewhere(found: str) -> bool:
    """Tell whether an address leads to another host."""
    parts = urlsplit(found.strip())
    return bool(parts.netloc) or parts.scheme in {"http", "https", "ws", "wss", "ftp"}


def _pages(app: Flask, world: World, as_user: Any) -> Iterator[tuple[str, str]]:
    browsers = [as_user(user) for user in world.people.values()] + [app.test_client()]
    for browser in browsers:
        for rule in routes(app, "GET"):
            path = address(app, rule, world.ours.ids)
            answer = browser.get(path)
            if answer.mimetype == "text/html" and rule.endpoint not in MAILS:
                yield path, answer.text


@on_sqlite
def test_no_page_names_another_host_or_runs_anything_inline(app: Flask, world: World, as_user: Any) -> None:
    guilty, seen = [], 0

    for path, html in _pages(app, world, as_user):
        parser = Addresses()
        parser.feed(html)
        seen += len(parser.found)
        guilty += [f"{path}: {found}" for found in parser.found if is_elsewhere(found)]
        guilty += [f"{path}: {found}" for found in parser.inline]

    assert guilty == []
    assert seen > 100


@on_sqlite
def test_every_page_says_where_it_may_load_from(app: Flask, world: World, as_user: Any) -> None:
    loose = []

    for role, user in world.people.items():
        for rule in routes(app, "GET"):
            path = address(app, rule, world.ours.ids)
            policy = as_user(user).get(path).headers.get("Content-Security-Policy", "")
            if "default-src '" not in policy or any(word in policy for word in ("http", "*", "unsafe-eval", "script")):
                loose.append(f"{role} {path}: {policy}")

    assert loose == []


@on_sqlite
def test_every_file_a_page_loads_is_there_and_loads_nothing_from_elsewhere(
    app: Flask, world: World, as_user: Any
) -> None:
    browser = as_user(world.people[next(iter(world.people))])
    files = set()
    for _path, html in _pages(app, world, as_user):
        files |= set(re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', html))

    guilty = []
    for name in sorted(files):
        answer = browser.get(name)
        if answer.status_code != 200:
            guilty.append(f"{name}: {answer.status_code}")
            continue
        text = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
        loaded = CSS_URL.findall(text) if "css" in answer.mimetype else LOOSE_ADDRESS.findall(text)
        guilty += [f"{name}: {found}" for found in loaded if is_elsewhere(found)]

    assert guilty == []
    assert any(name.endswith(".css") or ".css?" in name for name in files)


#: Mail programs know no style sheets, so the mails' templates bring their own.
TEMPLATES = sorted(set((ROOT / "templates").rglob("*.html")) - set((ROOT / "templates" / "email").rglob("*")))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_inline_style_or_script(template: Path) -> None:
    text = template.read_text("utf-8")

    found = re.findall(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\bsrc=)", text,
                       re.IGNORECASE)

    assert found == []


#: Downloads, and a mail as it was sent.
NO_PAGES = MAILS | frozenset({
    "assignments.evidence", "plans.clarity_letter", "chase.letter_download", "chase.letters_zip",
    "admin.letter_template_built_in", "admin.letter_template_download", "my_work.feed", "my_work.download_workbook",
})  # fmt: skip


@pytest.mark.browser
@on_sqlite
def test_a_browser_asks_no_other_host(app: Flask, world: World, session: Session, live_server: str, chromium: Any
                                      ) -> None:
    asked: list[str] = []
    refused: list[str] = []
    session.commit()

    for role, user in world.people.items():
        context = chromium.new_context(base_url=live_server)
        context.add_cookies([_log_in(app, user, live_server)])
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: refused.append(f"{message.location.get('url')}: {message.text}")
                if "Content Security Policy" in message.text else None)
        for rule in routes(app, "GET"):
            permission = permission_of(app, rule)
            shown = permission is not None and may(role, permission)
            if not shown or rule.endpoint in NO_PAGES:
                continue
            page.goto(address(app, rule, world.ours.ids), wait_until="load")
        context.close()

    assert {url for url in asked if not url.startswith((live_server, "data:", "blob:"))} == set()
    assert refused == []
    assert len(asked) > 20


def _log_in(app: Flask, user: Any, server: str) -> dict[str, Any]:
    """Make the session cookie of somebody who is logged in."""
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = user.get_id(), True
    found = browser.get_cookie("dondoc")
    assert found is not None
    return {"name": "dondoc", "value": found.value, "url": server}
