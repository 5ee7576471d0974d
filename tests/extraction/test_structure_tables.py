"""Tables of assignments in every layout: each row a task of the body in its lead cell, with partners, time, product."""

from __future__ import annotations

import pytest

from tests.extraction.test_hostile_texts import places_fit
from tracker.extraction import TaskExtract, extract

TASK = (
    "Xây dựng quy chế dùng chung dữ liệu",
    ("Sở Tư pháp",),
    ("Sở Tài chính", "UBND các huyện"),
    "2024-06-30",
    "Quy chế",
)

LAYOUTS = [
    pytest.param(
        "TT | Nội dung | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian | Sản phẩm\n"
        "1 | Xây dựng quy chế dùng chung dữ liệu | Sở Tư pháp | Sở Tài chính; UBND các huyện | Quý II/2024 | Quy chế",
        id="joined cells",
    ),
    pytest.param(
        "| STT | Thời hạn hoàn thành | Tên nhiệm vụ | Đơn vị phối hợp | Đơn vị thực hiện | Kết quả |\n"
        "| 1 | Tháng 6/2024 | Xây dựng quy chế dùng chung dữ liệu | Sở Tài chính, UBND các huyện | Sở Tư pháp | Quy "
        "chế |",
        id="fenced, in another order",
    ),
    pytest.param(
        "TT | Nội dung | Phân công | | Tiến độ | Kết quả\n | | Chủ trì | Phối hợp | |\n"
        "1 | Xây dựng quy chế dùng chung dữ liệu | Sở Tư pháp | Sở Tài chính; UBND các huyện | Quý II/2024 | Quy chế",
        id="two head rows",
    ),
    pytest.param(
        "TT | Công việc | Phân công | Phân công | Tiến độ | Kết quả\nTT | Công việc | Chủ trì | Phối hợp | Tiến độ | "
        "Kết quả\n"
        "1 | Xây dựng quy chế dùng chung dữ liệu | Sở Tư pháp | Sở Tài chính; UBND các huyện | Quý II/2024 | Quy chế",
        id="two head rows, spanning cells repeated",
    ),
    pytest.param(
        "TT | Nội dung | Cơ quan chủ trì, phối hợp | Thời gian | Sản phẩm\n1 | Xây dựng quy chế dùng chung dữ liệu"
        " | Chủ trì: Sở Tư pháp; Phối hợp: Sở Tài chính, UBND các huyện | Quý II/2024 | Quy chế",
        id="one cell for both",
    ),
    pytest.param(
        "STT\nNội dung\nCơ quan chủ trì\nCơ quan phối hợp\nThời gian\nSản phẩm\n1\nXây dựng quy chế dùng chung dữ "
        "liệu\n"
        "Sở Tư pháp\nSở Tài chính; UBND các huyện\nQuý II/2024\nQuy chế",
        id="one cell to a line",
    ),
    pytest.param(
        "STT\n|\nNội dung\n|\nCơ quan chủ trì\n|\nCơ quan phối hợp\n|\nThời gian\n|\nSản phẩm\n|\n1\n|\nXây dựng quy "
        "chế dùng"
        "\nchung dữ liệu\n|\nSở Tư pháp\n|\nSở Tài chính; UBND các huyện\n|\nQuý II/2024\n|\nQuy chế\n|",
        id="one cell to a line, with bars",
    ),
    pytest.param(
        "|\nSTT |\nNội dung |\nCơ quan chủ trì |\nCơ quan phối hợp |\nThời gian |\nSản phẩm |\n|\n1 |\nXây dựng quy "
        "chế dùng chung"
        " dữ liệu |\nSở Tư pháp |\nSở Tài chính; UBND các huyện |\nQuý II/2024 |\nQuy chế |",
        id="a bar behind each cell",
    ),
]


def row(task: TaskExtract) -> tuple[object, ...]:
    text = " ".join(task.text.split())
    return (text, task.owners, task.partners, str(task.deadlines[0].on) if task.deadlines else None, task.product)


@pytest.mark.parametrize("table", LAYOUTS)
def test_a_row_is_a_task_in_every_layout(table: str) -> None:
    text = f"PHỤ LỤC I\nDANH MỤC NHIỆM VỤ\n{table}\n"

    found = extract(text)

    assert [row(task) for task in found.tasks] == [TASK]
    assert found.tasks[0].section == "Phụ lục I.1"
    assert found.measures == ()
    (limit,) = found.tasks[0].deadlines
    assert text[limit.start : limit.end] == limit.words
    assert places_fit(text, found)


HEAD = "TT | Nội dung | Cơ quan chủ trì | Phối hợp | Thời gian\n"


def test_groups_page_breaks_and_repeated_heads_give_no_duty() -> None:
    found = extract(
        f"{HEAD}I | HẠ TẦNG | | |\n1 | Lắp camera | Công an tỉnh | | 2024 - 2025\n12\n{HEAD}II | Nhân lực\n"
        "2 | Mở lớp | Sở Nội vụ | Sở Tài chính | Hằng năm\n3 | Thuê chuyên gia | | | 2025"
    )

    assert [(task.text, task.owners) for task in found.tasks] == [
        ("Lắp camera", ("Công an tỉnh",)),
        ("Mở lớp", ("Sở Nội vụ",)),
    ]
    assert [measure.text for measure in found.measures] == ["Thuê chuyên gia"]
    assert [limit.to_json() for limit in found.tasks[0].deadlines] == [{"kind": "period", "start": 2024, "end": 2025}]


def test_a_row_below_a_cell_that_spans_keeps_its_body_and_finds_its_columns() -> None:
    found = extract(f"{HEAD}1 | Mở lớp | Sở Nội vụ | Sở Tài chính | Quý I/2024\n2 | Thi tuyển | Hằng năm")

    assert [(task.text, task.owners) for task in found.tasks] == [
        ("Mở lớp", ("Sở Nội vụ",)),
        ("Thi tuyển", ("Sở Nội vụ",)),
    ]
    assert found.tasks[1].deadlines[0].every == "year"


def test_a_table_with_a_part_for_each_body() -> None:
    found = extract(
        "TT | Nhiệm vụ | Thời hạn\nI | Sở Y tế\n1 | Khám sàng lọc | Quý I/2024\nII | Công an tỉnh\n2 | Tuần tra | "
        "Quý II/2024"
    )

    assert [(task.text, task.owners) for task in found.tasks] == [
        ("Khám sàng lọc", ("Sở Y tế",)),
        ("Tuần tra", ("Công an tỉnh",)),
    ]


def test_a_table_of_figures_is_no_table_of_assignments() -> None:
    found = extract("TT | Huyện | Số xã | Tỷ lệ\n1 | Yên Thạch | 14 | 20%\n2 | Bắc Lâm | 11 | 30%")

    assert not found.tasks
    assert not found.measures
