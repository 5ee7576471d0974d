"""People who have a password, and what was written down about them."""
from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import Actor, AuditEntry, User
from tracker.workflow import passwords
from tracker.workflow.logging_in import BadCredentials, authenticate

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
