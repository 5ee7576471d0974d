"""Changing the periodic reports of a running plan: the window that runs and those after it."""
from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.workflow.changed_plans import CALENDAR, DAY, WHY, S, amend, as_is, go_live, later, named, seen, state, work
from tracker.models import Deadline, Plan, Task, TaskOwner
from tracker.rules.states import DeadlineKind, DutyKind, Every
from tracker.workflow import changing_plan
from tracker.workflow.changing_plan import Moment
from tracker.workflow.periods import open_next_windows


def report(make: Factory, plan: Plan, owner: Any) -> Task:
    task = make.task(plan, owner, kind=DutyKind.PERIODIC_REPORT)
    task.deadlines = [Deadline(kind=DeadlineKind.RECURRING, every=Every.MONTH, due_day="01-20")]
    make.session.commit()
    return task


def test_a_withdrawn_report_opens_no_more_windows_and_a_removed_body_reports_no_more(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    one, two = make.agency(), make.agency()
    group = make.group(one, two)
    gone, kept = report(make, plan, group), report(make, plan, one)
    kept.owners.append(TaskOwner(printed=two.name, agency_id=two.id, position=1))
    session.commit()
    go_live(session, plan, moment)
    for row in work(session):
        state(row, S.ACCEPTED)
    session.commit()

    changing_plan.withdraw(session, plan, gone, WHY, seen=seen(plan, gone), moment=moment)
    session.commit()
    amend(session, plan, kept, as_is(kept, owners=named(two)), later(moment, 1))
    open_next_windows(session, today=date(2026, 4, 10), now=NOW, calendar=CALENDAR)
    session.commit()

    assert [row.agency_id for row in work(session, gone)] == [one.id, two.id]
    assert [row.agency_id for row in work(session, kept)] == [one.id, two.id, two.id]


def test_a_new_send_by_day_moves_the_window_that_runs_and_those_after_it(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    task = report(make, plan, make.agency())
    go_live(session, plan, moment)

    amend(session, plan, task, as_is(task, send_by={task.deadlines[0].id: "01-25"}), moment)
    open_next_windows(session, today=date(2026, 4, 10), now=NOW, calendar=CALENDAR)
    session.commit()

    assert [row.due_on for row in work(session)] == [date(2026, 3, 25), date(2026, 4, 25)]
    assert [row.period.due_on for row in work(session) if row.period] == [date(2026, 3, 25), date(2026, 4, 25)]


def test_a_new_body_starts_in_the_window_that_runs(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    one, two = make.agency("Sở Y tế"), make.agency("Sở Nội vụ")
    task = report(make, plan, one)
    go_live(session, plan, moment)
    in_april = Moment(moment.actor, NOW + 23 * DAY, date(2026, 4, 10), CALENDAR)  # the clock stood still since March

    amend(session, plan, task, as_is(task, owners=named(one, two)), in_april)

    assert [(row.agency_id, row.due_on) for row in work(session)] == [
        (one.id, date(2026, 3, 20)), (one.id, date(2026, 4, 20)), (two.id, date(2026, 4, 20))]
    assert len({row.period_id for row in work(session)[1:]}) == 1
