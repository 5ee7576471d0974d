"""Classes of bodies whose members stand elsewhere in the text."""

from __future__ import annotations

import pytest

from tracker.extraction import extract
from tracker.extraction.members import find_members

HEAD = """ỦY BAN NHÂN DÂN TỈNH HÀ DƯƠNG
Số: 21/KH-UBND
KẾ HOẠCH
Xây dựng xã an toàn về cháy, nổ năm 2026
"""
PLAN = (
    HEAD
    + """I. NỘI DUNG
- Chọn xây dựng điểm: 4/30 xã trên địa bàn tỉnh[1].
II. PHÂN CÔNG NHIỆM VỤ
1. Công an tỉnh
- Tập huấn kỹ năng chữa cháy trước ngày 31/5/2026.
2. Công an 04 xã
- Thành lập đội chữa cháy của thôn trước ngày 30/6/2026.
TM. ỦY BAN NHÂN DÂN
[1] Gồm các xã: An Khê, Đông Lĩnh, Tân Hòa và Vĩnh Sơn.
"""
)


def members(text: str, name: str) -> tuple[str, ...]:
    found = find_members(text, [name])
    return found[name].members if name in found else ()


def test_a_footnote_says_who_a_class_is() -> None:
    (task,) = [task for task in extract(PLAN).tasks if "đội chữa cháy" in task.text]

    (one,) = task.members
    assert one.name == task.owners[0]
    assert one.members == ("Công an xã An Khê", "Công an xã Đông Lĩnh", "Công an xã Tân Hòa", "Công an xã Vĩnh Sơn")
    assert PLAN[one.start : one.end].startswith("xã: An Khê")
    assert PLAN[one.start : one.end].endswith("Vĩnh Sơn")
    assert "members_differ" not in task.reasons
    assert "members" not in task.to_json()


def test_a_list_of_another_length_gives_nobody_and_a_reason() -> None:
    found = extract(PLAN.replace(", Tân Hòa", ""))

    (task,) = [task for task in found.tasks if "đội chữa cháy" in task.text]
    assert (task.members, "members_differ" in task.reasons) == ((), True)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        pytest.param("UBND 02 xã điểm (xã An Khê, xã Đông Lĩnh) tổ chức.", "UBND 02 xã điểm",
                     ("UBND xã An Khê", "UBND xã Đông Lĩnh"), id="in brackets"),
        pytest.param("Chọn 3 xã trọng điểm, gồm: An Khê, Đông Lĩnh và Tân Hòa.", "Công an 03 xã trọng điểm",
                     ("Công an xã An Khê", "Công an xã Đông Lĩnh", "Công an xã Tân Hòa"), id="behind a colon"),
        pytest.param("Chọn 3 xã, phường gồm: các xã An Khê, Đông Lĩnh; phường Tây Sơn.", "UBND 3 xã, phường",
                     ("UBND xã An Khê", "UBND xã Đông Lĩnh", "UBND phường Tây Sơn"), id="of two tiers"),
        pytest.param("Tại các xã biên giới (gồm: Ia H’Roi, Đắk Mương).", "Công an các xã biên giới",
                     ("Công an xã Ia H’Roi", "Công an xã Đắk Mương"), id="without a number, by its description"),
        pytest.param("02 xã điểm (An Khê, Đông Lĩnh) làm trước.", "02 xã điểm",
                     ("Ủy ban nhân dân xã An Khê", "Ủy ban nhân dân xã Đông Lĩnh"), id="areas are their committees"),
        pytest.param("Làm điểm ở 2 phường (phường 5, phường 12).", "UBND 2 phường",
                     ("UBND phường 5", "UBND phường 12"), id="numbered wards"),
        pytest.param("Chọn 2 xã điểm (An Khê, Đông Lĩnh).\nChọn 2 xã điểm (An Khê, Đông Lĩnh).", "Công an 2 xã",
                     ("Công an xã An Khê", "Công an xã Đông Lĩnh"), id="said twice the same"),
        pytest.param("Chọn 2 xã biên giới (An Khê, Đông Lĩnh).", "UBND 2 xã ven biển", (), id="described otherwise"),
        pytest.param("Chọn 2 xã (An Khê, Đông Lĩnh). Thêm 2 xã (Tân Hòa, Vĩnh Sơn).", "Công an 2 xã", (),
                     id="which list is not said"),
        pytest.param("Chọn 2 phường (An Khê, Đông Lĩnh).", "Công an 2 xã", (), id="of another tier"),
        pytest.param("Các xã (An Khê, Đông Lĩnh) làm điểm.", "Công an các xã", (), id="all communes are not these"),
        pytest.param("Chọn 5 xã, gồm: An Khê, Đông Lĩnh…", "Công an 5 xã", (), id="a list that is not complete"),
        pytest.param("Chọn 2 xã điểm[3].", "Công an 2 xã", (), id="a mark without a footnote"),
        pytest.param("[1] Các xã: An Khê, Đông Lĩnh.", "Công an 2 xã", (), id="a footnote without a mark"),
        pytest.param("", "Công an 2 xã", (), id="no text"),
    ],
)  # fmt: skip
def test_who_a_class_is(text: str, name: str, expected: tuple[str, ...]) -> None:
    assert members(text, name) == expected


def test_a_name_that_is_no_class_has_no_members() -> None:
    assert find_members(PLAN, ["Công an tỉnh", "", "Sở Y tế", "xã"]) == {}


@pytest.mark.parametrize(
    "piece", ["2 xã (An Khê (", "xã " * 9, "(xã A, ", "[1] xã A, B[1]\n", "gồm ", "A-" * 5, "2 xã, "]
)
def test_a_megabyte_of_openings_gives_a_result(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))

    assert all(text[one.start : one.end] for one in find_members(text, ["Công an 2 xã"]).values())
