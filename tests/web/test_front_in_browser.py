"""The front page as it looks: on a wide screen, on a phone, and to somebody who can't see it."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import Factory
from tracker import clock
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("role", Role)
def test_the_front_page_fits_and_can_be_read_by_everybody(
    make: Factory, open_as: Callable[..., Any], role: Role
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    police = make.agency("Công an tỉnh Hà Dương")
    plan = make.plan(police)
    for agency in (police, make.agency("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Hà Dương", is_requested=True)):
        for state in AssignmentState:
            make.assignment(agency, plan, state=state, due_on=clock.today() - timedelta(days=1))
    # The checks are a script of their own, which the page's rules would refuse.
    page = open_as(make.user(role, police), "/", bypass_csp=True)

    page.locator("details.account > summary").click()
    violations, too_wide = [], []
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        violations += Axe().run(page).response["violations"]
        too_wide.append(page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
    assert max(too_wide) <= 0
