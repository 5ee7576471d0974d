"""Plain text: from bytes to letters."""

from __future__ import annotations

import codecs
import re

from tracker.reading.document import Note, UnknownEncoding

#: Everything below the blank except tab and line feed, DEL, and the C1 range: nothing a database or a page should get.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
#: Half of a UTF-16 pair without the other half can't be stored as UTF-8.
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")
_OTHER_LINE_ENDS = re.compile(r"\r\n?|\x85|\u2028|\u2029")


def decode(data: bytes, name: str) -> tuple[str, tuple[Note, ...]]:
    """Give the text of a .txt file and notes on what was done.

    UTF-8 and UTF-16 are read, each with or without byte order mark. Raises UnknownEncoding for anything else: a guess
    among the old Vietnamese code pages would spoil names without anybody noticing.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return tidy(_strict(data, encoding, name))
    sample = data[:4000]
    if sample[1::2].count(0) * 4 > len(sample):
        return tidy(_strict(data, "utf-16-le", name))
    if sample[0::2].count(0) * 4 > len(sample):
        return tidy(_strict(data, "utf-16-be", name))
    return tidy(_strict(data, "utf-8", name))


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
