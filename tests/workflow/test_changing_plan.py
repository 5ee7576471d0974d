"""Changing a plan that is running: what is given, moved, ended and kept."""
from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.changed_plans import (
    DAY,
    DUE,
    WHY,
    S,
    amend,
    as_is,
    go_live,
    later,
    named,
    seen,
    state,
    work,
)
from tracker.models import Extension, Plan, PlanChange, TaskOwner
from tracker.rules.permissions import Role
from tracker.rules.plan_changes import Effect
from tracker.rules.states import DeadlineKind, RequestState
from tracker.workflow import changing_plan
from tracker.workflow.changing_plan import Moment
from tracker.workflow.task_state import DeadlineInput, TaskInput


def test_a_moved_day_moves_with_its_first_due_date_and_arms_the_reminders_anew(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    task = make.task(plan, make.agency(), DUE)
    go_live(session, plan, moment)

    amend(session, plan, task, as_is(task, days={task.deadlines[0].id: date(2026, 9, 27)}), moment)

    [row] = work(session)
    assert (row.due_on, row.first_due_on) == (date(2026, 9, 27), date(2026, 9, 27))
    assert (row.working_due_on, row.due_version) == (date(2026, 9, 25), 2)
    [change] = session.scalars(select(PlanChange)).all()
    assert (change.effect, change.assignment_id, change.reason) == (Effect.MOVED, row.id, WHY.reason)
    assert change.before is not None
    assert change.before["due_on"] == DUE.isoformat()


def test_more_time_that_one_body_was_granted_is_kept_where_it_reaches_further(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    one, two = make.agency(), make.agency()
    task = make.task(plan, make.group(one, two), DUE)
    go_live(session, plan, moment)
    granted = work(session)[0]
    granted.due_on, granted.due_version = date(2026, 12, 1), 2
    session.commit()

    amend(session, plan, task, as_is(task, days={task.deadlines[0].id: date(2026, 9, 1)}), moment)

    rows = work(session)
    assert (rows[0].due_on, rows[0].first_due_on, rows[0].due_version) == (date(2026, 12, 1), date(2026, 9, 1), 2)
    assert (rows[1].due_on, rows[1].first_due_on) == (date(2026, 9, 1), date(2026, 9, 1))


def test_a_report_that_waits_is_not_made_late_and_what_was_accepted_stays(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    agencies = [make.agency() for _ in range(3)]
    task = make.task(plan, make.group(*agencies), DUE)
    go_live(session, plan, moment)
    for row, now in zip(work(session), (S.SUBMITTED, S.ACCEPTED, S.OPEN), strict=True):
        state(row, now)
    session.commit()

    amend(session, plan, task, as_is(task, days={task.deadlines[0].id: TODAY}), moment)

    assert [(row.state, row.due_on) for row in work(session)] == [
        (S.SUBMITTED, DUE), (S.ACCEPTED, DUE), (S.OPEN, TODAY)]


def test_an_extension_that_was_overtaken_is_closed_with_an_answer(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    liaison = make.user(Role.LIAISON)
    task = make.task(plan, liaison.agency, DUE)
    go_live(session, plan, moment)
    asked = Extension(assignment=work(session)[0], asked_by=liaison, asked_at=NOW, reason="Chờ kinh phí.",
                      from_due_on=DUE, wanted_on=DUE + 30 * DAY)
    session.add(asked)
    session.commit()

    amend(session, plan, task, as_is(task, days={task.deadlines[0].id: DUE + 60 * DAY}), moment)

    assert (asked.state, asked.answer, asked.decided_by) == (RequestState.WITHDRAWN, WHY.reason, moment.actor.user)


def test_owners_come_and_go_and_who_had_it_before_gets_it_anew(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    health, labour = make.agency("Sở Y tế"), make.agency("Sở Nội vụ")
    task = make.task(plan, health, DUE)
    go_live(session, plan, moment)

    amend(session, plan, task, as_is(task, owners=named(labour)), moment)
    first = [(row.agency_id, row.state, row.cancelled_reason) for row in work(session)]
    amend(session, plan, task, as_is(task, owners=named(labour, health)), later(moment, 1))

    assert first == [(health.id, S.CANCELLED, WHY.reason), (labour.id, S.OPEN, None)]
    assert [(row.agency_id, row.state) for row in work(session)] == [
        (health.id, S.CANCELLED), (labour.id, S.OPEN), (health.id, S.OPEN)]
    assert work(session)[2].due_on == DUE


def test_membership_stays_frozen_when_something_else_is_changed(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    one, two = make.agency(), make.agency()
    group = make.group(one)
    task = make.task(plan, group, DUE)
    go_live(session, plan, moment)
    group.members = [two]
    session.commit()

    amend(session, plan, task, as_is(task, text="Xây dựng kế hoạch, gửi về cơ quan thường trực."), moment)

    [row] = work(session)
    assert (row.agency_id, row.state) == (one.id, S.OPEN)
    assert [change.effect for change in session.scalars(select(PlanChange))] == [Effect.REWORDED]


def test_work_handed_on_to_another_body_goes_with_the_body_that_is_removed(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    health, labour, school = make.agency("Sở Y tế"), make.agency("Sở Nội vụ"), make.agency("Sở Giáo dục")
    task = make.task(plan, health, DUE)
    task.owners.append(TaskOwner(printed=school.name, agency_id=school.id, position=1))
    session.commit()
    go_live(session, plan, moment)
    old = next(row for row in work(session, task) if row.agency_id == health.id)
    new = make.assignment(labour, task=task, due_on=DUE, occurrence=old.occurrence, deadline_id=old.deadline_id)
    old.state, old.replaced_by = S.CANCELLED, new
    session.commit()

    amend(session, plan, task, as_is(task, days={task.deadlines[0].id: DUE + DAY}), moment)
    kept = (new.state, new.due_on)
    amend(session, plan, task, as_is(task, owners=named(school)), later(moment, 1))

    assert kept == (S.OPEN, DUE + DAY)
    assert (old.state, new.state) == (S.CANCELLED, S.CANCELLED)


def test_a_task_that_had_no_day_gets_one(session: Session, make: Factory, plan: Plan, moment: Moment) -> None:
    task = make.task(plan, make.agency())
    go_live(session, plan, moment)

    amend(session, plan, task, as_is(task, first_day=DUE), moment)

    [row] = work(session)
    assert (row.due_on, row.first_due_on, row.deadline_id) == (DUE, DUE, task.deadlines[0].id)


def test_an_added_task_is_given_out_at_once(session: Session, make: Factory, plan: Plan, moment: Moment) -> None:
    one, two = make.agency(), make.agency()
    make.task(plan, one, DUE)
    go_live(session, plan, moment)
    group = make.group(one, two, name="Sở, ban, ngành")
    given = TaskInput(text="Báo cáo kết quả ra quân.", owners=named(group),
                      deadlines=(DeadlineInput(DeadlineKind.DATE, due_on=DUE),))
    foreseen = changing_plan.foresee_add(session, plan, given, seen=seen(plan), moment=moment)
    before = len(work(session))

    task = changing_plan.add(session, plan, given, WHY, seen=seen(plan), moment=moment)
    session.commit()

    assert before == 1  # looking changed nothing
    assert [(row.agency_id, row.due_on, row.group_id) for row in work(session, task)] == [
        (one.id, DUE, group.id), (two.id, DUE, group.id)]
    assert (foreseen.counts[Effect.GIVEN], foreseen.agencies) == (2, 2)


def test_a_helper_gets_a_part_that_ends_with_the_task_and_becomes_the_work_when_it_leads(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    health, labour = make.agency("Sở Y tế"), make.agency("Sở Nội vụ")
    task = make.task(plan, health, DUE, partners={"names": ["Sở Nội vụ", "các đoàn thể"]})
    go_live(session, plan, moment)
    before = [(row.agency_id, row.is_part, row.due_on) for row in work(session)]

    amend(session, plan, task, as_is(task, owners=named(labour)), moment)

    assert before == [(health.id, False, DUE), (labour.id, True, DUE)]
    assert [(row.agency_id, row.is_part, row.state) for row in work(session)] == [
        (health.id, False, S.CANCELLED), (labour.id, False, S.OPEN)]
