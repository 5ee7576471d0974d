"""TCVN3, VNI and windows-1258: every letter both ways, bytes and letters gone wrong, and what is left alone."""

from __future__ import annotations

import unicodedata

import docx
import pytest

from tests.reading.word_files import saved
from tracker.reading import UnknownEncoding, read, read_pasted
from tracker.reading.legacy import TCVN3, VNI, convert, font_encoding
from tracker.reading.syllables import TONES, is_syllable

VOWELS = "aăâeêioôơuưy"
SMALL = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in ("", *TONES)]
SMALL = [letter for letter in (*SMALL, "đ") if not letter.isascii()]
CAPITALS = [letter.upper() for letter in SMALL]

TEXT = (
    "ỦY BAN NHÂN DÂN TỈNH HÀ DƯƠNG\nKẾ HOẠCH\nPhòng ngừa cháy rừng mùa khô\n"
    "1. Sở Nông nghiệp và Môi trường\n- Kiểm tra các chốt gác, báo cáo trước ngày 15 hằng tháng.\n"
    "- Mỗi xã lập tổ xung kích; diễn tập ở từng thôn, bản.\n"
)


def in_tcvn3(text: str) -> str:
    """Write as an old font would: a marked capital has no letter of its own and is stored small."""
    back = {new: old for old, new in TCVN3.items()}
    return "".join(back.get(letter) or back.get(letter.lower(), letter) for letter in text)


def in_vni(text: str) -> str:
    back: dict[str, str] = {}
    for old, new in VNI.items():
        if len(old) == 1 or old.isupper() or old.islower():
            back.setdefault(new, old)
    return "".join(back.get(letter, letter) for letter in text)


def test_there_are_134_letters_with_marks() -> None:
    assert len(SMALL) + len(CAPITALS) == 134


@pytest.mark.parametrize("letter", SMALL)
def test_every_small_letter_comes_back_from_tcvn3(letter: str) -> None:
    assert convert(in_tcvn3(f"Nh{letter}ng"), "tcvn3")[0] == f"Nh{letter}ng"


@pytest.mark.parametrize("letter", CAPITALS)
def test_every_capital_comes_back_from_tcvn3_beside_capitals(letter: str) -> None:
    assert convert(in_tcvn3(f"NH{letter}NG"), "tcvn3")[0] == f"NH{letter}NG"


@pytest.mark.parametrize("letter", SMALL + CAPITALS)
def test_every_letter_comes_back_from_vni(letter: str) -> None:
    assert convert(in_vni(letter), "vni")[0] == letter


def in_cp1258(text: str) -> bytes:
    """Write as Windows does: what the code page has not in one piece is a vowel and a tone behind it."""
    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            spelt = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in spelt if mark in TONES)
            base = unicodedata.normalize("NFC", "".join(mark for mark in spelt if mark != tone))
            out += base.encode("cp1258") + tone.encode("cp1258")
    return out


ENCODED = [
    pytest.param(in_tcvn3(TEXT).encode("latin-1"), "converted_tcvn3", id="TCVN3"),
    pytest.param(in_vni(TEXT).encode("latin-1"), "converted_vni", id="VNI"),
    pytest.param(in_cp1258(TEXT), "converted_cp1258", id="windows-1258"),
]


@pytest.mark.parametrize(("data", "note"), ENCODED)
def test_bytes_in_an_old_encoding_are_recognised_and_told(data: bytes, note: str) -> None:
    document = read(data, "ke-hoach.txt")

    assert document.text == TEXT
    assert document.notes[0].key == note


def test_every_letter_comes_back_from_windows_1258() -> None:
    words = "\n".join(f"Ủy ban nhân dân tỉnh, các sở, ngành, xã phường: {letter}" for letter in SMALL + CAPITALS)

    assert read(in_cp1258(words), "a.txt").text == words


