"""Markdown: the same lines as a plain text, with the signs as they were typed."""

from __future__ import annotations

import pytest

from tests.reading.test_legacy_letters import in_tcvn3
from tracker.reading import SecretDocument, TextTooLong, TooTangled, WrongEnding, read

PLAN = """# KẾ HOẠCH

**Bảo vệ** nguồn *nước* năm 2026

I. MỤC ĐÍCH

1. Giữ sạch các hồ
2. Cấp đủ nước
   - cho 12 xã
   + cho trường học

3) Sở Y tế:
a) lấy mẫu;
b) báo cáo.

| TT | Việc | Chủ trì |
|---:|------|---------|
| 1 | Cắm <b>mốc</b> | [Sở Xây dựng](http://so.example) |

2\\. Dấu \\* và &amp; ~~cũ~~
một câu dài được
viết trên hai dòng
Nơi nhận:
- Lưu: VT.
"""

LINES = [
    "KẾ HOẠCH",
    "Bảo vệ nguồn nước năm 2026",
    "I. MỤC ĐÍCH",
    "1. Giữ sạch các hồ",
    "2. Cấp đủ nước",
    "- cho 12 xã",
    "+ cho trường học",
    "3) Sở Y tế:",
    "a) lấy mẫu;",
    "b) báo cáo.",
    "TT | Việc | Chủ trì",
    "1 | Cắm mốc | Sở Xây dựng",
    "2. Dấu * và & cũ một câu dài được viết trên hai dòng",
    "Nơi nhận:",
    "- Lưu: VT.",
]


def test_the_lines_are_those_of_a_plain_text() -> None:
    document = read(PLAN.encode(), "ke-hoach.md")

    assert document.text.split("\n") == LINES
    assert (document.kind, document.notes) == ("md", ())


def test_reading_the_text_again_changes_nothing() -> None:
    text = read(PLAN.encode(), "a.md").text

    assert read(text.encode(), "a.txt").text == text


def test_markup_at_its_beginning_makes_it_no_web_page() -> None:
    document = read('<div align="center">\n\nKẾ HOẠCH\n\n</div>\n\nI. Một'.encode(), "a.md")

    assert (document.kind, document.text) == ("md", "KẾ HOẠCH\nI. Một")


def test_a_whole_web_page_is_refused_with_its_right_ending() -> None:
    with pytest.raises(WrongEnding) as caught:
        read(b"<!DOCTYPE html><html><p>a</p></html>", "a.md")

    assert caught.value.values["right"] == ".html"


def test_old_letters_and_marks_of_secrecy_are_seen_here_too() -> None:
    line = "- Sở Y tế tập huấn cán bộ xã"

    assert read(in_tcvn3(line).encode("latin-1"), "a.md").text == line
    with pytest.raises(SecretDocument):
        read("**TỐI MẬT**\n\n# KẾ HOẠCH".encode(), "a.md")


@pytest.mark.parametrize("sign", [b"> ", b"- "])
def test_nesting_without_end_is_refused_before_anything_is_lost(sign: bytes) -> None:
    with pytest.raises(TooTangled):
        read(sign * 20_000 + b"x", "a.md")


def test_an_endless_file_is_refused() -> None:
    with pytest.raises(TextTooLong):
        read(b"- a\n" * 200_000, "a.md")


@pytest.mark.parametrize("markup", [b"[", b"![", b"`", b"**a_", b"<a", b"&", b"|a|\n|-|\n", b"\\"])
def test_markup_that_never_closes_is_text(markup: bytes) -> None:
    assert read(b"x " + markup * 300, "a.md").text.startswith("x")
