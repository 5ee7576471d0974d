"""Identity numbers are noticed in any grouping; figures are left alone."""
from __future__ import annotations

import pytest

from tracker.rules.personal_data import IdentityNumber, find_identity_number, refuse_identity_numbers

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
