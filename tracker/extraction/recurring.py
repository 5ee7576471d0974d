"""Limits that come again: reports each month, quarter, half-year or year, when they are due and what they cover."""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.extraction.dates import DAY, Impossible, make_day, month_end, quarter_of
from tracker.extraction.limit_words import CUE, EVERY, HALF, NAMES_A_DAY, Built, Nothing, When, bound_of, one, rule
from tracker.extraction.records import Bound, Deadline, DeadlineKind

_UNITS = {"tháng": "month", "quý": "quarter", "năm": "year"}
_ITEM = r"(?:ngày )?\d{1,2}(?:[/.-]| tháng )\d{1,2}(?![\d/.-])|tháng \d{1,2}|quý (?:iv|i{1,3}|[1-4])\b"
_ITEMS = rf"(?P<items>(?:{_ITEM})(?:(?:,| và|;| hoặc)(?: (?:trước|chậm nhất|muộn nhất|vào))*(?: là)? ?(?:{_ITEM}))*)"
_PARTS = re.compile(
    r"(?:(?P<d>\d{1,2})(?:[/.-]| tháng )(?P<m>\d{1,2})|tháng (?P<mo>\d{1,2})|quý (?P<q>iv|i{1,3}|[1-4]))"
)
#: The day belongs to a festival that comes each year, not to a duty.
_FESTIVAL = re.compile(r"(?:lấy|chọn|\bnhân|dịp|kỷ niệm|hưởng ứng)(?: vào)? ?$")
_OF_PERIOD = (
    r"(?:(?:,? (?:của )?(?:kỳ|năm|tháng|quý)(?: (?:trước|báo cáo|liền kề|hiện tại|này|đó|sau|kế tiếp|nay)){0,6}){0,6})"
)
_PERIOD_OF_REPORT = rf"(?:{HALF}|(?:0?1 |một )?năm|quý|tháng)"


def _unit_of(words: str) -> str:
    if re.search(r"(?:\b0?6|sáu) tháng", words):
        return "half-year"
    if re.search(r"(?:\b0?[39]|ba|chín) tháng", words):
        return "quarter"
    return next((unit for word, unit in _UNITS.items() if word in words), "year")


def _recurring(every: str, **fields: object) -> Deadline:
    return one(DeadlineKind.RECURRING, every=every, **fields)


def _window(match: re.Match[str], _when: When) -> Built:
    """Read "báo cáo 6 tháng từ ngày 10/12 năm trước đến ngày 10/6 (gửi chậm nhất ngày 12/6)"."""
    groups = match.groupdict()
    first, last, due = (_month_day(groups, number) for number in "123")
    if not first or not last:
        return None
    bound = bound_of(match) if due else None
    return [_recurring(_unit_of(groups["span"]), due=due, bound=bound, window_first=first, window_last=last)]


def _no_limit(_match: re.Match[str], _when: When) -> Built:
    return Nothing.NO_LIMIT


def _month_day(groups: dict[str, str | None], suffix: str) -> str | None:
    day, month = groups.get(f"d{suffix}"), groups.get(f"m{suffix}") or groups.get(f"mm{suffix}")
    return f"{int(month):02d}-{int(day):02d}" if day and month else None


def _yearly(match: re.Match[str], _when: When) -> Built:
    """Read days, months or quarters that come each year; a month or quarter alone is the last day of it."""
    before, after = match.string[max(0, match.start() - 120) : match.start()], match.string[match.end() :][:12]
    if re.search(r"năm trước,? (?:đến|tới) ?$", before) or (match["by"] in ("đến", "tới") and "năm trước" in before):
        return Nothing.NO_LIMIT  # a season, not a limit
    if (
        _FESTIVAL.search(before)
        or (not match["by"] and NAMES_A_DAY.search(before))
        or re.match(r"\s?(?:là|[-–]) ngày\b", after)
    ):
        return [_recurring("year")]
    bound = bound_of(match)
    found = []
    for part in _PARTS.finditer(match["items"]):
        due = _due(part, bound)
        if due is None:
            return Impossible(match.group())
        found.append(_recurring("year", due=due, bound=bound))
    return found or None


