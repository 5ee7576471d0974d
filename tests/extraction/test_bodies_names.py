"""How bodies are named: every kind, old and new, of every tier; lists of them; classes that are spelt out."""

from __future__ import annotations

import pytest

from tracker.extraction.bodies import read_bodies

WHOLE = [
    # departments, with every spelling of their fields
    "Sở Lao động - Thương binh và Xã hội",
    "Sở LĐ-TB&XH",
    "Sở Nông nghiệp và PTNT",
    "Sở Văn hóa – Thể thao và Du lịch",
    "Sở Giao thông - Vận tải",
    "Sở TT&TT",
    "Sở Phát triển Vùng cao",
    "Sở Xây dựng các tỉnh, thành phố trực thuộc Trung ương",
    # committees and their heads
    "UBND các phường/xã",
    "Ủy ban nhân dân cấp huyện, cấp xã",
    "Ủy ban nhân dân thành phố Thượng Giang, các quận, huyện",
    "Thường trực HĐND tỉnh",
    "Chánh Văn phòng UBND tỉnh",
    "Văn phòng Đoàn ĐBQH và HĐND tỉnh",
    # police, army, border guard, courts
    "Công an các đơn vị, địa phương",
    "Phòng PC04",
    "Phòng Cảnh sát phòng cháy, chữa cháy và cứu nạn, cứu hộ Công an tỉnh",
    "Cơ quan Cảnh sát điều tra, Công an tỉnh",
    "Bộ CHQS tỉnh",
    "Ban Chỉ huy Quân sự xã",
    "Đồn Biên phòng Cửa khẩu Pha Lạn",
    "Tòa án nhân dân khu vực 2",
    "VKSND tỉnh",
    # the party, the front, mass organisations
    "Ban Tuyên giáo và Dân vận Tỉnh ủy",
    "Đảng ủy các cơ quan Đảng tỉnh",
    "Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam",
    "UBMTTQ Việt Nam tỉnh",
    "Đoàn TNCS Hồ Chí Minh tỉnh",
    "Hội Cựu chiến binh các cấp",
    "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh",
    # offices of the centre, boards, enterprises, schools, press
    "Kho bạc Nhà nước Khu vực XI",
    "Ngân hàng Nhà nước Việt Nam - Chi nhánh tỉnh Hà Dương",
    "Chi cục Trồng trọt và Bảo vệ thực vật",
    "Ban Chỉ huy Phòng, chống thiên tai và Tìm kiếm cứu nạn tỉnh",
    "Ban Quản lý Khu kinh tế và các khu công nghiệp tỉnh",
    "Ban Chỉ đạo 389 tỉnh",
    "Hội đồng phối hợp phổ biến, giáo dục pháp luật tỉnh",
    "Trung tâm Kiểm soát bệnh tật tỉnh",
    "Bệnh viện Đa khoa tỉnh",
    "Trường Cao đẳng Y tế Hà Dương",
    "Công ty TNHH MTV Khai thác công trình thủy lợi Hà Dương",
    "Cổng Thông tin điện tử tỉnh",
    "Thông tấn xã Việt Nam",
    # communes, and rooms of a department
    "Văn phòng HĐND và UBND xã",
    "Phòng Kinh tế, Hạ tầng và Đô thị",
    "Trạm Y tế các xã, thị trấn",
    "Trưởng các thôn, khu phố",
    "Công chức Văn hóa - Xã hội",
    "Tổ công nghệ số cộng đồng các thôn",
    "Phòng Nghiệp vụ Y",
    "Thanh tra Sở",
    # classes
    "Các sở, ban, ngành, đoàn thể, địa phương",
    "Các cấp, các ngành, đoàn thể liên quan",
    "Các đơn vị sự nghiệp công lập trực thuộc Sở",
    "Các doanh nghiệp viễn thông, bưu chính trên địa bàn tỉnh",
    "Các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy",
    "Các huyện, thị xã, thành phố",
    "Người đứng đầu các cơ quan, đơn vị, địa phương",
]


@pytest.mark.parametrize("name", WHOLE)
def test_a_name_is_read_whole(name: str) -> None:
    bodies = read_bodies(name)

    assert bodies is not None
    assert (bodies.names, bodies.end) == ((name,), len(name))


