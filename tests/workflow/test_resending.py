"""Mails go back in the queue when somebody asks for it, and only those that can leave again."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.models import Actor, AuditEntry, MailEvent, OutboxMail, PasswordReset, Reminder, User
from tracker.rules.states import MailEventKind, MailKind, MailState
from tracker.workflow import resending
from tracker.workflow.resending import (
    AddressStillRefused,
    MailMoved,
    NotAtRest,
    NothingLeftToSay,
    OnlyOnce,
    RecipientClosed,
    mark_of,
)

ADMIN = Actor("Trịnh Công Thuận", "10.0.0.1")
LATER = NOW + timedelta(hours=1)


def mail_of(make: Factory, user: User | None = None, **values: Any) -> OutboxMail:
    user = user or make.user()
    number = next(make.numbers)
    values = {"kind": MailKind.CHASE, "key": f"chase:{number}", "state": MailState.PARKED, "attempts": 8,
              "last_error": "550 no such user", "domain": "cu.example", **values}
    if values["state"] is MailState.SENT:
        values.setdefault("sent_at", NOW)
    mail = OutboxMail(recipient_id=user.id, message_id=f"<{number}@x>", next_attempt_at=NOW, created_at=NOW, **values)
    make.session.add(mail)
    make.session.commit()
    return mail


def digest_of(make: Factory, state: MailState = MailState.SENT, key: str = TODAY.isoformat()) -> OutboxMail:
    """A digest of one assignment that is due."""
    user = make.user()
    mail = mail_of(make, user, kind=MailKind.DIGEST, key=key, state=state)
    row = make.assignment(user.agency)
    make.session.add(Reminder(recipient_id=user.id, assignment=row, step="due", due_version=row.due_version, mail=mail,
                              decided_on=TODAY))
    make.session.commit()
    return mail


def again(session: Session, mail: OutboxMail, seen: str | None = None) -> None:
    resending.resend(session, mail, seen=mark_of(mail) if seen is None else seen, actor=ADMIN, today=TODAY, now=LATER)
    session.commit()


def test_a_mail_that_was_given_up_gets_all_its_attempts_again(session: Session, make: Factory) -> None:
    mail = mail_of(make)
    message_id = mail.message_id

    again(session, mail)

    event = session.scalars(select(MailEvent)).one()
    entry = session.scalars(select(AuditEntry)).one()
    assert (mail.state, mail.attempts, mail.next_attempt_at) == (MailState.PENDING, 0, LATER)
    assert mail.message_id == message_id
    assert mail.domain == "haduong.example"
    assert (event.what, event.at) == (MailEventKind.RESENT, LATER)
    assert (entry.action, entry.before, entry.after) == (
        "mail.resent", {"state": "parked", "attempts": 8}, {"state": "pending"})  # fmt: skip


def test_a_mail_that_came_back_goes_out_again(session: Session, make: Factory) -> None:
    mail = digest_of(make)
    mail.bounced_at = NOW
    session.commit()

    again(session, mail)

    assert (mail.state, mail.bounced_at) == (MailState.PENDING, None)


def test_a_sent_mail_goes_out_again_when_it_still_has_something_to_say(session: Session, make: Factory) -> None:
    mail = digest_of(make)

    again(session, mail)

    entry = session.scalars(select(AuditEntry)).one()
    assert mail.state is MailState.PENDING
    assert entry.before is not None
    assert entry.before["sent_at"].startswith("2026-03-18")


@pytest.mark.parametrize("what", ["finished", "another day"])
def test_a_sent_mail_stays_sent_when_nothing_would_leave(session: Session, make: Factory, what: str) -> None:
    mail = digest_of(make, key="2026-03-16" if what == "another day" else TODAY.isoformat())
    if what == "finished":
        row = session.scalars(select(Reminder)).one().assignment
        row.due_version += 1
        session.commit()

    with pytest.raises(NothingLeftToSay):
        again(session, mail)

    assert mail.state is MailState.SENT


@pytest.mark.parametrize("state", [MailState.PENDING, MailState.SENDING, MailState.DROPPED])
def test_what_is_on_its_way_or_not_needed_is_left_alone(session: Session, make: Factory, state: MailState) -> None:
    mail = mail_of(make, state=state, lease_until=LATER)

    with pytest.raises(NotAtRest):
        again(session, mail)

    assert mail.state is state


def test_nothing_goes_to_a_refused_address_or_a_closed_account(session: Session, make: Factory) -> None:
    refused = mail_of(make, make.user(mail_refused_at=NOW, mail_refused_reason="550"))
    closed = mail_of(make, make.user(is_active=False))

    with pytest.raises(AddressStillRefused):
        again(session, refused)
    with pytest.raises(RecipientClosed):
        again(session, closed)

    assert {refused.state, closed.state} == {MailState.PARKED}


def test_a_password_link_that_was_sent_is_not_sent_twice(session: Session, make: Factory) -> None:
    user = make.user()
    reset = PasswordReset(user=user, created_at=NOW, expires_at=LATER + timedelta(days=1))
    session.add(reset)
    session.flush()
    mail = mail_of(make, user, kind=MailKind.PASSWORD_RESET, key=f"reset:{reset.id}", state=MailState.SENT)

    with pytest.raises(OnlyOnce):
        again(session, mail)

    session.rollback()
    assert reset.token_hash is None


def test_a_second_answer_to_the_same_question_sends_nothing_twice(session: Session, make: Factory) -> None:
    mail = digest_of(make, MailState.PARKED)
    seen = mark_of(mail)
    again(session, mail, seen)
    mail.state, mail.sent_at, mail.attempts = MailState.SENT, LATER, 1
    session.commit()

    with pytest.raises(MailMoved):
        again(session, mail, seen)

    assert mail.state is MailState.SENT


def test_many_go_back_at_once_and_those_nobody_gets_stay(session: Session, make: Factory) -> None:
    fine = [mail_of(make) for _ in range(3)]
    unreachable = [mail_of(make, make.user(mail_refused_at=NOW)), mail_of(make, make.user(is_active=False))]
    sent = mail_of(make, state=MailState.SENT)
    others = mail_of(make)

    put_back = resending.resend_many(session, [mail.id for mail in (*fine, *unreachable, sent)], actor=ADMIN, now=LATER)
    session.commit()

    assert (put_back.mails, put_back.unreachable) == (3, 2)
    assert {mail.state for mail in fine} == {MailState.PENDING}
    assert {mail.state for mail in (*unreachable, others)} == {MailState.PARKED}
    assert sent.state is MailState.SENT
    assert len(session.scalars(select(MailEvent)).all()) == 3
    assert len(session.scalars(select(AuditEntry)).all()) == 3


def test_one_press_takes_so_many_and_the_oldest_first(
    session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resending, "MOST_AT_ONCE", 2)
    user = make.user()
    mails = [mail_of(make, user) for _ in range(3)]

    put_back = resending.resend_many(session, [mail.id for mail in reversed(mails)], actor=ADMIN, now=LATER)
    session.commit()

    assert put_back.mails == 2
    assert [mail.state for mail in mails] == [MailState.PENDING, MailState.PENDING, MailState.PARKED]


def test_many_are_read_at_once(session: Session, make: Factory) -> None:
    user = make.user()
    mail_ids = [mail_of(make, user).id for _ in range(60)]

    with counted_statements() as sent:
        resending.resend_many(session, mail_ids, actor=ADMIN, now=LATER)
        session.commit()

    assert len([statement for statement in sent if statement.startswith("SELECT")]) < 4
