"""Every kind of document that gives work: decisions, directives, letters, programmes; and how they close."""

from __future__ import annotations

import pytest

from tests.extraction.test_hostile_texts import places_fit
from tracker.extraction import extract

Task = tuple[str, tuple[str, ...]]


def tasks(text: str) -> list[Task]:
    found = extract(text)
    assert places_fit(text, found)
    return [(task.text, task.owners) for task in found.tasks]


HEAD = "ỦY BAN NHÂN DÂN TỈNH HÀ DƯƠNG\nSố: 12/{code}\nHà Dương, ngày 05 tháng 5 năm 2023\n"


def test_a_plan_behind_its_decision_is_read() -> None:
    text = HEAD.format(code="QĐ-UBND") + (
        "QUYẾT ĐỊNH\nVề việc ban hành Kế hoạch trồng cây\nCăn cứ Luật Lâm nghiệp;\n"
        "Điều 1. Ban hành kèm theo Quyết định này Kế hoạch trồng cây năm 2023.\n"
        "Điều 2. Giao Sở Xây dựng theo dõi, đôn đốc việc thực hiện.\n"
        "Điều 3. Quyết định này có hiệu lực kể từ ngày ký.\n"
        "Điều 4. Chánh Văn phòng UBND tỉnh, Giám đốc Sở Tài chính chịu trách nhiệm thi hành Quyết định này./.\n"
        "Nơi nhận:\n- Như Điều 4;\n- Sở Y tế;\nCHỦ TỊCH\nLê Văn An\n"
        "KẾ HOẠCH\nTRỒNG CÂY NĂM 2023\n(Ban hành kèm theo Quyết định số 12/QĐ-UBND)\n"
        "Thực hiện chỉ đạo của tỉnh, Công an tỉnh đã khảo sát.\n"
        "I. NHIỆM VỤ\n1. Trồng 500 cây ven đường.\nII. PHÂN CÔNG\n1. Sở Nội vụ\n- Phát động thi đua."
    )

    assert tasks(text) == [
        ("Giao Sở Xây dựng theo dõi, đôn đốc việc thực hiện.", ("Sở Xây dựng",)),
        ("Phát động thi đua.", ("Sở Nội vụ",)),
    ]
    found = extract(text)
    assert [(measure.section, measure.text) for measure in found.measures] == [("I.1", "Trồng 500 cây ven đường.")]
    assert not [passage for passage in found.unclear if passage.key == "numbering_jump"]


def test_a_decision_that_holds_its_plan_in_its_first_article() -> None:
    text = HEAD.format(code="QĐ-UBND") + (
        "QUYẾT ĐỊNH\nĐiều 1. Phê duyệt Kế hoạch phát triển rừng với các nội dung sau:\nI. Mục tiêu\n1. Tỷ lệ che phủ "
        "đạt 45%.\n"
        "II. Nhiệm vụ\n1. Trồng rừng\na) Trồng rừng phòng hộ.\nIII. Kinh phí: 100 tỷ đồng.\n"
        "Điều 2. Tổ chức thực hiện\n1. Sở Tài chính: Cân đối vốn.\nĐiều 3. Quyết định này có hiệu lực kể từ ngày ký."
    )

    assert tasks(text) == [("Cân đối vốn.", ("Sở Tài chính",))]
    assert [measure.text for measure in extract(text).measures] == ["Trồng rừng phòng hộ."]


def test_a_directive_charges_by_its_lead_in_until_an_item_names_a_body() -> None:
    text = HEAD.format(code="CT-UBND") + (
        "CHỈ THỊ\nThời gian qua, công tác còn hạn chế.\nĐể khắc phục, Chủ tịch UBND tỉnh yêu cầu Thủ trưởng các sở, "
        "ban, ngành; "
        "Chủ tịch UBND các huyện thực hiện các nhiệm vụ sau:\n1. Quán triệt các quy định về bến thủy.\n"
        "2. Giao Sở Y tế:\na) Khám sức khỏe thuyền viên.\n3. Nghiệp đoàn Thuyền viên Hà Dương: Vận động đoàn viên.\n"
        "Chỉ thị này có hiệu lực kể từ ngày ký. Yêu cầu các cơ quan, đơn vị nghiêm túc thực hiện./."
    )

    found = extract(text)

    assert tasks(text) == [
        ("Quán triệt các quy định về bến thủy.", ("Thủ trưởng các sở, ban, ngành", "Chủ tịch UBND các huyện")),
        ("Khám sức khỏe thuyền viên.", ("Sở Y tế",)),
        ("Vận động đoàn viên.", ("Nghiệp đoàn Thuyền viên Hà Dương",)),
        (
            "Chỉ thị này có hiệu lực kể từ ngày ký. Yêu cầu các cơ quan, đơn vị nghiêm túc thực hiện./.",
            ("các cơ quan, đơn vị",),
        ),
    ]
    assert found.tasks[0].rule == "lead_in"
    assert "owner_unsure" in found.tasks[0].reasons
    assert found.tasks[0].confidence < found.tasks[1].confidence


