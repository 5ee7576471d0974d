"""What reading a file gives, and the ways in which a file can be refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tracker.rules.errors import Refusal

#: Largest file that is read at all.
MAX_BYTES = 20 * 1024 * 1024
#: Endings that can be read, in the order in which they are named to users.
SUPPORTED = (".docx", ".txt")


@dataclass(frozen=True, slots=True)
class Note:
    """Something that reading did and a person may want to know; the key names the sentence."""

    key: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """A plan's text. Every place that is kept later (a task's words, a deadline's words) counts letters of `text`."""

    #: As written (NFC or NFD, old or new tone marks); only line ends are evened to \n and control characters dropped.
    text: str
    #: "txt", "docx" or "pasted".
    kind: str
    #: Of the bytes as received, in hexadecimal; of the text's UTF-8 when it was pasted.
    sha256: str
    notes: tuple[Note, ...] = ()


class Unreadable(Refusal):
    """The file can't be read as a plan."""

    key: ClassVar[str] = "unreadable"


class EmptyFile(Unreadable):
    """There is no text in it (values: name). A scan, a picture pasted into Word, or nothing at all."""

    key = "unreadable_empty"


class FileTooLarge(Unreadable):
    """It is larger than is read (values: name, limit_mb)."""

    key = "unreadable_too_large"


class PackedTooTight(Unreadable):
    """It would unpack to far more than a plan can hold (values: name): a zip bomb or a broken file."""

    key = "unreadable_packed_too_tight"


class WrongContent(Unreadable):
    """Its content is not what its ending says (values: name, expected, found)."""

    key = "unreadable_wrong_content"


class EncryptedFile(Unreadable):
    """It is locked with a password (values: name)."""

    key = "unreadable_encrypted"


class DamagedFile(Unreadable):
    """It is cut off or broken (values: name)."""

    key = "unreadable_damaged"


class UnknownEncoding(Unreadable):
    """Its letters are neither UTF-8 nor UTF-16, for example TCVN3 or VNI (values: name)."""

    key = "unreadable_encoding"


class UnsupportedType(Unreadable):
    """Files of this kind can't be read yet (values: name, supported)."""

    key = "unreadable_type"


class SecretDocument(Unreadable):
    """It bears a mark of state secrecy and must not be put into this system (values: name, mark)."""

    key = "unreadable_secret"
