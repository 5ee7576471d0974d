"""Scanned PDF files: recognised when Tesseract is here, and never believed before a person has compared them."""

from __future__ import annotations

import difflib
import os
from typing import Any

import pytest

from tests.reading.pdf_files import Page, made, stream, typeset
from tests.reading.scans import scanned
from tests.reading.test_pdf_text import plan_lines
from tracker.extraction import extract
from tracker.reading import ocr, read
from tracker.reading.document import NoRecognition, TooManyScannedPages
from tracker.reading.pages import MAX_SCANNED_PAGES

needs_tesseract = pytest.mark.skipif(
    not ocr.is_installed(), reason="no Tesseract: run `apt-get install tesseract-ocr tesseract-ocr-vie` as root"
)
LINES = [line.replace("[1]", "").replace("[2]", "") for line in plan_lines()[0]][:24]
STYLE = """<style>@page{size:A4;margin:20mm 15mm 20mm 30mm} body{font:13pt/1.4 'DejaVu Serif';margin:0}
p{margin:0 0 6pt;text-indent:1cm;text-align:justify} table{width:100%;border-collapse:collapse}
.head td{text-align:center;font-size:10pt} .grid td{border:1px solid;padding:4pt}</style>"""
HEAD = """<table class=head><tr><td>ỦY BAN NHÂN DÂN<br>TỈNH HÀ DƯƠNG<br>Số: 37/KH-UBND
<td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc<br>Hà Dương, ngày 22 tháng 01 năm 2026</table>"""
ROWS = [("TT", "Nội dung", "Chủ trì", "Thời hạn"), ("1", "Mở lớp tập huấn cho cán bộ", "Sở Y tế", "30/6/2026"),
        ("2", "Rà soát địa bàn trọng điểm", "Công an tỉnh", "15/9/2026")]  # fmt: skip

#: A page that is one grey dot.
PICTURE = Page(extra="/XObject<</I 10 0 R>>", parts=["q 595 0 0 842 0 0 cm /I Do Q"])
DOT = stream(b"\x7f", "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray")


@pytest.fixture(scope="module")
def printed(chromium: Any) -> bytes:
    """A plan of two pages with a letterhead and a table, as a browser prints it."""
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    page = chromium.new_page()
    page.set_content(STYLE + HEAD + "".join(f"<p>{line}</p>" for line in LINES) + f"<table class=grid>{table}</table>")
    data: bytes = page.pdf(prefer_css_page_size=True)
    page.close()
    return data


@needs_tesseract
@pytest.mark.browser
def test_a_scan_is_recognised_and_marked_as_unchecked(printed: bytes) -> None:
    document = read(scanned(printed), "a.pdf")

    assert (document.kind, document.unchecked) == ("scan", True)
    assert [(note.key, note.count) for note in document.notes] == [("ocr", 2)]
    lines = document.text.split("\n")
    likeness = [max(difflib.SequenceMatcher(None, line, other).ratio() for other in lines) for line in LINES]
    assert sum(one > 0.95 for one in likeness) >= 0.8 * len(likeness)
    assert extract(document.text).plan.number == "37/KH-UBND"
    assert [line for line in lines if line.count(" | ") == 3][-2:] == [" | ".join(row) for row in ROWS[1:]]


@pytest.mark.parametrize(
    ("recognised", "parted"),
    [("SởY", "Sở Y"), ("(BộTài", "(Bộ Tài"), ("UBND", "UBND"), ("TikTok", "TikTok"), ("ThS.", "ThS.")],
)
def test_words_that_were_recognised_as_one_are_parted(recognised: str, parted: str) -> None:
    assert ocr.parted(recognised) == parted


def test_without_tesseract_a_scan_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)

    with pytest.raises(NoRecognition):
        read(scanned(made([Page()])), "a.pdf")


def test_what_others_recognised_is_taken_but_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)

    document = read(scanned(made([Page()]), unseen="Ke hoach cua tinh"), "a.pdf")

    assert document.text == "Ke hoach cua tinh"
    assert document.unchecked
    assert [note.key for note in document.notes] == ["ocr_by_others"]


def test_text_pages_are_read_when_only_some_pages_are_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    pages = typeset(LINES)

    document = read(made([*pages, PICTURE], objects=[DOT]), "a.pdf")

    assert document.text.split("\n")[: len(LINES)] == LINES
    assert (document.kind, document.unchecked) == ("pdf", True)
    assert ("scanned_pages_left_out", 1) in [(note.key, note.count) for note in document.notes]


def test_too_many_scanned_pages_are_told_with_the_limit() -> None:
    with pytest.raises(TooManyScannedPages) as caught:
        read(made([PICTURE] * (MAX_SCANNED_PAGES + 1), objects=[DOT]), "a.pdf")

    assert (caught.value.values["pages"], caught.value.values["limit"]) == (MAX_SCANNED_PAGES + 1, MAX_SCANNED_PAGES)
