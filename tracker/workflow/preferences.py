"""What a person chooses about the own mails: how often, in which language, who stands in on days away."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Actor, User
from tracker.models.audit import record
from tracker.models.recipients import is_reachable
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Role
from tracker.rules.states import DigestRhythm
from tracker.workflow.accounts import LOCALES

#: Whoever is away for longer hands the account's work over instead.
LONGEST_ABSENCE = 365


@dataclass(frozen=True)
class Preferences:
    """How a person is written to; first and last day away are included."""

    digest: DigestRhythm
    locale: str
    stand_in_id: int | None = None
    away_from: date | None = None
    away_until: date | None = None

    @property
    def stamp(self) -> str:
        """Write all of it down, so that a form can say what its reader had seen."""
        return "|".join(str(value or "") for value in asdict(self).values())


class PreferencesChanged(Refusal):
    """Somebody else changed them after the form was opened."""

    key = "preferences_changed"


class NoStandIn(Refusal):
    """Days away are given without a colleague who gets the mails on them."""

    key = "no_stand_in"


class NotAStandIn(Refusal):
    """The stand-in is no reachable liaison of the same agency."""

    key = "not_a_stand_in"


class StandInAway(Refusal):
    """The stand-in is away on some of the same days (values: name, first, last)."""

    key = "stand_in_away"


class HalfAbsence(Refusal):
    """Of the first and the last day away only one is given."""

    key = "half_absence"


class AbsenceBackwards(Refusal):
    """The last day away is before the first."""

    key = "absence_backwards"


class AbsenceOver(Refusal):
    """The last day away has gone by."""

    key = "absence_over"


class AbsenceTooLong(Refusal):
    """The absence is longer than makes sense (values: most)."""

    key = "absence_too_long"


def preferences_of(user: User) -> Preferences:
    """Give what a person has chosen."""
    return Preferences(user.digest, user.locale, user.stand_in_id, user.away_from, user.away_until)


def has_stand_in(user: User) -> bool:
    """Tell whether somebody may take this person's reminders: those of an agency's work go to its liaisons only."""
    return user.role is Role.LIAISON


def possible_stand_ins(session: Session, user: User) -> Sequence[User]:
    """Give the colleagues who may stand in for a person: reachable liaisons of the same agency."""
    if not has_stand_in(user):
        return []
    return session.scalars(
        select(User)
        .where(User.agency_id == user.agency_id, User.role == Role.LIAISON, is_reachable(), User.id != user.id)
        .order_by(User.name, User.id)
    ).all()


def stands_in_for(session: Session, user: User, *, today: date) -> Sequence[User]:
    """Give the colleagues who named this person, those that are away first."""
    found = session.scalars(
        select(User)
        .where(User.stand_in_id == user.id, User.agency_id == user.agency_id, User.is_active)
        .order_by(User.name, User.id)
    ).all()
    return sorted(found, key=lambda one: not is_away(one, today))


def is_away(user: User, today: date) -> bool:
    """Tell whether a day is one of a person's days away."""
    return user.away_from is not None and user.away_until is not None and user.away_from <= today <= user.away_until


def choose(session: Session, user: User, chosen: Preferences, *, seen: str, actor: Actor, today: date,
           now: datetime) -> bool:
    """Keep what a person chose, or an administrator for them; False when nothing is new. The caller commits.

    `seen` is the stamp of what the form showed. An absence that is over may stay as it stands. Raises
    PreferencesChanged, HalfAbsence, AbsenceBackwards, AbsenceOver, AbsenceTooLong, NoStandIn, NotAStandIn or
    StandInAway.
    """
    session.scalars(select(User).where(User.id == user.id).with_for_update()
                    .execution_options(populate_existing=True)).one()
    before = preferences_of(user)
    if seen != before.stamp:
        raise PreferencesChanged
    if chosen == before:
        return False
    if (chosen.stand_in_id, chosen.away_from, chosen.away_until) != (
            before.stand_in_id, before.away_from, before.away_until):
        _check_days(chosen, today)
        _check_stand_in(session, user, chosen)
    locale = chosen.locale if chosen.locale in LOCALES else before.locale
    user.digest, user.locale, user.stand_in_id = chosen.digest, locale, chosen.stand_in_id
    user.away_from, user.away_until = chosen.away_from, chosen.away_until
    session.flush()
    session.refresh(user, ["stand_in"])
    old, new = _facts(before), _facts(preferences_of(user))
    changed = {name for name in new if new[name] != old[name]}
    record(session, actor, "account.preferences_chosen", user, now=now,
           before={name: old[name] for name in sorted(changed)}, after={name: new[name] for name in sorted(changed)})
    return True


def _check_days(chosen: Preferences, today: date) -> None:
    first, last = chosen.away_from, chosen.away_until
    if (first is None) != (last is None):
        raise HalfAbsence
    if first is None or last is None:
        return
    if last < first:
        raise AbsenceBackwards
    if last < today:
        raise AbsenceOver
    if (last - first).days >= LONGEST_ABSENCE or (first - today).days >= LONGEST_ABSENCE:
        raise AbsenceTooLong(most=LONGEST_ABSENCE)


def _check_stand_in(session: Session, user: User, chosen: Preferences) -> None:
    if chosen.stand_in_id is None:
        if chosen.away_from is not None:
            raise NoStandIn
        return
    stand_in = next((one for one in possible_stand_ins(session, user) if one.id == chosen.stand_in_id), None)
    if stand_in is None:
        raise NotAStandIn
    if (chosen.away_from and chosen.away_until and stand_in.away_from and stand_in.away_until
            and stand_in.away_from <= chosen.away_until and chosen.away_from <= stand_in.away_until):
        raise StandInAway(name=stand_in.name, first=f"{stand_in.away_from:%d/%m/%Y}",
                          last=f"{stand_in.away_until:%d/%m/%Y}")


def _facts(chosen: Preferences) -> dict[str, Any]:
    return {
        "digest": chosen.digest.value, "locale": chosen.locale, "stand_in": chosen.stand_in_id,
        "away_from": chosen.away_from.isoformat() if chosen.away_from else None,
        "away_until": chosen.away_until.isoformat() if chosen.away_until else None,
    }
