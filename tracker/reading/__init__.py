"""A file becomes text: what was written, with nothing repaired in silence. No Flask, no database."""

from __future__ import annotations

import hashlib
from pathlib import PurePath

from tracker.reading.document import (
    MAX_BYTES,
    SUPPORTED,
    DamagedFile,
    Document,
    EmptyFile,
    EncryptedFile,
    FileTooLarge,
    Note,
    PackedTooTight,
    SecretDocument,
    UnknownEncoding,
    Unreadable,
    UnsupportedType,
    WrongContent,
)
from tracker.reading.plain import decode, tidy
from tracker.reading.secrecy import secrecy_mark
from tracker.reading.word import content_type, read_word

__all__ = [
    "SUPPORTED",
    "DamagedFile",
    "Document",
    "EmptyFile",
    "EncryptedFile",
    "FileTooLarge",
    "Note",
    "PackedTooTight",
    "SecretDocument",
    "UnknownEncoding",
    "Unreadable",
    "UnsupportedType",
    "WrongContent",
    "read",
    "read_pasted",
]


def read(data: bytes, name: str) -> Document:
    """Read an uploaded file by its ending (.txt, .docx) and content.

    Raises a subclass of Unreadable that says why it can't be read: empty, too large, packed too tight, content and
    ending that disagree, locked, damaged, unknown letters, a kind not read yet, or a mark of state secrecy.
    """
    shown = PurePath(name.replace("\\", "/")).name or name
    ending = PurePath(shown).suffix.lower()
    if not data:
        raise EmptyFile(name=shown)
    if len(data) > MAX_BYTES:
        raise FileTooLarge(name=shown, limit_mb=MAX_BYTES // (1024 * 1024))
    if ending not in SUPPORTED:
        raise UnsupportedType(name=shown, supported=", ".join(SUPPORTED))
    if ending == ".docx":
        raw, pieces, notes = read_word(data, shown)
        text, more = tidy(raw)
        return _checked(text, shown, Document(text, "docx", _digest(data), notes + more), pieces)
    found = content_type(data)
    if found not in ("unknown", "bmp", "exe"):  # those two signatures are also the start of ordinary words
        raise WrongContent(name=shown, expected="txt", found=found)
    text, notes = decode(data, shown)
    return _checked(text, shown, Document(text, "txt", _digest(data), notes), _pieces(text))


def read_pasted(text: str) -> Document:
    """Take text that a person pasted; the same limits and refusals hold as for a file, with an empty name."""
    data = text.encode("utf-8", "replace")
    if len(data) > MAX_BYTES:
        raise FileTooLarge(name="", limit_mb=MAX_BYTES // (1024 * 1024))
    clean, notes = tidy(text)
    return _checked(clean, "", Document(clean, "pasted", _digest(data), notes), _pieces(clean))


def _checked(text: str, name: str, document: Document, pieces: list[str]) -> Document:
    if not text.strip("\n\t |\u00a0\u200b\ufeff"):
        raise EmptyFile(name=name)
    mark = secrecy_mark(pieces)
    if mark:
        raise SecretDocument(name=name, mark=mark)
    return document


def _pieces(text: str) -> list[str]:
    head = text[:20_000]
    return [cell for line in head.split("\n") for cell in line.replace("\t", "|").split("|")]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
