"""What a plan says about itself: number, kind, title, issuer, province, date, signer, period, coordinator."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker.extraction.dates import Impossible, make_day
from tracker.extraction.letters import CAPITALISED, LOWER, PLACE_NAME
from tracker.extraction.lines import Line
from tracker.extraction.records import PlanFacts, TaskExtract
from tracker.rules.folding import fold

_KINDS = (
    "Kế hoạch",
    "Chỉ thị",
    "Quyết định",
    "Chương trình",
    "Công văn",
    "Nghị quyết",
    "Đề án",
    "Công điện",
    "Thông báo",
    "Hướng dẫn",
)
_CODES = {
    "KH": "Kế hoạch",
    "CT": "Chỉ thị",
    "QĐ": "Quyết định",
    "CTr": "Chương trình",
    "NQ": "Nghị quyết",
    "ĐA": "Đề án",
    "TB": "Thông báo",
}
_NUMBER = r"\d{1,5}[/-](?:KH|CT|QĐ|CTr|NQ|ĐA|TB|CĐ|HD)[-/][A-ZĐ0-9][\w&-]*"
_HEAD_NUMBER = re.compile(r"[| ]*(?i:số(?: hiệu)?)\s*[:|]?\s*\|?\s*(?P<number>\d{1,5}\s?[/-]\s?[A-ZĐ][\w&/-]*)")
_NAMED_NUMBER = re.compile(rf"(?:{'|'.join(_KINDS)}) số (?P<number>{_NUMBER})")
_PLACE_AND_DAY = re.compile(
    rf"(?P<place>{PLACE_NAME})\s*,\s*ngày (?P<d>\d{{1,2}}) tháng (?P<m>\d{{1,2}}) năm (?P<y>\d{{4}})"
)
_LONG_DAY = re.compile(
    r",? ngày (?:(?P<d>\d{1,2}) tháng (?P<m>\d{1,2}) năm (?P<y>\d{4})|(?P<d2>\d{1,2})/(?P<m2>\d{1,2})/(?P<y2>\d{4}))"
)
_TABLE_FACT = re.compile(
    r"^\|?\s*(?P<name>Số hiệu|Ngày ban hành|Người ký|Cơ quan ban hành|Loại văn bản)\s*\|\s*(?P<value>[^|]+?)\s*\|?$"
)
_PROVINCE = re.compile(rf"\b(?:[Tt]ỉnh(?: ủy)?|TỈNH|[Tt]hành phố|THÀNH PHỐ)\s+(?P<name>{PLACE_NAME})")
_ISSUED_BY = re.compile(
    r"(?P<body>(?:UBND|Ủy ban nhân dân|Ban Chỉ đạo)[^.;]{0,120}?)(?: \([^)]*\))?\s+(?:vừa |đã )*(?:ban hành"
    r"|xây dựng) (?:Kế hoạch|kế hoạch)"
)
_PERIOD = re.compile(r"giai đoạn (\d{4}) ?[-–] ?(\d{4})|năm (\d{4})")
_PREAMBLE = re.compile(r"(?:Căn cứ|Thực hiện|Để|Nhằm|Qua|Thi hành|Trên cơ sở|Triển khai|Xét|I\.|1\.|A\.|Mục I\b|Phần)")
_SIGNER_OFFICE = re.compile(r"(?:PHÓ )?(?:CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG BAN|CHÁNH VĂN PHÒNG)\b")
_SIGNER = re.compile(rf"(?:{CAPITALISED} ){{1,4}}{CAPITALISED}")
_NOT_PROVINCE = {"viet nam", "trung uong"}
_URGES = ("don doc", "co quan thuong truc", "don vi thuong truc", "la dau moi")


def read_facts(text: str, lines: Sequence[Line]) -> PlanFacts:
    """Read the facts that stand in the head, the signature and the site's table; a fact not found stays None."""
    head = [line.text for line in lines[:60]]
    table = {match["name"]: match["value"] for match in map(_TABLE_FACT.match, head) if match}
    formal = [line for line in head[:30] if _HEAD_NUMBER.match(line)]
    number = _number(head[:30], table, text)
    kind = _kind(head, number)
    province = _province(head, text)
    issued_on = _issued_on(head, table, text, number)
    title = _title(head, text, number)
    period = _period(title or "")
    return PlanFacts(
        number=number,
        kind=kind,
        title=title,
        issuer=_issuer(head, text, province),
        province=province,
        issued_on=issued_on,
        signed_by=table.get("Người ký") or _signer(lines),
        period_start=period[0],
        period_end=period[1],
        is_news=not formal and not table and bool(lines),
    )


def with_coordinator(facts: PlanFacts, tasks: Sequence[TaskExtract]) -> PlanFacts:
    """Add the body charged to urge, check and sum up, concluded from the tasks."""
    votes: Counter[str] = Counter()
    for task in tasks:
        if task.inferred or len(task.owners) == 0:
            continue
        words = fold(task.text)
        heading = fold(task.heading or "")
        if "thuong truc" in heading or (any(word in words for word in _URGES) and "ke hoach" in words + heading):
            votes[task.owners[0]] += 3
        elif "don doc" in words and "tong hop" in words:
            votes[task.owners[0]] += 2
        elif "tham muu" in words and "chi dao trien khai" in words and "chu tri" in words:
            votes[task.owners[0]] += 1
        if task.report_via:
            votes[task.report_via.rpartition(", ")[2]] += 1
    provincial = Counter({body: count for body, count in votes.items() if not re.search(r"\b(?:xã|các|huyện)\b", body)})
    if not provincial:
        return facts
    return replace(facts, coordinator=provincial.most_common(1)[0][0])


