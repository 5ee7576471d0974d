"""What a plan says about itself: number, kind, title, issuer, province, date, signer, period."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from tracker.extraction.dates import Impossible, make_day
from tracker.extraction.head import Head, is_capitals, is_motto, read_head
from tracker.extraction.issuers import find_issuer, find_province
from tracker.extraction.letters import CAPITALISED, LOWER, PLACE_NAME, UPPER
from tracker.extraction.lines import Line
from tracker.extraction.records import PlanFacts

#: The code in a document's number, and its kind; a number without such a code is an official letter's.
_CODES = {
    "KH": "Kế hoạch",
    "CT": "Chỉ thị",
    "QĐ": "Quyết định",
    "CTR": "Chương trình",
    "CTHĐ": "Chương trình",
    "NQ": "Nghị quyết",
    "ĐA": "Đề án",
    "TB": "Thông báo",
    "CĐ": "Công điện",
    "HD": "Hướng dẫn",
    "PA": "Phương án",
    "KL": "Kết luận",
    "TTR": "Tờ trình",
    "BC": "Báo cáo",
}
_KINDS = tuple(dict.fromkeys((*_CODES.values(), "Công văn")))
_KIND_CELL = re.compile(rf"(?:{'|'.join(_KINDS)})(?=$|[\s:])", re.IGNORECASE)
_KIND_TAIL = re.compile(r"\s*(?:hành động|phối hợp|liên ngành|công tác|liên tịch)?\s*:?\s*", re.IGNORECASE)
#: A document named in a sentence: "Kế hoạch số 12/KH-UBND", "văn bản số 2508/UBND-KGVX".
_NAMED = re.compile(
    rf"(?P<kind>(?i:{'|'.join(_KINDS)}|văn bản))(?: (?i:số))? ?:? ?(?P<number>\d{{1,5}}(?:/\d{{4}})?[/-][{UPPER}][\w&]*"
    rf"(?:[-/.][{UPPER}&][\w&]*)*)"
)
_ISSUES = re.compile(
    r"(?:ban hành(?: kèm theo)?|\bký|\bcó|nêu tại|nội dung(?: tại| của)?|toàn văn|xây dựng"
    r"|theo đó, tại)\s*(?:nội dung )?$",
    re.IGNORECASE,
)
_CITES = re.compile(
    r"(?:thực hiện|căn cứ(?: vào)?|tại|và|của|;|,|- ?|thay thế|bổ sung|triển khai|sau)\s*$", re.IGNORECASE
)
_DAY_WORDS = re.compile(
    r"ngày\s*(?P<d>\d{1,2})\s*(?:/|-|\.|tháng\s)\s*(?P<m>\d{1,2})(?:\s*(?:/|-|\.|năm\s)\s*(?P<y>\d{4}))?", re.IGNORECASE
)
_HEAD_DAY = re.compile(r"\bngày\s+(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})\s+năm\s+(?P<y>\d{4})", re.IGNORECASE)
_BLANK_DAY = re.compile(r"\bngày[\s.…_]*tháng", re.IGNORECASE)
_PLACE = re.compile(
    rf"(?:^|[\s,])(?P<place>(?:(?:Thành phố|TP\.?|Tp\.?) )?{PLACE_NAME}(?: ?[-–] ?{PLACE_NAME})?)\s*,?$"
)
_PREAMBLE = re.compile(
    r"(?:Căn cứ|Thực hiện|Để|Nhằm|Qua|Thi hành|Trên cơ sở|Triển khai|Tiếp tục|Xét|Theo|Kính gửi|I\.|1\."
    r"|A\.|Mục I\b|Phần"
    r"|Năm \d{4},|Những năm|Trong)"
)
_SPAN = re.compile(
    r"(?:giai đoạn|thời kỳ|năm|các năm)(?: từ)?(?: năm)? (?P<first>\d{4}) ?(?:[-–]"
    r"|đến(?: hết)?(?: năm)?) ?(?P<last>\d{4})",
    re.IGNORECASE,
)
_ONE_YEAR = re.compile(r"\bnăm (?P<first>\d{4})(?! ?[-–/] ?\d)", re.IGNORECASE)
#: The day of another document, and a year that a plan leads to.
_CITED = re.compile(r"ngày \d{1,2}(?:/\d{1,2}/\d{4}| tháng \d{1,2} năm \d{4})|tháng \d{1,2} năm \d{4}", re.IGNORECASE)
_UNTIL = re.compile(r"(?:đến|tới|vào)(?: hết)? năm (?P<last>\d{4})", re.IGNORECASE)
#: What stands under a title: who decides, on what grounds, or the first part.
_AFTER_TITLE = re.compile(
    r"(?:ỦY BAN|CHỦ TỊCH|HỘI ĐỒNG|BỘ TRƯỞNG|GIÁM ĐỐC|THỦ TƯỚNG CHÍNH PHỦ$|Căn cứ|Điều \d|PHẦN |Phần "
    r"|CHƯƠNG |(?:[IVX]+|[A-D])\. )"
)
_SIGNER_OFFICE = re.compile(
    r"(?:PHÓ )?(?:CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG BAN|CHÁNH VĂN PHÒNG|BỘ TRƯỞNG|THỨ TRƯỞNG|CỤC TRƯỞNG|BÍ THƯ|CHỦ NHIỆM"
    r"|THỦ TƯỚNG|TRƯỞNG PHÒNG|CHI CỤC TRƯỞNG|TỔNG CỤC TRƯỞNG|CHÁNH THANH TRA|VIỆN TRƯỞNG|CHÁNH ÁN)\b"
)
_RANK = re.compile(
    r"(?:(?:Thượng|Trung|Thiếu|Đại) (?:tướng|tá|úy)|(?:GS|PGS|TS|ThS|BS|BSCKI{1,2}|KS|CN|LS)\.?(?:TS\.?)?|Bác sĩ"
    r"|Tiến sĩ|Thạc sĩ)[ .:]+",
    re.IGNORECASE,
)
_SIGNER = re.compile(rf"(?:{CAPITALISED} ){{1,4}}{CAPITALISED}")
_OPENING = 3000


def read_facts(text: str, lines: Sequence[Line]) -> PlanFacts:
    """Read the facts that stand in the head, the signature and the site's table; a fact not found stays None."""
    head = read_head(lines)
    named = None if head.number else _issued_in_words(head, text)
    number = head.number or head.facts.get("number") or (named["number"] if named else None)
    place, issued_on = _place_and_day(head, text, named)
    title, kind_line = _title(head, text, number)
    kind = kind_line or _kind(head, number, named, text)
    province = find_province(head, text, place)
    first, last = _period(title or "", issued_on)
    return PlanFacts(
        number=number,
        kind=kind,
        title=title,
        issuer=find_issuer(head, text, province, number),
        province=province,
        issued_on=issued_on,
        signed_by=head.facts.get("signer") or _signer(lines),
        period_start=first,
        period_end=last,
        is_news=bool(lines) and not (head.is_formal or head.facts or kind_line),
    )


