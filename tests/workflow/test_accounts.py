"""Accounts: made, corrected, closed."""
from __future__ import annotations

import unicodedata

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.workflow.people_with_passwords import ADDRESS, COMMAND, GOOD, actions, someone
from tracker.models import Actor, AuditEntry
from tracker.models.account import reset_for_token
from tracker.rules.permissions import Role
from tracker.workflow import accounts, feeds, passwords


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


def test_who_goes_to_another_agency_has_no_calendar_address_any_more(session: Session, make: Factory) -> None:
    user, agency = make.user(), make.agency()
    feeds.make(session, user, actor=COMMAND, now=NOW)
    session.commit()

    for where in (user.agency, agency):
        before = feeds.current_feed(session, user)
        accounts.edit_user(session, user, email=user.email, name="Tên Mới", role=user.role, agency=where,
                           post=None, phone=None, actor=COMMAND, now=NOW)
        session.commit()

    assert before is not None
    assert before.revoked_at is not None
    assert feeds.current_feed(session, user) is None
    assert "feed.revoked" in actions(session)
