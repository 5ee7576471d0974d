"""Delivery over SMTP: one conversation for many mails, each taken only when the server says 250."""
from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr, quote
from types import TracebackType
from typing import Any, Self

from flask import current_app

from tracker.config import Settings
from tracker.mail.answers import CLOSING, GO_ON, TAKEN, Answer, Fault, Step, fault_of
from tracker.mail.letter import NotAnAddress, letter, sender_name
from tracker.mail.secret_links import masked
from tracker.mail.writing import Message

#: Seconds that each step of a conversation may take; six steps stay well within the outbox's lease.
SMTP_TIMEOUT = 30


class NotTaken(Exception):
    """The server did not take a mail."""

    def __init__(self, reason: str, fault: Fault = Fault.PASSING, *, line_lost: bool = False) -> None:
        self.fault = fault
        #: The connection broke, hung or was closed on this mail.
        self.line_lost = line_lost
        super().__init__(reason)

    @property
    def permanent(self) -> bool:
        """Tell whether trying again would not help."""
        return self.fault is not Fault.PASSING


class Unreachable(Exception):
    """There is no conversation with the server: no connection, no encryption or no log-in. No mail's own fault."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        #: The server is there and does not want us: asking again and again may lock the account.
        self.refused = refused
        super().__init__(reason)


class _Refused(Exception):
    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(str(answer))


@dataclass(frozen=True)
class _Mail:
    to: str
    data: bytes


class PostOffice:
    """An SMTP connection, opened with the first mail and again when the server has closed it.

    `begin` hands a mail over without waiting for the server's last word, so that the next one can be written
    meanwhile; `finish` waits for it. `send` is both.
    """

    def __init__(self) -> None:
        self._settings: Settings = current_app.extensions["settings"]
        self._line: _Line | None = None
        self._waiting: _Mail | None = None
        self._is_fresh = True
        self._prepared: tuple[Message | None, bytes] = (None, b"")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._close(politely=self._waiting is None)

    def send(self, message: Message) -> None:
        """Hand one mail over; coming back means that the server said 250.

        Raises NotTaken or Unreachable, with the server's own words.
        """
        self.begin(message)
        self.finish()

    def prepare(self, message: Message) -> None:
        """Write the letter of the next mail while the server has the one before; what is wrong `begin` tells."""
        with suppress(Exception):
            self._prepared = message, letter(message, self._settings)

    def begin(self, message: Message) -> None:
        """Give the server a mail; whether it took it is what `finish` tells, and has to be asked before the next.

        Raises NotTaken or Unreachable when it was not even let in.
        """
        (prepared, data), self._prepared = self._prepared, (None, b"")
        try:
            mail = _Mail(message.to, data if prepared is message else letter(message, self._settings))
        except NotAnAddress as problem:
            raise NotTaken(f"not an address: {problem}", Fault.ADDRESS) from problem
        self._is_fresh = self._line is None
        try:
            self._give(mail)
        except OSError as error:
            self._close(politely=False)
            if self._is_fresh:
                raise NotTaken(_words(error), line_lost=True) from error
            # A line that lay unused may be gone, and what was not said to its end was not taken: once more is safe.
            self._give_on_new_line(mail)
        self._waiting = mail

    def finish(self) -> None:
        """Wait for the server's word on the mail that was begun; coming back means 250, or that there is none.

        Raises NotTaken or Unreachable.
        """
        mail, self._waiting = self._waiting, None
        if mail is None or self._line is None:
            return
        try:
            self._line.expect(TAKEN, Step.CONTENT)
        except _Refused as refused:
            if refused.answer.code != CLOSING:
                raise NotTaken(str(refused), fault_of(refused.answer)) from refused
            self._close(politely=False)
            if self._is_fresh:
                raise NotTaken(str(refused), line_lost=True) from refused
            self._give_on_new_line(mail)
            self._waiting = mail
            self.finish()
        except OSError as error:
            # It may have been taken, and only the answer was lost: the repeat carries the same Message-ID.
            self._close(politely=False)
            raise NotTaken(_words(error), line_lost=True) from error

    def _give(self, mail: _Mail) -> None:
        """Say a mail to its end on the line, opening one where there is none; OSError when the line broke."""
        if self._line is None:
            self._line = _open()
        try:
            self._line.envelope(str(self._settings.mail_sender), mail.to, len(mail.data))
        except _Refused as refused:
            if refused.answer.code == CLOSING:
                raise smtplib.SMTPServerDisconnected(str(refused)) from refused
            self._line.reset()
            fault = fault_of(refused.answer)
            if fault is Fault.SERVER:
                raise Unreachable(str(refused), refused=True) from refused
            raise NotTaken(str(refused), fault) from refused
        self._line.say(mail.data)

    def _give_on_new_line(self, mail: _Mail) -> None:
        self._is_fresh = True
        try:
            self._give(mail)
        except OSError as error:
            self._close(politely=False)
            raise NotTaken(_words(error), line_lost=True) from error

    def _close(self, *, politely: bool) -> None:
        if self._line is not None:
            self._line.close(politely=politely)
        self._line = None


class _Line:
    """A conversation that stands: encrypted and logged in as the settings want it."""

    def __init__(self, host: smtplib.SMTP) -> None:
        self.host = host
        #: RFC 2920: several commands may go out at once.
        self.may_pipeline = host.has_extn("pipelining")
        self.tells_size = host.has_extn("size")

    def envelope(self, sender: str, to: str, size: int) -> None:
        """Say from whom and to whom, and ask to go on; raises _Refused with the first answer that is a no."""
        told = f" SIZE={size}" if self.tells_size else ""
        commands = [
            (f"MAIL FROM:<{sender}>{told}\r\n", TAKEN, Step.SENDER),
            (f"RCPT TO:<{to}>\r\n", TAKEN, Step.RECIPIENT),
            ("DATA\r\n", GO_ON, Step.CONTENT),
        ]
        if not self.may_pipeline:
            for command, hoped, step in commands:
                self.host.send(command)
                self.expect(hoped, step)
            return
        self.host.send("".join(command for command, _hoped, _step in commands))
        refusal: _Refused | None = None
        for _command, hoped, step in commands:
            try:
                self.expect(hoped, step)
            except _Refused as refused:
                refusal = refusal or refused
                if refused.answer.code == CLOSING:
                    break
            else:
                if step is Step.CONTENT and refusal is not None:
                    # Asked to go on all the same (RFC 2920, 3.1): an empty mail to nobody.
                    self.host.send(".\r\n")
                    self.host.getreply()
        if refusal is not None:
            raise refusal

    def say(self, data: bytes) -> None:
        """Say the mail itself; its last word is read by `expect`."""
        # RFC 5321, 4.5.2: a line that begins with a dot gets a second one.
        self.host.send((b"." if data.startswith(b".") else b"") + data.replace(b"\r\n.", b"\r\n..") + b".\r\n")

    def expect(self, code: int, step: Step) -> None:
        """Read one answer; _Refused when it is not the one hoped for, OSError when there is none."""
        got, words = self.host.getreply()
        if got != code and not (code == TAKEN and got == 251):
            if got == -1:
                raise smtplib.SMTPServerDisconnected("no answer that SMTP knows")
            raise _Refused(Answer(step, got, masked(words.decode("utf-8", "replace").replace("\n", " "))))

    def reset(self) -> None:
        """Forget the envelope, so that the next mail's can begin."""
        try:
            self.host.rset()
        except OSError:
            self.host.close()  # the next mail finds it so

    def close(self, *, politely: bool) -> None:
        """End the conversation; a server that is gone already is no trouble."""
        try:
            if politely:
                self.host.quit()
        except OSError:
            pass
        self.host.close()


def _open() -> _Line:
    """Begin a conversation. Raises Unreachable."""
    state: Any = current_app.extensions["mail"]
    try:
        return _Line(_conversation(state))
    except OSError as error:
        refused = isinstance(error, smtplib.SMTPAuthenticationError)
        raise Unreachable(f"{state.server}:{state.port}: {_words(error)}", refused=refused) from error


def _conversation(state: Any) -> smtplib.SMTP:
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
        host.ehlo_or_helo_if_needed()
        if state.username and state.password:
            host.login(state.username, state.password)
        # A mail's last, short packet does not wait until the server has noted the ones before.
        if host.sock is not None:
            host.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        host.close()
        raise
    return host


def sender_address(settings: Settings) -> str:
    """Give the From address with its display name, "Đôn Đốc – <province>"."""
    return f'"{quote(sender_name(settings))}" <{settings.mail_sender}>'


def _words(error: Exception) -> str:
    """Give the server's own words, without Python around them."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
