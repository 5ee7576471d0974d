"""Agencies and the other names plans print for them, kept by an administrator."""
from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Actor, Agency, AgencyAlias, AgencyGroup, AgencyKind, AgencyLevel
from tracker.models.audit import record
from tracker.rules.errors import Refusal
from tracker.rules.folding import fold


class AgencyNameMissing(Refusal):
    """An agency's name is blank."""

    key = "agency_name_missing"


class AgencyNameTaken(Refusal):
    """Another agency has this very name."""

    key = "agency_name_taken"


class AliasTaken(Refusal):
    """A name would mean two bodies; a wrong owner is worse than none."""

    key = "alias_taken"


def create_agency(
    session: Session,
    *,
    name: str,
    kind: AgencyKind,
    level: AgencyLevel,
    actor: Actor,
    now: datetime,
    short_name: str | None = None,
    is_requested: bool = False,
    position: int = 0,
    aliases: Sequence[str] = (),
) -> Agency:
    """Add a body that can be given work. The caller commits.

    Raises AgencyNameMissing, AgencyNameTaken or AliasTaken.
    """
    agency = Agency(name="", fold="", kind=kind, level=level)
    _describe(session, agency, name=name, kind=kind, level=level, short_name=short_name,
              is_requested=is_requested, position=position, aliases=aliases)
    record(session, actor, "agency.created", agency, now=now, after=_facts(agency))
    return agency


def edit_agency(
    session: Session,
    agency: Agency,
    *,
    name: str,
    kind: AgencyKind,
    level: AgencyLevel,
    short_name: str | None,
    is_requested: bool,
    position: int,
    aliases: Sequence[str],
    actor: Actor,
    now: datetime,
) -> None:
    """Correct an agency; assignments that were given out keep their own mark of order or request.

    The caller commits. Raises AgencyNameMissing, AgencyNameTaken or AliasTaken.
    """
    before = _facts(agency)
    _describe(session, agency, name=name, kind=kind, level=level, short_name=short_name,
              is_requested=is_requested, position=position, aliases=aliases)
    after = _facts(agency)
    changed = {key for key in after if after[key] != before[key]}
    if changed:
        record(session, actor, "agency.edited", agency, now=now,
               before={key: before[key] for key in changed}, after={key: after[key] for key in changed})


def _describe(
    session: Session,
    agency: Agency,
    *,
    name: str,
    kind: AgencyKind,
    level: AgencyLevel,
    short_name: str | None,
    is_requested: bool,
    position: int,
    aliases: Sequence[str],
) -> None:
    name = _line(name)
    if not fold(name):
        raise AgencyNameMissing
    wanted = _distinct(aliases, besides=fold(name))
    _check_unambiguous(session, agency, wanted, name)
    try:
        with session.begin_nested():
            agency.name, agency.fold = name, fold(name)
            agency.short_name = _line(short_name or "") or None
            agency.kind, agency.level, agency.is_requested, agency.position = kind, level, is_requested, position
            present = {alias.fold: alias for alias in agency.aliases}
            for gone in present.keys() - wanted.keys():
                agency.aliases.remove(present[gone])
            for key, alias in wanted.items():
                if key in present:
                    present[key].name = alias
                else:
                    agency.aliases.append(AgencyAlias(name=alias, fold=key))
            session.add(agency)
    except IntegrityError as error:
        raise AgencyNameTaken(name=name) from error


def _distinct(aliases: Sequence[str], *, besides: str) -> dict[str, str]:
    """Give the aliases by fold key: no blanks, no doubles, not the name itself."""
    wanted: dict[str, str] = {}
    for alias in aliases:
        key = fold(alias)
        if key and key != besides:
            wanted.setdefault(key, _line(alias))
    return wanted


def _check_unambiguous(session: Session, agency: Agency, wanted: dict[str, str], name: str) -> None:
    """Refuse an alias that is the name or alias of another agency or of a group, and a name that is another's alias.

    Two agencies' own names may share a fold key (Tân Tiến, Tấn Tiến): both are facts, and a person decides.
    """
    own = agency.id or 0
    names = session.execute(
        select(Agency.fold, Agency.name).where(Agency.fold.in_(wanted), Agency.id != own).order_by(Agency.id)
    ).all()
    others = session.execute(
        select(AgencyAlias.fold, Agency.name)
        .join(AgencyAlias.agency)
        .where(AgencyAlias.fold.in_([*wanted, fold(name)]), Agency.id != own)
        .order_by(AgencyAlias.id)
    ).all()
    groups = [
        (key, group.name)
        for group in session.scalars(select(AgencyGroup).order_by(AgencyGroup.id))
        for key in wanted
        if key == group.fold or key in group.alias_folds.splitlines()
    ]
    for key, other in [*names, *others, *groups]:
        raise AliasTaken(alias=wanted.get(key, name), name=other)


def _line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("\x00", "").split())


def _facts(agency: Agency) -> dict[str, Any]:
    return {
        "name": agency.name,
        "short_name": agency.short_name,
        "kind": agency.kind.value,
        "level": agency.level.value,
        "is_requested": agency.is_requested,
        "position": agency.position,
        "aliases": sorted(alias.name for alias in agency.aliases),
    }