def _due(part: re.Match[str], bound: Bound) -> str | None:
    if part["d"]:
        day = make_day(2024, int(part["m"]), int(part["d"]), part.group())
        return None if isinstance(day, Impossible) else f"{day.month:02d}-{day.day:02d}"
    last = int(part["mo"]) if part["mo"] else quarter_of(part["q"]) * 3
    first = last if part["mo"] else last - 2
    end = month_end(2025, last)
    if end is None:
        return None
    return f"{first:02d}-01" if bound is Bound.BEFORE else f"{end.month:02d}-{end.day:02d}"


def _yearly_range(match: re.Match[str], _when: When) -> Built:
    """Read "từ ngày 01/6 đến ngày 30/6 hằng năm"."""
    first, last = (_month_day(match.groupdict(), number) for number in "12")
    if not first or not last:
        return None
    return [_recurring("year", window_first=first, window_last=last)]


def _day_of_each(match: re.Match[str], _when: When) -> Built:
    """Read "trước ngày 20 hằng tháng", "ngày 25 của tháng cuối quý"."""
    day = int(match["day"])
    if not 1 <= day <= 31:
        return Impossible(match.group())
    every = "quarter" if "quý" in match["unit"] else "month"
    return [_recurring(every, due=f"{day:02d}", bound=bound_of(match))]


def _schedule(match: re.Match[str], _when: When) -> Built:
    """Read "6 tháng (trước ngày 15/6)", "quý (trước ngày 20 tháng cuối quý)", "báo cáo năm trước ngày 10/12"."""
    every = _unit_of(match["unit"])
    day, month = int(match["d"]), match["m"]
    if month is None:
        if every not in ("month", "quarter") or not 1 <= day <= 31:
            return None
        return [_recurring(every, due=f"{day:02d}", bound=bound_of(match))]
    if every == "month":
        return None
    made = make_day(2024, int(month), day, match.group())
    if isinstance(made, Impossible):
        return made
    return [_recurring(every, due=f"{made.month:02d}-{made.day:02d}", bound=bound_of(match))]


def _two_halves(match: re.Match[str], _when: When) -> Built:
    """Read "định kỳ 06 tháng, năm … trước ngày 15/6 và 15/12": one day for the half-year, one for the year."""
    bound = bound_of(match)
    found = []
    for every, day, month in (("half-year", match["d1"], match["m1"]), ("year", match["d2"], match["m2"])):
        made = make_day(2024, int(month), int(day), match.group())
        if isinstance(made, Impossible):
            return made
        found.append(_recurring(every, due=f"{made.month:02d}-{made.day:02d}", bound=bound))
    return found


def _regular(match: re.Match[str], _when: When) -> Built:
    """Read a list of rhythms; the last is none when its one day follows ("báo cáo năm trước ngày 5/12/2026")."""
    items = _UNIT.findall(match["list"] or match.group())
    after = match.string[match.end() : match.end() + 120]
    if _ITS_DAY.match(after) and not re.search(rf"{EVERY} \w+ ?\w*$", match.group()):
        items = items[:-1]
    if _TERM.match(after) and re.match(r"sơ kết|tổng kết", match.group()):
        items = [item for item in items if "năm" not in item]  # "sơ kết 01 năm thực hiện"
    return [_recurring(every) for every in dict.fromkeys(_unit_of(part) for part in items)] or Nothing.NO_LIMIT


