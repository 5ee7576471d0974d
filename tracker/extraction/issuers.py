"""Who issued a document, and in which province: from the head, a site's table, or the sentence of an article."""

from __future__ import annotations

import re

from tracker.extraction import provinces
from tracker.extraction.head import Head
from tracker.extraction.letters import LOWER, PLACE_NAME, UPPER

_LEVELS = {
    "TỈNH": "tỉnh",
    "THÀNH PHỐ": "thành phố",
    "TP": "thành phố",
    "TP.": "thành phố",
    "QUẬN": "quận",
    "HUYỆN": "huyện",
    "THỊ XÃ": "thị xã",
    "TX": "thị xã",
    "TX.": "thị xã",
    "THỊ TRẤN": "thị trấn",
    "XÃ": "xã",
    "PHƯỜNG": "phường",
    "ĐẶC KHU": "đặc khu",
}
_LEVEL = "|".join(re.escape(level) for level in sorted(_LEVELS, key=len, reverse=True))
_COMMITTEE = re.compile(
    rf"(?P<body>ỦY BAN NHÂN DÂN|UBND|HỘI ĐỒNG NHÂN DÂN|HĐND)(?: (?P<level>{_LEVEL})\s+(?P<name>.+))?$", re.IGNORECASE
)
_SPELT = {
    "ỦY BAN NHÂN DÂN": "Ủy ban nhân dân",
    "UBND": "Ủy ban nhân dân",
    "HỘI ĐỒNG NHÂN DÂN": "Hội đồng nhân dân",
    "HĐND": "Hội đồng nhân dân",
}
_CENTRAL = re.compile(
    r"(?:BỘ (?!CHỈ HUY|ĐỘI)|CHÍNH PHỦ|THỦ TƯỚNG|QUỐC HỘI|VĂN PHÒNG (?:CHÍNH PHỦ|QUỐC HỘI|TRUNG ƯƠNG)|ỦY BAN DÂN TỘC"
    r"|ỦY BAN (?:THƯỜNG VỤ )?QUỐC|BAN CHẤP HÀNH TRUNG ƯƠNG|BỘ CHÍNH TRỊ|THANH TRA CHÍNH PHỦ|TỔNG CỤC)"
    r"|\b(?:TRUNG ƯƠNG|QUỐC GIA)\b"
)
#: Whose own place name says the province: "Sở Y tế", "Công an tỉnh".
_ACTS = r"(?:ban hành|xây dựng|có|ký|triển khai)"
_ACTED = re.compile(
    rf"(?<!về)(?<!về )(?<!việc)(?<!việc )(?:vừa|đã|cũng|mới|tiếp tục)?(?: (?:vừa|đã"
    rf"|mới))*\s*{_ACTS}(?: ban hành)? (?i:kế hoạch|chỉ thị|công văn|văn bản"
    r"|chương trình|quyết định|công điện|hướng dẫn|phương án)"
)
_NAMED_BODY = re.compile(
    rf"(?P<body>(?:UBND|Ủy ban nhân dân)(?: \(UBND\))? (?P<level>tỉnh|thành phố|TP\.?|huyện|thị xã|quận"
    rf"|phường|xã|TX\.?)"
    rf"(?: ?(?P<name>{PLACE_NAME}(?: - {PLACE_NAME})?))?)"
    r"|(?P<group>(?:Ban (?:[Cc]hỉ đạo|[Cc]hỉ huy|[Qq]uản lý|[Đđ]iều hành|[Tt]ổ chức)|Tổ công tác)[^.;()\n]{0,160}?"
    r"(?= \(|\s*,?\s*(?:vừa|đã|ban hành|(?:xây dựng|triển khai) [Kk]ế hoạch)))"
    rf"|(?P<other>(?:Sở(?: [{UPPER}][{LOWER}]+,)?|Bộ|Cục|Chi cục|Công an|Viện kiểm sát|Tòa án|Tỉnh ủy"
    rf"|Thành ủy|Huyện ủy)"
    rf"[ {UPPER}{LOWER}-]{{0,60}}?(?=\s*,?\s*(?:vừa|đã|ban hành|xây dựng|có)\b))"
)
_PARTY = re.compile(rf"Ban (?:Chấp hành Đảng bộ|Thường vụ Tỉnh ủy) tỉnh (?P<name>{PLACE_NAME})")
_OWN = re.compile(r"\b(?P<body>UBND|Ủy ban nhân dân) (?P<level>xã|phường|thị trấn|huyện|quận|thị xã)\b")
#: What a site says of other documents that it lists beneath one.
_LISTED = re.compile(
    r"do (?:(?:UBND|Ủy ban nhân dân|HĐND|Hội đồng nhân dân) )?(?i:tỉnh|thành phố) [^.;,\n]{2,40} ban hành"
)
_OPENING = 3000
#: Where a department's name takes a capital: "Sở Văn hóa, Thể thao và Du lịch".
_FIELD = re.compile(r"(?:(?<=^Sở )|(?<=^Bộ )|(?<=^Cục )|(?<=^Chi cục )|(?<= và )|(?<=, )|(?<= - ))\w")


