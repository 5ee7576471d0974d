"""Which bodies a text names, and what for."""

from __future__ import annotations

import pytest

from tracker.extraction.bodies import read_actor, read_bodies, read_partners, read_report

LISTS = [
    ("Sở Y tế", ("Sở Y tế",)),
    ("Sở Văn hóa, Thể thao và Du lịch, Sở Y tế", ("Sở Văn hóa, Thể thao và Du lịch", "Sở Y tế")),
    ("Thanh tra tỉnh và Văn phòng UBND tỉnh", ("Thanh tra tỉnh", "Văn phòng UBND tỉnh")),
    ("Các sở, ban, ngành, UBND các xã, phường", ("Các sở, ban, ngành", "UBND các xã, phường")),
    ("Công an các xã, phường", ("Công an các xã, phường",)),
    ("Sở GD&ĐT", ("Sở GD&ĐT",)),
    ("Chi cục Hải quan khu vực XXI", ("Chi cục Hải quan khu vực XXI",)),
    ("Báo và Đài Phát thanh, Truyền hình Hà Dương", ("Báo và Đài Phát thanh, Truyền hình Hà Dương",)),
    ("Giám đốc Sở Nội vụ", ("Giám đốc Sở Nội vụ",)),
    ("Hội Liên hiệp Phụ nữ tỉnh, Tỉnh đoàn", ("Hội Liên hiệp Phụ nữ tỉnh", "Tỉnh đoàn")),
]


@pytest.mark.parametrize(("text", "names"), LISTS, ids=[text for text, _ in LISTS])
def test_a_list_of_bodies_is_read_as_printed(text: str, names: tuple[str, ...]) -> None:
    bodies = read_bodies(text)

    assert bodies is not None
    assert (bodies.names, bodies.end) == (names, len(text))


@pytest.mark.parametrize("text", ["Mục đích", "Các đối tượng mua bán", "Tổ chức tập huấn", "Người nghiện", ""])
def test_other_words_are_no_body(text: str) -> None:
    assert read_bodies(text) is None


ACTORS = [
    ("Công an tỉnh rà soát địa bàn.", ("Công an tỉnh",), False),
    ("Bước 2: UBND các xã, phường lập danh sách.", ("UBND các xã, phường",), False),
    ("Giao Sở Y tế mở lớp tập huấn.", ("Sở Y tế",), False),
    ("Đề nghị Tòa án nhân dân tỉnh xét xử lưu động.", ("Tòa án nhân dân tỉnh",), True),
    ("UBND tỉnh giao Công an tỉnh đôn đốc.", ("Công an tỉnh",), False),
    ("Các lực lượng (Công an, Hải quan, Biên phòng) tuần tra.", ("Công an", "Hải quan", "Biên phòng"), False),
    ("Các ngành Công an, Tư pháp, Y tế tăng cường phối hợp.", ("Công an", "Tư pháp", "Y tế"), False),
    ("Mỗi xã, phường phải có 01 đội.", ("Mỗi xã, phường",), False),
    ("Các đơn vị được giao nhiệm vụ gửi báo cáo.", ("Các đơn vị",), False),
]


@pytest.mark.parametrize(("text", "names", "requested"), ACTORS, ids=[text for text, *_ in ACTORS])
def test_who_must_act_is_read_from_the_opening(text: str, names: tuple[str, ...], requested: bool) -> None:
    actor = read_actor(text)

    assert actor is not None
    assert (actor.names, actor.requested) == (names, requested)


@pytest.mark.parametrize(
    "text", ["Tổ chức tập huấn cho Công an tỉnh.", "Công an tỉnh và nhân dân địa bàn", "Phối hợp với Sở Y tế rà soát."]
)
def test_a_body_that_is_only_mentioned_does_not_act(text: str) -> None:
    assert read_actor(text) is None


PARTNERS = [
    ("Chủ trì, phối hợp với Sở Y tế, Công an tỉnh mở lớp.", ("Sở Y tế", "Công an tỉnh")),
    ("phối hợp các đơn vị có liên quan rà soát", ("các đơn vị có liên quan",)),
    (
        "phối hợp chặt chẽ với các địa phương và các cơ quan chức năng kiểm tra",
        ("các địa phương", "các cơ quan chức năng"),
    ),
    ("phối hợp với các cấp, các ngành, đoàn thể liên quan trong quản lý", ("các cấp, các ngành, đoàn thể liên quan",)),
    ("phối hợp tổ chức tuyên truyền", ()),
    ("thực hiện quy chế phối hợp với Sở Y tế", ()),
]


@pytest.mark.parametrize(("text", "names"), PARTNERS, ids=[text for text, _ in PARTNERS])
def test_partners_are_those_named_to_work_with(text: str, names: tuple[str, ...]) -> None:
    assert read_partners(text) == names


REPORTS = [
    ("báo cáo kết quả về UBND tỉnh (qua Công an tỉnh).", ("UBND tỉnh", "Công an tỉnh")),
    ("tổng hợp, báo cáo Chủ tịch UBND tỉnh trước ngày 20/12", ("Chủ tịch UBND tỉnh", None)),
    ("mở lớp tập huấn", (None, None)),
]


@pytest.mark.parametrize(("text", "ways"), REPORTS, ids=[text for text, _ in REPORTS])
def test_where_a_report_goes_is_read(text: str, ways: tuple[str | None, str | None]) -> None:
    assert read_report(text) == ways