ENDS = [
    ("Sở Giao thông vận tải tham mưu", "Sở Giao thông vận tải"),
    ("Công an 16 xã phấn đấu đạt", "Công an 16 xã"),
    ("Trung tâm Y tế huyện Pha Lạn giám sát", "Trung tâm Y tế huyện Pha Lạn"),
    ("Thanh tra Sở\nChủ trì kiểm tra", "Thanh tra Sở"),
    ("Các đơn vị quản lý chặt hồ sơ", "Các đơn vị"),
    ("Ngân hàng Chính sách xã hội\ntỉnh cho vay", "Ngân hàng Chính sách xã hội tỉnh"),
    ("Công ty Môi trường Đô thị thu gom rác", "Công ty Môi trường Đô thị"),
    ("Ban Chỉ đạo liên ngành về vệ sinh thực phẩm tỉnh họp", "Ban Chỉ đạo liên ngành về vệ sinh thực phẩm tỉnh"),
]


@pytest.mark.parametrize(("text", "name"), ENDS)
def test_a_name_ends_before_the_order(text: str, name: str) -> None:
    bodies = read_bodies(text)

    assert bodies is not None
    assert bodies.names == (name,)


LISTS = [
    ("các Sở: Y tế, Giáo dục và Đào tạo, Tài chính", ("Y tế", "Giáo dục và Đào tạo", "Tài chính")),
    ("các Sở Y tế, Tư pháp và Công an tỉnh", ("Y tế", "Tư pháp", "Công an tỉnh")),
    ("Sở Tài chính, Kế hoạch và Đầu tư", ("Sở Tài chính", "Sở Kế hoạch và Đầu tư")),
    ("Giám đốc các Sở: Nội vụ, Tài chính", ("Giám đốc Sở Nội vụ", "Giám đốc Sở Tài chính")),
    ("Các ngành Công an, Tư pháp, Y tế", ("Công an", "Tư pháp", "Y tế")),
    ("Các lực lượng chức năng (Công an, Hải quan, Biên phòng)", ("Công an", "Hải quan", "Biên phòng")),
    ("UBND các xã: An Khê, Pha Lạn và Đông Ngải", ("UBND xã An Khê", "UBND xã Pha Lạn", "UBND xã Đông Ngải")),
    ("Hội Nông dân, Phụ nữ, Cựu chiến binh tỉnh", ("Hội Nông dân", "Hội Phụ nữ", "Hội Cựu chiến binh tỉnh")),
    ("lực lượng Công an, Thuế, Hải quan", ("lực lượng Công an", "Thuế", "Hải quan")),
    ("Các sở, ban, ngành tỉnh và UBND các huyện", ("Các sở, ban, ngành tỉnh", "UBND các huyện")),
    ("các sở, ngành và các đơn vị liên quan", ("các sở, ngành", "các đơn vị liên quan")),
    ("Sở Y tế (cơ quan thường trực), Công an tỉnh", ("Sở Y tế", "Công an tỉnh")),
    ("Phòng Y tế, Công an huyện", ("Phòng Y tế", "Công an huyện")),
    ("Đồng chí Giám đốc Công an tỉnh", ("Giám đốc Công an tỉnh",)),
    ("Lực lượng Cảnh sát cơ động và Thanh tra giao thông", ("Lực lượng Cảnh sát cơ động", "Thanh tra giao thông")),
    ("ngành Đường sắt, chính quyền địa phương", ("ngành Đường sắt", "chính quyền địa phương")),
    ("các ban, ngành, đoàn thể, các tổ dân phố", ("các ban, ngành, đoàn thể", "các tổ dân phố")),
    ("các bộ, ngành Trung ương", ("các bộ, ngành Trung ương",)),
    ("Các cơ quan tiến hành tố tụng", ("Các cơ quan tiến hành tố tụng",)),
]


@pytest.mark.parametrize(("text", "names"), LISTS)
def test_members_of_a_list_and_of_a_class_that_is_spelt_out_are_each_named(text: str, names: tuple[str, ...]) -> None:
    bodies = read_bodies(text)

    assert bodies is not None
    assert (bodies.names, bodies.end) == (names, len(text))


def test_a_remark_in_brackets_is_no_list() -> None:
    bodies = read_bodies("Các sở, ban, ngành (có danh sách kèm theo)")

    assert bodies is not None
    assert bodies.names == ("Các sở, ban, ngành",)


@pytest.mark.parametrize(
    "text",
    [
        "Phòng, chống ma túy",
        "Phòng ngừa tai nạn",
        "Ban hành kế hoạch",
        "Báo cáo kết quả",
        "Hội nghị tổng kết",
        "Trường hợp đột xuất",
        "Sở hữu nhà ở",
        "Tổ chức tuyên truyền",
        "Đoàn kết nội bộ",
        "Bộ phận người dân",
        "Đội ngũ cán bộ",
    ],
)
def test_words_that_only_begin_like_a_body_name_none(text: str) -> None:
    assert read_bodies(text) is None
