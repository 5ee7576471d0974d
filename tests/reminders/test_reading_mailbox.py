"""Reading the mailbox: each mail once, whatever is broken, huge or dies; and a mailbox that can't be read."""
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.dovecot import DOVECOT, PASSWORD, Dovecot
from tests.factories import NOW
from tests.incoming_mails import reply, returned
from tests.reminders.incoming_post import SAID, Post, stored
from tracker.config import Settings
from tracker.mail import mailbox
from tracker.mail.mailbox import Mailbox, Unreadable
from tracker.models import MailEvent
from tracker.reminders import incoming
from tracker.reminders.incoming import read_mailbox
from tracker.rules.states import MailEventKind

pytestmark = pytest.mark.skipif(DOVECOT is None, reason="no dovecot: run `apt-get install dovecot-imapd` as root")


def test_the_same_mail_twice_is_stored_once(box: Dovecot, session: Session, post: Post) -> None:
    answer = reply(SAID, to=post.sent().message_id, sender="an@syt.example", message_id="<same@mail.example>")
    nameless = answer.replace(b"Message-ID: <same@mail.example>\n", b"")
    box.put("dondoc", answer, answer, nameless, nameless)

    read_mailbox(session, now=NOW)

    assert len(stored(session)) == 2
    assert box.unread("dondoc") == 0


def test_a_reader_that_dies_before_marking_takes_the_mail_again_and_stores_it_once(
    box: Dovecot, session: Session, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = post.sent()
    box.put("dondoc", reply(SAID, to=mail.message_id, sender="an@syt.example"),
            returned(mail.message_id, "an@syt.example"))
    with monkeypatch.context() as patch:
        patch.setattr(Mailbox, "mark_read", _die)
        with pytest.raises(SystemExit):
            read_mailbox(session, now=NOW)
    session.rollback()
    assert (len(stored(session)), box.unread("dondoc")) == (1, 2)

    read_mailbox(session, now=NOW)
    box.unmark("dondoc")
    read_mailbox(session, now=NOW)

    assert len(stored(session)) == 2
    assert session.scalars(select(MailEvent.what)).all() == [MailEventKind.BOUNCED]
    assert box.unread("dondoc") == 0


def _die(*_args: Any) -> None:
    raise SystemExit


def test_one_broken_mail_holds_up_no_other(box: Dovecot, session: Session, post: Post) -> None:
    mail = post.sent()
    box.put("dondoc", b"\xff\xfe" * 50 + b"\r\n\r\n\xff",
            b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x",
            reply(SAID, to=mail.message_id, sender="an@syt.example"))

    counts = read_mailbox(session, now=NOW)

    assert (counts["reply"], counts["unknown"]) == (1, 2)


def test_of_a_huge_mail_the_beginning_is_read(
    box: Dovecot, session: Session, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "LARGEST", 300_000)
    monkeypatch.setattr(mailbox, "BEGINNING", 20_000)
    box.put("dondoc", reply(SAID, to=post.sent().message_id, sender="an@syt.example",
                            files=[("phim.mp4", b"x" * 600_000, "video/mp4")]))

    read_mailbox(session, now=NOW)

    (row,) = stored(session)
    assert (row.text, row.files) == (SAID, [])


@pytest.mark.parametrize(("change", "words"), [
    ({"imap_port": 9}, "127.0.0.1:9: "),
    ({"imap_password": "sai"}, "Authentication failed"),
    ({"imap_password": "sai mật khẩu"}, "Authentication failed"),
    ({"imap_folder": "Không có"}, "doesn't exist"),
    ({"imap_security": "tls"}, "SSL"),
    ({"imap_security": "starttls"}, "STARTTLS|TLS"),
], ids=["unreachable", "wrong password", "wrong password with marks", "no folder", "no TLS",
        "no STARTTLS"])  # fmt: skip
def test_a_mailbox_that_cannot_be_read_is_told_in_words(
    box: Dovecot, app: Flask, session: Session, post: Post, change: dict[str, Any], words: str
) -> None:
    box.put("dondoc", reply(SAID, to=post.sent().message_id, sender="an@syt.example"))
    good: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(good, **change)

    with pytest.raises(Unreadable, match=words) as told:
        read_mailbox(session, now=NOW)
    app.extensions["settings"] = good

    assert PASSWORD not in str(told.value)
    assert stored(session) == []
    assert read_mailbox(session, now=NOW)["reply"] == 1


def test_the_clock_says_in_its_run_why_the_mailbox_could_not_be_read(
    box: Dovecot, app: Flask, session: Session
) -> None:
    from tracker.models import JobRun
    from tracker.reminders.ticking import Lane, tick
    from tracker.rules.states import JobState

    good: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(good, imap_password="sai")
    tick(session, now=NOW, machine="máy thử", lane=Lane.MAILBOX)
    app.extensions["settings"] = good

    run = session.scalars(select(JobRun)).one()
    assert run.state is JobState.FAILED
    assert "Authentication failed" in (run.error or "")
    tick(session, now=NOW + timedelta(minutes=5), machine="máy thử", lane=Lane.MAILBOX)
    session.refresh(run)
    assert (run.state, run.error) == (JobState.DONE, None)


def test_more_mails_than_one_run_takes_are_taken_by_the_next(
    box: Dovecot, session: Session, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MOST_A_RUN", 3)
    box.put("dondoc", *(reply(SAID, to="<none@x>", sender=f"p{n}@x.example") for n in range(3)),
            reply(SAID, to=post.sent().message_id, sender="an@syt.example"))

    first, second = read_mailbox(session, now=NOW), read_mailbox(session, now=NOW)

    assert (first["unknown"], second["reply"]) == (3, 1)
