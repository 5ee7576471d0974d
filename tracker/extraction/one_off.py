"""Limits that come once: days, ranges, months, quarters, years, and clocks that start with an event."""

from __future__ import annotations

import re
from datetime import date

from tracker.extraction.dates import (
    DAY,
    MONTH,
    POINT,
    QUARTER,
    YEAR,
    Impossible,
    bounds_of,
    day_of,
    make_day,
    month_end,
    quarter_of,
    year_written,
)
from tracker.extraction.limit_words import (
    CUE,
    EVERY,
    HOUR,
    NAMES_A_DAY,
    Built,
    Nothing,
    When,
    bound_of,
    one,
    rule,
)
from tracker.extraction.records import Bound, Deadline, DeadlineKind

_TO = r"\s?(?:(?:cho )?(?:đến|tới)|[-–])(?: hết| cuối| ngày| hết ngày)?\s?"
_MORE_DAY = (
    r"(?:\s?(?:,|;|và|hoặc)\s?(?:trước )?(?:ngày )?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{4})?(?![/.-]?\d)"
    r"|,? và (?:trước )?ngày \d{1,2} tháng \d{1,2}(?: năm \d{4})?)"
)
_ANOTHER = re.compile(r"(?P<d>\d{1,2})(?:[/.-]| tháng )(?P<m>\d{1,2})(?:(?:[/.-]| năm )(?P<y>\d{4}))?")
#: A fraction or a count follows, not a day ("đạt 2/3 số xã").
_COUNTED = r"(?! (?:số|tổng|xã|phường|huyện|thôn|chỉ tiêu|tiêu chí|người|cơ sở|hộ|trường|đơn vị|nhiệm vụ|giờ)\b)"
#: The day itself follows a month or quarter that only says what is reported.
_ITS_DAY = re.compile(
    rf",? ?\(?(?:(?:gửi|nộp|xong|về [^.;,()\d]{{0,40}}) )*{CUE} (?:ngày )?\d{{1,2}}[/.-]\d{{1,2}}(?!\d)"
)
_IS_NAMED = re.compile(r"\s?(?:[-–(]\s?|là )ngày\b|,? (?:hằng|hàng) năm là ngày")


def _span(match: re.Match[str], when: When) -> Built:
    """Read "từ A đến B" where each end is a day, a month, a quarter or a year."""
    last = bounds_of(match, "2", when.year)
    if last is None:
        return Nothing.YEAR_MISSING
    if isinstance(last, Impossible):
        return _unless_fraction(match, last)
    ends = match.groupdict()
    if ends["yr1"] and ends["yr2"]:
        return [one(DeadlineKind.PERIOD, first_year=int(ends["yr1"]), last_year=int(ends["yr2"]))]
    first = bounds_of(match, "1", last[1].year)
    if isinstance(first, Impossible) or first is None:
        return _unless_fraction(match, first or Impossible(match.group()))
    start, end = first[0], last[1]
    if start > end and year_written(match, "1") is None and (start.month, start.day) != (2, 29):
        start = start.replace(year=start.year - 1)
    if start > end:
        return _unless_fraction(match, Impossible(match.group()))
    return [one(DeadlineKind.RANGE, first_on=start, last_on=end)]


def _unless_fraction(match: re.Match[str], impossible: Impossible) -> Built:
    """Two fractions ("16/65 - 20/65 xã") are no span of time."""
    return impossible if re.search(r"ngày|tháng|quý|năm|từ|\d{4}", match.group()) else None


def _days(match: re.Match[str], when: When) -> Built:
    """Read "ngày 15-20/6", "từ ngày 10 đến ngày 20/11", "ngày 15 và 16/6": both days share month and year."""
    last = day_of(match, "", when.year)
    if not isinstance(last, date):
        return last if isinstance(last, Impossible) else Nothing.YEAR_MISSING
    first = make_day(last.year, last.month, int(match["first"]), match.group())
    if isinstance(first, Impossible) or first > last:
        return Impossible(match.group())
    if match["sep"] in (",", "và"):
        return [one(DeadlineKind.DATE, on=day, bound=Bound.BY) for day in (first, last)]
    return [one(DeadlineKind.RANGE, first_on=first, last_on=last)]


