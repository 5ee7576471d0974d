"""Lists of bodies as a plan prints them, and classes that it spells out: who each of them is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tracker.extraction.acts import ACT
from tracker.extraction.fields import FIELD
from tracker.extraction.letters import CAPITALISED, PLACE_NAME
from tracker.extraction.names import Name, Sort, find_area_class, find_name, level_end, one_class_end

#: What stands between two bodies of one list.
JOINER = re.compile(r"\s*(?:[,;]\s*(?:và|cùng với|cùng)\s+|[,;]\s+|\s+(?:và|hoặc|cùng với|cùng)\s+|\s+&\s+)")
_COMRADE = re.compile(r"(?i:(?:các )?(?:đồng chí|ông|bà):?)\s+(?=\S)")
_BRACKET = re.compile(r"\s*\([^()]{1,160}\)")
#: "Các lực lượng chức năng (Công an, Hải quan, Biên phòng)".
_BRACKET_LIST = re.compile(
    r"(?i:các|thủ trưởng các|giám đốc các)\s(?i:ngành|lực lượng|cơ quan|đơn vị|sở|ban|hội"
    r"|đoàn thể)[^().;:]{0,40}\(([^()]{3,300})\)"
)
#: "Các ngành Công an, Tư pháp, Y tế …", "các sở, ngành: …": members by their field, as printed.
_FIELD_LIST = re.compile(
    rf"(?i:(?:thủ trưởng |giám đốc |lãnh đạo )?(?:các)\s(?:ngành|lực lượng|cơ quan|đơn vị|(?:sở"
    rf"|bộ),? (?:ban,? )?ngành)(?:\s(?:chức năng|(?:có )?liên quan))?)"
    rf"(?:(?<=ngành)|(?<=lực lượng)|(?<=chức năng)|(?=:)):?\s+(?={CAPITALISED}[^,;.()]{{0,60}},\s)"
)
#: "các Sở: Y tế, Tài chính", "Giám đốc các Sở Y tế, Tư pháp": members that share the word for their kind.
_KIND_LIST = re.compile(
    rf"(?P<post>(?i:giám đốc|thủ trưởng|lãnh đạo|trưởng|chủ tịch)\s)?(?P<class>(?i:các\s))?"
    rf"(?P<kind>(?i:sở|hội|phòng|bộ|ban)):?\s+(?={CAPITALISED})"
)
#: "UBND các xã: An Khê, Đông Lĩnh".
_AREA_LIST = re.compile(
    rf"(?P<head>(?i:(?:chủ tịch )?(?:UBND|Ủy ban nhân dân)|công an|đảng ủy))\s(?i:các)\s(?P<area>(?i:huyện|xã"
    rf"|phường|thị xã|thành phố))"
    rf"(?::\s*|\s+)(?P<first>{PLACE_NAME}),\s(?={CAPITALISED})"
)
_PLACE = re.compile(PLACE_NAME)
_CAPITAL_PHRASE = re.compile(rf"{CAPITALISED}(?:\s(?!và\b)[^\W_]+){{0,5}}")
_CLAUSE = re.compile(
    r"\s(?:phụ trách|được (?:giao|phân công)|tham gia|chủ trì)(?:\s[^\W\d_]+){1,6}?(?=,\s|\svà\s|;|:|$)"
)
_ELLIPSIS = re.compile(r"\s*(?:\.\.\.|…)")


@dataclass(frozen=True, slots=True)
class Bodies:
    """Bodies read in a row, and where the reading stopped."""

    names: tuple[str, ...]
    start: int
    end: int
    #: The sort of the last name, which tells how certain the end is.
    sort: Sort = Sort.FIXED


def read_bodies(text: str, at: int = 0) -> Bodies | None:
    """Read the list of bodies that begins exactly at a place: "Sở Y tế, Công an tỉnh và UBND các xã, phường"."""
    names: list[str] = []
    sort = Sort.FIXED
    end = at
    while True:
        comrade = _COMRADE.match(text, at)
        at = comrade.end() if comrade else at
        spelt = _spelt_out(text, at)
        found = None if spelt else find_name(text, at)
        if spelt:
            names += spelt.names
            end, sort = spelt.end, spelt.sort
        elif found and found.end - found.start > 2 and (names or not _is_mid_list(text, found)):
            names.append(tidy(text[found.start : found.end]))
            end, sort = found.end, found.sort
        elif names and sort is Sort.CLASS and (one := one_class_end(text, at)):
            names.append(tidy(text[at:one]))
            end = one
        elif (area := _areas(text, at, names)) > at:
            names.append(tidy(text[at:area]))
            end, sort = area, Sort.CLASS
        elif names and (field := next_field(text, at, names[0])):
            names.append(tidy(field))
            end, sort = at + len(field), Sort.FIXED
        else:
            break
        if sort is Sort.CLASS and (clause := _clause(text, end)):
            names[-1], end = tidy(f"{names[-1]} {text[end:clause]}"), clause
        joiner = JOINER.match(text, _behind_bracket(text, end))
        if not joiner:
            break
        at = joiner.end()
    return Bodies(tuple(names), at, end, sort) if names else None


def _is_mid_list(text: str, found: Name) -> bool:
    """Tell a piece of a class that began before ("các sở, | ban, ngành …") from a class that begins here."""
    at = found.start
    if found.sort is not Sort.CLASS or not text[at].islower() or not text[:at].endswith(", "):
        return False
    return not text.startswith(("các ", "những ", "mọi ", "mỗi ", "từng "), at)


def _clause(text: str, at: int) -> int | None:
    """Give the end of a clause that narrows a class down in the middle of a list ("… phụ trách tiêu chí, UBND …")."""
    clause = _CLAUSE.match(text, at)
    if clause and text[clause.end() : clause.end() + 1] in ("", ":"):
        return clause.end()
    joiner = JOINER.match(text, clause.end()) if clause else None
    found = find_name(text, joiner.end()) if joiner else None
    return clause.end() if clause and found and found.sort is Sort.FIXED else None


def _areas(text: str, at: int, names: list[str]) -> int:
    """Give the end of whole areas that stand for their committees: in a list of bodies, or alone as a heading."""
    end = find_area_class(text, at)
    return end if end and (names or text[end : end + 1] in ("", ":")) else at


def next_field(text: str, at: int, first: str) -> str | None:
    """Give the field that goes on with a list of forces: "lực lượng Công an, Thuế, Hải quan"."""
    field = FIELD.match(text, at) if text[at : at + 1].isupper() else None
    return field.group() if field and first.casefold().startswith(("lực lượng", "ngành")) else None


def tidy(name: str) -> str:
    """Give a name as printed, without line breaks and the punctuation around it."""
    return " ".join(name.split()).strip(" ,;:.-–")


def _behind_bracket(text: str, end: int) -> int:
    """Give the place behind a remark in brackets when the list goes on there."""
    bracket = _BRACKET.match(text, end)
    if bracket is None or not JOINER.match(text, bracket.end()):
        return end
    joiner = JOINER.match(text, bracket.end())
    return bracket.end() if joiner and find_name(text, joiner.end()) else end


def _spelt_out(text: str, at: int) -> Bodies | None:
    first = text[at : at + 1]
    if not first.isalpha():
        return None
    bracketed = _BRACKET_LIST.match(text, at)
    if bracketed:
        names = [tidy(name) for name in re.split(r",\s+|\s+và\s+|;\s+", bracketed.group(1)) if name.strip(" .…")]
        if len(names) > 1 and all(name[0].isupper() for name in names if name):
            return Bodies(tuple(names), at, bracketed.end())
    listed = _FIELD_LIST.match(text, at)
    if listed:
        return _members(text, at, listed.end(), str)
    areas = _AREA_LIST.match(text, at)
    if areas:
        kind = f"{areas['head']} {areas['area']}"
        return _places(text, at, areas.start("first"), kind)
    kinds = _KIND_LIST.match(text, at)
    if kinds:
        head = f"{kinds['post'] or ''}{kinds['kind']}"
        by_field = kinds["class"] and not kinds["post"]  # as printed: "các Sở: Y tế, Tài chính" names two fields
        members = _members(
            text, at, kinds.end(), lambda name: name if by_field else f"{head[0].upper()}{head[1:]} {name}"
        )
        whole = find_name(text, at)  # "Ban Tuyên giáo và Dân vận Tỉnh ủy" is one
        return None if members and whole and whole.end >= members.end else members
    return None


def _members(text: str, start: int, at: int, named: Callable[[str], str]) -> Bodies | None:
    """Read the members of a class; a bare field gets the name that `named` gives it. None when it is no list."""
    names: list[str] = []
    end = at
    fields = 0
    sort = Sort.FIXED
    while True:
        known = FIELD.match(text, at) if text[at : at + 1].isupper() else None
        found = find_name(text, at)
        if known and (found is None or (named is str and found.end <= known.end())):
            names.append(named(tidy(known.group())))
            fields, end, sort = fields + 1, known.end(), Sort.FIXED
        elif found:
            if named is not str and not fields:
                return None
            names.append(tidy(text[at : found.end]))
            end, sort = found.end, found.sort
        elif named is str and (phrase := _phrase(text, at)):
            names.append(tidy(text[phrase.start : phrase.end]))
            fields, end = fields + 1, phrase.end
        else:
            break
        joiner = JOINER.match(text, end)
        if not joiner:
            break
        at = joiner.end()
    if len(names) < 2 or fields < (2 if named is not str else 1):
        return None
    level = level_end(text, end)
    if level > end:
        names[-1], end = tidy(f"{names[-1]} {text[end:level]}"), level
    ellipsis = _ELLIPSIS.match(text, end)
    return Bodies(tuple(names), start, ellipsis.end() if ellipsis else end, sort)


def _phrase(text: str, at: int) -> Name | None:
    phrase = _CAPITAL_PHRASE.match(text, at)
    if phrase is None:
        return None
    act = ACT.search(text, at + 1, phrase.end())
    end = act.start() if act else phrase.end()
    return Name(at, end, Sort.FREE) if end > at else None


def _places(text: str, start: int, at: int, kind: str) -> Bodies | None:
    names: list[str] = []
    end = at
    while place := _PLACE.match(text, at):
        if find_name(text, at):
            break
        names.append(f"{kind} {tidy(place.group())}")
        end = place.end()
        joiner = JOINER.match(text, end)
        if not joiner:
            break
        at = joiner.end()
    return Bodies(tuple(names), start, end) if len(names) > 1 else None
