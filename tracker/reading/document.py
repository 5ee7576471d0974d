"""What reading a file gives, and the ways in which a file can be refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tracker.rules.errors import Refusal

#: Largest file that is read at all.
MAX_BYTES = 20 * 1024 * 1024
#: Longest text that is kept, in letters; a plan of 200 pages has a quarter of it.
MAX_LETTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Note:
    """Something that reading did and a person may want to know; the key names the sentence."""

    key: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Removed:
    """Words of the file that are left out of the text and can still be looked at; the key says why they are left out.

    Keys: "site_menu" (everything round the document on its page), "voice_hint", "page_furniture" (header, footer, page
    number), "hidden_text".
    """

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Raw:
    """What a reader of one kind of file gives, before it is tidied and checked for marks of secrecy."""

    text: str
    #: Lines, cells and page headers of the beginning, one by one: each may be a mark of secrecy.
    pieces: Sequence[str] = ()
    notes: tuple[Note, ...] = ()
    removed: tuple[Removed, ...] = ()
    #: The letters come from recognising pictures or from a conversion that may lose some.
    unchecked: bool = False
    #: As in Document; empty when it is the content's own name ("docx", "html").
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A plan's text. Every place that is kept later (a task's words, a deadline's words) counts letters of `text`."""

    #: As written (NFC or NFD, old or new tone marks); only line ends are evened to \n and control characters dropped.
    text: str
    #: "txt", "html", "md", "docx", "pdf", "scan", "doc", "rtf" or "pasted".
    kind: str
    #: Of the bytes as received, in hexadecimal; of the text's UTF-8 when it was pasted.
    sha256: str
    notes: tuple[Note, ...] = ()
    #: What was left out of `text`, in the order in which it stands in the file.
    removed: tuple[Removed, ...] = ()
    #: A person has to compare the text with the file before anything is believed.
    unchecked: bool = False


class Unreadable(Refusal):
    """The file can't be read as a plan."""

    key: ClassVar[str] = "unreadable"


class EmptyFile(Unreadable):
    """There is no text in it (values: name). A scan, a picture pasted into Word, or nothing at all."""

    key = "unreadable_empty"


class FileTooLarge(Unreadable):
    """It is larger than is read (values: name, limit_mb)."""

    key = "unreadable_too_large"


class TextTooLong(Unreadable):
    """Its text is longer than any plan (values: name, most: letters)."""

    key = "unreadable_too_wordy"


class PackedTooTight(Unreadable):
    """It would unpack to far more than a plan can hold (values: name): a zip bomb or a broken file."""

    key = "unreadable_packed_too_tight"


class WrongContent(Unreadable):
    """Its content is not what its ending says (values: name, expected, found)."""

    key = "unreadable_wrong_content"


class WrongEnding(Unreadable):
    """It is a kind that can be read, under another ending (values: name, expected, found, right: the ending)."""

    key = "unreadable_wrong_ending"


class TooTangled(Unreadable):
    """Its parts are nested or repeated beyond what a plan can need (values: name)."""

    key = "unreadable_too_tangled"


class EncryptedFile(Unreadable):
    """It is locked with a password (values: name)."""

    key = "unreadable_encrypted"


class DamagedFile(Unreadable):
    """It is cut off or broken (values: name)."""

    key = "unreadable_damaged"


class UnknownEncoding(Unreadable):
    """Its letters are in no encoding that can be told with certainty (values: name)."""

    key = "unreadable_encoding"


class TooManyPages(Unreadable):
    """It has more pages than are read (values: name, pages, limit)."""

    key = "unreadable_too_many_pages"


class TooManyScannedPages(Unreadable):
    """More of its pages are pictures than can be recognised at once (values: name, pages, limit)."""

    key = "unreadable_too_many_scans"


class TooLongToRead(Unreadable):
    """Reading it took longer than is allowed (values: name, seconds)."""

    key = "unreadable_too_long"


class ReadingBusy(Unreadable):
    """So many files are being read on this machine that this one has to wait (values: name)."""

    key = "unreadable_busy"


class NoRecognition(Unreadable):
    """It holds pictures of pages only, and nothing is installed that recognises letters (values: name)."""

    key = "unreadable_no_recognition"


class NoOffice(Unreadable):
    """It is an old kind of file and LibreOffice, which reads it, is not installed (values: name)."""

    key = "unreadable_no_office"


class UnsupportedType(Unreadable):
    """Files of this kind can't be read yet (values: name, supported)."""

    key = "unreadable_type"


class SecretDocument(Unreadable):
    """It bears a mark of state secrecy and must not be put into this system (values: name, mark)."""

    key = "unreadable_secret"
