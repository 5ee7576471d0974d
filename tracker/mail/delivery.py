"""Delivery over SMTP by Flask-Mail: one conversation for many mails, each taken only when the server says 250."""
from __future__ import annotations

import smtplib
import ssl
from email.charset import QP, Charset
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import parseaddr, quote
from types import TracebackType
from typing import Self

import flask_mail
from flask import current_app

from tracker.config import Settings
from tracker.extensions import mail
from tracker.mail.messages import Message

#: Seconds that each step of a conversation may take; six steps stay well within the outbox's lease.
SMTP_TIMEOUT = 30
#: "Service not available": the server ends this connection (restart, too many mails on one line); a new one may do.
CLOSING = 421

#: Long Vietnamese lines would pass SMTP's 998 octets; quoted-printable keeps every line under 76.
_QUOTED = Charset("utf-8")
_QUOTED.body_encoding = QP


class NotTaken(Exception):
    """The server did not take a mail; `permanent` when trying again would not help."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        self.permanent = permanent
        super().__init__(reason)


class Unreachable(Exception):
    """There is no conversation with the server: no connection, no encryption or no log-in. No mail's own fault."""


class PostOffice:
    """An SMTP connection, opened with the first mail and again when the server has closed it."""

    def __init__(self) -> None:
        self._line: _Line | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._close()

    def send(self, message: Message) -> None:
        """Hand one mail over; coming back means that the server said 250.

        Raises NotTaken or Unreachable, with the server's own words.
        """
        letter = _letter(message)
        reused = self._line is not None and self._line.is_alive()
        try:
            self._send_once(letter)
        except smtplib.SMTPResponseException as error:
            if not (reused and error.smtp_code == CLOSING):
                raise _not_taken(error) from error
            self._close()
            self._send_again(letter)
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            raise _not_taken(error) from error

    def _send_again(self, letter: flask_mail.Message) -> None:
        try:
            self._send_once(letter)
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            raise _not_taken(error) from error

    def _send_once(self, letter: flask_mail.Message) -> None:
        if self._line is None or not self._line.is_alive():
            self._close()
            self._line = _connect()
        self._line.send(letter)

    def _close(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None


class _Line(flask_mail.Connection):
    """Flask-Mail's connection, with a time limit, and encryption that checks whom it speaks to."""

    host: smtplib.SMTP | None

    def configure_host(self) -> smtplib.SMTP:
        state = self.mail
        # Asking the network for this machine's own name may hang where there is no name service.
        own_name = parseaddr(state.default_sender or "")[1].rpartition("@")[2] or "localhost"
        host: smtplib.SMTP
        if state.use_ssl:
            host = smtplib.SMTP_SSL(state.server, state.port, local_hostname=own_name, timeout=SMTP_TIMEOUT,
                                    context=ssl.create_default_context())
        else:
            host = smtplib.SMTP(state.server, state.port, local_hostname=own_name, timeout=SMTP_TIMEOUT)
        try:
            if state.use_tls:
                host.starttls(context=ssl.create_default_context())
            if state.username and state.password:
                host.login(state.username, state.password)
        except BaseException:
            host.close()
            raise
        return host

    def is_alive(self) -> bool:
        """Tell whether the server still listens on this connection."""
        try:
            return self.host is not None and self.host.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def close(self) -> None:
        """End the conversation; a server that is gone already is no trouble."""
        if self.host is None:
            return
        try:
            self.host.quit()
        except (smtplib.SMTPException, OSError):
            self.host.close()
        self.host = None


class _Letter(flask_mail.Message):
    """Flask-Mail's message in quoted-printable."""

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        return MIMEText(text or "", subtype, _QUOTED)  # type: ignore[arg-type]

    def _message(self) -> MIMEBase:
        message = super()._message()
        # The headers are encoded and folded already; Python's folding them again may lose a blank of a long subject.
        message.policy = SMTP.clone(refold_source="none")
        return message


def _connect() -> _Line:
    line = _Line(mail.connect().mail)
    try:
        line.__enter__()
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(f"{line.mail.server}:{line.mail.port}: {_words(error)}") from error
    return line


def sender_address(settings: Settings) -> str:
    """Give the From address with its display name, "Đôn Đốc – <province>"."""
    name = f"Đôn Đốc – {settings.province}" if settings.province else "Đôn Đốc"
    return f'"{quote(name)}" <{settings.mail_sender}>'


def _letter(message: Message) -> flask_mail.Message:
    settings: Settings = current_app.extensions["settings"]
    letter = _Letter(
        subject=message.subject, recipients=[message.to], body=message.text, html=message.html,
        sender=sender_address(settings),
        extra_headers={
            # RFC 3834: no robot answers a robot; the second header is Exchange's name for it.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )  # fmt: skip
    letter.msgId = message.message_id
    return letter


def _not_taken(error: Exception) -> NotTaken:
    """Sort a failure: a refused recipient or content with a 5xx is for good, everything else for now.

    A refused *sender* is a wrong setting, which an administrator can mend before the tries are used up.
    """
    codes: set[int] = set()
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _words in error.recipients.values()}
    elif isinstance(error, smtplib.SMTPDataError):
        codes = {error.smtp_code}
    return NotTaken(_words(error), permanent=bool(codes) and all(500 <= code < 600 for code in codes))


def _words(error: Exception) -> str:
    """Give the server's own words, without Python around them."""
    answers: list[tuple[int, bytes | str]] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        answers = [(error.smtp_code, error.smtp_error)]
    if not answers:
        return str(error) or type(error).__name__
    return "; ".join(
        f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}" for code, text in answers
    )
