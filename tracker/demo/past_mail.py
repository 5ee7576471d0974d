"""Mails of the demo's past: put straight into the catcher's Maildir, dated on the day they would have come."""
from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from tracker.config import Settings
from tracker.demo.caught_mail import open_maildir
from tracker.mail.delivery import sender_address
from tracker.mail.letter import CALENDAR_NAME
from tracker.mail.writing import Message

#: Folding a long subject, Python loses blanks between its encoded words; these mails cross no server.
_ONE_LINE = SMTP.clone(max_line_length=998)


def keep_in(settings: Settings, at: datetime) -> Callable[[Message], None]:
    """Give what takes a mail at a moment of the past, in the place of an SMTP server."""
    box = open_maildir(settings.maildir)

    def keep(message: Message) -> None:
        letter = EmailMessage(policy=_ONE_LINE)
        letter["Subject"], letter["From"], letter["To"] = message.subject, sender_address(settings), message.to
        letter["Date"], letter["Message-ID"] = format_datetime(at), message.message_id
        letter["Auto-Submitted"], letter["List-Id"] = "auto-generated", message.list_id
        if message.thread:
            letter["In-Reply-To"] = letter["References"] = message.thread
        letter.set_content(message.text)
        letter.add_alternative(message.html, subtype="html")
        if message.ics:
            letter.add_attachment(message.ics, subtype="calendar", filename=CALENDAR_NAME)
        key = box.add(letter.as_bytes())
        # The list is ordered by when a mail was caught.
        os.utime(settings.maildir / "new" / key, (at.timestamp(), at.timestamp()))

    return keep
