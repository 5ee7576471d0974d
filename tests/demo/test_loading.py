"""The demo, loaded for real through the use cases, on both databases."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import _empty
from tracker.demo import loading
from tracker.demo.caught_mail import body_of, caught_mail, caught_mails
from tracker.demo.people import SHOWN
from tracker.extensions import db
from tracker.models import (
    Agency,
    AgencyLevel,
    Assignment,
    CalendarDay,
    Chase,
    Comment,
    Evidence,
    Extension,
    IncomingMail,
    OutboxMail,
    Plan,
    ProgressUpdate,
    Review,
    Task,
    Transfer,
    User,
)
from tracker.reports.outbox_list import parked_reasons
from tracker.rules.permissions import Role
from tracker.rules.standing import OfficialClass
from tracker.rules.states import (
    OWED,
    AssignmentState,
    ChaseChannel,
    IncomingKind,
    MailKind,
    MailState,
    PlanState,
    RequestState,
)
from tracker.workflow import evidence

#: A Tuesday that is a day off.
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(app: Flask) -> Iterator[Session]:
    """A database in which the demo was loaded once; these tests only look."""
    _empty(app)
    with app.app_context():
        assert loading.load(db.session(), today=TODAY, now=NOW)
        yield db.session()
        db.session.remove()
    _empty(app)


def test_the_province_has_the_bodies_and_people_that_are_promised(demo: Session) -> None:
    levels = Counter(demo.scalars(select(Agency.level)))
    roles = Counter(demo.scalars(select(User.role).where(User.is_active)))

    assert levels[AgencyLevel.PROVINCE] >= 20
    assert levels[AgencyLevel.COMMUNE] == 30
    assert sum(roles.values()) == 63
    assert set(roles) == set(Role)


def test_the_printed_log_in_of_each_role_is_the_first_of_that_role(demo: Session) -> None:
    for role, email in SHOWN.items():
        first = demo.scalars(select(User).where(User.role == role).order_by(User.id)).first()

        assert first is not None
        assert first.email == email


def test_two_plans_are_at_work_and_one_waits_for_its_review(demo: Session) -> None:
    plans = demo.scalars(select(Plan).order_by(Plan.id)).all()

    assert Counter(plan.state for plan in plans) == {PlanState.PUBLISHED: 2, PlanState.REVIEW: 1}
    assert all(plan.number and plan.issued_on and plan.signed_by for plan in plans)
    waiting = demo.scalars(select(Task).where(Task.plan_id == plans[-1].id)).all()
    assert any(not task.owners for task in waiting)
    assert any(owner.agency_id is None and owner.group_id is None for task in waiting for owner in task.owners)


def test_every_state_and_class_is_to_be_seen(demo: Session) -> None:
    rows = demo.scalars(select(Assignment)).all()

    states = Counter(row.state for row in rows)
    classes = Counter(row.official_class(TODAY) for row in rows)
    assert len(rows) > 200
    assert all(states[state] for state in set(AssignmentState) - {AssignmentState.CANCELLED})
    assert all(classes[cell] for cell in OfficialClass)
    assert states[AssignmentState.SUBMITTED] >= 8


def test_the_late_work_is_a_day_to_forty_days_late_and_some_is_due_this_week(demo: Session) -> None:
    rows = demo.scalars(select(Assignment).where(Assignment.state.in_(OWED))).all()

    late = [days for row in rows if (days := row.days_late(TODAY))]
    assert len(late) >= 20
    assert min(late) <= 5
    assert 35 <= max(late) <= 45
    assert sum(row.is_due_soon(TODAY) for row in rows) >= 10


def test_one_plan_is_nearly_done_and_the_other_in_mid_course(demo: Session) -> None:
    done = {
        number: accepted / total
        for number, total, accepted in demo.execute(
            select(Plan.number, func.count(Assignment.id),
                   func.count(Assignment.id).filter(Assignment.state == AssignmentState.ACCEPTED))
            .join(Assignment, Assignment.plan_id == Plan.id)
            .group_by(Plan.number)
        )
    }  # fmt: skip

    assert max(done.values()) > 0.75
    assert 0.15 < min(done.values()) < 0.6


def test_nothing_happened_after_now_or_before_it_could(demo: Session) -> None:
    for update in demo.scalars(select(ProgressUpdate)):
        assert update.assignment.created_at < update.created_at < NOW
    for review in demo.scalars(select(Review)):
        assert review.update.created_at < review.decided_at < NOW


def test_reports_tell_different_things(demo: Session) -> None:
    texts = set(demo.scalars(select(ProgressUpdate.text)))

    assert len(texts) >= 25
    assert demo.scalar(select(func.count(ProgressUpdate.id)).where(ProgressUpdate.difficulties.is_not(None)))


def test_every_evidence_file_is_on_the_disk(demo: Session, app: Flask) -> None:
    files = demo.scalars(select(Evidence)).all()
    folder = app.extensions["settings"].evidence_folder

    assert all(evidence.path_of(folder, file).stat().st_size == file.size for file in files)
    assert len({file.media_type for file in files}) == 4


def test_mails_were_sent_and_caught(demo: Session, app: Flask) -> None:
    maildir = app.extensions["settings"].maildir
    mails = demo.scalars(select(OutboxMail)).all()
    page = caught_mails(maildir)

    assert {mail.state for mail in mails} <= {MailState.SENT, MailState.DROPPED, MailState.PARKED}
    # A leader's month begins with a month, which is not on every day behind us; the morning line is the clock's.
    sometimes = {MailKind.MONTHLY, MailKind.MORNING_LINE}
    assert {mail.kind for mail in mails} - sometimes == set(MailKind) - sometimes - {MailKind.PASSWORD_RESET,
                                                                                     MailKind.PLAN_CHANGED}
    assert page.total >= sum(mail.state is MailState.SENT for mail in mails)
    newest = caught_mail(maildir, page.rows[0].key)
    assert newest is not None
    assert "http" in (body_of(newest, "plain") or "")
    assert body_of(newest, "html")


def test_some_mails_went_wrong_each_in_its_own_way(demo: Session) -> None:
    parked = parked_reasons(demo)
    refused = demo.scalars(select(User).where(User.mail_refused_at.is_not(None))).all()
    came = {mail.kind: mail for mail in demo.scalars(select(IncomingMail))}

    assert sum(len(reason.mail_ids) for reason in parked if "content filter" in reason.words) >= 2
    assert [user.mail_refused_reason for user in refused if "User unknown" in (user.mail_refused_reason or "")] != []
    assert len(refused) == 1
    assert len(demo.scalars(select(OutboxMail).where(OutboxMail.bounced_at.is_not(None))).all()) == 1
    assert set(came) >= {IncomingKind.BOUNCE, IncomingKind.AUTO_REPLY, IncomingKind.UNKNOWN}


def test_the_calendar_knows_the_days_off_and_the_exchange_of_the_new_year(demo: Session) -> None:
    days = {row.day: row for row in demo.scalars(select(CalendarDay))}

    assert TODAY in days
    assert "12729" in days[date(2026, 1, 2)].source
    assert {day.year for day in days} == {2025, 2026, 2027, 2028}


def test_requested_bodies_are_asked_not_told(demo: Session) -> None:
    rows = demo.scalars(select(Assignment).join(Assignment.agency).where(Agency.is_requested)).all()

    assert len(rows) >= 6
    assert all(row.is_requested for row in rows)


def test_loading_again_keeps_what_is_there(demo: Session) -> None:
    before = demo.scalar(select(func.count(Assignment.id)))

    assert loading.load(demo, today=TODAY, now=NOW) is False

    assert demo.scalar(select(func.count(Assignment.id))) == before
    assert loading.is_complete(demo)


def test_what_agencies_ask_is_to_be_seen_answered_and_waiting(demo: Session) -> None:
    extensions = Counter(demo.scalars(select(Extension.state)))

    assert extensions[RequestState.WAITING] >= 2
    assert extensions[RequestState.GRANTED] >= 1
    assert demo.scalars(select(Transfer).where(Transfer.state == RequestState.WAITING)).first()
    assert demo.scalars(select(Comment).where(Comment.is_question, Comment.answered_at.is_(None))).first()
    assert demo.scalars(select(Assignment).where(Assignment.first_due_on < Assignment.due_on)).first()
    assert demo.scalars(select(Chase).where(Chase.channel == ChaseChannel.PHONE)).first()


def test_helpers_have_parts_some_confirmed_and_some_open(demo: Session) -> None:
    states = Counter(demo.scalars(select(Assignment.state).where(Assignment.is_part)))

    assert states[AssignmentState.ACCEPTED]
    assert states[AssignmentState.OPEN]
