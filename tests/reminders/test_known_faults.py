"""What people suffer from in reminder systems elsewhere: each fault, lived through here by the clock's own ticks.

Two clocks at once, links that scanners open and answers by robots have tests of their own beside the code they concern.
"""
from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import TODAY, Factory
from tests.reminders.clocks import at, tick
from tracker.models import Assignment, CalendarDay, Reminder, User
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState
from tracker.rules.working_days import DayKind

DAY = timedelta(days=1)
#: TODAY is a Wednesday.
FRIDAY, SATURDAY, MONDAY = date(2026, 3, 20), date(2026, 3, 21), date(2026, 3, 23)


def a_day(session: Session, day: date = TODAY, *, until: str = "18:00") -> None:
    """Let the clock tick now and then through a day, from midnight on."""
    for clock in ("00:00", "07:29", "07:30", "07:46", "16:59", "18:00"):
        if clock <= until:
            tick(session, at(clock, day))


def mornings(session: Session, days: int) -> None:
    """Let so many days come and go, with a tick before, at and after the hour."""
    for n in range(days):
        for clock in ("07:29", "07:30", "19:00"):
            tick(session, at(clock, TODAY + n * DAY))


def texts(smtp: Sink, person: User | None = None) -> list[str]:
    return [f"{mail['Subject']}\n{mail.get_body(('plain',)).get_content()}" for mail in smtp.messages
            if person is None or mail["X-Envelope-To"] == person.email]


def steps(session: Session, item: Assignment) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Reminder.step).where(Reminder.assignment_id == item.id).order_by(Reminder.id)))


def test_what_is_late_is_mailed_of_until_it_is_done(session: Session, make: Factory, smtp: Sink) -> None:
    item = make.assignment(make.user().agency, due_on=TODAY)

    mornings(session, 30)

    assert steps(session, item) == ["due", "after_3", "after_6", "after_9", "after_12", "after_15", "after_20"]
    assert len(smtp.messages) == 7


def test_a_clock_that_runs_every_quarter_of_an_hour_mails_once(session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY - 5 * DAY)

    for quarter in range(24):
        tick(session, at("06:00") + quarter * timedelta(minutes=15))

    assert len(smtp.messages) == 1


def test_nothing_leaves_at_midnight_or_on_days_off(session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY)
    left: list[datetime] = []
    for n in range(6):
        day, before = TODAY + n * DAY, len(smtp.messages)
        tick(session, at("00:00", day))
        tick(session, at("07:29", day))
        assert len(smtp.messages) == before
        a_day(session, day)
        left += [at("00:00", day)] * (len(smtp.messages) - before)

    assert [moment.date().weekday() for moment in left if moment.date().weekday() > 4] == []
    assert len(left) == 2


def test_a_make_up_saturday_is_a_morning(session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=SATURDAY)
    session.add(CalendarDay(day=SATURDAY, kind=DayKind.WORKING, name="Làm bù", source="Công văn"))
    session.commit()

    a_day(session, SATURDAY)

    assert len(smtp.messages) == 1


def test_a_day_off_that_was_entered_by_mistake_is_a_morning_once_it_is_taken_away(
    session: Session, make: Factory, smtp: Sink
) -> None:
    make.assignment(make.user().agency)
    wrong = CalendarDay(day=TODAY, kind=DayKind.OFF, name="Ngày của Mẹ", source="lịch nhập nhầm")
    session.add(wrong)
    session.commit()
    a_day(session, until="09:00")
    assert smtp.messages == []

    session.delete(wrong)
    session.commit()
    a_day(session)

    assert len(smtp.messages) == 1


def test_thirty_five_things_at_once_are_one_mail(session: Session, make: Factory, smtp: Sink) -> None:
    person, plan = make.user(), make.plan()
    items = [make.assignment(person.agency, plan, due_on=TODAY - 9 * DAY) for _ in range(35)]

    a_day(session)

    [text] = texts(smtp)
    assert "35 việc quá hạn" in text
    assert all(item.task.text in text for item in items)


def test_no_late_item_is_missing_however_many_there_are(session: Session, make: Factory, smtp: Sink) -> None:
    person, plan = make.user(), make.plan()
    for _ in range(140):
        make.assignment(person.agency, plan, due_on=TODAY - 9 * DAY)

    a_day(session)

    [text] = texts(smtp)
    assert "140 việc quá hạn" in text
    assert "40 việc khác" in text


@pytest.mark.parametrize("change", ["date taken away", "done", "cancelled"])
def test_a_mail_never_tells_what_is_no_longer_so(session: Session, make: Factory, smtp: Sink, change: str) -> None:
    item = make.assignment(make.user().agency, due_on=TODAY - 2 * DAY)
    smtp.refusals.append("451 try later")
    a_day(session, until="07:30")
    if change == "date taken away":
        item.due_on, item.due_version = None, 2
    elif change == "done":
        item.state, item.submitted_on = AssignmentState.SUBMITTED, TODAY
    else:
        item.state = AssignmentState.CANCELLED
    session.commit()

    a_day(session)

    assert smtp.messages == []


