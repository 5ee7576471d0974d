"""The week of a coordinator, the month of a leader: decided with the morning, read from the pages' own counts."""
from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.counting import counted_statements
from tests.factories import NOW, Factory
from tests.reminders.mornings import decide, half_past_seven, mails
from tracker.models import (
    Assignment,
    CalendarDay,
    Comment,
    Extension,
    OutboxMail,
    PlanChange,
    ProgressUpdate,
    Reminder,
    Review,
    User,
)
from tracker.models.policy import ONLY, ProvincePolicy, reminder_values
from tracker.reminders.composing import compose
from tracker.reminders.content import Later, NothingToSay
from tracker.reminders.delivering import deliver_due
from tracker.reports import front_page, week
from tracker.rules.permissions import Role
from tracker.rules.plan_changes import Effect
from tracker.rules.policy import Policy
from tracker.rules.reminder_policy import Audience, Moment, ReminderPolicy
from tracker.rules.states import AssignmentState, Decision, MailKind, MailState, RequestState
from tracker.rules.working_days import DayKind, WorkingCalendar

DAY = timedelta(days=1)
MONDAY = date(2026, 3, 16)
#: A Wednesday: the first working day of its month.
FIRST = date(2026, 4, 1)
LAST_WEEK = half_past_seven(date(2026, 3, 11))


@pytest.fixture
def coordinator(make: Factory) -> User:
    return make.coordinator(name="Phạm Quốc Bình")


@pytest.fixture
def leader(make: Factory) -> User:
    return make.user(Role.LEADER, name="Lê Thị Thanh")


def morning(session: Session, smtp: Sink, day: date, to: User) -> str:
    """Decide a morning, send it, and give what one person got: subject and text."""
    smtp.messages.clear()
    decide(session, day)
    deliver_due(session, now=half_past_seven(day), today=day)
    found = [mail for mail in smtp.messages if mail["X-Envelope-To"] == to.email]
    return "\n".join(f"{mail['Subject']}\n\n{body(mail)}" for mail in found)


