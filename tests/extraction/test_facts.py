"""What a plan says about itself."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.extraction import DutyKind, extract

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


STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
HEADS = [
    pytest.param(
        f"ỦY\nBAN NHÂN DÂN\nTỈNH HÀ DƯƠNG\n-------\n|\n{STATE}\n{MOTTO}\n|\nSố:\n33/2019/QĐ-UBND\n|\nHà\n"
        "Dương, ngày 24\ntháng 12 năm 2019\n|\nQUYẾT ĐỊNH\nBAN HÀNH KẾ HOẠCH BẢO VỆ RỪNG\nNĂM 2020\n"
        "ỦY BAN NHÂN DÂN TỈNH HÀ DƯƠNG\nCăn cứ Luật Lâm nghiệp;",
        ("33/2019/QĐ-UBND", "Quyết định", "Ủy ban nhân dân tỉnh Hà Dương", "Hà Dương", date(2019, 12, 24)),
        id="broken inside names",
    ),
    pytest.param(
        f"ỦY BAN NHÂN DÂN | {STATE} |\nSố: 8/KH-UBND | Vân Hải, ngày 01 tháng 3 năm 2018 |\nKẾ HOẠCH\n"
        "PHÒNG, CHỐNG THIÊN TAI TRÊN ĐỊA BÀN TỈNH HÀ DƯƠNG\nUBND tỉnh Hà Dương ban hành Kế hoạch:",
        ("8/KH-UBND", "Kế hoạch", "Ủy ban nhân dân tỉnh Hà Dương", "Hà Dương", date(2018, 3, 1)),
        id="place line of the capital, province line lost",
    ),
    pytest.param(
        f"ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HẢI PHÒNG\nSố: 1234/UBND-NC\nV/v tăng cường phòng cháy\n{STATE}\n{MOTTO}\n"
        "Hải Phòng, ngày 7 tháng 6 năm 2024\nKính gửi:\n- Các sở, ban, ngành;",
        ("1234/UBND-NC", "Công văn", "Ủy ban nhân dân thành phố Hải Phòng", "Hải Phòng", date(2024, 6, 7)),
        id="official letter of a city",
    ),
    pytest.param(
        f"UBND TỈNH HÀ DƯƠNG\nSỞ Y TẾ\n-------\n{STATE}\n{MOTTO}\nSố: 45/KH-SYT\n"
        "Hà Dương, ngày 05 tháng 3 năm 2024\nKẾ HOẠCH\nPhòng bệnh mùa hè",
        ("45/KH-SYT", "Kế hoạch", "Sở Y tế tỉnh Hà Dương", "Hà Dương", date(2024, 3, 5)),
        id="department",
    ),
    pytest.param(
        f"ỦY BAN NHÂN DÂN | {STATE}\nXÃ TÂN LỘC | {MOTTO}\nSố: 31/KH-UBND | Tân Lộc, ngày 09 tháng 01 năm 2026\n"
        "KẾ HOẠCH\nPhòng, chống ma túy\nThực hiện Kế hoạch số 02/KH-UBND ngày 05/01/2026 của UBND tỉnh Hà Dương,",
        ("31/KH-UBND", "Kế hoạch", "Ủy ban nhân dân xã Tân Lộc", "Hà Dương", date(2026, 1, 9)),
        id="commune",
    ),
    pytest.param(
        f"BỘ XÂY DỰNG | {STATE}\nSố: 55/KH-BXD | Hà Nội, ngày 10 tháng 3 năm 2025\nKẾ HOẠCH\nCải cách hành chính",
        ("55/KH-BXD", "Kế hoạch", "Bộ Xây dựng", None, date(2025, 3, 10)),
        id="ministry belongs to no province",
    ),
    pytest.param(
        "TỈNH ỦY HÀ DƯƠNG | ĐẢNG CỘNG SẢN VIỆT NAM\n* | Hà Dương, ngày 02 tháng 3 năm 2021\nSố 09-KH/TU\nKẾ HOẠCH\n"
        "thực hiện Chỉ thị về công tác dân vận",
        ("09-KH/TU", "Kế hoạch", "Tỉnh ủy Hà Dương", "Hà Dương", date(2021, 3, 2)),
        id="party committee",
    ),
    pytest.param(
        "Kế hoạch 12/KH-UBND năm 2025 về dân số\n| Số hiệu | 12/KH-UBND |\n| Ngày ban hành | 15/08/2025 |\n"
        "| Loại văn bản | Kế hoạch |\n| Cơ quan ban hành | Tỉnh Hà Dương |\n| Người ký | Lê Văn Nhân |\nNội dung:",
        ("12/KH-UBND", "Kế hoạch", "Ủy ban nhân dân tỉnh Hà Dương", "Hà Dương", date(2025, 8, 15)),
        id="a site's table",
    ),
    pytest.param(
        f"ỦY BAN NHÂN DÂN | {STATE}\nTỈNH HÀ DƯƠNG | {MOTTO}\nSố:      /KH-UBND | Hà Dương, ngày    tháng 3 năm 2024"
        "\nKẾ HOẠCH\nThực hiện Nghị quyết số 08/NQ-CP ngày 05/01/2024\nThực hiện Nghị quyết số 08/NQ-CP ngày "
        "05/01/2024,",
        (None, "Kế hoạch", "Ủy ban nhân dân tỉnh Hà Dương", "Hà Dương", None),
        id="number and day left blank",
    ),
    pytest.param(
        "Cổng thông tin điện tử\nThực hiện Kế hoạch số 120-KH/TU ngày 01/02/2024 của Tỉnh ủy, ngày 5/3/2024, "
        "UBND tỉnh Hà"
        " Dương đã ban hành Kế hoạch số 56/KH-UBND về dân số.",
        ("56/KH-UBND", "Kế hoạch", "Ủy ban nhân dân tỉnh Hà Dương", "Hà Dương", date(2024, 3, 5)),
        id="article that cites another plan too",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), HEADS)
def test_heads_of_every_kind_are_read(text: str, wanted: tuple[object, ...]) -> None:
    plan = extract(text).plan

    assert (plan.number, plan.kind, plan.issuer, plan.province, plan.issued_on) == wanted


def test_a_signer_is_named_without_rank_and_a_title_over_two_lines_is_joined() -> None:
    text = PLAN.replace("Cai nghiện ma túy năm 2026", "CAI NGHIỆN MA TÚY\nGIAI ĐOẠN 2026 - 2030") + (
        "Nơi nhận:\n- Như trên;\nTM. ỦY BAN NHÂN DÂN\nPHÓ CHỦ TỊCH\nThượng tá Trần Văn Bình\n"
    )

    plan = extract(text).plan

    assert plan.title == "CAI NGHIỆN MA TÚY GIAI ĐOẠN 2026 - 2030"
    assert plan.signed_by == "Trần Văn Bình"
    assert (plan.period_start, plan.period_end) == (date(2026, 1, 1), date(2030, 12, 31))


def test_a_plan_of_december_for_the_next_year_dates_its_days_there() -> None:
    text = PLAN.replace("05 tháng 3 năm 2026", "29 tháng 12 năm 2025")

    assert extract(text).tasks[-1].deadlines[0].on == date(2026, 4, 30)


def test_the_body_that_reports_go_through_coordinates_an_order_of_any_kind() -> None:
    text = PLAN.replace("KẾ HOẠCH", "CHƯƠNG TRÌNH").replace("Kế hoạch", "Chương trình").replace("KH-UBND", "CTr-UBND")
    text = text.replace("1. Công an tỉnh", "1. Giám đốc Công an tỉnh")

    assert extract(text).plan.coordinator == "Công an tỉnh"


def test_dust_behind_the_number_does_not_draw_the_motto_into_it() -> None:
    body = PLAN.split("\n", 3)[3]
    text = f"ỦY BAN NHÂN DÂN\nTỈNH HÀ DƯƠNG\nSố: 9/KH-UBND.\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n{body}"

    assert extract(text).plan.number == "9/KH-UBND"


def test_a_document_that_the_site_lists_beneath_names_no_province_of_this_one() -> None:
    text = (
        PLAN.replace("TỈNH HÀ DƯƠNG", "THÀNH PHỐ VẠN PHỐ").replace("Hà Dương, ngày", "Vạn Phố, ngày")
        + "\n- 1Kế hoạch 88/KH-UBND năm 2019 do tỉnh Lâm Khê ban hành\n"
    )

    assert extract(text).plan.province == "Vạn Phố"
