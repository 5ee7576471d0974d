"""Plain text: encodings, what is refused, what is told."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Literal

import pytest

from tracker.reading import (
    SUPPORTED,
    EmptyFile,
    FileTooLarge,
    TextTooLong,
    UnknownEncoding,
    Unreadable,
    UnsupportedType,
    WrongContent,
    WrongEnding,
    read,
    read_pasted,
)
from tracker.reading.document import MAX_BYTES, MAX_LETTERS

TEXT = "KẾ HOẠCH\nPhòng, chống ma túy\n- Sở Y tế: mở lớp tập huấn.\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)

ENCODINGS = [
    pytest.param(TEXT.encode(), id="UTF-8"),
    pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), id="UTF-8 with byte order mark"),
    pytest.param(TEXT.encode("utf-16"), id="UTF-16 with byte order mark"),
    pytest.param(TEXT.encode("utf-16-le"), id="UTF-16 little endian without mark"),
    pytest.param(TEXT.encode("utf-16-be"), id="UTF-16 big endian without mark"),
    pytest.param(TEXT.replace("\n", "\r\n").encode(), id="line ends of Windows"),
    pytest.param(TEXT.replace("\n", "\r").encode(), id="line ends of old Macs"),
]


@pytest.mark.parametrize("data", ENCODINGS)
def test_the_same_text_comes_out_of_every_encoding(data: bytes) -> None:
    document = read(data, "ke-hoach.txt")

    assert document.text == TEXT
    assert document.kind == "txt"
    assert document.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_stay_as_they_were_written(form: Literal["NFC", "NFD"]) -> None:
    written = unicodedata.normalize(form, TEXT)

    assert read(written.encode(), "a.txt").text == written


def test_control_characters_are_dropped_and_it_is_told() -> None:
    document = read("Kế hoạch\x00 số\x07 1".encode(), "a.txt")

    assert document.text == "Kế hoạch số 1"
    assert [(note.key, note.count) for note in document.notes] == [("control_characters_dropped", 2)]


REFUSED = [
    pytest.param(b"", "a.txt", EmptyFile, id="nothing in it"),
    pytest.param(b" \n\t ", "a.txt", EmptyFile, id="only blanks in it"),
    pytest.param(b"a" * (MAX_BYTES + 1), "a.txt", FileTooLarge, id="one byte too large"),
    pytest.param(b"Kr\xe9ml \xd8\xff\xe7 \xb5\xb6q", "a.txt", UnknownEncoding, id="letters of no known encoding"),
    pytest.param(PNG, "a.txt", WrongContent, id="a picture called txt"),
    pytest.param(b"%PDF-1.7 ...", "a.txt", WrongEnding, id="a PDF called txt"),
    pytest.param(b"%PDF-1.7 ...", "a.xlsx", UnsupportedType, id="a kind that is not read"),
    pytest.param(TEXT.encode(), "khong-co-duoi", UnsupportedType, id="no ending at all"),
]


@pytest.mark.parametrize(("data", "name", "refusal"), REFUSED)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, name: str, refusal: type[Unreadable]) -> None:
    with pytest.raises(refusal) as caught:
        read(data, name)

    assert caught.value.key == refusal.key != Unreadable.key
    assert caught.value.values["name"] == name


def test_an_unsupported_kind_says_which_are_supported() -> None:
    with pytest.raises(UnsupportedType) as caught:
        read(b"x", "a.odt")

    assert caught.value.values["supported"] == ", ".join(SUPPORTED)


def test_a_path_in_the_name_is_not_repeated() -> None:
    with pytest.raises(EmptyFile) as caught:
        read(b"", "C:\\Users\\a\\ke-hoach.txt")

    assert caught.value.values["name"] == "ke-hoach.txt"


def test_pasted_text_is_read_like_a_file() -> None:
    document = read_pasted(TEXT.replace("\n", "\r\n"))

    assert (document.text, document.kind) == (TEXT, "pasted")


def test_half_a_letter_pair_that_no_database_takes_is_replaced_and_told() -> None:
    document = read_pasted("Kế hoạch \ud83d số 1")

    assert document.text.encode("utf-8").decode() == "Kế hoạch \ufffd số 1"
    assert [note.key for note in document.notes] == ["unreadable_letters"]


def test_a_text_longer_than_any_plan_is_refused() -> None:
    with pytest.raises(TextTooLong):
        read(b"- a\n" * (MAX_LETTERS // 4 + 1), "a.txt")
    with pytest.raises(TextTooLong):
        read_pasted("a" * (MAX_LETTERS + 1))
