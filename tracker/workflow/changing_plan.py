"""Changing a plan that is running: a task is added, amended or withdrawn, with a reason; those concerned are told.

A form that was filled in beside an older state of the task is refused, never written over it. What each change would
do can be seen first: it is worked out by the same functions, in a transaction that is taken back. The caller commits.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Assignment, Deadline, Plan, ReportingPeriod, Task
from tracker.models.audit import record
from tracker.models.catalogue import load_catalogue
from tracker.rules.errors import Refusal
from tracker.rules.folding import fold
from tracker.rules.personal_data import refuse_identity_numbers, refuse_personal_data
from tracker.rules.plan_changes import Effect
from tracker.rules.states import DeadlineKind
from tracker.workflow import carrying, periods
from tracker.workflow.doubts import BLOCKING, comes_round, is_dated, unclear
from tracker.workflow.effects import Piece, Work, work_out
from tracker.workflow.foreseeing import Foreseen, foresee
from tracker.workflow.importing import STEP
from tracker.workflow.review_change import Seen
from tracker.workflow.running_plan import Moment, PlanNotRunning, holding_running
from tracker.workflow.sharing import Bodies, Sharing
from tracker.workflow.task_state import OwnerInput, TaskInput, TaskWithoutText, fill, fill_owners, mark, snapshot

__all__ = ["Amendment", "Grounds", "Moment", "PlanNotRunning", "add", "amend", "foresee_add",
           "foresee_amend", "foresee_withdraw", "withdraw"]  # fmt: skip


class ChangeStale(Refusal):
    """Somebody else changed the same task after this form was opened."""

    key = "change_stale"


class TaskWithdrawn(Refusal):
    """The task was withdrawn meanwhile."""

    key = "task_withdrawn"


class ChangeWithoutReason(Refusal):
    """Those concerned must be told why."""

    key = "change_without_reason"


class ChangeHalfDocument(Refusal):
    """The ordering document's date stands without its number."""

    key = "change_half_document"


class DayGoneBy(Refusal):
    """A new last day is past already (values: day)."""

    key = "day_gone_by"


class NobodyGetsIt(Refusal):
    """No body of the catalogue would have the task."""

    key = "nobody_gets_it"


class TaskReportWithoutDay(Refusal):
    """A periodic report needs the day by which it is sent."""

    key = "task_report_without_day"


class NothingChanged(Refusal):
    """The form says what the plan says already."""

    key = "nothing_changed"


@dataclass(frozen=True)
class Grounds:
    """Why a running plan is changed, and the document that orders it."""

    reason: str
    document_number: str | None = None
    document_on: date | None = None


@dataclass(frozen=True)
class Amendment:
    """What a task shall say from now on."""

    text: str
    expected_product: str | None
    owners: tuple[OwnerInput, ...]
    #: New last days by deadline id; of what comes round, "MM-DD" by deadline id.
    days: Mapping[int, date] = field(default_factory=dict)
    send_by: Mapping[int, str] = field(default_factory=dict)
    #: A last day for a task that had none.
    first_day: date | None = None


@dataclass(frozen=True)
class _Change:
    """A change written into the task, with what it does to the work given out."""

    task: Task
    pieces: list[Piece]
    sharing: Sharing
    before: dict[str, Any] | None
    #: What the task said before, where it says something else now.
    reworded: dict[str, Any] = field(default_factory=dict)


def add(session: Session, plan: Plan, given: TaskInput, grounds: Grounds, *, seen: Seen, moment: Moment) -> Task:
    """Add a task to a running plan and give it out.

    Raises PlanNotRunning, ChangeStale, ChangeWithoutReason, ChangeHalfDocument, TaskWithoutText, DayGoneBy,
    NobodyGetsIt, TaskReportWithoutDay, IdentityNumber.
    """
    return _do(session, plan, grounds, moment, "change.task_added",
               lambda: _add(session, plan, given, seen=seen, moment=moment))


def amend(session: Session, plan: Plan, task: Task, given: Amendment, grounds: Grounds, *, seen: Seen,
          moment: Moment) -> Task:
    """Change what a task of a running plan says, who has it, and by when.

    When the last day moves, the first due date moves with it: the plan asks for something else now, so it is no
    extension. More time granted to one body is kept where it reaches further. Raises PlanNotRunning, ChangeStale,
    TaskWithdrawn, ChangeWithoutReason, ChangeHalfDocument, TaskWithoutText, DayGoneBy, NobodyGetsIt, NothingChanged,
    IdentityNumber.
    """
    return _do(session, plan, grounds, moment, "change.task_amended",
               lambda: _amend(session, plan, task, given, seen=seen, moment=moment))


