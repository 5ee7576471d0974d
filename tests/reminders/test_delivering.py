"""Every way in which a mail server fails, and what becomes of the mails: none is lost, none is blamed for another."""
from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.reminders.crowd import crowd
from tests.reminders.scripted_smtp import DROP, FORGET, HANG, ScriptedServer
from tests.reminders.test_outbox import digest_for, poisoned
from tracker.mail import delivery
from tracker.models import MailCopy, MailEvent, OutboxMail, ProvincePolicy, User
from tracker.models.policy import ONLY
from tracker.reminders import copies, delivering
from tracker.reminders.delivering import MOST_LOST_IN_A_ROW, REST, Delivered, deliver_due
from tracker.reminders.outbox import LEASE, claim
from tracker.rules.backoff import MOST_ATTEMPTS
from tracker.rules.policy import Policy
from tracker.rules.states import AssignmentState, MailEventKind, MailState

MINUTE = timedelta(minutes=1)


def events(session: Session) -> list[tuple[int, MailEventKind]]:
    session.rollback()
    return [tuple(row) for row in session.execute(select(MailEvent.mail_id, MailEvent.what).order_by(MailEvent.id))]


PASSING = [
    pytest.param("450 4.2.0 greylisted, come back later", "450 4.2.0 greylisted, come back later", id="greylisting"),
    pytest.param("452 4.3.1 no room", "452 4.3.1 no room", id="server full"),
    pytest.param("552 5.2.2 mailbox full", "552 5.2.2 mailbox full", id="mailbox full"),
    pytest.param("421 4.3.2 going down", "421 4.3.2 going down", id="closing at the recipient"),
    pytest.param("data 451 4.7.1 later", "451 4.7.1 later", id="later, after the mail was said"),
    pytest.param("data 421 going down", "421 going down", id="closing after the mail was said"),
    pytest.param(HANG, "timed out", id="a hang"),
    pytest.param(DROP, "closed", id="hung up after DATA"),
]


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "one by one"])
@pytest.mark.parametrize(("action", "words"), PASSING)
def test_what_passes_is_tried_again(
    session: Session, make: Factory, server: ScriptedServer, action: str, words: str, pipelining: bool
) -> None:
    mail = digest_for(session, make)
    server.pipelining = pipelining
    server.scripts[mail.recipient.email].append(action)

    first = deliver_due(session, now=NOW)
    between = mail.state, mail.attempts, mail.last_error
    waited = mail.next_attempt_at - NOW
    second = deliver_due(session, now=NOW + 2 * MINUTE)

    assert (first, second) == (Delivered(failed=1), Delivered(sent=1))
    assert between[:2] == (MailState.PENDING, 1)
    assert words in (between[2] or "")
    assert MINUTE <= waited < 1.5 * MINUTE
    assert server.kept == [(mail.recipient.email, mail.message_id)]
    assert events(session) == [(mail.id, MailEventKind.DEFERRED)]
    assert mail.recipient.mail_refused_at is None


def test_an_answer_that_is_lost_repeats_the_same_mail(session: Session, make: Factory, server: ScriptedServer) -> None:
    mail = digest_for(session, make)
    server.scripts[mail.recipient.email].append(FORGET)

    deliver_due(session, now=NOW)
    deliver_due(session, now=NOW + 2 * MINUTE)

    assert server.kept == [(mail.recipient.email, mail.message_id)] * 2
    assert mail.state is MailState.SENT


def test_a_line_that_the_server_closes_costs_no_mail_a_try(
    session: Session, make: Factory, server: ScriptedServer
) -> None:
    mails = [digest_for(session, make) for _ in range(10)]
    server.most_on_a_line = 3

    counts = deliver_due(session, now=NOW)

    assert counts == Delivered(sent=10)
    assert server.connections == 4
    assert [address for address, _id in server.kept] == [mail.recipient.email for mail in mails]
    assert {mail.attempts for mail in mails} == {1}


@pytest.mark.parametrize(
    ("state", "words"),
    [({"port": 9}, "127.0.0.1:9"), ({"use_tls": True}, "SSL"), ({"username": "u", "password": "p"}, "535 5.7.8")],
    ids=["nobody there", "TLS fails", "log-in fails"],
)
def test_no_conversation_is_no_mails_fault(
    app: Flask, session: Session, make: Factory, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch,
    state: dict[str, object], words: str,
) -> None:
    mails = [digest_for(session, make) for _ in range(3)]
    server.offers = ("STARTTLS", "AUTH PLAIN LOGIN")
    with monkeypatch.context() as patched:
        for name, value in state.items():
            patched.setattr(app.extensions["mail"], name, value)
        counts = deliver_due(session, now=NOW)

    assert counts == Delivered(failed=1)
    assert {(mail.state, mail.attempts) for mail in mails} == {(MailState.PENDING, 0)}
    assert words in (mails[0].last_error or "")
    assert events(session) == []
    assert server.kept == []
    assert deliver_due(session, now=NOW + REST + MINUTE) == Delivered(sent=3)


