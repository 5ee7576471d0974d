"""Measurable goals, and what a plan says about itself."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.extraction import DutyKind, extract
from tracker.extraction.indicators import find_goals

GOALS = [
    ("100% trường học ký cam kết.", ("eq", 100, "%", None)),
    ("ít nhất 85% người nghiện được tư vấn", ("gte", 85, "%", None)),
    ("dưới 1,5% số vụ bị trả hồ sơ", ("lte", 1.5, "%", None)),
    ("Giảm 05% người nghiện mới", ("decrease", 5, "%", None)),
    ("không để xảy ra điểm nóng", ("zero", 0, "", None)),
    ("không để điểm bán lẻ tồn tại quá 02 tháng", ("lte", 2, "tháng", None)),
    ("phấn đấu 16/65 xã sạch ma túy", ("eq", 16, "xã", None)),
    ("Năm 2027: đạt 30% tương đương 20/65 xã", ("eq", 30, "%", 2027)),
    ("duy trì ít nhất 01 mô hình tự quản", ("gte", 1, "mô hình", None)),
]


@pytest.mark.parametrize(("text", "goal"), GOALS, ids=[text for text, _ in GOALS])
def test_a_goal_is_read(text: str, goal: tuple[str, float, str, int | None]) -> None:
    found = find_goals(text, objective=True)

    assert [(one.comparator, one.value, one.unit, one.year) for one in found] == [goal]


def test_two_goals_in_one_bullet_are_two_each_with_its_clause() -> None:
    text = "100% hộ ký cam kết; ít nhất 90% trường đạt chuẩn, không để phát sinh điểm nóng."

    found = find_goals(text, objective=True, year=2026)

    assert [text[one.start : one.end].rstrip(".") for one in found] == [
        "100% hộ ký cam kết",
        "ít nhất 90% trường đạt chuẩn",
        "không để phát sinh điểm nóng",
    ]
    assert {one.year for one in found} == {2026}


@pytest.mark.parametrize(
    "text", ["không để hình thành điểm nóng", "kiềm chế tội phạm", "nơi có từ 05 người nghiện trở lên"]
)
def test_outside_the_objectives_an_aim_without_a_figure_is_no_goal(text: str) -> None:
    assert find_goals(text, objective=False) == []


PLAN = """ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH HÀ DƯƠNG | Độc lập - Tự do - Hạnh phúc
Số: 9/KH-UBND | Hà Dương, ngày 05 tháng 3 năm 2026
KẾ HOẠCH
Cai nghiện ma túy năm 2026
I. PHÂN CÔNG NHIỆM VỤ
1. Công an tỉnh
- Theo dõi, đôn đốc việc thực hiện Kế hoạch; định kỳ 06 tháng báo cáo UBND tỉnh.
- Triệt xóa điểm bán lẻ trong 30 ngày kể từ khi phát hiện.
2. Sở Y tế
- Cấp thuốc điều trị thay thế.
- Mở lớp tập huấn trước ngày 30/4.
"""


def test_the_head_is_read() -> None:
    facts = extract(PLAN).plan

    assert facts.to_json() == {
        "number": "9/KH-UBND",
        "kind": "Kế hoạch",
        "title": "Cai nghiện ma túy năm 2026",
        "issuer": "Ủy ban nhân dân tỉnh Hà Dương",
        "province": "Hà Dương",
        "issued_on": "2026-03-05",
        "signed_by": None,
        "period": {"start": "2026-01-01", "end": "2026-12-31"},
        "coordinator": "Công an tỉnh",
    }
    assert not facts.is_news


def test_the_kinds_of_duty_are_told_apart() -> None:
    kinds = [task.kind for task in extract(PLAN).tasks]

    assert kinds == [DutyKind.PERIODIC_REPORT, DutyKind.EVENT_CLOCK, DutyKind.STANDING, DutyKind.ONE_OFF]


def test_a_day_without_a_year_takes_the_plans() -> None:
    assert extract(PLAN).tasks[-1].deadlines[0].on == date(2026, 4, 30)


def test_an_impossible_date_is_listed_for_a_person() -> None:
    found = extract(PLAN.replace("30/4", "31/4/2026"))

    assert [passage.key for passage in found.unclear] == ["impossible_date"]
    assert found.tasks[-1].reasons == ("impossible_date", "no_deadline")


def test_an_article_about_a_plan_is_marked_as_news() -> None:
    found = extract(
        "(Hà Dương): UBND tỉnh Hà Dương vừa ban hành Kế hoạch số 5/KH-UBND về phòng, chống ma túy năm 2026.\n"
        "Kế hoạch đề ra 02 chỉ tiêu, gồm: (1) 100% hộ ký cam kết; (2) Không để phát sinh điểm nóng.\n"
        "UBND tỉnh giao Công an tỉnh theo dõi, đôn đốc, tổng hợp kết quả thực hiện Kế hoạch."
    )

    assert found.plan.is_news
    assert (found.plan.number, found.plan.coordinator) == ("5/KH-UBND", "Công an tỉnh")
    assert [goal.comparator for goal in found.indicators] == ["eq", "zero"]
    assert [task.owners for task in found.tasks] == [("Công an tỉnh",)]
