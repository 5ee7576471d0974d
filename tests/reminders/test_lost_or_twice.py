"""What happens between a decision and its sending, or instead of it: no reminder is lost, none is told twice."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import NOW, TODAY, Factory
from tests.reminders.mornings import decide, half_past_seven, mails, morning, told
from tracker.clock import VIETNAM
from tracker.models import Actor, Assignment, Extension, JobRun, OutboxMail, PlanReminderPolicy, ProvincePolicy, User
from tracker.models.audit import CLOCK
from tracker.reminders.addresses import accept
from tracker.reminders.deciding import plan_morning
from tracker.reminders.delivering import Delivered, deliver_due
from tracker.rules.clock import JobName
from tracker.rules.permissions import Role
from tracker.rules.reminder_policy import USUAL, Audience, Moment, told_to_json
from tracker.rules.states import AssignmentState, DigestRhythm, JobState, MailKind, MailState
from tracker.workflow import asking

DAY = timedelta(days=1)
#: TODAY is a Wednesday.
MONDAY, TUESDAY, THURSDAY, FRIDAY = (date(2026, 3, day) for day in (16, 17, 19, 20))


def deliver(session: Session, day: date, at: time = time(7, 30)) -> Delivered:
    return deliver_due(session, now=datetime.combine(day, at, VIETNAM))


def became(session: Session, mail: OutboxMail, state: MailState, **values: Any) -> None:
    session.execute(update(OutboxMail).where(OutboxMail.id == mail.id).values(state=state, lease_until=None, **values))
    session.commit()


def province(session: Session, **values: Any) -> None:
    usual = {"grace_after_return": 3, "answer_within": 3, "link_days": 14, "mails_per_week": 5, "mails_per_minute": 300}
    session.add(ProvincePolicy(changed_at=NOW, send_at=time(7, 30), **{**usual, **values}))
    session.commit()


def run_of_morning(session: Session, day: date) -> None:
    session.add(JobRun(name=JobName.MORNING, key=day.isoformat(), state=JobState.DONE, machine="một", attempts=1,
                       started_at=half_past_seven(day), finished_at=half_past_seven(day)))
    session.commit()


# ---- given up, sent back ----


def test_what_a_mail_that_was_given_up_should_have_told_is_told_the_next_morning(
    session: Session, make: Factory, smtp: Sink
) -> None:
    assignment = make.assignment(make.user().agency, due_on=TODAY - 8 * DAY)
    decide(session)
    became(session, mails(session)[0], MailState.PARKED, attempts=8, last_error="451")

    assert decide(session, THURSDAY) == {MailKind.DIGEST: 1}
    assert deliver(session, THURSDAY).sent == 1
    assert assignment.task.text in smtp.messages[0].get_body(("plain",)).get_content()
    assert decide(session, FRIDAY) == {}


def test_a_head_hears_of_a_step_whose_mail_was_refused_once_the_address_is_right(
    session: Session, make: Factory, smtp: Sink
) -> None:
    head = make.user(Role.ADMINISTRATOR, is_agency_head=True)
    make.assignment(head.agency, due_on=TODAY - 7 * DAY)
    decide(session)
    [mail] = mails(session)
    became(session, mail, MailState.PARKED, last_error="550 5.1.1")
    session.execute(update(User).where(User.id == head.id).values(mail_refused_at=NOW))
    session.commit()

    assert decide(session, THURSDAY) == {}
    session.execute(update(User).where(User.id == head.id).values(mail_refused_at=None))
    session.commit()

    assert decide(session, FRIDAY) == {MailKind.ESCALATION: 1}
    assert deliver(session, FRIDAY).sent == 1
    assert decide(session, MONDAY + 7 * DAY) == {}


def test_a_mail_that_came_back_is_told_again_and_stays_on_record(session: Session, make: Factory, smtp: Sink) -> None:
    person = make.user()
    make.assignment(person.agency, due_on=TODAY - 8 * DAY)
    morning(session)
    session.execute(update(OutboxMail).values(bounced_at=NOW))
    session.execute(update(User).where(User.id == person.id).values(mail_refused_at=NOW))
    session.commit()
    assert decide(session, THURSDAY) == {}
    accept(session, session.get_one(User, person.id), actor=CLOCK, now=half_past_seven(THURSDAY))
    session.commit()

    assert decide(session, FRIDAY) == {MailKind.DIGEST: 1}
    assert deliver(session, FRIDAY).sent == 1
    assert [mail.state for mail in mails(session)] == [MailState.SENT, MailState.SENT]
    assert decide(session, MONDAY + 7 * DAY) == {MailKind.DIGEST: 1}  # after_6: a step of its own
    assert sorted(step for *_, step in told(session)) == ["after_6", "after_9"]


def test_a_mail_given_up_whose_work_is_done_stays_as_it_is(session: Session, make: Factory) -> None:
    assignment = make.assignment(make.user().agency, due_on=TODAY - 7 * DAY)
    decide(session)
    became(session, mails(session)[0], MailState.PARKED, last_error="451")
    assignment.state, assignment.submitted_on = AssignmentState.SUBMITTED, TODAY
    session.commit()

    assert decide(session, THURSDAY) == {}
    assert [mail.state for mail in mails(session)] == [MailState.PARKED]


def test_a_week_that_was_given_up_is_sent_the_next_morning(session: Session, make: Factory) -> None:
    make.coordinator()
    decide(session, MONDAY)
    became(session, mails(session)[0], MailState.PARKED, last_error="451")

    assert [morning(session, MONDAY + n * DAY) for n in (1, 2)] == [{MailKind.WEEKLY: 1}, {}]


# ---- nothing to say at the moment of sending ----


def ask(session: Session, make: Factory, assignment: Assignment, at: datetime) -> Extension:
    asked = Extension(assignment=assignment, asked_by=make.user(agency=assignment.agency), wanted_on=FRIDAY + 30 * DAY,
                      from_due_on=assignment.due_on, reason="Chờ kinh phí.", asked_at=at)
    session.add(asked)
    session.commit()
    return asked


def refuse(session: Session, asked: Extension, at: datetime) -> None:
    coordinator = User(email="tt@haduong.example", name="Lê Văn Trực", role=Role.COORDINATOR, created_at=NOW,
                       agency_id=asked.assignment.plan.coordinator_id, mail_refused_at=NOW)
    session.add(coordinator)
    session.flush()
    actor = Actor(coordinator.name, "127.0.0.1", coordinator)
    asking.refuse(session, asked, actor=actor, answer="Không đủ lý do.", expected_version=None, now=at)
    session.commit()


def test_a_step_upwards_that_a_request_stopped_on_its_way_is_told_when_the_request_is_refused(
    session: Session, make: Factory, smtp: Sink
) -> None:
    leader = make.user(Role.LEADER)
    assignment = make.assignment(due_on=TODAY - 60 * DAY)
    assert decide(session) == {MailKind.ESCALATION: 1}
    asked = ask(session, make, assignment, half_past_seven(TODAY))
    assert deliver(session, TODAY) == Delivered(dropped=1)
    refuse(session, asked, NOW + DAY)

    assert decide(session, FRIDAY)[MailKind.ESCALATION] == 1
    deliver(session, FRIDAY)
    assert leader.email in [message["X-Envelope-To"] for message in smtp.messages]
    assert MailKind.ESCALATION not in decide(session, MONDAY + 7 * DAY)


def test_what_another_items_mail_had_to_leave_out_is_told_when_the_request_is_refused(
    session: Session, make: Factory, smtp: Sink
) -> None:
    make.user(Role.LEADER)
    assignment, _other = (make.assignment(due_on=TODAY - 60 * DAY) for _ in range(2))
    decide(session)
    asked = ask(session, make, assignment, half_past_seven(TODAY))
    assert deliver(session, TODAY).sent == 1
    assert MailKind.ESCALATION not in decide(session, THURSDAY)
    refuse(session, asked, NOW + 2 * DAY)

    assert decide(session, MONDAY + 7 * DAY)[MailKind.ESCALATION] == 1
    last = [(item, step) for _who, item, step in told(session) if step == "very_late"]
    assert sorted(last) == sorted([(assignment.id, "very_late"), (_other.id, "very_late")])


def test_what_was_reported_before_its_mail_left_and_taken_back_is_told(
    session: Session, make: Factory, smtp: Sink
) -> None:
    assignment = make.assignment(make.user().agency, due_on=TODAY)
    decide(session)
    assignment.state, assignment.submitted_on = AssignmentState.SUBMITTED, TODAY
    session.commit()
    assert deliver(session, TODAY) == Delivered(dropped=1)
    assignment.state, assignment.submitted_on = AssignmentState.IN_PROGRESS, None
    session.commit()

    assert decide(session, THURSDAY) == {MailKind.DIGEST: 1}
    assert [step for _who, _item, step in told(session)] == ["due"]


# ---- hours ----


@pytest.mark.parametrize(("at", "sent"), [(time(16, 59), 1), (time(17, 0), 0), (time(23, 59), 0)])
def test_no_reminder_leaves_in_the_evening(session: Session, make: Factory, smtp: Sink, at: time, sent: int) -> None:
    make.assignment(make.user().agency, due_on=TODAY)
    decide(session)

    assert deliver(session, TODAY, at).sent == sent
    assert decide(session, THURSDAY) == ({} if sent else {MailKind.DIGEST: 1})
    assert deliver(session, THURSDAY, time(7, 30)).sent == 1 - sent


# ---- the week and the month when their first day was missed ----


def test_a_coordinators_week_that_was_missed_is_told_on_the_next_day_once(session: Session, make: Factory) -> None:
    make.coordinator(created_at=NOW - 40 * DAY)

    assert [morning(session, MONDAY + n * DAY) for n in (1, 2, 3)] == [{MailKind.WEEKLY: 1}, {}, {}]


def test_a_leaders_month_that_was_missed_is_told_on_the_next_day_once(session: Session, make: Factory) -> None:
    make.user(Role.LEADER, created_at=NOW - 40 * DAY)

    assert [morning(session, TODAY + n * DAY) for n in range(3)] == [{MailKind.MONTHLY: 1}, {}, {}]
    assert morning(session, date(2026, 4, 1)) == {MailKind.MONTHLY: 1}


def test_a_new_coordinator_waits_for_the_week_to_begin(session: Session, make: Factory) -> None:
    make.coordinator(created_at=half_past_seven(TUESDAY))

    assert [morning(session, TODAY), morning(session, MONDAY + 7 * DAY)] == [{}, {MailKind.WEEKLY: 1}]


def test_a_day_to_come_is_looked_at_as_if_the_mornings_until_then_ran(session: Session, make: Factory) -> None:
    make.coordinator(created_at=NOW - 40 * DAY)
    make.assignment(make.user(digest=DigestRhythm.WEEKLY).agency, due_on=TODAY - 30 * DAY)
    run_of_morning(session, TUESDAY)
    next_wednesday = TODAY + 7 * DAY

    seen = plan_morning(session, today=next_wednesday, seen_on=TODAY)

    assert seen.mails == []


def test_a_weekly_reader_whose_monday_the_clock_slept_through_is_told_on_the_next_day(
    session: Session, make: Factory
) -> None:
    person = make.user(digest=DigestRhythm.WEEKLY)
    make.assignment(person.agency, due_on=MONDAY - 30 * DAY)
    run_of_morning(session, MONDAY - 3 * DAY)

    assert morning(session, TUESDAY) == {MailKind.DIGEST: 1}
    run_of_morning(session, TUESDAY)
    make.assignment(person.agency, due_on=MONDAY - 40 * DAY)
    assert morning(session, TODAY) == {}


def test_a_weekly_reader_waits_for_monday_when_the_clock_ran(session: Session, make: Factory) -> None:
    person = make.user(digest=DigestRhythm.WEEKLY)
    run_of_morning(session, MONDAY - 3 * DAY)
    run_of_morning(session, MONDAY)
    make.assignment(person.agency, due_on=MONDAY - 30 * DAY)

    assert [morning(session, TUESDAY), morning(session, MONDAY + 7 * DAY)] == [{}, {MailKind.DIGEST: 1}]


# ---- how many a week ----


def test_a_digest_that_never_left_does_not_count_against_the_week(session: Session, make: Factory) -> None:
    province(session, mails_per_week=1)
    make.assignment(make.user().agency, due_on=MONDAY - 7 * DAY)
    assert decide(session, MONDAY) == {MailKind.DIGEST: 1}  # and stays

    assert decide(session, TUESDAY) == {MailKind.DIGEST: 1}


# ---- agencies in which nobody is reached ----


def test_what_nobody_is_told_of_is_counted_once(session: Session, make: Factory) -> None:
    plan = make.plan()
    session.add(PlanReminderPolicy(plan_id=plan.id, changed_at=NOW, told=told_to_json(
        USUAL | {(Moment.LATE, Audience.LIAISON), (Moment.VERY_LATE, Audience.LIAISON)})))
    head = make.user(Role.ADMINISTRATOR, is_agency_head=True)  # hears of what is too late, reports on nothing
    make.assignment(head.agency, plan, due_on=TODAY - 60 * DAY)

    assert [one.items for one in plan_morning(session, today=TODAY).unreached] == [1]


def test_the_coordinators_week_names_them(session: Session, make: Factory, smtp: Sink) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    silent = [make.agency() for _ in range(12)]
    for agency in silent:
        make.assignment(agency, plan, due_on=TODAY + 60 * DAY)
    make.assignment(silent[3], plan, due_on=TODAY + 60 * DAY)
    make.assignment(make.agency("Sở của kế hoạch khác"), due_on=TODAY + 60 * DAY)
    make.assignment(make.user(email="", agency=make.agency("Sở không thư")).agency, plan, due_on=TODAY + 60 * DAY)
    make.assignment(make.user(agency=make.agency("Sở có thư")).agency, plan, due_on=TODAY + 60 * DAY)

    decide(session, MONDAY)
    deliver(session, MONDAY)

    [text] = [str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n") for mail in smtp.messages]
    assert f"KHÔNG AI NHẬN ĐƯỢC THƯ NHẮC VIỆC\n* {silent[3].name}: 2 việc chưa xong\n" in text
    assert "và 3 cơ quan khác" in text
    assert "Sở có thư" not in text
    assert "Sở của kế hoạch khác" not in text
