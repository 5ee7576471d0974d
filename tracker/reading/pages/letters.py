"""The text layer of a PDF, read with PDFium: every letter with its place, every ruled line."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from tracker.reading.legacy import convert_run
from tracker.reading.pages.sheet import GAP, Rule, Sheet, Word

#: Ruled lines are thinner than this (points), and at least so long.
RULE_THICKNESS = 3.0
RULE_LENGTH = 4.0
#: A form inside a form inside a form is read, a file built to be endless is not.
MAX_DEPTH = 8
#: A page with more ruled lines than this is a drawing.
MAX_RULES = 20_000
_INVISIBLE = 3  # the text rendering mode of a layer that lies under a scanned picture
_HYPHEN = 0x02  # PDFium's own letter for a hyphen at the end of a line


@dataclass(slots=True)
class Layer:
    """What a page holds beside its words."""

    sheet: Sheet
    #: Letters that can be seen, and those of an invisible layer.
    seen: int
    unseen: list[Word]
    #: Part of the page that pictures cover, 0 to 1, and how many drawn paths there are.
    covered: float
    paths: int
    #: Words whose font has letters of before Unicode.
    converted: int = 0


def read_layer(page: Any, number: int) -> Layer:
    """Read one loaded page; `number` counts from 0."""
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    view = _View(page, width, height)
    sheet = Sheet(number, width, height)
    unseen, converted = _words(page, view, sheet)
    drawing = _Drawing(view, width * height)
    drawing.walk(page, None, 0)
    sheet.rules = drawing.rules[:MAX_RULES]
    seen = sum(len(word.text) for word in sheet.words)
    return Layer(sheet, seen, unseen, min(drawing.pictures, 1.0), drawing.paths, converted)


class _View:
    """Turns places of the file into places of the page as it is read: from the top left, after its rotation."""

    def __init__(self, page: Any, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.turn = pdfium.FPDFPage_GetRotation(page) % 4
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if not pdfium.FPDFPage_GetCropBox(page, left, bottom, right, top) and not pdfium.FPDFPage_GetMediaBox(
            page, left, bottom, right, top
        ):
            left.value = bottom.value = 0.0
        self.x0, self.y0 = min(left.value, right.value), min(bottom.value, top.value)

    def place(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.x0, y - self.y0
        if self.turn == 1:
            return y, x
        if self.turn == 2:
            return self.width - x, y
        if self.turn == 3:
            return self.width - y, self.height - x
        return x, self.height - y


@dataclass(frozen=True, slots=True)
class _Look:
    """What the letters of one text object share."""

    invisible: bool
    bold: bool
    font: str
    #: Points.
    size: float


def _words(page: Any, view: _View, sheet: Sheet) -> tuple[list[Word], int]:
    """Put the page's visible words into the sheet; give those of an invisible layer, and how many were converted."""
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return [], 0
    try:
        builder = _Builder(view, sheet)
        for index in range(pdfium.FPDFText_CountChars(text_page)):
            builder.take(text_page, index)
        builder.close()
        return builder.unseen, builder.converted
    finally:
        pdfium.FPDFText_ClosePage(text_page)


class _Builder:
    """Puts letters together to words, in the order of the file."""

    def __init__(self, view: _View, sheet: Sheet) -> None:
        self._view, self._sheet = view, sheet
        self.unseen: list[Word] = []
        self.converted = 0
        self._looks: dict[int, _Look] = {}
        self._box = pdfium.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._letters: list[str] = []
        self._kind = "seen"
        self._left = self._right = self._base = self._size = 0.0
        self._bold, self._font = 0, ""
        self._spaced = self._blank = False

    def take(self, text_page: Any, index: int) -> None:
        """Add one letter."""
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if pdfium.FPDFText_IsGenerated(text_page, index) == 1 and code != _HYPHEN:
            return
        letter = "-" if code == _HYPHEN else chr(code) if 0 < code < 0x110000 else ""
        if not letter or letter in "\r\n" or letter.isspace() or letter == "\xad":
            self._blank = self._blank or bool(letter and letter not in "\xad")
            return
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, self._box):
            return
        pdfium.FPDFText_GetCharOrigin(text_page, index, self._x, self._y)
        box = self._box
        corners = (self._view.place(box.left, box.top), self._view.place(box.right, box.bottom))
        left, right = min(corners[0][0], corners[1][0]), max(corners[0][0], corners[1][0])
        _, base = self._view.place(self._x.value, self._y.value)
        look = self._look(text_page, index)
        size = look.size
        if unicodedata.combining(letter) and self._letters:
            self._letters.append(letter)
            return
        kind = self._kind_of(text_page, index, look, left, right, base)
        if self._blank or kind != self._kind or not self._follows(left, base, size):
            self.close()
            self._kind, self._left, self._right, self._base, self._size = kind, left, left, base, size
            self._spaced, self._blank, self._font = self._blank, False, look.font
        self._letters.append(letter)
        self._bold += look.bold
        self._right = max(self._right, right)

    def _follows(self, left: float, base: float, size: float) -> bool:
        slack = max(size, self._size)
        if self._kind == "slanted":
            return bool(self._letters)
        return (
            bool(self._letters)
            and abs(base - self._base) < 0.1 * slack
            and abs(size - self._size) < 0.15 * slack
            and -0.6 * slack < left - self._right < GAP * slack
        )

    def close(self) -> None:
        """End the word that is being put together."""
        if not self._letters:
            return
        written = unicodedata.normalize("NFC", "".join(self._letters))
        text = convert_run(written, self._font)
        self.converted += text != written
        bold = self._bold * 2 >= len(self._letters)
        self._letters, self._bold = [], 0
        word = Word(text, self._left, self._right, self._base, self._size, bold, self._spaced)
        if self._kind == "seen":
            self._sheet.words.append(word)
        elif self._kind == "unseen":
            self.unseen.append(word)
        elif self._kind == "slanted":
            self._sheet.slanted.append(text)
        else:
            self._sheet.hidden.append(text)

    def _look(self, text_page: Any, index: int) -> _Look:
        handle = pdfium.FPDFText_GetTextObject(text_page, index)
        address = ctypes.cast(handle, ctypes.c_void_p).value or 0
        if address not in self._looks:
            invisible = bool(address) and pdfium.FPDFTextObj_GetTextRenderMode(handle) == _INVISIBLE
            matrix = pdfium.FS_MATRIX()
            size = pdfium.FPDFText_GetFontSize(text_page, index)
            if pdfium.FPDFText_GetMatrix(text_page, index, matrix):
                size *= abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
            font = _font_name(handle) if address else ""
            bold = "bold" in font.casefold() or pdfium.FPDFText_GetFontWeight(text_page, index) >= 600
            self._looks[address] = _Look(invisible, bold, font, size or 1.0)
        return self._looks[address]

    def _kind_of(self, text_page: Any, index: int, look: _Look, left: float, right: float, base: float) -> str:
        degrees = round(math.degrees(pdfium.FPDFText_GetCharAngle(text_page, index))) + 90 * self._view.turn
        if abs((degrees + 180) % 360 - 180) > 15:
            return "slanted"
        if right < 0 or left > self._view.width or base < 0 or base > self._view.height * 1.01:
            return "hidden"
        return "unseen" if look.invisible else "seen"


