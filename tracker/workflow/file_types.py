"""What kind of file some bytes are: found in the content, never believed from the name.

Only kinds that an office sends as evidence pass. What can run on the reader's machine does not: programs,
scripts, web pages, drawings with scripts, documents with macros.
"""
from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import BinaryIO

import puremagic

from tracker.rules.errors import Refusal

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
#: Every kind that passes, and the endings its name may have.
ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    f"{_OPEN_XML}.wordprocessingml.document": (".docx",),
    f"{_OPEN_XML}.spreadsheetml.sheet": (".xlsx",),
    f"{_OPEN_XML}.presentationml.presentation": (".pptx",),
    "application/msword": (".doc",),
    "application/vnd.ms-excel": (".xls",),
    f"{_OPEN_DOCUMENT}.text": (".odt",),
    f"{_OPEN_DOCUMENT}.spreadsheet": (".ods",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    "text/plain": (".txt", ".csv"),
}
#: What a page's file field offers to choose from.
ACCEPTED = ",".join(ending for endings in ENDINGS.values() for ending in endings)

_HEAD = 4096
_OPEN_XML_PARTS = {
    "word/document.xml": f"{_OPEN_XML}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OPEN_XML}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OPEN_XML}.presentationml.presentation",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = {"WordDocument": "application/msword", "Workbook": "application/vnd.ms-excel",
                "Book": "application/vnd.ms-excel"}
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe",
             b"#!", b"L\0\0\0\x01\x14\x02\0")
_PROGRAM_ENDINGS = frozenset({
    ".exe", ".dll", ".scr", ".com", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".hta", ".msi",
    ".jar", ".lnk", ".sh", ".apk", ".cpl", ".reg",
})  # fmt: skip
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_MARKUP = re.compile(r"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php|%)", re.IGNORECASE)
#: The list of parts of a zip may not be larger; it is read whole.
_LARGEST_DIRECTORY = 2 * 1024 * 1024
_LARGEST_PART = 4 * 1024 * 1024


class EmptyFile(Refusal):
    """The file has no content."""

    key = "file_empty"


class ProgramFile(Refusal):
    """The file can run on the machine of whoever opens it."""

    key = "file_program"


class MacroFile(Refusal):
    """The document carries macros."""

    key = "file_macros"


class WebPageFile(Refusal):
    """The file is a web page or a drawing that can hold scripts."""

    key = "file_web_page"


class WrongEnding(Refusal):
    """The content is of another kind than the name says."""

    key = "file_wrong_ending"


class UnknownFile(Refusal):
    """The content is of no kind that is taken as evidence."""

    key = "file_unknown"


def find_type(stream: BinaryIO, name: str) -> str:
    """Give the media type of a file by its content, which its name must agree with.

    The stream is left at its beginning. Raises EmptyFile, ProgramFile, MacroFile, WebPageFile, WrongEnding or
    UnknownFile, each with the name.
    """
    try:
        found = _of_content(stream, name)
    finally:
        stream.seek(0)
    ending = PurePosixPath(name).suffix.lower()
    if ending not in ENDINGS[found]:
        if ending in _PROGRAM_ENDINGS:
            raise ProgramFile(name=name)
        raise WrongEnding(name=name, right=ENDINGS[found][0])
    return found


def _of_content(stream: BinaryIO, name: str) -> str:
    stream.seek(0)
    head = stream.read(_HEAD)
    if not head:
        raise EmptyFile(name=name)
    if head.startswith(_PROGRAMS):
        raise ProgramFile(name=name)
    if picture := _picture(head):
        return picture
    before, mark, _after = head[:1024].partition(b"%PDF-")
    if mark and b"<" not in before:  # scanners put lines of their own before it, web pages put tags
        return "application/pdf"
    if head.startswith(_OLE):
        return _of_ole(stream, name)
    if head.startswith(b"PK\x03\x04"):
        return _of_zip(stream, name)
    return _of_text(stream, name)


def _picture(head: bytes) -> str | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "image/heic"
    return None


