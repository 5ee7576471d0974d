"""Measurable goals in a provision: "100% …", "16/65 xã", "ít nhất 01 mô hình", "không để xảy ra …"."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from tracker.extraction.documents import without_document_names
from tracker.extraction.goal_words import (
    AIMS,
    ANNOUNCES,
    CONDITION,
    DOWN,
    DOWN_BY,
    EACH_YEAR,
    NAMES_FIGURE,
    NO_GOAL,
    NO_THING,
    NOUNS,
    OPENS_YEAR,
    OR_MORE,
    QUALIFIED,
    SETS_GOAL,
    THINGS,
    YEAR,
    ZERO,
    clauses,
    reports_the_past,
)
from tracker.extraction.letters import LOWER
from tracker.extraction.spacing import squeezed

_VALUE = r"(?P<value>\d{1,3}(?:\.\d{3})+(?!\d)|\d{1,6}(?:,\d{1,2})?)"
_PERCENT = re.compile(
    r"(?<![\d,.])(?:(?P<low>\d{1,3}(?:[.,]\d{1,2})?)\s?%?\s?(?:[-–]|đến|tới)\s?)?(?P<value>\d{1,3}(?:[.,]\d{1,2})?)\s?(?P<sign>[%‰])"
)
#: "từ 15% lên 20%", "từ 36% năm 2024 xuống còn 30%": the goal is where it leads.
_RISE = re.compile(r"\btừ [^;]{0,60}$")
_LEADS_TO = re.compile(r"^[^;,]{0,40}?(?<!trở )\b(?:lên|xuống|còn)\b")
_SHARE = re.compile(rf"(?<![\d/])(?P<value>\d{{1,4}})/(?P<whole>\d{{1,4}}) (?P<unit>{NOUNS})\b")
#: "không để … tồn tại quá 06 tháng", "… ùn tắc kéo dài trên 30 phút", "… ít nhất 03 ngày".
_LIMIT = re.compile(
    r"(?:(?:(?P<over>quá)|(?:tồn tại|kéo dài) (?:trên|hơn))|(?P<least>ít nhất|tối thiểu|không dưới)(?: là)?"
    r"|(?P<left>(?:xuống|rút ngắn) còn))"
    r" (?P<value>\d{1,3}) (?P<unit>tháng|ngày|giờ|phút)\b(?! (?:trước|(?:một|1|01) lần|mỗi)|/)"
)
_LASTS = re.compile(r"tồn tại|kéo dài|không để ")
_COUNT = re.compile(
    rf"(?<![\d/.,%-])(?<!\w)(?:(?P<low>\d{{1,3}})\s?(?:[-–]|đến)\s?)?{_VALUE}"
    rf" (?P<unit>{NOUNS}|[{LOWER}]+)(?![\w])(?! ?%)"
)
#: "trên 60% ở cấp tỉnh, 40% ở cấp huyện", "05 sở, ngành và 04 xã": the second is meant as the first.
_JOINED = re.compile(r"(?:,|,? và) $")
_AND_ALSO = re.compile(r"(?:(?:, [^,;\d]{1,20})?| [^,;:\d]{1,30}) và ")
_NEXT_WORD = re.compile(r" ?([^\W\d]+)")
_CONTRASTS = frozenset(("ở", "tại", "đối", "với", "vào", "của", "cho"))
_SAME_GOAL = re.compile(r"(?:tương đương|tức|\(|khoảng)\W*(?:\w+ )?$")
_SAME_SHARE = re.compile(r" ?[,=]? ?(?:\w+ )?")
_SAYS_ONLY = re.compile(r"(?:đạt|chiếm|còn|bằng|tương ứng|tức)? ?(?:tỷ lệ )?(?:trên |ít nhất |tối thiểu )?")
#: A second percentage in one phrase opens its own goal only after one of these.
_OPENS = re.compile(
    r"(?:[,:(;+-]|\b(?:và|đạt|có|còn|lên|xuống|là|trên|ít nhất|tối thiểu|dưới|giảm|tăng|cho|nhất|quá|từ"
    r"|hoặc|với|đối với|được)) ?$"
)
_PART_OF = re.compile(
    r"(?:quỹ đất|thương tật|khả năng lao động|lãi suất|đối ứng|nồng độ|thuế suất"
    r"|kế hoạch vốn)(?: là)? $"
)
#: "giảm 10% vào năm 2025 và 20% vào năm 2030": the second figure is meant as the first.
_SAME_WAY = re.compile(r"[^,;%\d]{0,80}năm \d{4}(?:,| và) ")
_LATER = re.compile(rf"{_SAME_WAY.pattern}{_VALUE}(?= (?:vào )?(?:cuối )?năm \d{{4}})")
_OF_COSTS = re.compile(r" (?:kinh phí|chi phí|học phí|tiền|mức (?:đóng|hỗ trợ|lương)|tổng mức đầu tư)\b")
_MONEY = re.compile(r"(?:triệu|tỷ|nghìn|ngàn)? ?(?:đồng|usd)$")
_EARNS = re.compile(
    r"thu nhập|doanh thu|tổng thu|huy động|giá bán|giá trị|thu ngân sách|toàn xã hội|xuất khẩu|giải ngân"
    r"|tiết kiệm|thu hút|kim ngạch|sản lượng|doanh số|dư nợ"
)
#: "… điều trị bằng Methadone cho 150 người", "… cho các hạt kiểm lâm và 52 xã".
_GIVEN_TO = re.compile(r"\bcho (?:[^,;:\d]{0,40} và )?$")


#: "có từ 40 xã trở lên đạt chuẩn (hiện có 28 xã)": what is now stands beside the goal.
_NOW = re.compile(r"\((?:hiện|năm trước|đã|tăng|cùng kỳ)\b[^()\n]{0,80}\)")
#: So far back the words around a figure are looked at, and so many figures of one clause: no sentence has more.
_BACK = 160
_MOST = 60


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal; the clause's place counts from the start of the provision."""

    start: int
    end: int
    comparator: str
    value: float
    unit: str
    year: int | None
    #: Name of the rule that read it: percent, share, limit, count, none_of.
    rule: str


