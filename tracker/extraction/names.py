"""Where the name of a body that begins at a place in a text ends.

Three sorts of names. A *fixed* one follows a form ("Công an" + level, "Sở" + field): its end is certain. A *free* one
begins with a word for a kind of body and goes on with words of its own ("Trung tâm Kiểm soát bệnh tật tỉnh"): it ends
before punctuation, an order, or behind the level. A *class* names many bodies at once ("Các sở, ban, ngành"). Each form
is tried only where the text has its first word, so a text without bodies costs next to nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from tracker.extraction.acts import ends_name
from tracker.extraction.forms import (
    ABOUT_HERE,
    AND_GOES_ON,
    AREA_CLASS,
    CLASS,
    CLASS_WORDS,
    COMMA_GOES_ON,
    COUNTRY_HERE,
    CRIME_HERE,
    FIXED_BY_WORD,
    FREE_BY_WORD,
    LEVEL_HERE,
    ONE_CLASS,
    PARENT_HERE,
    PLACE_HERE,
    POST,
    POST_WORDS,
    UNIT_HERE,
    WHERE_HERE,
    WORD_HERE,
)
from tracker.extraction.letters import words

_FIRST_WORD = re.compile(r"[^\W_]+")
_UNITS = ("phòng", "cơ", "đội", "ban", "pa", "pc", "pv", "px")
#: Units of the police are written before it with a comma; "Phòng Y tế, Công an huyện" are two bodies.
_POLICE_UNIT = re.compile(
    r"(?i:phòng\s)?(?:P[ACKVXH]\d\d|(?i:cảnh sát|CS|an ninh|cơ quan|tham mưu|công tác đảng"
    r"|hậu cần))"
)
#: A class that has been narrowed down needs no further words.
_SAID = re.compile(r"(?:liên quan|chức năng|địa bàn)$")
_STOPS = words(
    "trong để nhằm theo tại khi qua như cho về trước từ đến trên với bằng vào và có là được đã đang sẽ phải cần "
    "nếu do nơi ở gồm bao này nêu hoặc"
)
#: With these an order begins even behind a bare "Ban Chỉ đạo".
_ADVERBS = words("trực thường chủ tích tăng kịp đồng")
_BOARDS = ("ban", "hội", "tổ", "ủy")
_MOST_WORDS = 18
#: Behind "và".
_MOST_SMALL = 6
_PLURAL = frozenset(("các", "những", "mọi", "người", "nhân", "toàn"))
#: These need no name of their own.
_COMPLETE = frozenset(
    (
        "ban chỉ đạo",
        "ban chỉ huy",
        "ban quản lý",
        "hội đồng",
        "cơ quan thường trực",
        "đơn vị thường trực",
        "tổ công tác",
        "đoàn kiểm tra",
        "đoàn công tác",
    )
)


class Sort(StrEnum):
    """How the end of a name was found, which tells how certain it is."""

    FIXED = "fixed"
    FREE = "free"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a body in a text."""

    start: int
    end: int
    sort: Sort


def find_name(text: str, at: int) -> Name | None:
    """Find the name of a body that begins exactly at a place, with the head of it before it ("Giám đốc Sở Y tế")."""
    word = _FIRST_WORD.match(text, at)
    if word is None:
        return None
    first = word.group().casefold()
    if first in POST_WORDS:
        post = POST.match(text, at)
        if post and (found := _find(text, post.end())):
            return Name(at, found.end, found.sort)
    return _find(text, at, first)


def level_end(text: str, at: int) -> int:
    """Give the place behind the level that stands at a place (" tỉnh"), or the place itself."""
    level = LEVEL_HERE.match(text, at)
    return level.end() if level else at


def find_area_class(text: str, at: int) -> int | None:
    """Find whole areas as those who must act ("Mỗi huyện, thị xã, thành phố"): where their name ends."""
    found = AREA_CLASS.match(text, at)
    return found.end() if found else None


def one_class_end(text: str, at: int) -> int | None:
    """Give the end of one sort of bodies that goes on with a list ("…, doanh nghiệp và cộng đồng")."""
    found = ONE_CLASS.match(text, at)
    return found.end() if found else None


def is_class_word(text: str, at: int) -> bool:
    """Tell whether a word that names sorts of bodies stands at a place ("đơn vị", "đoàn thể")."""
    return UNIT_HERE.match(text, at) is not None


