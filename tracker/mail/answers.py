"""What a mail server's answer means: whose fault it is, and whether trying again may help."""
from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

#: "Service not available": the server ends this connection (restart, too many mails on one line); a new one may do.
CLOSING = 421
TAKEN = 250
GO_ON = 354

#: RFC 3463, right after the code: "550 5.1.1 User unknown".
_ENHANCED = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
#: Basic codes that mean the mailbox, where the server says no more than the code.
_NO_MAILBOX = frozenset({550, 551, 553})
#: They come with a 550 too, and are about this system or its mails: no reason to stop writing to a person.
_OUR_FAULT = re.compile(r"relay|spam|polic|block|blacklist|reputation|\bspf\b|dkim|dmarc|authenticat|not permitted",
                        re.IGNORECASE)
#: "Mailbox full": for good by its code, and gone next week.
_FULL = re.compile(r"quota|mailbox (is )?full|over ?size|insufficient", re.IGNORECASE)


class Step(StrEnum):
    """Where in a mail's conversation an answer was given."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    #: The answer to DATA, or to the mail itself.
    CONTENT = "content"


class Fault(StrEnum):
    """What is wrong."""

    #: Nothing that time does not heal: busy, greylisted, full.
    PASSING = "passing"
    #: The address does not exist, or is closed.
    ADDRESS = "address"
    #: This one mail is not wanted as it is.
    MAIL = "mail"
    #: The server takes no mail from this system at all: a wrong setting.
    SERVER = "server"


@dataclass(frozen=True)
class Answer:
    """A server's answer other than the one hoped for."""

    step: Step
    code: int
    words: str

    def __str__(self) -> str:
        return f"{self.code} {self.words}".strip()


def fault_of(answer: Answer) -> Fault:
    """Sort an answer by whose fault it is.

    Only what surely is the address's own fault counts as that, because nothing more is written to it then: a server
    that turns away everything from us must not close the door on a whole province.
    """
    if not 500 <= answer.code < 600:
        return Fault.PASSING
    enhanced = _ENHANCED.match(answer.words)
    subject, detail = (int(enhanced[2]), int(enhanced[3])) if enhanced else (0, 0)
    too_large = answer.code == 552 or (subject, detail) in {(3, 4), (2, 3)}
    match answer.step:
        case Step.SENDER:
            return Fault.MAIL if too_large else Fault.SERVER
        case Step.RECIPIENT:
            return _fault_at_recipient(answer, subject, detail)
    return Fault.MAIL


def _fault_at_recipient(answer: Answer, subject: int, detail: int) -> Fault:
    if (subject, detail) == (2, 2) or _FULL.search(answer.words):
        return Fault.PASSING
    if subject == 1:
        return Fault.MAIL if detail in {7, 8} else Fault.ADDRESS  # 5.1.7 and 5.1.8 speak of the sender's address
    if subject:
        return Fault.ADDRESS if (subject, detail) == (2, 1) else Fault.MAIL
    if answer.code in _NO_MAILBOX and not _OUR_FAULT.search(answer.words):
        return Fault.ADDRESS
    return Fault.MAIL
