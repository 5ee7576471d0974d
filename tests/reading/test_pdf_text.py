"""PDF files with a text layer: the words come out as they were typed, in the order in which they are read."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tests.reading.pdf_files import LEADING, LEFT, RIGHT, SIZE, Page, made, stream, typeset, wide
from tracker.extraction import extract
from tracker.reading import EmptyFile, Removed, SecretDocument, read
from tracker.reading.pdf import read_pdf

PLANS = Path(__file__).parents[1] / "data" / "plans"
BODY = "Các cơ quan, đơn vị tổ chức thực hiện nghiêm túc Kế hoạch."


def letterhead(page: Page) -> None:
    """Print a letterhead as two columns whose lines stand at different heights."""
    for base, left, right in (
        (50, "ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (65, "TỈNH HÀ DƯƠNG", "Độc lập - Tự do - Hạnh phúc"),
        (86, "Số: 12/KH-UBND", "Hà Dương, ngày 05 tháng 02 năm 2026"),
    ):
        page.centred(base, left, 70, 240, 12)
        page.centred(base + 2, right, 280, RIGHT, 12)
    page.rule(120, 68, 190, 68)


def plan_lines(name: str = "ha-duong-2026-ma-tuy") -> tuple[list[str], dict[str, str]]:
    """Give a sample plan's paragraphs between letterhead and signature, and its footnotes."""
    lines = (PLANS / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    signature = next(number for number, line in enumerate(lines) if line.startswith("Nơi nhận"))
    return lines[3:signature], {line[1]: line[4:] for line in lines if line.startswith("[")}


def test_a_plan_of_several_pages_comes_back_paragraph_by_paragraph() -> None:
    lines, footnotes = plan_lines()
    head = "Kế hoạch của tỉnh Hà Dương"

    raw = read_pdf(made(typeset(lines, head=head, footnotes=footnotes)), "a.pdf")

    assert raw.text.split("\n") == lines + [f"[{number}] {text}" for number, text in footnotes.items()]
    assert raw.removed == (Removed("page_furniture", head), Removed("page_furniture", "2\n3\n4\n5\n6\n7"))
    assert [(note.key, note.count) for note in raw.notes] == [("footnotes_appended", 2)]
    assert not raw.unchecked


def test_the_left_column_of_a_letterhead_comes_before_the_right_one() -> None:
    page = Page()
    letterhead(page)
    page.centred(120, "KẾ HOẠCH")
    page.centred(140, "Phòng, chống cháy rừng mùa khô và bảo đảm an toàn cho các xã,")
    page.centred(159, "phường trên địa bàn tỉnh Hà Dương năm 2026")

    text = read(made([page]), "a.pdf").text

    assert text.split("\n") == [
        "ỦY BAN NHÂN DÂN", "TỈNH HÀ DƯƠNG", "Số: 12/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Hà Dương, ngày 05 tháng 02 năm 2026",
        "KẾ HOẠCH",
        "Phòng, chống cháy rừng mùa khô và bảo đảm an toàn cho các xã, phường trên địa bàn tỉnh Hà Dương năm 2026",
    ]  # fmt: skip
    facts = extract(text).plan
    assert (facts.number, facts.province, str(facts.issued_on)) == ("12/KH-UBND", "Hà Dương", "2026-02-05")


def test_a_title_at_the_left_margin_is_no_part_of_the_letterhead() -> None:
    page = Page()
    letterhead(page)
    page.text(LEFT, 120, "KẾ HOẠCH")
    page.text(LEFT, 140, "Trồng cây ven hồ")

    text = read(made([page]), "a.pdf").text

    assert text.split("\n")[-2:] == ["KẾ HOẠCH", "Trồng cây ven hồ"]


def test_recipients_and_signature_are_not_mixed() -> None:
    page = Page()
    for place, line in enumerate(("Nơi nhận:", "- Như mục IV;", "- Bộ Công an", "(để báo cáo);", "- Lưu: VT.")):
        page.text(LEFT, 400 + 14 * place, line, 11)
    signature = ((401, "TM. ỦY BAN NHÂN DÂN"), (417, "KT. CHỦ TỊCH"), (433, "PHÓ CHỦ TỊCH"), (520, "Lê Văn Bình"))
    for base, line in signature:
        page.centred(base, line, 330, RIGHT, 13)

    assert read(made([page]), "a.pdf").text.split("\n") == [
        "Nơi nhận:", "- Như mục IV;", "- Bộ Công an (để báo cáo);", "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Văn Bình",
    ]  # fmt: skip


def lines_at(*lines: tuple[float, str], top: float = 220) -> bytes:
    """Print lines under each other, each at its own left place, below two that show where the column ends."""
    page = Page()
    for base in (100, 160):
        page.text(LEFT, base, FULL + ".")
    for place, (left, line) in enumerate(lines):
        page.text(left, top + LEADING * place, line)
    return made([page])


FULL = "các đơn vị phối hợp chặt chẽ với nhau trong suốt quá trình thực hiện"
assert LEFT + wide(FULL) + SIZE * 1.5 > RIGHT - 2 * SIZE

JOINED = [
    pytest.param([(LEFT, FULL), (LEFT, "nhiệm vụ.")], [f"{FULL} nhiệm vụ."], id="a wrapped line"),
    pytest.param([(LEFT, f"{FULL[:-9]}kinh tế -"), (LEFT, "xã hội.")], [f"{FULL[:-9]}kinh tế - xã hội."],
                 id="a dash at a line's end stays"),
    pytest.param([(LEFT, f"{FULL[:-9]}số 18-"), (LEFT, "CTr/TU.")], [f"{FULL[:-9]}số 18-CTr/TU."],
                 id="a symbol is closed again"),
    pytest.param([(LEFT, "1. Sở Y tế"), (LEFT, "Mở lớp tập huấn.")], ["1. Sở Y tế", "Mở lớp tập huấn."],
                 id="a heading without a full stop"),
    pytest.param([(LEFT, FULL), (LEFT + 36, "Sở Y tế mở lớp.")], [FULL, "Sở Y tế mở lớp."], id="a first line set in"),
    pytest.param([(LEFT, "- " + FULL[2:]), (LEFT + 14, "Công an xã.")], ["- " + FULL[2:] + " Công an xã."],
                 id="a hanging list"),
    pytest.param([(LEFT, FULL), (LEFT, "- Sở Y tế mở lớp.")], [f"{FULL} - Sở Y tế mở lớp."],
                 id="a dash that a wrapped line begins with by chance"),
    pytest.param([(LEFT, f"{FULL};"), (LEFT, "- Sở Y tế mở lớp.")], [f"{FULL};", "- Sở Y tế mở lớp."],
                 id="a dash after an ended line"),
    pytest.param([(LEFT, "a) Mở lớp;"), (LEFT, "b) Kiểm tra;"), (LEFT, "c) Báo cáo.")],
                 ["a) Mở lớp;", "b) Kiểm tra;", "c) Báo cáo."], id="a list of letters"),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "expected"), JOINED)
