"""Tables in PDF files: one line a row, also where a page ends in the middle of one."""

from __future__ import annotations

from tests.reading.pdf_files import A4, Page, made
from tracker.extraction import extract
from tracker.reading import read

XS = (60.0, 95.0, 290.0, 390.0, 480.0, 560.0)
HEAD = ("TT", "Nội dung", "Chủ trì", "Phối hợp", "Thời hạn")
ROW = 40.0


def row(page: Page, top: float, cells: tuple[str, ...], *, skip: tuple[int, ...] = ()) -> None:
    """Print one row; a "\\n" begins a new line in its cell. Under the columns in `skip` the cell goes on below."""
    page.cells(XS, top, top + ROW, skip)
    for x, cell in zip(XS, cells, strict=False):
        for place, line in enumerate(cell.split("\n")):
            page.text(x + 3, top + 14 + 13 * place, line, 11)


def head(page: Page, top: float = 100) -> None:
    page.rule(XS[0], top, XS[-1], top)
    row(page, top, HEAD)


def lines(*pages: Page) -> list[str]:
    return read(made(pages), "a.pdf").text.split("\n")


def test_rows_are_lines_and_a_cell_over_several_rows_holds_for_each() -> None:
    page = Page()
    head(page)
    row(page, 140, ("1", "Mở lớp tập huấn\ncho cán bộ cấp xã", "Sở Y tế", "Công an tỉnh", "30/6/2026"), skip=(2,))
    row(page, 180, ("2", "Cấp thuốc", "", "", "30/9/2026"))

    assert lines(page) == [
        "TT | Nội dung | Chủ trì | Phối hợp | Thời hạn",
        "1 | Mở lớp tập huấn cho cán bộ cấp xã | Sở Y tế | Công an tỉnh | 30/6/2026",
        "2 | Cấp thuốc | Sở Y tế |  | 30/9/2026",
    ]


def fifteen_rows() -> list[Page]:
    """Fifteen rows over three pages: each page repeats the head, every lead spans three rows, one over a page's end."""
    pages = [Page()]
    head(pages[-1])
    at = 140.0
    for number in range(1, 16):
        if number in (6, 11):
            pages.append(Page())
            pages[-1].centred(45, str(len(pages)))
            head(pages[-1])
            at = 140.0
        cells = (str(number), f"Việc thứ {number} của các\nđơn vị", "Sở Nội vụ" if number % 3 == 1 else "", "",
                 f"{number + 5}/6/2026")  # fmt: skip
        row(pages[-1], at, cells, skip=() if number % 3 == 0 or number in (5, 10) else (2,))
        at += ROW
    return pages


def test_a_table_over_several_pages_has_one_head_and_loses_no_row() -> None:
    document = read(made(fifteen_rows()), "a.pdf")
    found = document.text.split("\n")

    assert found[0] == " | ".join(HEAD)
    assert found[1:] == [f"{n} | Việc thứ {n} của các đơn vị | Sở Nội vụ |  | {n + 5}/6/2026" for n in range(1, 16)]
    assert " | ".join(HEAD) in [removed.text for removed in document.removed]
    tasks = extract("KẾ HOẠCH\nI. PHÂN CÔNG\n" + document.text).tasks
    assert [task.owners for task in tasks] == [("Sở Nội vụ",)] * 15


def test_a_row_that_a_page_cuts_in_two_is_one_row() -> None:
    first, second = Page(), Page()
    head(first)
    row(first, 140, ("1", "Rà soát, lập hồ sơ của", "Công an tỉnh", "Sở Y tế,", "30/6/2026"))
    second.rule(XS[0], 60, XS[-1], 60)
    row(second, 60, ("", "các địa bàn.", "", "Sở Nội vụ", ""))
    row(second, 100, ("2", "Cấp thuốc", "Sở Y tế", "", "30/9/2026"))

    assert lines(first, second)[1:] == [
        "1 | Rà soát, lập hồ sơ của các địa bàn. | Công an tỉnh | Sở Y tế, Sở Nội vụ | 30/6/2026",
        "2 | Cấp thuốc | Sở Y tế |  | 30/9/2026",
    ]


def test_an_empty_cell_after_a_page_break_is_not_filled_with_the_owner_above() -> None:
    first, second = Page(), Page()
    head(first)
    row(first, 140, ("1", "Rà soát hồ sơ.", "Công an tỉnh", "", "30/6/2026"))
    second.rule(XS[0], 60, XS[-1], 60)
    row(second, 60, ("2", "Cấp thuốc.", "", "", "30/9/2026"))

    assert lines(first, second)[-1] == "2 | Cấp thuốc. |  |  | 30/9/2026"


def test_a_heading_across_the_table_and_text_around_it_keep_their_places() -> None:
    page = Page()
    page.text(85, 80, "Phân công cụ thể như sau:")
    head(page)
    page.cells((XS[0], XS[-1]), 140, 180)
    page.text(XS[0] + 3, 155, "I. Nhóm việc thứ nhất", 11)
    row(page, 180, ("1", "Mở lớp", "Sở Y tế", "", "30/6/2026"))
    page.text(85, 250, "Các đơn vị báo cáo trước ngày 20/12/2026.")

    assert lines(page) == [
        "Phân công cụ thể như sau:",
        "TT | Nội dung | Chủ trì | Phối hợp | Thời hạn",
        "I. Nhóm việc thứ nhất",
        "1 | Mở lớp | Sở Y tế |  | 30/6/2026",
        "Các đơn vị báo cáo trước ngày 20/12/2026.",
    ]


def test_a_table_on_a_landscape_annex_is_read_whichever_way_the_page_is_turned() -> None:
    wide = Page(width=A4[1], height=A4[0])
    head(wide)
    row(wide, 140, ("1", "Mở lớp", "Sở Y tế", "", "30/6/2026"))
    turned = Page(rotate=90)
    codes = "".join(f"{ord(letter):04x}" for letter in "Mở lớp")
    for x in (100, 200, 300):
        turned.parts.append(f"0.5 w {x} 100 m {x} 500 l S")
    for y in (100, 300, 500):
        turned.parts.append(f"0.5 w 100 {y} m 300 {y} l S")
    turned.parts += [f"BT /F0 11 Tf 0 1 -1 0 {x} {y} Tm <{codes}> Tj ET" for x in (150, 250) for y in (120, 320)]

    assert lines(wide)[-1] == "1 | Mở lớp | Sở Y tế |  | 30/6/2026"
    assert lines(turned) == ["Mở lớp | Mở lớp", "Mở lớp | Mở lớp"]


def test_frames_and_underlines_are_no_tables() -> None:
    page = Page()
    page.cells((60.0, 560.0), 90, 130)
    page.rule(60, 90, 560, 90)
    page.text(85, 110, "KẾ HOẠCH")
    page.text(85, 160, "Căn cứ nghị quyết của Hội đồng nhân dân tỉnh.")
    page.rule(85, 163, 200, 163)

    assert lines(page) == ["KẾ HOẠCH", "Căn cứ nghị quyết của Hội đồng nhân dân tỉnh."]


def test_rows_without_ruled_lines_stay_rows() -> None:
    page = Page()
    for place, cells in enumerate((("Sở Y tế", "12 lớp", "30/6"), ("Sở Nội vụ", "3 lớp", "30/9"))):
        for x, cell in zip((85, 300, 450), cells, strict=True):
            page.text(x, 100 + 20 * place, cell)

    assert lines(page) == ["Sở Y tế | 12 lớp | 30/6", "Sở Nội vụ | 3 lớp | 30/9"]
