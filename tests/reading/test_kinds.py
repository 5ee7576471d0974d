"""Endings and contents: what is read, what is refused as what, and that nothing else ever happens."""

from __future__ import annotations

import contextlib
import io
import unicodedata
import zipfile
from pathlib import Path
from typing import Literal

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading.web_pages import page
from tests.reading.word_files import saved
from tracker.reading import (
    SUPPORTED,
    EmptyFile,
    EncryptedFile,
    PackedTooTight,
    Unreadable,
    UnsupportedType,
    WrongContent,
    WrongEnding,
    read,
)
from tracker.reading.document import MAX_LETTERS
from tracker.reading.sniff import content_type

PLANS = sorted((Path(__file__).parents[1] / "data" / "plans").glob("*.txt"))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LOCKED = OLD_WORD + "EncryptedPackage".encode("utf-16-le")


def word_file(text: str = "Kế hoạch") -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    return saved(document)


def other_package(part: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr(part, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (word_file(), "docx"),
        (word_file()[:3000], "docx"),
        (other_package("xl/workbook.xml"), "xlsx"),
        (other_package("a.txt"), "zip"),
        (PNG, "png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"{\\rtf1 a}", "rtf"),
        (b"\r\n%PDF-1.4", "pdf"),
        (OLD_WORD, "doc"),
        (b"BM\x00\x00\x00\x00", "bmp"),
        (b"BM: MA TUY", "txt"),
        (b"MZ\x90\x00\x03\x00", "exe"),
        (b"", "txt"),
        (page().encode(), "html"),
        (page().encode("utf-16"), "html"),
        (b"\xef\xbb\xbf<!-- saved from url --> <HTML lang=vi>", "html"),
        (b"<?xml version='1.0'?><html>", "html"),
        (b"<5% of the work", "txt"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n", "mhtml"),
        ("Kế hoạch".encode("utf-16-le"), "txt"),
    ],
)
def test_a_content_is_told_by_its_bytes(data: bytes, found: str) -> None:
    assert content_type(data) == found


@pytest.mark.parametrize(
    ("data", "name", "right"),
    [
        pytest.param(word_file(), "a.txt", ".docx", id="Word called text"),
        pytest.param(page().encode(), "a.txt", ".html", id="a page called text"),
        pytest.param(page().encode(), "a.docx", ".html", id="a page called Word"),
        pytest.param(word_file(), "a.html", ".docx", id="Word called a page"),
        pytest.param(word_file(), "a.md", ".docx", id="Word called Markdown"),
    ],
)
def test_a_readable_kind_under_another_name_is_told_its_own(data: bytes, name: str, right: str) -> None:
    with pytest.raises(WrongEnding) as caught:
        read(data, name)

    assert caught.value.values["right"] == right


@pytest.mark.parametrize("ending", SUPPORTED)
def test_pictures_locked_files_and_nothing_are_refused_under_every_name(ending: str) -> None:
    for data, refusal in ((PNG, WrongContent), (LOCKED, EncryptedFile), (b"", EmptyFile)):
        with pytest.raises(refusal):
            read(data, f"a{ending}")


def test_plain_text_called_word_is_not_taken_for_anything() -> None:
    with pytest.raises(WrongContent) as caught:
        read("Kế hoạch".encode(), "a.docx")

    assert caught.value.values["found"] == "unknown"


def test_capitals_and_dots_in_a_name_change_nothing() -> None:
    assert read("Kế hoạch".encode(), "KE HOACH 1.2.TXT").text == "Kế hoạch"
    with pytest.raises(UnsupportedType):
        read(b"x", "txt")


def test_xml_that_would_fill_the_memory_is_refused_unopened() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<a/>" * 7_000_000)

    with pytest.raises(PackedTooTight):
        read(stream.getvalue(), "a.docx")


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_plain_text_comes_out_as_it_went_in(path: Path, form: Literal["NFC", "NFD"]) -> None:
    text = unicodedata.normalize(form, path.read_text("utf-8"))

    document = read(text.encode(), path.name)

    assert (document.text, document.notes, document.removed) == (text, (), ())


BEGINNINGS = [
    b"", b"<html>", b"<table><tr><td>", b"\xff\xfe", b"PK\x03\x04", b"{\\rtf1 ", b"- ", b"# ", b"<p style='",
    OLD_WORD[:8],
]  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(
    start=st.sampled_from(BEGINNINGS),
    rest=st.binary(max_size=300)
    | st.text(alphabet="<>/=\"'&#; \n|*_[]()-+>1.aếộ\u00ad\u0301\ud800tdrlpou", max_size=200).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    ),
    ending=st.sampled_from([".txt", ".html", ".htm", ".md", ".docx", ".odt", ""]),
)
def test_any_bytes_are_read_or_refused(start: bytes, rest: bytes, ending: str) -> None:
    with contextlib.suppress(Unreadable):
        document = read(start + rest, f"a{ending}")
        assert document.text.strip()
        assert len(document.text) <= min(MAX_LETTERS, 40 * len(start + rest))
        document.text.encode("utf-8")
        assert all(part.text.encode("utf-8") is not None for part in document.removed)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_word_file_with_broken_bytes_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(word_file())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))

    with contextlib.suppress(Unreadable):
        assert read(bytes(whole), "a.docx").text