def _until(match: re.Match[str], when: When) -> Built:
    """Read "từ nay đến hết quý III": only the end is a limit."""
    ends = bounds_of(match, "", when.year)
    if not isinstance(ends, tuple):
        return ends if isinstance(ends, Impossible) else Nothing.YEAR_MISSING
    return [one(DeadlineKind.DATE, on=ends[1], bound=Bound.BY)]


def _start(_match: re.Match[str], _when: When) -> Built:
    return Nothing.NO_LIMIT


def _date(match: re.Match[str], when: When) -> Built:
    words = match.group()
    if not year_written(match) and "ngày" not in words and "tháng" not in words and int(match["m"]) > 12:
        return None
    days = [(match["d"], match["m"] or match["mm"], match["y"] or match["yy"])]
    days += [(more["d"], more["m"], more["y"]) for more in _ANOTHER.finditer(match["more"])]
    shared = next((year for _, _, year in reversed(days) if year), None)
    found: list[Deadline] = []
    for day, month, year in days:
        made = _made(day, month, year or shared, words, when)
        if not isinstance(made, date):
            return made
        found.append(one(DeadlineKind.DATE, on=made, bound=bound_of(match)))
    return found


def _made(day: str, month: str, year: str | None, words: str, when: When) -> date | Impossible | Nothing:
    """Make a day; one without a year is the first that the plan can mean."""
    number = int(year) if year else when.year
    if number is None:
        return Nothing.YEAR_MISSING
    made = make_day(number, int(month), int(day), words)
    if isinstance(made, date) and year is None and when.since and made < when.since:
        made = make_day(number + 1, int(month), int(day), words)
    return made


def _bare_date(match: re.Match[str], when: When) -> Built:
    before, after = match.string[max(0, match.start() - 100) : match.start()], match.string[match.end() :][:30]
    if NAMES_A_DAY.search(before) or _IS_NAMED.match(after):
        return Nothing.NO_LIMIT
    written = year_written(match)
    if written and when.year and written < when.year:
        return Nothing.NO_LIMIT
    return _date(match, when)


def _end_of(match: re.Match[str], when: When) -> Built:
    groups = match.groupdict()
    if not (groups.get("before") or groups.get("by")) and _ITS_DAY.match(match.string, match.end()):
        return Nothing.NO_LIMIT  # "báo cáo quý I trước ngày 15/3"
    ends = bounds_of(match, "", when.year)
    if not isinstance(ends, tuple):
        return ends if isinstance(ends, Impossible) else Nothing.YEAR_MISSING
    if year_written(match) is None and when.since and ends[1] < when.since:
        later = bounds_of(match, "", ends[1].year + 1)
        ends = later if isinstance(later, tuple) else ends
    if groups.get("before"):
        return [one(DeadlineKind.DATE, on=ends[0], bound=Bound.BEFORE)]
    return [one(DeadlineKind.DATE, on=ends[1], bound=Bound.BY)]


def _months(match: re.Match[str], when: When) -> Built:
    """Read "tháng 3, tháng 6/2025", "tháng 5-6/2025", "quý II, III/2025", "quý I-II/2024"."""
    year = int(match["year"]) if match["year"] else when.year
    if year is None:
        return Nothing.YEAR_MISSING
    numbers = [
        quarter_of(part) * 3 if match["unit"] == "quý" else int(part) for part in _NUMBERS.findall(match["list"])
    ]
    step = 2 if match["unit"] == "quý" else 0
    ends = [end for number in numbers if (end := month_end(year, number))]
    if len(ends) < len(numbers):
        return Impossible(match.group())
    if re.search(r"[-–]|đến", match["list"]):
        if numbers[0] > numbers[-1]:
            return Impossible(match.group())
        return [one(DeadlineKind.RANGE, first_on=date(year, numbers[0] - step, 1), last_on=ends[-1])]
    return [one(DeadlineKind.DATE, on=end, bound=Bound.BY) for end in ends]


_NUMBERS = re.compile(r"\d{1,2}|\biv\b|\bi{1,3}\b")


def _year_end(match: re.Match[str], _when: When) -> Built:
    return [one(DeadlineKind.DATE, on=date(int(match["yr"]), 12, 31), bound=Bound.BY)]


def _before_year(match: re.Match[str], _when: When) -> Built:
    return [one(DeadlineKind.DATE, on=date(int(match["yr"]), 1, 1), bound=Bound.BEFORE)]


