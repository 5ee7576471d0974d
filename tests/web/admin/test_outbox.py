"""The administrator's outbox: what became of each mail, the mail as it was sent, and sending again."""
from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.web.admin.desk import parked
from tracker.mail.writing import Message
from tracker.models import AuditEntry, IncomingMail, MailEvent, OutboxMail, Reminder, User
from tracker.reminders import copies
from tracker.reports.outbox_list import parked_reasons
from tracker.rules.states import IncomingKind, IncomingState, MailEventKind, MailKind, MailState

HOSTILE = ("<p>Việc quá hạn</p><script>fetch('https://elsewhere.example/')</script>"
           "<img src='https://elsewhere.example/a.png' onerror='alert(1)'><form action='/accounts/log-out'></form>")


def copied(session: Session, mail: OutboxMail, html: str = "<p>Kính gửi</p>", text: str = "Kính gửi đồng chí",
           ics: str = "") -> None:
    """Keep a mail as it was sent."""
    message = Message(to=mail.recipient.email, subject="2 việc quá hạn", text=text, html=html,
                      message_id=mail.message_id, ics=ics)
    packed = copies.pack(mail.kind, message)
    if packed is not None:
        copies.keep(session.connection(), mail.id, packed, now=NOW)
    session.commit()


def came(session: Session, kind: IncomingKind, mail: OutboxMail | None = None, number: int = 1) -> IncomingMail:
    row = IncomingMail(message_id=f"<in{number}@x>", received_at=NOW, kind=kind, state=IncomingState.FILED,
                       sender="mailer-daemon@syt.example", subject="Undelivered Mail", text="550 Không có hộp thư",
                       mail_id=mail.id if mail else None)
    session.add(row)
    session.commit()
    return row


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_a_parked_mail_goes_back_in_the_queue_after_a_question(
    browser: FlaskClient, administrator: User, make: Factory, session: Session
) -> None:
    mail = parked(session, make.user())
    listed = browser.get("/admin/outbox?state=parked").text
    asked = browser.get(f"/admin/outbox/{mail.id}/resend")

    answer = browser.post(f"/admin/outbox/{mail.id}/resend", data={"seen": seen(asked.text)})
    session.rollback()
    session.expire_all()

    entry = session.scalars(select(AuditEntry)).one()
    assert "550 no such user" in listed
    assert answer.status_code == 302
    assert (mail.state, mail.attempts) == (MailState.PENDING, 0)
    assert (entry.action, entry.user_id, entry.before) == ("mail.resent", administrator.id,
                                                           {"state": "parked", "attempts": 8})  # fmt: skip
    shown = browser.get(f"/admin/outbox/{mail.id}").text
    assert "Cho gửi lại" in shown
    assert administrator.name in shown


def test_asking_changes_nothing(browser: FlaskClient, make: Factory, session: Session) -> None:
    mail = parked(session, make.user())

    browser.get(f"/admin/outbox/{mail.id}/resend")
    session.rollback()

    assert mail.state is MailState.PARKED
    assert session.scalars(select(MailEvent)).all() == []


@pytest.mark.parametrize("state", [MailState.PENDING, MailState.DROPPED])
def test_what_is_not_at_rest_is_not_sent_again(
    browser: FlaskClient, make: Factory, session: Session, state: MailState
) -> None:
    mail = parked(session, make.user(), state=state)

    answer = browser.post(f"/admin/outbox/{mail.id}/resend")
    session.rollback()
    session.expire_all()

    assert "đang chờ gửi hoặc không còn cần gửi" in answer.text
    assert mail.state is state


def test_two_administrators_send_a_mail_again_once(browser: FlaskClient, make: Factory, session: Session) -> None:
    mail = parked(session, make.user())
    mark = seen(browser.get(f"/admin/outbox/{mail.id}/resend").text)
    mail.state, mail.sent_at, mail.attempts = MailState.SENT, NOW, 1
    session.commit()

    answer = browser.post(f"/admin/outbox/{mail.id}/resend", data={"seen": mark})
    session.rollback()
    session.expire_all()

    assert "vừa thay đổi trạng thái" in answer.text
    assert mail.state is MailState.SENT