_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class _Hit:
    comparator: str
    value: float
    unit: str
    start: int
    end: int
    rule: str


def find_goals(
    text: str, *, objective: bool, year: int | None = None, plan_year: int | None = None, aside: bool = False
) -> list[Goal]:
    """Read every measurable goal of a provision.

    `objective` tells that it stands among the objectives, where "không để …" is a goal and bare counts are too;
    `aside` that it stands among purposes, grounds or nothing at all, where only what says it is a goal is one.
    `year` is what the heading above says and holds where the clause names none; figures with a year before
    `plan_year` are of the past.
    """
    small = text.lower()
    if len(small) != len(text) or not (_DIGIT.search(small) or (objective and "không" in small)):
        return []
    if aside and not AIMS.search(small):
        return []
    masked = without_document_names(text)
    if masked is not text:
        small = "".join("_" if mask == "_" else letter for mask, letter in zip(masked, small, strict=True))
    small, places = squeezed(_NOW.sub(lambda match: "_" * len(match.group()), small), keep="-+*•")
    announced = ANNOUNCES.search(small) if aside else None
    goals: list[Goal] = []
    carried = False
    for start, end in clauses(small):
        clause = small[start:end]
        told = objective or (announced is not None and start >= announced.start())
        if not _DIGIT.search(clause) and not (told and "không" in clause):
            continue
        opening = OPENS_YEAR.match(clause)
        year = int(opening["year"]) if opening else year
        carried = carried or opening is not None
        if reports_the_past(clause, plan_year, objective=told) or (aside and not told and not AIMS.search(clause)):
            continue
        held = None if carried and not opening and EACH_YEAR.search(clause) else year
        for goal in _in_clause(clause, start, objective=told, year=held):
            first, last = places[goal.start], places[goal.end]
            unit = _as_printed(text[first:last], goal.unit)
            goals.append(replace(goal, start=first, end=last, unit=unit))
    return goals


def _as_printed(words: str, unit: str) -> str:
    """Give the unit with the plan's own capitals ("TTHC")."""
    if unit in THINGS or unit == "%":
        return unit
    found = re.search(rf"\b{re.escape(unit)}\b", words, re.IGNORECASE)
    return found.group() if found else unit


def _in_clause(clause: str, offset: int, *, objective: bool, year: int | None) -> list[Goal]:
    hits = _hits(clause, objective=objective)
    zero = ZERO.search(clause) if objective else None
    if zero:  # "không để xã nào đạt dưới 11 tiêu chí" allows none, whatever the figure
        part = _part(clause, zero.start())
        hits = [hit for hit in hits if hit.rule == "limit" or _part(clause, hit.start) != part]
    if not hits:
        return [_none_of(clause, zero, offset, year)] if zero else []
    goals = []
    bounds = [0, *(_between(clause, one, after) for one, after in itertools.pairwise(hits)), len(clause)]
    for hit, first, last in zip(hits, bounds, bounds[1:], strict=False):
        piece = clause[first:last].rstrip(" ,").removesuffix(" và")
        found = _year(clause, (first, hit.start, last), year, objective=objective)
        place = offset + first, offset + first + len(piece)
        goals.append(Goal(*place, hit.comparator, hit.value, hit.unit, found, hit.rule))
    return goals