def withdraw(session: Session, plan: Plan, task: Task, grounds: Grounds, *, seen: Seen, moment: Moment) -> Task:
    """Take a task out of a running plan: what is under way is cancelled, what was accepted stays.

    Raises PlanNotRunning, ChangeStale, TaskWithdrawn, ChangeWithoutReason, ChangeHalfDocument, IdentityNumber.
    """
    return _do(session, plan, grounds, moment, "change.task_withdrawn",
               lambda: _withdraw(session, plan, task, seen=seen, moment=moment))


def foresee_add(session: Session, plan: Plan, given: TaskInput, *, seen: Seen, moment: Moment) -> Foreseen:
    """Tell what adding a task would do; changes nothing. Raises what `add` raises of the task."""
    return _foresee(session, plan, lambda: _add(session, plan, given, seen=seen, moment=moment))


def foresee_amend(session: Session, plan: Plan, task: Task, given: Amendment, *, seen: Seen,
                  moment: Moment) -> Foreseen:
    """Tell what amending a task would do; changes nothing. Raises what `amend` raises of the task."""
    return _foresee(session, plan, lambda: _amend(session, plan, task, given, seen=seen, moment=moment))


def foresee_withdraw(session: Session, plan: Plan, task: Task, *, seen: Seen, moment: Moment) -> Foreseen:
    """Tell what withdrawing a task would do; changes nothing. Raises PlanNotRunning, ChangeStale, TaskWithdrawn."""
    return _foresee(session, plan, lambda: _withdraw(session, plan, task, seen=seen, moment=moment))


def _do(session: Session, plan: Plan, grounds: Grounds, moment: Moment, action: str,
        change: Callable[[], _Change]) -> Task:
    _check(grounds)
    with holding_running(session, plan):
        made = change()
        order = carrying.Order(plan, grounds.reason.strip(), moment.actor, moment.now,
                               grounds.document_number or None, grounds.document_on)
        carrying.carry_out(session, made.pieces, order, reworded={made.task.id: made.reworded},
                           calendar=moment.calendar)
        effects = {effect.value: [piece.row.id for piece in made.pieces if piece.row and piece.effect is effect]
                   for effect in (Effect.MOVED, Effect.ENDED)}
        record(session, moment.actor, action, made.task, now=moment.now, before=made.before,
               after=snapshot(made.task) | {"reason": order.reason, "document": order.document_number, **effects})
    return made.task


def _foresee(session: Session, plan: Plan, change: Callable[[], _Change]) -> Foreseen:
    trial = session.begin_nested()
    try:
        with holding_running(session, plan):
            made = change()
            return foresee(session, made.pieces, made.sharing.left_out)
    finally:
        trial.rollback()
        session.expire_all()


def _check(grounds: Grounds) -> None:
    if not grounds.reason.strip():
        raise ChangeWithoutReason
    if grounds.document_on is not None and not (grounds.document_number or "").strip():
        raise ChangeHalfDocument
    refuse_personal_data(grounds.reason, grounds.document_number)


def _add(session: Session, plan: Plan, given: TaskInput, *, seen: Seen, moment: Moment) -> _Change:
    if plan.version - 1 != seen.version:  # the same press twice, or somebody else's task, perhaps the same one
        raise ChangeStale
    refuse_identity_numbers(given.text, given.expected_product)
    last = session.scalar(select(func.max(Task.position)).where(Task.plan_id == plan.id)) or 0
    task = Task(plan_id=plan.id, position=last + STEP, checked_at=moment.now, partners={"names": []},
                reasons={"keys": []})
    fill(task, given, load_catalogue(session))
    session.add(task)
    session.flush()
    for deadline in task.deadlines:
        if is_dated(deadline):
            _check_day(deadline.due_on, moment.today)
    if BLOCKING & set(unclear(task, today=moment.today)):
        raise TaskReportWithoutDay
    sharing = Bodies(session, [task]).sharing(task, moment.today)
    if not sharing.leads:
        raise NobodyGetsIt
    return _Change(task, work_out(Work(task, [], sharing, moment.today, {})), sharing, None)