_ITS_DAY = re.compile(
    rf",? ?\(?(?:(?:gửi|nộp|xong|hoàn thành|báo cáo|về [^.;,()\d]{{0,40}}|năm \d{{4}}),? )*{CUE} (?:ngày )?"
    r"\d{1,2}(?:[/.-]\d{1,2}[/.-]\d{4}| tháng \d{1,2} năm \d{4})"
)
_TERM = re.compile(r" (?:thực hiện|triển khai|thi hành|hoạt động)\b")
_UNIT = re.compile(r"(?:0?[1369] |một |ba |sáu |chín )?(?:tháng|quý|năm)\b(?! (?:đầu|cuối) năm)|(?:0?6|sáu) tháng")
_LIST_ITEM = (
    r"(?:(?:hằng |hàng |mỗi |theo |báo cáo ){0,6}(?:0?[1369] |một |ba |sáu |chín )?(?:tháng|quý|năm)(?: (?:đầu"
    r"|cuối) năm)?(?:/lần| một lần| 1 lần)?)"
)
_LIST = (
    rf"(?P<list>{_LIST_ITEM}(?:(?:, và |, ?| và | hoặc | ?/ ?| ?; ?){_LIST_ITEM})*)"
    r"(?!\w| ?\d| học\b| (?:iv|i{1,3})\b)"
)
_SPAN_OF_REPORT = r"(?:(?:0?[369]|sáu|ba|chín) tháng(?: (?:đầu|cuối) năm)?|quý|tháng)"
#: In front of a span of time these make it a term or the last part of another wording.
_NO_TERM = "".join(
    rf"(?<!{word} )" for word in ("trong", "hạn", "vòng", "gian", "quá", "hằng", "hàng", "mỗi", "kỳ", "từng", r"\d")
)
#: Tried in this order, before the limits that come once.
RECURRING = (
    rule(
        "window",
        "từ ",
        rf"(?:báo cáo|số liệu|kỳ)(?: định kỳ| kết quả| số liệu)*:? ?(?P<span>{_PERIOD_OF_REPORT})(?: (?:đầu|cuối) năm)?"
        rf" ?[:,(]{{0,2}}(?: ?(?:(?:được |số liệu )?(?:tính|lấy|chốt)(?: số liệu)?|số liệu|kể|thời gian"
        rf"|là|mốc)){{0,4}}:? ?từ {DAY.format('1')}"
        rf"{_OF_PERIOD} (?:đến|tới)(?: hết)? {DAY.format('2')}{_OF_PERIOD}"
        rf"(?:[ ,;]*\(?(?:(?!\btừ\b|báo cáo (?:năm|quý|0?6|sáu|tháng))[^().;]){{0,60}}?{CUE} {DAY.format('3')}\)?)?",
        _window,
        figures="day",
    ),
    rule(
        "what_is_counted",
        "năm trước|năm liền",
        rf"từ {DAY.format('1')} (?:của )?năm (?:trước|liền kề)[^.;\d]{{0,30}} (?:đến|tới)(?: hết)? {DAY.format('2')}"
        rf"(?: (?:của )?năm (?:báo cáo|nay|hiện tại|sau|đó|thực hiện))?",
        _no_limit,
        figures="day",
    ),
    rule(
        "two_halves",
        "6 tháng|sáu tháng",
        rf"(?:định kỳ|báo cáo|sơ kết) (?:0?6|sáu) tháng(?: đầu năm)?(?:,| và|/|;)(?: (?:hằng|hàng|0?1|một"
        rf"|báo cáo|cuối))* ?năm\b[^.;\d]{{0,150}}?"
        rf"{CUE} (?:ngày )?(?P<d1>\d{{1,2}})(?:/| tháng )(?P<m1>\d{{1,2}})(?:,| và"
        rf"|;)(?: trước)? ?(?:ngày )?(?P<d2>\d{{1,2}})"
        rf"(?:/| tháng )(?P<m2>\d{{1,2}})(?![\d/]| năm \d)(?: {EVERY} năm)?",
        _two_halves,
        figures="any",
    ),
    rule(
        "halves_behind",
        "6 tháng|sáu tháng",
        rf"{CUE} (?:ngày )?(?P<d1>\d{{1,2}})(?:/| tháng )(?P<m1>\d{{1,2}})(?: hằng năm| hàng năm)? ?"
        r"(?:\((?:đối với )?|đối với )(?:báo cáo )?(?:định kỳ |sơ kết )?(?:0?6|sáu) tháng(?: đầu năm)?\)?"
        r"(?:[,;]| và|, và)"
        r" (?:trước |chậm nhất )?(?:ngày )?(?P<d2>\d{1,2})(?:/| tháng )(?P<m2>\d{1,2})(?: hằng năm| hàng năm)? ?"
        r"(?:\((?:đối với )?|đối với )(?:báo cáo )?(?:định kỳ |tổng kết )?(?:0?1 |một |cả )?năm\)?",
        _two_halves,
        figures="any",
    ),
    rule(
        "yearly_range",
        "hằng năm|hàng năm|mỗi năm|từng năm",
        rf"(?:từ )?{DAY.format('1')} ?(?:đến|tới|[-–])(?: hết)? ?{DAY.format('2')} {EVERY} năm",
        _yearly_range,
        figures="day",
    ),
    rule(
        "yearly",
        "hằng năm|hàng năm|mỗi năm|từng năm|năm sau|năm kế|năm tiếp|năm liền",
        rf"(?:{CUE} )?{_ITEMS},? (?:của )?(?:{EVERY} năm|năm (?:sau"
        rf"|kế tiếp|tiếp theo|liền kề))",
        _yearly,
    ),
    rule(
        "each_year_by",
        "hằng năm|hàng năm|mỗi năm|từng năm",
        rf"{EVERY} năm,? ?\(?[^.;()\d]{{0,60}}?{CUE} {_ITEMS}(?![\d/]| năm \d)",
        _yearly,
        figures="any",
    ),
    rule(
        "day_of_each",
        "hằng|hàng|mỗi|quý|tháng cuối|tháng đầu|tháng sau|tháng liền|tháng báo|tháng thứ|tháng kế",
        rf"(?:{CUE} (?:ngày )?|\bngày )(?<![/\d])(?P<day>\d{{1,2}}) (?P<unit>{EVERY} tháng"
        rf"|(?:của )?tháng (?:đầu|cuối|thứ (?:ba|hai|nhất|3|2))(?: tiên| cùng)? (?:của )?(?:{EVERY} )?quý"
        rf"(?: (?:sau|báo cáo"
        rf"|tiếp theo|liền kề))*"
        rf"|(?:của )?(?:{EVERY} )?tháng (?:báo cáo|sau|liền kề|kế tiếp)(?: (?:liền kề|của) ?(?:quý)?)*"
        rf"|(?:của )?{EVERY} quý)",
        _day_of_each,
        figures="day of",
    ),
    rule(
        "each_month_by",
        "hằng tháng|hàng tháng|mỗi tháng",
        rf"{EVERY} tháng[^.;]{{0,60}}?{CUE} ngày (?P<day>\d{{1,2}})(?P<unit>)(?!\d|[/.-]\d| tháng)",
        _day_of_each,
        figures="any",
    ),
    rule(
        "schedule",
        "trước|chậm nhất|muộn nhất|vào ngày|trễ nhất",
        rf"(?<!trong )(?<!cuối )(?<!đầu )\b(?:báo cáo (?:kết quả |định kỳ |tổng kết |sơ kết )*"
        rf"|{EVERY} )?(?P<unit>{_PERIOD_OF_REPORT})(?: (?:báo cáo|gửi|nộp|xong|về [^.;,()\d]{{0,40}}))*"
        rf"[ :,]{{0,2}}\(?(?:gửi |nộp |xong |báo cáo )*{CUE} (?:ngày )?(?P<d>\d{{1,2}})(?:(?:/"
        rf"| tháng )(?P<m>\d{{1,2}})(?![\d/]| năm \d)"
        rf"|(?= (?:{EVERY}|của|tháng|quý)|[);,.]))(?: (?:của )?(?:{EVERY} )?(?:tháng|quý|năm)(?: (?:cuối|đầu"
        rf"|sau|báo cáo|liền kề|kế tiếp|quý))*)?\)?",
        _schedule,
        confidence=0.9,
        figures="any",
    ),
    rule("regular", "định kỳ", rf"định kỳ(?: {EVERY}| theo)? {_LIST}", _regular, shrinks=True),
    rule(
        "list_of_reports",
        "tháng và|tháng,|quý và|quý,|năm và|năm,",
        rf"{_NO_TERM}\b(?P<list>{_SPAN_OF_REPORT}"
        rf"(?:(?:,| và|, và) (?:{EVERY} )?(?:{_SPAN_OF_REPORT}|(?:0?1 |một )?năm)\b)*"
        rf"(?:,| và|, và) (?:(?:hằng|hàng) (?:năm|quý)(?!\w| ?\d| học\b)"
        rf"|(?:(?:0?1 |một )?năm|{_SPAN_OF_REPORT})"
        r"(?= (?:tổng hợp|báo cáo|(?:tổ chức )?(?:sơ kết|tổng kết)|đánh giá|gửi))))",
        _regular,
    ),
    rule(
        "times",
        "lần",
        rf"(?<!\d )\b(?:{EVERY} )?(?P<list>(?:0?3 |ba )?tháng|{HALF}|quý|(?:0?1 "
        rf"|một )?năm)(?: ?/ ?lần| (?:một|1|01) lần)"
        r"|(?<!\d )\b(?P<half>(?:0?[36]|sáu|ba) tháng) (?:ít nhất|tối thiểu) (?:một|hai|0?[1-9]) lần",
        _regular,
    ),
    rule(
        "once_per",
        "lần",
        r"\b(?:(?:\d{1,2}|một|hai|ba) lần ?/ ?|(?:0?1|một) lần (?:trong (?=một|mỗi|0?1)|mỗi |một )?)(?:một |mỗi |0?1 )?"
        r"(?P<list>quý|năm|(?:0?6|sáu) tháng|tháng)\b(?! \d)",
        _regular,
    ),
    rule(
        "so_many_each",
        "mỗi|hằng|hàng|từng",
        rf"\b{EVERY} (?P<list>tháng|quý|năm)"
        r"(?= (?:ít nhất |tối thiểu |có |đăng |phát |mở |tổ chức ){0,2}\d{1,2} (?!năm\b)[^\W\d])",
        _regular,
        figures="any",
    ),
    rule(
        "each",
        "hằng|hàng|mỗi|từng",
        rf"(?:\b(?:hằng|hàng|mỗi)|(?:^|[.;,:(] |định kỳ |báo cáo |báo cáo theo |và )từng) {_LIST}",
        _regular,
        shrinks=True,
    ),
    rule(
        "reports",
        "báo cáo|sơ kết|tổng kết",
        rf"\b(?:báo cáo|sơ kết|tổng kết|giao ban)(?: định kỳ| kết quả(?: thực hiện)?| tình hình| công tác"
        rf"| tiến độ)*:? {_LIST}",
        _regular,
        confidence=0.85,
        shrinks=True,
    ),
)


