"""Whose fault a mail server's answer is."""
from __future__ import annotations

import pytest

from tracker.mail.answers import Answer, Fault, Step, fault_of

SENDER, RECIPIENT, CONTENT = Step.SENDER, Step.RECIPIENT, Step.CONTENT

CASES = [
    (RECIPIENT, 550, "5.1.1 <a@b>: Recipient address rejected: User unknown", Fault.ADDRESS),
    (RECIPIENT, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound", Fault.ADDRESS),
    (RECIPIENT, 550, "5.1.2 no such domain", Fault.ADDRESS),
    (RECIPIENT, 550, "No such user here", Fault.ADDRESS),
    (RECIPIENT, 550, "5.2.1 mailbox disabled", Fault.ADDRESS),
    (RECIPIENT, 551, "User not local", Fault.ADDRESS),
    (RECIPIENT, 553, "5.1.3 bad address syntax", Fault.ADDRESS),
    (RECIPIENT, 550, "5.1.8 bad sender's system address", Fault.MAIL),
    (RECIPIENT, 550, "5.7.1 Unable to relay", Fault.MAIL),
    (RECIPIENT, 550, "relay access denied", Fault.MAIL),
    (RECIPIENT, 554, "5.7.1 Client host blocked using a blacklist", Fault.MAIL),
    (RECIPIENT, 554, "no thanks", Fault.MAIL),
    (RECIPIENT, 552, "5.2.2 mailbox full", Fault.PASSING),
    (RECIPIENT, 550, "The mailbox is full", Fault.PASSING),
    (RECIPIENT, 552, "over quota", Fault.PASSING),
    (RECIPIENT, 450, "4.2.0 greylisted", Fault.PASSING),
    (RECIPIENT, 421, "going down", Fault.PASSING),
    (SENDER, 550, "5.7.1 sender not allowed", Fault.SERVER),
    (SENDER, 530, "5.7.0 must log in first", Fault.SERVER),
    (SENDER, 552, "5.3.4 message too large", Fault.MAIL),
    (SENDER, 451, "4.3.0 try later", Fault.PASSING),
    (CONTENT, 554, "5.6.0 malformed", Fault.MAIL),
    (CONTENT, 550, "5.1.1 user unknown", Fault.MAIL),
    (CONTENT, 452, "4.3.1 no room", Fault.PASSING),
]


@pytest.mark.parametrize(("step", "code", "words", "fault"), CASES)
def test_an_answer_is_somebodys_fault(step: Step, code: int, words: str, fault: Fault) -> None:
    assert fault_of(Answer(step, code, words)) is fault
