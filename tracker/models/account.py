"""People who log in, what was tried at the door, and one-time links for forgotten passwords."""
from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.models.agency import Agency
from tracker.models.base import Base
from tracker.rules.permissions import Permission, Role, may
from tracker.rules.states import DigestRhythm


class User(Base):
    """A person with an account."""

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint("away_until IS NULL OR away_from <= away_until", name="away_in_order"),
        Index(None, "agency_id", "role"),  # who is mailed for an agency
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Lower case; what one logs in with.
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    #: Rank and post, as they would stand under a letter ("Đại úy, cán bộ Phòng PC04").
    post: Mapped[str | None]
    phone: Mapped[str | None]
    role: Mapped[Role]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    #: The head of the agency: is told what is too late there.
    is_agency_head: Mapped[bool] = mapped_column(default=False)
    #: argon2; None until the person has set a password by a mailed link.
    password_hash: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="vi")
    #: How often the digest comes.
    digest: Mapped[DigestRhythm] = mapped_column(default=DigestRhythm.DAILY)
    #: The colleague who gets this person's mails while he or she is away, first and last day included.
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]
    #: A mail server refused the address for good; nothing is mailed there until somebody looked at it.
    mail_refused_at: Mapped[datetime | None]
    mail_refused_reason: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    #: Raised when the password changes, so that older log-ins end.
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    agency: Mapped[Agency] = relationship()
    stand_in: Mapped[User | None] = relationship(remote_side=[id])

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """Name the account and the version of its log-ins, for the session cookie."""
        return f"{self.id}.{self.session_version}"

    def may(self, permission: Permission) -> bool:
        """Tell whether this person holds a permission."""
        return self.is_active and may(self.role, permission)


class LoginAttempt(Base):
    """One try to log in, kept in the database so that every process counts the same."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index(None, "email", "attempted_at"), Index(None, "address", "attempted_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    address: Mapped[str]
    attempted_at: Mapped[datetime]
    succeeded: Mapped[bool]


class PasswordReset(Base):
    """A mailed one-time link; only the hash of its token is kept."""

    __tablename__ = "password_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    #: None until the mail is being sent: the token is made at that moment and never stored.
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


def _hash_of(token: str) -> str:
    """Give what is stored of a token: it has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(reset: PasswordReset) -> str:
    """Make the secret of a mailed link and give it to whoever writes the mail; only its hash stays.

    A second call makes the first token void: the newest mail is the one whose link works.
    """
    token = secrets.token_urlsafe(32)
    reset.token_hash = _hash_of(token)
    return token


def reset_for_token(session: Session, token: str, *, now: datetime) -> PasswordReset | None:
    """Find the link a token opens: not used, not expired, its account not closed. Changes nothing."""
    return session.scalar(
        select(PasswordReset)
        .join(PasswordReset.user)
        .where(
            PasswordReset.token_hash == _hash_of(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
            User.is_active,
        )
    )
