"""What a server refuses for good: the address, or only the mail; and who is told."""
from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.reminders.scripted_smtp import ScriptedServer
from tests.reminders.test_delivering import events
from tests.reminders.test_outbox import digest_for
from tracker.models import OutboxMail, User
from tracker.reminders.delivering import MOST_REFUSED_IN_A_ROW, Delivered, deliver_due
from tracker.reminders.making import ADDRESS_REFUSED
from tracker.rules.permissions import Role
from tracker.rules.states import MailEventKind, MailKind, MailState

MINUTE = timedelta(minutes=1)
ADDRESS_GONE = ["550 5.1.1 user unknown", "550 no such user here", "553 5.1.3 bad syntax", "550 5.2.1 mailbox disabled"]


@pytest.mark.parametrize("answer", ADDRESS_GONE)
def test_an_address_refused_for_good_is_marked_and_told_to_who_can_mend_it(
    session: Session, make: Factory, server: ScriptedServer, answer: str
) -> None:
    administrator, coordinator, other = make.user(Role.ADMINISTRATOR), make.coordinator(), make.coordinator()
    mail = digest_for(session, make)
    mail.reminders[0].assignment.plan.coordinator = coordinator.agency
    session.commit()
    server.scripts[mail.recipient.email].extend([answer] * 3)

    counts = deliver_due(session, now=NOW)

    person = mail.recipient
    assert counts.parked == 1
    assert (mail.state, mail.last_error) == (MailState.PARKED, answer)
    assert (person.mail_refused_at is not None, person.mail_refused_reason) == (True, answer)
    told = session.execute(select(OutboxMail.recipient_id, OutboxMail.key)
                           .where(OutboxMail.kind == MailKind.ADDRESS_REFUSED).order_by(OutboxMail.recipient_id)).all()
    assert [tuple(row) for row in told] == [(who.id, f"user:{person.id}:2026-03-18")
                                            for who in (administrator, coordinator)]
    assert other.id not in {row.recipient_id for row in told}
    assert len(server.scripts[person.email]) == 2  # asked once


MAIL_ONLY = ["550 5.7.1 relaying denied", "554 5.7.1 your IP is blocked", "550 blocked by spam policy",
             "data 554 5.6.0 bad", "data 550 5.7.1 looks like spam"]


@pytest.mark.parametrize("answer", MAIL_ONLY)
def test_what_is_said_of_the_mail_or_of_us_marks_no_address(
    session: Session, make: Factory, server: ScriptedServer, answer: str
) -> None:
    mail = digest_for(session, make)
    other = digest_for(session, make)
    server.scripts[mail.recipient.email].append(answer)

    counts = deliver_due(session, now=NOW)

    assert counts == Delivered(sent=1, parked=1)
    assert (mail.state, other.state) == (MailState.PARKED, MailState.SENT)
    assert mail.recipient.mail_refused_at is None
    assert events(session) == [(mail.id, MailEventKind.PARKED)]


def test_nothing_is_said_to_an_address_that_was_refused(
    session: Session, make: Factory, server: ScriptedServer
) -> None:
    mail = digest_for(session, make)
    mail.recipient.mail_refused_at = NOW
    session.commit()

    counts = deliver_due(session, now=NOW)

    assert counts == Delivered(parked=1)
    assert mail.last_error == ADDRESS_REFUSED
    assert server.kept == []


def test_a_server_that_refuses_everybody_does_not_close_the_door_on_a_province(
    session: Session, make: Factory, server: ScriptedServer
) -> None:
    mails = [digest_for(session, make) for _ in range(MOST_REFUSED_IN_A_ROW + 5)]
    for mail in mails:
        server.scripts[mail.recipient.email].append("550 5.1.1 user unknown")

    counts = deliver_due(session, now=NOW)
    a_minute_later = deliver_due(session, now=NOW + MINUTE)

    assert counts == Delivered(parked=MOST_REFUSED_IN_A_ROW)
    assert a_minute_later == Delivered()
    left = session.execute(select(OutboxMail.state, OutboxMail.attempts)
                           .where(OutboxMail.state == MailState.PENDING)).all()
    assert [tuple(row) for row in left] == [(MailState.PENDING, 0)] * 5
    assert session.scalar(select(func.count()).where(User.mail_refused_at.is_not(None))) == MOST_REFUSED_IN_A_ROW
