"""Accounts: made, corrected, closed and opened again by an administrator."""
from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Actor, Agency, User
from tracker.models.audit import record
from tracker.reminders import untold
from tracker.rules.addresses import clean_address
from tracker.rules.errors import Refusal
from tracker.rules.passwords import check_password
from tracker.rules.permissions import Role
from tracker.workflow import feeds
from tracker.workflow.passwords import hash_password, void_links

LOCALES = frozenset({"vi", "en"})


class EmailNotValid(Refusal):
    """It is not an address that mail can be sent to."""

    key = "email_not_valid"


class EmailTaken(Refusal):
    """Somebody has an account with this address already."""

    key = "email_taken"


class NameMissing(Refusal):
    """A person's name is blank."""

    key = "name_missing"


class OwnAccount(Refusal):
    """One's own account can't be closed, nor one's own role changed: nobody could undo it."""

    key = "own_account"


class LastAdministrator(Refusal):
    """Without this account nobody could manage the system."""

    key = "last_administrator"


def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    agency: Agency,
    actor: Actor,
    now: datetime,
    password: str | None = None,
    post: str | None = None,
    phone: str | None = None,
    is_agency_head: bool = False,
    locale: str = "vi",
) -> User:
    """Make an account; without a password its owner sets one by a link. The caller commits.

    Raises EmailNotValid, EmailTaken, NameMissing and what check_password raises.
    """
    address = _free_address(session, email)
    if password is not None:
        check_password(password, email=address)
    user = User(
        email=address,
        name=_line(name),
        role=role,
        agency_id=agency.id,
        post=_tidy(post),
        phone=_tidy(phone),
        is_agency_head=is_agency_head,
        locale=locale if locale in LOCALES else "vi",
        password_hash=hash_password(password) if password is not None else None,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        raise EmailTaken(email=address) from error
    record(session, actor, "account.created", user, now=now, after=_facts(user))
    return user


def edit_user(
    session: Session,
    user: User,
    *,
    email: str,
    name: str,
    role: Role,
    agency: Agency,
    post: str | None,
    phone: str | None,
    is_agency_head: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """Correct an account. The caller commits.

    Raises EmailNotValid, EmailTaken, NameMissing, OwnAccount or LastAdministrator.
    """
    before = _facts(user)
    address = _free_address(session, email, user)
    name = _line(name)
    if role is not user.role:
        _check_may_lose_role(session, user, actor)
    if address != user.email:
        void_links(session, user, now=now)  # they lie in the old mailbox
        user.mail_refused_at, user.mail_refused_reason = None, None  # nobody has refused the new one
        untold.sent_back(session, user, now=now)
    try:
        with session.begin_nested():
            user.email, user.name, user.role, user.agency_id = address, name, role, agency.id
            user.post, user.phone, user.is_agency_head = _tidy(post), _tidy(phone), is_agency_head
    except IntegrityError as error:
        raise EmailTaken(email=address) from error
    if before["agency_id"] != agency.id and (feed := feeds.current_feed(session, user)) is not None:
        # Whoever was given the address there would read of the other agency from now on.
        feeds.revoke(session, feed, actor=actor, now=now)
    after = _facts(user)
    changed = {key for key in after if after[key] != before[key]}
    if changed:
        record(session, actor, "account.edited", user, now=now,
               before={key: before[key] for key in changed}, after={key: after[key] for key in changed})


def deactivate(session: Session, user: User, *, actor: Actor, now: datetime) -> None:
    """Close an account: its log-ins end at once, its links are void, nothing is mailed to it. The caller commits.

    Raises OwnAccount or LastAdministrator.
    """
    if not user.is_active:
        return
    _check_may_lose_role(session, user, actor)
    user.is_active = False
    user.session_version += 1
    void_links(session, user, now=now)
    record(session, actor, "account.deactivated", user, now=now,
           before={"is_active": True}, after={"is_active": False})


def reactivate(session: Session, user: User, *, actor: Actor, now: datetime) -> None:
    """Open a closed account again, with the password it had. The caller commits."""
    if user.is_active:
        return
    user.is_active = True
    record(session, actor, "account.reactivated", user, now=now,
           before={"is_active": False}, after={"is_active": True})


def choose_locale(session: Session, user: User, *, locale: str, actor: Actor, now: datetime) -> None:
    """Keep the language a person reads and is mailed in. The caller commits."""
    if locale not in LOCALES or locale == user.locale:
        return
    before, user.locale = user.locale, locale
    record(session, actor, "account.locale_chosen", user, now=now, before={"locale": before}, after={"locale": locale})


def _check_may_lose_role(session: Session, user: User, actor: Actor) -> None:
    if actor.user is not None and actor.user.id == user.id:
        raise OwnAccount
    if user.role is not Role.ADMINISTRATOR or not user.is_active:
        return
    # Locked, so that two administrators who close each other don't both succeed.
    administrators = session.scalars(
        select(User.id).where(User.role == Role.ADMINISTRATOR, User.is_active).order_by(User.id).with_for_update()
    ).all()
    if len(administrators) <= 1:
        raise LastAdministrator


def _free_address(session: Session, email: str, owner: User | None = None) -> str:
    address = clean_address(email)
    if address is None:
        raise EmailNotValid(email=email.strip()[:60])
    taken = session.scalar(select(User.id).where(User.email == address))
    if taken is not None and (owner is None or taken != owner.id):
        raise EmailTaken(email=address)
    return address


def _line(text: str) -> str:
    kept = _tidy(text)
    if kept is None:
        raise NameMissing
    return kept


def _tidy(text: str | None) -> str | None:
    """Keep a line as it was written, in NFC, without control characters; None when nothing is left."""
    composed = unicodedata.normalize("NFC", text or "")
    line = " ".join("".join(c if unicodedata.category(c) != "Cc" else " " for c in composed).split())
    return line or None


def _facts(user: User) -> dict[str, Any]:
    """What the audit keeps of an account: never its password's hash."""
    return {
        "email": user.email,
        "name": user.name,
        "post": user.post,
        "phone": user.phone,
        "role": user.role.value,
        "agency_id": user.agency_id,
        "is_agency_head": user.is_agency_head,
    }