def year_of(facts: PlanFacts) -> int | None:
    """Give the year that days without one mean: the plan's first, which a plan of December may have ahead of it."""
    start = facts.period_start.year if facts.period_start else None
    if facts.issued_on is None:
        return start
    return start if start == facts.issued_on.year + 1 else facts.issued_on.year


def _issued_in_words(head: Head, text: str) -> re.Match[str] | None:
    """Find the document that an article is about: the one it says was issued, not those it cites."""
    if head.is_formal and head.number_at is not None:
        return None  # the number is left blank in the document itself
    best: tuple[int, re.Match[str] | None] = (0, None)
    for match in _NAMED.finditer(text[:_OPENING]):
        before = text[max(0, match.start() - 40) : match.start()]
        at_front = not before.rstrip(" |*") or before.rstrip(" |*").endswith("\n")
        cited = _CITES.search(before) or "UBND" not in match["number"]
        score = 3 if _ISSUES.search(before) else 2 if at_front else 0 if cited else 1
        score -= 2 if head.is_formal and score < 3 else 0
        if score > best[0]:
            best = score, match
    return best[1]


def _kind(head: Head, number: str | None, named: re.Match[str] | None, text: str) -> str | None:
    code = _code(number)
    if code:
        return code
    stated = head.facts.get("kind", "").casefold()
    kind = next((kind for kind in _KINDS if kind.casefold() == stated), None)
    if kind:
        return kind
    if named or (number and re.search(rf"/[{UPPER}]", number)):
        return next((kind for kind in _KINDS if named and kind.casefold() == named["kind"].casefold()), "Công văn")
    if head.is_formal and any(re.match(r"(?:V/v|Kính gửi)", cell, re.IGNORECASE) for cell in head.cells):
        return "Công văn"
    words = text[:_OPENING].casefold()
    issued = re.search(rf"(?:ban hành|ký|xây dựng) ({'|'.join(kind.casefold() for kind in _KINDS)})", words)
    if issued:
        return next(kind for kind in _KINDS if kind.casefold() == issued.group(1))
    return next((kind for kind in _KINDS if kind.casefold() in words[:1500]), None)


