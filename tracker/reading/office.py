"""Old Word files (.doc) and rich text (.rtf), through LibreOffice when it is installed."""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tracker.reading import sandbox
from tracker.reading.document import DamagedFile, EncryptedFile, NoOffice, Note, Raw, TooLongToRead
from tracker.reading.sniff import OLE
from tracker.reading.word import read_word

PROGRAMS = ("soffice", "libreoffice")
#: Named so that LibreOffice does not take a broken file for plain text.
_FILTERS = {"doc": "MS Word 97", "rtf": "Rich Text Format"}
#: Seconds that one conversion may take; starting alone takes a few.
SECONDS = 60
#: Memory that LibreOffice may take; it maps much more than it uses.
MEMORY_BYTES = 4 * 1024 * 1024 * 1024
#: The text stream's name, how the stream begins, and the flag "fEncrypted" in it (MS-DOC, section 2.5.2).
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_WORD_MAGIC = b"\xec\xa5"
_ENCRYPTED = 0x0100


def program() -> str | None:
    """Give the path of LibreOffice, or None when it is not installed."""
    return next((found for found in map(shutil.which, PROGRAMS) if found), None)


def read_doc(data: bytes, name: str) -> Raw:
    """Read a .doc by converting it to .docx. Raises NoOffice, EncryptedFile, DamagedFile or TooLongToRead."""
    if _WORD_STREAM not in data:
        raise DamagedFile(name=name)  # LibreOffice would take anything for text
    if _is_locked(data):
        raise EncryptedFile(name=name)
    return _converted(data, name, "doc")


def read_rtf(data: bytes, name: str) -> Raw:
    """Read an .rtf by converting it to .docx. Raises NoOffice, DamagedFile or TooLongToRead."""
    return _converted(data, name, "rtf")


def _converted(data: bytes, name: str, ending: str) -> Raw:
    office = program()
    if office is None:
        raise NoOffice(name=name)
    with tempfile.TemporaryDirectory(prefix="dondoc-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        source = folder / f"plan.{ending}"
        source.write_bytes(data)
        # A profile of its own: two conversions at once would wait for each other, and macros stay off.
        arguments = [
            office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
            f"--infilter={_FILTERS[ending]}", "--convert-to", "docx:MS Word 2007 XML",
            "--outdir", str(folder / "out"), str(source),
        ]  # fmt: skip
        limited = [sys.executable, "-m", "tracker.reading.sandbox", str(MEMORY_BYTES), str(SECONDS), *arguments]
        try:
            sandbox.run(limited, b"", seconds=SECONDS, folder=folder)
        except sandbox.TookTooLong:
            raise TooLongToRead(name=name, seconds=SECONDS) from None
        found = folder / "out" / "plan.docx"
        if not found.is_file():
            raise DamagedFile(name=name)
        raw = read_word(found.read_bytes(), name)
    return replace(raw, notes=(Note("converted_by_office"), *raw.notes))


def _is_locked(data: bytes) -> bool:
    """Look into the text stream's information block, which begins at a sector of its own."""
    if not data.startswith(OLE):
        return False
    at = data.find(_WORD_MAGIC, 512)
    while at != -1 and at % 512:
        at = data.find(_WORD_MAGIC, at + 1)
    flags = int.from_bytes(data[at + 10 : at + 12], "little") if at != -1 else 0
    return bool(flags & _ENCRYPTED)