def test_lines_are_joined_by_what_the_page_shows(printed: list[tuple[float, str]], expected: list[str]) -> None:
    text = read(lines_at(*printed), "a.pdf").text

    assert text.split("\n")[-len(expected):] == expected


def test_letters_that_the_file_took_apart_are_put_together() -> None:
    page = Page()
    written = unicodedata.normalize("NFD", "Thị xã Mường Thanh")
    left = LEFT
    for letter, marks in re.findall(r"([^\u0300-\u0323])([\u0300-\u0323]*)", written):  # every letter on its own
        page.text(left, 100, letter + marks)
        left += SIZE / 2
    page.text(LEFT, 130, "Ph ")  # a blank that is printed over: the next piece begins where it begins
    page.text(LEFT + wide("Ph"), 130, "òng Giáo dục")

    assert read(made([page]), "a.pdf").text.split("\n") == ["Thị xã Mường Thanh", "Phòng Giáo dục"]


def test_raised_numbers_are_marks_and_no_digits_of_the_number_before() -> None:
    page = Page()
    page.text(LEFT, 100, "Đến năm 2030")
    page.text(LEFT + wide("Đến năm 2030"), 95, "2", 8)
    page.text(LEFT + wide("Đến năm 2030") + 8, 100, "xây 50 m")
    page.text(LEFT + wide("Đến năm 2030xây 50 m") + 8, 95, "2", 8)
    page.text(LEFT + wide("Đến năm 2030xây 50 m") + 18, 100, "nhà.")

    assert read(made([page]), "a.pdf").text == "Đến năm 2030[2] xây 50 m2 nhà."


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(rotate: int) -> None:
    page = Page(rotate=rotate)
    x, y, matrix = {
        0: (LEFT, 700, "1 0 0 1"),
        90: (200, LEFT, "0 1 -1 0"),
        180: (500, 200, "-1 0 0 -1"),
        270: (300, 700, "0 -1 1 0"),
    }[rotate]
    for place, line in enumerate(("Dòng thứ nhất của trang.", "Dòng thứ hai của trang.")):
        dx, dy = {0: (0, -20), 90: (20, 0), 180: (0, 20), 270: (-20, 0)}[rotate]
        codes = "".join(f"{ord(letter):04x}" for letter in line)
        page.parts.append(f"BT /F0 14 Tf {matrix} {x + dx * place} {y + dy * place} Tm <{codes}> Tj ET")

    assert read(made([page]), "a.pdf").text == "Dòng thứ nhất của trang.\nDòng thứ hai của trang."


