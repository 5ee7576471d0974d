"""Passwords: hashing, changing, and mailed one-time links for those that were forgotten or never set."""
from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from tracker.models import Actor, LoginAttempt, PasswordReset, User
from tracker.models.account import issue_token, reset_for_token
from tracker.models.audit import record
from tracker.reminders.outbox import enqueue
from tracker.rules.addresses import typed_address
from tracker.rules.errors import Refusal
from tracker.rules.passwords import MAX_LENGTH, check_password, prepare
from tracker.rules.states import MailKind

LINK_VALID = timedelta(minutes=60)
#: A new colleague may first open the mailbox after a long weekend.
INVITATION_VALID = timedelta(days=7)
#: One mail per account in this time, so that nobody's mailbox can be flooded from the form.
LINK_PAUSE = timedelta(minutes=5)

_hasher = PasswordHasher()


class WrongPassword(Refusal):
    """The present password, asked for before it is changed, was not right."""

    key = "wrong_password"


class SamePassword(Refusal):
    """The new password is the old one."""

    key = "same_password"


class LinkNotValid(Refusal):
    """The link was used already, is too old, or was never one of ours."""

    key = "link_not_valid"


def hash_password(password: str) -> str:
    """Give the argon2id hash that is kept."""
    return _hasher.hash(prepare(password))


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")


def verify(user: User, password: str) -> bool:
    """Tell whether a password is this person's."""
    return matches(user.password_hash, password)


def matches(known: str | None, password: str) -> bool:
    """Tell whether a password made a hash, in about the same time when there is none (no account, none set yet)."""
    try:
        _hasher.verify(known or _nobodys_hash(), prepare(password[: MAX_LENGTH + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return known is not None


def rehash_if_outdated(user: User, password: str) -> None:
    """Hash anew when the hash was made with weaker parameters than today's. Call it with the right password only."""
    if user.password_hash is not None and _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)


def _set_password(session: Session, user: User, password: str, *, now: datetime) -> None:
    user.password_hash = hash_password(password)
    user.session_version += 1
    void_links(session, user, now=now)


def void_links(session: Session, user: User, *, now: datetime) -> None:
    """Make every link that was mailed to this person useless."""
    session.execute(
        update(PasswordReset)
        .where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None))
        .values(used_at=now)
    )


def change_password(session: Session, user: User, *, old: str, new: str, actor: Actor, now: datetime) -> None:
    """Change one's own password; every other log-in of this person ends. The caller commits.

    Raises WrongPassword, SamePassword and what check_password raises.
    """
    if not verify(user, old):
        raise WrongPassword
    if prepare(old) == prepare(new):
        raise SamePassword
    check_password(new, email=user.email)
    _set_password(session, user, new, now=now)
    record(session, actor, "account.password_changed", user, now=now)


def request_reset(session: Session, *, email: str, actor: Actor, now: datetime) -> None:
    """Mail a link to whoever has this address, if anybody has. The caller commits.

    It gives no answer, so that the page can't say who has an account; at most one mail in LINK_PAUSE.
    """
    user = session.scalar(select(User).where(User.email == typed_address(email), User.is_active))
    if user is None:
        return
    recent = select(PasswordReset.id).where(
        PasswordReset.user_id == user.id, PasswordReset.created_at > now - LINK_PAUSE
    )
    if session.scalar(recent.limit(1)) is None:
        mail_link(session, user, actor=actor, now=now, valid=LINK_VALID)


def mail_link(session: Session, user: User, *, actor: Actor, now: datetime, valid: timedelta) -> PasswordReset:
    """Put a mail with a link to set a password in the outbox; its token is made when it is sent.

    The caller commits.
    """
    reset = _new_link(session, user, actor=actor, now=now, valid=valid)
    enqueue(session, user, MailKind.PASSWORD_RESET, f"reset:{reset.id}", now=now)
    return reset


def hand_out_link(session: Session, user: User, *, actor: Actor, now: datetime, valid: timedelta) -> str:
    """Give the token of a new link to somebody who hands it over in person, and mail nothing.

    The caller commits.
    """
    reset = _new_link(session, user, actor=actor, now=now, valid=valid)
    token = issue_token(reset)
    session.flush()
    return token


def _new_link(session: Session, user: User, *, actor: Actor, now: datetime, valid: timedelta) -> PasswordReset:
    reset = PasswordReset(user_id=user.id, created_at=now, expires_at=now + valid)
    session.add(reset)
    record(session, actor, "account.link_requested", user, now=now, after={"expires_at": reset.expires_at.isoformat()})
    return reset


def use_link(session: Session, token: str, *, password: str, address: str, now: datetime) -> User:
    """Set the password of the person a link belongs to; the link, and every other one, is used up.

    The caller commits. Raises LinkNotValid and what check_password raises (the link stays good then).
    """
    reset = reset_for_token(session, token, now=now)
    if reset is None:
        raise LinkNotValid
    user = reset.user
    check_password(password, email=user.email)
    claimed = session.execute(
        update(PasswordReset).where(PasswordReset.id == reset.id, PasswordReset.used_at.is_(None)).values(used_at=now)
    )
    assert isinstance(claimed, CursorResult)
    if claimed.rowcount != 1:  # the same form was sent twice at once
        raise LinkNotValid
    _set_password(session, user, password, now=now)
    # Whoever opened the mail is the owner: earlier wrong guesses no longer keep them out.
    session.add(LoginAttempt(email=user.email, address=address, attempted_at=now, succeeded=True))
    record(session, Actor(user.name, address, user), "account.password_reset", user, now=now)
    return user
