"""Measurable goals as plans write them."""

from __future__ import annotations

import pytest

from tracker.extraction import extract
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
    ("giải quyết án đạt từ 85% trở lên", ("gte", 85, "%", None)),
    ("kéo giảm tai nạn giao thông từ 5 đến 10%", ("decrease", 5, "%", None)),
    ("giảm từ 5% đến 7% số vụ cháy", ("decrease", 5, "%", None)),
    ("nâng tỷ lệ hồ sơ trực tuyến từ 58% lên 65%", ("eq", 65, "%", None)),
    ("giảm tỷ lệ hộ nghèo từ 9% năm 2024 xuống còn 6% vào cuối năm 2026", ("eq", 6, "%", 2026)),
    ("tổn thất điện năng không vượt quá 0,5%", ("lte", 0.5, "%", None)),
    ("tư vấn cho 1.200 lượt người", ("eq", 1200, "lượt người", None)),
    ("bồi dưỡng 300 lượt cán bộ", ("eq", 300, "lượt", None)),
    ("có 40/90 xã, phường, thị trấn đạt chuẩn", ("eq", 40, "xã", None)),
    ("mỗi phường lập ít nhất 01 tổ hòa giải cộng đồng", ("gte", 1, "tổ hòa giải", None)),
    ("mỗi khu phố có 01 tổ công nghệ số cộng đồng", ("eq", 1, "tổ công nghệ số", None)),
    ("nâng lên 33/60 xã, đạt 55%", ("eq", 55, "%", None)),
    ("không để ùn tắc kéo dài trên 20 phút", ("lte", 20, "phút", None)),
    ("dự trữ gạo đủ dùng ít nhất 05 ngày", ("gte", 5, "ngày", None)),
    ("rút ngắn thời gian cấp phép xuống còn 4 ngày", ("eq", 4, "ngày", None)),
    ("không có điểm cháy nào kéo dài", ("zero", 0, "", None)),
    ("giữ vững 27 xã an toàn", ("eq", 27, "xã", None)),
    ("xử lý dứt điểm 09 điểm đen", ("eq", 9, "điểm đen", None)),
    ("số vụ phát hiện tăng trên 4% so với giai đoạn trước", ("gte", 4, "%", None)),
    ("giảm 6% số vụ so với cuối năm 2025", ("decrease", 6, "%", None)),
    ("tử vong trẻ sơ sinh dưới 9‰", ("lte", 9, "‰", None)),
    ("thu ngân sách đạt 8.200 tỷ đồng", ("eq", 8200, "tỷ đồng", None)),
    ("bình quân đạt 16,5 tiêu chí mỗi xã", ("eq", 16.5, "tiêu chí", None)),
    ("mỗi thôn có từ 02 mô hình trở lên", ("gte", 2, "mô hình", None)),
    ("công nhận mới 30 sản phẩm đạt 3 sao trở lên", ("eq", 30, "sản phẩm", None)),
    ("100% chủ rừng có từ 100 ha trở lên lập phương án", ("eq", 100, "%", None)),
    ("không để xã nào đạt dưới 11 tiêu chí", ("zero", 0, "", None)),
    ("có từ 40 xã trở lên đạt chuẩn (hiện có 28 xã)", ("gte", 40, "xã", None)),
    ("thời gian chờ không quá 30 phút", ("lte", 30, "phút", None)),
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


def test_each_year_of_a_series_keeps_its_own_figure() -> None:
    text = "đạt 90% vào năm 2027 và 95% vào năm 2030; năm 2026: 80%."

    found = find_goals(text, objective=True, year=2025)

    assert [(one.value, one.year) for one in found] == [(90, 2027), (95, 2030), (80, 2026)]


def test_a_second_figure_for_a_later_year_is_meant_as_the_first() -> None:
    text = (
        "Giảm 10% số trẻ em đuối nước năm 2027 và 20% vào năm 2030;"
        " 150 trường học đạt chuẩn năm 2027 và 200 vào năm 2030"
    )

    found = find_goals(text, objective=True)

    assert [(one.comparator, one.value, one.unit, one.year) for one in found] == [
        ("decrease", 10, "%", 2027),
        ("decrease", 20, "%", 2030),
        ("eq", 150, "trường học", 2027),
        ("eq", 200, "trường học", 2030),
    ]


def test_or_more_belongs_to_the_figure_before_it() -> None:
    text = "án thường đạt từ 80% trở lên, án rất nghiêm trọng đạt từ 90% trở lên"

    found = find_goals(text, objective=True)

    assert [(one.comparator, one.value) for one in found] == [("gte", 80), ("gte", 90)]


