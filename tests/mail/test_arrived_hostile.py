"""Mails that were made to hold up, break or fool whoever reads them."""
from __future__ import annotations

from base64 import b64encode
from time import monotonic

import pytest

from tests.incoming_mails import returned
from tracker.mail.arrived import MOST_FAILED, read
from tracker.rules.states import IncomingKind

OURS = "<digest.2026-03-18.7.abcdef0123456789@haduong.example>"
MANY = 120_000
#: Generous: each took 18 to 60 seconds, in which nothing else in the process runs.
SECONDS = 4


def _mail(*headers: bytes, body: bytes = b"Xong.") -> bytes:
    return b"\r\n".join((b"From: a@x.example", b"Message-ID: <1@x.example>", *headers, b"", body))


def _notice(block: bytes) -> bytes:
    return returned(OURS, "a@x.example").replace(b"Action: failed\n", block + b"Action: failed\n")


def _flowed_parts(number: int) -> bytes:
    part = b"--x\r\nContent-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 100_000
    return _mail(b"Content-Type: multipart/mixed; boundary=x", body=part * number + b"--x--")


@pytest.mark.parametrize("raw", [
    _notice(b"Final-Recipient: rfc822;" + b"a" * MANY + b"\n"),
    _notice(b"X-Actual-Recipient: rfc822;" + b"a" * MANY + b"\n"),
    _mail(b"Subject: " + b"=?utf-8?q?a?= " * MANY),
    _mail(b"Content-Type: text/plain; " + b"a*0=x;" * MANY),
    _mail(b"Content-Type: text/html", body=b"<?xml " * (MANY // 2)),
    _flowed_parts(8),
], ids=["recipient", "another recipient", "subject", "parameters", "processing instructions", "flowed lines"])
def test_no_mail_takes_its_reader_long(raw: bytes) -> None:
    began = monotonic()

    read(raw)

    assert monotonic() - began < SECONDS


def test_a_notice_of_a_million_recipients_tells_of_some() -> None:
    block = b"\nFinal-Recipient: rfc822; a%d@x.example\nAction: failed\nStatus: 5.1.1\n"
    found = read(returned(OURS, "an@syt.example").replace(
        b"\n--B", b"".join(block % number for number in range(5_000)) + b"\n--B"))

    assert found.kind is IncomingKind.BOUNCE
    assert len(found.failures) == MOST_FAILED


@pytest.mark.parametrize("raw", [
    _mail(b"In-Reply-To: <a\0b@x.example>", b"References: <c\0d@x.example>"),
    _notice(b"Final-Recipient: rfc822; a\0b@x.example\n"),
    returned(OURS, "a@x.example", status="5.1.1\0", words="smtp; 550\0 5.1.1 <{to}>: User unknown"),
    _mail(b"Subject: Undeliverable", b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: base64",
          body=b64encode(b"550 5.1.1\nMessage-ID: <a\0b@x.example>\n")).replace(b"a@x", b"postmaster@x"),
    _mail(b"Subject: Undeliverable", b"Content-Type: text/plain; charset=utf-7",
          body=b"550 5.1.1\r\nMessage-ID: <a+2AA-b@x.example>\r\n").replace(b"a@x", b"postmaster@x"),
    _mail(b"Subject: Undeliverable", b"Content-Type: text/plain; charset=unicode_escape",
          body=b"550 5.1.1\r\nMessage-ID: <a\\ud800b@x.example>\r\n").replace(b"a@x", b"postmaster@x"),
], ids=["what it answers", "recipient", "words", "base64", "utf-7", "escapes"])
def test_nothing_is_read_that_a_database_would_refuse(raw: bytes) -> None:
    found = read(raw)

    read_out = [found.message_id, found.sender, found.subject, found.text, *found.answers,
                *(text for one in found.failures for text in (*one.addresses, one.action, one.status, one.words))]
    assert not any("\0" in text for text in read_out)
    assert all(text.encode() is not None for text in read_out)


@pytest.mark.parametrize("link", ["https://x.example/r/abc.DEF-123_~x?open=4#viec-4",
                                  "https://x.example/accounts/reset/abcDEF123-_x"])
def test_a_servers_words_do_not_hold_the_links_of_the_mail_it_returns(link: str) -> None:
    rejected = read(returned(OURS, "a@x.example", status="5.7.1", words=f"smtp; 554 5.7.1 <{{to}}>: bad link {link}"))
    in_words = read(_mail(b"Subject: Undeliverable", body=f"550 5.1.1 no such user\nYour mail: {link}\n".encode())
                    .replace(b"a@x", b"postmaster@x"))

    for found in (rejected, in_words):
        assert found.kind is IncomingKind.BOUNCE
        assert "…" in found.failures[0].words
        assert "abc" not in found.failures[0].words
