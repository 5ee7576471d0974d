"""A mail's page as it looks, and a hostile mail in it that can do nothing."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.web.admin.desk import parked
from tracker.mail.writing import Message
from tracker.models import IncomingMail, MailEvent, OutboxMail
from tracker.reminders import copies
from tracker.rules.permissions import Role
from tracker.rules.states import IncomingKind, IncomingState, MailEventKind, MailState

pytestmark = pytest.mark.browser

HOSTILE = """<html><head><title>x</title><meta http-equiv="refresh" content="0;url=/accounts/log-in">
<link rel="stylesheet" href="/static/taken.css"><style>p { color: rgb(1, 2, 3); }</style></head>
<body onload="top.ran = 1"><script>top.ran = 2; parent.document.title = "taken"</script>
<img src="/static/taken.png" onerror="top.ran = 3">
<iframe src="/admin/users"></iframe><object data="/admin/users"></object>
<p>Việc quá hạn</p><a id="out" href="/admin/users">Ra ngoài</a><a id="top" target="_top" href="/admin/users">Lên</a>
<form action="/admin/outbox/parked/resend" method="post"><button id="send">Gửi</button></form></body></html>"""


def keep_copy(session: Session, mail: OutboxMail, message: Message) -> None:
    packed = copies.pack(mail.kind, message)
    assert packed is not None
    copies.keep(session.connection(), mail.id, packed, now=NOW)
    session.commit()


def test_a_hostile_mail_shows_its_words_and_does_nothing(
    make: Factory, session: Session, open_as: Callable[..., Any]
) -> None:
    mail = parked(session, make.user(), state=MailState.SENT)
    keep_copy(session, mail, Message(to="a@x", subject="Việc quá hạn", text="Việc quá hạn", html=HOSTILE,
                                     message_id="<1@x>"))

    page = open_as(make.user(Role.ADMINISTRATOR), f"/admin/outbox/{mail.id}")
    answered: list[str] = []
    page.on("response", lambda answer: answered.append(answer.url))
    page.reload(wait_until="load")
    frame = page.frame_locator("iframe.mail-frame")
    for pressed in ("#out", "#top", "#send"):
        frame.locator(pressed).click()
    page.wait_for_timeout(200)

    assert frame.locator("p").inner_text() == "Việc quá hạn"
    assert frame.locator("p").evaluate("p => getComputedStyle(p).color") == "rgb(1, 2, 3)"
    assert page.evaluate("window.ran") is None
    assert page.url.endswith(f"/admin/outbox/{mail.id}")
    assert "Thư số" in page.title()
    assert len(page.context.pages) == 1
    assert any(url.endswith("/html") for url in answered)
    assert [url for url in answered if "taken" in url or url.endswith(("/admin/users", "/log-in", "/resend"))] == []
    assert page.locator("pre.mail-text").first.inner_text() == "Việc quá hạn"


def test_the_pages_about_mails_fit_and_can_be_read_by_everybody(
    make: Factory, session: Session, open_as: Callable[..., Any]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    user = make.user(mail_refused_at=NOW, email="mot.dia.chi.rat.dai@motsoratdai.haduong.example",
                     mail_refused_reason="550 5.1.1 <mot.dia.chi.rat.dai@motsoratdai.haduong.example>: unknown")
    mail = parked(session, user, state=MailState.SENT)
    mail.bounced_at = NOW
    waiting = parked(session, make.user(), 2)
    session.add_all([
        MailEvent(mail_id=mail.id, at=NOW, what=MailEventKind.BOUNCED, detail="550 " + "x" * 300),
        IncomingMail(message_id="<in@x>", received_at=NOW, kind=IncomingKind.BOUNCE, state=IncomingState.FILED,
                     sender="mailer-daemon@motsoratdai.haduong.example", subject="Undelivered " + "y" * 120,
                     text="550 " + "z" * 200, mail_id=mail.id),
    ])
    message = Message(to="a@x", subject="Việc quá hạn", text="a" * 400, html="<p lang=vi>Việc</p>",
                      message_id="<1@x>", ics="BEGIN:VCALENDAR")
    keep_copy(session, mail, message)
    page = open_as(make.user(Role.ADMINISTRATOR), "/", bypass_csp=True)
    address = page.url.rstrip("/")

    violations, too_wide = [], []
    for path in ("", f"/{mail.id}", f"/{waiting.id}", f"/{waiting.id}/resend", "/parked", "/refused",
                 f"/refused/{user.id}/accept", "/incoming"):
        page.goto(f"{address}/admin/outbox{path}", wait_until="load")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            violations += Axe().run(page, options={"iframes": False}).response["violations"]
            too_wide.append((path, page.evaluate("document.documentElement.scrollWidth - innerWidth")))

    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
    assert [found for found in too_wide if found[1] > 0] == []
