"""What administrators hear of the mail itself: one line on the morning, and addresses that are refused."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.reminders.mornings import half_past_seven
from tracker.mail.writing import Message
from tracker.models import JobRun, OutboxMail, User
from tracker.reminders.composing import compose
from tracker.reminders.content import Content, NothingToSay
from tracker.reminders.outbox import enqueue
from tracker.rules.permissions import Role
from tracker.rules.states import JobState, MailKind, MailState

DAY = timedelta(days=1)


@pytest.fixture
def admin(make: Factory) -> User:
    return make.user(Role.ADMINISTRATOR, name="Vũ Đình Toàn")


def mail_of(session: Session, person: User, kind: MailKind, key: str) -> OutboxMail:
    mail_id = enqueue(session, person, kind, key, now=NOW)
    session.commit()
    return session.get_one(OutboxMail, mail_id)


def outcome(session: Session, make: Factory, state: MailState, *, day: date = TODAY, kind: MailKind = MailKind.DIGEST,
            **values: object) -> None:
    mail = mail_of(session, make.user(), kind, day.isoformat())
    mail.state = state
    mail.sent_at = NOW if state is MailState.SENT else None
    mail.lease_until = NOW if state is MailState.SENDING else None
    for name, value in values.items():
        setattr(mail, name, value)
    session.commit()


def said(content: Content) -> Message:
    assert isinstance(content, Message)
    return content


def test_the_line_counts_the_outbox_as_it_is_when_it_leaves(session: Session, make: Factory, admin: User) -> None:
    session.add(JobRun(name="morning", key=TODAY.isoformat(), state=JobState.DONE, machine="a",
                       started_at=half_past_seven(TODAY), finished_at=half_past_seven(TODAY)))
    for _ in range(3):
        outcome(session, make, MailState.SENT)
    outcome(session, make, MailState.SENT, kind=MailKind.WEEKLY)
    outcome(session, make, MailState.SENT, bounced_at=NOW)
    outcome(session, make, MailState.SENT, day=TODAY - DAY)
    outcome(session, make, MailState.DROPPED)
    outcome(session, make, MailState.PARKED, last_error="552 too big")
    outcome(session, make, MailState.PENDING)
    outcome(session, make, MailState.SENDING)
    chase = mail_of(session, make.user(), MailKind.CHASE, "chase:1")
    chase.state = MailState.PARKED
    line = mail_of(session, admin, MailKind.MORNING_LINE, TODAY.isoformat())

    mail = said(compose(session, line, today=TODAY, now=NOW))

    assert mail.subject == "07:30: 4 thư, 2 lỗi, 2 thư còn chờ"
    assert "* 1 thư: 552 too big" in mail.text
    assert "1 thư bị máy chủ của người nhận trả về." in mail.text
    assert "/admin/outbox?state=parked" in mail.text


def test_a_good_morning_is_one_line(session: Session, make: Factory, admin: User) -> None:
    outcome(session, make, MailState.SENT)
    line = mail_of(session, admin, MailKind.MORNING_LINE, TODAY.isoformat())

    mail = said(compose(session, line, today=TODAY, now=NOW))

    assert mail.subject == "07:30: 1 thư, 0 lỗi"
    assert mail.text.startswith("Sáng 18/03/2026 lúc 07:30: 1 thư, 0 lỗi.\n\nMở hộp thư đi:")


def test_a_line_that_leaves_days_later_says_of_which_day_it_is(session: Session, admin: User) -> None:
    line = mail_of(session, admin, MailKind.MORNING_LINE, TODAY.isoformat())

    assert said(compose(session, line, today=TODAY + DAY, now=NOW)).subject == "07:30 ngày 18/03/2026: 0 thư, 0 lỗi"


def test_a_morning_that_broke_down_is_an_error(session: Session, admin: User) -> None:
    session.add(JobRun(name="morning", key=TODAY.isoformat(), state=JobState.FAILED, machine="a", error="đĩa đầy",
                       started_at=half_past_seven(TODAY)))
    line = mail_of(session, admin, MailKind.MORNING_LINE, TODAY.isoformat())

    mail = said(compose(session, line, today=TODAY, now=NOW))

    assert mail.subject == "07:30: 0 thư, 1 lỗi"
    assert "Việc lập thư buổi sáng bị lỗi: đĩa đầy" in mail.text


def test_agencies_that_nobody_could_be_told_of_are_counted(session: Session, admin: User) -> None:
    session.add(JobRun(name="morning_line", key=TODAY.isoformat(), state=JobState.DONE, machine="a",
                       started_at=NOW, result={"unreached": 2}))
    line = mail_of(session, admin, MailKind.MORNING_LINE, TODAY.isoformat())

    assert "2 cơ quan có việc đến hạn hoặc quá hạn" in said(compose(session, line, today=TODAY, now=NOW)).text


def test_who_is_no_administrator_any_more_hears_nothing(session: Session, admin: User) -> None:
    line = mail_of(session, admin, MailKind.MORNING_LINE, TODAY.isoformat())
    admin.role = Role.LIAISON
    session.commit()

    assert isinstance(compose(session, line, today=TODAY, now=NOW), NothingToSay)


@pytest.fixture
def refused(session: Session, make: Factory) -> User:
    user = make.user(agency=make.agency("Sở Y tế"), name="Trần Thị Mai", email="mai@soyte.example",
                     phone="0912 345 678")
    user.mail_refused_at, user.mail_refused_reason = NOW, "550 5.1.1 user unknown"
    session.commit()
    return user


def test_a_refused_address_is_told_with_the_servers_words(
    session: Session, make: Factory, admin: User, refused: User
) -> None:
    coordinator = make.coordinator()
    make.assignment(refused.agency, make.plan(coordinator.agency))
    make.assignment(refused.agency)  # another coordinator's
    key = f"user:{refused.id}:{TODAY.isoformat()}"

    to_admin = said(compose(session, mail_of(session, admin, MailKind.ADDRESS_REFUSED, key), today=TODAY, now=NOW))
    to_coordinator = said(
        compose(session, mail_of(session, coordinator, MailKind.ADDRESS_REFUSED, key), today=TODAY, now=NOW))

    assert to_admin.subject == "Địa chỉ thư bị từ chối: mai@soyte.example (Sở Y tế)"
    assert "Máy chủ trả lời: 550 5.1.1 user unknown" in to_admin.text
    assert f"/admin/users/{refused.id}" in to_admin.text
    assert "còn 2 việc" in to_admin.text
    assert "còn 1 việc" in to_coordinator.text
    assert "0912 345 678" in to_coordinator.text
    assert "Hiện không còn ai ở Sở Y tế nhận được thư" in to_coordinator.text
    assert "/admin/" not in to_coordinator.text


def test_who_else_gets_the_agencys_mails_is_named(session: Session, make: Factory, admin: User, refused: User) -> None:
    make.user(agency=refused.agency, name="Đỗ Thị Hạnh")
    mail = mail_of(session, admin, MailKind.ADDRESS_REFUSED, f"user:{refused.id}:{TODAY.isoformat()}")

    assert "vẫn đến: Đỗ Thị Hạnh." in said(compose(session, mail, today=TODAY, now=NOW)).text


def test_an_address_that_works_again_is_not_told(session: Session, admin: User, refused: User) -> None:
    mail = mail_of(session, admin, MailKind.ADDRESS_REFUSED, f"user:{refused.id}:{TODAY.isoformat()}")
    refused.mail_refused_at = None
    session.commit()

    assert isinstance(compose(session, mail, today=TODAY, now=NOW), NothingToSay)
