"""Accounts: made, corrected, closed; guesses counted; links that work once."""
from __future__ import annotations

import unicodedata
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import Actor, AuditEntry, LoginAttempt, OutboxMail, PasswordReset, User
from tracker.models.account import issue_token, reset_for_token
from tracker.rules.passwords import PasswordTooShort
from tracker.rules.permissions import Role
from tracker.rules.states import MailKind
from tracker.workflow import accounts, passwords
from tracker.workflow.logging_in import AccountClosed, BadCredentials, TooManyAttempts, authenticate

GOOD = "cây đa giếng nước"
HASH = passwords.hash_password(GOOD)  # once: a good hash is slow
OTHER = "sân đình bến sông"
ADDRESS = "10.0.0.7"
COMMAND = Actor("command", "command")
MINUTE = timedelta(minutes=1)


def someone(make: Factory, **values: object) -> User:
    return make.user(**{"password_hash": HASH, **values})


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def guess(session: Session, user: User, *, times: int, now: object = NOW, address: str = ADDRESS) -> None:
    email = user.email
    for _ in range(times):
        with pytest.raises(BadCredentials):
            authenticate(session, email=email, password="sai rồi sai mãi", address=address, now=now)  # type: ignore[arg-type]


# ---- making and correcting ----


def test_a_new_account_is_audited_without_its_password(session: Session, make: Factory) -> None:
    agency = make.agency()

    user = accounts.create_user(session, email=" Lan@HaDuong.example", name="  Nguyễn  Thị Lan ", role=Role.LIAISON,
                                agency=agency, password=GOOD, actor=COMMAND, now=NOW)
    session.commit()

    entry = session.scalars(select(AuditEntry)).one()
    assert (user.email, user.name) == ("lan@haduong.example", "Nguyễn Thị Lan")
    assert entry.action == "account.created"
    assert "password" not in str(entry.after)
    assert passwords.verify(user, GOOD)


def test_a_name_in_nfd_is_kept_in_nfc(session: Session, make: Factory) -> None:
    user = accounts.create_user(session, email="a@haduong.example", name=unicodedata.normalize("NFD", "Vũ Thị Thúy"),
                                role=Role.LEADER, agency=make.agency(), actor=COMMAND, now=NOW)

    assert user.name == "Vũ Thị Thúy"


@pytest.mark.parametrize("email", ["", "lan", "lan@@haduong.example", "x" * 290 + "@haduong.example", "đào@x.vn"])
def test_an_address_that_is_none_is_refused(session: Session, make: Factory, email: str) -> None:
    with pytest.raises(accounts.EmailNotValid):
        accounts.create_user(session, email=email, name="Lan", role=Role.LIAISON, agency=make.agency(),
                             actor=COMMAND, now=NOW)


def test_one_address_has_one_account(session: Session, make: Factory) -> None:
    user = make.user(email="lan@haduong.example")

    with pytest.raises(accounts.EmailTaken):
        accounts.create_user(session, email="LAN@haduong.example", name="Lan", role=Role.LIAISON, agency=user.agency,
                             actor=COMMAND, now=NOW)


def test_an_edit_writes_down_only_what_changed(session: Session, make: Factory) -> None:
    user, agency = make.user(), make.agency()
    before = user.agency_id

    accounts.edit_user(session, user, email=user.email, name=user.name, role=user.role, agency=agency,
                       post=None, phone=None, actor=COMMAND, now=NOW)
    session.commit()

    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.before, entry.after) == ({"agency_id": before}, {"agency_id": agency.id})


def test_an_edit_that_changes_nothing_leaves_no_audit(session: Session, make: Factory) -> None:
    user = make.user()

    accounts.edit_user(session, user, email=user.email, name=user.name, role=user.role, agency=user.agency,
                       post=None, phone=None, actor=COMMAND, now=NOW)

    assert actions(session) == []


def test_a_taken_address_changes_nothing(session: Session, make: Factory) -> None:
    user, other = make.user(), make.user()

    with pytest.raises(accounts.EmailTaken):
        accounts.edit_user(session, user, email=other.email, name="Khác", role=user.role, agency=user.agency,
                           post=None, phone=None, actor=COMMAND, now=NOW)
    session.commit()

    assert user.name != "Khác"


def test_a_new_address_makes_links_in_the_old_mailbox_useless(session: Session, make: Factory) -> None:
    user = someone(make)
    token = passwords.hand_out_link(session, user, actor=COMMAND, now=NOW, valid=passwords.LINK_VALID)

    accounts.edit_user(session, user, email="moi@haduong.example", name=user.name, role=user.role, agency=user.agency,
                       post=None, phone=None, actor=COMMAND, now=NOW)
    session.commit()

    assert reset_for_token(session, token, now=NOW) is None


def test_the_last_administrator_can_not_be_closed(session: Session, make: Factory) -> None:
    administrator = make.user(Role.ADMINISTRATOR)
    make.user(Role.ADMINISTRATOR, is_active=False)

    with pytest.raises(accounts.LastAdministrator):
        accounts.deactivate(session, administrator, actor=COMMAND, now=NOW)

    assert administrator.is_active


def test_nobody_takes_away_their_own_role(session: Session, make: Factory) -> None:
    one = make.user(Role.ADMINISTRATOR)
    make.user(Role.ADMINISTRATOR)

    with pytest.raises(accounts.OwnAccount):
        accounts.edit_user(session, one, email=one.email, name=one.name, role=Role.LIAISON, agency=one.agency,
                           post=None, phone=None, actor=Actor(one.name, ADDRESS, one), now=NOW)


def test_closing_ends_sessions_and_opening_does_not_revive_them(session: Session, make: Factory) -> None:
    user = someone(make)
    before = user.get_id()

    accounts.deactivate(session, user, actor=COMMAND, now=NOW)
    accounts.deactivate(session, user, actor=COMMAND, now=NOW)
    accounts.reactivate(session, user, actor=COMMAND, now=NOW)
    session.commit()

    assert user.is_active
    assert user.get_id() != before
    assert actions(session) == ["account.deactivated", "account.reactivated"]


# ---- the door ----


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


# ---- changing ----


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


# ---- links ----


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
