"""A plan that amends a running one: nothing is doubled, nothing done is lost, what was shown is what happens."""
from __future__ import annotations

import threading
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.published_plans import ACTOR, CALENDAR, S, go_live, rows, set_state
from tracker.extensions import db
from tracker.models import (
    AuditEntry,
    Deadline,
    Extension,
    OutboxMail,
    Plan,
    PlanChange,
    PlanReminderPolicy,
    ProgressUpdate,
    TaskOwner,
)
from tracker.models.policy import load_reminder_policy
from tracker.reminders.delivering import deliver_due
from tracker.rules.permissions import Role
from tracker.rules.plan_changes import Effect
from tracker.rules.states import DeadlineKind, MailKind, PlanState, RequestState
from tracker.workflow import amending
from tracker.workflow.amending import EarlierReplaced
from tracker.workflow.publishing import publish
from tracker.workflow.reviewing_plan import PlanNotUnderReview

DAY = timedelta(days=1)
DUE, MOVED = date(2026, 6, 30), date(2026, 9, 30)
TRAIN = "Tập huấn cho cán bộ y tế cấp xã về sàng lọc, xác định tình trạng nghiện"
HIRE = "Mở phiên giao dịch việc làm dành riêng cho người sau cai nghiện"
CHECK = "Kiểm tra các cơ sở kinh doanh thuốc có điều kiện trên địa bàn"
LIST = "Lập danh sách doanh nghiệp nhận người sau cai vào học nghề"


@pytest.fixture
def plan(amending_plan: Plan) -> Plan:
    return amending_plan


