"""Who is written to for an agency, and as whom."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, Subquery, and_, exists, literal, not_, select, union_all
from sqlalchemy.orm import Session, aliased

from tracker.models.account import User
from tracker.rules.permissions import Role
from tracker.rules.reminder_policy import Audience

#: Beside the audiences of a policy: a liaison who is away, told of last warnings only.
AWAY = "away"


@dataclass(frozen=True)
class Recipient:
    """A liaison who can be written to."""

    id: int
    name: str
    email: str


def is_reachable(person: type[User] = User) -> ColumnElement[bool]:
    """Which accounts a mail can reach: not closed, with an address that no server has refused for good."""
    return and_(person.is_active, person.email != "", person.mail_refused_at.is_(None))


def is_reachable_liaison(person: type[User] = User) -> ColumnElement[bool]:
    """Which accounts get an agency's mails: its liaisons; its head only where there is no other."""
    other = aliased(User)
    alone = not_(exists().where(other.agency_id == person.agency_id, other.role == Role.LIAISON,
                                not_(other.is_agency_head), is_reachable(other)))
    return and_(person.role == Role.LIAISON, is_reachable(person), not_(person.is_agency_head) | alone)


def is_reachable_head() -> ColumnElement[bool]:
    """Which accounts are told what is too late in their agency: its heads."""
    return and_(User.is_agency_head, is_reachable())


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


def told_of_agency(today: date | BindParameter[date]) -> Subquery:
    """Give whom a reminder of an agency's work reaches on a day: columns agency_id, person_id, audience.

    While a liaison is away the stand-in takes the place; last warnings go to both (audience `AWAY` beside LIAISON).
    """
    stand_in: type[User] = aliased(User)
    # Only a liaison can report, so nobody else takes a liaison's place.
    takes_over = and_(User.stand_in_id == stand_in.id, stand_in.role == Role.LIAISON, is_reachable(stand_in),
                      stand_in.agency_id == User.agency_id)
    is_away = and_(takes_over, User.away_from <= today, User.away_until >= today)
    has_gone = exists().where(is_away).correlate(User)

    def rows(person: type[User], audience: str, *where: ColumnElement[bool]) -> object:
        return select(User.agency_id.label("agency_id"), person.id.label("person_id"),
                      literal(audience).label("audience")).select_from(User).where(*where)

    return union_all(  # type: ignore[call-overload, no-any-return]
        rows(User, Audience.LIAISON.value, is_reachable_liaison(), not_(has_gone)),
        rows(stand_in, Audience.LIAISON.value, is_reachable_liaison(), is_away),
        rows(User, AWAY, is_reachable_liaison(), has_gone),
        rows(stand_in, Audience.STAND_IN.value, is_reachable_liaison(), takes_over),
        rows(User, Audience.HEAD.value, is_reachable_head()),
    ).subquery("told")
