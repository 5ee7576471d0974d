"""What comes to the sender's own mailbox, read from a real IMAP server."""
from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.dovecot import DOVECOT, Dovecot
from tests.factories import NOW, Factory
from tests.incoming_mails import reply, returned
from tests.reminders.incoming_post import SAID, SENT, Post, stored
from tracker.models import Assignment, AuditEntry, IncomingFile, MailEvent, OutboxMail, ProgressUpdate, ReportDraft
from tracker.reminders import incoming
from tracker.reminders.incoming import MOST_A_DAY, read_mailbox
from tracker.rules.permissions import Role
from tracker.rules.states import IncomingKind, IncomingState, MailEventKind, MailKind

pytestmark = pytest.mark.skipif(DOVECOT is None, reason="no dovecot: run `apt-get install dovecot-imapd` as root")


def nothing_reported(session: Session) -> bool:
    return not any(session.scalar(select(func.count()).select_from(table)) for table in (ProgressUpdate, ReportDraft))


def quoting(text: str) -> str:
    quoted = "\n".join(f"> {line}" for line in SENT.split("\n"))
    return f"{text}\n\nVào 18/3/2026, Đôn Đốc <dondoc@haduong.example> đã viết:\n{quoted}"


def test_an_answer_to_a_digest_is_offered_to_its_writer_and_is_no_report(
    box: Dovecot, session: Session, post: Post
) -> None:
    mail = post.sent()
    box.put("dondoc", reply(quoting(SAID), to=mail.message_id, sender="Nguyễn Văn An <An@SYT.example>"))

    counts = read_mailbox(session, now=NOW)

    (row,) = stored(session)
    assert counts == {"reply": 1, "bounce": 0, "auto_reply": 0, "unknown": 0}
    assert (row.kind, row.state, row.text) == (IncomingKind.REPLY, IncomingState.OFFERED, SAID)
    assert (row.user, row.mail, row.assignment) == (post.user, mail, post.work[0])
    assert box.unread("dondoc") == 0
    assert nothing_reported(session)
    assert session.get_one(Assignment, post.work[0].id).version == post.work[0].version


def test_which_of_several_is_meant_is_left_to_a_person(
    box: Dovecot, session: Session, post: Post, make: Factory
) -> None:
    post.work.append(make.assignment(post.user.agency))
    box.put("dondoc", reply(SAID, to=post.sent().message_id, sender="an@syt.example"))

    read_mailbox(session, now=NOW)

    assert [row.assignment_id for row in stored(session)] == [None]


@pytest.mark.parametrize(("text", "more"), [
    (f"Vào 18/3/2026, Đôn Đốc <dondoc@haduong.example> đã viết:\n> {SENT.strip()}\n\n{SAID}", {}),
    ("", {"html": f"<div>{SAID}</div><blockquote>{SENT}</blockquote>"}),
    (unicodedata.normalize("NFD", SAID), {}),
    (f"{SENT}\n{SAID}", {}),
], ids=["below", "HTML only", "decomposed", "below, without marks"])  # fmt: skip
def test_the_answer_is_cut_out_however_it_was_written(
    box: Dovecot, session: Session, post: Post, text: str, more: dict[str, Any]
) -> None:
    box.put("dondoc", reply(text, to=post.sent().message_id, sender="an@syt.example", **more))

    read_mailbox(session, now=NOW)

    assert [row.text for row in stored(session)] == [SAID]


FORGED = [("Authentication-Results", "mx.haduong.example; dmarc=fail header.from=syt.example")]


@pytest.mark.parametrize(("change", "matched"), [
    ({"sender": "Nguyễn Văn An <ke.xau@x.example>"}, True),
    ({"sender": '"an@syt.example" <ke.xau@x.example>'}, True),
    ({"headers": FORGED}, True),
    ({"to": "<guessed.1@haduong.example>"}, False),
    ({"text": ""}, True),
    ({"text": quoting("")}, True),
], ids=["another person", "a name like the address", "forged", "an invented mail", "empty",
        "nothing but the quoted"])  # fmt: skip