def _find(text: str, at: int, first: str | None = None) -> Name | None:
    if first is None:
        word = _FIRST_WORD.match(text, at)
        if word is None:
            return None
        first = word.group().casefold()
    ends = [end for form, tail in FIXED_BY_WORD.get(first, ()) if (end := _fixed(text, at, form, tail))]
    if ends:
        end = max(ends)
        if first == "phòng":
            end = max(end, _free(text, at, first))
        classes = CLASS.match(text, at) if first in CLASS_WORDS else None
        if classes and classes.end() > end:
            return Name(at, classes.end(), Sort.CLASS)
        return Name(at, (first in _UNITS and _parent(text, at, end)) or end, Sort.FIXED)
    end = _free(text, at, first)
    if end:
        return Name(at, (first in _UNITS and _parent(text, at, end)) or end, Sort.FREE)
    if first in CLASS_WORDS:
        found = CLASS.match(text, at) or (ONE_CLASS.match(text, at) if text[at].isupper() else None)
        if found:
            return Name(at, _more_of_class(text, at, found.end()), Sort.CLASS)
    return None


def _free(text: str, at: int, first: str) -> int:
    """Give the end of a name that goes on freely, or 0."""
    for form in FREE_BY_WORD.get(first, ()):
        found = form.match(text, at)
        if found:
            opens = found.group().casefold() != "tổ dân phố"
            end = run_on(text, found.end(), opens=opens, board=first in _BOARDS)
            if end > found.end() or first in ("tổ", "đoàn") or found.group().casefold() in _COMPLETE:
                return end
    return 0


def _more_of_class(text: str, start: int, end: int) -> int:
    """Give the end of a class that says more of itself ("Các chủ đầu tư dự án nhà ở …"), where it clearly ends."""
    if not text[start : start + 6].casefold().startswith(("các ", "những ", "mọi ")) or _SAID.search(text, start, end):
        return end
    more = run_on(text, end)
    where = WHERE_HERE.match(text, more)
    more = where.end() if where else more
    step = WORD_HERE.match(text, more)
    if more > end and (text[more : more + 1] in ("", ":") or (step and ends_name(text, step.start(2), step.group(2)))):
        return more
    return end


def _fixed(text: str, at: int, form: re.Pattern[str], tail: str) -> int | None:
    found = form.match(text, at)
    if found is None:
        return None
    end = found.end()
    if not tail:
        return end
    if tail != "level" and (country := COUNTRY_HERE.match(text, end)):
        end = country.end()
    level = LEVEL_HERE.match(text, end)
    if level and (again := LEVEL_HERE.match(text, level.end())):
        level = again
    level = level or (PLACE_HERE.match(text, end) if tail != "level" else None)
    if level is None and tail == "needed":
        return None
    return level.end() if level else end


def _parent(text: str, start: int, at: int) -> int | None:
    """Give the end of the police or army command that a unit is said to belong to."""
    joint = PARENT_HERE.match(text, at)
    if joint is None or (joint["comma"] and not _POLICE_UNIT.match(text, start)):
        return None
    parent = _find(text, joint.end())
    return parent.end if parent else None


def run_on(text: str, at: int, *, opens: bool = False, board: bool = False) -> int:
    """Give the end of a name that goes on freely from a place: before punctuation or an order, behind its level.

    With `opens` the first word is part of the name even when it is a verb ("Trung tâm hỗ trợ …"); the name of a
    `board` may say what it is for ("Ban Chỉ đạo … về …").
    """
    before = ""
    for number in range(_MOST_WORDS):
        level = LEVEL_HERE.match(text, at)
        if level:
            return level.end()
        goes_on = COMMA_GOES_ON.match(text, at) or AND_GOES_ON.match(text, at)
        if goes_on:
            at = goes_on.end()
            continue
        step = WORD_HERE.match(text, at)
        if step is None:
            break
        word, start = step.group(2), step.start(2)
        if word[0].islower():
            if word == "về" and (CRIME_HERE.match(text, start) or (board and ABOUT_HERE.match(text, start))):
                at = step.end()
                continue
            if word == "và" and (end := _and_capital(text, step.end()) or _and_small(text, step.end())):
                at = end
                continue
            if word in _STOPS or (
                not (opens and number == 0 and text[at] == " " and word not in _ADVERBS)
                and ends_name(text, start, word, before)
            ):
                break
        at, before = step.end(), word
    return at


def _and_capital(text: str, at: int) -> int | None:
    """Give the end of the capitalised word behind "và" when it belongs to the same name, not to the next body's."""
    step = WORD_HERE.match(text, at)
    if step is None or not step.group(2)[0].isupper() or _find(text, step.start(2)):
        return None
    return step.end()


def _and_small(text: str, at: int) -> int | None:
    """Give the end of a few small words behind "và" that close a name ("Cục Quản lý nhà và thị trường …")."""
    if is_class_word(text, at + 1) or CLASS.match(text, at + 1) or AREA_CLASS.match(text, at + 1):
        return None
    for _ in range(_MOST_SMALL):
        step = WORD_HERE.match(text, at)
        if step is None:
            break
        word = step.group(2)
        if not word[0].islower() or word in _STOPS or word in _PLURAL or ends_name(text, step.start(2), word):
            return None
        at = step.end()
    return at if text[at : at + 1] in ("", ",", ";", ":", ".", ")") else None
