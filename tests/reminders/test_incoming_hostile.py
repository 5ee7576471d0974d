"""Mails sent to the sender's own mailbox to jam it, to close somebody's address, or to fill tables."""
from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.dovecot import DOVECOT, Dovecot
from tests.factories import NOW, Factory
from tests.incoming_mails import reply, returned
from tests.reminders.incoming_post import SAID, Post
from tracker.mail.arrived import read
from tracker.models import Actor, AuditEntry, IncomingFile, IncomingMail, MailEvent, OutboxMail
from tracker.reminders import addresses, incoming
from tracker.reminders.incoming import MOST_RETURNS, read_mailbox, take
from tracker.rules.permissions import Role
from tracker.rules.states import IncomingKind, MailKind

needs_dovecot = pytest.mark.skipif(DOVECOT is None, reason="no dovecot: run `apt-get install dovecot-imapd` as root")

#: Python's own writer of headers gives up on these, and its reader does not.
UNWRITABLE = [
    b"Message-ID: <1@x.example>\r\nSubject: a\x0cEvil: x\r\nFrom: a@x.example\r\n\r\nx",
    b"Message-ID: <2@x.example>\r\nContent-Type: multipart/mixed; boundary=x\r\n\xc3\xa9\xff\r\n\r\nx",
    b"Message-ID: <3@x.example>\x1cEvil: x\r\nFrom: a@x.example\r\n\r\nx",
]


def taken(app: Flask, session: Session, raw: bytes) -> IncomingKind:
    return take(session, read(raw), settings=app.extensions["settings"], now=NOW)


@needs_dovecot
def test_headers_that_cannot_be_written_again_hold_up_no_other_mail(
    box: Dovecot, session: Session, post: Post
) -> None:
    mail = post.sent()
    box.put("dondoc", *UNWRITABLE, reply(SAID, to=mail.message_id, sender="an@syt.example"))

    counts = read_mailbox(session, now=NOW)

    assert (counts["reply"], counts["unknown"]) == (1, 3)


@needs_dovecot
def test_a_mail_that_cannot_be_taken_is_left_and_the_others_are_read(
    box: Dovecot, session: Session, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = post.sent()
    stored = incoming._sorted

    def breaking(session: Session, arrived: Any, now: Any) -> IncomingMail:
        if arrived.subject == "hỏng":
            raise ValueError("hỏng")
        return stored(session, arrived, now)

    monkeypatch.setattr(incoming, "_sorted", breaking)
    box.put("dondoc", reply(SAID, to=mail.message_id, sender="an@syt.example", subject="hỏng"),
            reply(SAID, to=mail.message_id, sender="an@syt.example"))

    first, again = read_mailbox(session, now=NOW), read_mailbox(session, now=NOW)

    assert (first["reply"], first["unknown"]) == (1, 1)
    assert sum(again.values()) == 0
    assert box.unread("dondoc") == 1


@pytest.mark.parametrize("raw", [
    b"From: a@x.example\r\nMessage-ID: <1@x>\r\nIn-Reply-To: <a\0b@x.example>\r\n\r\nx",
    returned("<not.ours@x.example>", "a\0b@x.example"),
], ids=["what it answers", "whom it names"])
def test_what_no_database_keeps_is_asked_of_none(app: Flask, session: Session, raw: bytes) -> None:
    assert taken(app, session, raw) in IncomingKind


def test_one_returned_mail_closes_an_address_once(app: Flask, session: Session, post: Post, make: Factory) -> None:
    administrator = make.user(Role.ADMINISTRATOR)
    mail = post.sent()
    taken(app, session, returned(mail.message_id, "an@syt.example"))
    assert post.user.mail_refused_at == NOW
    addresses.accept(session, post.user, actor=Actor("Quản trị", "127.0.0.1", administrator), now=NOW)
    session.commit()

    taken(app, session, returned(mail.message_id, "an@syt.example"))  # an old notice, sent again by anybody

    assert post.user.mail_refused_at is None
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
        "account.address_refused", "account.address_accepted"]


def test_notices_about_one_mail_fill_no_table(app: Flask, session: Session, post: Post) -> None:
    mail = post.sent()

    kinds = [taken(app, session, returned(mail.message_id, "an@syt.example", status="4.4.1", action="delayed"))
             for _number in range(MOST_RETURNS + incoming.MOST_A_DAY + 5)]

    assert kinds[-1] is IncomingKind.UNKNOWN
    for table in (IncomingMail, MailEvent):
        assert session.scalar(select(func.count()).select_from(table)) <= MOST_RETURNS + incoming.MOST_A_DAY


def test_a_server_that_returns_hundreds_of_mails_is_believed(
    app: Flask, session: Session, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MOST_A_DAY", 2)
    mails = [post.sent(MailKind.CHASE, f"chase:{number}") for number in range(6)]

    for mail in mails:
        taken(app, session, returned(mail.message_id, "an@syt.example"))

    assert session.scalar(select(func.count()).where(OutboxMail.bounced_at.is_not(None))) == 6


def test_a_file_that_finds_no_room_keeps_no_identity_number_in_its_name(
    app: Flask, session: Session, post: Post
) -> None:
    files = [(f"số liệu {number}.txt", f"Đã mở {number} lớp.".encode(), "text/plain") for number in range(5)]
    files.append(("căn cước 001085012345.txt", b"x", "text/plain"))

    taken(app, session, reply(SAID, to=post.sent().message_id, sender="an@syt.example", files=files))

    names = session.scalars(select(IncomingFile.file_name).order_by(IncomingFile.id)).all()
    assert (len(names), names[-1]) == (6, "…")


def test_a_servers_words_with_an_identity_number_are_not_kept_anywhere(
    app: Flask, session: Session, post: Post, make: Factory
) -> None:
    mail = post.sent()

    taken(app, session, returned(mail.message_id, "an@syt.example", words="smtp; 550 5.1.1 <{to}>: 001085012345"))

    assert post.user.mail_refused_reason == "5.1.1"
    assert session.scalars(select(MailEvent.detail)).all() == ["5.1.1"]
    assert session.scalars(select(IncomingMail.text)).all() == [""]
