"""A page as a grey picture, for recognition."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2.raw as pdfium

from tracker.reading.pages.sheet import Sheet

#: Dots per inch, and the most dots of one picture: an A3 page at 300.
DOTS_PER_INCH = 300
MAX_DOTS = 18_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A grey picture of a page: one byte a dot, row by row."""

    sheet: Sheet
    width: int
    height: int
    dots: bytes
    #: Dots per point.
    scale: float

    def pgm(self) -> bytes:
        """Give it in the format that needs no library."""
        return f"P5 {self.width} {self.height} 255\n".encode() + self.dots

    def cut(self, left: float, top: float, right: float, bottom: float) -> Picture:
        """Give a part of it, whose sides are in points from its top left corner; what lies outside is left off."""
        x0, x1 = (min(max(round(place * self.scale), 0), self.width) for place in (left, right))
        y0, y1 = (min(max(round(place * self.scale), 0), self.height) for place in (top, bottom))
        rows = [self.dots[y * self.width + x0 : y * self.width + x1] for y in range(y0, y1)]
        return replace(self, width=x1 - x0, height=y1 - y0, dots=b"".join(rows))


def rendered(document: Any, sheet: Sheet) -> Picture:
    """Draw a page of an open document; raises MemoryError when there is no room for it."""
    scale = DOTS_PER_INCH / 72
    scale *= min(1.0, (MAX_DOTS / max(sheet.width * sheet.height * scale * scale, 1.0)) ** 0.5)
    width, height = max(1, int(sheet.width * scale)), max(1, int(sheet.height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, None, 0)
    page = pdfium.FPDF_LoadPage(document, sheet.number)
    if not bitmap or not page:
        raise MemoryError
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_GRAYSCALE)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        dots = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        pdfium.FPDF_ClosePage(page)
        pdfium.FPDFBitmap_Destroy(bitmap)
    if stride != width:
        dots = b"".join(dots[row * stride : row * stride + width] for row in range(height))
    return Picture(sheet, width, height, dots, scale)
