"""Mails as they come in: what they are, who wrote them, in whatever letters; broken ones raise nothing."""
from __future__ import annotations

import unicodedata
from email import message_from_bytes

import pytest

from tests.incoming_mails import reply, returned
from tracker.mail.arrived import LONGEST_BODY, own_id, read
from tracker.rules.states import IncomingKind

OURS = "<digest.2026-03-18.7.abcdef0123456789@haduong.example>"
SENDER = "An <an@syt.example>"
SAID = "Đã xong việc của sở, còn chờ số liệu của các xã."


def arrived(raw: bytes):  # type: ignore[no-untyped-def]
    return read(raw)


def raw(*headers: str, body: bytes = b"Xong.") -> bytes:
    return "\r\n".join(("From: a@x.example", "Message-ID: <1@x.example>", *headers, "", "")).encode() + body


@pytest.mark.parametrize(("header", "kind"), [
    ("Auto-Submitted: auto-replied (zimbra; vacation)", IncomingKind.AUTO_REPLY),
    ("Auto-Submitted: auto-generated", IncomingKind.AUTO_REPLY),
    ("Auto-Submitted: no", IncomingKind.REPLY),
    ("X-Auto-Response-Suppress: All", IncomingKind.AUTO_REPLY),
    ("X-Autoreply: yes", IncomingKind.AUTO_REPLY),
    ("Precedence: bulk", IncomingKind.AUTO_REPLY),
    ("Precedence: first-class", IncomingKind.REPLY),
    ("List-Id: <a.b>", IncomingKind.AUTO_REPLY),
    ("Return-Path: <>", IncomingKind.AUTO_REPLY),
    ("Content-Type: text/calendar; method=REPLY", IncomingKind.AUTO_REPLY),
    ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", IncomingKind.AUTO_REPLY),
    ("Subject: Automatic reply: 2 viec", IncomingKind.AUTO_REPLY),
    ("Subject: Tự động trả lời: 2 việc quá hạn", IncomingKind.AUTO_REPLY),
    ("Subject: [Trả lời tự động] đi công tác", IncomingKind.AUTO_REPLY),
    ("Subject: =?utf-8?B?VHLhuqMgbOG7nWkgdOG7sSDEkeG7mW5nOiAyIHZp4buHYw==?=", IncomingKind.AUTO_REPLY),
    ("Subject: Vắng mặt đến 20/3", IncomingKind.AUTO_REPLY),
    ("Subject: Out of Office", IncomingKind.AUTO_REPLY),
    ("Subject: Đã đọc: 2 việc quá hạn", IncomingKind.AUTO_REPLY),
    ("Subject: Re: Thông báo vắng mặt của người nghiện tại nơi cư trú", IncomingKind.REPLY),
    ("Subject: Trả lời: 2 việc quá hạn", IncomingKind.REPLY),
    ("From: Mail Delivery <MAILER-DAEMON@mx.example>", IncomingKind.REPLY),  # two From headers: nobody's
])  # fmt: skip
def test_answers_of_machines_are_told_from_those_of_people(header: str, kind: IncomingKind) -> None:
    assert arrived(raw(header)).kind is kind


def test_decomposed_subjects_are_known_too() -> None:
    assert arrived(raw(unicodedata.normalize("NFD", "Subject: Tự động trả lời"))).kind is IncomingKind.AUTO_REPLY


def test_an_answer_is_read_with_what_it_answers() -> None:
    found = arrived(reply(SAID, to=OURS, sender=SENDER))

    assert (found.kind, found.sender, found.subject) == (IncomingKind.REPLY, "an@syt.example", "Re: 2 việc quá hạn")
    assert found.answers == (OURS,)
    assert found.text.strip() == SAID


@pytest.mark.parametrize("charset", ["utf-8", "windows-1258", "utf-16", "iso-2022-jp", "no-such-charset"])
def test_letters_of_any_encoding_are_read(charset: str) -> None:
    text = {"iso-2022-jp": "Da xong 日本"}.get(charset, SAID)
    data = with_tones_behind(text) if charset == "windows-1258" else text
    body = data.encode("utf-8" if charset == "no-such-charset" else charset)

    found = arrived(raw(f"Content-Type: text/plain; charset={charset}", body=body))

    assert found.text.strip() == text


