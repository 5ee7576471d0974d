"""Identity numbers and lists of persons are noticed in any layout; figures and officials are left alone."""
from __future__ import annotations

import unicodedata

import pytest

from tracker.rules.personal_data import (
    IdentityNumber,
    PersonList,
    find_identity_number,
    find_persons,
    refuse_identity_numbers,
    refuse_personal_data,
)

FOUND = [
    "Đã lập hồ sơ đối tượng số 001085012345.",
    "CCCD: 036 201 004 567",
    "CCCD 0362 0100 4567,",
    "036-2-01-004567",
    "036.201.004.567",
    "０３６２０１００４５６７",
    "036\u200b201004567",
    "036\u00a0201\u00a0004\u00a0567",
]
LEFT_ALONE = [
    "Kinh phí 125.500.000.000 đồng",
    "Số điện thoại 0912345678",
    "Hai số máy 0912 345 678 và 0987 654 321",
    "Văn bản 1234/KH-UBND ngày 05/09/2026",
    "Mã giao dịch 999085012345",
    "Mã số 00108501234567",
    "Mười hai chữ số 097085012345 không phải mã tỉnh",
    "Chữ số thế kỷ 001985012345 chưa dùng",
]  # fmt: skip


@pytest.mark.parametrize("text", FOUND)
def test_an_identity_number_is_found(text: str) -> None:
    found = find_identity_number(text)

    assert found is not None
    assert len(found) == 12


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find_identity_number(text) is None


def test_the_refusal_shows_only_the_ends_of_the_number() -> None:
    with pytest.raises(IdentityNumber) as refused:
        refuse_identity_numbers("Đã làm.", None, "Số 001085012345")

    assert refused.value.values == {"hint": "001…45"}


#: Ordinary words of reports: signatures, officials, places, schools, figures, documents.
HARMLESS = [
    "Nguyễn Văn A, Giám đốc Sở Y tế ký.",
    "Nguyễn Văn An, Giám đốc Sở Y tế\nTrần Thị Bình, Phó Giám đốc Sở Y tế\nLê Văn Cường, Chánh Văn phòng",
    "Hà Nội 2010\nHà Giang 2011\nCao Bằng 1999\nThái Nguyên 2001",
    "Phường Trần Hưng Đạo, 1985 lượt\nPhường Lê Hồng Phong, 1990 lượt",
    "Kế hoạch số 12/KH-UBND ngày 12/3/2010\nQuyết định số 15/QĐ-UBND ngày 1/2/2011",
    "Công an phường Lê Lợi: 0251 3888 123\nCông an phường Hồ Tùng Mậu: 0912 345 678",
    "Đầu mối: Nguyễn Văn An, 0912 345 678\nĐầu mối: Trần Văn Bình, chuyên viên, 0913 456 789",
    "Trường THPT Nguyễn Trãi | 1950\nTrường THCS Lê Quý Đôn | 1985",
    "Hoàng Văn Thụ | 120 buổi\nHoàng Diệu | 2010 lượt người",
    "Đồng chí Nguyễn Văn An, Trưởng phòng, ĐT 0912345678; đồng chí Trần Văn Bình, Phó Trưởng phòng 0987654321",
    "Đoàn Thanh niên Cộng sản Hồ Chí Minh 2019\nHội Liên hiệp Phụ nữ 2020",
    "Nguyễn Văn An 15/03/2026\nTrần Văn Bình 16/03/2026",
    "Nguyễn Văn An (2010-2015)\nTrần Văn Bình (2015 - 2020)",
    "Đã cai nghiện cho 12 người sinh năm 1990 đến 2000.",
    "Nguyễn Văn An sinh năm 1990 đã hoàn thành.",
    "Tổ dân phố Nguyễn Trãi, thôn 3\nTổ dân phố Lê Lợi, thôn 4",
    "Lâm Đồng, 2010\nAn Giang, 2011",
    "Hoàng Thị Lan, trưởng thôn 3\nĐỗ Văn Minh, trưởng bản Nậm Lò",
]
#: Two persons each.
LISTS = [
    "1. Nguyễn Văn An, sinh năm 1990, trú tại thôn 3\n2. Trần Thị Bình, sinh năm 1985",
    "Nguyễn Văn An (1990), Trần Thị Bình (1985)",
    "1 | NGUYỄN VĂN AN | Nam | 1990\n2 | TRẦN THỊ BÌNH | Nữ | 12/03/1985",
    "Lò Văn Pó SN 1988\nGiàng A Sùng SN 1992",
    "Họ và tên | Ngày sinh\nLê Nam | 1/2/2019\nMai Lan | 2020",
    "Nguyễn Văn An - CMND 012345678\nTrần Văn Bình CCCD: 023456789",
    "Nguyễn Văn An 0912 345 678\nTrần Văn Bình 0987654321",
    "Nguyễn Văn An, thôn Đồng Tâm, xã An Bình\nLê Thị Hoa, bản Nậm Cang",
    "Phạm Thị Dung, HKTT: xã An Bình\nVũ Văn Em, thường trú tại phường 1",
]
MORE_HARMLESS = [
    "Số: 1234/SYT-NVY ngày 12/03/2012; Số: 1235/SYT-NVY ngày 15/03/2012",
    "Hoàng Su Phì, 2014\nLục Yên, 2015",
    "Bệnh viện Nguyễn Tri Phương 1990\nBệnh viện Trần Văn Thời 1991",
    "Đã tập huấn cho 1.985 lượt người tại xã Phan Thanh và 1990 lượt tại xã Lương Sơn.",
    "Bác sĩ Trần Văn An, trạm y tế, 0912345678\nY sĩ Lê Thị Bình, trạm y tế, 0912345679",
    "Người ký: Nguyễn Văn An\nNgười soạn: Trần Thị Bình",
    "Thực hiện từ năm 1998 đến năm 2010, Chương trình 130.",
    "Đường Hồ Chí Minh, 2005\nCầu Bạch Đằng, 1990",
]