def body(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def reported(session: Session, row: Assignment, state: AssignmentState = AssignmentState.SUBMITTED,
             at: datetime = LAST_WEEK, **values: Any) -> ProgressUpdate:
    author = session.scalars(select(User).order_by(User.id)).first()
    assert author is not None
    update = ProgressUpdate(assignment_id=row.id, author_id=author.id, created_at=at, reported_on=at.date(),
                            state=state, percent=100, text="Đã làm.", **values)
    session.add(update)
    session.commit()
    return update


def decided(session: Session, update: ProgressUpdate, decision: Decision, by: User, **values: Any) -> None:
    session.add(Review(update_id=update.id, reviewer_id=by.id, decided_at=LAST_WEEK, decision=decision,
                       reason="Thiếu số liệu.", **values))
    session.commit()


def test_a_quiet_week_without_anything_due_is_no_mail(session: Session, coordinator: User, smtp: Sink) -> None:
    assert morning(session, smtp, MONDAY, coordinator) == ""
    [mail] = mails(session)
    assert (mail.kind, mail.state) == (MailKind.WEEKLY, MailState.DROPPED)


def test_the_week_says_who_is_late_what_waits_and_what_changed(
    session: Session, make: Factory, coordinator: User, smtp: Sink
) -> None:
    plan = make.plan(coordinator.agency)
    slow, front = make.agency("Sở Y tế"), make.agency("Mặt trận tỉnh", is_requested=True)
    for days in (45, 3):
        make.assignment(slow, plan, due_on=MONDAY - days * DAY)
    make.assignment(front, plan, due_on=MONDAY - 9 * DAY)
    make.assignment(slow, plan, due_on=MONDAY + 2 * DAY)
    waits = make.assignment(slow, plan, state=AssignmentState.SUBMITTED, due_on=MONDAY + 30 * DAY)
    reported(session, waits)
    make.assignment(slow, due_on=MONDAY - 90 * DAY)  # another coordinator's

    text = morning(session, smtp, MONDAY, coordinator)

    assert text.startswith("Tuần từ 16/03/2026: 2 việc quá hạn ở 1 cơ quan, lâu nhất 45 ngày; 1 việc chờ xử lý\n")
    assert "* Sở Y tế: 2 việc quá hạn, lâu nhất 45 ngày\n" in text
    assert "* Mặt trận tỉnh: 1 việc, lâu nhất 9 ngày\n" in text
    assert "* Báo cáo hoàn thành, Sở Y tế: chờ 3 ngày làm việc\n" in text
    assert f"open=report-{waits.id}\n" in text
    assert "TUẦN TRƯỚC (09/03/2026 – 15/03/2026)\n* 1 việc mới quá hạn\n* 1 báo cáo hoàn thành được gửi đến\n" in text
    assert "1 việc đến hạn trong 7 ngày tới: https://" in text


def test_what_happened_in_the_week_is_counted_once_and_only_there(
    session: Session, make: Factory, coordinator: User
) -> None:
    plan, agency = make.plan(coordinator.agency), make.agency()
    rows = [make.assignment(agency, plan, due_on=MONDAY + 20 * DAY) for _ in range(6)]
    rows[0].created_at = LAST_WEEK
    reported(session, rows[1], AssignmentState.IN_PROGRESS)
    reported(session, rows[1], AssignmentState.SUBMITTED, withdrawn_at=LAST_WEEK)
    reported(session, rows[1], AssignmentState.SUBMITTED, at=half_past_seven(MONDAY - 8 * DAY))
    reported(session, rows[1], AssignmentState.SUBMITTED, at=half_past_seven(MONDAY))
    for number, decision in ((2, Decision.ACCEPTED), (3, Decision.RETURNED)):
        decided(session, reported(session, rows[number]), decision, coordinator)
    decided(session, reported(session, rows[4]), Decision.ACCEPTED, coordinator, undone_at=LAST_WEEK)
    part = make.assignment(agency, plan, is_part=True)
    reported(session, part)
    reported(session, make.assignment(agency))  # another coordinator's
    for row in rows[5:] * 2:
        session.add(PlanChange(plan_id=plan.id, task_id=row.task_id, agency_id=agency.id, assignment_id=row.id,
                               effect=Effect.MOVED, reason="Lùi.", changed_at=LAST_WEEK))
    session.add(Extension(assignment_id=rows[5].id, asked_by_id=coordinator.id, asked_at=LAST_WEEK, reason="Chờ.",
                          from_due_on=MONDAY, wanted_on=FIRST, granted_on=FIRST, state=RequestState.GRANTED,
                          decided_at=LAST_WEEK, decided_by_id=coordinator.id))
    session.commit()

    first, last = week.days_told(MONDAY, WorkingCalendar())
    found = week.changes(session, coordinator, first=first, last=last, today=MONDAY)

    assert found == week.WeekChanges(first, last, submitted=3, progress=1, accepted=1, returned=1, given=1, moved=1,
                                     newly_late=0)


@pytest.mark.parametrize(("today", "off", "first"), [
    (MONDAY, [], date(2026, 3, 9)),
    (MONDAY + 2 * DAY, [MONDAY, MONDAY + DAY], date(2026, 3, 9)),
    (MONDAY, [date(2026, 3, 9) + n * DAY for n in range(5)], date(2026, 3, 2)),
], ids=["a week", "it begins on Wednesday", "after a week of Tết"])
def test_no_day_is_left_out_between_two_weekly_mails(today: date, off: list[date], first: date) -> None:
    assert week.days_told(today, WorkingCalendar(off=frozenset(off))) == (first, date(2026, 3, 15))


def test_what_reached_the_coordinators_step_is_marked_and_named(
    session: Session, make: Factory, coordinator: User, smtp: Sink
) -> None:
    told = ReminderPolicy().told | {(Moment.LATE, Audience.COORDINATOR)}
    values = {**vars(Policy()), **reminder_values(ReminderPolicy(told=told))}
    session.add(ProvincePolicy(id=ONLY, changed_at=NOW, **values))
    plan = make.plan(coordinator.agency)
    for _ in range(24):
        make.assignment(make.agency(), plan, due_on=MONDAY - 90 * DAY)
    morning(session, smtp, MONDAY - 3 * DAY, coordinator)
    fresh = make.assignment(make.agency("Sở Y tế"), plan, due_on=MONDAY - 7 * DAY)

    text = morning(session, smtp, MONDAY, coordinator)

    assert "* Sở Y tế: 1 việc quá hạn, lâu nhất 7 ngày; 1 việc mới đến mức báo cáo cơ quan thường trực" in text
    assert "* và 15 cơ quan khác" in text
    assert session.scalar(select(Reminder.audience).where(Reminder.assignment_id == fresh.id)) is Audience.COORDINATOR


def test_a_weekly_mail_that_missed_its_monday_waits_for_the_next_working_morning(
    session: Session, make: Factory, coordinator: User, smtp: Sink
) -> None:
    make.assignment(plan=make.plan(coordinator.agency), due_on=MONDAY - 9 * DAY)
    session.add(CalendarDay(day=MONDAY + DAY, kind=DayKind.OFF, name="Nghỉ", source="Quyết định",
                            agency_id=coordinator.agency_id))
    session.commit()
    decide(session, MONDAY)
    [mail] = mails(session)

    waits = compose(session, mail, today=MONDAY + DAY, now=half_past_seven(MONDAY + DAY))

    assert waits == Later(half_past_seven(MONDAY + 2 * DAY))
    text = morning(session, smtp, MONDAY + 2 * DAY, coordinator)
    assert text.startswith("Tuần từ 18/03/2026: 1 việc quá hạn")
    assert [(one.kind, one.state) for one in mails(session)] == [
        (MailKind.WEEKLY, MailState.DROPPED), (MailKind.WEEKLY, MailState.SENT)]


def test_a_head_who_coordinates_is_told_of_the_own_agency_too_when_fridays_mail_never_left(
    session: Session, make: Factory, coordinator: User, smtp: Sink
) -> None:
    coordinator.is_agency_head = True
    make.assignment(coordinator.agency, due_on=MONDAY - 10 * DAY)  # of another coordinator's plan
    decide(session, MONDAY - 3 * DAY)

    text = morning(session, smtp, MONDAY, coordinator)

    assert f"Việc quá hạn của {coordinator.agency.name}: 1 việc quá hạn 10 ngày." in text
    assert [mail.kind for mail in mails(session)] == [MailKind.ESCALATION, MailKind.WEEKLY]


def test_whoever_is_no_coordinator_any_more_gets_no_week(session: Session, make: Factory, coordinator: User) -> None:
    make.assignment(plan=make.plan(coordinator.agency), due_on=MONDAY - 9 * DAY)
    decide(session, MONDAY)
    [mail] = mails(session)
    coordinator.role = Role.LIAISON
    session.commit()

    assert isinstance(compose(session, mail, today=MONDAY, now=half_past_seven(MONDAY)), NothingToSay)


def test_the_week_costs_the_same_however_much_is_late(session: Session, make: Factory, coordinator: User) -> None:
    plan = make.plan(coordinator.agency)
    decide(session, MONDAY)
    [mail] = mails(session)

    def cost(rows: int) -> int:
        for _ in range(rows):
            row = make.assignment(plan=plan, due_on=MONDAY - 9 * DAY)
            session.add(Comment(assignment_id=row.id, author_id=coordinator.id, written_at=LAST_WEEK, text="?",
                                is_question=True, form_key=f"k{row.id}"))
        session.commit()
        session.expire_all()
        with counted_statements() as statements:
            compose(session, session.get_one(OutboxMail, mail.id), today=MONDAY, now=half_past_seven(MONDAY))
        return len(statements)

    assert cost(3) == cost(12) <= 30


# --- the month


def test_the_month_agrees_with_the_front_page(session: Session, make: Factory, leader: User, smtp: Sink) -> None:
    slow = make.agency("Sở Y tế")
    make.assignment(slow, due_on=FIRST - 5 * DAY)
    make.assignment(slow, due_on=FIRST - 40 * DAY)
    make.assignment(make.agency("Mặt trận tỉnh", is_requested=True), due_on=FIRST - 60 * DAY)
    make.assignment(due_on=FIRST + 9 * DAY)
    make.assignment(due_on=None)
    make.assignment(state=AssignmentState.ACCEPTED, due_on=FIRST - 20 * DAY, submitted_on=FIRST - 20 * DAY)
    make.assignment(state=AssignmentState.ACCEPTED, due_on=FIRST - 50 * DAY, submitted_on=FIRST - 45 * DAY)
    for row in session.scalars(select(Assignment)):
        row.created_at = half_past_seven(FIRST - 100 * DAY)
    session.commit()

    text = morning(session, smtp, FIRST, leader)

    totals = front_page.front_page(session, leader, today=FIRST).totals
    assert totals.cells.rate.percent == 40.0
    assert text.startswith("Báo cáo tháng, đến ngày 01/04/2026: 3 việc quá hạn ở 2 cơ quan; tỷ lệ hoàn thành 40%\n")
    assert "Đến ngày 01/04/2026 có 7 nhiệm vụ, trong đó 1 không có thời hạn. " in text
    assert "Trong ngoặc là số của ngày 02/03/2026, tính theo dữ liệu hiện nay." in text
    assert "* Hoàn thành đúng hạn: 1 (0)\n* Hoàn thành quá hạn: 1 (1)\n" in text
    assert "* Chưa hoàn thành, trong hạn: 1 (3)\n* Chưa hoàn thành, quá hạn: 3 (2)" in text
    assert "= 2 ÷ 5 (33,3%)" in text
    assert "Chậm lâu nhất: Sở Y tế, 2 việc quá hạn, lâu nhất 40 ngày" in text
    assert "Mặt trận" not in text
    lines = text.partition("\n\n")[2]
    assert len([line for line in lines.splitlines() if line.strip()]) <= 12


def test_what_reached_the_leaders_is_counted_in_the_month(
    session: Session, make: Factory, leader: User, smtp: Sink
) -> None:
    make.assignment(make.agency("Sở Y tế"), due_on=FIRST - 14 * DAY)

    text = morning(session, smtp, FIRST, leader)

    assert "* Chưa hoàn thành, quá hạn: 1 (0); trong đó 1 việc lần đầu báo cáo lãnh đạo" in text
    assert "Sở Y tế, 1 việc quá hạn, lâu nhất 14 ngày; trong đó 1 việc lần đầu báo cáo lãnh đạo" in text


def test_a_leader_is_not_written_to_when_nothing_is_given_or_everything_was_done_before(
    session: Session, make: Factory, leader: User, smtp: Sink
) -> None:
    assert morning(session, smtp, FIRST, leader) == ""
    row = make.assignment(state=AssignmentState.ACCEPTED, due_on=FIRST - 50 * DAY, submitted_on=FIRST - 50 * DAY)
    row.created_at = half_past_seven(FIRST - 100 * DAY)
    session.commit()

    assert morning(session, smtp, date(2026, 5, 1), leader) == ""
    assert [mail.state for mail in mails(session) if mail.kind is MailKind.MONTHLY] == [MailState.DROPPED] * 2


def test_a_month_after_the_holidays_is_still_told(session: Session, make: Factory, leader: User, smtp: Sink) -> None:
    make.assignment(due_on=FIRST - 9 * DAY)
    for number in range(3):
        session.add(CalendarDay(day=FIRST + number * DAY, kind=DayKind.OFF, name="Nghỉ", source="Quyết định"))
    session.commit()

    assert morning(session, smtp, FIRST, leader) == ""
    assert morning(session, smtp, date(2026, 4, 6), leader).startswith(
        "Báo cáo tháng, đến ngày 06/04/2026: 1 việc quá hạn")
    assert morning(session, smtp, date(2026, 4, 7), leader) == ""