def _number(head: Sequence[str], table: dict[str, str], text: str) -> str | None:
    if "Số hiệu" in table:
        return table["Số hiệu"]
    for line in head:
        for cell in line.split("|"):
            match = _HEAD_NUMBER.match(cell)
            if match:
                return match["number"].replace(" ", "").rstrip(".,")
    inside = re.search(rf"\bSố:?\s*(?P<number>{_NUMBER})", text[:3000]) or _NAMED_NUMBER.search(text[:3000])
    return inside["number"] if inside else None


def _kind(head: Sequence[str], number: str | None) -> str | None:
    for line in head:
        name = next((kind for kind in _KINDS if line.strip(" |*").casefold() == kind.casefold()), None)
        if name:
            return name
    code = re.split(r"[/-]", number)[1] if number and re.search(r"[/-]", number) else ""
    if code in _CODES:
        return _CODES[code]
    first = " ".join(head[:12])
    return next((kind for kind in _KINDS if kind.casefold() in first.casefold()), None)


def _province(head: Sequence[str], text: str) -> str | None:
    place = _PLACE_AND_DAY.search("\n".join(head))
    if place:
        return place["place"]
    names: Counter[str] = Counter()
    for match in _PROVINCE.finditer(text[:20_000]):
        name = match["name"].title() if match["name"].isupper() else match["name"]
        if fold(name) not in _NOT_PROVINCE:
            names[name] += 1
    return names.most_common(1)[0][0] if names else None


def _issued_on(head: Sequence[str], table: dict[str, str], text: str, number: str | None) -> date | None:
    written = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", table.get("Ngày ban hành", ""))
    place = _PLACE_AND_DAY.search("\n".join(head))
    if written:
        found = make_day(int(written[3]), int(written[2]), int(written[1]), "")
    elif place:
        found = make_day(int(place["y"]), int(place["m"]), int(place["d"]), "")
    else:
        at = text.find(number) if number else -1
        match = _LONG_DAY.match(text, at + len(number or "")) if at >= 0 else None
        if match is None:
            return None
        day, month, year = (match[key] or match[key + "2"] for key in ("d", "m", "y"))
        found = make_day(int(year), int(month), int(day), "")
    return None if isinstance(found, Impossible) else found


def _issuer(head: Sequence[str], text: str, province: str | None) -> str | None:
    formal = any(re.match(r"[| ]*(?:ỦY BAN NHÂN DÂN|UBND)\b", line) for line in head[:30])
    if not formal:
        match = _ISSUED_BY.search(text[:3000])
        if match:
            body = match["body"].strip(" ,")
            if body.startswith(("UBND", "Ủy ban nhân dân")):
                return _committee(province)
            return body if province is None or province in body else f"{body} {province}"
    named = re.search(r"(?:UBND|Ủy ban nhân dân) tỉnh\b", text[:5000])
    return _committee(province) if formal or named else None


def _committee(province: str | None) -> str | None:
    return f"Ủy ban nhân dân tỉnh {province}" if province else None


def _title(head: Sequence[str], text: str, number: str | None) -> str | None:
    for at, line in enumerate(head):
        if not any(line.strip(" |*").casefold() == kind.casefold() for kind in _KINDS):
            continue
        parts: list[str] = []
        for following in head[at + 1 : at + 6]:
            prose = re.search(rf"[{LOWER}]", following) is not None
            if following.startswith(("-", "_", "|")) or (prose and _PREAMBLE.match(following)) or len(following) > 400:
                break
            if parts and (prose != bool(re.search(rf"[{LOWER}]", parts[0])) or following.endswith(":")):
                break
            parts.append(following)
        if parts:
            return " ".join(parts).strip(" .")
    if number is None:
        match = re.search(r"(?:ban hành|Ban hành) (?:Kế hoạch|kế hoạch) (?P<title>[^.\n]{5,300})", text[:3000])
        return match["title"].strip() if match else None
    match = re.search(
        rf"{re.escape(number)}(?:[^\n]{{0,120}}?)\bvề(?: việc)? (?P<title>[^\n]{{10,400}}?)(?:\.?\n|\. |, có "
        rf"| \(gọi|\.$)",
        text[:4000],
    )
    return match["title"].strip(" .") if match else None


def _period(title: str) -> tuple[date | None, date | None]:
    match = _PERIOD.search(title)
    if not match:
        return None, None
    first, last = int(match[1] or match[3]), int(match[2] or match[3])
    if not 1990 <= first <= last <= 2100:
        return None, None
    return date(first, 1, 1), date(last, 12, 31)


def _signer(lines: Sequence[Line]) -> str | None:
    office = False
    for line in lines[-60:]:
        for cell in (cell.strip() for cell in line.text.split("|")):
            if _SIGNER_OFFICE.search(cell) and len(cell) < 60:
                office = True
            elif office and _SIGNER.fullmatch(cell):
                return cell
    return None
