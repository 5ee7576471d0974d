"""The sender's own mailbox over IMAP: what is new in it, fetched without being marked, marked when it was stored."""
from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from imap_tools import AND, BaseMailBox, MailMessageFlags
from imap_tools.errors import ImapToolsError

from tracker.config import MEGABYTE, Settings
from tracker.mail.arrived import own_id

#: Seconds that each step of a conversation may take.
IMAP_TIMEOUT = 30
#: A mail above this is read at its beginning only: its words stand there, its files are not taken.
LARGEST = 40 * MEGABYTE
BEGINNING = MEGABYTE
#: Marks what is nobody's answer: it stays unread for whoever looks into the mailbox, and is not taken again.
LEFT = "DonDocLeft"


class Unreadable(Exception):
    """The mailbox can't be read now: no connection, no log-in, no such folder. The words say which."""


@dataclass(frozen=True)
class Waiting:
    """A mail that is new in the mailbox."""

    uid: str
    #: "" when it has none.
    message_id: str
    size: int

    @property
    def is_whole(self) -> bool:
        """Tell whether it is fetched to its end."""
        return self.size <= LARGEST


class Mailbox:
    """A conversation with the IMAP server, its folder open."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._box: BaseMailBox | None = None
        #: The server takes marks of any name.
        self._keeps_marks = False

    def __enter__(self) -> Self:
        settings = self._settings
        where = f"{settings.imap_server}:{settings.imap_port}"
        try:
            self._box = _Box(settings)
            _log_in(self._box, settings)
            _name, kept = self._box.client.response("PERMANENTFLAGS")
            self._keeps_marks = any(b"\\*" in (flags or b"") for flags in kept)
        except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
            self._close()
            raise Unreadable(f"{where}: {_words(error)}") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._close()

    def _close(self) -> None:
        box, self._box = self._box, None
        if box is None:
            return
        try:
            box.logout()
        except (OSError, imaplib.IMAP4.error, ImapToolsError):
            box.client.shutdown()

    @property
    def _open(self) -> BaseMailBox:
        assert self._box is not None, "the mailbox is open"
        return self._box

    def waiting(self, most: int) -> list[Waiting]:
        """List what is new, oldest first, at most so many. Raises Unreadable."""
        try:
            uids = sorted(self._open.uids(AND(seen=False, no_keyword=LEFT)), key=int)[:most]
            if not uids:
                return []
            heads = self._open.fetch(uid_list=uids, headers_only=True, mark_seen=False, bulk=50)
            found = [Waiting(head.uid or "", own_id(head.obj), head.size_rfc822) for head in heads]
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
            raise Unreadable(_words(error)) from error
        return sorted((mail for mail in found if mail.uid), key=lambda mail: int(mail.uid))

    def fetch(self, mail: Waiting) -> bytes | None:
        """Give a mail's bytes, or its beginning when it is too large; None when it is gone. Raises Unreadable."""
        what = "(BODY.PEEK[])" if mail.is_whole else f"(BODY.PEEK[]<0.{BEGINNING}>)"
        try:
            status, answer = self._open.client.uid("fetch", mail.uid, what)
        except (OSError, imaplib.IMAP4.error) as error:
            raise Unreadable(_words(error)) from error
        if status != "OK":
            raise Unreadable(str(answer))
        return next(_literals(answer), None)

    def mark_read(self, mail: Waiting) -> None:
        """Mark a mail as seen: it was stored. Raises Unreadable."""
        self._mark(mail, MailMessageFlags.SEEN)

    def mark_left(self, mail: Waiting) -> None:
        """Mark a mail as looked at, still unread; as seen where the server keeps no marks of ours.

        Raises Unreadable.
        """
        self._mark(mail, LEFT if self._keeps_marks else MailMessageFlags.SEEN)

    def _mark(self, mail: Waiting, flag: str) -> None:
        try:
            self._open.flag([mail.uid], flag, True)
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
            raise Unreadable(_words(error)) from error


class _Box(BaseMailBox):
    """imap-tools' mailbox, connected as the settings say; one that refuses to be encrypted is left at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        host, port, security = self._settings.imap_server or "", self._settings.imap_port, self._settings.imap_security
        if security == "tls":
            return imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=IMAP_TIMEOUT)
        client = imaplib.IMAP4(host, port, timeout=IMAP_TIMEOUT)
        if security == "starttls":
            try:
                client.starttls(ssl.create_default_context())
            except BaseException:
                client.shutdown()
                raise
        return client


def _log_in(box: BaseMailBox, settings: Settings) -> None:
    name = settings.imap_username or settings.mail_username or ""
    password = settings.imap_password or settings.mail_password or ""
    # Plain LOGIN has no other letters than those of ASCII.
    log_in = box.login if (name + password).isascii() else box.login_utf8
    log_in(name, password, settings.imap_folder)


def _literals(answer: Sequence[object]) -> Iterator[bytes]:
    return (item[1] for item in answer if isinstance(item, tuple) and isinstance(item[1], bytes))


def _words(error: Exception) -> str:
    """Give the server's own words; never what was sent to it."""
    result = getattr(error, "command_result", None)
    if result:
        said = [piece.decode("utf-8", "replace") if isinstance(piece, bytes) else str(piece) for piece in result[1]]
        return " ".join(said) or type(error).__name__
    return str(error) or type(error).__name__
