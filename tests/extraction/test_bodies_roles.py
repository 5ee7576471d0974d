"""What bodies are named for: to act, to work together, to be reported to; and the short forms a text defines."""

from __future__ import annotations

import pytest

from tracker.extraction.abbreviations import read_abbreviations
from tracker.extraction.bodies import read_actor, read_later_actors, read_partners, read_report

ACTORS = [
    ("Sở Y tế chấm điểm các bệnh viện.", ("Sở Y tế",)),  # a verb that no list knows
    ("Chủ tịch UBND tỉnh yêu cầu Thủ trưởng các sở, ngành; Chủ tịch UBND các huyện họp.",
     ("Thủ trưởng các sở, ngành", "Chủ tịch UBND các huyện")),
    ("Hàng năm, các bộ, ngành và Ủy ban nhân dân các tỉnh báo cáo.", ("các bộ, ngành", "Ủy ban nhân dân các tỉnh")),
    ("Căn cứ chức năng, nhiệm vụ được giao, các sở, ban, ngành xây dựng kế hoạch.", ("các sở, ban, ngành",)),
    ("Khi có cháy, chủ rừng phải báo ngay.", ("chủ rừng",)),
    ("Sở Tư pháp Hà Dương được giao chủ trì, phối hợp với các sở rà soát.", ("Sở Tư pháp Hà Dương",)),
    ("Các cấp ủy đảng, chính quyền từ tỉnh đến cơ sở quán triệt.", ("Các cấp ủy đảng, chính quyền",)),
    ("Tăng cường kiểm tra; giao Sở Xây dựng tổng hợp.", ("Sở Xây dựng",)),
    ("Việc kiểm tra do Sở Xây dựng chủ trì trong quý II.", ("Sở Xây dựng",)),
    ("Trên cơ sở Kế hoạch này, các sở, ngành phụ trách tiêu chí, UBND các xã lập kế hoạch riêng.",
     ("các sở, ngành phụ trách tiêu chí", "UBND các xã")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), ACTORS)
def test_who_must_act_is_read(text: str, names: tuple[str, ...]) -> None:
    actor = read_actor(text)

    assert actor is not None
    assert actor.names == names


@pytest.mark.parametrize(
    "text",
    [
        "Công an xã đã phát hiện 3 vụ.",
        "Công an tỉnh và nhân dân địa bàn",
        "Người dân trên địa bàn chấp hành quy định.",
        "Kinh phí do ngân sách tỉnh bảo đảm.",
        "Tham gia hội thi do Bộ Công an chủ trì.",
        "Đối với các cơ sở kinh doanh có điều kiện, tăng cường kiểm tra.",
        "Kiện toàn Ban Chỉ đạo; phân công thành viên phụ trách từng xã.",
        "Chỉ đạo Công an xã rà soát; giao chỉ tiêu cho từng thôn.",
    ],
)
def test_a_body_that_no_order_follows_must_do_nothing(text: str) -> None:
    assert read_actor(text) is None


def test_under_a_heading_only_the_opening_names_another_body() -> None:
    text = "Chỉ đạo kiểm tra; giao Công an xã lập hồ sơ."

    assert read_actor(text, owned=True) is None
    assert read_actor(text) is not None
    assert read_later_actors(text, 0) == ("Công an xã",)


