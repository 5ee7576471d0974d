"""What tests of the pages share: a morning, an assignment with everybody around it, a page in a real browser."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.web.assignment_case import Case
from tracker.models import User


@pytest.fixture
def morning() -> Iterator[None]:
    """Let the clock stand still; not for a real browser, whose log-in would have run out long ago."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def case(session: Session, make: Factory, as_user: Any) -> Case:
    return Case(session, make, as_user)


@pytest.fixture
def open_as(chromium: Any, live_server: str, as_user: Any) -> Iterator[Callable[..., Any]]:
    """Open a page as somebody, or as nobody; at the end no page may have said an error or asked another host."""
    contexts: list[Any] = []
    said: list[str] = []

    def open_page(user: User | None, path: str, width: int = 1280, height: int = 900, **more: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="vi-VN", **more)
        contexts.append(context)
        if user is not None:
            cookie = as_user(user).get_cookie("dondoc")
            context.add_cookies([{"name": "dondoc", "value": cookie.value, "url": live_server}])
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith((live_server, "data:")) or said.append(asked.url))
        page.goto(live_server + path, wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