def _amend(session: Session, plan: Plan, task: Task, given: Amendment, *, seen: Seen, moment: Moment) -> _Change:
    _check_seen(plan, task, seen)
    refuse_identity_numbers(given.text, given.expected_product)
    _catch_up(session, task, moment)
    before, said = snapshot(task), (task.text, task.expected_product)
    had = Bodies(session, [task]).sharing(task, moment.today)
    first = _write(session, task, given, moment.today)
    session.flush()
    if snapshot(task) == before:
        raise NothingChanged
    has = Bodies(session, [task]).sharing(task, moment.today)
    if not has.leads:
        raise NobodyGetsIt
    rows = carrying.rows_of(session, [task], hold=True)[task.id]
    deadlines: dict[int | None, Deadline | None] = {deadline.id: deadline for deadline in task.deadlines}
    reworded = said != (task.text, task.expected_product)
    pieces = work_out(Work(
        task, rows, has, moment.today, deadlines | {None: first}, loses=_losers(had, has),
        gets=lambda share: (share.agency.id, share.is_part) not in {(one.agency.id, one.is_part) for one in had.all},
        is_reworded=reworded))
    return _Change(task, pieces, has, before, {"text": said[0], "product": said[1]} if reworded else {})


def _losers(had: Sharing, has: Sharing) -> Callable[[Assignment, Any], bool]:
    """Say who loses a task: bodies that were named and are no more, and who got it through a group that is gone.

    Membership was frozen when the work was given out: who left or joined a group since is left alone.
    """
    gone = {share.agency.id for share in had.all} - {share.agency.id for share in has.all}
    groups = {share.group_id for share in had.leads} - {share.group_id for share in has.leads} - {None}
    return lambda row, origins: row.agency_id in gone or bool(gone & set(origins)) or row.group_id in groups


def _withdraw(session: Session, plan: Plan, task: Task, *, seen: Seen, moment: Moment) -> _Change:
    _check_seen(plan, task, seen)
    before = snapshot(task)
    rows = carrying.rows_of(session, [task], hold=True)[task.id]
    nobody = Sharing([], [], [])
    pieces = work_out(Work(task, rows, nobody, moment.today, {}))
    task.dropped_at = moment.now
    return _Change(task, pieces, nobody, before)


def _check_seen(plan: Plan, task: Task, seen: Seen) -> None:
    # Others may change other tasks of the plan meanwhile; only the same one is a conflict.
    if plan.version - 1 != seen.version and mark(snapshot(task)) != seen.mark:
        raise ChangeStale
    if task.dropped_at is not None:
        raise TaskWithdrawn


def _catch_up(session: Session, task: Task, moment: Moment) -> None:
    """Open the windows that the clock has not opened yet, so that a new body starts in the one that runs."""
    opened = session.scalars(
        select(ReportingPeriod.deadline_id).distinct()
        .where(ReportingPeriod.deadline_id.in_([deadline.id for deadline in task.deadlines])).order_by(
            ReportingPeriod.deadline_id)
    ).all()
    for deadline_id in opened:
        periods.catch_up(session, deadline_id, today=moment.today, now=moment.now, calendar=moment.calendar)


def _write(session: Session, task: Task, given: Amendment, today: date) -> Deadline | None:
    """Write an amendment into a task; give the deadline of a task that had none. No deadline row is ever deleted."""
    if not given.text.strip():
        raise TaskWithoutText
    task.text = given.text.strip()
    task.fold = fold(task.text)
    task.expected_product = (given.expected_product or "").strip() or None
    fill_owners(task, given.owners, load_catalogue(session))
    for deadline in task.deadlines:
        day, send_by = given.days.get(deadline.id), given.send_by.get(deadline.id)
        if is_dated(deadline) and day is not None and day != deadline.due_on:
            _check_day(day, today)
            deadline.due_on, deadline.words = day, None
            deadline.start = deadline.end = None
        if comes_round(deadline) and send_by and send_by != deadline.due_day:
            deadline.due_day, deadline.words = send_by, None
            deadline.start = deadline.end = None
    if given.first_day is None or any(is_dated(one) or comes_round(one) for one in task.deadlines):
        return None
    _check_day(given.first_day, today)
    first = Deadline(kind=DeadlineKind.DATE, due_on=given.first_day, position=len(task.deadlines))
    task.deadlines.append(first)
    return first


def _check_day(day: date | None, today: date) -> None:
    if day is not None and day < today:
        raise DayGoneBy(day=f"{day:%d/%m/%Y}")
