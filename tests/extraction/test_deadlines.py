"""Time limits as plans write them."""

from __future__ import annotations

from datetime import date

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
    ("xong trước ngày 31/8/2026", [day("2026-08-31")]),
    ("hoàn thành trước 31/8/2026.", [day("2026-08-31")]),
    ("không muộn hơn ngày 30/9/2026", [day("2026-09-30", "by")]),
    ("hạn cuối: 30/9/2026", [day("2026-09-30", "by")]),
    ("trước 17 giờ 00 ngày 15/6/2026", [day("2026-06-15", "by")]),
    ("trước ngày 05/6 và 05/12/2026", [day("2026-06-05"), day("2026-12-05")]),
    ("trước ngày 05 tháng 9 năm 2026", [day("2026-09-05")]),
    ("chậm nhất ngày 12/6", [day("2026-06-12", "by")]),
    ("chậm nhất là ngày 01/12/2026", [day("2026-12-01", "by")]),
    ("đến hết ngày 30/11/2026", [day("2026-11-30", "by")]),
    ("tổ chức vào ngày 26/6/2026", [day("2026-06-26", "by")]),
    ("từ ngày 01/9/2026 đến hết 15/11/2026", [span("2026-09-01", "2026-11-15")]),
    ("từ ngày 10 đến ngày 20/11", [span("2026-11-10", "2026-11-20")]),
    ("từ 0 giờ ngày 15/6 đến 24 giờ ngày 20/6", [span("2026-06-15", "2026-06-20")]),
    ("từ tháng 4/2026 đến hết năm 2027", [span("2026-04-01", "2027-12-31")]),
    ("từ quý I/2026 đến quý III/2026", [span("2026-01-01", "2026-09-30")]),
    ("tháng 5-6/2026", [span("2026-05-01", "2026-06-30")]),
    ("từ nay đến hết quý III/2026", [day("2026-09-30", "by")]),
    ("trong quý II, III năm 2026", [day("2026-06-30", "by"), day("2026-09-30", "by")]),
    ("trước tháng 12/2026", [day("2026-12-01")]),
    ("trong 6 tháng đầu năm 2026", [day("2026-06-30", "by")]),
    ("phát sóng mỗi tháng 02 số", [every("month")]),
    ("mỗi quý ít nhất 01 cuộc kiểm tra", [every("quarter")]),
    ("quý IV hằng năm", [every("year", due="12-31", bound="by")]),
    ("tháng 6 hằng năm", [every("year", due="06-30", bound="by")]),
    ("hằng năm, trước ngày 10/12", [every("year", due="12-10", bound="before")]),
    ("trước ngày 15/01 năm sau", [every("year", due="01-15", bound="before")]),
    ("từ ngày 01/6 đến ngày 30/6 hằng năm", [every("year", **{"from": "06-01", "to": "06-30"})]),
    ("ngày 25 của tháng cuối quý", [every("quarter", bound="by")]),
    (
        "định kỳ hằng tháng (trước ngày 20), quý (trước ngày 20 tháng cuối quý), 6 tháng (trước 15/6), năm"
        " (trước 15/12)",
        [
            every("month", bound="before"),
            every("quarter", bound="before"),
            every("half-year", due="06-15", bound="before"),
            every("year", due="12-15", bound="before"),
        ],
    ),
    (
        "định kỳ 6 tháng, năm gửi báo cáo trước ngày 15/6 và 15/12",
        [every("half-year", due="06-15", bound="before"), every("year", due="12-15", bound="before")],
    ),
    ("báo cáo kết quả hằng quý, 6 tháng và năm", [every(u) for u in ("quarter", "half-year", "year")]),
    ("sơ kết 6 tháng, tổng kết năm", [every("half-year"), every("year")]),
    ("kiểm tra 01 lần/quý", [every("quarter")]),
    ("giai đoạn 2026 - 2030, định hướng đến năm 2035", [years(2026, 2030)]),
    ("trong các năm 2026, 2027 và 2028", [years(2026, 2026), years(2027, 2027), years(2028, 2028)]),
    ("đến năm 2030", [day("2030-12-31", "by")]),
    ("trong vòng 48 giờ kể từ khi phát hiện", [{"kind": "duration", "days": 2}]),
    ("chậm nhất 05 ngày làm việc trước ngày tổ chức", [{"kind": "duration", "days": 5}]),
    ("từ 15/11 đến 15/01/2027", [span("2026-11-15", "2027-01-15")]),
    ("từ tháng 3 đến tháng 5/2026", [span("2026-03-01", "2026-05-31")]),
    ("định kỳ 06 tháng, 01 năm báo cáo", [every("half-year"), every("year")]),
    ("định kỳ hằng tháng, quý, 6 tháng, năm", [every(u) for u in ("month", "quarter", "half-year", "year")]),
    ("trước ngày 10/12 hằng năm", [every("year", due="12-10", bound="before")]),
    ("trước ngày 12/6 và ngày 12/12 hàng năm", [every("year", due=d, bound="before") for d in ("06-12", "12-12")]),
    ("trước ngày 20 hằng tháng", [every("month", bound="before")]),
    ("mỗi quý một lần", [every("quarter")]),
    ("06 tháng một lần", [every("half-year")]),
    ("kinh phí hàng năm", [every("year")]),
    ("xong trong tháng 2/2028", [day("2028-02-29", "by")]),
    ("trong quý III/2026", [day("2026-09-30", "by")]),
    ("đến hết năm 2027", [day("2027-12-31", "by")]),
    ("giai đoạn 2025 - 2030", [years(2025, 2030)]),
    ("trong năm 2026", [years(2026, 2026)]),
    ("sơ kết năm 2026, xong trước ngày 20/12/2026", [day("2026-12-20")]),
    ("tổng kết năm 2026 trước ngày 31/01/2027", [day("2027-01-31")]),
    ("không quá 03 tháng kể từ khi được xác định", [{"kind": "duration", "months": 3}]),
    ("trong thời hạn 15 ngày làm việc", [{"kind": "duration", "days": 15}]),
    ("mở lớp tập huấn cho 120 cán bộ", []),
    ("báo cáo hằng quý và báo cáo năm (trước ngày 02/12/2026)", [every("quarter"), day("2026-12-02")]),
    ("báo cáo 6 tháng gửi trước ngày 04/6/2026", [day("2026-06-04")]),
    ("hằng tháng, hằng quý, 6 tháng, năm (trước ngày 12/12)",
     [every("month"), every("quarter"), every("half-year"), every("year", due="12-12", bound="before")]),
    ("6 tháng và hằng năm tổ chức sơ kết", [every("half-year"), every("year")]),
    ("quý, 6 tháng, năm tổng hợp báo cáo", [every("quarter"), every("half-year"), every("year")]),
    ("sơ kết 01 năm thực hiện vào tháng 4/2027", [day("2027-04-30", "by")]),
    ("ít nhất 02 lần/năm", [every("year")]),
    ("ít nhất 02 lần trong năm", []),
    ("lập kế hoạch từng năm", []),
    ("định kỳ từng quý", [every("quarter")]),
    ("tuyên truyền nhân Ngày toàn dân bảo vệ rừng 28/11 hằng năm", [every("year")]),
    ("trước ngày 08/6 (báo cáo 6 tháng) và ngày 08/12 (báo cáo năm)",
     [every("half-year", due="06-08", bound="before"), every("year", due="12-08", bound="before")]),
    ("báo cáo quý I trước ngày 18/3", [day("2026-03-18")]),
    ("trước ngày 25/11 hằng năm (từ năm 2027)", [every("year", due="11-25", bound="before")]),
    ("số liệu từ ngày 15/11 năm trước đến ngày 14/11 năm báo cáo", []),
    ("trong 07 ngày làm việc", [{"kind": "duration", "days": 7}]),
    ("theo lộ trình 2026 - 2028", [years(2026, 2028)]),
    ("bố trí vốn trong kế hoạch trung hạn 2026 - 2030", [years(2026, 2030)]),
    ("theo quy định của Luật Phòng, chống bạo lực trong giai đoạn 2026 - 2028", [years(2026, 2028)]),
    ("tổng kết Nghị quyết về hỗ trợ học nghề, đề xuất chính sách giai đoạn 2027 - 2030", [years(2027, 2030)]),
    ("xong trong quí III/2026", [day("2026-09-30", "by")]),
    ("mở Tuần lễ áo dài từ 02 - 08/3/2026", [{"kind": "range", "start": "2026-03-02", "end": "2026-03-08"}]),
    ("phổ biến Luật Phòng, chống mua bán người năm 2024", []),
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