def merged(deadlines: list[Deadline]) -> list[Deadline]:
    """Join "định kỳ 06 tháng" with the sentence that says when the half-year report is due; drop what says it again."""
    deadlines = _with_windows(deadlines)
    recurring = [one for one in deadlines if one.kind is DeadlineKind.RECURRING]
    detailed = {one.every: one for one in reversed(recurring) if one.due or one.window_first}
    kept: list[Deadline] = []
    told: set[str | None] = set()
    for limit in deadlines:
        if limit.kind is not DeadlineKind.RECURRING:
            kept.append(limit)
            continue
        bare = limit.due is None and limit.window_first is None
        better = detailed.get(limit.every)
        if bare and limit.every in told:
            continue
        if bare and better is not None:
            if better.start < limit.start:
                continue
            kept.append(replace(better, words=limit.words, start=limit.start, end=limit.end))
        elif limit is better and limit.every in told:
            continue
        else:
            kept.append(limit)
        told.add(limit.every)
    return kept


def _with_windows(deadlines: list[Deadline]) -> list[Deadline]:
    """Join a report's day with the days that it covers, told in a sentence of their own."""
    windows = {one.every: one for one in reversed(deadlines) if one.window_first and not one.due}
    dated = {one.every: one for one in reversed(deadlines) if one.due and not one.window_first and one.every in windows}
    joined: list[Deadline] = []
    for limit in deadlines:
        window = windows.get(limit.every)
        if window and limit is dated.get(limit.every):
            joined.append(replace(limit, window_first=window.window_first, window_last=window.window_last))
        elif limit is not window or limit.every not in dated:
            joined.append(limit)
    return joined