def test_a_moved_date_is_reminded_of_as_if_it_had_always_stood(session: Session, make: Factory, smtp: Sink) -> None:
    item = make.assignment(make.user().agency, due_on=TODAY)
    a_day(session)
    item.due_on, item.due_version = MONDAY, 2
    session.commit()

    for n in range(1, 6):
        a_day(session, TODAY + n * DAY, until="07:46")

    assert steps(session, item) == ["due", "before_5", "before_1", "due"]


def test_a_date_that_was_shortened_is_not_called_far_away(session: Session, make: Factory, smtp: Sink) -> None:
    item = make.assignment(make.user().agency, due_on=TODAY + DAY)

    a_day(session)

    assert steps(session, item) == ["before_1"]
    assert "còn 1 ngày" in texts(smtp)[0].lower()


def test_due_today_is_not_overdue(session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY)

    a_day(session)

    [text] = texts(smtp)
    assert "hạn hôm nay" in text.lower()
    assert "quá hạn" not in text.lower().replace("đã quá hạn hoặc sắp đến hạn", "")


def test_the_day_is_vietnams_not_greenwichs(session: Session, make: Factory, smtp: Sink) -> None:
    """At half past seven in Vietnam it is half past midnight in UTC; an hour before, UTC still has yesterday."""
    make.assignment(make.user().agency, due_on=TODAY - 3 * DAY)

    tick(session, at("06:30"))
    early = len(smtp.messages)
    tick(session, at("07:30"))

    assert early == 0
    assert "quá hạn 3 ngày" in texts(smtp)[0]


def test_nobody_gets_a_mail_in_which_nothing_stands(session: Session, make: Factory, smtp: Sink) -> None:
    make.assignment(make.user().agency, due_on=TODAY + 90 * DAY)
    make.user()

    a_day(session)

    assert smtp.messages == []


def test_everybody_reads_of_the_own_agency_alone(session: Session, make: Factory, smtp: Sink) -> None:
    people, plan = [make.user() for _ in range(4)], make.plan()
    items = {person.email: make.assignment(person.agency, plan, due_on=TODAY - 9 * DAY) for person in people}

    a_day(session)

    for person in people:
        [text] = texts(smtp, person)
        assert [email for email, item in items.items() if item.task.text in text] == [person.email]


def test_one_event_is_not_mailed_by_two_ways(session: Session, make: Factory, smtp: Sink) -> None:
    head = make.user(is_agency_head=True)  # its agency's only person: liaison and head at once
    leader = make.user(Role.LEADER)
    make.assignment(head.agency, due_on=TODAY - 40 * DAY)

    a_day(session)

    assert Counter(mail["X-Envelope-To"] for mail in smtp.messages) == {head.email: 1, leader.email: 1}


def test_the_head_hears_later_than_the_liaison_and_the_leadership_later_still(
    session: Session, make: Factory, smtp: Sink
) -> None:
    liaison = make.user()
    head = make.user(agency=liaison.agency, is_agency_head=True)
    leader = make.user(Role.LEADER)
    make.assignment(liaison.agency, due_on=TODAY)
    first: dict[str, date] = {}
    for n in range(16):
        day = TODAY + n * DAY
        tick(session, at("07:30", day))
        for mail in smtp.messages:
            first.setdefault(mail["X-Envelope-To"], day)

    assert first[liaison.email] < first[head.email] < first[leader.email]
    assert len([mail for mail in smtp.messages if mail["X-Envelope-To"] == head.email]) == 1


def test_every_member_of_a_group_is_told(session: Session, make: Factory, smtp: Sink) -> None:
    people = [make.user() for _ in range(5)]
    group = make.group(*(person.agency for person in people))
    task = make.task(owner=group)
    for person in people:
        make.assignment(person.agency, task=task, group_id=group.id, due_on=TODAY)

    a_day(session)

    assert {mail["X-Envelope-To"] for mail in smtp.messages} == {person.email for person in people}


def test_two_mornings_never_look_alike_and_say_how_long_it_has_lasted(
    session: Session, make: Factory, smtp: Sink
) -> None:
    make.assignment(make.user().agency, due_on=TODAY)

    mornings(session, 30)

    subjects = [mail["Subject"] for mail in smtp.messages]
    assert len(set(subjects)) == len(subjects) == 7
    assert all("quá hạn" in subject for subject in subjects[1:])


def test_a_restart_outside_the_hours_makes_nothing_and_none_twice(
    session: Session, make: Factory, smtp: Sink
) -> None:
    make.assignment(make.user().agency, due_on=TODAY - 9 * DAY)

    for clock in ("05:10", "07:30", "07:31", "11:59", "23:10"):
        tick(session, at(clock), machine=f"khởi động lúc {clock}")

    assert len(smtp.messages) == 1


def test_an_extension_arms_its_new_date_and_keeps_the_old_reminders(
    session: Session, make: Factory, smtp: Sink
) -> None:
    person = make.user()
    item = make.assignment(person.agency, due_on=TODAY - DAY)
    a_day(session)
    item.due_on, item.due_version, item.first_due_on = TODAY + 20 * DAY, 2, TODAY - DAY
    session.commit()

    a_day(session, TODAY + DAY)

    assert steps(session, item) == ["due"]