@pytest.mark.parametrize(
    "text",
    [
        "Tổ chức mít tinh hưởng ứng Ngày toàn dân phòng, chống ma túy (26/6).",
        "Trang trí khánh tiết nhân dịp 30/4 và 01/5.",
        "Áp dụng mẫu mới từ ngày 01/7/2026.",
        "Đại hội Đảng bộ tỉnh nhiệm kỳ 2025 - 2030.",
        "Duy trì trực ban 24/24 giờ.",
        "Tập huấn cho trưởng thôn trong 2/3 số xã.",
        "Giảm số vụ so với năm 2025.",
        "Giao ban hằng tuần; thực hiện thường xuyên.",
        "Tuần tra cao điểm từ tháng 11 năm trước đến tháng 4 năm sau.",
    ],
)
def test_festivals_starts_fractions_and_seasons_are_no_deadlines(text: str) -> None:
    found = find_deadlines(text, year=2026)

    assert (found.deadlines, found.reasons) == ((), ())


CELLS = [
    ("Quý II", [day("2026-06-30", "by")]),
    ("6/2026", [day("2026-06-30", "by")]),
    ("30/6/2026", [day("2026-06-30", "by")]),
    ("Trước 30/9", [day("2026-09-30")]),
    ("2026-2027", [years(2026, 2027)]),
    ("2026", [years(2026, 2026)]),
    ("Tháng 6, tháng 12", [day("2026-06-30", "by"), day("2026-12-31", "by")]),
    ("30/11 hằng năm", [every("year", due="11-30", bound="by")]),
    ("Thường xuyên", []),
]


