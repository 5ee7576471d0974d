"""Mails of ours that somebody answers, and what was stored of the answers."""
from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tracker.mail.messages import Message
from tracker.models import IncomingMail, OutboxMail, Reminder, User
from tracker.reminders import copies
from tracker.rules.states import MailKind, MailState

SAID = "Sở đã ban hành kế hoạch số 45/KH-SYT."
SENT = "Kính gửi: đầu mối của Sở Y tế\n\nTổ chức 12 buổi tuyên truyền tại các xã biên giới. Quá hạn 3 ngày.\n"


class Post:
    """Mails of ours that were sent to a liaison."""

    def __init__(self, session: Session, make: Factory) -> None:
        self.session, self.make = session, make
        self.user = make.user(email="an@syt.example")
        self.work = [make.assignment(self.user.agency)]

    def sent(self, kind: MailKind = MailKind.DIGEST, key: str = "2026-03-18", user: User | None = None,
             copy: str = SENT) -> OutboxMail:
        user = user or self.user
        mail = OutboxMail(recipient=user, kind=kind, key=key, state=MailState.SENT, sent_at=NOW, created_at=NOW,
                          message_id=f"<{kind.value}.{key.replace(':', '-')}.{user.id}@haduong.example>",
                          next_attempt_at=NOW)
        self.session.add(mail)
        self.session.flush()
        if kind is MailKind.DIGEST:
            for row in self.work:
                self.session.add(Reminder(recipient_id=user.id, assignment_id=row.id, step="due", due_version=1,
                                          mail=mail, decided_on=TODAY))
        message = Message(user.email, "2 việc", copy, "<p></p>", mail.message_id)
        if packed := copies.pack(kind, message):
            copies.keep(self.session.connection(), mail.id, packed, now=NOW)
        self.session.commit()
        return mail


def stored(session: Session) -> list[IncomingMail]:
    session.rollback()
    return list(session.scalars(select(IncomingMail).order_by(IncomingMail.id)))
