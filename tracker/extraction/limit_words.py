"""The words around a time limit: what makes a day a limit, and the form of a rule that reads one.

All patterns here and in the rules that use them match text in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from tracker.extraction.dates import Impossible
from tracker.extraction.records import Bound, Deadline, DeadlineKind

_BEFORE = r"(?:(?:xong|hoàn thành|thực hiện|gửi|về|là|đến|chậm nhất|muộn nhất) ){0,6}trước(?: thời điểm)?"
_BY = (
    r"(?:(?:chậm nhất|muộn nhất|trễ nhất|không (?:muộn|chậm|trễ) hơn|không quá)(?: là)?(?: (?:đến|tới|vào"
    r"|trong))?(?: hết)?"
    r"|(?:(?:xong|hoàn thành|kết thúc) )?(?:cho )?(?:trong|vào|đến|tới|hết)(?: hết| trong| vào| cuối)?"
    r"|(?:thời hạn|thời gian|hạn cuối|hạn chót|tiến độ)(?: hoàn thành| thực hiện| gửi)?(?: là)?:?"
    r"|(?:xong|hoàn thành|kết thúc):?)"
)
#: Groups `before` and `by` tell whether the named day itself is too late; `hour` that a moment of it is meant.
CUE = rf"(?:(?=[xhtgvlđcmk])\b(?:(?P<before>{_BEFORE})|(?P<by>{_BY})))"
HOUR = r"(?:(?:lúc )?(?P<hour{0}>\d{{1,2}}) ?(?:giờ|h|g) ?(?:\d{{1,2}})?(?: ?phút)?,? (?:của )?)?"
EVERY = r"(?:hằng|hàng|mỗi|từng)"
HALF = r"(?:0?6|sáu) tháng(?: (?:đầu|cuối) năm(?! \d))?"

#: What makes a day part of a name or of the past: "kỷ niệm ngày …", "Ngày toàn dân phòng, chống … 30/7".
NAMES_A_DAY = re.compile(
    r"(?:(?:ban hành|ký|dịp|nhân|kỷ niệm|hưởng ứng|lấy|truyền thống|thành lập|họp|phiên|lễ|sinh nhật"
    r"|số liệu(?: báo cáo)?)(?: vào| đến| tới| tính đến)?\s?"
    r"|\bngày (?:toàn dân|quốc tế|thế giới|truyền thống|thành lập|hội|pháp luật|chuyển đổi|quốc khánh"
    r"|giải phóng|việt nam)"
    r"[^.;\d]{0,80}\(?)$"
)


class Nothing(Enum):
    """Why words that were read give no deadline."""

    #: They name no limit of this plan (a start, a festival, a past event); nobody else shall read them.
    NO_LIMIT = auto()
    #: A day without any year.
    YEAR_MISSING = auto()


Built = list[Deadline] | Impossible | Nothing | None


@dataclass(frozen=True, slots=True)
class When:
    """What the plan says about time as a whole: its year, and the day before which none of its limits lies."""

    year: int | None = None
    since: date | None = None
    #: The words are the time cell of a table, where a bare day or year is a limit.
    is_cell: bool = False


#: What a rule's figures look like: a quick look before its pattern, which is slow, is tried.
FIGURES = {
    "day": re.compile(r"\d\s?[/.-]\s?\d|tháng \d"),
    "month": re.compile(r"tháng \d"),
    "year": re.compile(r"(?:19|20)\d\d"),
    "years": re.compile(r"\d{4} ?(?:[-–]|đến|tới)"),
    "count": re.compile(r"\d (?:\([^()]{1,20}\) )?(?:ngày|tháng|giờ|tuần|năm)\b"),
    "day of": re.compile(r"\d (?:của )?(?:hằng|hàng|mỗi|từng|tháng|quý)"),
    "any": re.compile(r"\d"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One wording of a time limit. None from `build` leaves the words to the rules that follow."""

    name: str
    #: At least one of these must be in the text before the pattern is tried; the empty word is always there.
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    build: Callable[[re.Match[str], When], Built]
    confidence: float = 0.95
    cells_only: bool = False
    #: Where another rule has taken the end of the words, what stands before it still counts.
    shrinks: bool = False
    #: Key of FIGURES that must be in the text too.
    figures: str | None = None


def rule(
    name: str,
    needs: str,
    pattern: str,
    build: Callable[[re.Match[str], When], Built],
    *,
    confidence: float = 0.95,
    cells_only: bool = False,
    shrinks: bool = False,
    figures: str | None = None,
) -> Rule:
    """Give a rule; `needs` are words parted by a bar."""
    return Rule(name, tuple(needs.split("|")), re.compile(pattern), build, confidence, cells_only, shrinks, figures)


def one(kind: DeadlineKind, **fields: object) -> Deadline:
    """Give a deadline whose words and place are still to be filled in."""
    return Deadline(kind, "", 0, 0, **fields)  # type: ignore[arg-type]


def bound_of(match: re.Match[str]) -> Bound:
    """Tell the bound from the cue; "trước 17 giờ ngày 15/6" leaves the 15th itself in time."""
    groups = match.groupdict()
    return Bound.BEFORE if groups.get("before") and not groups.get("hour") else Bound.BY