def _none_of(clause: str, zero: re.Match[str], offset: int, year: int | None) -> Goal:
    before = clause[: zero.start()]
    start = zero.start() if before.strip() and "," in before else 0
    named = _year(clause, (0, 0, len(clause)), year, objective=True)
    return Goal(offset + start, offset + len(clause.rstrip()), "zero", 0, "", named, "none_of")


def _between(clause: str, one: _Hit, after: _Hit) -> int:
    """Give where the words of the second of two goals begin."""
    within = clause.rfind(" trong ", one.end, after.start) if after.rule == "limit" else -1
    if within > 0:
        return within + 1  # "100% điểm, tụ điểm … trong thời gian không quá 02 tháng"
    comma = clause.rfind(", ", one.end, after.start)
    if comma > 0 and _SAYS_ONLY.fullmatch(clause, comma + 2, after.start):
        comma = clause.rfind(", ", one.end, comma)  # "…, đạt 66,1%" goes with what stands before
    if comma > 0:
        return comma + 2
    joined = clause.rfind(" và ", one.end, after.start)
    return joined + 4 if joined > 0 else after.start


def _year(clause: str, piece: tuple[int, int, int], year: int | None, *, objective: bool) -> int | None:
    """Give the year of a figure: right before it, else the first behind it, else any before it, else the heading's.

    `piece` is where the figure's own words begin, where it stands and where its words end. Outside the objectives a
    day, month or quarter is the duty's time limit and gives no year.
    """
    first, at, end = piece
    named = [
        match
        for match in YEAR.finditer(clause)
        if not match["than"] and (objective or not (match["limit"] or match["slash"]))
    ]
    behind = [match for match in named if at <= match.start() < end]
    before = [match for match in named if match.start() < at]
    near = before[-1] if before and before[-1].start() >= first else None
    if near and (
        re.search(r"\d", clause[near.end() : at])
        or re.search(r"% ?(?:của |trong |vào )?(?:cuối )?$", clause[max(0, near.start() - 30) : near.start()])
    ):
        near = None  # "từ 36% năm 2024 xuống còn 30%"
    found = near or (behind[0] if behind else before[-1] if before else None)
    return int(found["year"]) if found else year


def _hits(clause: str, *, objective: bool) -> list[_Hit]:
    hits = _percents(clause)
    hits += _limits(clause, objective=objective)
    hits += [
        _Hit(_comparator(clause, *match.span()), float(match["value"]), match["unit"], *match.span(), "share")
        for match in itertools.islice(_SHARE.finditer(clause), _MOST)
        if match["unit"] not in ("giờ", "phút")
    ]
    hits += _counts(clause, hits, objective=objective)
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: hit.start):
        last = kept[-1] if kept else hit
        shares = {last.rule, hit.rule} == {"share", "percent"}
        between = clause[last.end : hit.start]
        if kept and (_SAME_GOAL.search(between) or (shares and _SAME_SHARE.fullmatch(between))):
            if shares and hit.rule == "percent":
                kept[-1] = replace(hit, start=kept[-1].start)  # "78/118 xã, đạt 66,1%" is one goal, in %
        else:
            kept.append(hit)
    return kept


