"""A message as it goes over the wire (RFC 5322, MIME).

Made by hand, because Python's email package takes longer over one mail than a mail server does: its quoted-printable
and its folding are written in Python. Every line is ASCII and under 78 characters; tests read it back with Python's.
"""
from __future__ import annotations

from base64 import b64encode, encodebytes
from binascii import b2a_qp
from email.utils import formatdate

from tracker.config import Settings
from tracker.mail.writing import Message

#: In quoted-printable "=" is followed by two hexadecimal digits or a line's end, and base64 knows no "_": neither
#: boundary can stand in a body.
_OUTER, _INNER = "=_ngoai", "=_trong"
#: UTF-8 bytes of one encoded word: 56 letters of base64, so that a line stays under 78 with the header's name.
_WORD = 42
#: The most that an encoded word may hold.
_LONGEST_WORD = 45
#: A line that short needs no folding.
_SHORT = 70
#: The calendar file's name, as a mail program offers to save it.
CALENDAR_NAME = "thoi-han.ics"


class NotAnAddress(ValueError):
    """It can't stand in an envelope: not ASCII, or with a line's end in it."""


def letter(message: Message, settings: Settings, *, reply_to: str = "") -> bytes:
    """Write a message with its headers, in lines that end with CR LF.

    Raises NotAnAddress for a recipient's address that no mail server could be told.
    """
    body = (
        f"Content-Type: multipart/alternative; boundary=\"{_INNER}\"\r\n\r\n"
        f"--{_INNER}\r\n{_part('plain', message.text)}\r\n"
        f"--{_INNER}\r\n{_part('html', message.html)}\r\n"
        f"--{_INNER}--\r\n"
    )
    if message.ics:
        body = (
            f"Content-Type: multipart/mixed; boundary=\"{_OUTER}\"\r\n\r\n"
            f"--{_OUTER}\r\n{body}\r\n"
            f"--{_OUTER}\r\n{_calendar(message.ics)}\r\n"
            f"--{_OUTER}--\r\n"
        )
    return (_headers(message, settings, reply_to) + body).encode("ascii")


def check_address(address: str) -> str:
    """Give an address back that can stand in an envelope. Raises NotAnAddress."""
    if not address.isascii() or not address.isprintable() or set(address) & set(" <>") or "@" not in address:
        raise NotAnAddress(ascii(address))
    return address


def sender_name(settings: Settings) -> str:
    """Give the From line's display name, "Đôn Đốc – <province>"."""
    return f"Đôn Đốc – {settings.province}" if settings.province else "Đôn Đốc"


def _headers(message: Message, settings: Settings, reply_to: str) -> str:
    lines = [
        f"Subject: {_words(message.subject)}",
        f"From:{_phrase(sender_name(settings))}\r\n <{settings.mail_sender}>",
        f"To: {check_address(message.to)}",
        f"Date: {formatdate(localtime=True)}",
        f"Message-ID: {message.message_id}",
        # RFC 3834: no robot answers a robot; the second header is Exchange's name for it.
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
    ]
    if reply_to:
        lines.append(f"Reply-To: {check_address(reply_to)}")
    if message.thread:
        # No mail ever has this id: all that name it stand together, whichever of them came first.
        lines += [f"In-Reply-To: {message.thread}", f"References: {message.thread}"]
    if message.list_id:
        name, _open, address = message.list_id.rpartition("<")
        lines.append(f"List-Id:{_phrase(name.strip())}\r\n <{address}" if name.strip() else f"List-Id: <{address}")
    return "\r\n".join([*lines, "MIME-Version: 1.0", ""])


def _phrase(name: str) -> str:
    """Write the words before an address, in one piece where that goes: some programs part two pieces by a blank."""
    return f" {_encoded(name, _WORD)}" if len(name.encode()) <= _WORD else f"\r\n {_encoded(name, _LONGEST_WORD)}"


def _words(text: str) -> str:
    """Write a header's text as encoded words (RFC 2047) where it has to be; none of its blanks gets lost."""
    text = " ".join(text.splitlines())
    if len(text) <= _SHORT and text.isascii() and text.isprintable() and "=?" not in text and text == text.strip():
        return text
    return _encoded(text, _WORD)


def _encoded(text: str, most: int) -> str:
    words, word = [], b""
    for letter_ in text:
        encoded = letter_.encode("utf-8", "replace")
        if len(word) + len(encoded) > most:
            words.append(word)
            word = b""
        word += encoded
    words.append(word)
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in words)


def _part(subtype: str, text: str) -> str:
    # b2a_qp follows the first line's end it meets; without one it would break long lines with a bare LF.
    lines = text if text.endswith("\n") else text + "\n"
    crlf = lines.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return (
        f"Content-Type: text/{subtype}; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + b2a_qp(crlf.encode("utf-8", "replace")).decode("ascii")
    )


def _calendar(ics: str) -> str:
    return (
        "Content-Type: text/calendar; charset=\"utf-8\"; method=PUBLISH;\r\n"
        f" name=\"{CALENDAR_NAME}\"\r\n"
        f"Content-Disposition: attachment; filename=\"{CALENDAR_NAME}\"\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
        + encodebytes(ics.encode()).decode("ascii").replace("\n", "\r\n")
    )
