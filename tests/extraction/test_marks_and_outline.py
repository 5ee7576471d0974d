"""Marks, lines, and what a jump in the numbering does."""

from __future__ import annotations

import pytest

from tracker.extraction import extract
from tracker.extraction.cleaning import clean
from tracker.extraction.lines import split_lines
from tracker.extraction.marks import Level, read_mark

MARKS = [
    ("II. NHIỆM VỤ", Level.PART, "II"),
    ("Mục IV", Level.PART, "IV"),
    ("III.2. Công an tỉnh", Level.NUMBER, "III.2"),
    ("1. Sở Y tế", Level.NUMBER, "1"),
    ("1/ Sở Y tế", Level.NUMBER, "1"),
    ("3.1 Trong năm 2025", Level.SUBNUMBER, "3.1"),
    ("Điều 2. Giao Sở Y tế", Level.ARTICLE, "Điều 2"),
    ("Phần thứ hai", Level.CHAPTER, "hai"),
    ("B. NHIỆM VỤ", Level.CHAPTER, "B"),
    ("1- Sở Y tế:", Level.NUMBER, "1"),
    ("2.- Mở lớp", Level.NUMBER, "2"),
    ("* Sở Y tế", Level.STAR, "*"),
    ("a) Mở lớp", Level.LETTER, "a"),
    ("- Mở lớp", Level.BULLET, "-"),
    ("+ Mở lớp", Level.PLUS, "+"),
]


@pytest.mark.parametrize(("line", "level", "label"), MARKS, ids=[line for line, *_ in MARKS])
def test_a_mark_is_read(line: str, level: Level, label: str) -> None:
    mark = read_mark(line)

    assert mark is not None
    assert (mark.level, mark.label) == (level, label)


@pytest.mark.parametrize(
    "line",
    [
        "100% người nghiện",
        "16/65 xã",
        "3.5% số hộ",
        "7.500.000 đồng",
        "15.11.2025 là hạn",
        "06 tháng đầu năm",
        "V/v X",
        "20 - 25 xã",
        "II/2026 là hạn",
        "93/NQ-CP ngày 16/4/2025",
        "132-KL/TW ngày 18/3/2025",
        "Điều 13 Nghị định",
        "2021 - 2025",
    ],
)
def test_a_figure_at_the_head_of_a_line_is_no_mark(line: str) -> None:
    assert read_mark(line) is None


def test_a_bullet_glued_to_the_sentence_before_is_a_line_of_its_own() -> None:
    lines = split_lines(clean("- Việc một.-Triển khai việc hai."))

    assert [line.text for line in lines] == ["- Việc một.", "-Triển khai việc hai."]


HEAD = "II. PHÂN CÔNG NHIỆM VỤ\n"


def owners(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(task.text, task.owners) for task in extract(HEAD + text).tasks]


def test_bullets_belong_to_the_heading_above() -> None:
    found = owners("1. Sở Nội vụ\n- Việc một.\n- Việc hai.\n2. Đề nghị Tỉnh đoàn, Hội Nông dân tỉnh\n- Việc ba.")

    assert found == [
        ("Việc một.", ("Sở Nội vụ",)),
        ("Việc hai.", ("Sở Nội vụ",)),
        ("Việc ba.", ("Tỉnh đoàn", "Hội Nông dân tỉnh")),
    ]


def test_a_jump_in_the_numbering_closes_the_owner() -> None:
    found = extract(f"{HEAD}1. Sở Nội vụ\n- Việc một.\n- Việc hai.\n- Việc ba.\n3. Sở Xây dựng\n- Việc bốn.")

    assert [task.owners for task in found.tasks] == [("Sở Nội vụ",), (), (), ("Sở Xây dựng",)]
    assert found.tasks[1].reasons[:2] == ("no_owner", "numbering_jump")
    assert [passage.text for passage in found.unclear] == ["3. Sở Xây dựng"]


def test_an_order_after_the_colon_is_complete_so_later_bullets_are_the_lost_bodys() -> None:
    found = owners("1. Sở Nội vụ: làm việc một.\n- Việc hai.\n3. Sở Xây dựng: làm việc ba.")

    assert found == [("làm việc một.", ("Sở Nội vụ",)), ("Việc hai.", ()), ("làm việc ba.", ("Sở Xây dựng",))]


