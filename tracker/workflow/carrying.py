"""Doing to the work that was given out what effects.py worked out; noting it and telling those concerned, once."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from tracker.models import (
    Actor,
    Assignment,
    Extension,
    OutboxMail,
    Plan,
    PlanChange,
    ReportingPeriod,
    Task,
    Transfer,
    User,
)
from tracker.models.audit import record
from tracker.models.recipients import is_reachable_liaison
from tracker.reminders.outbox import enqueue_all
from tracker.rules.permissions import Permission
from tracker.rules.plan_changes import TOLD, Effect
from tracker.rules.states import (
    AssignmentState,
    MailKind,
    MailState,
    RequestState,
    TaskRole,
    check_transition,
)
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import asking
from tracker.workflow.assigning import assignment_row, insert_assignments, open_period
from tracker.workflow.effects import Piece, Slot, stops_reporting

#: Several changes within this time are told in one mail.
COLLECTED = timedelta(minutes=15)


@dataclass(frozen=True)
class Order:
    """Who changes a plan, why, and by which document."""

    plan: Plan
    reason: str
    actor: Actor
    now: datetime
    document_number: str | None = None
    document_on: date | None = None
    #: What those are told whose work ended, where it is another thing than the reason of the rest.
    ended_reason: str | None = None

    def reason_for(self, effect: Effect) -> str:
        """Give the reason that goes with an effect."""
        return self.ended_reason if self.ended_reason and effect is Effect.ENDED else self.reason


def rows_of(session: Session, tasks: Sequence[Task], *, hold: bool) -> dict[int, list[Assignment]]:
    """Read everything that was given out for some tasks, by task id; held until the end when it is to be changed."""
    query = (
        select(Assignment).where(Assignment.task_id.in_([task.id for task in tasks])).order_by(Assignment.id)
        .options(joinedload(Assignment.agency), joinedload(Assignment.period), joinedload(Assignment.task))
        .execution_options(populate_existing=True)
    )
    rows: dict[int, list[Assignment]] = defaultdict(list)
    for row in session.scalars(query.with_for_update(of=Assignment) if hold else query):
        rows[row.task_id].append(row)
    return rows


def carry_out(session: Session, pieces: Sequence[Piece], order: Order, *, reworded: dict[int, dict[str, Any]],
              calendar: WorkingCalendar) -> list[PlanChange]:
    """Do what was worked out, note it for each body, and decide the mails.

    `reworded` gives what a task said before, by task id. Answers requests that the change overtook.
    """
    before = {piece.row.id: _state(piece.row) for piece in pieces if piece.row is not None}
    for piece in pieces:
        if piece.effect is Effect.ENDED:
            _end(piece, order)
        elif piece.row is not None and piece.slot is not None:
            _carry(session, piece, calendar)
    session.flush()
    _answer_waiting(session, pieces, order)
    new = _give(session, [piece for piece in pieces if piece.row is None], order, calendar)
    changes = [_note(piece, piece.row or new[_key(piece)], before, reworded, order) for piece in pieces
               if piece.effect in TOLD or stops_reporting(piece)]
    told = list(changes)
    if not changes:  # nobody is told; that it was changed is kept all the same
        changes = [_note(piece, piece.row, before, reworded, order) for piece in pieces
                   if piece.row is not None and (piece.slot is None or piece.row.task_id in reworded)]
    session.add_all(changes)
    session.flush()
    tell(session, order.plan, told, now=order.now)
    return changes


def _state(row: Assignment) -> dict[str, Any]:
    return {"state": row.state.value, "due_on": row.due_on.isoformat() if row.due_on else None,
            "is_part": row.is_part}


def _end(piece: Piece, order: Order) -> None:
    row = piece.row
    assert row is not None
    check_transition(Permission.PLAN_CHANGE, row.state, AssignmentState.CANCELLED)
    row.state, row.cancelled_reason = AssignmentState.CANCELLED, order.reason_for(Effect.ENDED)


def _carry(session: Session, piece: Piece, calendar: WorkingCalendar) -> None:
    row, slot, share = piece.row, piece.slot, piece.share
    assert row is not None
    assert slot is not None
    assert share is not None
    if row.task_id != piece.task.id:
        # What made room for a newer row of the same body goes on beside it.
        row.occurrence = f"{slot.occurrence}~{row.id}" if "~" in row.occurrence else slot.occurrence
        row.task, row.plan_id = piece.task, piece.task.plan_id
        if row.period is not None and slot.deadline is not None:
            row.period = _period(session, slot)
    row.deadline = slot.deadline
    row.group_id = share.group_id
    if piece.effect is Effect.SETTLED:
        return
    row.is_requested = piece.task.is_requested or piece.agency.is_requested
    row.is_part = share.is_part
    row.role = TaskRole.COORDINATE if share.is_part else piece.task.role
    was_extended = row.first_due_on != row.due_on
    if was_extended or piece.due_on == slot.due_on:
        # The plan itself moves the day: what is owed is another thing now, so this was no extension.
        row.first_due_on = slot.due_on
    if piece.due_on != row.due_on:
        row.due_on = piece.due_on
        own = calendar.of(row.agency_id)
        row.working_due_on = own.at_or_before(piece.due_on) if piece.due_on else None
        row.due_version += 1
    if row.period is not None and slot.due_on is not None:
        row.period.due_on = slot.due_on


def _period(session: Session, slot: Slot) -> ReportingPeriod | None:
    """Give the window of a slot, opened when it is not yet."""
    if slot.deadline is None or slot.window is None:
        return None
    there = session.scalar(select(ReportingPeriod).where(
        ReportingPeriod.deadline_id == slot.deadline.id, ReportingPeriod.label == slot.window.label))
    return there or open_period(session, slot.deadline, slot.window)


def _key(piece: Piece) -> tuple[int, int, str]:
    assert piece.slot is not None
    return piece.task.id, piece.agency.id, piece.slot.occurrence


def _give(session: Session, pieces: Sequence[Piece], order: Order,
          calendar: WorkingCalendar) -> dict[tuple[int, int, str], Assignment]:
    """Add the new assignments; give them by task, agency and occurrence."""
    wanted = {_key(piece) for piece in pieces}
    _make_room(session, wanted)
    periods: dict[tuple[int | None, str | None], ReportingPeriod | None] = {}
    rows = []
    for piece in pieces:
        slot, share = piece.slot, piece.share
        assert slot is not None
        assert share is not None
        if slot.key not in periods:
            periods[slot.key] = _period(session, slot)
        rows.append(assignment_row(
            piece.task, piece.agency, group_id=share.group_id, deadline=slot.deadline, period=periods[slot.key],
            due_on=piece.due_on, occurrence=slot.occurrence, now=order.now, calendar=calendar, is_part=share.is_part))
    insert_assignments(session, rows)
    return _by_key(session, wanted)


def _make_room(session: Session, wanted: set[tuple[int, int, str]]) -> None:
    """Let an older row of the same body (cancelled, or a part that was confirmed) keep its place under another name."""
    for row in _by_key(session, wanted).values():
        row.occurrence = f"{row.occurrence}~{row.id}"
    session.flush()


def _by_key(session: Session, wanted: set[tuple[int, int, str]]) -> dict[tuple[int, int, str], Assignment]:
    rows = session.scalars(
        select(Assignment).where(Assignment.task_id.in_({task for task, _agency, _name in wanted}))
        .order_by(Assignment.id)
    )
    return {key: row for row in rows if (key := (row.task_id, row.agency_id, row.occurrence)) in wanted}


def _answer_waiting(session: Session, pieces: Sequence[Piece], order: Order) -> None:
    """Answer what agencies asked about work that ended; what asked for more time than the old day is overtaken."""
    ended = {piece.row.id for piece in pieces if piece.row is not None and piece.effect is Effect.ENDED}
    moved = {piece.row.id for piece in pieces if piece.row is not None and piece.effect is Effect.MOVED}
    for kind in (Extension, Transfer):
        wanted = ended | moved if kind is Extension else ended
        waiting: Any = session.scalars(
            select(kind).where(kind.state == RequestState.WAITING, kind.assignment_id.in_(wanted)).order_by(kind.id))
        for request in waiting:
            asking.settle(request, RequestState.WITHDRAWN, actor=order.actor, answer=order.reason, now=order.now)
            record(session, order.actor, f"{kind.__tablename__}.withdrawn", request.assignment, now=order.now,
                   before={"request": RequestState.WAITING.value},
                   after={"request": request.state.value, "answer": order.reason})


def _note(piece: Piece, row: Assignment, before: dict[int, dict[str, Any]], reworded: dict[int, dict[str, Any]],
          order: Order) -> PlanChange:
    was, now = before.get(row.id) if piece.row is not None else None, _state(row)
    if was is not None and piece.effect in {Effect.MOVED, Effect.REWORDED} and row.task_id in reworded:
        was |= reworded[row.task_id]
    effect = Effect.ENDED if stops_reporting(piece) else piece.effect
    return PlanChange(
        plan_id=order.plan.id, task_id=row.task_id, agency_id=row.agency_id, assignment_id=row.id,
        effect=effect, before=was, after=now, reason=order.reason_for(effect),
        document_number=order.document_number, document_on=order.document_on,
        changed_by_id=order.actor.user.id if order.actor.user else None, changed_at=order.now,
    )  # fmt: skip


def tell(session: Session, plan: Plan, changes: Sequence[PlanChange], *, now: datetime) -> None:
    """Decide one mail for each liaison concerned; what follows before it has left is told in the same mail.

    A mail tells the changes of one plan from the one its key names up to the next mail's. One that still waits is
    touched, so that no sender takes it before this transaction is over.
    """
    if not changes:
        return
    people = session.scalars(
        select(User.id).where(User.agency_id.in_({change.agency_id for change in changes}), is_reachable_liaison())
        .order_by(User.id)
    ).all()
    waiting = set(session.scalars(
        update(OutboxMail)
        .where(OutboxMail.kind == MailKind.PLAN_CHANGED, OutboxMail.key.startswith(f"plan:{plan.id}:"),
               OutboxMail.state == MailState.PENDING, OutboxMail.recipient_id.in_(people))
        .values(next_attempt_at=OutboxMail.next_attempt_at)
        .returning(OutboxMail.recipient_id).execution_options(synchronize_session=False)
    ))
    key = f"plan:{plan.id}:{min(change.id for change in changes)}"
    enqueue_all(session, [person for person in people if person not in waiting], MailKind.PLAN_CHANGED, key, now=now)
    session.execute(
        update(OutboxMail).where(OutboxMail.kind == MailKind.PLAN_CHANGED, OutboxMail.key == key)
        .values(next_attempt_at=now + COLLECTED).execution_options(synchronize_session=False)
    )
