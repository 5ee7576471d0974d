"""Names of other documents inside a text; the dates and years in them are no deadlines."""

from __future__ import annotations

import re
from functools import lru_cache

_KINDS = (
    "Kế hoạch|Chỉ thị|Nghị quyết|Quyết định|Công văn|Thông báo|Kết luận|Chương trình|Đề án|Luật|Nghị định|Thông tư"
    "|Văn bản|Tờ trình"
    "|Hướng dẫn|Quy chế|Dự án|Chiến lược|Báo cáo|Công điện|Biên bản|Quy định|Quy hoạch|Pháp lệnh|Bộ luật|Thông tri"
)
_DAY = r"(?:,? (?:ban hành )?ngày \d{1,2}(?:[/.-]\d{1,2}[/.-]\d{4}| tháng \d{1,2} năm \d{4}))"
#: What ends the title of a document within a sentence: a time limit or an order of this plan.
_LIMIT = (
    r"(?:[;.](?=\s|$)|[)\n]|,? (?:hoàn thành|xong|trước ngày|chậm nhất|báo cáo|gửi|định kỳ|bảo đảm|đảm bảo"
    r"|trong đó|đến hết|trong (?:năm|quý|tháng)|từ ngày|trước \d|thời gian)\b)"
)
#: "Kế hoạch số 45/KH-UBND ngày 02/4/2024 của UBND tỉnh về …": to the end of its title.
_NUMBERED = re.compile(
    rf"(?:(?i:{_KINDS})(?: [\w,&-]+){{0,6}}? )?(?i:số|số:) ?\d+[\w./&,-]*{_DAY}?"
    rf"(?P<rest>(?:(?: của [^;.,\n]{{2,80}}?)?{_DAY}?,? (?i:về|phiên họp|phê duyệt|ban hành|thực hiện"
    rf"|triển khai)\b(?:(?!{_LIMIT}).)*)?)"
)
_NUMBER_ALONE = re.compile(rf"\b\d{{1,5}}[-/][A-ZĐ0-9][\w./&,-]*{_DAY}")
#: After these words the plan itself is meant, not a document of that name ("thực hiện Kế hoạch trong năm 2026").
_NO_NAME = (
    r"(?:này|từ|trên|trong|tại|để|bảo đảm|đảm bảo|đúng|đạt|phải|được|và|vào|năm|đến|theo|nêu|đã|có|hằng|hàng|giai đoạn)"
)
#: "Chương trình phòng, chống ma túy đến năm 2020", "Đề án … giai đoạn 2021 - 2025": a proper name with its years.
_NAMED = re.compile(
    rf"(?:(?<![.;:] )(?<!^)(?<!- )|(?=Luật|Bộ luật|Nghị định|Chiến lược))"
    rf"(?<!Sở )(?<!Bộ )(?<!Vụ )(?<!Cục )(?<!Phòng )\b(?:{_KINDS})\b(?: "
    rf"(?!{_NO_NAME}\b)[^;.\n]{{3,160}}?)"
    r"(?:đến năm \d{4}|giai đoạn \d{4} ?[-–] ?\d{4}|năm \d{4})(?:, (?:tầm nhìn|định hướng) đến năm \d{4})?",
)
#: A time limit or another order of the plan stands between the kind of document and the years.
_LIMIT_INSIDE = re.compile(
    r"\b(?:hoàn thành|xong|trước|chậm nhất|hết|từ ngày|trong (?:năm|giai đoạn|các năm|thời kỳ|quý|tháng)"
    r"|dự toán|báo cáo)\b"
    r"|, (?:đề xuất|trình|tham mưu|gửi|bố trí|lồng ghép|hướng dẫn|chỉ đạo|tổng hợp|phân công|đăng ký|xây dựng kế hoạch"
    r"|tổ chức|đưa|bảo đảm|phấn đấu|ban hành)\b"
)


def document_names(text: str) -> list[tuple[int, int]]:
    """Give the places of other documents' names, in order; they may overlap."""
    found: list[tuple[int, int]] = []
    if "số" in text or "Số" in text:
        found += [match.span() for match in _NUMBERED.finditer(text)]
    if "ngày" in text:
        found += [match.span() for match in _NUMBER_ALONE.finditer(text)]
    if "năm " in text or "giai đoạn" in text:
        found += [match.span() for match in _NAMED.finditer(text) if not _LIMIT_INSIDE.search(match.group())]
    return sorted(found)


@lru_cache(maxsize=8)  # the deadlines and the goals of a provision ask one after the other
def without_document_names(text: str) -> str:
    """Give the text with every other document's name blanked out, letter for letter, so that places stay the same."""
    names = document_names(text)
    if not names:
        return text
    letters = list(text)
    for start, end in names:
        letters[start:end] = "_" * (end - start)
    return "".join(letters)
