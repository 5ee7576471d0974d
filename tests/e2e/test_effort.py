"""What the main jobs cost: presses, keys and bytes. Run with -s to read them; they may fall, not grow."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.e2e.site import Site, running_plan, shown
from tracker import clock
from tracker.models import OutboxMail, ProgressUpdate
from tracker.rules.permissions import Role

pytestmark = pytest.mark.browser
TEXT = "Đã mở 3 lớp."
AGENCIES = 40
#: The most bytes that may come over the wire for a page with nothing in the cache.
MOST_BYTES = 90_000


@dataclass
class Hand:
    """Somebody's hand at a page: every press and every key counts, as a person does them."""

    page: Any
    presses: int = 0
    keys: int = 0

    def press(self, found: Any) -> None:
        self.presses += 1
        found.click()

    def type(self, words: str) -> None:
        self.keys += len(words)
        self.page.keyboard.type(words)

    def key(self, name: str) -> None:
        self.keys += 1
        self.page.keyboard.press(name)

    def said(self) -> str:
        return f"{self.presses} presses, {self.keys} keys"


@pytest.fixture
def duty(site: Site) -> int:
    """A late duty of the demo's liaison."""
    with site.rows() as make:
        agency = shown(make.session, Role.LIAISON).agency
        return int(make.assignment(agency, running_plan(make.session), due_on=clock.today() - timedelta(days=3)).id)


@pytest.fixture
def me(site: Site) -> int:
    return site.read(lambda session: shown(session, Role.LIAISON).id)  # type: ignore[no-any-return]


def updates(site: Site, duty: int) -> int:
    query = select(func.count()).select_from(ProgressUpdate).where(ProgressUpdate.assignment_id == duty)
    return site.read(lambda session: session.scalar(query))  # type: ignore[no-any-return]


def write(hand: Hand, place: Any) -> None:
    """Write a report where its form stands: how far, what was done, send."""
    hand.press(place.locator("[name=percent]"))
    hand.key("ControlOrMeta+a")
    hand.type("45")
    hand.key("Tab")
    hand.type(TEXT)
    hand.press(place.get_by_role("button", name="Gửi báo cáo").last)


def test_from_the_mail_to_a_saved_report(site: Site, me: int, duty: int, capsys: pytest.CaptureFixture[str]) -> None:
    hand = Hand(site.browser(width=360), presses=1)  # the link in the mail
    hand.page.goto(site.mail_link(me, duty))

    write(hand, hand.page.locator("form.report"))
    hand.page.locator(".alert-success").wait_for()

    with capsys.disabled():
        print(f"\n  from the mail to a saved report: {hand.said()}, {len(TEXT)} of them its words")
    assert updates(site, duty) == 1
    assert (hand.presses, hand.keys - len(TEXT)) <= (3, 4)


def test_from_the_list_to_a_saved_report(site: Site, me: int, duty: int, capsys: pytest.CaptureFixture[str]) -> None:
    hand = Hand(site.open(me, "/my-work/"))
    row = hand.page.locator(f"#row-{duty}")

    hand.press(row.locator("[data-open]"))
    row.locator("form.report").wait_for()
    write(hand, row)
    row.locator(".job__note--good").wait_for()
    once = Hand(hand.page)
    with hand.page.expect_response(f"**/my-work/rows/{duty}"):  # the row is read anew when its answer is saved
        once.press(row.get_by_role("button", name="Không có thay đổi"))

    with capsys.disabled():
        print(f"\n  from the list to a saved report: {hand.said()}; nothing changed: {once.said()}")
    assert updates(site, duty) == 2
    assert (hand.presses, hand.keys - len(TEXT)) <= (3, 4)


def test_forty_agencies_are_chased(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    with site.rows() as make:
        police = make.coordinator()
        plan = make.plan(police.agency)
        for _ in range(AGENCIES):
            liaison = make.user()
            make.assignment(liaison.agency, plan, due_on=clock.today() - timedelta(days=5))
        before, who = make.session.scalar(select(func.count()).select_from(OutboxMail)), police.id
    hand = Hand(site.open(who, "/chase/"))

    hand.press(hand.page.locator("[data-select-all]").first)
    hand.press(hand.page.get_by_role("button", name="Đôn đốc", exact=True))
    hand.press(hand.page.get_by_role("button", name=f"Gửi {AGENCIES} thư đôn đốc"))
    hand.page.locator(".alert-success").wait_for()

    with capsys.disabled():
        print(f"\n  forty agencies chased: {hand.said()}")
    after = site.read(lambda session: session.scalar(select(func.count()).select_from(OutboxMail)))
    assert after == before + AGENCIES
    assert (hand.presses, hand.keys) <= (3, 0)


def weigh(site: Site, user_id: int | None, path: str) -> tuple[int, int]:
    """Count the bytes over the wire, heads and all, and the answers of a page opened for the first time."""
    page = site.browser(user_id)
    wire = page.context.new_cdp_session(page)
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    answer = page.goto(path, wait_until="networkidle")
    assert answer.status == 200
    return sum(sizes), len(sizes)


def test_pages_are_light(site: Site, me: int, duty: int, capsys: pytest.CaptureFixture[str]) -> None:
    police = site.read(lambda session: shown(session, Role.COORDINATOR).id)
    pages = {
        "mail link with a form": (None, site.mail_link(me, duty)), "report": (me, f"/assignments/{duty}/progress"),
        "my work": (me, "/my-work/"), "inbox": (police, "/inbox/"), "chase": (police, "/chase/"),
    }  # fmt: skip
    weights = {name: weigh(site, *where) for name, where in pages.items()}

    with capsys.disabled():
        for name, (size, answers) in weights.items():
            print(f"\n  {name}: {size:,} bytes in {answers} answers", end="")
    assert {name: size for name, (size, _) in weights.items() if not 5_000 < size < MOST_BYTES} == {}