def test_what_is_not_surely_the_persons_own_answer_stays_unread_in_the_mailbox(
    box: Dovecot, session: Session, post: Post, change: dict[str, Any], matched: bool
) -> None:
    given = {"text": SAID, "to": post.sent().message_id, "sender": "an@syt.example", **change}
    box.put("dondoc", reply(**given))

    first, again = read_mailbox(session, now=NOW), read_mailbox(session, now=NOW)

    (row,) = stored(session)
    assert (first["unknown"], again["unknown"]) == (1, 0)
    assert (row.kind, row.state, row.text, row.user_id) == (IncomingKind.UNKNOWN, IncomingState.FILED, "", None)
    assert (row.mail_id is not None) is matched
    assert box.unread("dondoc") == 1


@pytest.mark.parametrize(("role", "kind"), [
    (Role.COORDINATOR, MailKind.WEEKLY), (Role.LEADER, MailKind.MONTHLY), (Role.LIAISON, MailKind.PASSWORD_RESET),
    (Role.COORDINATOR, MailKind.DIGEST),
])  # fmt: skip
def test_who_reports_on_nothing_is_offered_nothing(
    box: Dovecot, session: Session, post: Post, make: Factory, role: Role, kind: MailKind
) -> None:
    user = make.user(role, email="b@ubnd.example")
    box.put("dondoc", reply(SAID, to=post.sent(kind, "x:1", user).message_id, sender="b@ubnd.example"))

    assert read_mailbox(session, now=NOW)["unknown"] == 1


def test_a_closed_account_is_offered_nothing(box: Dovecot, session: Session, post: Post) -> None:
    mail = post.sent()
    post.user.is_active = False
    session.commit()
    box.put("dondoc", reply(SAID, to=mail.message_id, sender="an@syt.example"))

    assert read_mailbox(session, now=NOW)["unknown"] == 1


def test_an_automatic_answer_is_never_offered_and_its_words_are_not_kept(
    box: Dovecot, session: Session, post: Post
) -> None:
    mail = post.sent()
    box.put("dondoc",
            reply("Tôi đi công tác.", to=mail.message_id, sender="an@syt.example",
                  headers=[("Auto-Submitted", "auto-replied")]),
            reply("Đi vắng.", to=mail.message_id, sender="an@syt.example", subject="Trả lời tự động: 2 việc quá hạn"))

    assert read_mailbox(session, now=NOW)["auto_reply"] == 2
    assert [(row.state, row.text) for row in stored(session)] == [(IncomingState.FILED, "")] * 2
    assert box.unread("dondoc") == 0
    assert nothing_reported(session)
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 1  # a robot is not answered


def test_a_loop_of_answers_fills_no_table(box: Dovecot, session: Session, post: Post,
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "MOST_A_DAY", 5)
    mail = post.sent()
    box.put("dondoc", *(reply(f"Lần {number}", to=mail.message_id, sender="an@syt.example") for number in range(9)))

    counts = read_mailbox(session, now=NOW)

    assert (counts["reply"], counts["unknown"]) == (5, 4)
    assert len(stored(session)) == 5
    assert box.unread("dondoc") == 4
    box.put("dondoc", reply("Hôm sau", to=mail.message_id, sender="an@syt.example"))
    assert read_mailbox(session, now=NOW + timedelta(days=1, seconds=1))["reply"] == 1
    assert MOST_A_DAY < incoming.MOST_A_RUN


def test_a_mail_sent_back_marks_the_mail_and_the_address_and_tells_who_can_mend_it(
    box: Dovecot, session: Session, post: Post, make: Factory
) -> None:
    administrator = make.user(Role.ADMINISTRATOR)
    mail = post.sent()
    box.put("dondoc", returned(mail.message_id, "an@syt.example"))

    assert read_mailbox(session, now=NOW)["bounce"] == 1

    session.rollback()
    assert mail.bounced_at == NOW
    assert post.user.mail_refused_at == NOW
    assert "User unknown" in (post.user.mail_refused_reason or "")
    (event,) = session.scalars(select(MailEvent))
    assert (event.what, event.mail_id) == (MailEventKind.BOUNCED, mail.id)
    told = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.ADDRESS_REFUSED)).all()
    assert [one.recipient_id for one in told] == [administrator.id]
    assert session.scalars(select(AuditEntry.action)).all() == ["account.address_refused"]


