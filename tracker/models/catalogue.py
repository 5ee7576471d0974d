"""The province's catalogue of bodies: which agency or group a printed name means, and the search behind a type-ahead.

A wrong owner is worse than none: names are compared whole, after evening out spelling only; what is not in the
catalogue, or fits two bodies, stays unmatched and a person decides.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, case, func, or_, select, true
from sqlalchemy.orm import Session, selectinload

from tracker.models.agency import Agency, AgencyAlias, AgencyGroup, AgencyKind, AgencyLevel
from tracker.rules.folding import fold

Body = Agency | AgencyGroup

#: Abbreviations that every plan uses, folded.
_ABBREVIATIONS = {"ub": "uy ban", "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "mttq": "mat tran to quoc"}
#: Words that join or count and never tell two bodies apart.
_SILENT = frozenset({"cac", "va"})
#: The head of a body answers for the body.
_HEADS = ("giam doc ", "chu tich ", "thu truong ", "tong bien tap ")
_TIERS = ("tinh", "thanh pho")
_WORD = re.compile(r"[^\W_]+")
#: How many letters of a query count; longer ones are somebody's paste.
_LONGEST_QUERY = 100


def name_key(printed: str) -> str:
    """Give the key by which names of bodies are compared: folded, without punctuation, "UBND" spelt out."""
    words = (_ABBREVIATIONS.get(word, word) for word in _WORD.findall(fold(printed)))
    return " ".join(word for word in words if word not in _SILENT)


def reference(body: Body) -> str:
    """Name a body for a form: "agency:12" or "group:3"."""
    return f"{'group' if isinstance(body, AgencyGroup) else 'agency'}:{body.id}"


class Catalogue:
    """All bodies with their keys, loaded once; matching asks the database nothing."""

    def __init__(self, agencies: Iterable[Agency], groups: Iterable[AgencyGroup]) -> None:
        agencies, groups = list(agencies), list(groups)
        self._by_reference: dict[str, Body] = {reference(body): body for body in _bodies(agencies, groups)}
        self._province = _province_key(agencies)
        #: None stands for a key that means two bodies.
        self._printed: dict[str, Body | None] = {}
        self._evened: dict[str, Body | None] = {}
        for agency in agencies:
            for name in (agency.name, agency.short_name, *(alias.name for alias in agency.aliases)):
                _add(self._printed, name_key(name or ""), agency)
        for group in groups:
            for name in (group.name, *group.alias_folds.splitlines()):
                _add(self._printed, name_key(name), group)
        for key, body in list(self._printed.items()):
            if body is not None:
                self._add_evened(key, body)

    def match(self, printed: str) -> Body | None:
        """Give the body that a printed name means; None when it is unknown or not certain."""
        key = name_key(printed)
        if not key:
            return None
        for form in self._forms(key):
            for keys in (self._printed, self._evened):
                if form in keys:
                    return keys[form]
        return None

    def pick(self, chosen: str, name: str) -> Body | None:
        """Give the body chosen from the list by its reference, as long as its name still stands in the field."""
        body = self._by_reference.get(chosen)
        return body if body is not None and name_key(body.name) == name_key(name) else None

    def _forms(self, key: str) -> list[str]:
        forms = [key, self._without_province(key)]
        forms.append(_without_tier(forms[-1]))
        for head in _HEADS:
            forms += [form.removeprefix(head) for form in forms[:3] if form.startswith(head)]
        return list(dict.fromkeys(form for form in forms if form))

    def _without_province(self, key: str) -> str:
        ending = f" {self._province}"
        return key.removesuffix(ending) if self._province else key

    def _add_evened(self, key: str, body: Body) -> None:
        """Add what a plan of this province prints for short: "Công an tỉnh"; "Thanh tra" where there is only one."""
        short = self._without_province(key)
        if short != key:
            _add(self._evened, short, body)
        bare = _without_tier(short)
        # "Công an" alone is no name for Công an tỉnh while there are Công an xã, phường.
        others = (other for other, owner in self._printed.items() if owner is not body)
        if bare != short and not any(other == bare or other.startswith(f"{bare} ") for other in others):
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
    forms = list(dict.fromkeys([key, " ".join(_ABBREVIATIONS.get(word, word) for word in key.split())]))
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


def _without_tier(key: str) -> str:
    for tier in _TIERS:
        key = key.removesuffix(f" {tier}")
    return key


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
