"""Who is written to for an agency."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from tracker.models.account import User
from tracker.rules.permissions import Role


@dataclass(frozen=True)
class Recipient:
    """A liaison who can be written to."""

    id: int
    name: str
    email: str


def is_reachable_liaison() -> ColumnElement[bool]:
    """Which accounts get an agency's mails: its liaisons, not closed, with an address."""
    return and_(User.role == Role.LIAISON, User.is_active, User.email != "")


def is_reachable_head() -> ColumnElement[bool]:
    """Which accounts are told what is too late in their agency: its heads, not closed, with an address."""
    return and_(User.is_agency_head, User.is_active, User.email != "")


def agencies_with_head(session: Session) -> set[int]:
    """Give the ids of the agencies whose head can be told something, in one query."""
    return set(session.scalars(select(User.agency_id).where(is_reachable_head()).distinct()))


def liaisons(session: Session, agency_ids: Collection[int] | None = None) -> dict[int, list[Recipient]]:
    """Give the people who are written to, by agency id, in one query; all agencies when none are named."""
    query = select(User.agency_id, User.id, User.name, User.email).where(is_reachable_liaison()).order_by(User.id)
    if agency_ids is not None:
        query = query.where(User.agency_id.in_(agency_ids))
    people: dict[int, list[Recipient]] = defaultdict(list)
    for agency_id, user_id, name, email in session.execute(query):
        people[agency_id].append(Recipient(user_id, name, email))
    return people
