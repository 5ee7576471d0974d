"""Layouts that sites and hands make of one and the same plan: what is found does not depend on them."""

from __future__ import annotations

import pytest

from tests.extraction.test_hostile_texts import places_fit
from tracker.extraction import PlanExtract, extract

HEAD = (
    "ỦY BAN NHÂN DÂN TỈNH HÀ DƯƠNG\nSố: 31/KH-UBND\nHà Dương, ngày 04 tháng 3 năm 2024\nKẾ HOẠCH\n"
    "Phát triển vườn cây thuốc nam năm 2024\nUBND tỉnh ban hành Kế hoạch như sau:\n"
)
BODY = """I. MỤC ĐÍCH, YÊU CẦU
- Giữ gìn cây thuốc quý của địa phương.
II. NHIỆM VỤ, GIẢI PHÁP
1. Trồng cây
- Mở 05 vườn ươm tại các huyện vùng cao.
- Sở Khoa học và Công nghệ chọn giống trước ngày 15/5/2024.
2. Phổ biến kiến thức
- In sổ tay nhận biết cây thuốc.
III. TỔ CHỨC THỰC HIỆN
1. Sở Y tế
- Chủ trì, phối hợp với Hội Đông y tỉnh lập danh mục cây thuốc.
- Hằng quý báo cáo UBND tỉnh.
2. UBND các huyện, thành phố
- Bố trí đất trồng; giao chỉ tiêu cho từng xã.
Trên đây là Kế hoạch phát triển vườn cây thuốc nam năm 2024./.
"""


def owned(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Give each task's first words with its owners; measures have none."""
    found = extract(text)
    assert places_fit(text, found)
    return [(_start(one.text), one.owners) for one in found.tasks] + [(_start(one.text), ()) for one in found.measures]


def _start(text: str) -> str:
    return " ".join(text.split()[:3])


AS_WRITTEN = [
    ("Sở Khoa học", ("Sở Khoa học và Công nghệ",)),
    ("Chủ trì, phối", ("Sở Y tế",)),
    ("Hằng quý báo", ("Sở Y tế",)),
    ("Bố trí đất", ("UBND các huyện, thành phố",)),
    ("Mở 05 vườn", ()),
    ("In sổ tay", ()),
]


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param(BODY, id="as written"),
        pytest.param(BODY.replace("\n- ", "\n-\n"), id="the dash alone on its line"),
        pytest.param(BODY.replace(". T", ".\nT").replace("2. P", "2.\nP"), id="numbers alone on their lines"),
        pytest.param(BODY.replace("1. Sở Y tế", "1.\nSở Y tế").replace("2. UBND", "2.\nUBND"), id="names below"),
        pytest.param(BODY.replace("I. ", "I "), id="parts without a dot"),
        pytest.param(BODY.replace("1. Sở Y tế", "**1. Sở Y tế**").replace("III. ", "## III. "), id="Markdown"),
        pytest.param(BODY.replace("\n", "\\r\\n"), id="line ends spelt out"),
        pytest.param(BODY.replace("lập danh mục", "\n4\nlập danh mục"), id="the number of a page in a sentence"),
        pytest.param(BODY.replace("1. Sở Y tế", "Sở Y tế").replace("2. UBND", "UBND"), id="bodies without numbers"),
        pytest.param(
            BODY.replace("1. Sở Y tế", "Giao Sở Y tế:").replace("2. UBND", "Giao UBND"), id="called"
        ),
        pytest.param(BODY.replace("\n", " ").replace(" II", "\nII"), id="a part in one line"),
        pytest.param(BODY.replace("\n", " "), id="all in one line"),
        pytest.param(
            BODY.replace("1. Sở Y tế\n", "* Sở Y tế:\n").replace("2. UBND các huyện, thành phố\n", "* UBND các huyện, "
            "thành phố:\n").replace("\n- ", "\n* "),
            id="one kind of bullet for bodies and orders",
        ),
    ],
)  # fmt: skip
def test_the_layout_changes_nothing_that_is_found(layout: str) -> None:
    assert owned(HEAD + layout) == AS_WRITTEN


