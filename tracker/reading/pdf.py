"""PDF files: the text layer, and pictures of pages where there is none. The work is done in a process of its own."""

from __future__ import annotations

import json
import signal
import time
from typing import Any

from tracker.reading import pages, sandbox
from tracker.reading.document import (
    DamagedFile,
    EncryptedFile,
    NoRecognition,
    Note,
    PackedTooTight,
    Raw,
    Removed,
    TooLongToRead,
    TooManyPages,
    TooManyScannedPages,
    Unreadable,
)

#: Time for starting and stopping beyond the limits that the reading process sets itself.
_SPARE_SECONDS = 10
_REFUSALS: dict[str, type[Unreadable]] = {
    refusal.__name__: refusal
    for refusal in (DamagedFile, EncryptedFile, NoRecognition, PackedTooTight, TooManyPages, TooManyScannedPages)
}


def read_pdf(data: bytes, name: str) -> Raw:
    """Read a .pdf: paragraphs, tables row by row, footnotes at the end; furniture of pages is set aside.

    Pages that are pictures go through Tesseract, and the text is `unchecked` then. Raises EncryptedFile, DamagedFile,
    PackedTooTight, TooManyPages, TooManyScannedPages, TooLongToRead, or NoRecognition when there are only pictures
    and no Tesseract with Vietnamese.
    """
    seconds = pages.TEXT_SECONDS + pages.SCAN_SECONDS + _SPARE_SECONDS
    began = time.monotonic()
    try:
        ended = sandbox.run_module("tracker.reading.pages", data, seconds=seconds)
    except sandbox.TookTooLong:
        of_pictures = time.monotonic() - began > pages.TEXT_SECONDS + _SPARE_SECONDS
        raise TooLongToRead(name=name, seconds=pages.SCAN_SECONDS if of_pictures else pages.TEXT_SECONDS) from None
    if ended.status < 0 and -ended.status in (signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGKILL):
        raise PackedTooTight(name=name)  # how PDFium ends when memory runs out
    if ended.status:
        raise DamagedFile(name=name)
    answer: dict[str, Any] = json.loads(ended.output)
    if "refusal" in answer:
        raise _REFUSALS[answer["refusal"]](name=name, **answer["values"])
    return Raw(
        answer["text"],
        answer["pieces"],
        tuple(Note(**note) for note in answer["notes"]),
        tuple(Removed(**removed) for removed in answer["removed"]),
        answer["unchecked"],
        answer["kind"],
    )
