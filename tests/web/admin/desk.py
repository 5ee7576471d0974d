"""What the administrator's lists show and their forms send."""
from __future__ import annotations

import re
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.models import Agency, OutboxMail, User
from tracker.rules.states import MailKind, MailState


def names(page: str) -> list[str]:
    """Give the names a list shows, in order."""
    return re.findall(r'class="row-name"[^>]*>([^<]+)<', page)


def next_page(page: str) -> str | None:
    """Give the address behind "next page"."""
    found = re.search(r'href="([^"]+)" rel="next"|rel="next" href="([^"]+)"', page)
    return (found[1] or found[2]).replace("&amp;", "&") if found else None


def account(body: Agency, **values: Any) -> dict[str, Any]:
    return {"name": "Nguyễn Thị Lan", "email": "lan@haduong.example", "role": "liaison", "agency": body.id, **values}


def parked(session: Session, user: User, number: int = 1, state: MailState = MailState.PARKED) -> OutboxMail:
    mail = OutboxMail(recipient_id=user.id, kind=MailKind.CHASE, key=f"chase:{number}", message_id=f"<{number}@x>",
                      state=state, attempts=8, next_attempt_at=NOW, last_error="550 no such user", created_at=NOW,
                      sent_at=NOW if state is MailState.SENT else None)
    session.add(mail)
    session.commit()
    return mail