@pytest.mark.parametrize(("change", "bounced"), [
    ({"status": "5.2.2", "words": "smtp; 552 5.2.2 <{to}>: Mailbox full"}, True),
    ({"status": "5.7.1", "words": "smtp; 550 5.7.1 blocked as spam by policy"}, True),
    ({"status": "5.3.4", "words": "smtp; 552 5.3.4 message too large"}, True),
    ({"status": "4.4.7", "words": "smtp; delivery time expired"}, True),
    ({"status": "4.4.1", "action": "delayed", "words": "smtp; connection timed out"}, False),
    ({"to": "chuyen.tiep@khac.example", "original": "chuyen.tiep@khac.example"}, True),
], ids=["full", "spam", "too large", "expired", "delayed", "forwarded to a dead mailbox"])  # fmt: skip
def test_what_is_not_the_addresss_own_fault_closes_no_address(
    box: Dovecot, session: Session, post: Post, change: dict[str, Any], bounced: bool
) -> None:
    mail = post.sent()
    box.put("dondoc", returned(**{"message_id": mail.message_id, "to": "an@syt.example", **change}))

    read_mailbox(session, now=NOW)

    session.rollback()
    assert post.user.mail_refused_at is None
    assert (mail.bounced_at is not None) is bounced
    assert session.scalars(select(MailEvent.what)).all() == [
        MailEventKind.BOUNCED if bounced else MailEventKind.DEFERRED]


def test_a_notice_without_our_mail_in_it_is_shown_and_closes_nothing(
    box: Dovecot, session: Session, post: Post
) -> None:
    mail = post.sent()
    box.put("dondoc", returned(mail.message_id, "an@syt.example", with_headers=False))

    assert read_mailbox(session, now=NOW)["bounce"] == 1

    (row,) = stored(session)
    assert (row.user, row.mail_id) == (post.user, None)
    assert "User unknown" in row.text
    assert mail.bounced_at is None
    assert post.user.mail_refused_at is None


def test_files_wait_with_the_answer_and_bad_ones_are_named(box: Dovecot, session: Session, post: Post) -> None:
    box.put("dondoc", reply(SAID, to=post.sent().message_id, sender="an@syt.example", files=[
        ("số liệu.txt", "Đã mở 7 lớp.".encode(), "text/plain"),
        ("cài đặt.exe", b"MZ\x90\0", "application/x-msdownload"),
        ("danh sách.txt", "Nguyễn Văn An 001085012345".encode(), "text/plain"),
    ]))  # fmt: skip

    read_mailbox(session, now=NOW)

    session.rollback()
    files = session.scalars(select(IncomingFile).order_by(IncomingFile.id)).all()
    assert [(file.file_name, file.sha256 is not None) for file in files] == [
        ("số liệu.txt", True), ("cài đặt.exe", False), ("danh sách.txt", False)]


@pytest.mark.parametrize("text", [
    "Anh A, căn cước 001085012345, đã xong.", "Nguyễn Văn An, sinh năm 1990\nTrần Thị Bình, sinh năm 1985",
])  # fmt: skip
def test_personal_data_are_not_kept(box: Dovecot, session: Session, post: Post, text: str) -> None:
    box.put("dondoc", reply(text, to=post.sent().message_id, sender="an@syt.example"))

    read_mailbox(session, now=NOW)

    assert [(row.state, row.text, row.subject) for row in stored(session)] == [
        (IncomingState.OFFERED, "", "Re: 2 việc quá hạn")]


def test_personal_data_in_a_subject_are_not_kept_either(box: Dovecot, session: Session, post: Post) -> None:
    box.put("dondoc", reply(SAID, to=post.sent().message_id, sender="an@syt.example", subject="001085012345"),
            reply(SAID, to="<none@x>", sender="x@x.example", subject="Căn cước 001085012345"))

    read_mailbox(session, now=NOW)

    assert [row.subject for row in stored(session)] == ["", ""]


KINDS: list[tuple[MailKind, Callable[[Assignment], str]]] = [
    (MailKind.HANDED_OVER, lambda row: f"assignee:{row.id}:1"),
    (MailKind.HANDED_OVER, lambda row: f"part:{row.id}"),
    (MailKind.ASSIGNED, lambda row: f"plan:{row.plan_id}"),
]


@pytest.mark.parametrize(("kind", "key"), KINDS)
def test_the_work_a_mail_told_of_is_found_by_its_key(
    session: Session, post: Post, make: Factory, kind: MailKind, key: Callable[[Assignment], str]
) -> None:
    from tracker.reminders.told_of import told_of

    row = post.work[0]
    make.assignment(plan=row.plan)  # another agency's

    assert told_of(session, post.sent(kind, key(row))) == [row.id]
    assert told_of(session, post.sent(kind, "plan:999999:x")) == []
    assert told_of(session, post.sent(kind, "whatever")) == []
