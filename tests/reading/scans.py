"""Makes scans: pages of a PDF as pictures, lying a little askew, with dust on the glass."""

from __future__ import annotations

import random

import pypdfium2.raw as pdfium

from tests.reading.pdf_files import assembled, stream
from tracker.reading.pages.picture import Picture, rendered
from tracker.reading.pages.sheet import Sheet

#: How far a line falls over its length, and which part of the dots is dust.
ASKEW = 0.006
DUST = 0.001


def scanned(data: bytes, *, unseen: str = "") -> bytes:
    """Give a PDF whose pages are pictures of another one's; `unseen` is invisible text on each of them."""
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    pictures = []
    for number in range(pdfium.FPDF_GetPageCount(document)):
        page = pdfium.FPDF_LoadPage(document, number)
        size = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        pdfium.FPDF_ClosePage(page)
        pictures.append(rendered(document, Sheet(number, *size)))
    pdfium.FPDF_CloseDocument(document)
    return _bound(pictures, unseen)


def _bound(pictures: list[Picture], unseen: str) -> bytes:
    dice = random.Random(7)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    }
    kids = []
    for place, picture in enumerate(pictures):
        at = 10 + 3 * place
        sheet = picture.sheet
        entries = (f"/Type/XObject/Subtype/Image/Width {picture.width}/Height {picture.height}/BitsPerComponent 8"
                   "/ColorSpace/DeviceGray")  # fmt: skip
        objects[at] = stream(_askew(picture, dice), entries)
        shown = f"q {sheet.width} 0 0 {sheet.height} 0 0 cm /I Do Q"
        objects[at + 1] = stream(f"{shown} BT 3 Tr /F 12 Tf 1 0 0 1 80 700 Tm ({unseen}) Tj ET".encode("latin-1"))
        objects[at + 2] = (f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {sheet.width} {sheet.height}]/Contents {at + 1} 0 R"
                           f"/Resources<</Font<</F 3 0 R>>/XObject<</I {at} 0 R>>>>>>").encode()
        kids.append(f"{at + 2} 0 R")
    objects[2] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    return assembled(objects)


def _askew(picture: Picture, dice: random.Random) -> bytes:
    """Turn a picture by a small angle: strips of columns go down, rows go left."""
    width, height = picture.width, picture.height
    strip = max(1, int(1 / ASKEW))
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    for left in range(0, width, strip):
        down = round(ASKEW * left)
        for y in range(down, height):
            start = (y - down) * width + left
            rows[y][left : left + strip] = picture.dots[start : start + min(strip, width - left)]
    for y, row in enumerate(rows):
        aside = round(ASKEW * y)
        row[:] = row[aside:] + b"\xff" * aside
        for _ in range(int(width * DUST)):
            row[dice.randrange(width)] = dice.choice((0, 90, 255))
    return b"".join(rows)