def test_without_tls_on_offer_nothing_is_said_in_the_open(
    app: Flask, session: Session, make: Factory, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest_for(session, make)
    monkeypatch.setattr(app.extensions["mail"], "use_tls", True)

    assert deliver_due(session, now=NOW) == Delivered(failed=1)
    assert server.kept == []


def test_a_wrong_password_is_not_tried_every_minute(
    app: Flask, session: Session, make: Factory, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest_for(session, make)
    server.offers = ("AUTH PLAIN LOGIN",)
    for name in ("username", "password"):
        monkeypatch.setattr(app.extensions["mail"], name, "mot-hai-ba")

    for minute in range(14):
        deliver_due(session, now=NOW + minute * MINUTE)
    within = server.log_ins
    deliver_due(session, now=NOW + REST + MINUTE)

    assert within <= 2  # smtplib tries each way of logging in once
    assert server.log_ins == 2 * within


def test_a_greeting_of_421_is_no_mails_fault(session: Session, make: Factory, server: ScriptedServer) -> None:
    mail = digest_for(session, make)
    server.greetings.append("421 too busy")

    assert deliver_due(session, now=NOW) == Delivered(failed=1)
    assert mail.attempts == 0
    assert deliver_due(session, now=NOW + 3 * MINUTE) == Delivered(sent=1)


def test_a_server_that_hangs_on_every_mail_holds_up_one_run_and_costs_few_mails_a_try(
    session: Session, make: Factory, server: ScriptedServer
) -> None:
    mails = [digest_for(session, make) for _ in range(MOST_LOST_IN_A_ROW + 4)]
    for mail in mails:
        server.scripts[mail.recipient.email].append(DROP)

    counts = deliver_due(session, now=NOW)

    assert counts == Delivered(failed=MOST_LOST_IN_A_ROW)
    assert [mail.attempts for mail in mails] == [1] * MOST_LOST_IN_A_ROW + [0] * 4
    assert {mail.state for mail in mails} == {MailState.PENDING}


def test_no_domain_gets_more_in_a_minute_than_the_policy_says(
    session: Session, make: Factory, server: ScriptedServer
) -> None:
    session.add(ProvincePolicy(id=ONLY, changed_at=NOW, **{**vars(Policy()), "mails_per_minute": 7}))
    session.commit()
    for number in range(20):
        mail = digest_for(session, make)
        mail.domain = "lon.example" if number < 17 else f"nho{number}.example"
    session.commit()

    runs = [deliver_due(session, now=NOW + minute * MINUTE).sent for minute in range(4)]

    assert runs == [7 + 3, 7, 3, 0]


def test_what_another_sender_holds_counts_for_the_minute(session: Session, make: Factory) -> None:
    for _ in range(5):
        digest_for(session, make)

    first = claim(session, now=NOW, per_minute=3)
    second = claim(session, now=NOW, per_minute=3)
    later = claim(session, now=NOW + LEASE + MINUTE, per_minute=3)

    assert ([len(first), len(second)], len(later)) == ([3, 0], 2)


def test_what_a_dead_sender_held_is_taken_one_at_a_time_after_everything_else(session: Session, make: Factory) -> None:
    left = [digest_for(session, make).id for _ in range(3)]
    claim(session, now=NOW, per_minute=300)  # and it dies
    new = digest_for(session, make).id
    moment = NOW + LEASE + MINUTE

    taken = [[one.id for one in claim(session, now=moment, per_minute=300)] for _ in range(4)]

    assert taken == [[new], [left[0]], [left[1]], [left[2]]]


def test_a_mail_as_it_was_sent_is_kept_without_its_link(
    session: Session, make: Factory, server: ScriptedServer
) -> None:
    mail = digest_for(session, make)

    deliver_due(session, now=NOW)

    kept = copies.read(session, mail.id)
    assert kept is not None
    assert mail.reminders[0].assignment.task.text in kept.text
    assert "/r/…" in kept.html
    assert session.scalar(select(func.count()).select_from(MailCopy)) == 1


def test_a_mail_that_is_sent_again_has_the_copy_of_the_second_time(
    session: Session, make: Factory, server: ScriptedServer
) -> None:
    mail = digest_for(session, make)
    deliver_due(session, now=NOW)
    mail.state, mail.attempts, mail.next_attempt_at = MailState.PENDING, 0, NOW
    mail.reminders[0].assignment.task.text = "Đổi lời từ lần gửi trước."
    session.commit()

    assert deliver_due(session, now=NOW + MINUTE) == Delivered(sent=1)

    kept = copies.read(session, mail.id)
    assert kept is not None
    assert "Đổi lời từ lần gửi trước." in kept.text


def test_dropped_and_parked_mails_say_so_in_their_story(
    session: Session, make: Factory, server: ScriptedServer
) -> None:
    poison, done = poisoned(session, make), digest_for(session, make)
    done.reminders[0].assignment.state = AssignmentState.CANCELLED
    session.commit()

    assert deliver_due(session, now=NOW) == Delivered(parked=1, dropped=1)
    assert sorted(events(session)) == sorted([(poison.id, MailEventKind.PARKED), (done.id, MailEventKind.DROPPED)])


def test_what_was_read_too_long_ago_is_read_again(
    session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, changed = digest_for(session, make), digest_for(session, make)
    monkeypatch.setattr(delivering, "FRESH", timedelta(0))
    sent: list[str] = []

    def send(message: delivery.Message) -> None:
        """While the first mail is on its way, the second one's item is done."""
        sent.append(message.to)
        changed.reminders[0].assignment.state = AssignmentState.CANCELLED
        session.commit()

    counts = deliver_due(session, now=NOW, send=send)

    assert sent == [slow.recipient.email]
    assert counts == Delivered(sent=1, dropped=1)


def test_a_sender_that_stops_puts_back_what_it_did_not_try(session: Session, make: Factory) -> None:
    mails = [digest_for(session, make) for _ in range(4)]

    def stop(_message: delivery.Message) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(session, now=NOW, send=stop)

    assert [(mail.state, mail.attempts) for mail in mails[1:]] == [(MailState.PENDING, 0)] * 3
    assert mails[0].state is MailState.SENDING  # nobody knows how far it got


FAULTS = ("450 4.2.0 greylisted", "421 going down", "550 5.1.1 user unknown", DROP, FORGET, "data 451 later",
          "data 554 5.6.0 refused", "452 4.3.1 no room", "data 421 going down", "550 5.7.1 blocked")


def test_of_a_thousand_mails_with_a_fault_in_every_tenth_none_is_lost(
    session: Session, make: Factory, server: ScriptedServer
) -> None:
    people = crowd(session, make, 1000)
    chance = random.Random(20260318)
    unlucky = chance.sample(sorted(people.values()), 100)
    for place, address in enumerate(unlucky):
        server.scripts[address].append(FAULTS[place % len(FAULTS)])
    for address in unlucky[: 5 * len(FAULTS) : len(FAULTS)]:
        server.scripts[address].extend(["450 4.2.0 still greylisted"] * MOST_ATTEMPTS)

    totals, moment, runs = Counter(), NOW, 0
    while session.scalar(select(func.count()).where(OutboxMail.state.in_([MailState.PENDING, MailState.SENDING]))):
        totals.update(vars(deliver_due(session, now=moment, today=TODAY)))
        moment, runs = next_moment(session, moment), runs + 1
        assert runs < 60

    rows = session.execute(select(OutboxMail.state, OutboxMail.last_error, OutboxMail.message_id, User.email)
                           .join(User, User.id == OutboxMail.recipient_id)).all()
    arrived = server.ids()
    assert len(rows) == 1000
    for row in rows:
        if row.state is MailState.SENT:
            assert set(arrived[row.email]) == {row.message_id}
        else:
            assert (row.state, bool(row.last_error)) == (MailState.PARKED, True)
            assert row.email in unlucky
    repeated = sum(count - 1 for ids in arrived.values() for count in ids.values())
    assert repeated == sum(len(FAULTS) for _fault in FAULTS if _fault == FORGET)
    print(f"\n1,000 mails, 100 faults: {dict(totals)} in {runs} runs, {repeated} repeated with the same Message-ID")


def next_moment(session: Session, moment: datetime) -> datetime:
    """Give the next minute in which something may go."""
    first = session.scalar(select(func.min(OutboxMail.next_attempt_at)).where(OutboxMail.state == MailState.PENDING))
    session.rollback()
    return max(moment + MINUTE, first or moment)


def test_the_story_of_a_mail_that_is_tried_eight_times(
    session: Session, make: Factory, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.reminders.content.MORNING_ENDS", time.max)
    mail = digest_for(session, make)
    server.scripts[mail.recipient.email].extend(["450 4.2.0 greylisted"] * MOST_ATTEMPTS)

    for _ in range(MOST_ATTEMPTS):
        deliver_due(session, now=mail.next_attempt_at + MINUTE, today=TODAY)

    story = [what for _id, what in events(session)]
    assert story == [MailEventKind.DEFERRED] * (MOST_ATTEMPTS - 1) + [MailEventKind.PARKED]
    session.execute(update(OutboxMail).values(last_error=None))
