"""Headings with marks, without marks and lost; who and when apart from the order."""

from __future__ import annotations

import pytest

from tracker.extraction import extract
from tracker.extraction.headings import Zone, zone_of

HEAD = "ỦY BAN NHÂN DÂN TỈNH HÀ DƯƠNG\nSố: 12/KH-UBND\nKẾ HOẠCH\nTrồng cây năm 2024\n"


@pytest.mark.parametrize(
    ("heading", "zone"),
    [
        ("MỤC ĐÍCH, YÊU CẦU", Zone.PURPOSE),
        ("Khái quát tình hình", Zone.PURPOSE),
        ("Quan điểm, mục tiêu", Zone.OBJECTIVE),
        ("Một số chỉ tiêu cụ thể", Zone.OBJECTIVE),
        ("MỤC TIÊU, NHIỆM VỤ", Zone.MEASURE),
        ("Các nhiệm vụ trọng tâm", Zone.MEASURE),
        ("NỘI DUNG VÀ TIẾN ĐỘ THỰC HIỆN", Zone.MEASURE),
        ("TỔ CHỨC THỰC HIỆN", Zone.ASSIGNMENT),
        ("Chế độ thông tin, báo cáo", Zone.ASSIGNMENT),
        ("Nguồn lực thực hiện", Zone.FUNDING),
        ("Vốn và nguồn vốn", Zone.FUNDING),
        ("CÔNG TÁC TUYÊN TRUYỀN", None),
    ],
)
def test_what_a_heading_opens(heading: str, zone: Zone | None) -> None:
    assert zone_of(heading) is zone


def test_headings_known_only_by_their_form() -> None:
    found = extract(
        HEAD
        + "Căn cứ chỉ đạo của tỉnh, UBND tỉnh ban hành Kế hoạch như sau:\nMục đích, yêu cầu\nMục đích\nPhủ xanh đất "
        "trống.\n"
        "Nội dung\nTuyên truyền\n- Phát 500 tờ rơi.\nTổ chức thực hiện\nSở Xây dựng:\n- Cung cấp cây giống.\n"
        "Sở Tài chính\nBố trí kinh phí.\n"
    )

    assert [(task.text, task.owners) for task in found.tasks] == [
        ("Cung cấp cây giống.", ("Sở Xây dựng",)),
        ("Bố trí kinh phí.", ("Sở Tài chính",)),
    ]
    assert [measure.text for measure in found.measures] == ["Phát 500 tờ rơi."]


def test_stars_head_bullets_of_bodies() -> None:
    found = extract(
        HEAD
        + "PHÂN CÔNG TRÁCH NHIỆM\n* Sở Y tế:\n- Khám bệnh.\n* Ban Điều hành Cây xanh Hà Dương:\n- Tưới cây.\n- Tỉa "
        "cành."
    )

    assert [task.owners for task in found.tasks] == [
        ("Sở Y tế",),
        ("Ban Điều hành Cây xanh Hà Dương",),
        ("Ban Điều hành Cây xanh Hà Dương",),
    ]


def test_items_without_a_closing_stop_are_provisions_not_headings() -> None:
    found = extract(
        HEAD + "I. NHIỆM VỤ\n1. Trồng cây ven đường\n2. Trồng cây ở trường học\nII. PHÂN CÔNG\n1. Sở Y tế\n- Mở lớp."
    )

    assert [measure.text for measure in found.measures] == ["Trồng cây ven đường", "Trồng cây ở trường học"]


LINES = (
    "- Cơ quan chủ trì: Sở Xây dựng.\n- Đơn vị phối hợp: Sở Tài chính; UBND các huyện.\n- Thời gian hoàn thành: "
    "Quý II/2024.\n- Sản phẩm: Danh mục cây.\n"
)


def test_lines_below_a_measure_say_who_with_whom_when_and_what() -> None:
    found = extract(
        f"{HEAD}I. NHIỆM VỤ\n1. Lập danh mục cây trồng.\n{LINES}2. Trồng cây.\n- Đơn vị thực hiện: Công an tỉnh.\n"
    )

    first, second = found.tasks
    assert (first.text, first.owners, first.partners) == (
        "Lập danh mục cây trồng.",
        ("Sở Xây dựng",),
        ("Sở Tài chính", "UBND các huyện"),
    )
    assert [str(limit.on) for limit in first.deadlines] == ["2024-06-30"]
    assert (first.product, first.rule) == ("Danh mục cây", "assignment_line")
    assert first.to_json()["product"] == "Danh mục cây"
    assert (second.owners, second.deadlines) == (("Công an tỉnh",), ())
    assert found.measures == ()