def test_an_official_letter_without_numbers() -> None:
    text = HEAD.format(code="UBND-KT") + (
        "V/v ứng phó nắng nóng\nKính gửi:\n- Sở Công Thương;\n- UBND các huyện.\n"
        "Thực hiện Công điện của Thủ tướng, Ủy ban nhân dân tỉnh có ý kiến như sau:\n"
        "Giao Sở Công Thương điều tiết điện, báo cáo trước ngày 20/5/2023.\nYêu cầu UBND các huyện nạo vét kênh "
        "mương.\n"
        "Đề nghị Công ty Điện lực Hà Dương bảo đảm điện cho trạm bơm."
    )

    found = extract(text)

    assert [owners for _text, owners in tasks(text)] == [
        ("Sở Công Thương",),
        ("UBND các huyện",),
        ("Công ty Điện lực Hà Dương",),
    ]
    assert [task.requested for task in found.tasks] == [False, False, True]


def test_a_programme_in_parts_with_chapters_of_one_number() -> None:
    text = HEAD.format(code="CTr-UBND") + (
        "CHƯƠNG TRÌNH\nPhần thứ nhất\nMỤC TIÊU\n1. Không để xảy ra nợ đọng.\nPhần thứ hai\nNHIỆM VỤ\nI. Cơ chế\n"
        "1. Rà soát chính sách.\nPhần thứ ba\nTỔ CHỨC THỰC HIỆN\n1. Sở Tài chính\n- Bố trí kinh phí."
    )

    found = extract(text)

    assert tasks(text) == [("Bố trí kinh phí.", ("Sở Tài chính",))]
    assert [measure.text for measure in found.measures] == ["Rà soát chính sách."]
    assert [goal.comparator for goal in found.indicators] == ["zero"]


@pytest.mark.parametrize(
    ("closing", "owners"),
    [
        ("Trên đây là Kế hoạch trồng cây; đề nghị các đơn vị triển khai thực hiện./.", ("các đơn vị",)),
        ("Trên đây là Kế hoạch trồng cây./.", None),
        (
            "Trong quá trình thực hiện, nếu có vướng mắc, các cơ quan, đơn vị báo cáo UBND tỉnh./.",
            ("các cơ quan, đơn vị",),
        ),
        ("Kế hoạch này có hiệu lực kể từ ngày ký./.", None),
    ],
)
def test_a_closing_paragraph_is_nobodys_own_work(closing: str, owners: tuple[str, ...] | None) -> None:
    text = (
        HEAD.format(code="KH-UBND")
        + f"KẾ HOẠCH\nI. PHÂN CÔNG\n1. Sở Y tế\n- Mở lớp.\nII. KINH PHÍ\nTừ ngân sách.\n{closing}"
    )

    closed = tasks(text)[1:]

    assert closed == ([(closing, owners)] if owners else [])
    assert extract(text).measures == ()


def test_what_a_requirement_says_of_bodies_is_no_task() -> None:
    text = HEAD.format(code="KH-UBND") + (
        "KẾ HOẠCH\nI. MỤC ĐÍCH, YÊU CẦU\n2. Yêu cầu\n- Các sở, ban, ngành phối hợp chặt chẽ.\nII. KINH PHÍ\n"
        "Kinh phí do ngân sách bảo đảm.\n"
    )

    found = extract(text)

    assert not found.tasks
    assert not found.measures


def test_the_news_of_an_issue_orders_nothing() -> None:
    found = extract(
        "Hà Dương tăng cường quản lý lưu trú\n"
        "Ngày 02/4/2026, UBND tỉnh Hà Dương vừa ban hành Kế hoạch số 88/KH-UBND về quản lý cơ sở lưu trú.\n"
        "UBND tỉnh yêu cầu:\n"
        "1. Công an tỉnh:\n"
        "- Kiểm tra việc khai báo lưu trú trước ngày 30/6/2026.\n"
        "2. Sở Văn hóa, Thể thao và Du lịch:\n"
        "- Nhắc nhở các cơ sở chưa đăng ký hạng.\n"
    )

    assert [task.owners for task in found.tasks] == [("Công an tỉnh",), ("Sở Văn hóa, Thể thao và Du lịch",)]


def test_the_standing_agencys_lost_heading_is_told_by_its_first_duty() -> None:
    found = extract(
        "I. MỤC TIÊU\n- Giữ vững địa bàn.\n"
        "II. NHIỆM VỤ\n1. Tuyên truyền\n- Đổi mới hình thức tuyên truyền.\n2. Cai nghiện\n- Hỗ trợ người sau cai.\n"
        "- Chủ trì, phối hợp với các sở, ban, ngành, đoàn thể và địa phương hướng dẫn, triển khai Kế hoạch.\n"
        "- Lập danh sách địa bàn trọng điểm trước ngày 15/10/2026.\n"
        "1.1. Công an các xã, phường\n- Nắm người nghiện trên địa bàn.\n"
        "2. Sở Y tế\n- Điều trị cho người nghiện.\n"
    )

    lost = [task for task in found.tasks if task.inferred]
    assert [task.owners for task in lost] == [("Công an tỉnh",), ("Công an tỉnh",)]
    assert [measure.text for measure in found.measures] == ["Đổi mới hình thức tuyên truyền.", "Hỗ trợ người sau cai."]