def _code(number: str | None) -> str | None:
    parts = re.split(r"[/-]", number.upper()) if number else []
    return next((_CODES[part] for part in parts[1:3] if part in _CODES), None)


def _place_and_day(head: Head, text: str, named: re.Match[str] | None) -> tuple[str | None, date | None]:
    """Give the place line's place and the day of issue."""
    stated = re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", head.facts.get("day", ""))
    day = _made(stated[1], stated[2], stated[3]) if stated else None
    if head.is_formal:
        for at, cell in enumerate(head.cells[:60]):
            joined = " ".join(head.cells[at : at + 4])
            match = _HEAD_DAY.search(joined)
            blank = _BLANK_DAY.search(joined)
            first = min((found.start() for found in (match, blank) if found), default=len(cell))
            if first >= len(cell):
                continue
            place = _place(head.cells[at - 1] if at else "", joined[:first])
            if place is None:
                continue
            return place, day or (
                _made(match["d"], match["m"], match["y"]) if match and match.start() == first else None
            )
        return None, day
    return None, day or (_day_in_words(text, named) if named else None)


def _place(above: str, before: str) -> str | None:
    """Give the place in front of ", ngày …"; a name may be broken over two lines ("Tiền" / "Giang, ngày")."""
    before = before.rstrip()
    if not before:
        before, above = above, ""
    match = _PLACE.search(before)
    if match is None or (not before.endswith(",") and above):
        return None
    place = match["place"]
    if " " not in place and match.start("place") == 0 and re.fullmatch(CAPITALISED, above) and not above.isupper():
        place = f"{above} {place}"
    return re.sub(r"^(?:Thành phố|TP\.?|Tp\.?) ", "", place)


def _day_in_words(text: str, named: re.Match[str]) -> date | None:
    """Read the day of a document that a sentence names: after its number, or before who issued it."""
    after = re.match(r"\s*,?\s*(?:\()?", text[named.end() : named.end() + 5])
    match = _DAY_WORDS.match(text, named.end() + (after.end() if after else 0))
    if match is None:
        sentence = max(text.rfind(". ", 0, named.start()), text.rfind("\n", 0, named.start())) + 1
        days = list(_DAY_WORDS.finditer(text, sentence, named.start()))
        days += list(
            re.finditer(
                r"(?i:đêm|sáng|chiều|tối) "
                r"(?P<d>\d{1,2})/(?P<m>\d{1,2})(?P<y>(?!))?",
                text[sentence : named.start()],
            )
        )
        match = days[-1] if days else None
    if match is None:
        return None
    year = match["y"] or _year_near(text, named)
    return _made(match["d"], match["m"], year) if year else None


def _year_near(text: str, named: re.Match[str]) -> str | None:
    """Give the year of a day written without one: of a full date near the front, else of the sentence."""
    full = re.search(r"\b\d{1,2}[/-]\d{1,2}[/-](20\d\d)\b", text[:1500])
    own = re.search(r"năm (20\d\d)", text[named.end() : named.end() + 600])
    found = own or full
    return found.group(1) if found else None