def find_province(head: Head, text: str, place: str | None) -> str | None:
    """Give the province a document belongs to; None for the central level and where nothing names one."""
    if head.bodies and _CENTRAL.search(head.bodies[-1]) and not re.search(r"\bTỈNH\b", head.bodies[-1]):
        return None
    stated = head.facts.get("issuer", "")
    if stated and _CENTRAL.match(stated.upper()):
        return None
    named = provinces.first_named([*reversed(head.bodies), stated], text)
    if named:
        return named
    if place:
        usual = provinces.known(place)
        if usual and (provinces.is_city(usual) or not _below(head)):
            return usual
    text = _LISTED.sub("", text)
    above = provinces.named_most(text[:_OPENING], but=place) or provinces.named_most(text, but=place)
    if place and not _below(head):
        inside = provinces.named_most(text)
        return place if inside == place or above is None else above
    return above


def find_issuer(head: Head, text: str, province: str | None, number: str | None) -> str | None:
    """Give the issuing body, with the level and the name of its place; None when nothing says who issued it."""
    if head.bodies:
        return _from_head(head, text, province)
    stated = head.facts.get("issuer")
    if stated:
        place = re.fullmatch(r"(?i:(tỉnh|thành phố|tp\.?)) (.+)", stated)
        return _committee(province) if place else stated
    if head.is_formal and number and "UBND" in number:
        return _committee(province)
    return _from_sentence(text, province, number)


def _below(head: Head) -> bool:
    """Tell whether a head names a body below the province, whose place line is no province."""
    match = _COMMITTEE.match(head.bodies[-1]) if head.bodies else None
    return bool(match and match["level"] and match["level"].upper() not in ("TỈNH", "THÀNH PHỐ", "TP", "TP."))


def _committee(province: str | None, body: str = "Ủy ban nhân dân") -> str:
    level = "thành phố" if provinces.is_city(province) else "tỉnh"
    return f"{body} {level} {province}" if province else f"{body} tỉnh"


def _from_head(head: Head, text: str, province: str | None) -> str | None:
    printed = head.bodies[-1]
    match = _COMMITTEE.match(printed)
    if match:
        body = _SPELT[match["body"].upper()]
        if match["level"]:
            return f"{body} {_LEVELS[match['level'].upper()]} {provinces.spelt(match['name'].strip(), text)}"
        own = _OWN.search(text[:_OPENING]) if province is None else None
        return _committee(province, body) if own is None else f"{body} {own['level']}"
    name = _spelt(printed, text)
    superior = _COMMITTEE.match(head.bodies[-2]) if len(head.bodies) > 1 else None
    if province and superior and province not in name and not _CENTRAL.search(printed):
        level = "thành phố" if provinces.is_city(province) else "tỉnh"
        return f"{name} {level} {province}"
    return name


def _spelt(printed: str, text: str) -> str:
    """Give a body's name as the text spells it where it isn't all capitals, else with one capital at its front."""
    pattern = r"\s+".join(re.escape(word) for word in printed.split())
    for match in re.finditer(pattern, text[:20_000], re.IGNORECASE):
        found = " ".join(match.group().split())
        if not found.isupper() and found[0].isupper():
            return found
    place = re.search(rf"\b(?P<level>TỈNH ỦY|THÀNH ỦY|HUYỆN ỦY|{_LEVEL}) (?P<name>[^,]+)$", printed)
    words = printed.capitalize()
    if re.match(r"(?:SỞ|BỘ|CỤC|CHI CỤC) ", printed):
        words = _FIELD.sub(lambda match: match.group().upper(), words)
    if place and not place["name"].endswith("HỘI"):
        at = place.start("name")
        words = words[:at] + provinces.spelt(place["name"], text)
    return words


def _from_sentence(text: str, province: str | None, number: str | None) -> str | None:
    opening = text[:_OPENING]
    after = (
        re.search(
            rf"{re.escape(number)}[^.;\n]{{0,60}}? của (?=UBND|Ủy ban|Ban"
            rf"|Sở|Bộ|Tỉnh)",
            opening,
        )
        if number
        else None
    )
    if after:
        match = _NAMED_BODY.match(opening, after.end())
        if match and match["body"]:
            return _as_named(match, province)
    for acted in _ACTED.finditer(opening):
        before = max(opening.rfind(". ", 0, acted.start()), opening.rfind("\n", 0, acted.start())) + 1
        bodies = list(_NAMED_BODY.finditer(opening, before, min(len(opening), acted.start() + 40)))
        if bodies:
            return _as_named(bodies[-1], province)
    given = re.search(r"\bdo (?:Chủ tịch )?(?=UBND|Ủy ban)(?:[^.;\n]|TP\.){3,80}? ban hành", opening)
    if given:
        match = _NAMED_BODY.search(opening, given.start())
        if match and match["body"]:
            return _as_named(match, province)
    party = _PARTY.search(opening)
    if party:
        return f"Tỉnh ủy {party['name']}"
    named = re.search(r"(?:UBND|Ủy ban nhân dân) (?:tỉnh|thành phố|TP)\b", opening) if number else None
    return _committee(province) if named else None


def _as_named(match: re.Match[str], province: str | None) -> str:
    if match["body"]:
        level = _LEVELS.get(match["level"].upper(), match["level"])
        name = match["name"] or ""
        usual = provinces.known(name) if name else None
        if level in ("tỉnh", "thành phố") and (not name or usual == province):
            return _committee(province) if province or level == "tỉnh" else "Ủy ban nhân dân thành phố"
        return f"Ủy ban nhân dân {level} {usual if usual and level in ('tỉnh', 'thành phố') else name}".rstrip()
    body = (match["group"] or match["other"]).strip(" ,")
    return body if province is None or province in body or not body.endswith("tỉnh") else f"{body} {province}"
