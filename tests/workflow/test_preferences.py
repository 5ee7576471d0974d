"""What people choose about their own mails, and what mornings make of it."""
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.reminders.mornings import decide, told
from tracker.models import Actor, AuditEntry, User
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Role
from tracker.rules.states import DigestRhythm
from tracker.workflow import preferences
from tracker.workflow.preferences import Preferences, preferences_of

COMMAND = Actor("command", "command")
DAY = timedelta(days=1)


@pytest.fixture
def pair(make: Factory) -> tuple[User, User]:
    """Two liaisons of one agency."""
    first = make.user(name="Lê Thị Hoa")
    return first, make.user(agency=first.agency, name="Phạm Văn Bình")


def choose(session: Session, user: User, chosen: Preferences, seen: str | None = None) -> bool:
    stamp = preferences_of(user).stamp if seen is None else seen
    changed = preferences.choose(session, user, chosen, seen=stamp, actor=COMMAND, today=TODAY, now=NOW)
    session.commit()
    return changed


def away(user: User, stand_in: User | None, first: int = 0, last: int = 3) -> Preferences:
    return replace(preferences_of(user), stand_in_id=stand_in.id if stand_in else None,
                   away_from=TODAY + first * DAY, away_until=TODAY + last * DAY)


def test_what_was_chosen_is_kept_and_audited_once(session: Session, pair: tuple[User, User]) -> None:
    user, colleague = pair
    wanted = replace(away(user, colleague), digest=DigestRhythm.WEEKLY, locale="en")

    changed, again = choose(session, user, wanted), choose(session, user, wanted)

    entry = session.scalars(select(AuditEntry)).one()
    assert (changed, again, preferences_of(user)) == (True, False, wanted)
    assert entry.action == "account.preferences_chosen"
    assert entry.before == {"away_from": None, "away_until": None, "digest": "daily", "locale": "vi", "stand_in": None}
    assert entry.after is not None
    assert entry.after["stand_in"] == colleague.id


def test_while_away_the_stand_in_is_told_and_afterwards_oneself(session: Session, pair: tuple[User, User],
                                                                make: Factory) -> None:
    user, colleague = pair
    colleague.digest = DigestRhythm.WEEKLY
    ahead = make.assignment(user.agency, due_on=TODAY + DAY)
    choose(session, user, away(user, colleague, last=0))

    decide(session, TODAY)
    first = told(session)
    decide(session, TODAY + DAY)

    assert first == [], "the one who is there gets mail on Mondays only"
    assert set(told(session)) == {(user.id, ahead.id, "due"), (colleague.id, ahead.id, "due")}


REFUSED: list[Any] = [
    pytest.param("no_stand_in", {"stand_in": None}, id="days away without anybody"),
    pytest.param("half_absence", {"away_until": None}, id="a first day without a last"),
    pytest.param("half_absence", {"away_from": None}, id="a last day without a first"),
    pytest.param("absence_backwards", {"away_until": TODAY - DAY}, id="backwards"),
    pytest.param("absence_over", {"away_from": TODAY - 3 * DAY, "away_until": TODAY - DAY}, id="gone by"),
    pytest.param("absence_too_long", {"away_until": TODAY + 365 * DAY}, id="longer than a year"),
    pytest.param("absence_too_long", {"away_from": TODAY + 400 * DAY, "away_until": TODAY + 401 * DAY}, id="far ahead"),
]


@pytest.mark.parametrize(("key", "values"), REFUSED)
def test_an_absence_that_makes_no_sense_is_refused(
    session: Session, pair: tuple[User, User], key: str, values: dict[str, Any]
) -> None:
    user, colleague = pair
    wanted = away(user, None if "stand_in" in values else colleague)
    wanted = replace(wanted, **{name: value for name, value in values.items() if name != "stand_in"})

    with pytest.raises(Refusal) as refused:
        choose(session, user, wanted)

    assert refused.value.key == key


def test_only_a_reachable_liaison_of_the_same_agency_stands_in(session: Session, make: Factory) -> None:
    user = make.user()
    strangers = [
        user, make.user(), make.user(Role.COORDINATOR, user.agency), make.user(agency=user.agency, is_active=False),
        make.user(agency=user.agency, mail_refused_at=NOW),
    ]  # fmt: skip

    for stranger in strangers:
        with pytest.raises(preferences.NotAStandIn):
            choose(session, user, replace(preferences_of(user), stand_in_id=stranger.id))
    assert preferences.possible_stand_ins(session, user) == []


def test_nobody_stands_in_who_is_away_on_the_same_days(session: Session, pair: tuple[User, User],
                                                       make: Factory) -> None:
    user, colleague = pair
    third = make.user(agency=user.agency)
    choose(session, colleague, away(colleague, third, 3, 5))

    with pytest.raises(preferences.StandInAway):
        choose(session, user, away(user, colleague, 0, 3))
    assert choose(session, user, away(user, colleague, 0, 2))


def test_a_stand_in_who_left_is_passed_over_by_the_morning(session: Session, pair: tuple[User, User],
                                                           make: Factory) -> None:
    user, colleague = pair
    row = make.assignment(user.agency)
    choose(session, user, away(user, colleague))
    colleague.role = Role.ADMINISTRATOR
    session.commit()

    decide(session)

    assert told(session) == [(user.id, row.id, "due")]
    assert choose(session, user, replace(preferences_of(user), locale="en")), "what was there before may stay"


def test_the_later_of_two_who_choose_at_once_is_told(session: Session, pair: tuple[User, User]) -> None:
    user, colleague = pair
    seen = preferences_of(user).stamp
    choose(session, user, away(user, colleague))

    with pytest.raises(preferences.PreferencesChanged):
        choose(session, user, replace(preferences_of(user), digest=DigestRhythm.WEEKLY), seen=seen)


def test_those_who_are_away_come_first_among_whom_one_stands_in_for(session: Session, make: Factory) -> None:
    user = make.user()
    make.user(agency=user.agency, name="An", stand_in_id=user.id)
    make.user(agency=user.agency, name="Bình", stand_in_id=user.id, away_from=TODAY, away_until=TODAY)
    make.user(agency=user.agency, name="Chi", stand_in_id=user.id, is_active=False)

    assert [one.name for one in preferences.stands_in_for(session, user, today=TODAY)] == ["Bình", "An"]
