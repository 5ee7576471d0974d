"""Who is told of a task on a day, and as whom: the agency's own people, then those above it."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tracker.models import Agency, User
from tracker.models.recipients import AWAY, is_reachable, told_of_agency
from tracker.rules.permissions import Role
from tracker.rules.reminder_policy import Audience
from tracker.rules.states import DigestRhythm

_READER = (User.id, User.name, User.email, User.role, User.agency_id, User.digest)


@dataclass(frozen=True)
class Reader:
    """Somebody who is told, as whom."""

    id: int
    name: str
    email: str
    role: Role
    agency_id: int
    digest: DigestRhythm
    audience: Audience
    #: Away, and told of last warnings only.
    is_away: bool = False


class Readers:
    """The people of one agency and those above it, day by day."""

    def __init__(self, session: Session, agency: Agency, coordinator: Agency | None) -> None:
        self._session, self._agency, self._coordinator = session, agency, coordinator
        rows = session.execute(
            select(User.id, User.away_from, User.away_until)
            .where(User.agency_id == agency.id, User.away_from.is_not(None), User.away_until.is_not(None))
        )
        self._away = [(person_id, first, last) for person_id, first, last in rows if first and last]
        self._known: dict[frozenset[int], list[Reader]] = {}

    def on(self, day: date) -> list[Reader]:
        """Read who is told on a day; days on which the same people are away are alike."""
        away = frozenset(person_id for person_id, first, last in self._away if first <= day <= last)
        if away not in self._known:
            self._known[away] = [*self._of_agency(day), *self._above()]
        return self._known[away]

    def _of_agency(self, day: date) -> list[Reader]:
        told = told_of_agency(day)
        rows = self._session.execute(
            select(*_READER, told.c.audience).join(told, told.c.person_id == User.id)
            .where(told.c.agency_id == self._agency.id).order_by(User.id)
        )
        found = [_reader(row, Audience.LIAISON if row.audience == AWAY else Audience(row.audience),
                         is_away=row.audience == AWAY) for row in rows]
        order = list(Audience)
        return sorted(found, key=lambda one: (order.index(one.audience), one.is_away))

    def _above(self) -> list[Reader]:
        coordinator = self._coordinator
        who = [User.role == Role.LEADER]
        if coordinator is not None:
            who.append(and_(User.role == Role.COORDINATOR, User.agency_id == coordinator.id))
        rows = self._session.execute(select(*_READER).where(or_(*who), is_reachable()).order_by(User.id))
        found = [_reader(row, Audience.COORDINATOR if row.role is Role.COORDINATOR else Audience.LEADERSHIP)
                 for row in rows]
        return sorted(found, key=lambda one: one.audience is Audience.LEADERSHIP)


def _reader(row: Any, audience: Audience, *, is_away: bool = False) -> Reader:
    return Reader(row.id, row.name, row.email, row.role, row.agency_id, row.digest, audience, is_away)