def test_bodies_in_capitals_are_several() -> None:
    found = extract(
        HEAD + BODY.replace("1. Sở Y tế", "1. SỞ Y TẾ VÀ BÁO HÀ DƯƠNG").replace("UBND các huyện", "UBND CÁC HUYỆN")
    )

    assert found.tasks[1].owners == ("SỞ Y TẾ", "BÁO HÀ DƯƠNG")


CELLS = (
    "TT", "Việc phải làm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành",
    "A", "VÙNG CAO", "", "", "",
    "1", "Điều tra cây thuốc mọc tự nhiên trong rừng già và ven suối", "Sở Khoa học và Công nghệ",
    "Liên minh Hợp tác xã tỉnh; Hội Nông dân tỉnh", "Quý III/2024",
)  # fmt: skip
WRAPPED = {
    "Cơ quan chủ trì": "Cơ quan chủ\ntrì",
    "Cơ quan phối hợp": "Cơ quan phối\nhợp",
    "Thời gian hoàn thành": "Thời gian\nhoàn thành",
    CELLS[11]: "Điều tra cây thuốc mọc tự nhiên\ntrong rừng già và ven suối",
    "Sở Khoa học và Công nghệ": "Sở Khoa học\nvà Công nghệ",
    CELLS[13]: "Liên minh\nHợp tác xã tỉnh; Hội Nông dân tỉnh",
    "Quý III/2024": "Quý\nIII/2024",
}


def rows(between: str) -> str:
    """Give the table row by row."""
    return "\n".join(between.join(CELLS[at : at + 5]) for at in range(0, len(CELLS), 5)) + "\n"


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(
            "\n|\n".join(WRAPPED.get(cell, cell) for cell in CELLS) + "\n|\n", id="wrapped cells between bars"
        ),
        pytest.param("\n".join(WRAPPED.get(cell, cell) for cell in CELLS) + "\n", id="wrapped cells without bars"),
        pytest.param("\n".join(CELLS) + "\n", id="a cell to a line"),
        pytest.param(rows("\t"), id="tabs"),
        pytest.param(rows("    "), id="blanks"),
    ],
)
def test_a_table_whose_cells_are_parted_in_any_way(table: str) -> None:
    text = HEAD + BODY + "PHỤ LỤC\n" + table
    found = extract(text)

    assert places_fit(text, found)
    (task,) = [task for task in found.tasks if task.rule == "table_row"]
    assert " ".join(task.text.split()) == CELLS[11]
    assert [" ".join(name.split()) for name in task.owners] == ["Sở Khoa học và Công nghệ"]
    assert [" ".join(name.split()) for name in task.partners] == ["Liên minh Hợp tác xã tỉnh", "Hội Nông dân tỉnh"]
    assert [str(limit.on) for limit in task.deadlines] == ["2024-09-30"]


def found_in(part: str) -> PlanExtract:
    """Read a part of a plan under a head."""
    return extract(HEAD + "I. MỤC ĐÍCH\nGiữ gìn cây thuốc.\n" + part)


def test_a_part_that_is_named_stands_above_one_that_is_only_numbered() -> None:
    found = extract(
        HEAD + "Mục A\nCHỈ TIÊU\nI. Diện tích\n1. Trồng thêm 20 ha.\nMục B\nNHIỆM VỤ\nI. Giống\n1. Chọn giống tốt.\n"
    )

    assert [one.text for one in found.measures] == ["Chọn giống tốt."]
    assert [one.section for one in found.indicators] == ["A.I.1"]


