"""Where a report goes and through whom: "… về UBND tỉnh (qua Công an tỉnh)"."""

from __future__ import annotations

import re

from tracker.extraction.lists import read_bodies, tidy

_VIA = re.compile(
    r"\((?i:(?:thông\s)?qua)\s(?P<bracketed>[^;)]{3,120})|(?<!\w)(?i:thông qua|qua)\s(?=(?:Sở|Phòng|Công an|Ban"
    r"|Văn phòng|Bộ|Ủy ban)\s)"
)
#: How many letters before "(qua …)" the body stands that the report goes to.
_BEFORE = 160
_REPORT = re.compile(r"(?<!\w)(?i:báo cáo|gửi|phản ánh|trình|kiến nghị)(?!\w)")
_TOWARDS = re.compile(r"(?:[^.;()]{0,120}?)(?<!\w)(?:về|cho|đến|lên|tới|gửi|báo cáo)\s(?=\S)")
_VAGUE = re.compile(
    r"(?:cơ quan|đơn vị|bộ phận)(?:\s(?:thường trực|đầu mối|chủ trì|cấp trên|có thẩm quyền"
    r"|tổng hợp))(?!\w)"
)
_FORCES = ("biên phòng", "hải quan", "các đơn vị", "các cơ quan")
_CAPITAL = re.compile(r"(?<!\w)(?:[A-ZĐỦ]|các\s)")


def read_report(text: str) -> tuple[str | None, str | None]:
    """Read where a report goes and through whom; None for what is not said."""
    via = _via(text)
    if via:
        start, name = via
        return _last_body(text, start), name
    for match in _REPORT.finditer(text):
        here = re.compile(r"\s").match(text, match.end())
        at = here.end() if here else match.end()
        bodies = read_bodies(text, at)
        if bodies is None:
            towards = _TOWARDS.match(text, match.end())
            if towards is None:
                continue
            at = towards.end()
            bodies = read_bodies(text, at)
        if bodies and bodies.names[0].casefold() not in _FORCES:
            return tidy(text[at : bodies.end]), None
        vague = _VAGUE.match(text, at)
        if vague:
            return tidy(vague.group()), None
    return None, None


def _via(text: str) -> tuple[int, str] | None:
    for match in _VIA.finditer(text):
        if match["bracketed"]:
            return match.start(), tidy(match["bracketed"])
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        bodies = read_bodies(text, match.end())
        if bodies and _REPORT.search(before):
            return match.start(), tidy(text[match.end() : bodies.end])
    return None


def _last_body(text: str, end: int) -> str | None:
    """Give the body, or the longest list of bodies, that ends at a place."""
    end -= len(text[:end]) - len(text[:end].rstrip(" ,"))
    start = max(0, end - _BEFORE)
    for match in _CAPITAL.finditer(text, start, end):
        bodies = read_bodies(text, match.start())
        if bodies and bodies.end == end:
            return bodies.names[-1]
    return None
