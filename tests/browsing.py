"""Waiting in a real browser for what has no element of its own."""
from __future__ import annotations

import re
from typing import Any


def until(page: Any, expression: str, *, seconds: int = 15) -> None:
    """Wait until an expression is true in the page.

    The debugger evaluates it: Playwright's own `wait_for_function` evaluates in the page, whose policy forbids that.
    """
    for _ in range(seconds * 20):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")


def overhang(page: Any) -> int:
    """Give by how many pixels the page is wider than the window; 0 or less when nothing is scrolled sideways.

    A page that is still loading has no style yet, and any width.
    """
    page.wait_for_load_state("load")
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def fits(page: Any) -> bool:
    """Tell whether nothing has to be scrolled sideways."""
    return overhang(page) <= 0


def press(page: Any, name: str | re.Pattern[str], *, within: str = "main", exact: bool = False) -> None:
    """Press a button or a link by its words, and wait for the page that follows."""
    place = page.locator(within)
    found = place.get_by_role("button", name=name, exact=exact).or_(place.get_by_role("link", name=name, exact=exact))
    with page.expect_navigation():
        found.first.click()


def open_first(page: Any) -> None:
    """Open the first thing of the inbox, which a phone shows when it was chosen, and a desk at once."""
    if not page.locator("#opened").is_visible():
        with page.expect_navigation():
            page.locator(".inbox__row a").first.click()
