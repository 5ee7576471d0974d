"""Two things that happen to the same work: more time, a return, a helper, a changed plan, in whatever order."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.changed_plans import as_is, named, seen
from tracker.models import (
    Actor,
    Agency,
    Assignment,
    Deadline,
    Extension,
    Plan,
    Reminder,
    ReportingPeriod,
    Task,
    User,
)
from tracker.reminders.deciding import decide
from tracker.reminders.delivering import deliver_due
from tracker.reports.inbox import InboxFilter, queue
from tracker.rules.standing import OfficialClass
from tracker.rules.states import AssignmentState as S
from tracker.rules.states import DeadlineKind, DutyKind, Every, PlanState, RequestState
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import acceptance, changing_plan, extending, parts, progress, taking_back, transferring
from tracker.workflow.acceptance import TooLateToUndo
from tracker.workflow.changing_plan import Grounds, Moment
from tracker.workflow.periods import open_next_windows
from tracker.workflow.publishing import publish
from tracker.workflow.taking_back import AlreadyTold

CALENDAR = WorkingCalendar()
DAY = timedelta(days=1)
#: A Wednesday, four weeks on.
DUE = date(2026, 4, 15)
WHY = Grounds("Theo chỉ đạo tại cuộc họp giao ban.")


class Case:
    """A plan that runs, its coordinator, and an agency that leads one task of it."""

    def __init__(self, session: Session, make: Factory, folder: Path) -> None:
        self.session, self.make, self.folder = session, make, folder
        self.coordinator, self.liaison = make.coordinator(), make.user()
        self.plan = make.plan(self.coordinator.agency, state=PlanState.REVIEW)
        self.task = make.task(self.plan, self.liaison.agency, DUE)
        self.moment = Moment(self.by(self.coordinator), NOW, TODAY, CALENDAR)

    def go_live(self, plan: Plan | None = None) -> Assignment:
        publish(self.session, plan or self.plan, actor=self.moment.actor, now=NOW, today=TODAY, calendar=CALENDAR)
        self.session.commit()
        return self.rows()[0]

    def rows(self) -> list[Assignment]:
        return list(self.session.scalars(select(Assignment).order_by(Assignment.id)))

    def by(self, user: User) -> Actor:
        return Actor(user.name, "127.0.0.1", user)

    def report(self, row: Assignment, day: date, user: User | None = None) -> None:
        progress.report(self.session, row, actor=self.by(user or self.liaison), state=S.SUBMITTED, text="Đã xong.",
                        document_number="12/BC", document_on=TODAY, evidence_folder=self.folder, today=day,
                        now=NOW + (day - TODAY))
        self.session.commit()

    def give_back(self, row: Assignment, day: date) -> None:
        acceptance.return_(self.session, row, actor=self.moment.actor, reason="Thiếu số liệu.",
                           now=NOW + (day - TODAY))
        self.session.commit()

    def ask(self, row: Assignment, wanted: date, day: date = TODAY, user: User | None = None) -> Extension:
        asked = extending.ask(self.session, row, actor=self.by(user or self.liaison), wanted_on=wanted,
                              reason="Chờ cấp kinh phí.", evidence_folder=self.folder, today=day,
                              now=NOW + (day - TODAY))
        self.session.commit()
        return asked

    def extend(self, row: Assignment, wanted: date, day: date = TODAY) -> None:
        extending.grant(self.session, self.ask(row, wanted, day), actor=self.moment.actor, granted_on=wanted,
                        calendar=CALENDAR, now=NOW, today=day)
        self.session.commit()

    def amend(self, **changed: Any) -> None:
        changing_plan.amend(self.session, self.plan, self.task, as_is(self.task, **changed), WHY,
                            seen=seen(self.plan, self.task), moment=self.moment)
        self.session.commit()

    def withdraw(self, task: Task, moment: Moment | None = None) -> None:
        changing_plan.withdraw(self.session, self.plan, task, WHY, seen=seen(self.plan, task),
                               moment=moment or self.moment)
        self.session.commit()

    def help(self, lead: Assignment, agency: Agency) -> Assignment:
        part = parts.add_helper(self.session, lead, agency, actor=self.by(self.liaison), calendar=CALENDAR, now=NOW)
        self.session.commit()
        return part

    def waive(self, lead: Assignment, part: Assignment) -> None:
        parts.waive(self.session, lead, part, actor=self.by(self.liaison), reason="Đã có đủ số liệu.", now=NOW)
        self.session.commit()

    def first_class(self, row: Assignment, day: date) -> str | None:
        return self.session.scalar(
            select(Assignment.class_column(day, by_first_date=True)).where(Assignment.id == row.id))


@pytest.fixture
def case(session: Session, make: Factory, tmp_path: Path) -> Case:
    return Case(session, make, tmp_path)


def test_a_grace_that_followed_an_extension_makes_nothing_in_time_by_the_first_date(case: Case) -> None:
    row = case.go_live()
    case.extend(row, DUE + 20 * DAY)
    case.report(row, DUE + 20 * DAY)
    case.give_back(row, DUE + 21 * DAY)
    case.report(row, DUE + 22 * DAY)

    assert row.official_class(DUE + 22 * DAY) is OfficialClass.PENDING_IN_TIME
    assert case.first_class(row, DUE + 22 * DAY) == OfficialClass.PENDING_OVERDUE


def test_a_grace_before_an_extension_counts_by_the_first_date_too(case: Case) -> None:
    row = case.go_live()
    case.report(row, DUE)
    case.give_back(row, DUE + DAY)
    case.extend(row, DUE + 20 * DAY, DUE + DAY)
    case.report(row, DUE + 2 * DAY)

    assert case.first_class(row, DUE + 30 * DAY) == OfficialClass.PENDING_IN_TIME


def test_a_day_that_the_plan_moves_forward_is_not_held_back_by_an_earlier_return(case: Case) -> None:
    row = case.go_live()
    case.report(row, TODAY)
    case.give_back(row, TODAY)

    case.amend(days={case.task.deadlines[0].id: DUE - 7 * DAY})

    assert row.days_late(DUE - 6 * DAY) == 1


def test_the_end_of_a_grace_is_reminded_of_though_the_due_date_was(case: Case) -> None:
    row = case.go_live()
    for day in (DUE - DAY, DUE):
        decide(case.session, today=day, now=NOW + (day - TODAY))
    case.report(row, DUE)
    case.give_back(row, DUE)  # three working days: a Monday

    decide(case.session, today=DUE + 5 * DAY, now=NOW + (DUE + 5 * DAY - TODAY))

    told = case.session.scalars(select(Reminder.decided_on).order_by(Reminder.id)).all()
    assert told == [DUE - DAY, DUE, DUE + 5 * DAY]


def test_a_helper_that_was_asked_after_an_extension_keeps_its_day_when_the_words_change(
    case: Case, make: Factory
) -> None:
    lead = case.go_live()
    case.extend(lead, DUE + 20 * DAY)
    part = case.help(lead, make.agency())

    case.amend(text="Tổ chức ba lớp tập huấn cho cán bộ cấp xã.")

    assert (lead.due_on, part.due_on, part.state) == (DUE + 20 * DAY, DUE + 20 * DAY, S.OPEN)


@pytest.mark.parametrize("partly", [True, False])
def test_a_helper_that_the_lead_asked_stays_when_the_plan_is_amended(case: Case, make: Factory, partly: bool) -> None:
    part = case.help(case.go_live(), make.agency())
    newer = make.plan(case.coordinator.agency, state=PlanState.REVIEW, replaces_id=case.plan.id, amends_partly=partly)
    make.task(newer, case.liaison.agency, DUE, text=case.task.text)

    case.go_live(newer)

    assert (part.state, part.plan_id) == (S.OPEN, newer.id)


def test_a_helper_that_was_waived_can_be_asked_again(case: Case, make: Factory) -> None:
    lead, agency = case.go_live(), make.agency()
    case.waive(lead, case.help(lead, agency))

    again = case.help(lead, agency)

    assert (again.state, again.is_part, again.occurrence) == (S.OPEN, True, lead.occurrence)


def test_a_part_that_is_waived_leaves_nothing_waiting_on_the_coordinator(case: Case, make: Factory) -> None:
    lead, helper = case.go_live(), make.user()
    part = case.help(lead, helper.agency)
    asked = case.ask(part, DUE + DAY, user=helper)

    case.waive(lead, part)

    assert asked.state is RequestState.REFUSED
    assert queue(case.session, case.coordinator, InboxFilter(), today=TODAY).page.rows == []


def test_a_confirmed_part_is_no_decision_to_take_back(case: Case, make: Factory) -> None:
    helper = make.user()
    part = case.help(case.go_live(), helper.agency)
    case.report(part, TODAY, helper)

    with pytest.raises(TooLateToUndo):
        acceptance.reopen(case.session, part, actor=case.moment.actor, now=NOW)


def test_a_confirmed_part_and_the_work_of_the_same_body_both_go_with_an_amending_plan(
    case: Case, make: Factory
) -> None:
    helper = make.user()
    part = case.help(case.go_live(), helper.agency)
    case.report(part, TODAY, helper)
    case.amend(owners=named(case.liaison.agency, helper.agency))
    newer = make.plan(case.coordinator.agency, state=PlanState.REVIEW, replaces_id=case.plan.id)
    task = make.task(newer, case.liaison.agency, DUE, text=case.task.text)
    changing_plan.fill_owners(task, named(case.liaison.agency, helper.agency),
                              changing_plan.load_catalogue(case.session))
    case.session.commit()

    case.go_live(newer)

    assert [(row.agency_id, row.is_part, row.state) for row in case.rows() if row.plan_id == newer.id] == [
        (case.liaison.agency_id, False, S.OPEN), (helper.agency_id, True, S.ACCEPTED),
        (helper.agency_id, False, S.OPEN)]


def test_a_told_withdrawal_stays_when_another_change_waits_to_be_told(case: Case, make: Factory) -> None:
    case.go_live()
    other = case.task
    case.amend(text="Tổ chức ba lớp tập huấn cho cán bộ cấp xã.")
    second = changing_plan.add(case.session, case.plan, changing_plan.TaskInput(
        text="Rà soát các cơ sở kinh doanh có điều kiện.", owners=named(case.liaison.agency)), WHY,
        seen=seen(case.plan), moment=case.moment)
    case.session.commit()
    case.withdraw(other)
    sent: list[Any] = []
    deliver_due(case.session, now=NOW + timedelta(hours=1), today=TODAY, send=sent.append)
    case.withdraw(second, replace(case.moment, now=NOW + timedelta(hours=2)))

    assert len([message for message in sent if "plan_changed" in message.list_id]) == 1
    assert not taking_back.may_take_back(case.session, case.plan, other)
    assert taking_back.may_take_back(case.session, case.plan, second)
    with pytest.raises(AlreadyTold):
        taking_back.take_back(case.session, case.plan, other, moment=replace(case.moment, now=NOW + timedelta(hours=2)))


def test_a_replaced_plan_is_owed_nowhere(case: Case, make: Factory) -> None:
    case.go_live()
    newer = make.plan(case.coordinator.agency, state=PlanState.REVIEW, replaces_id=case.plan.id)
    make.task(newer, make.agency(), DUE, text="Một việc khác hẳn: rà soát quán karaoke.")

    case.go_live(newer)

    [old, _new] = case.rows()
    assert (case.plan.state, old.state) == (PlanState.SUPERSEDED, S.CANCELLED)
    with pytest.raises(progress.Refusal):
        case.report(old, TODAY)


def test_what_was_accepted_under_a_replaced_plan_is_not_reopened(case: Case, make: Factory) -> None:
    row = case.go_live()
    case.report(row, TODAY)
    acceptance.accept(case.session, row, actor=case.moment.actor, now=NOW)
    case.session.commit()
    case.withdraw(case.task)

    with pytest.raises(TooLateToUndo):
        acceptance.reopen(case.session, row, actor=case.moment.actor, now=NOW)


def test_a_transferred_report_is_reported_on_by_the_other_body_in_the_next_window(case: Case, make: Factory) -> None:
    monthly = make.task(case.plan, case.liaison.agency, kind=DutyKind.PERIODIC_REPORT)
    monthly.deadlines = [Deadline(kind=DeadlineKind.RECURRING, every=Every.MONTH, due_day="01-20")]
    case.session.commit()
    case.go_live()
    row, other = next(one for one in case.rows() if one.period_id), make.agency()
    asked = transferring.ask(case.session, row, actor=case.by(case.liaison), proposed_agency=other,
                             reason="Không thuộc chức năng.", today=TODAY, now=NOW)
    transferring.grant(case.session, asked, actor=case.moment.actor, agency=other, calendar=CALENDAR, today=TODAY,
                       now=NOW)
    case.session.commit()

    latest = max(case.session.scalars(select(ReportingPeriod.due_on)))
    open_next_windows(case.session, today=latest + DAY, now=NOW, calendar=CALENDAR)
    case.session.commit()

    newest = case.session.scalars(select(ReportingPeriod).order_by(ReportingPeriod.id.desc()).limit(1)).one()
    assert [one.agency_id for one in case.rows() if one.period_id == newest.id] == [other.id]


def test_nobody_is_asked_to_help_with_what_was_accepted(case: Case, make: Factory) -> None:
    row = case.go_live()
    case.report(row, TODAY)
    acceptance.accept(case.session, row, actor=case.moment.actor, now=NOW)
    newer = make.plan(case.coordinator.agency, state=PlanState.REVIEW, replaces_id=case.plan.id)
    helper = make.agency("Sở Nội vụ")
    make.task(newer, case.liaison.agency, DUE, text=case.task.text, partners={"names": [helper.name]})
    make.task(newer, case.liaison.agency, DUE, text="Rà soát quán karaoke.", partners={"names": [helper.name]})

    case.go_live(newer)

    assert [(one.agency_id, one.is_part, one.state) for one in case.rows()] == [
        (case.liaison.agency_id, False, S.ACCEPTED), (case.liaison.agency_id, False, S.OPEN),
        (helper.id, True, S.OPEN)]


def test_work_that_went_to_a_helper_and_back_keeps_its_other_helper(case: Case, make: Factory) -> None:
    lead, helper, other = case.go_live(), make.user(), make.user()
    part, kept = case.help(lead, other.agency), case.help(lead, helper.agency)
    for row, person, to in ((lead, case.liaison, other), (part, other, case.liaison)):
        asked = transferring.ask(case.session, row, actor=case.by(person), proposed_agency=to.agency,
                                 reason="Không thuộc chức năng.", today=TODAY, now=NOW)
        transferring.grant(case.session, asked, actor=case.moment.actor, agency=to.agency, calendar=CALENDAR,
                           today=TODAY, now=NOW)
        case.session.commit()

    case.amend(text="Tổ chức ba lớp tập huấn cho cán bộ cấp xã.")

    assert [(row.agency_id, row.is_part) for row in case.rows() if row.state is not S.CANCELLED] == [
        (helper.agency_id, True), (case.liaison.agency_id, False)]
    assert kept.occurrence == case.rows()[-1].occurrence