def with_tones_behind(text: str) -> str:
    """Write as windows-1258 does: â, ê, ô, ă, ơ, ư and đ are letters of their own, tones are marks behind them."""
    made = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        made.append(unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones)) + tones)
    return "".join(made)


@pytest.mark.parametrize("charset", ["us-ascii", "iso-8859-1", "windows-1252", "x-unknown", "utf-8"])
def test_tcvn3_is_read_whatever_it_is_called(charset: str) -> None:
    western = "§· hoµn thµnh viÖc tuyªn truyÒn phßng, chèng ma tóy t¹i c¸c x·."
    body = western.encode("utf-8" if charset == "utf-8" else "cp1252")

    found = arrived(raw(f"Content-Type: text/plain; charset={charset}", "Content-Transfer-Encoding: 8bit", body=body))

    assert found.text == "Đã hoàn thành việc tuyên truyền phòng, chống ma túy tại các xã."


def test_an_answer_in_html_only_is_read_as_lines() -> None:
    html = """<html><head><style>p{color:red}</style><title>x</title></head><body><!-- c -->
    <p>Đã ban hành&nbsp;kế hoạch.</p><div>Được <b>7</b> buổi;<br>còn 5 buổi.</div><ul><li>một</li><li>hai</li></ul>
    <table><tr><td>Số buổi</td><td>7</td></tr></table><span style="display: none">ẩn</span><script>alert(1)</script>
    <div class="gmail_quote"><div>Vào 16/3/2026, Đôn Đốc &lt;dondoc@haduong.example&gt; đã viết:</div>
    <blockquote><p>Kính gửi</p><blockquote>sâu hơn</blockquote></blockquote></div></body></html>"""

    found = arrived(reply("", to=OURS, sender=SENDER, html=html))

    lines = [line for line in found.text.split("\n") if line.strip()]
    assert lines == ["Đã ban hành kế hoạch.", "Được 7 buổi;", "còn 5 buổi.", "- một", "- hai", "Số buổi 7",
                     "Vào 16/3/2026, Đôn Đốc <dondoc@haduong.example> đã viết:", "> Kính gửi", ">> sâu hơn"]


def test_the_plain_text_counts_where_there_is_one_and_flowed_lines_are_joined() -> None:
    both = arrived(reply("Bằng chữ.", to=OURS, sender=SENDER, html="<p>Bằng HTML.</p>"))
    flowed = arrived(raw("Content-Type: text/plain; charset=utf-8; format=flowed",
                         body="Đã tổ chức bảy buổi \ntuyên truyền.\n\n> của \n> họ\n".encode()))

    assert both.text.strip() == "Bằng chữ."
    assert flowed.text.split("\n")[0] == "Đã tổ chức bảy buổi tuyên truyền."


@pytest.mark.parametrize("sender", ["", "An", "a@x.example, b@x.example", "an@syt.example <ke.xau@x.example>"])
def test_a_sender_that_is_not_one_address_is_nobody(sender: str) -> None:
    found = arrived(f"From: {sender}\r\nMessage-ID: <1@x>\r\n\r\nXong.".encode())

    assert found.sender in {"", "ke.xau@x.example"}


def test_a_name_that_looks_like_an_address_is_only_a_name() -> None:
    assert arrived(reply("Xong.", to=OURS, sender='"an@syt.example" <ke.xau@x.example>')).sender == "ke.xau@x.example"


def test_what_the_receiving_server_found_forged_is_told() -> None:
    forged = reply("Xong.", to=OURS, sender=SENDER, headers=[("Authentication-Results", "mx; spf=fail; dmarc=fail")])
    fine = reply("Xong.", to=OURS, sender=SENDER, headers=[("Authentication-Results", "mx; spf=pass; dmarc=pass")])

    assert arrived(forged).is_forged
    assert not arrived(fine).is_forged