def test_a_lost_body_is_concluded_from_its_field_and_marked() -> None:
    found = extract(
        f"{HEAD}1. Sở Nội vụ: làm việc một.\n- Tập huấn cho cán bộ y tế ở trạm y tế.\n- Quản lý thuốc gây nghiện."
        "\n3. Sở Xây dựng: xong."
    )

    assert [task.owners for task in found.tasks[1:3]] == [("Sở Y tế",), ("Sở Y tế",)]
    assert all(task.inferred and task.confidence < 0.7 and task.section == "II.2" for task in found.tasks[1:3])
    assert found.tasks[1].to_json()["inferred"] is True


def test_a_body_that_has_its_own_heading_is_never_concluded_for_another() -> None:
    found = owners(
        "1. Sở Nội vụ: làm việc một.\n- Tập huấn cho cán bộ y tế ở trạm y tế, bệnh viện.\n3. Sở Y tế: làm việc ba."
    )

    assert found[1][1] == ()


def test_two_lost_headings_are_left_to_a_person() -> None:
    found = owners("1. Sở Nội vụ: một.\n- Tập huấn cán bộ y tế ở trạm y tế, bệnh viện.\n4. Sở Xây dựng: bốn.")

    assert found[1][1] == ()


def test_a_number_printed_twice_is_a_slip_and_loses_nothing() -> None:
    found = owners("1. Sở Nội vụ\n- Việc một.\n- Việc hai.\n1. Sở Xây dựng\n- Việc ba.")

    assert [who for _text, who in found] == [("Sở Nội vụ",), ("Sở Nội vụ",), ("Sở Xây dựng",)]


def test_a_body_opening_a_bullet_takes_it_over() -> None:
    found = owners("1. UBND các xã, phường\n- Chủ tịch UBND xã, phường chịu trách nhiệm nếu để phát sinh.\n- Việc hai.")

    assert [who for _text, who in found] == [("Chủ tịch UBND xã, phường",), ("UBND các xã, phường",)]


def test_a_body_no_rule_knows_is_found_among_headings_of_bodies() -> None:
    found = extract(f"{HEAD}1. Sở Y tế\n- Việc một.\n2. Nghiệp đoàn Bốc xếp tỉnh\n- Việc hai.")

    assert found.tasks[1].owners == ("Nghiệp đoàn Bốc xếp tỉnh",)
    assert found.tasks[1].confidence < found.tasks[0].confidence


def test_rows_of_a_table_of_assignments_are_tasks() -> None:
    found = extract(
        "PHỤ LỤC\nSTT | Nội dung | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian\n"
        "1 | Mở lớp tập huấn | Sở Y tế | Sở Nội vụ; Tỉnh đoàn | Quý I/2026\n2 | Việc chưa giao |  |  | Tháng 5/2026\n"
    )

    (task,) = found.tasks
    assert (task.text, task.owners, task.partners) == ("Mở lớp tập huấn", ("Sở Y tế",), ("Sở Nội vụ", "Tỉnh đoàn"))
    assert [limit.to_json()["date"] for limit in task.deadlines] == ["2026-03-31"]
    assert [measure.text for measure in found.measures] == ["Việc chưa giao"]


def test_front_matter_recipients_signature_and_footnotes_give_no_duty() -> None:
    found = extract(
        "ỦY BAN NHÂN DÂN\nSố: 1/KH-UBND\nKẾ HOẠCH\nCăn cứ Luật; Công an tỉnh xây dựng dự thảo."
        "\nI. PHÂN CÔNG NHIỆM VỤ\n1. Sở Y tế\n- Mở lớp."
        "\nNơi nhận:\n- Sở Nội vụ;\n- Công an tỉnh;\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nLê Văn Bình"
        "\n[1] Công an tỉnh lập danh sách."
    )

    assert [task.text for task in found.tasks] == ["Mở lớp."]
    assert {passage.key for passage in found.ignored} == {"front_matter", "signature", "footnote"}
    assert found.plan.signed_by == "Lê Văn Bình"
