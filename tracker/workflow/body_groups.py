"""A class of bodies that a plan names ("Công an 16 xã"): made a group and tied to every duty that prints it."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Actor, Agency, AgencyGroup, AgencyKind, AgencyLevel, Plan
from tracker.models.audit import record
from tracker.models.catalogue import Catalogue, name_key
from tracker.models.proposals import Proposal, is_whole_class, propose
from tracker.rules.errors import Refusal
from tracker.rules.folding import fold
from tracker.workflow.agencies import AliasTaken, create_agency
from tracker.workflow.unknown_bodies import link

#: A page lists no more agencies to choose from.
MOST_MEMBERS = 1000
_LONGEST_TITLE = 80


class GroupWithoutMembers(Refusal):
    """Work given to a group without members is given to nobody (values: name)."""

    key = "group_without_members"


@dataclass(frozen=True, slots=True)
class Member:
    """One body that the plan counts among a class, and what the catalogue has for it."""

    #: "Công an xã An Khê", from the words of the plan.
    name: str
    agency: Agency | None
    #: How it would be entered; None when it is there, or when its name can't be a body of today.
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class Listed:
    """The members of a class as the plan lists them, and where."""

    members: tuple[Member, ...]
    start: int
    end: int

    @property
    def there(self) -> list[Agency]:
        """Those that the catalogue has, each once."""
        return list(dict.fromkeys(member.agency for member in self.members if member.agency))

    @property
    def missing(self) -> list[Proposal]:
        """Those that can be added to it, each once."""
        return list({member.proposal.name: member.proposal for member in self.members if member.proposal}.values())


def listed_members(session: Session, plan: Plan, printed: str, catalogue: Catalogue) -> Listed | None:
    """Give the members that the plan's own text names for a class; None when it names none."""
    kept: dict[str, Any] | None = next(
        (one for one in plan.extract.get("members", []) if name_key(one["name"]) == name_key(printed)), None)
    if kept is None:
        return None
    proposals = {name: propose(name) for name in kept["members"]}
    names = {one.name for one in proposals.values() if one}
    exact = {agency.name: agency for agency in session.scalars(select(Agency).where(Agency.name.in_(names)))}
    return Listed(tuple(_member(name, one, exact, catalogue) for name, one in proposals.items()),
                  kept["start"], kept["end"])


def _member(name: str, proposal: Proposal | None, exact: dict[str, Agency], catalogue: Catalogue) -> Member:
    agency = exact.get(proposal.name) if proposal else None
    if agency is None:
        known = catalogue.link(name)
        agency = known.body if known and known.is_certain and isinstance(known.body, Agency) else None
    return Member(name, agency, None if agency else proposal)


def agencies_of(session: Session, kinds: Collection[AgencyKind], levels: Collection[AgencyLevel], *,
                today: date) -> list[Agency]:
    """Give the living agencies of these kinds and levels (no level: of both), in the province's own order."""
    wanted = select(Agency).where(Agency.kind.in_(kinds), or_(Agency.ended_on.is_(None), Agency.ended_on >= today))
    if levels:
        wanted = wanted.where(Agency.level.in_(levels))
    return list(session.scalars(wanted.order_by(Agency.level.desc(), Agency.position, Agency.id).limit(MOST_MEMBERS)))


def group_and_link(session: Session, plan: Plan, printed: str, members: Sequence[Agency],
                   missing: Sequence[Proposal] = (), *, actor: Actor, now: datetime, today: date
                   ) -> tuple[AgencyGroup, int]:
    """Make a group of agencies, adding the missing ones, the owner wherever a class is printed. The caller commits.

    Gives the group and the number of duties. Undoing the act unties the duties; group and agencies stay in the
    catalogue. A group with the same name and members is taken as it is. Raises GroupWithoutMembers, AgencyNameTaken,
    AliasTaken, NobodyPrintsIt, PlanNotUnderReview.
    """
    with session.begin_nested():
        added = [create_agency(session, name=one.name, kind=one.kind, level=one.level, is_requested=one.is_requested,
                               actor=actor, now=now) for one in missing]
        everybody = list(dict.fromkeys([*members, *added]))
        if not everybody:
            raise GroupWithoutMembers(name=printed)
        group = _group(session, _names(session, plan, printed, everybody, today), everybody, actor=actor, now=now)
        return group, link(session, plan, printed, group, actor=actor, now=now)


def _group(session: Session, names: Iterator[str], members: list[Agency], *, actor: Actor, now: datetime
           ) -> AgencyGroup:
    """Give the group with the first of the names that is free, or that a group of the same members has."""
    taken = {group.fold: group for group in session.scalars(select(AgencyGroup))}
    for name in names:
        there = taken.get(fold(name))
        if there is None:
            break
        if {agency.id for agency in there.members} == {agency.id for agency in members}:
            return there
    group = AgencyGroup(name=name, fold=fold(name), members=members)
    try:
        with session.begin_nested():
            session.add(group)
    except IntegrityError as error:  # somebody made it in this very moment
        raise AliasTaken(alias=name, name=name) from error
    record(session, actor, "group.created", group, now=now,
           after={"name": name, "members": [agency.name for agency in members]})
    return group


def _names(session: Session, plan: Plan, printed: str, members: list[Agency], today: date) -> Iterator[str]:
    """Give names for a group, the best first.

    "Công an 16 xã" are others in the next plan, so its group carries the plan in its name and is not taken for theirs;
    a class that says of itself who belongs, and holds all of them, has its own name in every plan.
    """
    proposal = propose(printed)
    name = proposal.name if proposal else printed[:1].upper() + printed[1:]
    if proposal is None or not _is_whole(session, printed, proposal, members, today):
        issued = f", {plan.issued_on:%d/%m/%Y}" if plan.issued_on else ""
        name = f"{name} ({plan.number or plan.title[:_LONGEST_TITLE]}{issued})"
    yield name
    for number in count(2):
        yield f"{name} – {number}"


def _is_whole(session: Session, printed: str, proposal: Proposal, members: list[Agency], today: date) -> bool:
    if not is_whole_class(printed) or proposal.kind is AgencyKind.OTHER:
        return False
    ids = {agency.id for agency in members}
    return {agency.id for agency in agencies_of(session, [proposal.kind], [proposal.level], today=today)} == ids
