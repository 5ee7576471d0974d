"""A file becomes text: what was written, with nothing repaired in silence. No Flask, no database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import PurePath

from tracker.reading.document import (
    MAX_BYTES,
    MAX_LETTERS,
    DamagedFile,
    Document,
    EmptyFile,
    EncryptedFile,
    FileTooLarge,
    Note,
    PackedTooTight,
    Raw,
    ReadingBusy,
    Removed,
    SecretDocument,
    TextTooLong,
    TooTangled,
    UnknownEncoding,
    Unreadable,
    UnsupportedType,
    WrongContent,
    WrongEnding,
)
from tracker.reading.html import read_html
from tracker.reading.legacy import mended
from tracker.reading.markdown import read_markdown
from tracker.reading.office import read_doc, read_rtf
from tracker.reading.pdf import read_pdf
from tracker.reading.plain import pieces_of, read_plain, tidy
from tracker.reading.secrecy import secrecy_mark
from tracker.reading.slots import AllTaken
from tracker.reading.sniff import OLE, content_type
from tracker.reading.word import read_word

__all__ = [
    "SUPPORTED",
    "DamagedFile",
    "Document",
    "EmptyFile",
    "EncryptedFile",
    "FileTooLarge",
    "Note",
    "PackedTooTight",
    "ReadingBusy",
    "Removed",
    "SecretDocument",
    "TextTooLong",
    "TooTangled",
    "UnknownEncoding",
    "Unreadable",
    "UnsupportedType",
    "WrongContent",
    "WrongEnding",
    "read",
    "read_pasted",
]


Reader = Callable[[bytes, str], Raw]

#: Ending -> content -> reader. The first content is the ending's own; another one is read too because it is safe and
#: unambiguous, and the document says so.
_READERS: dict[str, dict[str, Reader]] = {
    ".docx": {"docx": read_word},
    ".txt": {"txt": read_plain},
    ".html": {"html": read_html, "txt": read_html},
    ".htm": {"html": read_html, "txt": read_html},
    ".md": {"txt": read_markdown, "html": read_markdown},
    ".pdf": {"pdf": read_pdf},
    ".doc": {"doc": read_doc, "rtf": read_rtf, "docx": read_word, "html": read_html},
    ".rtf": {"rtf": read_rtf},
}
#: Endings that can be read, in the order in which they are named to users.
SUPPORTED = tuple(_READERS)
_LOCKED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def read(data: bytes, name: str) -> Document:
    """Read an uploaded file by its ending and content.

    Raises a subclass of Unreadable that says why it can't be read: empty, too large, packed too tight, content and
    ending that disagree, locked, damaged, unknown letters, a kind not read yet, a mark of state secrecy, or too many
    other files being read at this moment.
    """
    shown = PurePath(name.replace("\\", "/")).name or name
    ending = PurePath(shown).suffix.lower()
    if not data:
        raise EmptyFile(name=shown)
    if len(data) > MAX_BYTES:
        raise FileTooLarge(name=shown, limit_mb=MAX_BYTES // (1024 * 1024))
    if ending not in _READERS:
        raise UnsupportedType(name=shown, supported=", ".join(SUPPORTED))
    content = content_type(data)
    reader = _reader(data, shown, ending, content)
    try:
        raw = mended(reader(data, shown))
    except AllTaken:
        raise ReadingBusy(name=shown) from None
    if len(raw.text) > MAX_LETTERS:
        raise TextTooLong(name=shown, most=MAX_LETTERS)
    text, notes = tidy(raw.text)
    if content != next(iter(_READERS[ending])) and not raw.kind:
        notes = (Note("read_by_content"), *notes)
    removed = tuple(Removed(part.key, tidy(part.text)[0]) for part in raw.removed)
    kind = raw.kind or content
    document = Document(text, kind, _digest(data), raw.notes + notes, removed, raw.unchecked)
    return _checked(text, shown, document, list(raw.pieces))


def _reader(data: bytes, name: str, ending: str, content: str) -> Reader:
    """Choose the reader, or say what the file is instead of what its ending says."""
    if data.startswith(OLE) and _LOCKED_PACKAGE in data:
        raise EncryptedFile(name=name)
    readers = _READERS[ending]
    if content in readers:
        return readers[content]
    expected = ending.lstrip(".")
    right = next((other for other, own in _READERS.items() if next(iter(own)) == content), None)
    if right is None or content == "txt":  # bytes that nothing claims are not known to be text
        raise WrongContent(name=name, expected=expected, found="unknown" if content == "txt" else content)
    raise WrongEnding(name=name, expected=expected, found=content, right=right)


def read_pasted(text: str) -> Document:
    """Take text that a person pasted; the same limits and refusals hold as for a file, with an empty name."""
    data = text.encode("utf-8", "replace")
    if len(data) > MAX_BYTES:
        raise FileTooLarge(name="", limit_mb=MAX_BYTES // (1024 * 1024))
    if len(text) > MAX_LETTERS:
        raise TextTooLong(name="", most=MAX_LETTERS)
    raw = mended(Raw(text))
    clean, notes = tidy(raw.text)
    return _checked(clean, "", Document(clean, "pasted", _digest(data), raw.notes + notes), pieces_of(clean))


def _checked(text: str, name: str, document: Document, pieces: list[str]) -> Document:
    if not text.strip("\n\t |\u00a0\u200b\ufeff"):
        raise EmptyFile(name=name)
    parts = [pieces, *(part.text.split("\n") for part in document.removed)]  # a stamp may stand beside the text
    mark = next(filter(None, map(secrecy_mark, parts)), None)
    if mark:
        raise SecretDocument(name=name, mark=mark)
    return document


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
