"""The outbox: decided once, taken with a lease, sent only after 250, nothing lost."""
from __future__ import annotations

import threading
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import NOW, TODAY, Factory
from tracker.extensions import db
from tracker.mail.writing import Message
from tracker.models import Chase, ChaseItem, OutboxMail, Reminder, User
from tracker.reminders.delivering import Delivered, deliver_due
from tracker.reminders.outbox import LEASE, Taken, claim, enqueue
from tracker.rules.backoff import MOST_ATTEMPTS, SPREAD
from tracker.rules.states import AssignmentState, MailKind, MailState

MINUTE = timedelta(minutes=1)


def digest_for(session: Session, make: Factory, *, due_on: date = TODAY - timedelta(days=3)) -> OutboxMail:
    """Put a digest with one late item of the recipient's own agency in the outbox."""
    liaison = make.user()
    assignment = make.assignment(liaison.agency, due_on=due_on)
    mail_id = enqueue(session, liaison, MailKind.DIGEST, TODAY.isoformat(), now=NOW)
    session.add(Reminder(recipient_id=liaison.id, assignment_id=assignment.id, step="after_3", due_version=1,
                         mail_id=mail_id, decided_on=TODAY))
    session.commit()
    return session.get_one(OutboxMail, mail_id)


def poisoned(session: Session, make: Factory) -> OutboxMail:
    """Put a mail about something that does not exist in the outbox."""
    mail_id = enqueue(session, make.user(), MailKind.CHASE, "chase:999", now=NOW)
    session.commit()
    return session.get_one(OutboxMail, mail_id)


def take(session: Session, now: datetime) -> list[Taken]:
    """Take what may go, as a sender does that dies of it."""
    return claim(session, now=now, per_minute=300)


def states(session: Session) -> list[MailState]:
    session.rollback()
    return list(session.scalars(select(OutboxMail.state).order_by(OutboxMail.id)))


def test_a_mail_is_decided_once(session: Session, make: Factory) -> None:
    liaison = make.user()

    first = enqueue(session, liaison, MailKind.DIGEST, "2026-03-18", now=NOW)
    second = enqueue(session, liaison, MailKind.DIGEST, "2026-03-18", now=NOW)
    other_day = enqueue(session, liaison, MailKind.DIGEST, "2026-03-19", now=NOW)
    session.commit()

    assert second is None
    ids = [session.get_one(OutboxMail, mail_id).message_id for mail_id in (first, other_day)]
    assert all(message_id.endswith("@haduong.example>") for message_id in ids)
    assert len(set(ids)) == 2


def test_what_stood_in_the_transaction_survives_a_mail_decided_before(session: Session, make: Factory) -> None:
    liaison = make.user()
    enqueue(session, liaison, MailKind.DIGEST, "2026-03-18", now=NOW)
    session.commit()

    liaison.name = "Nguyễn Thị Đổi Tên"
    enqueue(session, liaison, MailKind.DIGEST, "2026-03-18", now=NOW)
    session.commit()

    session.expire_all()
    assert session.get_one(User, liaison.id).name == "Nguyễn Thị Đổi Tên"


def test_a_mail_goes_out_over_smtp_and_is_sent_only_then(session: Session, make: Factory, smtp: Sink) -> None:
    mail = digest_for(session, make)

    counts = deliver_due(session, now=NOW)

    assert counts == Delivered(sent=1)
    assert [m["X-Envelope-To"] for m in smtp.messages] == [mail.recipient.email]
    assert smtp.messages[0]["Message-ID"] == mail.message_id
    assert mail.state is MailState.SENT
    assert mail.sent_at is not None
    assert NOW <= mail.sent_at < NOW + MINUTE
    assert mail.attempts == 1
    assert mail.lease_until is None


def test_a_second_run_sends_nothing_again(session: Session, make: Factory, smtp: Sink) -> None:
    digest_for(session, make)
    deliver_due(session, now=NOW)

    counts = deliver_due(session, now=NOW + MINUTE)

    assert counts == Delivered()
    assert len(smtp.messages) == 1


def test_many_mails_use_one_conversation(session: Session, make: Factory, smtp: Sink) -> None:
    for _ in range(3):
        digest_for(session, make)

    counts = deliver_due(session, now=NOW)

    assert counts.sent == 3
    assert smtp.connections == 1


def test_a_mail_refused_for_now_leaves_on_the_next_try_with_the_same_message_id(
    session: Session, make: Factory, smtp: Sink
) -> None:
    mail = digest_for(session, make)
    smtp.refusals.append("451 greylisted, come back later")

    first = deliver_due(session, now=NOW)
    too_soon = deliver_due(session, now=NOW + timedelta(seconds=30))
    error, fixed_id = mail.last_error, mail.message_id
    second = deliver_due(session, now=NOW + 2 * MINUTE)

    assert (first.failed, too_soon, second.sent) == (1, Delivered(), 1)
    assert error == "451 greylisted, come back later"
    assert [m["Message-ID"] for m in smtp.messages] == [fixed_id]
    assert mail.attempts == 2