def test_lines_below_several_measures_hold_for_all_of_them() -> None:
    found = extract(
        f"{HEAD}I. NHIỆM VỤ\n1. Cây xanh\na) Trồng cây.\nb) Tưới cây.\nĐơn vị chủ trì: Sở Xây dựng; phối hợp: Sở Y "
        f"tế.\n"
    )

    assert [(task.text, task.owners, task.partners) for task in found.tasks] == [
        ("Trồng cây.", ("Sở Xây dựng",), ("Sở Y tế",)),
        ("Tưới cây.", ("Sở Xây dựng",), ("Sở Y tế",)),
    ]


@pytest.mark.parametrize(
    "order",
    [
        "Trồng cây (Sở Xây dựng chủ trì, phối hợp với Sở Y tế; hoàn thành trước ngày 30/6/2024).",
        "Trồng cây (Cơ quan chủ trì: Sở Xây dựng; phối hợp: Sở Y tế; thời gian: trước ngày 30/6/2024).",
        "Trồng cây. Đơn vị chủ trì: Sở Xây dựng; đơn vị phối hợp: Sở Y tế; thời gian hoàn thành: trước ngày 30/6/2024.",
    ],
)
def test_an_order_may_end_with_who_does_it(order: str) -> None:
    (task,) = extract(f"{HEAD}I. NHIỆM VỤ\n1. {order}\n").tasks

    assert (task.owners, task.partners) == (("Sở Xây dựng",), ("Sở Y tế",))
    assert [str(limit.on) for limit in task.deadlines] == ["2024-06-30"]


def test_a_list_inside_a_sentence_is_a_provision_for_each_number() -> None:
    for text in (
        "Thực hiện: (1) Trồng cây; (2) Tưới cây; (3) Tỉa cành.",
        "Thực hiện: a) Trồng cây; b) Tưới cây; c) Tỉa cành.",
        "Thực hiện: Một là, Trồng cây; hai là, Tưới cây; ba là, Tỉa cành.",
        "Thực hiện: Thứ nhất, Trồng cây; thứ hai, Tưới cây; thứ ba, Tỉa cành.",
    ):
        found = extract(f"{HEAD}I. NHIỆM VỤ\n{text}\n")

        assert [measure.text.rstrip(".") for measure in found.measures] == ["Trồng cây", "Tưới cây", "Tỉa cành"]


def test_bullets_at_the_end_of_a_part_may_have_lost_their_heading_too() -> None:
    found = extract(
        f"{HEAD}I. PHÂN CÔNG\n1. Sở Nội vụ: thi đua.\n- Nấu ăn.\n3. Sở Xây dựng: cấp cây.\n4. Sở Tài chính: cấp "
        f"tiền.\n- Múa hát.\n"
        "II. BÁO CÁO\n1. Các sở báo cáo UBND tỉnh."
    )

    assert [(task.text, task.owners) for task in found.tasks if task.text in ("Nấu ăn.", "Múa hát.")] == [
        ("Nấu ăn.", ()),
        ("Múa hát.", ()),
    ]
    whole = extract(
        f"{HEAD}I. PHÂN CÔNG\n1. Sở Nội vụ: thi đua.\n2. Sở Tài chính: cấp tiền.\n- Múa hát.\nII. KINH PHÍ\nTừ tỉnh."
    )
    assert [task.owners for task in whole.tasks] == [("Sở Nội vụ",), ("Sở Tài chính",), ("Sở Tài chính",)]


def test_a_verb_before_a_colon_is_no_label_unless_a_body_follows() -> None:
    found = extract(
        f"{HEAD}I. NHIỆM VỤ\n1. Trồng cây.\n2. Thực hiện: kiểm tra cây giống.\n3. Tỉa cành.\n- Thực hiện: Sở Y tế.\n"
    )

    assert [measure.text for measure in found.measures] == ["Trồng cây.", "Thực hiện: kiểm tra cây giống."]
    assert [(task.text, task.owners) for task in found.tasks] == [("Tỉa cành.", ("Sở Y tế",))]