@pytest.mark.parametrize("write", [in_tcvn3, in_vni])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", ""])
def test_letters_that_went_through_unicode_are_recognised(write: object, name: str) -> None:
    lines = TEXT.strip().split("\n")
    gone_wrong = write("\n".join(f"<p>{line}</p>" if name == "a.html" else line for line in lines))  # type: ignore[operator]

    document = read(gone_wrong.encode(), name) if name else read_pasted(gone_wrong)

    assert document.text.split("\n") == lines
    assert any(note.key.startswith("converted_") for note in document.notes)


def test_the_capitals_given_back_are_told() -> None:
    document = read_pasted(in_tcvn3("KẾ HOẠCH PHÒNG CHỐNG CHÁY\nSở Y tế và Ủy ban nhân dân xã: số 5/KH-UBND"))

    assert document.text == "KẾ HOẠCH PHÒNG CHỐNG CHÁY\nSở Y tế và ủy ban nhân dân xã: số 5/KH-UBND"
    assert [note.key for note in document.notes] == ["converted_tcvn3", "capitals_restored"]


def test_the_first_letter_of_a_line_is_given_back_unless_lines_are_wrapped() -> None:
    lines = "Ủy ban nhân dân xã\n- Ở mỗi thôn lập tổ\nđ) Đội dân phòng"

    assert read_pasted(in_tcvn3(lines)).text == lines
    for small in ("theo quy định của", "- xã giữ sạch đường"):
        assert read_pasted(in_tcvn3(f"{lines}\n{small}")).text.startswith("ủy ban")


def test_converting_twice_changes_nothing() -> None:
    once = read_pasted(in_vni(TEXT))

    assert read_pasted(once.text).text == once.text
    assert not read_pasted(once.text).notes


@pytest.mark.parametrize(
    "text",
    [
        "Café résumé naïve déjà vu, à la carte, crème brûlée",
        "Cà phê nhà bé, xé lá, dò là bò có lò",
        "ñ",
        TEXT,
        unicodedata.normalize("NFD", TEXT),
    ],
)
def test_text_in_unicode_is_left_as_it_is(text: str) -> None:
    assert read_pasted(text).text == text
    assert not read_pasted(text).notes


def test_a_few_old_lines_in_a_unicode_text_are_left_and_told() -> None:
    text = TEXT * 3 + in_tcvn3("Sở Y tế hướng dẫn các trạm y tế xã")

    document = read_pasted(text)

    assert document.text == text
    assert [(note.key, note.count) for note in document.notes] == [("legacy_lines_left", 1)]


def test_what_no_encoding_makes_vietnamese_is_refused() -> None:
    with pytest.raises(UnknownEncoding):
        read("Преписка о плане мероприятий".encode("cp1251"), "a.txt")


@pytest.mark.parametrize(
    ("font", "text", "shown"),
    [
        (".VnTime", in_tcvn3("Tổ chức tập huấn"), "Tổ chức tập huấn"),
        (".VnTimeH", in_tcvn3("kế hoạch"), "KẾ HOẠCH"),
        ("VNI-Times", in_vni("Tổ chức tập huấn"), "Tổ chức tập huấn"),
        ("Times New Roman", "Tổ chức tập huấn", "Tổ chức tập huấn"),
        (".VnTime", "Tổ chức tập huấn", "Tổ chức tập huấn"),
    ],
)
def test_a_run_of_word_in_an_old_font_is_converted_by_its_font(font: str, text: str, shown: str) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Sở Y tế: ")
    paragraph.add_run(text).font.name = font

    assert read(saved(document), "a.docx").text == f"Sở Y tế: {shown}"


def test_fonts_are_told_by_their_names() -> None:
    assert [font_encoding(font) for font in (".VnTime", ".VNARIALH", "VNI-Times", "Arial")] == [
        "tcvn3", "tcvn3", "vni", None,
    ]  # fmt: skip


def test_syllables() -> None:
    words = "nghiêng khuỷu quyết giếng gìn ghế kẻ ngoằn đường xoong Ủy"

    assert all(map(is_syllable, words.split(" ")))
    assert not any(map(is_syllable, ["céng", "kó", "ngề", "hßa", "xx", "tạcq", "bạcs", "tàc"]))