def _of_zip(stream: BinaryIO, name: str) -> str:
    """Tell the kind of an Office or OpenDocument file by its parts."""
    if not _has_small_directory(stream):
        raise UnknownFile(name=name, likeness="zip")
    try:
        with zipfile.ZipFile(stream) as parts:
            names = {part.lower() for part in parts.namelist()}
            if _has_program(names):
                raise ProgramFile(name=name)
            if _has_macros(names) or b"macroenabled" in _part(parts, "[Content_Types].xml").lower():
                raise MacroFile(name=name)
            for part, kind in _OPEN_XML_PARTS.items():
                if part in names and "[content_types].xml" in names:
                    return kind
            declared = _part(parts, "mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, ValueError, OSError,
            EOFError, zlib.error) as error:
        raise UnknownFile(name=name, likeness="zip") from error
    if declared in ENDINGS and declared.startswith(_OPEN_DOCUMENT):
        return declared
    raise UnknownFile(name=name, likeness="zip")


def _has_small_directory(stream: BinaryIO) -> bool:
    """Tell whether the zip's list of parts is of a size that may be read; a hostile one holds millions."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 66_000))
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22 or b"PK\x06\x07" in tail:
        return False
    length: int = struct.unpack_from("<L", tail, end + 12)[0]
    return length <= _LARGEST_DIRECTORY


def _has_program(names: Iterable[str]) -> bool:
    return any(PurePosixPath(name).suffix in _PROGRAM_ENDINGS for name in names)


def _has_macros(names: Iterable[str]) -> bool:
    return any(name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/")) for name in names)


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    """Read a small part; "" when there is none. Never more than a bounded length, whatever it unpacks to."""
    if name not in parts.namelist():
        return b""
    with parts.open(name) as part:
        return part.read(_LARGEST_PART)


def _of_ole(stream: BinaryIO, name: str) -> str:
    """Tell the kind of an older Office file by the streams in its directory."""
    stream.seek(0)
    # Looked for in all bytes: a damaged or very large directory must not hide it.
    if "_VBA_PROJECT".encode("utf-16-le") in stream.read():
        raise MacroFile(name=name)
    streams = set(_ole_names(stream))
    for entry, kind in _OLE_STREAMS.items():
        if entry in streams:
            return kind
    raise UnknownFile(name=name, likeness="OLE")


def _ole_names(stream: BinaryIO) -> Iterable[str]:
    """Give the names in a compound file's directory (MS-CFB), however damaged it is."""
    stream.seek(0)
    header = stream.read(512)
    if len(header) < 512:
        return
    shift: int = struct.unpack_from("<H", header, 30)[0]
    sector_size = 1 << shift if shift in {9, 12} else 512
    sector: int = struct.unpack_from("<L", header, 48)[0]
    fat_sectors = struct.unpack_from("<109L", header, 76)
    seen: set[int] = set()
    while sector < 0xFFFFFFFA and sector not in seen:
        seen.add(sector)
        stream.seek((sector + 1) * sector_size)
        entries = stream.read(sector_size)
        for start in range(0, len(entries) - 127, 128):
            length: int = struct.unpack_from("<H", entries, start + 64)[0]
            if 2 < length <= 64:
                yield entries[start : start + length - 2].decode("utf-16-le", "replace")
        per_sector = sector_size // 4
        if sector // per_sector >= len(fat_sectors):
            return  # past 6.8 MB of 512-byte sectors before the directory: its first sectors have told enough
        stream.seek((fat_sectors[sector // per_sector] + 1) * sector_size + sector % per_sector * 4)
        following = stream.read(4)
        sector = struct.unpack("<L", following)[0] if len(following) == 4 else 0xFFFFFFFE


def _of_text(stream: BinaryIO, name: str) -> str:
    """Take plain text in any usual encoding; refuse web pages, scripts and everything that is not text."""
    stream.seek(0)
    text = _decode(stream.read())
    if text is None:
        raise UnknownFile(name=name, likeness=_likeness(stream))
    if _MARKUP.search(text[:_HEAD]) or "<script" in text.lower():
        raise WebPageFile(name=name)
    if PurePosixPath(name).suffix.lower() in _PROGRAM_ENDINGS:
        raise ProgramFile(name=name)
    return "text/plain"


def _decode(content: bytes) -> str | None:
    marked = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for encoding in (marked, "cp1258"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text) else text
    return None


def _likeness(stream: BinaryIO) -> str:
    """Say what unknown bytes look like, for the sentence that refuses them."""
    stream.seek(0)
    try:
        guesses = puremagic.magic_string(stream.read(_HEAD), "")
    except (puremagic.PureError, ValueError):
        return "?"
    return str(guesses[0].extension).lstrip(".") or "?"
