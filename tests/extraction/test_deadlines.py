"""Time limits as plans write them."""

from __future__ import annotations

import pytest

from tracker.extraction.deadlines import find_deadlines

BARE = {"due": None, "bound": None, "from": None, "to": None}


def day(iso: str, bound: str = "before") -> dict[str, object]:
    return {"kind": "date", "date": iso, "bound": bound}


def span(first: str, last: str) -> dict[str, object]:
    return {"kind": "range", "start": first, "end": last}


def every(unit: str, **fields: str) -> dict[str, object]:
    return {"kind": "recurring", "every": unit, **BARE, **fields}


def years(first: int, last: int) -> dict[str, object]:
    return {"kind": "period", "start": first, "end": last}


CASES = [
    ("xong trước ngày 31/8/2025", [day("2025-08-31")]),
    ("hoàn thành trước 31/8/2025.", [day("2025-08-31")]),
    ("trước ngày 05 tháng 9 năm 2026", [day("2026-09-05")]),
    ("chậm nhất ngày 12/6", [day("2026-06-12", "by")]),
    ("chậm nhất là ngày 01/12/2026", [day("2026-12-01", "by")]),
    ("đến hết ngày 30/11/2026", [day("2026-11-30", "by")]),
    ("tổ chức vào ngày 26/6/2026", [day("2026-06-26", "by")]),
    ("từ ngày 01/9/2025 đến hết 15/11/2025", [span("2025-09-01", "2025-11-15")]),
    ("từ 15/11 đến 15/01/2027", [span("2026-11-15", "2027-01-15")]),
    ("từ tháng 3 đến tháng 5/2026", [span("2026-03-01", "2026-05-31")]),
    ("định kỳ 06 tháng, 01 năm báo cáo", [every("half-year"), every("year")]),
    ("định kỳ hằng tháng, quý, 6 tháng, năm", [every(u) for u in ("month", "quarter", "half-year", "year")]),
    ("trước ngày 10/12 hằng năm", [every("year", due="12-10", bound="before")]),
    ("trước ngày 12/6 và ngày 12/12 hàng năm", [every("year", due=d, bound="before") for d in ("06-12", "12-12")]),
    ("trước ngày 20 hằng tháng", [every("month", due="20", bound="before")]),
    ("mỗi quý một lần", [every("quarter")]),
    ("06 tháng một lần", [every("half-year")]),
    ("kinh phí hàng năm", [every("year")]),
    ("xong trong tháng 2/2028", [day("2028-02-29", "by")]),
    ("trong quý III/2026", [day("2026-09-30", "by")]),
    ("đến hết năm 2027", [day("2027-12-31", "by")]),
    ("giai đoạn 2025 - 2030", [years(2025, 2030)]),
    ("trong năm 2026", [years(2026, 2026)]),
    ("sơ kết năm 2026, xong trước ngày 20/12/2026", [day("2026-12-20")]),
    ("không quá 03 tháng kể từ khi được xác định", [{"kind": "duration", "months": 3}]),
    ("trong thời hạn 15 ngày làm việc", [{"kind": "duration", "days": 15}]),
    ("mở lớp tập huấn cho 120 cán bộ", []),
]


@pytest.mark.parametrize(("words", "wanted"), CASES, ids=[words for words, _ in CASES])
def test_a_time_limit_is_read(words: str, wanted: list[dict[str, object]]) -> None:
    found = find_deadlines(f"Tổ chức việc này, {words}", year=2026)

    assert [limit.to_json() for limit in found.deadlines] == wanted
    assert found.reasons == ()


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện Kế hoạch số 45/KH-UBND ngày 02/4/2024 của UBND tỉnh.",
        "Tiếp tục thực hiện Chương trình phòng, chống ma túy đến năm 2030.",
        "Triển khai Quyết định số 44/QĐ-TTg ngày 05 tháng 01 năm 2026 về Chương trình học đường giai đoạn 2026 - 2030.",
    ],
)
def test_days_and_years_in_another_documents_name_are_no_deadlines(text: str) -> None:
    assert find_deadlines(text, year=2026).deadlines == ()


def test_a_limit_after_another_documents_name_is_read() -> None:
    text = "Làm theo Kế hoạch số 12/KH-UBND ngày 09/3/2025 về cai nghiện, xong trước ngày 30/9/2026."

    found = find_deadlines(text)

    assert [limit.to_json() for limit in found.deadlines] == [day("2026-09-30")]


def test_the_report_windows_complete_the_periods_named_before() -> None:
    text = (
        "định kỳ 06 tháng, 01 năm gửi báo cáo. Số liệu: báo cáo 06 tháng tính từ ngày 15/12 năm trước đến ngày 14/6"
        " năm báo cáo (gửi trước ngày 15/6); báo cáo năm tính từ ngày 15/12 năm trước đến ngày 14/12 năm báo cáo"
        " (gửi chậm nhất ngày 15/12)."
    )

    found = [limit.to_json() for limit in find_deadlines(text).deadlines]

    assert found == [
        every("half-year", due="06-15", bound="before", **{"from": "12-15", "to": "06-14"}),
        every("year", due="12-15", bound="by", **{"from": "12-15", "to": "12-14"}),
    ]


@pytest.mark.parametrize(
    "words", ["trước ngày 31/6/2026", "trong tháng 13/2026", "từ ngày 30/12/2026 đến ngày 01/01/2026"]
)
def test_an_impossible_date_gives_no_deadline_but_a_reason(words: str) -> None:
    found = find_deadlines(words)

    assert (found.deadlines, found.reasons) == ((), ("impossible_date",))


def test_a_day_without_any_year_gives_a_reason() -> None:
    assert find_deadlines("trước ngày 30/9", year=None).reasons == ("year_missing",)


def test_the_words_and_their_place_are_kept() -> None:
    text = "Mở lớp tập huấn trước ngày 15/5/2026 và báo cáo."

    (limit,) = find_deadlines(text).deadlines

    assert limit.words == "trước ngày 15/5/2026" == text[limit.start : limit.end]