def _font_name(text_object: Any) -> str:
    """Give the name of a font without the prefix that marks a part of it ("ABCDEF+")."""
    buffer = ctypes.create_string_buffer(128)
    font = pdfium.FPDFTextObj_GetFont(text_object)
    if font:
        pdfium.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    return buffer.value.decode("latin-1").rpartition("+")[2]


class _Drawing:
    """Walks the page's objects: ruled lines, and how much of the page pictures cover."""

    def __init__(self, view: _View, area: float) -> None:
        self._view, self._area = view, max(area, 1.0)
        self.rules: list[Rule] = []
        self.pictures = 0.0
        self.paths = 0

    def walk(self, container: Any, outer: tuple[float, ...] | None, depth: int) -> None:
        """Walk a page (outer is None) or a form inside it, whose place `outer` tells."""
        count, get = (
            (pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject)
            if outer is None
            else (pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject)
        )
        for index in range(count(container)):
            thing = get(container, index)
            kind = pdfium.FPDFPageObj_GetType(thing)
            if kind not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_IMAGE):
                continue
            matrix = _matrix(thing, outer)
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self.pictures += abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) / self._area
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
                self.walk(thing, matrix, depth + 1)
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                self.paths += 1
                if len(self.rules) < MAX_RULES:
                    self._path(thing, matrix)

    def _path(self, path: Any, matrix: tuple[float, ...]) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
        for points in self._outlines(path, matrix):
            if stroke.value:
                for (x0, y0), (x1, y1) in pairwise(points):
                    self._rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            elif fill.value:
                xs, ys = [x for x, _ in points], [y for _, y in points]
                self._rule(min(xs), min(ys), max(xs), max(ys))

    def _rule(self, left: float, top: float, right: float, bottom: float) -> None:
        wide, high = right - left, bottom - top
        if high <= RULE_THICKNESS and wide >= RULE_LENGTH and wide > high:
            self.rules.append(Rule(False, (top + bottom) / 2, left, right))
        elif wide <= RULE_THICKNESS and high >= RULE_LENGTH:
            self.rules.append(Rule(True, (left + right) / 2, top, bottom))

    def _outlines(self, path: Any, matrix: tuple[float, ...]) -> Iterator[list[tuple[float, float]]]:
        x, y = ctypes.c_float(), ctypes.c_float()
        points: list[tuple[float, float]] = []
        for index in range(min(pdfium.FPDFPath_CountSegments(path), MAX_RULES)):
            segment = pdfium.FPDFPath_GetPathSegment(path, index)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
                yield points
                points = []
            points.append(self._view.place(*_moved(x.value, y.value, matrix)))
            if pdfium.FPDFPathSegment_GetClose(segment) and len(points) > 2:
                points.append(points[0])
        if points:
            yield points


def _matrix(thing: Any, outer: tuple[float, ...] | None) -> tuple[float, ...]:
    own = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, own)
    a, b, c, d, e, f = own.a, own.b, own.c, own.d, own.e, own.f
    if outer is None:
        return a, b, c, d, e, f
    oa, ob, oc, od, _oe, _of = outer
    return (a * oa + b * oc, a * ob + b * od, c * oa + d * oc, c * ob + d * od, *_moved(e, f, outer))


def _moved(x: float, y: float, matrix: tuple[float, ...]) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