@pytest.mark.parametrize("at_data", [True, False], ids=["refused at DATA", "refused at RCPT"])
def test_a_mail_refused_for_good_is_parked_with_the_servers_words(
    session: Session, make: Factory, smtp: Sink, at_data: bool
) -> None:
    mail = digest_for(session, make)
    other = digest_for(session, make)
    if at_data:
        smtp.refusals.append("550 no such user here")
    else:
        smtp.unknown[mail.recipient.email] = "550 no such user here"

    counts = deliver_due(session, now=NOW)

    assert counts == Delivered(sent=1, parked=1)
    assert (mail.state, mail.last_error) == (MailState.PARKED, "550 no such user here")
    assert other.state is MailState.SENT


def test_a_mail_that_keeps_failing_waits_longer_each_time_and_is_parked_in_the_end(
    session: Session, make: Factory, smtp: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.reminders.content.MORNING_ENDS", time.max)
    mail = digest_for(session, make)
    smtp.refusals.extend(["451 not now"] * MOST_ATTEMPTS)
    moment = NOW
    waits: list[timedelta] = []

    for _ in range(MOST_ATTEMPTS):
        deliver_due(session, now=moment, today=TODAY)
        waits.append(mail.next_attempt_at - moment)
        moment = max(moment, mail.next_attempt_at) + timedelta(seconds=1)

    assert mail.state is MailState.PARKED
    assert mail.last_error == "451 not now"
    usual = [minutes * MINUTE for minutes in (1, 4, 16, 64, 256, 360, 360)]
    assert all(short <= wait <= short * (1 + SPREAD) + MINUTE for short, wait in zip(usual, waits[:-1], strict=True))
    assert smtp.messages == []


def test_a_poisoned_mail_is_parked_and_the_others_still_go(session: Session, make: Factory, smtp: Sink) -> None:
    before = digest_for(session, make)
    poison = poisoned(session, make)
    after = digest_for(session, make)

    counts = deliver_due(session, now=NOW)

    assert counts == Delivered(sent=2, parked=1)
    assert (before.state, poison.state, after.state) == (MailState.SENT, MailState.PARKED, MailState.SENT)
    assert poison.last_error


def test_no_server_stops_the_run_and_costs_no_mail_an_attempt(session: Session, make: Factory) -> None:
    mails = [digest_for(session, make) for _ in range(3)]

    counts = deliver_due(session, now=NOW)  # nobody listens on the port of the test settings

    assert counts == Delivered(failed=1)
    assert states(session) == [MailState.PENDING] * 3
    assert [mail.attempts for mail in mails] == [0, 0, 0]
    assert mails[0].last_error


def test_what_was_waiting_for_the_server_leaves_when_it_is_back(session: Session, make: Factory, smtp: Sink,
                                                                app: Flask) -> None:
    digest_for(session, make)
    app.extensions["mail"].port = 9
    deliver_due(session, now=NOW)
    app.extensions["mail"].port = smtp.port

    counts = deliver_due(session, now=NOW + 3 * MINUTE)

    assert counts == Delivered(sent=1)


def test_accepted_before_sending_is_dropped_with_the_reason(session: Session, make: Factory, smtp: Sink) -> None:
    mail = digest_for(session, make)
    assignment = mail.reminders[0].assignment
    assignment.state, assignment.submitted_on = AssignmentState.ACCEPTED, TODAY
    session.commit()

    counts = deliver_due(session, now=NOW)

    assert counts == Delivered(dropped=1)
    assert mail.state is MailState.DROPPED
    assert mail.last_error
    assert smtp.messages == []


def test_a_date_moved_before_sending_is_not_told(session: Session, make: Factory, smtp: Sink) -> None:
    mail = digest_for(session, make)
    assignment = mail.reminders[0].assignment
    assignment.due_on, assignment.due_version = TODAY + timedelta(days=60), 2
    session.commit()

    counts = deliver_due(session, now=NOW)

    assert counts == Delivered(dropped=1)
    assert smtp.messages == []


def test_an_item_that_went_to_another_agency_is_not_told(session: Session, make: Factory, smtp: Sink) -> None:
    mail = digest_for(session, make)
    mail.recipient.agency = make.agency()
    session.commit()

    counts = deliver_due(session, now=NOW)

    assert counts == Delivered(dropped=1)
    assert smtp.messages == []


def test_a_closed_account_gets_nothing(session: Session, make: Factory, smtp: Sink) -> None:
    mail = digest_for(session, make)
    mail.recipient.is_active = False
    session.commit()

    assert deliver_due(session, now=NOW) == Delivered(dropped=1)
    assert smtp.messages == []


def test_a_digest_that_missed_its_day_waits_for_a_working_morning(session: Session, make: Factory, smtp: Sink) -> None:
    mail = digest_for(session, make)
    friday_evening = NOW + timedelta(days=2, hours=12)  # of a mail decided on Wednesday

    counts = deliver_due(session, now=friday_evening)

    assert counts == Delivered()
    assert (mail.state, mail.attempts) == (MailState.PENDING, 0)
    assert mail.next_attempt_at == datetime.fromisoformat("2026-03-23T07:30+07:00")
    assert smtp.messages == []


def test_a_lease_keeps_others_away_until_it_runs_out(session: Session, make: Factory, smtp: Sink) -> None:
    mail = digest_for(session, make)
    assert take(session, NOW)  # and this sender dies

    during = deliver_due(session, now=NOW + LEASE - timedelta(seconds=1))
    after = deliver_due(session, now=NOW + LEASE + timedelta(seconds=1))

    assert (during, after) == (Delivered(), Delivered(sent=1))
    assert smtp.messages[0]["Message-ID"] == mail.message_id
    assert mail.attempts == 2


def test_a_mail_that_kills_its_sender_every_time_is_parked(session: Session, make: Factory, smtp: Sink) -> None:
    mail = digest_for(session, make)
    moment = NOW
    for _ in range(MOST_ATTEMPTS):
        assert take(session, moment)
        moment += LEASE + MINUTE

    counts = deliver_due(session, now=moment, today=TODAY)

    assert counts == Delivered(parked=1)
    assert mail.state is MailState.PARKED
    assert smtp.messages == []


def test_a_slow_sender_does_not_undo_what_its_successor_wrote(session: Session, make: Factory, smtp: Sink) -> None:
    mail = digest_for(session, make)

    def slow(message: Message) -> None:
        """While this sender waits, its lease runs out, and the next one sends."""
        assert deliver_due(session, now=NOW + LEASE + MINUTE) == Delivered(sent=1)
        raise TimeoutError("no answer")

    deliver_due(session, now=NOW, send=slow)

    session.expire_all()
    assert mail.state is MailState.SENT
    assert len(smtp.messages) == 1


def test_no_transaction_is_open_while_the_server_is_spoken_to(session: Session, make: Factory) -> None:
    digest_for(session, make)
    open_then: list[bool] = []

    deliver_due(session, now=NOW, send=lambda _message: open_then.append(session.in_transaction()))

    assert open_then == [False]


def test_a_forgotten_password_does_not_queue_behind_the_mornings_digests(
    session: Session, make: Factory, smtp: Sink
) -> None:
    from tracker.models import PasswordReset

    digest_for(session, make)
    user = make.user()
    reset = PasswordReset(user_id=user.id, created_at=NOW, expires_at=NOW + timedelta(hours=1))
    session.add(reset)
    session.flush()
    enqueue(session, user, MailKind.PASSWORD_RESET, f"reset:{reset.id}", now=NOW + timedelta(seconds=1))
    session.commit()

    deliver_due(session, now=NOW + MINUTE)

    assert smtp.messages[0]["X-Envelope-To"] == user.email
    assert reset.token_hash is not None


def test_two_senders_at_once_send_each_mail_once(app: Flask, session: Session, make: Factory, smtp: Sink) -> None:
    for _ in range(12):
        digest_for(session, make)
    session.commit()
    start, results, errors = threading.Barrier(2), [], []

    def sender() -> None:
        try:
            with app.app_context():
                start.wait()
                results.append(deliver_due(db.session(), now=NOW))
        except Exception as error:
            errors.append(error)

    run_together(sender, sender)

    assert errors == []
    assert sum(r.sent for r in results) == 12
    assert len({m["Message-ID"] for m in smtp.messages}) == len(smtp.messages) == 12


def run_together(*targets: Any) -> None:
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_chase_is_read_at_the_moment_of_sending(session: Session, make: Factory, smtp: Sink) -> None:
    liaison, coordinator = make.user(), make.coordinator()
    plan = make.plan(coordinator.agency)
    late = make.assignment(liaison.agency, plan, due_on=TODAY - timedelta(days=12))
    done = make.assignment(liaison.agency, plan, due_on=TODAY - timedelta(days=5))
    others = make.assignment(plan=plan, due_on=TODAY - timedelta(days=40))
    chase = Chase(sender_id=coordinator.id, sent_at=NOW, happened_on=TODAY, note="Gửi trước thứ Sáu.", form_key="k")
    session.add(chase)
    session.flush()
    session.add_all(ChaseItem(chase_id=chase.id, assignment_id=a.id, days_late=1, recipients=1)
                    for a in (late, done, others))
    enqueue(session, liaison, MailKind.CHASE, f"chase:{chase.id}", now=NOW)
    done.state, done.submitted_on = AssignmentState.SUBMITTED, TODAY
    session.commit()

    deliver_due(session, now=NOW)

    body = smtp.messages[0].get_body(("plain",)).get_content()
    assert late.task.text in body
    assert done.task.text not in body
    assert others.task.text not in body
    assert "Gửi trước thứ Sáu." in body
    assert "quá hạn 12 ngày" in body