@pytest.mark.parametrize(
    "text",
    [
        "Năm 2025, toàn tỉnh đã phát hiện 120 vụ, tăng 15% so với năm 2024.",
        "Tổng đài 111 tiếp nhận tin báo; gửi 02 bản.",
        "Hỗ trợ 50% kinh phí; bố trí 2.500 triệu đồng.",
        "Phối hợp với Công an 16 xã; áp dụng Điều 12, khoản 3.",
        "Người từ đủ 12 tuổi đến dưới 18 tuổi.",
        "Trực cấp cứu 24/24 giờ.",
        "Kiểm điểm đơn vị nếu giải ngân dưới 60%.",
    ],
)
def test_the_past_money_ages_and_numbers_of_things_are_no_goals(text: str) -> None:
    assert find_goals(text, objective=False, plan_year=2026) == []


def test_among_grounds_only_what_says_so_is_a_goal() -> None:
    text = "Hộ nghèo là 12%. Phấn đấu đến năm 2030 còn dưới 5%."

    found = find_goals(text, objective=False, plan_year=2026, aside=True)

    assert [(one.comparator, one.value, one.year) for one in found] == [("lte", 5, 2030)]


ROUNDED = """KẾ HOẠCH
Xã đạt chuẩn giai đoạn 2026 - 2029
I. MỤC TIÊU
- Năm 2026: đạt 25% tương đương 17/65 xã.
- Năm 2027: đạt 30% tương đương 20/65 xã.
- Năm 2028: đạt 45% tương đương 29/65 xã.
- Năm 2029: đạt 60% tương đương 45/65 xã.
"""


def test_a_number_that_its_share_does_not_round_to_like_the_others_is_doubted() -> None:
    found = extract(ROUNDED).indicators

    assert [one.value for one in found] == [25, 30, 45, 60]
    assert [bool(one.reasons) for one in found] == [False, False, True, True]
    assert found[2].reasons == ("odd_rounding",)


def test_broken_lines_do_not_hide_a_goal_and_its_words_are_the_plans_own() -> None:
    text = "Đưa ít\nnhất  30 TTHC lên cổng; 100%\nhộ ký cam kết"

    found = find_goals(text, objective=True)

    assert [(one.comparator, one.value, one.unit) for one in found] == [("gte", 30, "TTHC"), ("eq", 100, "%")]
    assert [text[one.start : one.end] for one in found] == ["Đưa ít\nnhất  30 TTHC lên cổng", "100%\nhộ ký cam kết"]


SEVERAL = [
    ("trên 70% hồ sơ ở cấp tỉnh, 45% ở cấp huyện", [("gte", 70, "%"), ("gte", 45, "%")]),
    ("Giảm 8% số vụ cháy, 12% số vụ nổ", [("decrease", 8, "%"), ("decrease", 12, "%")]),
    ("ít nhất 95% hộ ký cam kết, 100% thôn có hương ước", [("gte", 95, "%"), ("eq", 100, "%")]),
    ("kiểm tra ít nhất 06 sở, ngành và 03 địa phương", [("gte", 6, "sở"), ("gte", 3, "địa phương")]),
    ("Mở 01 hội nghị, 02 lớp học và 03 cuộc thi", [("eq", 1, "hội nghị"), ("eq", 2, "lớp"), ("eq", 3, "cuộc thi")]),
    ("100% ổ dịch, điểm nóng được xử lý trong thời gian không quá 02 ngày", [("eq", 100, "%"), ("lte", 2, "ngày")]),
]


@pytest.mark.parametrize(("text", "goals"), SEVERAL, ids=[text for text, _ in SEVERAL])
def test_a_figure_that_goes_on_with_the_one_before_is_meant_as_it(
    text: str, goals: list[tuple[str, float, str]]
) -> None:
    found = find_goals(text, objective=True)

    assert [(one.comparator, one.value, one.unit) for one in found] == goals


def test_a_year_that_opens_a_provision_holds_for_its_later_clauses_but_not_for_what_comes_each_year() -> None:
    text = "Đến hết năm 2028, 80% xã có đường nhựa; 60% thôn có loa; mỗi năm trồng ít nhất 20 ha."

    found = find_goals(text, objective=True)

    assert [(one.value, one.year) for one in found] == [(80, 2028), (60, 2028), (20, None)]


@pytest.mark.parametrize("limit", ["trong quý II/2027", "trước ngày 20/9/2027", "trong tháng 5 năm 2027"])
def test_a_duty_s_time_limit_gives_its_figure_no_year_and_an_objective_s_does(limit: str) -> None:
    text = f"Mở 03 lớp tập huấn {limit}"

    assert [one.year for one in find_goals(text, objective=False)] == [None]
    assert [one.year for one in find_goals(text, objective=True)] == [2027]


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện trên địa bàn 30 xã, phường của tỉnh",
        "Xã có từ 15 người nghiện trở lên phải lập đội tình nguyện",
        "Tổ chức đồng bộ các biện pháp tại 12 xã, phường đăng ký đợt đầu",
        "bàn giao hồ sơ không quá 02 ngày kể từ khi nhận",
        "báo trước ít nhất 05 ngày",
        "đối thoại ít nhất 6 tháng một lần",
    ],
)
def test_a_place_a_condition_and_a_clock_are_no_goals_of_a_duty(text: str) -> None:
    assert find_goals(text, objective=False) == []
