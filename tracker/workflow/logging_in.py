"""The door: who somebody is, and how often they may guess."""
from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tracker.models import Actor, LoginAttempt, User
from tracker.models.audit import record
from tracker.rules.addresses import typed_address
from tracker.rules.errors import Refusal
from tracker.workflow.passwords import matches, rehash_if_outdated

#: How long a wrong guess counts.
WINDOW = timedelta(minutes=15)
#: Wrong guesses for one account; TCVN 14423:2026 asks for at most five.
MOST_FOR_EMAIL = 5
#: Wrong guesses from one network address; a whole office may stand behind one.
MOST_FOR_ADDRESS = 20


class BadCredentials(Refusal):
    """No such account, or not its password: the answer doesn't say which."""

    key = "bad_credentials"


class AccountClosed(Refusal):
    """The password is right, but an administrator has closed the account."""

    key = "account_closed"


class TooManyAttempts(Refusal):
    """Too many wrong guesses; `minutes` says how long to wait."""

    key = "too_many_attempts"


def authenticate(session: Session, *, email: str, password: str, address: str, now: datetime) -> User:
    """Find out who is at the door.

    Commits as it goes, unlike other use cases: the attempt is written down as a failure before the password is
    looked at, so that guesses sent side by side are all counted and nobody waits for the slow hash with the
    database locked. Raises TooManyAttempts, BadCredentials or AccountClosed.
    """
    email = typed_address(email)
    _check_throttle(session, email, address, now)
    attempt = LoginAttempt(email=email, address=address, attempted_at=now, succeeded=False)
    session.add(attempt)
    session.flush()
    attempt_id = attempt.id
    found = session.execute(
        select(User.id, User.password_hash, User.is_active).where(User.email == email)
    ).one_or_none()
    session.commit()
    if not matches(found.password_hash if found else None, password) or found is None:
        raise BadCredentials
    if not found.is_active:
        raise AccountClosed
    known = session.get_one(User, found.id)
    session.get_one(LoginAttempt, attempt_id).succeeded = True
    rehash_if_outdated(known, password)
    record(session, Actor(known.name, address, known), "account.logged_in", known, now=now)
    session.commit()
    return known


def _check_throttle(session: Session, email: str, address: str, now: datetime) -> None:
    """Refuse before anything is hashed. Refused attempts are not counted: the wait doesn't grow by knocking."""
    last_success = select(func.coalesce(func.max(LoginAttempt.id), 0)).where(
        LoginAttempt.email == email, LoginAttempt.succeeded
    )
    for whose, most in (
        ((LoginAttempt.email == email) & (LoginAttempt.id > last_success.scalar_subquery()), MOST_FOR_EMAIL),
        (LoginAttempt.address == address, MOST_FOR_ADDRESS),
    ):
        until = _refused_until(session, whose, most, now)
        if until is not None:
            raise TooManyAttempts(minutes=ceil((until - now) / timedelta(minutes=1)))


def _refused_until(session: Session, whose: ColumnElement[bool], most: int, now: datetime) -> datetime | None:
    failures = session.scalars(
        select(LoginAttempt.attempted_at)
        .where(whose, LoginAttempt.succeeded.is_(False), LoginAttempt.attempted_at > now - WINDOW)
        .order_by(LoginAttempt.attempted_at.desc(), LoginAttempt.id.desc())
        .limit(most)
    ).all()
    return failures[-1] + WINDOW if len(failures) == most else None
