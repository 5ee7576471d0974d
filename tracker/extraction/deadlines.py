"""Time limits in a provision, in the order in which they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.extraction.dates import (
    DAY,
    MONTH,
    QUARTER,
    YEAR,
    Impossible,
    day_of,
    make_day,
    month_end,
    quarter_of,
)
from tracker.extraction.documents import without_document_names
from tracker.extraction.records import Bound, Deadline, DeadlineKind

_BEFORE = r"(?:xong |hoàn thành |thực hiện |gửi |về |là )*trước(?: thời điểm)?"
_BY = (
    r"(?:chậm nhất(?: là)?(?: đến)?(?: (?:trước|vào|trong|hết))?|muộn nhất(?: là)?|(?:xong |hoàn thành )?(?:đến"
    r"|tới)(?: trước)? hết"
    r"|(?:xong |hoàn thành )?(?:trong|vào|đến|hết)|thời hạn(?: hoàn thành)?:?|xong|hoàn thành)"
)
_CUE = rf"(?:(?P<before>\b{_BEFORE})|(?P<by>\b{_BY})) "
_EVERY = r"(?:hằng|hàng|mỗi)"
_UNITS = {"tháng": "month", "quý": "quarter", "năm": "year"}
_HALF = r"(?:0?6|sáu) tháng(?: đầu năm)?"

_Build = Callable[[re.Match[str], int | None], "list[Deadline] | Impossible | None"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a provision says about time: its deadlines and the keys of what could not be read."""

    deadlines: tuple[Deadline, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    text: str
    taken: bytearray
    deadlines: list[Deadline] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def find_deadlines(text: str, year: int | None = None) -> Found:
    """Read every time limit of a provision.

    `year` is the plan's own, for days written without one. Places count from the start of `text`. An impossible date
    gives no deadline but the reason "impossible_date"; a day without any year gives "year_missing".
    """
    reading = _Reading(without_document_names(text).replace("\n", " "), bytearray(len(text)))
    for pattern, build in _PATTERNS:
        _apply(reading, text, pattern, build, year)
    deadlines = _merged(sorted(reading.deadlines, key=lambda one: one.start))
    return Found(tuple(_without_idle_years(deadlines)), tuple(dict.fromkeys(reading.reasons)))


def _apply(reading: _Reading, text: str, pattern: re.Pattern[str], build: _Build, year: int | None) -> None:
    for match in pattern.finditer(reading.text):
        start, end = match.span()
        if any(reading.taken[start:end]):
            continue
        built = build(match, year)
        if built is None:
            continue
        reading.taken[start:end] = b"\1" * (end - start)
        if isinstance(built, Impossible):
            reading.reasons.append("impossible_date")
            continue
        if not built:
            reading.reasons.append("year_missing")
        words = text[start:end].strip(" ,;(")
        first = text.index(words, start) if words else start
        reading.deadlines += [replace(one, words=words, start=first, end=first + len(words)) for one in built]


def _one(kind: DeadlineKind) -> Deadline:
    return Deadline(kind, "", 0, 0)


def _window(match: re.Match[str], _year: int | None) -> list[Deadline] | Impossible | None:
    groups = match.groupdict()
    if not (groups["m1"] or groups["mm1"]) or not (groups["m2"] or groups["mm2"]):
        return None
    bound = None
    if groups.get("d3"):
        bound = Bound.BEFORE if groups["before"] else Bound.BY
    every = "half-year" if re.match(r"(?:0?6|sáu)", groups["span"]) else _unit_of(groups["span"])
    first, last, due = (_month_day(groups, number) for number in "123")
    return [
        replace(_one(DeadlineKind.RECURRING), every=every, due=due, bound=bound, window_first=first, window_last=last)
    ]


def _unit_of(words: str) -> str:
    return next(unit for word, unit in _UNITS.items() if word in words)


def _month_day(groups: dict[str, str | None], suffix: str) -> str | None:
    day, month = groups.get(f"d{suffix}"), groups.get(f"m{suffix}") or groups.get(f"mm{suffix}")
    return f"{int(month):02d}-{int(day):02d}" if day and month else None


def _range(match: re.Match[str], year: int | None) -> list[Deadline] | Impossible | None:
    last = day_of(match, "2", year)
    if last is None:
        return []
    if isinstance(last, Impossible):
        return last
    first = day_of(match, "1", last.year)
    if isinstance(first, Impossible):
        return first
    if first is not None and first > last and not (match["y1"] or match["yy1"]):
        first = first.replace(year=first.year - 1) if (first.month, first.day) != (2, 29) else None
    if first is None or first > last:
        return Impossible(match.group())
    return [replace(_one(DeadlineKind.RANGE), first_on=first, last_on=last)]


def _month_range(match: re.Match[str], year: int | None) -> list[Deadline] | Impossible | None:
    last_year = int(match["y2"]) if match["y2"] else year
    if last_year is None:
        return []
    first_year = int(match["y1"]) if match["y1"] else last_year
    last = month_end(last_year, int(match["m2"]))
    first = make_day(first_year, int(match["m1"]), 1, match.group())
    if last is None or isinstance(first, Impossible) or first > last:
        return Impossible(match.group())
    return [replace(_one(DeadlineKind.RANGE), first_on=first, last_on=last)]


def _yearly_days(match: re.Match[str], _year: int | None) -> list[Deadline] | Impossible | None:
    bound = Bound.BEFORE if match["before"] else Bound.BY
    found = []
    for suffix in "12":
        day, month = match.groupdict().get(f"d{suffix}"), match.groupdict().get(f"m{suffix}")
        if not day or not month:
            continue
        if isinstance(make_day(2024, int(month), int(day), match.group()), Impossible):
            return Impossible(match.group())
        due = f"{int(month):02d}-{int(day):02d}"
        found.append(replace(_one(DeadlineKind.RECURRING), every="year", due=due, bound=bound))
    return found or None


def _day_of_each(match: re.Match[str], _year: int | None) -> list[Deadline] | Impossible | None:
    day = int(match["day"])
    if not 1 <= day <= 31:
        return Impossible(match.group())
    every = "quarter" if "quý" in match["unit"] else "month"
    bound = Bound.BEFORE if match["before"] else Bound.BY
    return [replace(_one(DeadlineKind.RECURRING), every=every, due=f"{day:02d}", bound=bound)]


def _span_day(match: re.Match[str], _year: int | None) -> list[Deadline] | Impossible | None:
    if isinstance(make_day(2024, int(match["m"]), int(match["d"]), match.group()), Impossible):
        return Impossible(match.group())
    every = "half-year" if re.match(r"(?:0?6|sáu)", match["span"]) else "year"
    bound = Bound.BEFORE if match["before"] else Bound.BY
    due = f"{int(match['m']):02d}-{int(match['d']):02d}"
    return [replace(_one(DeadlineKind.RECURRING), every=every, due=due, bound=bound)]


def _regular(match: re.Match[str], _year: int | None) -> list[Deadline] | None:
    found = []
    for part in re.split(r",| và | hoặc |/|;", match["list"]):
        if re.search(r"(?:\b0?6|sáu) tháng", part):
            found.append("half-year")
        elif re.search(r"(?:\b0?[39]|ba|chín) tháng", part):
            found.append("quarter")
        elif re.search(r"(?:1|một|hằng|hàng|mỗi|^)\s*(?:0?1 |một )?(?:tháng|quý|năm)", part.strip()):
            found.append(_unit_of(part))
    return [replace(_one(DeadlineKind.RECURRING), every=every) for every in dict.fromkeys(found)] or None


def _each(match: re.Match[str], _year: int | None) -> list[Deadline] | None:
    return [replace(_one(DeadlineKind.RECURRING), every=_unit_of(match.group().casefold()))]


def _half_yearly(_match: re.Match[str], _year: int | None) -> list[Deadline] | None:
    return [replace(_one(DeadlineKind.RECURRING), every="half-year")]


def _date(match: re.Match[str], year: int | None) -> list[Deadline] | Impossible | None:
    found = day_of(match, "", year)
    if found is None:
        return []
    if isinstance(found, Impossible):
        return found
    bound = Bound.BEFORE if match.groupdict().get("before") else Bound.BY
    return [replace(_one(DeadlineKind.DATE), on=found, bound=bound)]


def _month(match: re.Match[str], year: int | None) -> list[Deadline] | Impossible | None:
    number = int(match["y"]) if match["y"] else year
    return _end_of(match, number, int(match["m"]), int(match["m"]))


def _quarter(match: re.Match[str], year: int | None) -> list[Deadline] | Impossible | None:
    number = int(match["y"]) if match["y"] else year
    quarter = quarter_of(match["q"])
    return _end_of(match, number, quarter * 3, quarter * 3 - 2)


def _end_of(match: re.Match[str], year: int | None, last_month: int, first_month: int) -> list[Deadline] | Impossible:
    if year is None:
        return []
    if match.groupdict().get("before"):
        first = make_day(year, first_month, 1, match.group())
        return (
            first if isinstance(first, Impossible) else [replace(_one(DeadlineKind.DATE), on=first, bound=Bound.BEFORE)]
        )
    last = month_end(year, last_month)
    return Impossible(match.group()) if last is None else [replace(_one(DeadlineKind.DATE), on=last, bound=Bound.BY)]


def _year_end(match: re.Match[str], _year: int | None) -> list[Deadline] | None:
    return [replace(_one(DeadlineKind.DATE), on=date(int(match["y"]), 12, 31), bound=Bound.BY)]


def _before_year(match: re.Match[str], _year: int | None) -> list[Deadline] | None:
    return [replace(_one(DeadlineKind.DATE), on=date(int(match["y"]), 1, 1), bound=Bound.BEFORE)]


def _half_end(match: re.Match[str], year: int | None) -> list[Deadline] | None:
    number = int(match["y"]) if match["y"] else year
    if number is None:
        return []
    return [replace(_one(DeadlineKind.DATE), on=date(number, 6, 30), bound=Bound.BY)]


def _period(match: re.Match[str], _year: int | None) -> list[Deadline] | Impossible | None:
    first, last = int(match["first"]), int(match["last"])
    if not 1990 <= first <= last <= 2100:
        return Impossible(match.group())
    return [replace(_one(DeadlineKind.PERIOD), first_year=first, last_year=last)]


def _year(match: re.Match[str], _year: int | None) -> list[Deadline] | None:
    year = int(match["y"])
    return [replace(_one(DeadlineKind.PERIOD), first_year=year, last_year=year)]


def _duration(match: re.Match[str], _year: int | None) -> list[Deadline] | None:
    number = int(match["number"])
    bare = _one(DeadlineKind.DURATION)
    return [replace(bare, days=number) if match["unit"] == "ngày" else replace(bare, months=number)]


_D = DAY.format("")
_SHORT = r"(?:ngày )?(?P<d{0}>\d{{1,2}})[/.-](?P<m{0}>\d{{1,2}})(?![/.-]?\d)"
#: In the order in which they are tried; a stretch of text belongs to the first that reads it.
_PATTERNS: tuple[tuple[re.Pattern[str], _Build], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), build)
    for pattern, build in (
        (
            rf"báo cáo (?:định kỳ |kết quả )?(?P<span>{_HALF}|năm|quý|tháng)(?: (?:được )?(?:tính"
            rf"|lấy số liệu))?:? từ {DAY.format('1')}"
            rf"(?: của)?(?: (?:kỳ|năm|tháng|quý) (?:trước|báo cáo)(?: liền kề)?)? (?:đến"
            rf"|tới)(?: hết)? {DAY.format('2')}"
            rf"(?: của)?(?: (?:kỳ|năm|tháng|quý) (?:báo cáo|này))?"
            rf"(?:[ ,;]*\(?[^().;]{{0,60}}?{_CUE}{DAY.format('3')}\)?)?",
            _window,
        ),
        (rf"(?:từ )?{DAY.format('1')} ?(?:đến|tới|[-–])(?: hết)? ?{DAY.format('2')}(?! {_EVERY})", _range),
        (rf"từ {MONTH.format('1')} (?:đến|tới)(?: hết)? {MONTH.format('2')}", _month_range),
        (
            rf"{_CUE}{_SHORT.format('1')}(?:(?: và|,|;)(?: (?:{_BEFORE}"
            rf"|chậm nhất))? {_SHORT.format('2')})? {_EVERY} năm",
            _yearly_days,
        ),
        (
            rf"{_CUE}(?:ngày )?(?P<day>\d{{1,2}}) (?P<unit>{_EVERY} tháng|(?:của )?(?:{_EVERY} )?tháng(?: (?:đầu"
            rf"|cuối|báo cáo|sau|liền kề))+"
            rf"(?: (?:của )?(?:{_EVERY} )?quý)?(?: (?:sau|báo cáo|tiếp theo|liền kề))*|{_EVERY} quý)",
            _day_of_each,
        ),
        (rf"{_EVERY} tháng[^.;]{{0,60}}?{_CUE}ngày (?P<day>\d{{1,2}})(?P<unit>)(?![/.-]?\d| tháng)", _day_of_each),
        (
            rf"báo cáo (?P<span>{_HALF}|năm)(?: gửi)?[ :,(]{{1,3}}{_CUE}{_SHORT.format('')}(?: {_EVERY} năm)?",
            _span_day,
        ),
        (
            rf"định kỳ(?: {_EVERY})? (?P<list>(?:(?:hằng |hàng |0?[1369] |một |sáu )?(?:tháng|quý"
            rf"|năm)(?: đầu năm)?(?:, và |, | và | hoặc |/|; )?)+)"
            r"(?!\w)",
            _regular,
        ),
        (rf"(?:mỗi |{_EVERY} )?{_HALF} (?:một|1|01) lần", _half_yearly),
        (rf"{_EVERY} (?:tháng|quý|năm)\b(?! (?:học|\d))", _each),
        (rf"{_CUE}{_D}", _date),
        (rf"(?=ngày ){_D}", _date),
        (rf"(?:{_CUE})?(?:0?6|sáu) tháng đầu năm (?P<y>\d{{4}})", _half_end),
        (rf"(?:{_CUE})?{MONTH.format('')}", _month),
        (rf"(?:{_CUE})?{QUARTER.format('')}", _quarter),
        (rf"\b(?:(?:đến|tới|vào|trong) )?(?:hết|cuối) {YEAR.format('')}", _year_end),
        (rf"\bđến {YEAR.format('')}", _year_end),
        (rf"\btrước {YEAR.format('')}", _before_year),
        (
            r"(?:giai đoạn|năm học|thời kỳ|các năm)(?: từ)?(?: năm)? (?P<first>(?:19|20)\d\d) ?(?:[-–]"
            r"|đến(?: năm)?) ?(?:năm )?(?P<last>(?:19|20)\d\d)",
            _period,
        ),
        (r"(?<!năm )(?<!\d)từ năm (?P<first>20\d\d) (?:đến|tới|-|–)(?: hết)?(?: năm)? (?P<last>20\d\d)", _period),
        (rf"(?:(?<=\s)|^|(?<=\())(?:trong )?{YEAR.format('')}", _year),
        (
            r"(?:(?:trong(?: thời hạn| thời gian| vòng)?|không quá|chậm nhất(?: là)?|sau"
            r"|tối đa) )+(?P<number>\d{1,3}) (?P<unit>ngày|tháng)(?: làm việc)?"
            r",? (?:kể )?(?:từ|sau|tính từ)\b[^,.;()]{0,60}",
            _duration,
        ),
        (
            r"(?:trong (?:thời hạn|vòng))(?: không quá)? (?P<number>\d{1,3}) (?P<unit>ngày|tháng)(?: làm việc)?",
            _duration,
        ),
    )
)


def _merged(deadlines: list[Deadline]) -> Iterator[Deadline]:
    """Join "định kỳ 06 tháng" with the sentence that says when the half-year report is due."""
    detailed = {
        one.every: one for one in deadlines if one.kind is DeadlineKind.RECURRING and (one.due or one.window_first)
    }
    seen: set[str | None] = set()
    for one in deadlines:
        if one.kind is DeadlineKind.RECURRING and one.every in detailed:
            bare = one.due is None and one.window_first is None
            better = detailed[one.every]
            if bare and one.every not in seen and better.start > one.start:
                seen.add(one.every)
                yield replace(better, words=one.words, start=one.start, end=one.end)
                continue
            if (bare and one.every in seen) or (one is better and one.every in seen) or bare:
                continue
        yield one


def _without_idle_years(deadlines: Iterator[Deadline]) -> list[Deadline]:
    """Drop a bare year when a day of the same year stands beside it: the day is the limit."""
    kept = list(deadlines)
    years = {day.year for one in kept for day in (one.on, one.first_on, one.last_on) if day}
    return [
        one
        for one in kept
        if not (one.kind is DeadlineKind.PERIOD and one.first_year == one.last_year and one.first_year in years)
    ]