def _number(printed: str) -> float:
    """Read "1.200" as a thousand and more, "16,3" and "0.5" as fractions."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", printed):
        return float(printed.replace(".", ""))
    return float(printed.replace(",", "."))


def _percents(clause: str) -> list[_Hit]:
    if "%" not in clause and "‰" not in clause:
        return []
    found: list[_Hit] = []
    for match in itertools.islice(_PERCENT.finditer(clause), _MOST):
        before = clause[max(0, match.start() - _BACK) : match.start()]
        if (
            _PART_OF.search(before)
            or _OF_COSTS.match(clause, match.end())
            or CONDITION.search(before)
            or re.search(r"\bnếu\b", before)
        ):
            continue
        if _RISE.search(before[-70:]) and re.match(
            rf"{_LEADS_TO.pattern}[^;%]{{0,30}}\d[^;%]{{0,8}}%", clause[match.end() :]
        ):
            continue
        if found and not _OPENS.search(before.rstrip() + " ") and not _SAME_GOAL.search(before):
            continue
        value = _number(match["low"] or match["value"])
        at = match.start()
        if found and _SAME_WAY.fullmatch(clause, found[-1].end, at):
            found.append(_Hit(found[-1].comparator, value, match["sign"], at, match.end(), "percent"))
            continue
        comparator = _comparator(clause, at, match.end(), value)
        if comparator == "eq" and found and value != 100 and _is_meant_alike(clause, found[-1], at, match.end()):
            comparator = found[-1].comparator
        found.append(_Hit(comparator, value, match["sign"], at, match.end(), "percent"))
    return found


def _is_meant_alike(clause: str, one: _Hit, at: int, end: int) -> bool:
    """Tell whether a bare percentage goes on with the one before: "giảm 10% số vụ …, 15% số người …"."""
    word, first = _NEXT_WORD.match(clause, end), _NEXT_WORD.match(clause, one.end)
    if word is None or first is None or not _JOINED.search(clause, one.end, at):
        return False
    contrast = word.group(1) in _CONTRASTS and f" {word.group(1)} " in clause[one.end : at]
    return contrast or word.group(1) == first.group(1)


def _limits(clause: str, *, objective: bool) -> list[_Hit]:
    found = []
    for match in itertools.islice(_LIMIT.finditer(clause), _MOST):
        before = clause[: match.start("value")]
        if match["least"]:
            told = not re.search(r"\btrước(?: \w+){0,2} $", clause[: match.start()])
        elif match["left"]:
            told = True
        else:
            told = _LASTS.search(before) is not None or (objective and "không" in before)
        if told:
            comparator = "gte" if match["least"] else "eq" if match["left"] else "lte"
            found.append(_Hit(comparator, float(match["value"]), match["unit"], *match.span(), "limit"))
    return found


def _counts(clause: str, others: list[_Hit], *, objective: bool) -> list[_Hit]:
    """Read what is counted, one figure for each part of the clause between commas that no percentage fills."""
    taken: list[tuple[int, int]] = [_part(clause, hit.start) for hit in others]
    found: list[_Hit] = []
    for match in itertools.islice(_COUNT.finditer(clause), _MOST):
        part = _part(clause, match.start())
        also = found and match["unit"] in THINGS and _AND_ALSO.fullmatch(clause, found[-1].end, match.start())
        if (part in taken and not also) or (
            others and part[0] > others[0].start and not _own_goal(clause[part[0] : match.start()])
        ):
            continue
        comparator = _counted(clause, match, objective=objective)
        if also:
            comparator = found[-1].comparator if comparator in (None, "eq") else comparator
        if comparator is None:
            continue
        taken.append(part)
        found.append(_Hit(comparator, _number(match["low"] or match["value"]), match["unit"], *match.span(), "count"))
        later = _LATER.match(clause, match.end())
        if later:
            found.append(_Hit(comparator, _number(later["value"]), found[-1].unit, *later.span("value"), "count"))
    return found


def _part(clause: str, at: int) -> tuple[int, int]:
    """Give the part of a clause between commas in which a place stands."""
    start = clause.rfind(", ", 0, at) + 1
    end = clause.find(", ", at)
    return start, end if end >= 0 else len(clause)


def _own_goal(words: str) -> bool:
    """Tell whether words behind a percentage open a goal of their own ("…, mỗi xã có ít nhất 01 mô hình")."""
    return (
        re.match(
            r" ?(?:và |đồng thời |trong đó )?(?:mỗi (?!năm|tháng|quý|tuần)|xây dựng|thành lập|tổ chức"
            r"|có|duy trì)",
            words,
        )
        is not None
    )


def _counted(clause: str, match: re.Match[str], *, objective: bool) -> str | None:
    """Tell how a counted figure is meant, or None when it sets no goal."""
    at, unit = match.start(), match["unit"]
    before = clause[max(0, at - _BACK) : at]
    if unit in NO_THING or CONDITION.search(before) or NO_GOAL.match(clause, match.end()):
        return None
    comparator = _comparator(clause, at, match.end())
    known = unit in THINGS or unit.startswith("tổ ")
    if _MONEY.search(unit) and not (_EARNS.search(before) and comparator != "decrease"):
        return None
    if unit in ("phút", "giờ") and comparator != "lte":
        return None
    if comparator != "eq":
        if known or objective:
            return comparator
        return comparator if SETS_GOAL.search(before[-60:]) and unit not in NO_THING else None
    if NAMES_FIGURE.search(before) or not known:
        return None
    if unit == "lần" and not objective:
        return None
    tail = re.split(r"[,:(]", before)[-1][-70:] if not before.endswith(", ") else before[-70:]
    near = before if objective else before[-70:]
    return "eq" if SETS_GOAL.search(near) or _GIVEN_TO.search(before) or not tail.strip() else None


def _comparator(clause: str, at: int, end: int, value: float = 0) -> str:
    before = clause[max(0, at - 80) : at]
    if DOWN.search(before) or DOWN_BY.search(before):
        return "decrease"
    qualified = QUALIFIED.search(before)
    if qualified and qualified["lte"]:
        return "lte"
    if value != 100 and OR_MORE.search(clause[end : end + 90]):
        return "gte"
    if qualified and qualified["gte"] != "từ":
        return "gte"
    return "eq"