def test_a_notice_is_read_with_address_status_and_the_mail_it_returns() -> None:
    found = arrived(returned(OURS, "an@syt.example"))

    assert found.kind is IncomingKind.BOUNCE
    assert OURS in found.answers
    (failed,) = found.failures
    assert (failed.action, failed.status, failed.addresses) == ("failed", "5.1.1", frozenset({"an@syt.example"}))
    assert "User unknown" in failed.words


def test_a_notice_of_having_arrived_is_no_failure() -> None:
    assert arrived(returned(OURS, "an@syt.example", action="delivered", status="2.0.0")).kind is IncomingKind.AUTO_REPLY


def test_a_notice_of_before_the_standard_is_read_by_its_words() -> None:
    text = f"""Hi. This is the qmail-send program.
<an@syt.example>:
550 5.1.1 sorry, no mailbox here by that name

--- Below this line is a copy of the message.

From: dondoc@haduong.example
Message-ID: {OURS}
"""
    found = arrived(f"From: MAILER-DAEMON@mx.example\nSubject: failure notice\nMessage-ID: <9@mx>\n\n{text}".encode())

    assert found.kind is IncomingKind.BOUNCE
    assert OURS in found.answers
    assert found.failures[0].status == "5.1.1"
    assert "an@syt.example" in found.failures[0].addresses


def test_a_mail_that_a_person_forwards_with_a_notice_in_it_is_no_notice() -> None:
    from email import message_from_bytes, policy
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["Message-ID"], mail["Subject"] = SENDER, "<7@x.example>", "Fwd: thu bi tra lai"
    mail.set_content("Thư này là gì?")
    mail.add_attachment(message_from_bytes(returned(OURS, "b@x.example"), policy=policy.default))

    assert arrived(mail.as_bytes()).kind is IncomingKind.REPLY


def test_files_are_read_and_pictures_of_a_signature_are_not() -> None:
    mail = reply("Gửi kèm.", to=OURS, sender=SENDER, files=[("Báo cáo tháng 3.txt", "Số liệu".encode(), "text/plain")])

    (file,) = arrived(mail).attachments
    assert (file.name, file.data.decode().strip()) == ("Báo cáo tháng 3.txt", "Số liệu")
    assert read(mail, whole=False).attachments == ()


@pytest.mark.parametrize("broken", [
    b"", b"\0" * 1000, b"\xff\xfe" * 500, b"From: a@x\n\n" + b"\xff" * 100,
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n--x",
    b"Content-Type: multipart/mixed\n\n--x\nabc", b"Content-Type: text/plain; charset=\"\xff\"\n\nabc",
    b"Content-Transfer-Encoding: base64\n\n!!!!", b"From: =?utf-8?B?####?= <a@x>\nSubject: =?x?Q?=?=\n\nabc",
    b"Content-Type: text/html\n\n" + b"<div>" * 20_000, b"Content-Type: text/html\n\n<" + b"a" * 100_000,
    b"Subject: " + b"x" * 100_000 + b"\n\nabc", b"References: " + b"<a@b> " * 50_000 + b"\n\nabc",
    b"Content-Type: text/html; charset=utf-8\n\n<p>" + "ấ".encode()[:2],
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nContent-Type: "
    b"message/delivery-status\n\n\xff\xff\n\n--x--",
    b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400)) + b"\n\nabc",
    b"Content-Type: text/plain; charset=utf-7\n\n+AGE", b"Content-Type: text/plain; charset=unicode_escape\n\n\\x",
    b"Content-Type: text/plain; charset=idna\n\n" + b"a." * 40_000,
    b"From: " + b"a@x, " * 20_000 + b"\n\nabc", b"Message-ID: <" + b"a" * 10_000 + b"@x>\n\nabc",
], ids=lambda broken: f"{broken[:30]!r}")  # fmt: skip
def test_a_broken_mail_raises_nothing_and_has_a_name(broken: bytes) -> None:
    import time

    began = time.perf_counter()
    found = arrived(broken)

    assert time.perf_counter() - began < 5
    assert found.message_id.startswith("<")
    assert found.message_id == arrived(broken).message_id
    assert "\0" not in found.text + found.subject + found.sender
    assert isinstance((found.text + found.subject).encode(), bytes)
    assert len(found.text) <= LONGEST_BODY
    assert isinstance(own_id(message_from_bytes(broken)), str)