def test_what_nobody_sees_and_what_lies_across_the_page_is_set_aside() -> None:
    page = Page()
    page.text(LEFT, 100, BODY)
    page.text(LEFT, 120, "Chữ vô hình", more="3 Tr")
    page.text(-400, 140, "Chữ ngoài trang")
    page.parts.append("BT /F0 40 Tf 0.7 0.7 -0.7 0.7 200 300 Tm <0042004100d4> Tj ET")

    document = read(made([page]), "a.pdf")

    assert document.text == BODY
    assert {(removed.key, removed.text) for removed in document.removed} == {
        ("hidden_text", "Chữ ngoài trang Chữ vô hình"), ("page_furniture", "BAÔ"),
    }  # fmt: skip


def test_fonts_with_letters_of_their_own_are_converted() -> None:
    page = Page()
    page.text(LEFT, 100, "§Èy m¹nh phßng, chèng ma tóy", font="F0")
    page.text(LEFT, 120, "Kế hoạch của tỉnh.", font="F1")

    document = read(made([page], fonts=("ABCDEF+.VnTime", "TimesNewRoman")), "a.pdf")

    assert document.text.split("\n") == ["Đẩy mạnh phòng, chống ma túy", "Kế hoạch của tỉnh."]
    assert "converted_fonts" in [note.key for note in document.notes]


def test_marks_of_secrecy_are_found_in_the_letterhead_and_in_running_heads() -> None:
    stamped = Page()
    letterhead(stamped)
    stamped.centred(104, "TỐI MẬT", 70, 240, 12)
    running = typeset([BODY] * 60, head="MẬT")

    for pages in ([stamped], running):
        with pytest.raises(SecretDocument):
            read(made(pages), "a.pdf")


def test_programs_in_the_file_are_never_run_and_never_text() -> None:
    action = "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA<</WC<</S/Launch/F(/bin/true)>>>>"

    assert read(made(typeset([BODY]), root=action), "a.pdf").text == BODY


def test_a_file_locked_only_against_changes_is_read() -> None:
    assert read(made(typeset([BODY]), password=""), "a.pdf").text == BODY


def test_an_empty_page_is_no_text() -> None:
    with pytest.raises(EmptyFile):
        read(made([Page()]), "a.pdf")


def test_a_form_inside_a_page_is_text_too() -> None:
    inner = "BT /F0 14 Tf 1 0 0 1 0 0 Tm <" + "".join(f"{ord(letter):04x}" for letter in BODY) + "> Tj ET"
    form = stream(inner.encode(), "/Type/XObject/Subtype/Form/BBox[0 -20 600 50]/Resources<</Font<</F0 100 0 R>>>>")
    page = Page(extra="/XObject<</X 10 0 R>>")
    page.parts.append("q 0.8 0 0 0.8 85 500 cm /X Do Q")

    assert read(made([page], objects=[form]), "a.pdf").text == BODY


STYLES = [
    pytest.param("font:14pt/1.5 'DejaVu Serif';margin:0 0 6pt;text-indent:1cm;text-align:justify", id="as offices do"),
    pytest.param("font:13pt/1.5 'DejaVu Serif';margin:0;text-indent:1cm", id="ragged, no room between paragraphs"),
    pytest.param("font:13pt/1.8 'DejaVu Serif';margin:0 0 8pt;text-align:justify", id="no first line set in"),
    pytest.param("font:13pt/1.5 'DejaVu Serif';margin:0 0 4pt 0.6cm;text-indent:-0.6cm", id="hanging"),
]


@pytest.mark.browser
@pytest.mark.parametrize("style", STYLES)
def test_what_a_browser_prints_comes_back(chromium: Any, style: str) -> None:
    lines, _ = plan_lines()
    lines = [line.replace("[1]", "").replace("[2]", "") for line in lines]
    page = chromium.new_page()
    page.set_content(
        f"<style>@page{{size:A4;margin:20mm 15mm 20mm 30mm}} p{{{style}}}</style>"
        + "".join(f"<p>{line}</p>" for line in lines)
    )
    data = page.pdf(prefer_css_page_size=True)
    page.close()

    assert read(data, "a.pdf").text.split("\n") == lines
