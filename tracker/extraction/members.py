"""Classes of bodies whose members the text itself names: "Công an 16 xã", and elsewhere which sixteen they are.

A list of communes counts for a class only when nothing speaks against it: the same tier, the same number (as the words
before the list say it, or as the list counts), no other description. A wrong owner is worse than none, so a class whose
number and list disagree gets no members and a reason to look.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tracker.extraction.cleaning import Clean
from tracker.extraction.letters import UPPER
from tracker.extraction.records import Members, TaskExtract
from tracker.rules.folding import fold

_TIER = r"(?:xã(?! hội)|phường|đặc khu|thị trấn|huyện|quận|thị xã)"
_TIERS = rf"{_TIER}(?:(?:, | và |, các | và các ){_TIER})*"
_WORD = rf"[{UPPER}][^\W\d_]*+(?:['’][^\W\d_]+)*+"
#: The name of a commune; wards may be numbered.
_PLACE = re.compile(rf"{_WORD}(?:[ -](?:{_WORD}|\d{{1,2}}(?!\d))){{0,4}}|(?<=phường )\d{{1,2}}(?![\d/])")
_ITEM = re.compile(rf"(?:(?i:và )?(?i:các |những )?(?P<tier>(?i:{_TIER})):?\s+)?")
_SEPARATOR = re.compile(r"\s?(?:[,;]\s{1,2}(?:và\s)?|\svà\s)")
_REMARK = re.compile(r"\s?\([^()]{1,60}\)")
_GOES_ON = re.compile(r"\s?[,;]?\s?(?:…|\.\.\.|v\.v)")
#: Where a list of members may begin: a footnote, a bracket, "gồm".
_OPENS = re.compile(
    r"(?:^\[(?P<note>\d{1,3})\]|\(|(?<!\w)(?i:gồm|cụ thể|đó là)(?!\w))[:\s]{0,3}"
    r"(?:(?i:(?:bao )?gồm(?: có)?|cụ thể|đó là|là)(?!\w)[:\s]{0,3})?(?:(?i:các|những|\d{1,3})\s)?"
    rf"(?=(?:(?i:{_TIER}):?\s+)?(?:[{UPPER}]|(?<=phường )\d))",
    re.MULTILINE,
)
#: The quick look for places at which _OPENS is worth trying.
_MAY_OPEN = re.compile(r"[\[(]|gồm|Gồm|GỒM|cụ thể|Cụ thể|CỤ THỂ|đó là|Đó là|ĐÓ LÀ")
_NOTE_MARK = re.compile(r"\[(?P<note>\d{1,3})\]")
#: "16/65 xã trên địa bàn", "các xã trọng điểm": a class, with its number and what narrows it down.
_CLASS = re.compile(
    rf"(?<!\w)(?:(?P<count>\d{{1,3}})(?:/\d{{1,4}})?|(?i:các|những))\s(?P<tiers>(?i:{_TIERS}))(?!\w)(?P<more>[^.;:()\[\]\n]{{0,80}})"
)
_ENDS_OPEN = re.compile(r"(?:,|\s|\b(?:bao|gồm|có|là|cụ thể|đó)\b)+$", re.IGNORECASE)
#: Words behind a class that narrow nothing down.
_EVERYWHERE = re.compile(r"^(?:trên địa bàn|trong|của|thuộc)?\s?(?:toàn )?(?:tỉnh|thành phố|địa bàn)?\b")
_BEFORE = 160
_MOST = 500
_COMMITTEE = "Ủy ban nhân dân"


@dataclass(frozen=True, slots=True)
class _Class:
    """A class of bodies of the lower tiers, as the text words it."""

    tiers: frozenset[str]
    count: int | None
    #: What narrows it down, folded; "" when nothing does.
    more: str


@dataclass(frozen=True, slots=True)
class _List:
    """Communes that the text names in a row, and the class that the words before them say they are."""

    said: _Class
    #: (tier, name) of each.
    places: tuple[tuple[str, str], ...]
    start: int
    end: int


def with_members(tasks: Iterable[TaskExtract], plan: Clean) -> tuple[TaskExtract, ...]:
    """Give the tasks with the members of those owners that are a class whose members the text names.

    Total; time grows with the text's length only. Where a class's number and its list differ, the task gets no members
    and the reason "members_differ".
    """
    tasks = tuple(tasks)
    names = {name for task in tasks for name in task.owners if _is_narrowed(name)}
    found = find_members(plan.text, names) if names else {}
    return tuple(_told(task, found, plan) for task in tasks)


def find_members(text: str, names: Iterable[str]) -> dict[str, Members]:
    """Give, for each name of a class whose members the text lists, the members as bodies, with the place of the list.

    A class whose number and list differ has no members and still the place.
    """
    lists = _lists(text)
    return {name: members for name in names if (members := _members(name, lists))}


def _is_narrowed(name: str) -> bool:
    """Tell a class of which only some are meant ("Công an 16 xã"); of all communes no list is looked for."""
    _head, owner = _read_class(name)
    return owner is not None and (owner.count is not None or bool(owner.more))


def _told(task: TaskExtract, found: Mapping[str, Members], plan: Clean) -> TaskExtract:
    mine = [found[name] for name in task.owners if name in found]
    if not mine:
        return task
    placed = [replace(one, start=start, end=end) for one in mine for start, end in [plan.span(one.start, one.end)]]
    differs = any(not one.members for one in mine) and "members_differ" not in task.reasons
    reasons = (*task.reasons, "members_differ") if differs else task.reasons
    return replace(task, members=tuple(one for one in placed if one.members), reasons=reasons)


def _members(name: str, lists: Mapping[int | str, list[_List]]) -> Members | None:
    head, owner = _read_class(name)
    if owner is None or (owner.count is None and not owner.more):
        return None
    fits = [one for one in lists.get(owner.count or owner.more, ()) if _fits(owner, one)]
    good = {one.places: one for one in fits if owner.count in (None, len(one.places))}
    if len(good) > 1 or not fits:
        return None  # which of the lists is meant is not said
    if not good:
        return Members(name, (), fits[0].start, fits[0].end)
    (one,) = good.values()
    return Members(name, tuple(f"{head} {tier} {place}" for tier, place in one.places), one.start, one.end)


def _fits(owner: _Class, one: _List) -> bool:
    if not {tier for tier, _name in one.places} <= owner.tiers:
        return False
    said = one.said
    if owner.count is not None and said.count not in (None, owner.count):
        return False
    if owner.count is None and said.count not in (None, len(one.places)):
        return False
    return not owner.more or not said.more or owner.more.startswith(said.more) or said.more.startswith(owner.more)


def _read_class(name: str) -> tuple[str, _Class | None]:
    """Read "Công an 16 xã": the kind of body, and the class of areas; areas alone stand for their committees."""
    found = _CLASS.search(name)
    if found is None:
        return "", None
    head = name[: found.start()].strip(" ,:")
    return head or _COMMITTEE, _class_of(found)


def _class_of(found: re.Match[str]) -> _Class:
    tiers = frozenset(tier.casefold() for tier in re.findall(_TIER, found["tiers"], re.IGNORECASE))
    more = _EVERYWHERE.sub("", _ENDS_OPEN.sub("", found["more"].strip()))
    return _Class(tiers, int(found["count"]) if found["count"] else None, fold(more).strip(" ,"))


def _lists(text: str) -> dict[int | str, list[_List]]:
    """Read all lists of communes, by the number said or counted and by what narrows the class down."""
    noted = [mark for mark in _NOTE_MARK.finditer(text) if not text[mark.start() - 1].isspace()]
    marks = {mark["note"]: mark.start() for mark in reversed(noted) if mark.start()}
    found: dict[int | str, list[_List]] = defaultdict(list)
    done = 0
    for place in _MAY_OPEN.finditer(text):
        opens = _OPENS.match(text, place.start())
        if opens is None:
            continue
        at = marks.get(opens["note"]) if opens["note"] else opens.start()
        if opens.start() < done or at is None:
            continue
        said = _said_before(text, at)
        read = _read_places(text, opens.end(), said) if said else None
        if said is None or read is None:
            continue
        places, done = read
        one = _List(said, places, opens.end(), done)
        keys: set[int | str] = {said.count or len(places)}
        for key in keys | ({said.more} if said.more else set()):
            found[key].append(one)
    return found


def _said_before(text: str, at: int) -> _Class | None:
    """Read the class that the words right before a list or a footnote's mark name."""
    before = text[max(0, at - _BEFORE) : at]
    found = None
    for found in _CLASS.finditer(before):  # noqa: B007  the last one counts
        pass
    return _class_of(found) if found and found.end() == len(before) else None


def _read_places(text: str, at: int, said: _Class) -> tuple[tuple[tuple[str, str], ...], int] | None:
    """Read "xã An Khê, Đông Lĩnh; phường Tây Sơn"; None when it is no list, is not complete, or of an unsaid tier."""
    tier = next(iter(said.tiers)) if len(said.tiers) == 1 else None
    places: dict[tuple[str, str], None] = {}
    end = at
    for _ in range(_MOST):
        item = _ITEM.match(text, at)
        if item and item["tier"]:
            tier, at = item["tier"].casefold(), item.end()
        place = _PLACE.match(text, at)
        if place is None or tier is None:
            break
        places[tier, " ".join(place.group().split())] = None
        remark = _REMARK.match(text, place.end())
        end = remark.end() if remark else place.end()
        separator = _SEPARATOR.match(text, end)
        if separator is None:
            break
        at = separator.end()
    if len(places) < 2 or _GOES_ON.match(text, end):
        return None
    return tuple(places), end
