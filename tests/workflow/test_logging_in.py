"""The door: who is let in, and guesses counted."""
from __future__ import annotations

import unicodedata

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.workflow.people_with_passwords import ADDRESS, GOOD, MINUTE, OTHER, actions, guess, someone
from tracker.models import LoginAttempt
from tracker.workflow import passwords
from tracker.workflow.logging_in import AccountClosed, BadCredentials, TooManyAttempts, authenticate


def test_the_right_password_opens(session: Session, make: Factory) -> None:
    user = someone(make)

    found = authenticate(session, email=user.email.upper() + " ", password=GOOD, address=ADDRESS, now=NOW)

    assert found.id == user.id
    assert actions(session) == ["account.logged_in"]


def test_a_password_typed_in_nfd_opens_too(session: Session, make: Factory) -> None:
    user = someone(make)

    found = authenticate(session, email=user.email, password=unicodedata.normalize("NFD", GOOD), address=ADDRESS,
                         now=NOW)

    assert found.id == user.id


@pytest.mark.parametrize("email", ["khongco@haduong.example", "", "\x00", "x" * 300, "' OR 1=1 --"])
def test_an_unknown_address_is_answered_like_a_wrong_password(session: Session, email: str) -> None:
    with pytest.raises(BadCredentials):
        authenticate(session, email=email, password=GOOD, address=ADDRESS, now=NOW)

    assert session.scalars(select(LoginAttempt.succeeded)).all() == [False]


def test_somebody_who_never_set_a_password_is_not_let_in(session: Session, make: Factory) -> None:
    user = make.user()

    with pytest.raises(BadCredentials):
        authenticate(session, email=user.email, password="nobody has this password", address=ADDRESS, now=NOW)


def test_a_closed_account_is_told_so_only_with_its_password(session: Session, make: Factory) -> None:
    user = someone(make, is_active=False)
    email = user.email

    with pytest.raises(BadCredentials):
        authenticate(session, email=email, password=OTHER, address=ADDRESS, now=NOW)
    with pytest.raises(AccountClosed):
        authenticate(session, email=email, password=GOOD, address=ADDRESS, now=NOW)


def test_after_five_wrong_guesses_even_the_right_password_waits(session: Session, make: Factory) -> None:
    user = someone(make)
    guess(session, user, times=1, now=NOW)
    guess(session, user, times=4, now=NOW + 5 * MINUTE)

    with pytest.raises(TooManyAttempts) as refused:
        authenticate(session, email=user.email, password=GOOD, address="10.0.0.8", now=NOW + 6 * MINUTE)
    found = authenticate(session, email=user.email, password=GOOD, address=ADDRESS, now=NOW + 15 * MINUTE)

    assert refused.value.values == {"minutes": 9}
    assert found.id == user.id


def test_knocking_while_refused_does_not_prolong_the_wait(session: Session, make: Factory) -> None:
    user = someone(make)
    guess(session, user, times=5)

    for minute in range(1, 15):
        with pytest.raises(TooManyAttempts):
            authenticate(session, email=user.email, password=GOOD, address=ADDRESS, now=NOW + minute * MINUTE)
    found = authenticate(session, email=user.email, password=GOOD, address=ADDRESS, now=NOW + 15 * MINUTE)

    assert found.id == user.id


def test_a_success_clears_the_count_of_that_address(session: Session, make: Factory) -> None:
    user = someone(make)
    guess(session, user, times=4)
    authenticate(session, email=user.email, password=GOOD, address=ADDRESS, now=NOW + MINUTE)

    guess(session, user, times=4, now=NOW + 2 * MINUTE)
    found = authenticate(session, email=user.email, password=GOOD, address=ADDRESS, now=NOW + 3 * MINUTE)

    assert found.id == user.id


def test_twenty_wrong_guesses_from_one_place_close_it_to_everybody(session: Session, make: Factory) -> None:
    user = someone(make)
    session.add_all(LoginAttempt(email=f"a{n}@x.vn", address=ADDRESS, attempted_at=NOW, succeeded=False)
                    for n in range(20))
    session.commit()

    with pytest.raises(TooManyAttempts):
        authenticate(session, email=user.email, password=GOOD, address=ADDRESS, now=NOW + MINUTE)
    elsewhere = authenticate(session, email=user.email, password=GOOD, address="10.0.0.8", now=NOW + MINUTE)

    assert elsewhere.id == user.id


def test_a_hash_made_with_weaker_parameters_is_made_anew(session: Session, make: Factory) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(passwords.prepare(GOOD))
    user = someone(make, password_hash=weak)

    authenticate(session, email=user.email, password=GOOD, address=ADDRESS, now=NOW)

    assert user.password_hash != weak
    assert passwords.verify(user, GOOD)
