"""Passwords: changed, and set by links that work once."""
from __future__ import annotations

import unicodedata

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.workflow.people_with_passwords import ADDRESS, COMMAND, GOOD, MINUTE, OTHER, actions, guess, someone
from tracker.models import Actor, OutboxMail, PasswordReset, User
from tracker.models.account import issue_token, reset_for_token
from tracker.rules.passwords import PasswordTooShort
from tracker.rules.states import MailKind
from tracker.workflow import accounts, passwords
from tracker.workflow.logging_in import authenticate


def test_changing_the_password_ends_older_log_ins(session: Session, make: Factory) -> None:
    user = someone(make)
    before = user.get_id()

    passwords.change_password(session, user, old=GOOD, new=OTHER, actor=Actor(user.name, ADDRESS, user), now=NOW)
    session.commit()

    assert user.get_id() != before
    assert passwords.verify(user, OTHER)
    assert not passwords.verify(user, GOOD)
    assert actions(session) == ["account.password_changed"]


def test_a_wrong_or_repeated_password_changes_nothing(session: Session, make: Factory) -> None:
    user = someone(make)

    with pytest.raises(passwords.WrongPassword):
        passwords.change_password(session, user, old=OTHER, new="mưa xuân phơi phới", actor=COMMAND, now=NOW)
    with pytest.raises(passwords.SamePassword):
        passwords.change_password(session, user, old=GOOD, new=unicodedata.normalize("NFD", GOOD), actor=COMMAND,
                                  now=NOW)

    assert passwords.verify(user, GOOD)
    assert actions(session) == []


def link(session: Session, user: User) -> str:
    token = passwords.hand_out_link(session, user, actor=COMMAND, now=NOW, valid=passwords.LINK_VALID)
    session.commit()
    return token


def test_a_link_sets_the_password_once(session: Session, make: Factory) -> None:
    user = make.user()
    token = link(session, user)

    passwords.use_link(session, token, password=GOOD, address=ADDRESS, now=NOW + 59 * MINUTE)
    session.commit()

    assert passwords.verify(user, GOOD)
    assert actions(session) == ["account.link_requested", "account.password_reset"]
    with pytest.raises(passwords.LinkNotValid):
        passwords.use_link(session, token, password=OTHER, address=ADDRESS, now=NOW + 59 * MINUTE)


def test_a_link_is_void_after_an_hour(session: Session, make: Factory) -> None:
    token = link(session, make.user())

    with pytest.raises(passwords.LinkNotValid):
        passwords.use_link(session, token, password=GOOD, address=ADDRESS, now=NOW + 60 * MINUTE)


def test_a_refused_password_leaves_the_link_good(session: Session, make: Factory) -> None:
    token = link(session, make.user())

    with pytest.raises(PasswordTooShort):
        passwords.use_link(session, token, password="ngắn", address=ADDRESS, now=NOW)
    user = passwords.use_link(session, token, password=GOOD, address=ADDRESS, now=NOW)

    assert passwords.verify(user, GOOD)


def test_using_one_link_voids_the_others(session: Session, make: Factory) -> None:
    user = make.user()
    older, newer = link(session, user), link(session, user)

    passwords.use_link(session, newer, password=GOOD, address=ADDRESS, now=NOW)

    assert reset_for_token(session, older, now=NOW) is None


def test_only_the_hash_of_a_token_is_kept_and_the_newest_works(session: Session, make: Factory) -> None:
    user = make.user()
    reset = PasswordReset(user_id=user.id, created_at=NOW, expires_at=NOW + MINUTE)
    session.add(reset)

    first, second = issue_token(reset), issue_token(reset)
    session.commit()

    assert second not in str(reset.token_hash)
    assert reset_for_token(session, first, now=NOW) is None
    assert reset_for_token(session, second, now=NOW) is reset


@pytest.mark.parametrize("token", ["", "x", "đ" * 500, "a\x00b", "' OR ''='"])
def test_a_token_that_is_none_opens_nothing(session: Session, make: Factory, token: str) -> None:
    link(session, make.user())

    assert reset_for_token(session, token, now=NOW) is None


def test_a_closed_account_has_no_links(session: Session, make: Factory) -> None:
    user = make.user()
    token = link(session, user)

    accounts.deactivate(session, user, actor=COMMAND, now=NOW)
    accounts.reactivate(session, user, actor=COMMAND, now=NOW)
    session.commit()

    assert reset_for_token(session, token, now=NOW) is None


def test_opening_the_mail_ends_the_wait_for_wrong_guesses(session: Session, make: Factory) -> None:
    user = someone(make)
    guess(session, user, times=5)
    token = link(session, user)

    passwords.use_link(session, token, password=OTHER, address=ADDRESS, now=NOW + MINUTE)
    session.commit()
    found = authenticate(session, email=user.email, password=OTHER, address=ADDRESS, now=NOW + 2 * MINUTE)

    assert found.id == user.id


def test_a_request_puts_one_mail_in_the_outbox_every_five_minutes(session: Session, make: Factory) -> None:
    user = someone(make)

    for minute in (0, 1, 4, 5):
        passwords.request_reset(session, email=user.email.upper(), actor=COMMAND, now=NOW + minute * MINUTE)
        session.commit()

    mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    resets = session.scalars(select(PasswordReset).order_by(PasswordReset.id)).all()
    assert [(mail.kind, mail.key) for mail in mails] == [
        (MailKind.PASSWORD_RESET, f"reset:{reset.id}") for reset in resets
    ]
    assert [reset.created_at for reset in resets] == [NOW, NOW + 5 * MINUTE]
    assert all(reset.token_hash is None for reset in resets)


@pytest.mark.parametrize("email", ["khongco@haduong.example", "", "x" * 300, "a\x00@x.vn"])
def test_a_request_for_nobody_does_nothing(session: Session, make: Factory, email: str) -> None:
    make.user(email="dong@haduong.example", is_active=False)

    passwords.request_reset(session, email=email, actor=COMMAND, now=NOW)
    passwords.request_reset(session, email="dong@haduong.example", actor=COMMAND, now=NOW)

    assert session.scalars(select(OutboxMail)).all() == []
