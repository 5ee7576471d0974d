"""What a digest says at the moment of sending: of the own agency only, once, with the worst first."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.reminders.mornings import decide, half_past_seven
from tracker.mail.writing import Message
from tracker.models import (
    Assignment,
    CalendarDay,
    Extension,
    OutboxMail,
    ProgressUpdate,
    Reminder,
    ReportingPeriod,
    Review,
    User,
)
from tracker.reminders.composing import compose, read_ahead
from tracker.reminders.content import Content, Later, NothingToSay, Unwritten
from tracker.reminders.outbox import enqueue
from tracker.rules.permissions import Role
from tracker.rules.reminder_policy import Audience
from tracker.rules.states import AssignmentState, Decision, DigestRhythm, MailKind, PlanState
from tracker.rules.working_days import DayKind

DAY = timedelta(days=1)


def digest_of(
    session: Session, person: User, told: Sequence[tuple[Assignment, str] | tuple[Assignment, str, Audience]],
    day: date = TODAY,
) -> OutboxMail:
    """Put a digest that carries these steps in the outbox."""
    mail_id = enqueue(session, person, MailKind.DIGEST, day.isoformat(), now=NOW)
    assert mail_id is not None
    for assignment, step, *audience in told:
        session.add(Reminder(recipient_id=person.id, assignment_id=assignment.id, step=step, mail_id=mail_id,
                             due_version=assignment.due_version, decided_on=day,
                             audience=audience[0] if audience else Audience.LIAISON))  # type: ignore[arg-type]
    session.commit()
    return session.get_one(OutboxMail, mail_id)


def said(session: Session, mail: OutboxMail, day: date = TODAY) -> Content:
    return compose(session, mail, today=day, now=half_past_seven(day))


def message(session: Session, mail: OutboxMail, day: date = TODAY) -> Message:
    content = said(session, mail, day)
    assert isinstance(content, Message)
    return content


def test_the_subject_says_the_state_of_the_agency_with_the_worst_first(session: Session, make: Factory) -> None:
    liaison = make.user()
    late = make.assignment(liaison.agency, due_on=TODAY - 12 * DAY)
    make.assignment(liaison.agency, due_on=TODAY - 3 * DAY)  # told three days ago
    soon = [make.assignment(liaison.agency, due_on=TODAY + n * DAY) for n in (1, 2)]
    make.assignment(liaison.agency, due_on=TODAY + 3 * DAY)  # told last week
    make.assignment(liaison.agency, due_on=TODAY + 5 * DAY)  # next week's
    make.assignment(due_on=TODAY - 90 * DAY)  # another agency's
    make.assignment(liaison.agency, make.plan(state=PlanState.CANCELLED), due_on=TODAY - 91 * DAY)
    make.assignment(liaison.agency, due_on=TODAY - 92 * DAY, state=AssignmentState.SUBMITTED)

    mail = message(session, digest_of(session, liaison, [(late, "after_6"), *((one, "before_1") for one in soon)]))

    assert mail.subject == "2 việc quá hạn, lâu nhất 12 ngày; 3 việc đến hạn tuần này"
    assert "Ngoài các việc dưới đây, cơ quan còn 1 việc quá hạn 3 ngày; 1 việc đến hạn tuần này." in mail.text
    assert [line for line in mail.text.splitlines() if line.startswith("* ")] == [
        "* Quá hạn 12 ngày (thời hạn 06/03/2026)", "* Còn 1 ngày (thời hạn 19/03/2026)",
        "* Còn 2 ngày (thời hạn 20/03/2026)"]


def test_no_subject_repeats_from_one_day_to_the_next_while_something_stays_late(
    session: Session, make: Factory
) -> None:
    liaison = make.user()
    head = make.user(agency=liaison.agency, is_agency_head=True)
    for days in range(24):
        make.assignment(liaison.agency, due_on=TODAY + days * DAY)
    subjects: dict[int, list[str]] = {liaison.id: [], head.id: []}

    for n in range(36):
        decide(session, TODAY + n * DAY)
        for mail in session.scalars(select(OutboxMail).where(OutboxMail.key == (TODAY + n * DAY).isoformat())):
            content = said(session, mail, TODAY + n * DAY)
            if isinstance(content, Message):
                subjects[mail.recipient_id].append(content.subject)

    for told in subjects.values():
        assert len(told) > 8
        assert not [one for one, before in zip(told[1:], told, strict=False) if one == before]


def test_an_assignment_told_by_two_steps_stands_there_once(session: Session, make: Factory) -> None:
    liaison = make.user(is_agency_head=True)
    late = make.assignment(liaison.agency, due_on=TODAY - 7 * DAY)

    mail = message(session, digest_of(session, liaison, [
        (late, "after_3"), (late, "late", Audience.HEAD), (late, "before_1")]))

    assert mail.text.count(late.task.text) == 1
    assert mail.subject == "1 việc quá hạn 7 ngày"


def test_what_another_agency_has_is_never_told(session: Session, make: Factory) -> None:
    liaison = make.user()
    own, others = make.assignment(liaison.agency), make.assignment(due_on=TODAY - 5 * DAY)

    mail = message(session, digest_of(session, liaison, [(own, "due"), (others, "after_3")]))

    assert others.task.text not in mail.text + mail.html
    assert mail.subject == "1 việc đến hạn hôm nay"


def test_only_what_is_still_true_is_told(session: Session, make: Factory) -> None:
    liaison = make.user()
    done, moved, kept, gone = (make.assignment(liaison.agency, due_on=TODAY) for _ in range(4))
    mail = digest_of(session, liaison, [(one, "due") for one in (done, moved, kept, gone)])
    done.state, done.submitted_on = AssignmentState.SUBMITTED, TODAY
    moved.due_on, moved.due_version = TODAY + 60 * DAY, 2
    gone.plan.state = PlanState.CANCELLED
    session.commit()

    text = message(session, mail).text
    assert [kept.task.text in text, done.task.text in text, moved.task.text in text, gone.task.text in text] == [
        True, False, False, False]

    kept.state = AssignmentState.CANCELLED
    session.commit()
    assert isinstance(said(session, mail), NothingToSay)


def test_a_head_is_told_as_head_of_what_is_still_too_late(session: Session, make: Factory) -> None:
    head = make.user(is_agency_head=True)
    late, asked, told_before = (make.assignment(head.agency, due_on=TODAY - days * DAY) for days in (7, 8, 30))
    helped = make.assignment(head.agency, due_on=TODAY - 9 * DAY, is_part=True)
    digest_of(session, head, [(told_before, "late", Audience.HEAD)], TODAY - 20 * DAY)
    mail = digest_of(session, head, [(one, "late", Audience.HEAD) for one in (late, asked, helped)])
    session.add(Extension(assignment_id=asked.id, asked_by_id=head.id, asked_at=NOW, reason="Chờ kinh phí.",
                          from_due_on=asked.due_on, wanted_on=TODAY + 30 * DAY))
    session.commit()

    content = message(session, mail)

    assert content.subject == "Báo cáo thủ trưởng cơ quan: 2 việc quá hạn, lâu nhất 30 ngày"
    assert f"thủ trưởng {head.agency.name}" in content.text
    assert "Trong đó đã báo cáo ở các thư trước: 1 việc quá hạn 30 ngày." in content.text
    assert content.text.count("* Quá hạn") == 1
    assert "/r/" not in content.text

    late.state, late.submitted_on = AssignmentState.SUBMITTED, TODAY
    session.commit()
    assert isinstance(said(session, mail), NothingToSay)


def test_opened_windows_and_accepted_reports_have_parts_of_their_own(session: Session, make: Factory) -> None:
    liaison = make.user()
    deadline = make.task(due_on=TODAY + 80 * DAY).deadlines[0]
    period = ReportingPeriod(deadline_id=deadline.id, label="2026-H1", first_day=TODAY, last_day=TODAY + 80 * DAY,
                             due_on=TODAY + 82 * DAY)
    session.add(period)
    session.flush()
    opened = make.assignment(liaison.agency, due_on=TODAY + 82 * DAY, period_id=period.id)
    closing = make.assignment(liaison.agency, due_on=TODAY + 1 * DAY, period_id=period.id)
    done = [make.assignment(liaison.agency, due_on=TODAY - DAY, state=AssignmentState.ACCEPTED) for _ in range(12)]

    mail = message(session, digest_of(session, liaison, [
        (opened, "opened"), (closing, "opened"), (closing, "before_1"),
        *((one, f"accepted_{n}") for n, one in enumerate(done))]))

    assert mail.subject == "1 việc đến hạn tuần này; 1 kỳ báo cáo mới mở"
    assert "* Sắp hết hạn gửi báo cáo, còn 1 ngày (thời hạn 19/03/2026)" in mail.text
    assert "* Gửi báo cáo chậm nhất ngày 08/06/2026" in mail.text
    assert "Báo cáo được xác nhận (12)" in mail.text
    assert sum(one.task.text in mail.text for one in done) == 10
    assert "và 2 báo cáo khác" in mail.text


def test_an_acceptance_that_was_taken_back_is_not_told(session: Session, make: Factory) -> None:
    liaison, coordinator = make.user(), make.coordinator()
    plan = make.plan(coordinator.agency)
    row = make.assignment(liaison.agency, plan, state=AssignmentState.ACCEPTED)
    sent = ProgressUpdate(assignment_id=row.id, author_id=liaison.id, text="Xong.", percent=100, created_at=NOW,
                          reported_on=TODAY, state=AssignmentState.SUBMITTED)
    session.add(sent)
    session.flush()
    session.add(Review(update_id=sent.id, reviewer_id=coordinator.id, decision=Decision.ACCEPTED, decided_at=NOW))
    mail = digest_of(session, liaison, [(row, "accepted_1")])
    assert row.task.text in message(session, mail).text

    row.state = AssignmentState.SUBMITTED
    session.commit()
    assert isinstance(said(session, mail), NothingToSay)


def test_one_asked_body_and_the_whole_mail_asks(session: Session, make: Factory) -> None:
    liaison = make.user()
    late = make.assignment(liaison.agency, due_on=TODAY - 5 * DAY, is_requested=True)
    make.assignment(liaison.agency, due_on=TODAY - 9 * DAY, is_requested=True)

    mail = message(session, digest_of(session, liaison, [(late, "after_3")]))

    assert mail.subject == "Kính đề nghị quan tâm: 2 việc đã qua thời gian đề nghị, lâu nhất 9 ngày"
    assert "quá hạn" not in (mail.text + mail.html).lower()


def test_a_digest_that_missed_its_morning_waits_for_the_agencys_own_next_one(session: Session, make: Factory) -> None:
    liaison = make.user()
    mail = digest_of(session, liaison, [(make.assignment(liaison.agency, due_on=TODAY - DAY), "due")])
    session.add(CalendarDay(day=TODAY + 2 * DAY, kind=DayKind.OFF, name="Nghỉ", source="Công văn",
                            agency_id=liaison.agency_id))
    session.commit()

    assert said(session, mail, TODAY + DAY) == Later(half_past_seven(TODAY + 5 * DAY))


def test_many_digests_are_read_in_as_few_statements_as_one(session: Session, make: Factory) -> None:
    def mails(number: int) -> list[OutboxMail]:
        made = []
        for _ in range(number):
            liaison = make.user()
            made.append(digest_of(session, liaison, [
                (make.assignment(liaison.agency, due_on=TODAY - n * DAY), "after_3") for n in range(1, 4)]))
        return made

    counts = []
    for wanted in (mails(1), mails(12)):
        session.expire_all()
        found = session.scalars(select(OutboxMail).where(OutboxMail.id.in_([one.id for one in wanted]))).all()
        with counted_statements() as sent:
            ahead = read_ahead(session, found, today=TODAY)
            contents = [compose(session, one, today=TODAY, now=NOW, ahead=ahead) for one in found]
            said = [one.write() for one in contents if isinstance(one, Unwritten)]
        assert len(said) == len(wanted)
        counts.append(len(sent))

    assert counts[0] == counts[1] <= 5


def test_what_is_read_ahead_is_what_one_alone_would_say(session: Session, make: Factory) -> None:
    mails = []
    for days in (3, 8, 21):
        person = make.user(is_agency_head=days == 8)
        rows = [make.assignment(person.agency, due_on=TODAY - days * DAY) for _ in range(3)]
        mails.append(digest_of(session, person, [
            (rows[0], "after_3"), (rows[1], "late", Audience.HEAD)]))

    ahead = read_ahead(session, mails, today=TODAY)

    for mail in mails:
        read = compose(session, mail, today=TODAY, now=NOW, ahead=ahead)
        assert isinstance(read, Unwritten)
        assert read.write() == said_at(session, mail)


def said_at(session: Session, mail: OutboxMail) -> Content:
    return compose(session, mail, today=TODAY, now=NOW)


def test_three_thousand_items_are_told_in_a_small_mail_with_few_statements(session: Session, make: Factory) -> None:
    liaison = make.user()
    task_ids = [make.task(make.plan()).id]
    plan_id = session.get_one(Assignment, make.assignment(liaison.agency).id).plan_id
    session.add_all(Assignment(plan_id=plan_id, task_id=task_ids[0], agency_id=liaison.agency_id, occurrence=str(n),
                               due_on=TODAY - (n % 40) * DAY, created_at=NOW) for n in range(3_000))
    session.commit()
    rows = session.scalars(select(Assignment).where(Assignment.occurrence != "")).all()
    mail = digest_of(session, liaison, [(one, "due") for one in rows])
    session.expire_all()

    with counted_statements() as sent:
        content = message(session, mail)

    assert len(sent) <= 8
    assert "và 2900 việc khác" in content.text
    assert len(content.html.encode()) < 150_000


@pytest.mark.parametrize("rhythm", list(DigestRhythm))
def test_a_decided_morning_can_be_said(session: Session, make: Factory, rhythm: DigestRhythm) -> None:
    liaison = make.user(digest=rhythm)
    make.assignment(liaison.agency, due_on=TODAY)
    decide(session)

    mail: Any = session.scalars(select(OutboxMail)).one()
    assert message(session, mail).subject == "1 việc đến hạn hôm nay"
    assert mail.recipient.role is Role.LIAISON
