"""A month of an agency: each thing on its day, windows on theirs, at a fixed cost."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import TODAY, Factory
from tracker.models import Assignment, CalendarDay, ReportingPeriod, User
from tracker.reports.month import DAY_ITEMS, MOST_WINDOWS, Month, MonthDay, day_page, month_of, read_month
from tracker.rules.states import AssignmentState as State
from tracker.rules.working_days import DayKind

MARCH = date(2026, 3, 1)
DAY = timedelta(days=1)


def reported(make: Factory, session: Session, user: User, first: date, last: date, due_on: date) -> Assignment:
    """Make a report that covers a window."""
    task = make.task(owner=user.agency, due_on=due_on)
    period = ReportingPeriod(deadline_id=task.deadlines[0].id, label=f"{first}", first_day=first, last_day=last,
                             due_on=due_on)
    session.add(period)
    session.flush()
    return make.assignment(user.agency, task=task, due_on=due_on, period=period, occurrence=f"0:{first}")


def on(month: Month, day: date) -> MonthDay:
    """Find a day on the calendar."""
    return next(cell for week in month.weeks for cell in week if cell.day == day)


@pytest.mark.parametrize(("raw", "first"), [
    ("2026-11", date(2026, 11, 1)), ("2026-1", date(2026, 1, 1)), ("2000-01", date(2000, 1, 1)),
    ("2026-13", None), ("2026-00", None), ("1999-12", None), ("9999-12", None), ("", None), (None, None),
    ("2026", None), ("2026-11-05", None), ("٢٠٢٦-١١", None), ("-1-1", None), ("2026-+1", None), ("nămnay", None),
])
def test_an_address_names_a_month_or_none(raw: str | None, first: date | None) -> None:
    assert read_month(raw) == first


def test_weeks_begin_on_monday_and_hold_the_whole_month(session: Session, make: Factory) -> None:
    month = month_of(session, make.user(), MARCH)

    days = [cell.day for week in month.weeks for cell in week]
    assert (days[0], days[-1]) == (date(2026, 2, 23), date(2026, 4, 5))
    assert all(len(week) == 7 and week[0].day.weekday() == 0 for week in month.weeks)
    assert [cell.day for week in month.weeks for cell in week if cell.in_month] == [MARCH + n * DAY for n in range(31)]
    assert (month.previous, month.following) == (date(2026, 2, 1), date(2026, 4, 1))


def test_each_item_stands_on_its_day_and_only_our_own(session: Session, make: Factory) -> None:
    user = make.user()
    mine = make.assignment(user.agency, due_on=TODAY)
    make.assignment(user.agency, due_on=None)
    make.assignment(user.agency, due_on=TODAY, state=State.CANCELLED)
    make.assignment(due_on=TODAY)
    before = make.assignment(user.agency, due_on=date(2026, 2, 27))

    month = month_of(session, user, MARCH)

    assert [row.id for row in on(month, TODAY).items] == [mine.id]
    assert [row.id for row in on(month, date(2026, 2, 27)).items] == [before.id]
    assert month.total == 1


def test_a_full_day_shows_what_is_owed_first_and_counts_the_rest(session: Session, make: Factory) -> None:
    user = make.user()
    done = make.assignment(user.agency, due_on=TODAY, state=State.ACCEPTED)
    owed = [make.assignment(user.agency, due_on=TODAY).id for _ in range(DAY_ITEMS)]

    cell = on(month_of(session, user, MARCH), TODAY)

    assert [row.id for row in cell.items] == owed
    assert (cell.total, cell.more) == (DAY_ITEMS + 1, 1)
    assert {row.id for row in day_page(session, user, TODAY).rows} == {*owed, done.id}


def test_days_off_have_their_name_and_made_up_days_are_worked(session: Session, make: Factory) -> None:
    session.add(CalendarDay(day=TODAY, kind=DayKind.OFF, name="Giỗ Tổ Hùng Vương", source="Luật"))
    session.add(CalendarDay(day=date(2026, 3, 21), kind=DayKind.WORKING, name="Làm bù", source="Công văn"))
    session.commit()

    month = month_of(session, make.user(), MARCH)

    assert (on(month, TODAY).is_off, on(month, TODAY).name) == (True, "Giỗ Tổ Hùng Vương")
    assert not on(month, date(2026, 3, 21)).is_off
    assert on(month, date(2026, 3, 22)).is_off
    assert not on(month, date(2026, 3, 19)).is_off


def test_an_agencys_own_word_of_a_day_wins_and_anothers_is_not_heard(session: Session, make: Factory) -> None:
    mine, theirs = make.user(), make.user()
    session.add_all([
        CalendarDay(day=TODAY, kind=DayKind.WORKING, name="Trực", source="Công văn", agency=mine.agency),
        CalendarDay(day=TODAY, kind=DayKind.OFF, name="Giỗ Tổ Hùng Vương", source="Luật"),
        CalendarDay(day=TODAY + DAY, kind=DayKind.OFF, name="Nghỉ", source="Công văn", agency=theirs.agency),
    ])
    session.commit()

    month = month_of(session, mine, MARCH)

    assert (on(month, TODAY).is_off, on(month, TODAY).name) == (False, "Trực")
    assert (on(month, TODAY + DAY).is_off, on(month, TODAY + DAY).name) == (False, "")


def test_windows_that_touch_the_month_are_told_once_each(session: Session, make: Factory) -> None:
    user = make.user()
    quarter = (date(2025, 12, 15), date(2026, 3, 14))
    rows = [reported(make, session, user, *quarter, date(2026, 3, 20)) for _ in range(5)]
    reported(make, session, user, date(2026, 3, 31), date(2026, 6, 30), date(2026, 7, 5))
    reported(make, session, user, date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 5))
    other = make.user()
    reported(make, session, other, date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 5))

    month = month_of(session, user, MARCH)

    assert [(w.first_day, w.total, len(w.items)) for w in month.windows] == [
        (quarter[0], 5, 3), (date(2026, 3, 31), 1, 1)]
    assert {row.id for row in month.windows[0].items} <= {row.id for row in rows}
    assert month.windows[0].covers(date(2026, 3, 14))
    assert not month.windows[0].covers(date(2026, 3, 15))


def test_many_windows_are_cut_and_counted(session: Session, make: Factory) -> None:
    user = make.user()
    for number in range(MOST_WINDOWS + 2):
        reported(make, session, user, MARCH - number * DAY, MARCH + number * DAY, TODAY)

    month = month_of(session, user, MARCH)

    assert (len(month.windows), month.more_windows) == (MOST_WINDOWS, 2)
    assert all(window.items for window in month.windows)
    assert len(month.drawn) == 3


def test_a_month_costs_the_same_with_more_rows(session: Session, make: Factory) -> None:
    user = make.user()
    costs = []
    for _ in range(2):
        for number in range(12):
            make.assignment(user.agency, due_on=MARCH + number * DAY)
            reported(make, session, user, MARCH - number * DAY, TODAY, TODAY)
        session.refresh(user)
        with counted_statements() as sent:
            month = month_of(session, user, MARCH)
            [(row.task.text, row.plan.number, row.period) for week in month.weeks for d in week for row in d.items]
        costs.append(len(sent))

    assert costs[0] == costs[1] <= 6
