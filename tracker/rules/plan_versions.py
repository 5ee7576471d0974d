"""Two versions of a plan compared: which duties stayed, were worded anew, came in or went out.

Plain records: no clock, no database. Duties are told to be the same one by their words, so that a new number or a new
place in the plan is no change.
"""
from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from tracker.rules.folding import fold

#: From this share of common words on two provisions are one, worded anew.
SAME_FROM = 0.55
#: A word that stands in more duties than this tells nothing about which is which.
_COMMON = 40


class Change(StrEnum):
    """What happened to a duty between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    AMENDED = "amended"
    KEPT = "kept"


@dataclass(frozen=True)
class Duty:
    """What is compared of one duty."""

    id: int
    section: str | None
    text: str
    #: As shown, in order: names of bodies, and deadlines in words.
    owners: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    product: str | None = None


@dataclass(frozen=True)
class Pair:
    """A duty before and after; one of the two is None when it came in or went out."""

    before: Duty | None
    after: Duty | None

    @property
    def change(self) -> Change:
        """Tell what happened."""
        if self.before is None:
            return Change.ADDED
        if self.after is None:
            return Change.REMOVED
        return Change.AMENDED if self.changed_fields else Change.KEPT

    @property
    def changed_fields(self) -> tuple[str, ...]:
        """Name what differs of a duty that stands in both: "text", "owners", "deadlines", "product"."""
        if self.before is None or self.after is None:
            return ()
        before, after = self.before, self.after
        return tuple(
            name
            for name, differs in (
                ("text", _words(before.text) != _words(after.text)),
                ("owners", {fold(one) for one in before.owners} != {fold(one) for one in after.owners}),
                ("deadlines", set(before.deadlines) != set(after.deadlines)),
                ("product", fold(before.product or "") != fold(after.product or "")),
            )
            if differs
        )


@dataclass(frozen=True)
class Piece:
    """A stretch of words that both versions have, or only one of them."""

    text: str
    #: KEPT, REMOVED (only before) or ADDED (only after).
    change: Change


def compare(before: Sequence[Duty], after: Sequence[Duty]) -> list[Pair]:
    """Pair the duties of two versions, in the order of the later one; what went out stands where it stood before.

    Duties with the same words and bodies are paired first, then the likest ones. Cost grows with the number of duties
    and of those that share rarer words, so 1,000 against 1,000 is quick.
    """
    partner = _exact(before, after)
    _likest(before, after, partner)
    gone = defaultdict(list)
    taken = set(partner.values())
    place = -1
    where = {index: at for at, index in partner.items()}
    for index, duty in enumerate(before):
        if index in taken:
            place = where[index]
        else:
            gone[place].append(duty)
    pairs = [Pair(duty, None) for duty in gone[-1]]
    for at, duty in enumerate(after):
        pairs.append(Pair(before[partner[at]] if at in partner else None, duty))
        pairs += [Pair(one, None) for one in gone[at]]
    return pairs


def pieces(before: str, after: str) -> list[Piece]:
    """Give the words of two versions of a text in one row: kept, removed, added."""
    old, new = before.split(), after.split()
    found: list[Piece] = []
    matcher = SequenceMatcher(None, [_word(one) for one in old], [_word(one) for one in new], autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece(" ".join(new[new_first:new_last]), Change.KEPT))
            continue
        if last > first:
            found.append(Piece(" ".join(old[first:last]), Change.REMOVED))
        if new_last > new_first:
            found.append(Piece(" ".join(new[new_first:new_last]), Change.ADDED))
    return found


def _exact(before: Sequence[Duty], after: Sequence[Duty]) -> dict[int, int]:
    """Pair what says the same: first to the same bodies, then to whomever; place in `after` -> place in `before`."""
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for with_owners in (True, False):
        waiting: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for index, duty in enumerate(before):
            if index not in taken:
                waiting[_key(duty, with_owners)].append(index)
        for at, duty in enumerate(after):
            same = waiting.get(_key(duty, with_owners))
            if at not in partner and same:
                partner[at] = same.pop(0)
                taken.add(partner[at])
    return partner


def _key(duty: Duty, with_owners: bool) -> tuple[object, ...]:
    return (*_words(duty.text), frozenset(fold(one) for one in duty.owners) if with_owners else None)


def _likest(before: Sequence[Duty], after: Sequence[Duty], partner: dict[int, int]) -> None:
    taken = set(partner.values())
    bags = {index: Counter(_words(duty.text)) for index, duty in enumerate(before) if index not in taken}
    holders: dict[str, list[int]] = defaultdict(list)
    for index, bag in bags.items():
        for word in bag:
            holders[word].append(index)
    found: list[tuple[float, int, int]] = []
    for at, duty in enumerate(after):
        if at in partner:
            continue
        bag = Counter(_words(duty.text))
        near = {index for word in bag if len(holders[word]) <= _COMMON for index in holders[word]}
        for index in near:
            like = 2 * (bag & bags[index]).total() / (bag.total() + bags[index].total())
            if like >= SAME_FROM:
                found.append((like, at, index))
    for _like, at, index in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
        if at not in partner and index not in taken:
            partner[at] = index
            taken.add(index)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", fold(text)))


def _word(word: str) -> str:
    return fold(word).strip(" ,.;:“”\"'()")