def _half_end(match: re.Match[str], when: When) -> Built:
    if not (match["year"] or match["by"] or match["before"]):
        return None
    number = int(match["year"]) if match["year"] else when.year
    if number is None:
        return Nothing.YEAR_MISSING
    end = date(number, 6, 30) if match["half"] == "đầu" else date(number, 12, 31)
    return [one(DeadlineKind.DATE, on=end, bound=Bound.BY)]


def _period(match: re.Match[str], _when: When) -> Built:
    if match["term"]:
        return Nothing.NO_LIMIT
    spans = [(int(first), int(last)) for first, last in re.findall(r"(\d{4})\D+?(\d{4})", match["spans"])]
    if any(not 1990 <= first <= last <= 2100 for first, last in spans):
        return Impossible(match.group())
    return [one(DeadlineKind.PERIOD, first_year=first, last_year=last) for first, last in spans]


def _years(match: re.Match[str], _when: When) -> Built:
    return [
        one(DeadlineKind.PERIOD, first_year=int(year), last_year=int(year))
        for year in re.findall(r"(?:19|20)\d\d", match["list"])
    ]


def _duration(match: re.Match[str], _when: When) -> Built:
    number, unit = int(match["number"]), match["unit"]
    if unit in ("tháng", "năm"):
        return [one(DeadlineKind.DURATION, months=number * (12 if unit == "năm" else 1))]
    days = {"ngày": number, "tuần": number * 7, "giờ": -(-number // 24)}[unit]
    return [one(DeadlineKind.DURATION, days=days)]


_D = DAY.format("")
_SPANS = r"(?P<spans>(?:19|20)\d\d ?(?:[-–]|đến(?: hết)?(?: năm)?) ?(?:năm )?(?:19|20)\d\d"
_COUNT = r"(?P<number>\d{1,3}) (?:\([^()]{1,20}\) )?(?P<unit>ngày|tháng|giờ|tuần|năm)\b(?: làm việc)?"

#: Tried in this order, after the rules for what comes again and again.
ONE_OFF = (
    rule(
        "days_of_month",
        "ngày|từ",
        rf"(?:(?:từ )?ngày|\btừ) (?P<first>\d{{1,2}})\s?(?P<sep>[-–,]|và|đến|tới)(?: hết)?\s?{_D}",
        _days,
        figures="day",
    ),
    rule(
        "span",
        "đến|tới|-|–",
        rf"(?:\btừ )?(?:đầu )?{HOUR.format('1')}{POINT.format('1')}{_TO}"
        rf"{HOUR.format('2')}{POINT.format('2')}(?! {EVERY})",
        _span,
    ),
    rule(
        "until",
        "từ",
        rf"\btừ (?:nay|khi|ngày ký|ngày ban hành|thời điểm)[^,.;\d]{{0,30}}? (?:đến|tới)(?: hết| cuối"
        rf"| trước)* {POINT.format('')}",
        _until,
    ),
    rule(
        "start",
        "từ",
        rf"\b(?:kể |bắt đầu |áp dụng )?từ (?:đầu )?(?:{_D}|{MONTH.format('')}"
        rf"|{QUARTER.format('')}|{YEAR.format('')}(?! ?[-–]| (?:đến|tới)))",
        _start,
    ),
    rule(
        "date",
        "",
        rf"{CUE} (?:(?:dịp|lễ|ngày lễ"
        rf"|kỷ niệm) )*{HOUR.format('')}{_D}{_COUNTED}(?P<more>{_MORE_DAY}{{0,6}})",
        _date,
        figures="day",
    ),
    rule(
        "bare_date",
        "ngày",
        rf"\b(?=ngày\s){_D}(?P<more>{_MORE_DAY}{{0,6}})",
        _bare_date,
        confidence=0.85,
        figures="day",
    ),
    rule(
        "half_end",
        "tháng đầu|tháng cuối",
        rf"(?:{CUE} )?(?:0?6|sáu) tháng (?P<half>đầu|cuối) năm(?: (?P<year>\d{{4}}))?",
        _half_end,
    ),
    rule(
        "months",
        "tháng|quý",
        r"(?P<unit>tháng|quý) (?P<list>(?:\d{1,2}|iv|i{1,3})(?:\s?(?:,|và|[-–]|đến)\s?(?:(?:tháng"
        r"|quý) )?(?:\d{1,2}|iv|i{1,3})(?![\d/]*%))+)"
        r"(?:\s?(?:/|,? năm) ?(?P<year>\d{4}))?(?!\w|[/.]\d)",
        _months,
    ),
    rule("month", "tháng", rf"(?:{CUE} )?{MONTH.format('')}", _end_of, figures="month"),
    rule("quarter", "quý", rf"(?:{CUE} )?{QUARTER.format('')}", _end_of),
    rule(
        "period",
        "",
        rf"(?:giai đoạn|(?P<term>nhiệm kỳ|khóa)|thời kỳ|trung hạn|các năm|năm học|năm|niên độ"
        r"|(?:thời gian(?: thực hiện)?|lộ trình|tiến độ(?: thực hiện)?):?|(?:\d|trong) năm \()"
        rf"(?: từ)?(?: năm)? ?{_SPANS}"
        rf"(?:(?: và|,)(?: giai đoạn)? (?:19|20)\d\d ?[-–] ?(?:19|20)\d\d)*)"
        r"(?:,? (?:và )?(?:định hướng|tầm nhìn)(?: đến)?(?: năm)? \d{4})?",
        _period,
        figures="years",
    ),
    rule("session", "kỳ họp", rf"kỳ họp (?:giữa|cuối) {YEAR.format('')}", _start),
    rule(
        "year_end",
        "hết|cuối",
        rf"\b(?:(?:đến|tới|vào|trong) )?(?:hết|cuối) {YEAR.format('')}",
        _year_end,
        figures="year",
    ),
    rule(
        "from_year",
        "từ",
        r"(?P<term>(?!))?\btừ (?P<spans>20\d\d ?(?:[-–]|đến|tới) ?20\d\d)(?!\d)",
        _period,
        figures="years",
    ),
    rule("to_year", "đến|tới", r"\b(?:đến|tới) (?:năm )?(?P<yr>(?:19|20)\d\d)(?![/.-]?\d)", _year_end, figures="year"),
    rule("before_year", "trước", rf"\btrước {YEAR.format('')}", _before_year, figures="year"),
    rule("years", "năm", r"\bnăm (?P<list>20\d\d(?:(?:,| và)(?: năm)? 20\d\d(?![/.-]?\d))+)", _years, figures="year"),
    rule(
        "year",
        "năm",
        r"(?<!so với )(?<![\d/] )\b(?:trong |vào )?năm (?P<list>(?:19"
        r"|20)\d\d)(?![/.-]?\d)",
        _years,
        confidence=0.9,
        figures="year",
    ),
    rule(
        "clock",
        "từ|sau|trước|khi",
        r"(?:(?:trong(?: thời hạn| thời gian| vòng)?|không quá|chậm nhất(?: là)?|muộn nhất(?: là)?|sau|tối đa"
        r"|thời hạn) )+"
        rf"{_COUNT},? (?:(?:kể |tính )?(?:từ|sau|trước)|khi)\b[^,.;()]{{0,60}}",
        _duration,
        figures="count",
    ),
    rule(
        "clock_after",
        "khi ",
        rf"(?:sau|kể từ) khi [^,.;\d]{{3,80}}? (?:chậm nhất|không quá|trong(?: vòng| thời hạn)?"
        rf"|tối đa)(?: là)? {_COUNT}",
        _duration,
        figures="count",
    ),
    rule(
        "duration",
        "thời hạn|vòng|thời gian",
        rf"(?:trong (?:thời hạn|vòng|thời gian))(?: không quá| tối đa)? {_COUNT}",
        _duration,
        figures="count",
    ),
    rule(
        "working_days",
        "ngày làm việc",
        r"\btrong (?P<number>\d{1,3}) (?:\([^()]{1,20}\) )?(?P<unit>ngày) làm việc\b",
        _duration,
    ),
    rule("cell_day", "/|.|-", rf"(?<![\d/]){_D}(?P<more>{_MORE_DAY}{{0,6}})", _date, cells_only=True, figures="day"),
    rule("cell_quarter", "q", rf"\bq\.? ?{QUARTER.removeprefix('quý ').format('')}", _end_of, cells_only=True),
    rule("cell_month", "/", r"(?<![\d/])t?(?P<mo>\d{1,2})/(?P<moy>20\d\d)(?!\d)", _end_of, cells_only=True),
    rule("cell_period", "20", rf"(?<!\d)(?P<term>(?!))?{_SPANS})(?!\d)", _period, cells_only=True),
    rule("cell_year", "20", r"(?<![\d/])(?P<list>20\d\d)(?![\d/])", _years, cells_only=True),
)
