"""What a file's content is, told by its bytes and never by its name."""

from __future__ import annotations

import codecs
import io
import re
import zipfile

OLE = b"\xd0\xcf\x11\xe0"
#: "txt" is everything that no signature claims: whether it is text shows when it is decoded.
_SIGNATURES = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x7fELF", "exe"),
)
_PACKAGES = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
#: Ordinary words begin with these two as well ("BM", "MZ"): they count only with bytes that no text has.
_SHORT_SIGNATURES = ((b"BM", "bmp"), (b"MZ", "exe"))
_HTML = re.compile(
    r"\s*(?:(?:<!--(?:(?!-->).)*-->|<\?xml[^>]*>)\s*)*<(?:!doctype\s+html|html|head|body|meta|title|script|style|link|base|div|table"
    r"|article|section|main|center|font|span|p|h[1-6]|ul|ol|b|i|strong)(?:\s[^<>]*)?/?>",
    re.IGNORECASE | re.DOTALL,
)
_MHTML = re.compile(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE)
#: How far a web page is looked for: comments and blanks may come before its first tag.
_HEAD_BYTES = 16_384


def content_type(data: bytes) -> str:
    """Name a content: "docx", "pdf", "doc", "rtf", "html", "mhtml", "png" …, or "txt" when no signature claims it.

    "doc" is any file in Microsoft's old container, "zip" a package of no kind known here; a package that can't be
    opened is called "docx", the likeliest, so that reading it says what is wrong with it.
    """
    start = data.lstrip(b"\x00\t\r\n ")[:16] if data[:1] in b"\x00\t\r\n " else data[:16]
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            return name
    if data.startswith(OLE):
        return "doc"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(data)
    if b"\x00" in data[:64]:
        for signature, name in _SHORT_SIGNATURES:
            if data.startswith(signature):
                return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    head = _head(data)
    if _HTML.match(head):
        return "html"
    return "mhtml" if _MHTML.match(head) else "txt"


def wide_encoding(data: bytes) -> str | None:
    """Name the UTF-16 or UTF-32 that bytes are in, by their byte order mark or by the place of their zeros."""
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return encoding
    sample = data[:4000]
    if sample[1::2].count(0) * 4 > len(sample):
        return "utf-16-le"
    if sample[0::2].count(0) * 4 > len(sample):
        return "utf-16-be"
    return None


def _head(data: bytes) -> str:
    head = data[:_HEAD_BYTES]
    return head.decode(wide_encoding(head) or "utf-8", "replace").lstrip("\ufeff")


def _package(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "docx"
    return next((kind for part, kind in _PACKAGES if any(name.startswith(part) for name in names)), "zip")
