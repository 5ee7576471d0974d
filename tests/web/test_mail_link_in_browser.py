"""From the morning's mail to a saved report on a phone, without JavaScript and without logging in."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browsing import overhang
from tests.factories import NOW, Factory
from tracker import clock
from tracker.extensions import reading
from tracker.models import OutboxMail, ProgressUpdate
from tracker.models.account import User
from tracker.reminders.composing import compose
from tracker.rules.states import MailKind, MailState, ReportChannel

pytestmark = pytest.mark.browser


def digest_text(session: Session, user: User, row: Any) -> str:
    """Write this morning's digest for somebody, as it would be sent now."""
    from tracker.models import Reminder

    today = clock.today()
    mail = OutboxMail(recipient=user, kind=MailKind.DIGEST, key=today.isoformat(), state=MailState.PENDING,
                      message_id="<digest@haduong.example>", attempts=0, next_attempt_at=NOW, created_at=NOW)
    session.add(mail)
    session.flush()
    session.add(Reminder(recipient_id=user.id, assignment=row, step="overdue_3", due_version=1, mail_id=mail.id,
                         decided_on=today))
    session.commit()
    said = compose(session, mail, today=today, now=clock.now())
    session.commit()
    return str(said.text)  # type: ignore[union-attr]


def test_a_phone_reports_straight_from_the_mail(
    session: Session, make: Factory, open_as: Callable[..., Any], live_server: str
) -> None:
    user = make.user()
    row = make.assignment(user.agency, due_on=clock.today() - timedelta(days=3))
    make.assignment(user.agency, due_on=clock.today() + timedelta(days=2))
    reading.set(False)
    text = digest_text(session, user, row)
    reading.set(True)
    found = re.search(r"https://dondoc\.haduong\.example(/r/\S+\?open=\d+)#", text)
    assert found, text

    page = open_as(None, found[1], 360, 740, java_script_enabled=False)
    too_wide = [page.locator("html").bounding_box()["width"]]
    page.fill("form.report textarea[name=text]", "Đã mở hai lớp tập huấn.")
    page.fill("form.report [name=percent]", "40")
    page.locator("form.report .report__do button").click()
    page.wait_for_url("**?saved=*")
    words = page.inner_text("main")
    too_wide.append(page.locator("html").bounding_box()["width"])
    page.locator(".link-items button", has_text="Không có thay đổi").first.click()
    page.wait_for_url("**?saved=*")
    hosts = {urlsplit(page.url).netloc}

    session.rollback()
    updates = session.scalars(select(ProgressUpdate).order_by(ProgressUpdate.id)).all()
    assert "Đã nhận báo cáo: đang thực hiện, 40%." in words
    assert [update.channel for update in updates] == [ReportChannel.MAIL_LINK] * 2
    assert updates[0].text == "Đã mở hai lớp tập huấn."
    assert max(too_wide) <= 360
    assert hosts == {urlsplit(live_server).netloc}


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_fit_and_can_be_read_by_everybody(
    make: Factory, app: Flask, open_as: Callable[..., Any], live_server: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    from tracker.models.mail_link import make_token

    user = make.user()
    for number in range(6):
        row = make.assignment(user.agency, due_on=clock.today() - timedelta(days=number // 5))
    token = make_token(user, "only for tests", now=clock.now())
    page = open_as(user, "/", width, 740, bypass_csp=True)

    wrong, too_wide = [], []
    for path in (f"/r/{token}", f"/r/{token}?open={row.id}", "/r/x", "/my-work/month", "/my-work/feeds"):
        page.goto(live_server + path)
        wrong += [(path, found["id"], found["nodes"][0]["html"]) for found in Axe().run(page).response["violations"]]
        too_wide.append(overhang(page))

    assert wrong == []
    assert max(too_wide) <= 0
