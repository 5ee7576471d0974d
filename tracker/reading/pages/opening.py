"""Opening a PDF: which pages have a text layer, which are pictures, and what comes out of both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pypdfium2.raw as pdfium

from tracker.reading import ocr, pages, sandbox
from tracker.reading.document import MAX_LETTERS, Note, Raw
from tracker.reading.pages.composing import compose
from tracker.reading.pages.letters import Layer, read_layer
from tracker.reading.pages.picture import rendered
from tracker.reading.pages.sheet import Sheet

#: A page with fewer letters than this, mostly covered by pictures or full of drawn outlines, is a scan.
FEW_LETTERS = 40
COVERED = 0.3
MANY_PATHS = 150
#: A document in which text pages hold more letters than this is read without its scanned pages when it has to be.
ENOUGH_LETTERS = 400


class Refused(Exception):
    """The file can't be read; `name` is that of the refusal, `values` are for its sentence."""

    def __init__(self, name: str, **values: object) -> None:
        self.name, self.values = name, values
        super().__init__(name)


def read(data: bytes) -> Raw:
    """Read a PDF. Raises Refused; a hostile file can also end the process or run for as long as it is let."""
    with _opened(data) as document:
        count = pdfium.FPDF_GetPageCount(document)
        if count > pages.MAX_PAGES:
            raise Refused("TooManyPages", pages=count, limit=pages.MAX_PAGES)
        layers = []
        letters = 0
        for number in range(count):
            with _page(document, number) as page:
                layers.append(read_layer(page, number) if page else Layer(Sheet(number, 1, 1), 0, [], 0.0, 0))
            letters += layers[-1].seen
            if letters > MAX_LETTERS:
                raise Refused("PackedTooTight")
        scans = [layer for layer in layers if _is_scan(layer)]
        for layer in layers:
            if layer not in scans:
                layer.sheet.hidden += [word.text for word in layer.unseen]
        raw = _with_scans(document, layers, scans) if scans else compose([layer.sheet for layer in layers])
    converted = sum(layer.converted for layer in layers)
    notes = (Note("converted_fonts", converted), *raw.notes) if converted else raw.notes
    return replace(raw, notes=notes, kind="scan" if len(scans) * 2 > len(layers) else "pdf")


def _is_scan(layer: Layer) -> bool:
    if layer.seen >= FEW_LETTERS:
        return False
    return layer.covered >= COVERED or layer.paths >= MANY_PATHS or len(layer.unseen) > FEW_LETTERS


def _with_scans(document: Any, layers: list[Layer], scans: list[Layer]) -> Raw:
    letters = sum(layer.seen for layer in layers)
    notes: tuple[Note, ...] = ()
    if len(scans) > pages.MAX_SCANNED_PAGES:
        raise Refused("TooManyScannedPages", pages=len(scans), limit=pages.MAX_SCANNED_PAGES)
    if ocr.is_installed():
        sandbox.end_after(pages.SCAN_SECONDS)
        pictures = (rendered(document, layer.sheet) for layer in scans)
        for layer, sheet in zip(scans, ocr.recognised(pictures), strict=True):
            layer.sheet = sheet
        notes = (Note("ocr", len(scans)),)
    elif all(layer.unseen for layer in scans):
        for layer in scans:  # somebody has recognised the pictures already, and how well nobody knows
            layer.sheet.words = layer.unseen
        notes = (Note("ocr_by_others", len(scans)),)
    elif letters < ENOUGH_LETTERS:
        raise Refused("NoRecognition")
    else:
        notes = (Note("scanned_pages_left_out", len(scans)),)
    raw = compose([layer.sheet for layer in layers])
    return replace(raw, notes=notes + raw.notes, unchecked=True)


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        locked = pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise Refused("EncryptedFile" if locked else "DamagedFile")
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


@contextmanager
def _page(document: Any, number: int) -> Iterator[Any]:
    page = pdfium.FPDF_LoadPage(document, number)
    try:
        yield page
    finally:
        if page:
            pdfium.FPDF_ClosePage(page)
