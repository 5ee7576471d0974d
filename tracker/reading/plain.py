"""Plain text: from bytes to letters."""

from __future__ import annotations

import re

from tracker.reading.document import Note, Raw, UnknownEncoding
from tracker.reading.legacy import decode_old
from tracker.reading.sniff import wide_encoding

#: Everything below the blank except tab and line feed, DEL, and the C1 range: nothing a database or a page should get.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
#: Half of a UTF-16 pair without the other half can't be stored as UTF-8.
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")
_OTHER_LINE_ENDS = re.compile(r"\r\n?|\x85|\u2028|\u2029")


def read_plain(data: bytes, name: str) -> Raw:
    """Read a .txt file. Raises UnknownEncoding."""
    text, notes = decode(data, name)
    return Raw(text, pieces_of(text), notes)


def pieces_of(text: str) -> list[str]:
    """Give the lines and cells of a text's beginning, one by one."""
    return [cell for line in text[:20_000].split("\n") for cell in line.replace("\t", "|").split("|")]


def decode(data: bytes, name: str) -> tuple[str, tuple[Note, ...]]:
    """Give the text of a .txt file and notes on what was done.

    UTF-8, UTF-16 and UTF-32 are read, each with or without byte order mark; TCVN3, VNI and windows-1258 where the
    letters leave no doubt. Raises UnknownEncoding for anything else: a guess would spoil names unnoticed.
    """
    wide = wide_encoding(data)
    if wide:
        return tidy(_strict(data, wide, name).removeprefix("\ufeff"))
    try:
        return tidy(data.decode("utf-8-sig"))
    except UnicodeError:
        old = decode_old(data)
    if old is None:
        raise UnknownEncoding(name=name)
    text, notes = tidy(old[0])
    return text, old[1] + notes


def tidy(text: str) -> tuple[str, tuple[Note, ...]]:
    """Even line ends to \\n and drop what can't be stored or shown, and say so; letters stay as written."""
    notes = []
    text = _OTHER_LINE_ENDS.sub("\n", text)
    text, dropped = _CONTROL.subn("", text)
    text, halves = _HALF_PAIR.subn("\ufffd", text)
    if dropped:
        notes.append(Note("control_characters_dropped", dropped))
    if halves or "\ufffd" in text:
        notes.append(Note("unreadable_letters", text.count("\ufffd")))
    return text, tuple(notes)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeError:
        raise UnknownEncoding(name=name) from None
