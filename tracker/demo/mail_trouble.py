"""What goes wrong with mail in the demo: an address that is no more, a filter, a full mailbox, somebody on leave."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.demo.catalogue import COMMUNES
from tracker.mail.answers import Fault
from tracker.mail.arrived import Arrived, Failed
from tracker.mail.delivery import NotTaken
from tracker.mail.writing import Message
from tracker.models import OutboxMail, User
from tracker.reminders import incoming
from tracker.rules.states import IncomingKind, MailState

Send = Callable[[Message], None]
#: Whose mail has which trouble: communes, by their place in the list.
GONE, FULL, ON_LEAVE = 5, 9, 12
FILTERED = (3, 7, 8, 15, 20, 24)
#: For how many days the address has been gone.
GONE_FOR = 6
#: How many days before today the notices came, at the latest.
NOTICED = 3
AFTER_THE_MORNING = timedelta(minutes=18)
USER_UNKNOWN = "550 5.1.1 <{}>: Recipient address rejected: User unknown in virtual mailbox table"
REJECTED = "554 5.7.1 Message rejected by content filter, id={}"
MAILBOX_FULL = "smtp; 552 5.2.2 Mailbox full"


class MailTrouble:
    """The mail servers of some communes, and what they and others sent back."""

    def __init__(self, session: Session, settings: Settings, liaisons: Mapping[str, list[User]], today: date) -> None:
        self.session, self.settings, self.today = session, settings, today
        self.liaisons = [liaisons[commune.name][0] for commune in COMMUNES]
        self.done = False

    def between(self, send: Send, at: datetime, *, filtered: bool = False) -> Send:
        """Put the communes' servers before what takes the mails; `filtered`: some find this mail too much alike."""
        gone = self.liaisons[GONE].email if (self.today - at.date()).days <= GONE_FOR else None
        suspicious = {self.liaisons[place].email for place in FILTERED} if filtered else set()

        def hand_over(message: Message) -> None:
            if message.to == gone:
                raise NotTaken(USER_UNKNOWN.format(gone), Fault.ADDRESS)
            if message.to in suspicious:
                raise NotTaken(REJECTED.format(f"{len(message.text):05d}-{message.to[:2]}4fQ"), Fault.MAIL)
            send(message)

        return hand_over

    def come_back(self, morning: datetime) -> None:
        """Take what came to the sender's mailbox after a morning of these days, once."""
        if self.done or (self.today - morning.date()).days > NOTICED:
            return
        full, away = self._last_mail(FULL), self._last_mail(ON_LEAVE)
        if full is None or away is None:
            return
        self.done = True
        at = morning + AFTER_THE_MORNING
        failed = Failed(frozenset({full.recipient.email}), "failed", "5.2.2", MAILBOX_FULL)
        for arrived in (
            Arrived("<demo-1@mail.example>", IncomingKind.BOUNCE, "mailer-daemon@mail.example",
                    "Undelivered Mail Returned to Sender", (full.message_id,), "", (failed,)),
            Arrived("<demo-2@mail.example>", IncomingKind.AUTO_REPLY, away.recipient.email,
                    "Trả lời tự động: Tôi đi tập huấn đến hết tuần", (away.message_id,), ""),
            Arrived("<demo-3@mail.example>", IncomingKind.UNKNOWN, "bantin@hoinghi.example",
                    "Thư mời dự hội nghị trực tuyến", (), ""),
        ):
            incoming.take(self.session, arrived, settings=self.settings, now=at)

    def _last_mail(self, place: int) -> OutboxMail | None:
        return self.session.scalars(
            select(OutboxMail).where(OutboxMail.recipient_id == self.liaisons[place].id,
                                     OutboxMail.state == MailState.SENT).order_by(OutboxMail.id.desc()).limit(1)
        ).first()