@pytest.mark.parametrize("text", HARMLESS + MORE_HARMLESS)
def test_officials_places_and_figures_are_no_list_of_persons(text: str) -> None:
    refuse_personal_data(text)  # raises nothing

    assert len(find_persons(text)) < 2


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", LISTS)
def test_a_list_of_persons_is_refused_however_it_is_laid_out(text: str, form: str) -> None:
    with pytest.raises(PersonList) as refused:
        refuse_personal_data(unicodedata.normalize(form, text))

    assert refused.value.values["count"] == 2


def test_columns_set_with_many_blanks_are_columns() -> None:
    wide = " " * 30

    assert len(find_persons(f"Họ và tên{wide}Năm sinh\nNguyễn Văn An{wide}1990\nTrần Thị Bình{wide}1985")) == 2


def test_a_list_spread_over_the_fields_of_a_form_is_a_list() -> None:
    with pytest.raises(PersonList):
        refuse_personal_data("Nguyễn Văn An, sinh năm 1990", None, "Trần Thị Bình, SN 1985")


def test_the_same_person_told_twice_is_one() -> None:
    assert len(find_persons("Nguyễn Văn An, sinh năm 1990.\nNGUYỄN VĂN AN (1990)")) == 1


def test_the_refusal_of_a_list_says_where_and_names_nobody() -> None:
    with pytest.raises(PersonList) as refused:
        refuse_personal_data("Đã làm.\nNguyễn Văn An, sinh năm 1990\nTrần Thị Bình, sinh năm 1985")

    assert refused.value.values == {"line": 2, "hint": "N… V… A…", "count": 2}


@pytest.mark.parametrize("text", ["Nguyễn " * 40_000, "Nguyễn Văn An " * 20_000, "a" * 500_000, "Lê\t" * 90_000,
                                  " " * 100_000, ("|" + " " * 900) * 100, "họ" + " " * 100_000, "stt" + "." * 100_000])
def test_a_hostile_text_is_looked_through_and_names_nobody(text: str) -> None:
    assert find_persons(text) == []