@pytest.mark.parametrize(("words", "wanted"), CELLS, ids=[words for words, _ in CELLS])
def test_the_time_cell_of_a_table_needs_no_other_words(words: str, wanted: list[dict[str, object]]) -> None:
    found = find_deadlines(words, year=2026, is_cell=True)

    assert [limit.to_json() for limit in found.deadlines] == wanted


def test_a_bare_day_in_a_sentence_is_no_limit() -> None:
    assert find_deadlines("Số liệu 30/6/2026 nêu tại phụ lục.", year=2026).deadlines == ()


def test_a_day_without_a_year_lies_after_the_plans_issue() -> None:
    found = find_deadlines("Báo cáo trước ngày 15/01.", year=2026, since=date(2026, 11, 20))

    assert found.deadlines[0].on == date(2027, 1, 15)


@pytest.mark.parametrize("words", ["trước ngày 30/6/2024", "trước ngày 30/6/2052"])
def test_a_day_before_the_plan_or_far_after_it_is_kept_and_doubted(words: str) -> None:
    found = find_deadlines(f"Hoàn thành việc này {words}", year=2026)

    assert len(found.deadlines) == 1
    assert found.reasons == ("odd_date",)


def test_the_rule_and_how_sure_it_is_are_told() -> None:
    (limit,) = find_deadlines("Hoàn thành trong quý III/2026.").deadlines

    assert limit.rule == "quarter"
    assert 0.8 <= limit.confidence <= 1


def test_broken_lines_and_double_blanks_do_not_hide_a_limit() -> None:
    text = "Mở lớp tập huấn  trước\nngày  15/5/2026;  báo cáo hằng\nnăm."

    found = find_deadlines(text, year=2026)

    assert [limit.to_json() for limit in found.deadlines] == [day("2026-05-15"), every("year")]
    assert [text[limit.start : limit.end] for limit in found.deadlines] == ["trước\nngày  15/5/2026", "hằng\nnăm"]


def test_the_day_of_each_month_stays_in_the_record_though_the_form_has_no_place_for_it() -> None:
    found = find_deadlines("gửi trước ngày 18 hằng tháng", year=2026)

    assert [(limit.every, limit.due) for limit in found.deadlines] == [("month", "18")]


@pytest.mark.parametrize(
    "text",
    [
        "Báo cáo định kỳ 6 tháng (số liệu từ ngày 10/12 năm trước đến ngày 09/6 năm báo cáo, gửi chậm nhất ngày 11/6)",
        "Báo cáo 6 tháng (chậm nhất ngày 11/6). Báo cáo 6 tháng tính từ ngày 10/12 năm trước đến ngày 09/6 năm báo cáo",
    ],
)
def test_a_report_s_day_and_what_it_covers_are_one_deadline_wherever_they_stand(text: str) -> None:
    found = find_deadlines(text, year=2026)

    assert [limit.to_json() for limit in found.deadlines] == [
        every("half-year", due="06-11", bound="by") | {"from": "12-10", "to": "06-09"}
    ]