def test_a_sent_mail_warns_before_it_goes_out_twice(
    browser: FlaskClient, make: Factory, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.clock.today", lambda: TODAY)
    user = make.user()
    mail = OutboxMail(recipient_id=user.id, kind=MailKind.DIGEST, key=TODAY.isoformat(), message_id="<d@x>",
                      state=MailState.SENT, attempts=1, next_attempt_at=NOW, created_at=NOW, sent_at=NOW)
    row = make.assignment(user.agency)
    session.add_all([mail, Reminder(recipient_id=user.id, assignment=row, step="due", due_version=row.due_version,
                                    mail=mail, decided_on=TODAY)])
    session.commit()

    page = browser.get(f"/admin/outbox/{mail.id}/resend").text

    assert "có thể có hai thư" in page
    assert browser.post(f"/admin/outbox/{mail.id}/resend", data={"seen": seen(page)}).status_code == 302


def test_all_mails_of_one_reason_go_back_together(browser: FlaskClient, make: Factory, session: Session) -> None:
    mails = [parked(session, make.user(), number) for number in range(1, 4)]
    refused = parked(session, make.user(mail_refused_at=NOW), 4)
    other = parked(session, make.user(), 5)
    other.last_error = "552 mailbox full"
    session.commit()
    key = parked_reasons(session)[0].key
    asked = browser.get(f"/admin/outbox/parked/resend?reason={key}").text
    late = parked(session, make.user(), 6)

    answer = browser.post("/admin/outbox/parked/resend", data={"reason": key, "newest": str(refused.id)},
                          follow_redirects=True)
    session.rollback()
    session.expire_all()

    assert "Gửi lại 3 thư" in asked
    assert "3 thư đã trở lại hàng chờ" in answer.text
    assert "1 thư để nguyên" in answer.text
    assert {mail.state for mail in mails} == {MailState.PENDING}
    assert {mail.state for mail in (refused, other, late)} == {MailState.PARKED}


@pytest.mark.parametrize("data", [{}, {"reason": "nothing"}, {"reason": "\0"}, {"reason": "x", "newest": "9" * 30}])
def test_a_reason_that_is_no_more_is_told(browser: FlaskClient, make: Factory, session: Session, data: Any) -> None:
    mail = parked(session, make.user())

    answer = browser.post("/admin/outbox/parked/resend", data=data, follow_redirects=True)
    session.rollback()

    assert "Không còn thư nào dừng vì lý do này" in answer.text
    assert mail.state is MailState.PARKED


@pytest.mark.parametrize("newest", ["", "abc", "-1", "9" * 30])
def test_a_form_made_by_hand_sends_nothing_by_mistake(
    browser: FlaskClient, make: Factory, session: Session, newest: str
) -> None:
    mail = parked(session, make.user())
    key = parked_reasons(session)[0].key

    status = browser.post("/admin/outbox/parked/resend", data={"reason": key, "newest": newest}).status_code
    session.rollback()
    session.expire_all()

    assert status == 302
    assert mail.state is (MailState.PENDING if newest == "9" * 30 else MailState.PARKED)


def test_a_mail_shows_what_became_of_it(browser: FlaskClient, make: Factory, session: Session) -> None:
    mail = parked(session, make.user(), state=MailState.SENT)
    mail.bounced_at = NOW
    session.add_all([
        MailEvent(mail_id=mail.id, at=NOW, what=MailEventKind.DEFERRED, detail="450 thử lại 100% <sau>"),
        MailEvent(mail_id=mail.id, at=NOW + timedelta(minutes=5), what=MailEventKind.BOUNCED, detail="550"),
    ])
    came(session, IncomingKind.BOUNCE, mail)

    page = browser.get(f"/admin/outbox/{mail.id}").text

    assert "450 thử lại 100% &lt;sau&gt;" in page
    assert page.index("Chưa gửi được, sẽ gửi lại") < page.index("Bị máy chủ của người nhận trả về")
    assert "550 Không có hộp thư" in page
    assert f"/admin/outbox/{mail.id}/resend" in page


def test_a_mail_is_shown_as_it_was_sent_and_nothing_in_it_can_act(
    browser: FlaskClient, make: Factory, session: Session
) -> None:
    mail = parked(session, make.user(), state=MailState.SENT)
    copied(session, mail, HOSTILE, "Việc <b>quá hạn</b>: https://dondoc.haduong.example/r/abc.def", "BEGIN:VCALENDAR")

    page = browser.get(f"/admin/outbox/{mail.id}").text
    framed = browser.get(f"/admin/outbox/{mail.id}/html")

    assert "Việc &lt;b&gt;quá hạn&lt;/b&gt;" in page
    assert "abc.def" not in page + framed.text
    assert "BEGIN:VCALENDAR" in page
    assert "<script>fetch" not in page
    frame = re.search(r"<iframe[^>]*>", page)
    assert frame is not None
    assert re.search(r"\ssandbox(?:=\"\")?[\s>]", frame[0])
    assert f'src="/admin/outbox/{mail.id}/html"' in frame[0]
    policy = framed.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'")
    assert "allow" not in policy
    assert framed.headers["X-Content-Type-Options"] == "nosniff"
    assert framed.headers["Cache-Control"] == "private, no-store"


def test_a_mail_without_a_copy_says_why(browser: FlaskClient, make: Factory, session: Session) -> None:
    waiting = parked(session, make.user(), 1)
    old = parked(session, make.user(), 2, state=MailState.SENT)
    secret = parked(session, make.user(), 3, state=MailState.SENT)
    secret.kind = MailKind.PASSWORD_RESET
    session.commit()
    copied(session, secret)

    pages = [browser.get(f"/admin/outbox/{mail.id}").text for mail in (waiting, old, secret)]

    assert "Chưa có bản sao" in pages[0]
    assert "Không còn bản sao" in pages[1]
    assert "liên kết dùng một lần" in pages[2]
    assert {browser.get(f"/admin/outbox/{mail.id}/html").status_code for mail in (waiting, old, secret)} == {404}


@pytest.mark.parametrize("path", ["{}", "{}/html", "{}/resend", "refused/{}/accept"])
def test_what_does_not_exist_is_not_found(browser: FlaskClient, path: str) -> None:
    numbers = ("0", "999999", "99999999999", "9" * 30)

    assert {browser.get("/admin/outbox/" + path.format(number)).status_code for number in numbers} == {404}


def test_a_refused_address_is_marked_good_again(
    browser: FlaskClient, administrator: User, make: Factory, session: Session
) -> None:
    user = make.user(name="Quách Thị Ngân Giang", mail_refused_at=NOW, mail_refused_reason="550 5.1.1 unknown")
    make.user(name="Lò Thị Mai")
    make.user(name="Đã Khóa", mail_refused_at=NOW, is_active=False)
    listed = browser.get("/admin/outbox/refused").text
    asked = browser.get(f"/admin/outbox/refused/{user.id}/accept").text

    answer = browser.post(f"/admin/outbox/refused/{user.id}/accept")
    session.rollback()
    session.expire_all()

    entry = session.scalars(select(AuditEntry)).one()
    assert user.name in listed
    assert "Lò Thị Mai" not in listed
    assert "Đã Khóa" not in listed
    assert "550 5.1.1 unknown" in asked
    assert answer.status_code == 302
    assert user.mail_refused_at is None
    assert (entry.action, entry.user_id) == ("account.address_accepted", administrator.id)
    again = browser.post(f"/admin/outbox/refused/{user.id}/accept", follow_redirects=True)
    assert "không bị đánh dấu từ chối" in again.text


def test_what_came_in_is_listed_without_the_words_of_answers(
    browser: FlaskClient, make: Factory, session: Session
) -> None:
    mail = parked(session, make.user(), state=MailState.SENT)
    came(session, IncomingKind.BOUNCE, mail, 1)
    answer = came(session, IncomingKind.REPLY, mail, 2)
    answer.text = "Đã xong phần việc của sở."
    came(session, IncomingKind.UNKNOWN, None, 3)

    everything = browser.get("/admin/outbox/incoming").text
    bounces = browser.get("/admin/outbox/incoming?kind=bounce").text

    assert everything.count("mailer-daemon@syt.example") == 3
    assert "Đã xong phần việc" not in everything
    assert bounces.count("mailer-daemon@syt.example") == 1
    assert "550 Không có hộp thư" in bounces
    assert f"/admin/outbox/{mail.id}" in bounces


def test_the_pages_about_mails_cost_the_same_however_many(
    browser: FlaskClient, make: Factory, session: Session
) -> None:
    mail_id = parked(session, make.user()).id

    def grow(start: int, more: int) -> None:
        mail = session.get_one(OutboxMail, mail_id)
        for number in range(start, start + more):
            user = make.user(mail_refused_at=NOW)
            parked(session, user, number)
            came(session, IncomingKind.BOUNCE, mail, number)
            row = make.assignment(user.agency)
            session.add(Reminder(recipient_id=user.id, assignment=row, step="due", due_version=1, mail=mail,
                                 decided_on=TODAY))
            session.add(MailEvent(mail_id=mail.id, at=NOW, what=MailEventKind.DEFERRED, actor_id=user.id))
        session.commit()

    def statements() -> list[int]:
        counts = []
        for path in ("", "?person=nguyen", f"/{mail_id}", "/parked", "/refused", "/incoming"):
            session.expunge_all()
            with counted_statements() as sent:
                assert browser.get(f"/admin/outbox{path}").status_code == 200
            counts.append(len(sent))
        return counts

    grow(2, 3)
    few = statements()
    grow(5, 60)

    assert statements() == few