def test_numbers_that_begin_anew_open_a_part_whose_heading_was_lost() -> None:
    found = found_in("II. MỤC TIÊU\n1. Mục tiêu chung\n- Giữ rừng.\n2. Mục tiêu cụ thể\n- Trồng 20 ha.\n"
                     "1. Trồng cây\n- Mở vườn ươm.\nIV. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế\n- Lập danh mục.\n")  # fmt: skip

    assert [one.text for one in found.measures] == ["Mở vườn ươm."]


def test_what_stands_before_1_1_belongs_to_the_lost_first_body() -> None:
    found = found_in(
        "II. NHIỆM VỤ\n1. Tuyên truyền\n- Phát tờ rơi.\nIII. TỔ CHỨC THỰC HIỆN\n- Bảo vệ vườn thuốc.\n"
        "- Tổng hợp kết quả.\n1.1. Công an các xã\n- Tuần tra ban đêm.\n2. Sở Y tế: lập danh mục.\n"
    )

    assert [(one.owners, one.inferred) for one in found.tasks[:3]] == [
        (("Công an tỉnh",), True),
        (("Công an tỉnh",), True),
        (("Công an các xã",), False),
    ]


def test_letters_that_go_on_are_still_of_the_body_above_a_gap() -> None:
    found = found_in(
        "II. NHIỆM VỤ\n1. Tuyên truyền\n- Phát tờ rơi.\nIII. TỔ CHỨC THỰC HIỆN\n1. Sở Tài chính\na) Bố trí vốn.\n"
        "b) Phối hợp với Sở Y tế kiểm tra.\n- Mở phiên tòa lưu động.\n- Đưa ra xét xử các vụ phá vườn thuốc.\n"
        "3. Sở Y tế\n- Lập danh mục.\n"
    )

    assert [one.owners for one in found.tasks] == [*[("Sở Tài chính",)] * 2, *[("Tòa án nhân dân tỉnh",)] * 2,
                                                   ("Sở Y tế",)]  # fmt: skip


def test_lines_that_say_who_stand_above_the_orders() -> None:
    found = found_in(
        "II. NỘI DUNG\n1. Dự án vườn ươm\na) Mục tiêu: có 20 ha vườn ươm.\nb) Cơ quan chủ trì: Sở Y tế.\nc) "
        "Cơ quan phối "
        "hợp: Sở Tài chính.\nd) Hoạt động:\n- Chọn đất.\n- Làm nhà lưới.\n2. Dự án sách\n- In sổ tay.\n"
    )

    assert [(one.text, one.owners, one.partners) for one in found.tasks] == [
        ("Chọn đất.", ("Sở Y tế",), ("Sở Tài chính",)),
        ("Làm nhà lưới.", ("Sở Y tế",), ("Sở Tài chính",)),
    ]
    assert [one.text for one in found.measures] == ["In sổ tay."]


def test_a_topic_among_topics_is_no_body_though_bodies_stand_in_another_part() -> None:
    found = extract(
        HEAD
        + "NHIỆM VỤ, BIỆN PHÁP\n1. Chăm sóc theo mùa\n- Mùa khô: tưới hằng ngày.\n2. Bảo vệ theo vùng\n- Làm rào.\n"
        "PHÂN CÔNG THỰC HIỆN\n1. Giao Sở Y tế:\n- Lập danh mục.\n2. Giao Sở Tài chính:\n- Bố trí vốn.\n"
    )

    assert [one.text for one in found.measures] == ["Mùa khô: tưới hằng ngày.", "Làm rào."]
    assert [one.owners for one in found.tasks] == [("Sở Y tế",), ("Sở Tài chính",)]


