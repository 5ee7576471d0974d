"""Mails as other people's programs and servers write them."""
from __future__ import annotations

from collections.abc import Iterable
from email.message import EmailMessage
from itertools import count

_numbers = count(1)


def reply(text: str, *, to: str, sender: str, message_id: str = "", charset: str = "utf-8", html: str = "",
          subject: str = "Re: 2 việc quá hạn", headers: Iterable[tuple[str, str]] = (),
          files: Iterable[tuple[str, bytes, str]] = ()) -> bytes:
    """Write an answer to the mail with the Message-ID `to`."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "dondoc@haduong.example", subject
    mail["Message-ID"] = message_id or f"<answer.{next(_numbers)}@mail.example>"
    mail["In-Reply-To"] = mail["References"] = to
    mail["Date"] = "Wed, 18 Mar 2026 09:00:00 +0700"
    for name, value in headers:
        mail[name] = value
    if text or not html:
        mail.set_content(text, charset=charset, cte="base64")
    if html and text:
        mail.add_alternative(html, subtype="html")
    elif html:
        mail.set_content(html, subtype="html")
    for name, data, kind in files:
        main, _slash, sub = kind.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def returned(message_id: str, to: str, *, status: str = "5.1.1", action: str = "failed", original: str | None = None,
             words: str = "smtp; 550 5.1.1 <{to}>: Recipient address rejected: User unknown",
             with_headers: bool = True) -> bytes:
    """Write a delivery status notification as Postfix does (RFC 3464)."""
    number = next(_numbers)
    original = f"Original-Recipient: rfc822;{original or to}\n"
    headers = f"""--B{number}
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: "Don Doc" <dondoc@haduong.example>
To: {to}
Message-ID: {message_id}
Subject: 2 viec qua han
""" if with_headers else ""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: dondoc@haduong.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Message-ID: <dsn.{number}@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="B{number}"

--B{number}
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.
--B{number}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {to}
{original}Action: {action}
Status: {status}
Diagnostic-Code: {words.format(to=to)}

{headers}--B{number}--
""".encode()