def test_what_stands_in_both_is_carried_over_with_its_reports(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    liaison = make.user(Role.LIAISON)
    make.task(earlier, liaison.agency, DUE, text=TRAIN)
    after = make.task(plan, liaison.agency, DUE, text=TRAIN)
    go_live(session, earlier)
    [row] = rows(session, earlier)
    set_state(row, S.SUBMITTED)
    row.percent, row.assignee = 100, liaison
    session.add(ProgressUpdate(assignment=row, author=liaison, created_at=NOW, reported_on=TODAY, state=S.SUBMITTED,
                               percent=100, text="Đã tập huấn."))
    session.commit()

    go_live(session, plan)

    assert rows(session, earlier) == []
    [same] = rows(session, plan)
    assert (same.id, same.task_id, same.deadline_id) == (row.id, after.id, after.deadlines[0].id)
    assert (same.state, same.percent, same.due_on, same.due_version) == (S.SUBMITTED, 100, DUE, 1)
    assert (earlier.state, plan.state) == (PlanState.SUPERSEDED, PlanState.PUBLISHED)
    assert session.scalars(select(PlanChange)).all() == []  # nobody has anything to be told


def test_a_whole_replacement_moves_gives_ends_and_keeps_as_it_was_foreseen(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    health, labour, trade = make.agency(), make.agency(), make.agency()
    make.task(earlier, health, DUE, text=TRAIN)
    make.task(earlier, make.group(labour, trade), DUE, text=HIRE)
    make.task(earlier, make.group(health, labour), DUE, text=CHECK)
    make.task(plan, health, MOVED, text=TRAIN)
    make.task(plan, labour, DUE, text=HIRE)
    make.task(plan, trade, DUE, text=LIST)
    go_live(session, earlier)
    old = rows(session, earlier)
    set_state(old[3], S.ACCEPTED)
    set_state(old[4], S.SUBMITTED)
    session.commit()
    foreseen = amending.preview(session, earlier, plan, today=TODAY)

    done = go_live(session, plan)

    assert [(row.agency_id, row.state, row.due_on) for row in rows(session, plan)] == [
        (health.id, S.OPEN, MOVED), (labour.id, S.OPEN, DUE), (trade.id, S.OPEN, DUE)]
    assert [(row.agency_id, row.state) for row in rows(session, earlier)] == [
        (trade.id, S.CANCELLED), (health.id, S.ACCEPTED), (labour.id, S.CANCELLED)]
    assert rows(session, earlier)[0].cancelled_reason == "Không còn trong Kế hoạch số 98/KH-UBND."
    assert (rows(session, plan)[0].first_due_on, rows(session, plan)[0].due_version) == (MOVED, 2)
    assert dict(foreseen.counts) == {Effect.MOVED: 1, Effect.CARRIED: 1, Effect.GIVEN: 1, Effect.ENDED: 2,
                                     Effect.SETTLED: 1}
    assert done.amended.effects == {effect.value: number for effect, number in foreseen.counts.items()}
    assert foreseen.waiting_ended == 1
    noted = Counter(change.effect for change in session.scalars(select(PlanChange)))
    assert noted == {Effect.MOVED: 1, Effect.GIVEN: 1, Effect.ENDED: 2}


def test_an_amendment_in_part_leaves_alone_what_it_does_not_name(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    health, labour = make.agency(), make.agency()
    make.task(earlier, health, DUE, text=TRAIN)
    make.task(earlier, labour, DUE, text=HIRE)
    make.task(plan, health, MOVED, text=TRAIN)
    plan.amends_partly = True
    go_live(session, earlier)

    go_live(session, plan)

    assert [(row.agency_id, row.due_on) for row in rows(session, plan)] == [(health.id, MOVED)]
    assert [(row.agency_id, row.state, row.due_on) for row in rows(session, earlier)] == [(labour.id, S.OPEN, DUE)]
    assert (earlier.state, plan.state) == (PlanState.PUBLISHED, PlanState.PUBLISHED)


def test_another_owner_gets_it_and_the_one_before_is_told_that_it_ended(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    health, labour = make.user(Role.LIAISON), make.user(Role.LIAISON)
    make.task(earlier, health.agency, DUE, text=TRAIN)
    make.task(plan, labour.agency, DUE, text=TRAIN)
    go_live(session, earlier)
    asked = Extension(assignment=rows(session, earlier)[0], asked_by=health, asked_at=NOW, reason="Chờ kinh phí.",
                      from_due_on=DUE, wanted_on=MOVED)
    session.add(asked)
    session.commit()

    go_live(session, plan)
    box: list[Any] = []
    deliver_due(session, now=NOW + timedelta(hours=1), today=TODAY, send=box.append)

    assert [(row.agency_id, row.state) for row in rows(session, plan)] == [(labour.agency_id, S.OPEN)]
    assert [(row.agency_id, row.state) for row in rows(session, earlier)] == [(health.agency_id, S.CANCELLED)]
    assert asked.state is RequestState.WITHDRAWN
    assert {mail.to: mail.subject for mail in box} == {
        health.email: "Kế hoạch thay đổi: 1 việc thôi giao", labour.email: "Kế hoạch thay đổi: 1 việc mới"}


def test_a_duty_worded_anew_keeps_its_rows_and_says_what_it_said_before(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    health = make.agency()
    make.task(earlier, health, DUE, text=TRAIN)
    make.task(plan, health, DUE, text=TRAIN.replace("cán bộ", "toàn bộ cán bộ"))
    go_live(session, earlier)
    [row] = rows(session, earlier)

    go_live(session, plan)

    assert [one.id for one in rows(session, plan)] == [row.id]
    [change] = session.scalars(select(PlanChange)).all()
    assert (change.effect, change.plan_id) == (Effect.REWORDED, plan.id)
    assert (change.before or {})["text"] == TRAIN
    assert (change.reason, change.document_number) == ("Thực hiện Kế hoạch số 98/KH-UBND.", "98/KH-UBND")


def test_several_days_are_told_apart_and_one_that_is_dropped_ends(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    days = [date(2026, 5, 31), date(2026, 7, 31), date(2026, 10, 31)]
    health = make.agency()
    before, after = make.task(earlier, health, text=TRAIN), make.task(plan, health, text=TRAIN)
    before.deadlines = [Deadline(kind=DeadlineKind.DATE, due_on=day, position=n) for n, day in enumerate(days)]
    after.deadlines = [Deadline(kind=DeadlineKind.DATE, due_on=day, position=n)
                       for n, day in enumerate([days[1], date(2026, 11, 30)])]
    session.commit()
    go_live(session, earlier)
    ids = [row.id for row in rows(session, earlier)]

    go_live(session, plan)

    assert [(row.id, row.due_on) for row in rows(session, plan)] == [
        (ids[0], date(2026, 11, 30)), (ids[1], days[1])]
    assert [(row.id, row.state) for row in rows(session, earlier)] == [(ids[2], S.CANCELLED)]


def test_work_that_was_handed_on_stays_where_it_was_handed(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    health, labour = make.agency(), make.agency()
    make.task(earlier, health, DUE, text=TRAIN)
    make.task(plan, health, DUE, text=TRAIN)
    go_live(session, earlier)
    [old] = rows(session, earlier)
    new = make.assignment(labour, task=old.task, due_on=DUE, deadline_id=old.deadline_id)
    old.state, old.replaced_by = S.CANCELLED, new
    session.commit()

    go_live(session, plan)

    assert [(row.agency_id, row.state) for row in rows(session, plan)] == [(labour.id, S.OPEN)]


def test_parts_go_with_the_work_and_a_waived_part_does_not_come_back(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    health, helper, waived = make.agency(), make.agency("Sở Nội vụ"), make.agency("Sở Tài chính")
    names = {"names": ["Sở Nội vụ", "Sở Tài chính"]}
    make.task(earlier, health, DUE, text=TRAIN, partners=names)
    make.task(plan, health, MOVED, text=TRAIN, partners=names)
    done = go_live(session, earlier)
    next(row for row in rows(session, earlier) if row.agency_id == waived.id).state = S.CANCELLED
    session.commit()

    go_live(session, plan)

    assert (done.assignments, done.parts) == (1, 2)
    assert [(row.agency_id, row.is_part, row.due_on) for row in rows(session, plan)] == [
        (health.id, False, MOVED), (helper.id, True, MOVED)]
    assert [row.agency_id for row in rows(session, earlier)] == [waived.id]


def test_what_takes_over_the_work_is_reminded_of_as_it_was(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    health = make.agency()
    make.task(earlier, health, DUE, text=TRAIN)
    go_live(session, earlier)
    session.add(PlanReminderPolicy(plan_id=earlier.id, before=[10, 3], after_every=1, version=4, changed_at=NOW))
    session.commit()
    make.task(plan, health, DUE, text=TRAIN)

    go_live(session, plan)

    own = load_reminder_policy(session, plan.id)
    assert own == load_reminder_policy(session, earlier.id)
    assert (own.before, own.after_every) == ((10, 3), 1)
    audited = session.scalars(select(AuditEntry).where(AuditEntry.action == "plan.reminders_set")).one()
    assert (audited.subject_id, audited.after["before"]) == (plan.id, "10, 3")


def test_what_takes_over_the_work_keeps_its_own_way(session: Session, make: Factory, earlier: Plan, plan: Plan) -> None:
    health = make.agency()
    make.task(earlier, health, DUE, text=TRAIN)
    go_live(session, earlier)
    session.add(PlanReminderPolicy(plan_id=earlier.id, before=[10], changed_at=NOW))
    session.add(PlanReminderPolicy(plan_id=plan.id, before=[7], changed_at=NOW))
    session.commit()
    make.task(plan, health, DUE, text=TRAIN)

    go_live(session, plan)

    assert load_reminder_policy(session, plan.id).before == (7,)


def test_a_plan_that_was_replaced_already_is_not_amended_again(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    make.task(plan, make.agency(), DUE)
    earlier.state = PlanState.SUPERSEDED
    session.commit()

    with pytest.raises(EarlierReplaced):
        go_live(session, plan)
    session.rollback()

    assert plan.state is PlanState.REVIEW


def test_a_plan_that_amends_one_never_published_is_simply_given_out(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    make.task(plan, make.agency(), DUE)

    done = go_live(session, plan)

    assert (done.amended, len(rows(session, plan)), earlier.state) == (None, 1, PlanState.REVIEW)


def test_it_is_audited_on_both_plans(session: Session, make: Factory, earlier: Plan, plan: Plan) -> None:
    health = make.agency()
    for one in (earlier, plan):
        make.task(one, health, DUE, text=TRAIN)
    go_live(session, earlier)

    go_live(session, plan)

    entries = {entry.action: entry for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))}
    assert (entries["plan.amended"].subject_id, entries["plan.published"].subject_id) == (earlier.id, plan.id)
    assert (entries["plan.amended"].after or {})["state"] == "superseded"


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_two_who_publish_the_amendment_at_once_carry_nothing_over_twice(
    app: Flask, session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    agencies = [make.agency() for _ in range(5)]
    group = make.group(*agencies)
    make.task(earlier, group, DUE, text=TRAIN)
    make.task(plan, group, MOVED, text=TRAIN)
    go_live(session, earlier)
    plan_id, outcomes, ready = plan.id, [], threading.Barrier(2)

    def press() -> None:
        with app.app_context():
            ready.wait()
            try:
                publish(db.session(), db.session.get_one(Plan, plan_id), actor=ACTOR, now=NOW, today=TODAY,
                        calendar=CALENDAR)
                db.session.commit()
                outcomes.append("done")
            except PlanNotUnderReview:
                outcomes.append("too late")

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "too late"]
    session.rollback()
    assert len(rows(session, plan)) == 5
    assert session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.PLAN_CHANGED)).all() == []


def test_no_agency_ever_holds_the_old_and_the_new_row(
    session: Session, make: Factory, earlier: Plan, plan: Plan
) -> None:
    agencies = [make.agency() for _ in range(60)]
    texts = [f"{TRAIN} đợt {n} năm 2026 tại cụm {n * 7}" for n in range(10)]
    for n, text in enumerate(texts):
        make.task(earlier, make.group(*agencies[n:n + 30]), DUE + n * DAY, text=text)
        task = make.task(plan, make.group(*agencies[n + 5:n + 40]), DUE + n * DAY, text=text)
        task.owners.append(TaskOwner(printed=agencies[0].name, agency_id=agencies[0].id, position=1))
    session.commit()
    go_live(session, earlier)

    go_live(session, plan)

    live = Counter((row.agency_id, row.task.text) for one in (earlier, plan) for row in rows(session, one)
                   if row.state is not S.CANCELLED)
    assert set(live.values()) == {1}
    assert {row.state for row in rows(session, earlier)} == {S.CANCELLED}
    assert len(rows(session, plan)) == 10 * 36