def _made(day: str, month: str, year: str) -> date | None:
    found = make_day(int(year), int(month), int(day), "")
    return None if isinstance(found, Impossible) else found


def _title(head: Head, text: str, number: str | None) -> tuple[str | None, str | None]:
    """Give the title, and the kind when a line of its own says it."""
    start = head.number_at or 0
    for at in range(start, min(len(head.cells), start + 45)):
        cell = head.cells[at]
        kind = _KIND_CELL.match(cell)
        if kind is None or not (cell.isupper() or is_capitals(cell)):
            continue
        tail = _KIND_TAIL.match(cell, kind.end())
        rest = cell[tail.end() if tail else kind.end() :]
        if rest and len(head.cells[at].split()) > 4 and at < start + 2 and not head.is_formal:
            continue  # the page's own title, in capitals
        parts = [rest] if rest else []
        parts += _title_cells(head.cells[at + 1 :], bool(rest))
        name = next(name for name in _KINDS if name.casefold() == kind.group().casefold())
        return " ".join(parts).strip(" .") or None, name
    return _title_in_words(head, text, number), None


def _title_cells(cells: Sequence[str], begun: bool) -> list[str]:
    parts: list[str] = []
    for cell in cells[:8]:
        if _KIND_CELL.fullmatch(cell.rstrip(":")) or _AFTER_TITLE.match(cell):
            break
        capitals = is_capitals(cell) or cell.isdigit()
        if (parts or begun) and (
            _PREAMBLE.match(cell) or (parts and capitals != is_capitals(parts[0])) or cell.endswith(":")
        ):
            break
        if len(cell) > 400 or cell.startswith(("- ", "+ ")) or re.match(r"(?:[IVX]+|\d+)[.)] ", cell) or is_motto(cell):
            break
        parts.append(cell)
        if not capitals and len(cell) > 200:
            break
    return parts


def _title_in_words(head: Head, text: str, number: str | None) -> str | None:
    if head.is_formal and head.number_at is not None:
        after = [cell for cell in head.cells[head.number_at + 1 : head.number_at + 8] if not is_motto(cell)]
        subject = next((cell for cell in after if re.match(r"(?:V/v|Về việc)", cell, re.IGNORECASE)), None)
        if subject:
            return re.sub(r"^V/v:?\s*", "", subject, flags=re.IGNORECASE).strip()
        block = [
            cell
            for cell in after
            if is_capitals(cell) and len(cell) > 20 and cell not in head.bodies and not _AFTER_TITLE.match(cell)
        ]
        if block:
            return block[0]
    if number is None:
        match = re.search(r"(?:ban hành|Ban hành) (?:Kế hoạch|kế hoạch) (?P<title>[^.\n]{5,300})", text[:_OPENING])
        return match["title"].strip() if match else None
    match = re.search(
        rf"{re.escape(number)}(?:[^\n]{{0,120}}?)\bvề(?: việc)? (?P<title>[^\n]{{10,400}}?)(?:\.?\n|\. |, có "
        rf"| \(gọi|\.$)",
        text[:4000],
    )
    return match["title"].strip(" .") if match else None


def _period(title: str, issued_on: date | None) -> tuple[date | None, date | None]:
    own = _CITED.sub(" ", title)
    span = _SPAN.search(own)
    single = None if span else _ONE_YEAR.search(_UNTIL.sub(" ", own))
    until = None if span or single else _UNTIL.search(own)
    if span:
        first, last = int(span["first"]), int(span["last"])
    elif single:
        first = last = int(single["first"])
    elif until and issued_on:
        first, last = issued_on.year, int(until["last"])
    else:
        return None, None
    if not 1990 <= first <= last <= 2100:
        return None, None
    return date(first, 1, 1), date(last, 12, 31)


def _signer(lines: Sequence[Line]) -> str | None:
    office = False
    for line in lines[-60:]:
        for cell in (cell.strip() for cell in line.text.split("|")):
            if _SIGNER_OFFICE.search(cell) and len(cell) < 60:
                office = True
            elif office:
                name = _RANK.sub("", cell)
                if _SIGNER.fullmatch(name) and re.search(rf"[{LOWER}]", name):
                    return name
    return None