@pytest.mark.parametrize(
    ("order", "owners"),
    [
        ("UBND các xã khi phát hiện cây bị nhổ trộm phải lập biên bản trong ngày.", ("UBND các xã",)),
        ("Các sở, ngành được giao chủ trì dự án có trách nhiệm lập dự toán.", ("Các sở, ngành",)),
        ("Vườn thuốc mẫu: Sở Y tế làm chủ đầu tư, phối hợp với Sở Tài chính hoàn thiện hồ sơ.", ("Sở Y tế",)),
        ("Mỗi xã, phường có từ 03 vườn thuốc trở lên phải lập tổ chăm sóc.", ("Mỗi xã, phường",)),
        ("Lực lượng giữ rừng (Kiểm lâm, Công an) xây dựng lịch tuần tra chung.", ("Kiểm lâm", "Công an")),
        ("Bước 1 (xong trước ngày 20/4/2024): Sở Y tế khảo sát các vườn.", ("Sở Y tế",)),
        ("Trên cơ sở dự toán của các đơn vị, phối hợp với Sở Y tế, Sở Tài chính trình UBND tỉnh bố trí vốn.", ()),
        ("Chủ đề: “Cây thuốc quanh nhà”.", None),
        ("Mục tiêu: mỗi xã có ít nhất 02 vườn thuốc.", None),
        ("Kinh phí thực hiện Kế hoạch được bố trí từ ngân sách tỉnh.", None),
        ("Phổ biến kiến thức; mỗi thôn, bản xây dựng một góc sách.", ()),
    ],
)
def test_who_must_act_among_the_measures(order: str, owners: tuple[str, ...] | None) -> None:
    found = found_in(f"II. NHIỆM VỤ, GIẢI PHÁP\n1. Trồng cây\n- {order}\n- Mở vườn ươm.\n")

    given = [one.owners for one in found.tasks]
    assert given == ([owners] if owners else [])
    assert len(found.measures) == (2 if owners == () else 1)


def test_what_every_area_should_reach_is_a_goal_unless_it_must() -> None:
    found = found_in("II. MỤC TIÊU\n- Mỗi xã, phường trồng 02 vườn thuốc.\n- Mỗi xã, phường phải trồng 01 ha.\n"
                     "III. NHIỆM VỤ\n- Chọn giống.\n")  # fmt: skip

    assert [one.text for one in found.tasks] == ["Mỗi xã, phường phải trồng 01 ha."]


def test_an_order_below_a_body_may_open_as_a_closing_does() -> None:
    found = found_in("II. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế\nGiao chỉ tiêu cho các huyện; chỉ đạo các trạm y tế trồng "
                     "cây.\nTheo dõi kết quả.\n2. Sở Tài chính\nBố trí vốn.\n")  # fmt: skip

    assert [one.owners for one in found.tasks] == [("Sở Y tế",), ("Sở Y tế",), ("Sở Tài chính",)]


def test_who_carries_out_a_decision_as_a_whole_has_no_task_of_it() -> None:
    found = extract(
        "ỦY BAN NHÂN DÂN TỈNH HÀ DƯƠNG\nSố: 75/QĐ-UBND\nQUYẾT ĐỊNH\nVề việc ban hành Kế hoạch trồng "
        "cây\nĐiều 1. Ban hành "
        "kèm theo Quyết định này Kế hoạch trồng cây.\nĐiều 2. Giao Sở Y tế chủ trì theo dõi.\nĐiều 3. Chánh "
        "Văn phòng UBND tỉnh, "
        "Giám đốc Sở Y tế và Chủ tịch UBND các huyện chịu trách nhiệm thi hành Quyết định này./.\n"
    )

    assert [one.owners for one in found.tasks] == [("Sở Y tế",)]


def test_other_articles_below_an_article_give_nothing() -> None:
    text = (
        "Trồng cây thuốc ở Hà Dương\nTheo Kế hoạch, các nhiệm vụ gồm: mở vườn ươm và in sổ tay cho người dân.\n"
        "Sở Y tế chủ trì lập danh mục cây thuốc trước ngày 15/5/2024.\nTin liên quan\nCông an xã Sơn Hạ tổ "
        "chức lễ ra quân\n"
    )

    assert [one.owners for one in extract(text).tasks] == [("Sở Y tế",)]
