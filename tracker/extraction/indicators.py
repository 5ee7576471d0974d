"""Measurable goals in a provision: "100% …", "16/65 xã", "ít nhất 01 mô hình", "không để xảy ra …"."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from tracker.extraction.documents import without_document_names

#: What plans count, longer names first.
_NOUNS = (
    "xã, phường|câu lạc bộ|đường dây|tụ điểm|địa bàn|mô hình|hội nghị|chuyên mục|giáo viên|cán bộ|cơ sở|đơn vị"
    "|vụ án|lượt người"
    "|phóng sự|buổi|đợt|điểm|lớp|đội|tổ|vụ|xã|phường|huyện|thôn|bản|khu dân cư|phiên tòa|phiên|tin|bài|lần|cuộc"
    "|trường|người|mẫu|hồ sơ|chuyên án|kế hoạch"
    "|công trình|trạm|chốt|tỉnh|đối tượng|hộ|gia đình|doanh nghiệp|cụm|tuyến|sản phẩm|tài liệu|video|diễn đàn"
    "|cuộc thi|dự án|nhóm"
)
_PERCENT = re.compile(r"(?<![\d,.])(?P<value>\d{1,3}(?:[.,]\d{1,2})?)\s?%")
_SHARE = re.compile(rf"(?<![\d/])(?P<value>\d{{1,4}})/(?P<whole>\d{{1,4}}) (?P<unit>{_NOUNS})\b")
_LIMIT = re.compile(r"(?:không |chậm )?(?P<sign>quá) (?P<value>\d{1,3}) (?P<unit>tháng|ngày)\b")
_COUNT = re.compile(
    rf"(?P<lead>(?i:ít nhất|tối thiểu|không dưới|trên|hơn|không quá|tối đa|dưới|giảm)(?: được)? )?(?<![\d/.,-])"
    rf"(?P<value>\d{{1,5}}) (?P<unit>{_NOUNS})(?![\w])"
)
_GOAL_VERB = re.compile(
    r"(?i:xây dựng|mở(?: thêm)?|thành lập|tổ chức|có|được|duy trì|đạt|phấn đấu|chuyển hóa|triệt xóa|bố trí|lắp đặt"
    r"|phát hiện|chọn|thực hiện)"
    r"(?: được| mới| ra mắt| đủ| các)? $"
)
_GTE = re.compile(r"(?i:ít nhất|tối thiểu|không dưới|trên|hơn|từ)(?: là| được| số)? $")
_LTE = re.compile(r"(?i:không quá|tối đa|dưới|quá) $")
_DOWN = re.compile(r"(?i:giảm)(?: (?:ít nhất|tối thiểu|trên|từ|còn))? $")
_ZERO = re.compile(r"(?i:không để|không có (?=\w+ \w+ (?:gia tăng|phát sinh|xảy ra)|địa bàn))")
_YEAR = re.compile(r"(?<!so với )(?:(?i:năm) |/)(?P<year>20\d\d)(?!\d)")
_CLAUSE_END = re.compile(
    r";\s*|\.(?:\.\.)?(?=\s|$)\s*|…\s+|,\s+(?=không để|đến (?:hết )?năm \d{4}|điểm (?=[^,;.]{0,60}quá \d))|\n(?=[-+*•])"
)
_SAME_GOAL = re.compile(r"(?i:tương đương|tức|\(|khoảng)\W*(?:\w+ )?$")


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal; the clause's place counts from the start of the provision."""

    start: int
    end: int
    comparator: str
    value: float
    unit: str
    year: int | None


def find_goals(text: str, *, objective: bool, year: int | None = None) -> list[Goal]:
    """Read every measurable goal of a provision.

    `objective` tells that it stands among the objectives, where "không để …" is a goal and bare counts are too;
    `year` is what the heading above says and holds where the clause names none.
    """
    masked = without_document_names(text)
    goals: list[Goal] = []
    for start, end in _clauses(masked):
        goals += _in_clause(masked[start:end], start, objective=objective, year=year)
    return goals


def _clauses(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for match in _CLAUSE_END.finditer(text):
        if match.start() > start:
            found.append((start, match.start()))
        start = match.end()
    if start < len(text):
        found.append((start, len(text)))
    return found


def _in_clause(clause: str, offset: int, *, objective: bool, year: int | None) -> list[Goal]:
    named = _YEAR.search(clause)
    year = int(named.group("year")) if named else year
    hits = _numbers(clause, objective=objective)
    if not hits:
        if objective and _ZERO.search(clause):
            first = _ZERO.search(clause)
            start = first.start() if first and clause[: first.start()].strip() and "," in clause[: first.start()] else 0
            return [Goal(offset + start, offset + len(clause.rstrip()), "zero", 0, "", year)]
        return []
    goals = []
    bounds = [0]
    for before, after in itertools.pairwise(hits):
        comma = clause.rfind(", ", before[1].end(), after[1].start())
        bounds.append(comma + 2 if comma > 0 else after[1].start())
    bounds.append(len(clause))
    for number, (comparator, match, unit) in enumerate(hits):
        value = float(match.group("value").replace(",", "."))
        piece = clause[bounds[number] : bounds[number + 1]].rstrip(" ,")
        goals.append(Goal(offset + bounds[number], offset + bounds[number] + len(piece), comparator, value, unit, year))
    return goals


def _numbers(clause: str, *, objective: bool) -> list[tuple[str, re.Match[str], str]]:
    hits: list[tuple[str, re.Match[str], str]] = []
    for match in _PERCENT.finditer(clause):
        hits.append((_comparator(clause, match.start()), match, "%"))
    if not hits:
        for match in _SHARE.finditer(clause):
            hits.append((_comparator(clause, match.start()), match, match.group("unit")))
    for match in _LIMIT.finditer(clause):
        if re.search(r"tồn tại|kéo dài|để ", clause[: match.start()]):
            hits.append(("lte", match, match.group("unit")))
    if not hits:
        for match in _COUNT.finditer(clause):
            counted = _counted(clause, match, objective=objective)
            if counted and not hits:
                hits.append((counted, match, match.group("unit")))
    hits.sort(key=lambda hit: hit[1].start())
    return [
        hit
        for at, hit in enumerate(hits)
        if at == 0 or not _SAME_GOAL.search(clause[hits[at - 1][1].end() : hit[1].start()])
    ]


def _counted(clause: str, match: re.Match[str], *, objective: bool) -> str | None:
    before = clause[: match.start("value")]
    lead = (match.group("lead") or "").casefold().strip()
    if re.search(r"(?i:\btừ) $", before) and "trở lên" in clause[match.end() : match.end() + 40]:
        return None
    if lead or _GTE.search(before) or _LTE.search(before) or _DOWN.search(before):
        return _comparator(clause, match.start("value"))
    if match.group("value").startswith("0") or objective or len(match.group("value")) > 1:
        return "eq" if _GOAL_VERB.search(before[-40:]) else None
    return None


def _comparator(clause: str, at: int) -> str:
    before = clause[max(0, at - 30) : at]
    if _DOWN.search(before):
        return "decrease"
    if _LTE.search(before):
        return "lte"
    return "gte" if _GTE.search(before) else "eq"