PARTNERS = [
    ("phối hợp với Sở Y tế, UBND cấp huyện và các cơ quan, đơn vị liên quan chấm điểm",
     ("Sở Y tế", "UBND cấp huyện", "các cơ quan, đơn vị liên quan")),
    ("phối hợp với các ngành, đoàn thể, UBND các xã vận động", ("các ngành, đoàn thể", "UBND các xã")),
    ("phối hợp với các sở, ngành và UBND cấp huyện xây dựng", ("các sở, ngành", "UBND cấp huyện")),
    ("phối hợp với các ngân hàng thương mại, doanh nghiệp viễn thông kết nối",
     ("các ngân hàng thương mại", "doanh nghiệp viễn thông")),
    ("phối hợp chặt chẽ và thường xuyên với các sở, với chủ đầu tư để giải quyết", ("các sở", "chủ đầu tư")),
    ("phối hợp với lực lượng Công an, Thuế, Hải quan kiểm tra", ("lực lượng Công an", "Thuế", "Hải quan")),
    ("phối hợp với các lực lượng: Công an, Biên phòng tuần tra", ("Công an", "Biên phòng")),
    ("phối hợp với các đơn vị có liên quan (Công an tỉnh, Sở Y tế) rà soát", ("Công an tỉnh", "Sở Y tế")),
    ("phối hợp với lực lượng chức năng các tỉnh giáp ranh ngăn chặn", ("lực lượng chức năng các tỉnh giáp ranh",)),
    ("kết hợp với Công an xã tuần tra", ("Công an xã",)),
    ("với sự phối hợp của Công an xã, mở lớp", ("Công an xã",)),
    ("phối hợp với Hội Nông dân và Đoàn Thanh niên cùng cấp", ("Hội Nông dân", "Đoàn Thanh niên cùng cấp")),
    ("phối hợp liên ngành trong kiểm tra", ()),
    ("thực hiện Chương trình phối hợp với Hội Phụ nữ", ()),
    ("hướng dẫn, kiểm tra UBND các xã", ()),
    ("Phối hợp với chính quyền, ngành Công an tuyên truyền.", ("chính quyền", "ngành Công an")),
    ("Phối hợp với các cơ sở đào tạo, doanh nghiệp tổ chức dạy nghề.", ("các cơ sở đào tạo", "doanh nghiệp")),
    ("Phối hợp với các đơn vị liên quan trên cơ sở nguồn lực hiện có.", ("các đơn vị liên quan",)),
    ("Phối hợp với trạm y tế, trường học và lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở quản lý.",
     ("trạm y tế", "trường học", "lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở")),
    ("Phối hợp với cán bộ thôn, tổ dân phố lập danh sách.", ("cán bộ thôn, tổ dân phố",)),
    ("Phối hợp, trao đổi tình hình với Công an tỉnh khi có vụ việc.", ("Công an tỉnh",)),
    ("Phối hợp với Công an cấp xã nơi cơ sở đặt trụ sở để kiểm tra.", ("Công an cấp xã nơi cơ sở đặt trụ sở",)),
    ("Xây dựng kế hoạch phối hợp với Sở Công Thương kiểm tra chợ.", ("Sở Công Thương",)),
    ("Phối hợp với gia đình, nhà trường và xã hội quản lý học sinh.", ("gia đình, nhà trường và xã hội",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), PARTNERS)
def test_partners_are_read_as_printed(text: str, names: tuple[str, ...]) -> None:
    assert read_partners(text) == names


REPORTS = [
    ("gửi về Công an tỉnh (qua Phòng PC04) để tổng hợp, báo cáo", ("Công an tỉnh", "Phòng PC04")),
    ("báo cáo UBND tỉnh qua Sở Nội vụ để tổng hợp", ("UBND tỉnh", "Sở Nội vụ")),
    ("báo cáo UBND tỉnh, Bộ Công an", ("UBND tỉnh, Bộ Công an", None)),
    ("gửi báo cáo kết quả về cơ quan thường trực", ("cơ quan thường trực", None)),
    ("gửi báo cáo về Sở Y tế để tổng hợp, báo cáo UBND tỉnh", ("Sở Y tế", None)),
]


@pytest.mark.parametrize(("text", "ways"), REPORTS)
def test_where_a_report_goes_and_through_whom_is_read(text: str, ways: tuple[str | None, str | None]) -> None:
    assert read_report(text) == ways


def test_short_forms_that_a_text_defines_are_read_with_their_full_forms() -> None:
    text = (
        "Ban Chỉ đạo chuyển đổi số tỉnh (sau đây gọi tắt là Ban Chỉ đạo) họp. Ủy ban nhân dân (UBND) các xã lập đội "
        "phòng cháy và chữa cháy (PCCC); số vụ (ABC) giảm."
    )

    assert read_abbreviations(text) == (
        ("Ban Chỉ đạo", "Ban Chỉ đạo chuyển đổi số tỉnh"),
        ("UBND", "Ủy ban nhân dân"),
        ("PCCC", "phòng cháy và chữa cháy"),
    )


@pytest.mark.parametrize("text", ["", "(", "(UBND)", "gọi tắt là ()", "(viết tắt là UBND)"])
def test_a_bracket_without_its_words_defines_nothing(text: str) -> None:
    assert read_abbreviations(text) == ()
