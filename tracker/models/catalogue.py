"""The province's catalogue of bodies: which agency or group a printed name means, and the search behind a type-ahead.

A wrong owner is worse than none: names are compared whole, after evening out spelling only; what is not in the
catalogue, or fits two bodies, stays unmatched and a person decides. Likeness and succession only suggest.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, case, func, or_, select, true
from sqlalchemy.orm import Session, selectinload

from tracker.models.agency import Agency, AgencyAlias, AgencyGroup, AgencyKind, AgencyLevel
from tracker.models.body_names import ABBREVIATIONS, BARE, name_key, same_key
from tracker.models.proposals import Proposal, propose
from tracker.rules.folding import fold
from tracker.rules.successions import SUCCESSIONS, Succession

__all__ = ["Basis", "Body", "Catalogue", "Link", "Proposal", "load_catalogue", "name_key", "propose", "reference",
           "search"]

Body = Agency | AgencyGroup

#: The head of a body answers for the body.
_HEADS = ("giam doc ", "chu tich ", "thu truong ", "tong bien tap ", "lanh dao ", "chanh ", "cuc truong ", "chanh an ",
          "vien truong ", "chi cuc truong ", "nguoi dung dau ", "bi thu ", "chi huy truong ", "hieu truong ", "truong ")
_TIERS = ("tinh", "thanh pho")
#: How many letters of a query count; longer ones are somebody's paste.
_LONGEST_QUERY = 100
#: From which share of common words, and then of common letters, two names are alike.
_COMMON_WORDS = 0.5
_COMMON_LETTERS = 0.6
_MOST_COMPARED = 20


class Basis(StrEnum):
    """Why a printed name is taken for a body."""

    NAME = "name"
    ALIAS = "alias"
    #: Without the province's name or the tier behind it ("Công an tỉnh").
    SHORTENED = "shortened"
    #: The head of the body stands for it ("Giám đốc Sở Y tế").
    HEAD = "head"
    #: Another name in general use ("Hội Phụ nữ tỉnh").
    USUAL = "usual"
    #: The text itself says what the short form stands for.
    DEFINED = "defined"
    #: It is kept as another name of the body and is the name of one that has ended; what was handed on may be less.
    FORMER = "former"
    #: It took over from the body that is printed; only a suggestion.
    SUCCESSOR = "successor"
    #: The names are alike; only a suggestion.
    SIMILAR = "similar"


_CONFIDENCE = {Basis.NAME: 1.0, Basis.ALIAS: 0.98, Basis.SHORTENED: 0.95, Basis.HEAD: 0.95, Basis.USUAL: 0.9,
               Basis.DEFINED: 0.9, Basis.FORMER: 0.75, Basis.SUCCESSOR: 0.6, Basis.SIMILAR: 0.4}


@dataclass(frozen=True, slots=True)
class Link:
    """That a printed name means a body, or may mean it; `confidence` goes from 0 to 1."""

    body: Body
    basis: Basis
    confidence: float
    succession: Succession | None = None

    @property
    def is_certain(self) -> bool:
        """Whether it may be taken without asking a person."""
        return self.basis not in (Basis.FORMER, Basis.SUCCESSOR, Basis.SIMILAR)


def _without_tier(key: str) -> str:
    for tier in _TIERS:
        key = key.removesuffix(f" {tier}")
    return key


#: Keys of the bodies that a reorganisation ended.
_ENDED = frozenset(_without_tier(name_key(one.old)) for one in SUCCESSIONS)


def reference(body: Body) -> str:
    """Name a body for a form: "agency:12" or "group:3"."""
    return f"{'group' if isinstance(body, AgencyGroup) else 'agency'}:{body.id}"


class Catalogue:
    """All bodies with their keys, loaded once; matching asks the database nothing."""

    def __init__(self, agencies: Iterable[Agency], groups: Iterable[AgencyGroup]) -> None:
        agencies, groups = list(agencies), list(groups)
        self._by_reference: dict[str, Body] = {reference(body): body for body in _bodies(agencies, groups)}
        self._province = _province_key(agencies)
        #: Keys of the bodies' own names.
        self._own = {name_key(body.name) for body in _bodies(agencies, groups)}
        #: None stands for a key that means two bodies.
        self._printed: dict[str, Body | None] = {}
        self._evened: dict[str, Body | None] = {}
        self._usual: dict[str, Body | None] = {}
        for agency in agencies:
            _add(self._printed, name_key(agency.name), agency)
            for name in (agency.short_name, *(alias.name for alias in agency.aliases)):
                self._add_other(name_key(name or ""), agency)
        for group in groups:
            _add(self._printed, name_key(group.name), group)
            for name in group.alias_folds.splitlines():
                self._add_other(name_key(name), group)
        for key, body in list(self._printed.items()):
            if body is not None:
                self._add_evened(key, body)
        for key, body in [*self._printed.items(), *self._evened.items()]:
            if body is not None:
                _add(self._usual, same_key(key), body)

    def match(self, printed: str) -> Body | None:
        """Give the body that a printed name means; None when it is unknown or not certain."""
        link = self.link(printed)
        return link.body if link else None

    def link(self, printed: str) -> Link | None:
        """Give the body that a printed name means, and why; None when it is unknown or may be another.

        A link that is not certain (`Link.is_certain`) holds only until a person has looked at it.
        """
        key = name_key(printed)
        if not key:
            return None
        for form, basis in self._forms(key):
            for keys in (self._printed, self._evened):
                if form in keys:
                    body = keys[form]
                    if body is None:
                        return None
                    why = basis or self._basis(form, shortened=keys is self._evened)
                    why = Basis.FORMER if self._has_ended(form, body) else why
                    return Link(body, why, _CONFIDENCE[why])
        for form, _basis in self._forms(key):
            body = self._usual.get(same_key(form))
            if body is not None and form not in BARE:
                return Link(body, Basis.USUAL, _CONFIDENCE[Basis.USUAL])
        return None

    def link_in(self, printed: str, defined: Iterable[tuple[str, str]]) -> Link | None:
        """Give the body that a name means in a text that defines short forms, (short, full), and why.

        What the text itself says a short form stands for goes before what it usually stands for.
        """
        full = [long for short, long in defined if fold(short) == fold(printed)]
        said = self.link(full[0]) if len(full) == 1 else None
        if said is None or not said.is_certain:
            return self.link(printed)
        return replace(said, basis=Basis.DEFINED, confidence=_CONFIDENCE[Basis.DEFINED])

    def suggest(self, printed: str, limit: int = 5) -> list[Link]:
        """Give bodies that a printed name may mean, best first, for a person to choose from.

        First those that took over from the printed body, then those with a like name. Each costs no question to the
        database.
        """
        key = name_key(printed)
        if not key or limit < 1:
            return []
        found = self._successors(key)
        taken = {reference(link.body) for link in found}
        for likeness, body in self._alike(key):
            if reference(body) not in taken:
                taken.add(reference(body))
                found.append(Link(body, Basis.SIMILAR, round(_CONFIDENCE[Basis.SIMILAR] * likeness, 2)))
        return found[:limit]

    def pick(self, chosen: str, name: str) -> Body | None:
        """Give the body chosen from the list by its reference, as long as its name still stands in the field."""
        body = self._by_reference.get(chosen)
        return body if body is not None and name_key(body.name) == name_key(name) else None

    def _basis(self, form: str, *, shortened: bool) -> Basis:
        if shortened:
            return Basis.SHORTENED
        return Basis.NAME if form in self._own else Basis.ALIAS

    def _has_ended(self, form: str, body: Body) -> bool:
        """Tell whether a form is the name of a body that has ended, kept as another name of the one after it."""
        bare = _without_tier(self._without_province(form))
        return bare in _ENDED and bare != _without_tier(self._without_province(name_key(body.name)))

    def _forms(self, key: str) -> list[tuple[str, Basis | None]]:
        """Give the forms of a key to look for, each with why it stands for the name; None for the key itself."""
        forms: dict[str, Basis | None] = {key: None}
        for form in (self._without_province(key), _without_tier(self._without_province(key))):
            forms.setdefault(form, Basis.SHORTENED)
        for head in _HEADS:
            for form in list(forms):
                if form.startswith(head):
                    forms.setdefault(form.removeprefix(head), Basis.HEAD)
        # "Các Sở: Y tế, Tài chính" prints its members by their field.
        forms.setdefault(f"so {key}", Basis.USUAL)
        return [(form, basis) for form, basis in forms.items() if form]

    def _successors(self, key: str) -> list[Link]:
        forms = {_without_tier(self._without_province(key)), key}
        after = [one for one in SUCCESSIONS if forms & {name_key(one.old), _without_tier(name_key(one.old))}]
        confidence = _CONFIDENCE[Basis.SUCCESSOR] if len(after) == 1 else _CONFIDENCE[Basis.SIMILAR]
        bodies = [(one, self.match(one.new)) for one in after]
        return [Link(body, Basis.SUCCESSOR, confidence, one) for one, body in bodies if body is not None]

    def _alike(self, key: str) -> list[tuple[float, Body]]:
        words = set(key.split())
        shared: list[tuple[float, str]] = []
        for other in self._printed:
            theirs = set(other.split())
            common = 2 * len(words & theirs) / (len(words) + len(theirs))
            # "Công an 03 xã" are not "Công an 04 xã".
            if common >= _COMMON_WORDS and not any(word.isdecimal() for word in words ^ theirs):
                shared.append((common, other))
        shared.sort(key=lambda pair: (-pair[0], pair[1]))
        alike: list[tuple[float, Body]] = []
        for _common, other in shared[:_MOST_COMPARED]:
            body = self._printed[other]
            likeness = SequenceMatcher(None, key, other).ratio()
            if body is not None and likeness >= _COMMON_LETTERS:
                alike.append((likeness, body))
        alike.sort(key=lambda pair: -pair[0])
        return alike

    def _without_province(self, key: str) -> str:
        ending = f" {self._province}"
        return key.removesuffix(ending) if self._province else key

    def _add_other(self, key: str, body: Body) -> None:
        """Add another name of a body; a bare word ("Công an") is on no account one, whoever wrote it down."""
        if key not in BARE:
            _add(self._printed, key, body)

    def _add_evened(self, key: str, body: Body) -> None:
        """Add what a plan of this province prints for short: "Công an tỉnh"; "Thanh tra" where there is only one."""
        short = self._without_province(key)
        if short != key:
            _add(self._evened, short, body)
        bare = _without_tier(short)
        # "Công an" alone is no name for Công an tỉnh while there are Công an xã, phường.
        others = (other for other, owner in self._printed.items() if owner is not body)
        if bare != short and bare not in BARE and not any(
            other == bare or other.startswith(f"{bare} ") for other in others
        ):
            _add(self._evened, bare, body)


def load_catalogue(session: Session) -> Catalogue:
    """Read all agencies, their aliases and all groups, in three queries however many there are."""
    agencies = session.scalars(select(Agency).options(selectinload(Agency.aliases)).order_by(Agency.id)).all()
    groups = session.scalars(select(AgencyGroup).order_by(AgencyGroup.id)).all()
    return Catalogue(agencies, groups)


def search(session: Session, q: str, limit: int, *, today: date | None = None) -> list[Body]:
    """Find bodies whose name, short name or alias holds the words typed so far, diacritics or not.

    Names that begin with them come first, then groups and agencies in the province's own order. With `today`,
    agencies that have ended are left out.
    """
    key = fold(q[:_LONGEST_QUERY])
    if not key or limit < 1:
        return []
    forms = list(dict.fromkeys([key, " ".join(ABBREVIATIONS.get(word, word) for word in key.split())]))
    found: list[tuple[int, Body]] = []
    for rank, group in session.execute(
        select(_rank(AgencyGroup.fold, forms), AgencyGroup)
        .where(or_(*_holds(AgencyGroup.fold, forms), *_holds(AgencyGroup.alias_folds, forms)))
        .order_by(_rank(AgencyGroup.fold, forms), AgencyGroup.position, AgencyGroup.id).limit(limit)
    ):
        found.append((rank, group))
    by_alias = select(AgencyAlias.agency_id).where(or_(*_holds(AgencyAlias.fold, forms)))
    living = or_(Agency.ended_on.is_(None), Agency.ended_on >= today) if today else true()
    for rank, agency in session.execute(
        select(_rank(Agency.fold, forms), Agency)
        .where(or_(*_holds(Agency.fold, forms), *_holds(func.lower(Agency.short_name), forms), Agency.id.in_(by_alias)),
               living)
        .order_by(_rank(Agency.fold, forms), Agency.level.desc(), Agency.position, Agency.id).limit(limit)
    ):
        found.append((rank, agency))
    found.sort(key=lambda pair: pair[0])  # stable: groups before agencies of the same rank
    return [body for _rank_given, body in found[:limit]]


def _holds(column: SQLColumnExpression[Any], forms: list[str]) -> list[ColumnElement[bool]]:
    return [column.contains(form, autoescape=True) for form in forms]


def _rank(column: SQLColumnExpression[Any], forms: list[str]) -> ColumnElement[int]:
    """0 where the name begins with the words, 1 where a word of it does, 2 elsewhere."""
    return case(
        (or_(*(column.startswith(form, autoescape=True) for form in forms)), 0),
        (or_(*(column.contains(f" {form}", autoescape=True) for form in forms)), 1),
        else_=2,
    )


def _bodies(agencies: list[Agency], groups: list[AgencyGroup]) -> list[Body]:
    return [*agencies, *groups]


def _add(keys: dict[str, Body | None], key: str, body: Body) -> None:
    if not key:
        return
    there = keys.get(key, body)
    if there is body:
        keys[key] = body
        return
    # A body that has ended gives its name up to the one that lives.
    living = [one for one in (there, body) if one is not None and not (isinstance(one, Agency) and one.ended_on)]
    keys[key] = living[0] if there is not None and len(living) == 1 else None


def _province_key(agencies: list[Agency]) -> str:
    """Find the province's own name ("ha duong") in the names of its bodies; "" when they do not agree on one."""
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for agency in agencies:
        if agency.level is not AgencyLevel.PROVINCE:
            continue
        found = re.search(r"(?: tinh| thanh pho) (\w+(?: \w+){0,3})$", name_key(agency.name))
        if found:
            names[agency.kind is AgencyKind.PEOPLES_COMMITTEE].add(found.group(1))
    for certain in (True, False):
        if len(names[certain]) == 1:
            return names[certain].pop()
    return ""
