"""What a change of a running plan does to the work that was given out: worked out here, done in carrying.py.

A preview and the change itself ask the same functions, so what was shown is what is done.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.models import Agency, Assignment, Deadline, Task
from tracker.rules.periods import Window, window_following
from tracker.rules.plan_changes import TOLD, Balance, Effect, day_after_change
from tracker.rules.states import AssignmentState
from tracker.workflow.assigning import first_half_only, occurrence
from tracker.workflow.sharing import Share, Sharing, due_dates, due_day


@dataclass(frozen=True)
class Slot:
    """One thing a task's agencies owe: a date, one window of a report, or once without a date."""

    deadline: Deadline | None
    window: Window | None
    occurrence: str

    @property
    def due_on(self) -> date | None:
        """Give its last day."""
        return due_day(self.deadline, self.window)

    @property
    def key(self) -> tuple[int | None, str | None]:
        """Tell it apart from the task's other ones."""
        return (self.deadline.id if self.deadline else None, self.window.label if self.window else None)


@dataclass(frozen=True)
class Piece:
    """What happens to one assignment, or that there will be a new one."""

    effect: Effect
    task: Task
    agency: Agency
    row: Assignment | None = None
    #: Where it stands afterwards; both None for what stays where it was because it ended or was settled there.
    share: Share | None = None
    slot: Slot | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Work:
    """One task before and after a change, with everything that was given out for it."""

    #: The same one when the task itself was changed; another one in an amending plan.
    task: Task
    rows: Sequence[Assignment]
    sharing: Sharing
    today: date
    #: The deadline that takes the place of an old one, by the old one's id; what is missing is gone.
    deadlines: Mapping[int | None, Deadline | None]
    #: Whether a body that holds work of it and is named no more loses it; asked with those who had it before.
    loses: Callable[[Assignment, Sequence[int]], bool] = field(default=lambda _row, _origins: True)
    #: Whether a body that is named and holds nothing of it gets it.
    gets: Callable[[Share], bool] = field(default=lambda _share: True)
    is_reworded: bool = False


def work_out(work: Work) -> list[Piece]:
    """Tell what happens to each assignment of a task, and who gets a new one."""
    live = [row for row in work.rows if row.state is not AssignmentState.CANCELLED]
    origins = _origins(work.rows)
    wanted = {share.agency.id: share for share in work.sharing.all}
    pieces: list[Piece] = []
    served: set[tuple[int, tuple[int | None, str | None]]] = set()
    for row in live:
        holders = [one for one in (row.agency_id, *origins[row.id]) if one in wanted]
        share = wanted[holders[0]] if holders else None
        slot = _slot_after(work, row)
        if slot is None or (share is None and work.loses(row, origins[row.id])):
            effect = Effect.SETTLED if row.state is AssignmentState.ACCEPTED else Effect.ENDED
            pieces.append(Piece(effect, row.task, row.agency, row, due_on=row.due_on))
            continue
        piece = _carried(work, row, share, slot)
        pieces.append(piece)
        if share is not None and not (piece.effect is Effect.SETTLED and row.is_part and not share.is_part):
            served.update((holder, slot.key) for holder in holders)
    waived = {row.agency_id for row in work.rows if row.is_part and row.state is AssignmentState.CANCELLED}
    for share in work.sharing.all:
        if work.gets(share) and not (share.is_part and share.agency.id in waived):
            pieces += [Piece(Effect.GIVEN, work.task, share.agency, None, share, slot, slot.due_on)
                       for slot in slots_of(work) if (share.agency.id, slot.key) not in served
                       and not (share.is_part and _is_closed(pieces, slot))]
    return pieces


def _is_closed(pieces: Sequence[Piece], slot: Slot) -> bool:
    """Tell whether all who lead it have had it accepted: there is nothing left to help with."""
    leads = [piece for piece in pieces if piece.slot is not None and piece.slot.key == slot.key and not is_part(piece)]
    return bool(leads) and all(piece.effect is Effect.SETTLED for piece in leads)


def slots_of(work: Work) -> list[Slot]:
    """List what a task's agencies owe it from now on; what was named before keeps its name."""
    found = [(deadline, _running(work, deadline) or window) for deadline, window in due_dates(work.task, work.today)]
    named = {(row.deadline_id, row.period.label if row.period else None): row.occurrence for row in work.rows
             if row.task_id == work.task.id and "~" not in row.occurrence}
    slots = [Slot(deadline, window, occurrence(deadline, window, alone=len(found) == 1)) for deadline, window in found]
    return [Slot(slot.deadline, slot.window, named.get(slot.key, slot.occurrence)) for slot in slots]


def _running(work: Work, deadline: Deadline | None) -> Window | None:
    """Give the latest window that is open for a report already: a new body starts with the others, not before them."""
    open_ = [row for row in work.rows if row.period is not None and row.deadline_id is not None
             and work.deadlines.get(row.deadline_id) is deadline]
    if not open_:
        return None
    window = _window(work, deadline, max(open_, key=lambda row: row.period.last_day if row.period else date.min))
    return window if window.due_on is not None and window.due_on >= work.today else None


def count(pieces: Iterable[Piece]) -> Counter[Effect]:
    """Count what happens, helpers' parts apart."""
    return Counter(piece.effect for piece in pieces if not is_part(piece))


def count_parts(pieces: Iterable[Piece]) -> Counter[Effect]:
    """Count what happens to helpers' parts."""
    return Counter(piece.effect for piece in pieces if is_part(piece))


def is_part(piece: Piece) -> bool:
    """Tell whether it is a helper's part."""
    if piece.share is not None:
        return piece.share.is_part
    return piece.row is not None and piece.row.is_part


def balance(pieces: Sequence[Piece], rows: Iterable[Assignment]) -> Balance:
    """Count what is worked out against everything that the amended plan gave out; asked before anything is done."""
    taken = [piece for piece in pieces if piece.slot is not None]
    work = [piece for piece in taken if not _helps(piece)]
    found = {piece.row.id: piece for piece in pieces if piece.row is not None}
    before = [(row, found.get(row.id)) for row in rows
              if row.state is not AssignmentState.CANCELLED and not row.is_part]
    ended = [piece for _row, piece in before if piece is not None and piece.effect is Effect.ENDED]
    stays = [row for row, piece in before if piece is None or (piece.slot is None and piece.effect is Effect.SETTLED)]
    settled = sum(row.state is AssignmentState.ACCEPTED for row in stays)
    by = Counter(piece.effect for piece in work)
    return Balance(
        kept=by[Effect.CARRIED], settled=by[Effect.SETTLED], moved=by[Effect.MOVED], reworded=by[Effect.REWORDED],
        given=by[Effect.GIVEN], ended=len(ended), settled_before=settled, left_running=len(stays) - settled,
        made_parts=sum(piece is not None and piece.slot is not None and _helps(piece) for _row, piece in before),
        agencies=len({piece.agency.id for piece in work}), parts=len(taken) - len(work),
    )


def _helps(piece: Piece) -> bool:
    """Tell whether it is a helper's part afterwards; what was confirmed stays what it was."""
    if piece.effect is Effect.SETTLED and piece.row is not None:
        return piece.row.is_part
    return is_part(piece)


def stops_reporting(piece: Piece) -> bool:
    """Tell whether a body whose last report was accepted does not report on the next window any more."""
    return piece.effect is Effect.SETTLED and piece.slot is None and piece.row is not None \
        and piece.row.period_id is not None


def agencies_told(pieces: Iterable[Piece]) -> list[Agency]:
    """List the bodies that something changes for, each once."""
    return list({piece.agency.id: piece.agency for piece in pieces
                 if piece.effect in TOLD or stops_reporting(piece)}.values())


def _origins(rows: Iterable[Assignment]) -> dict[int, list[int]]:
    """Give for each row the agencies that had the work before it was handed on to this one."""
    rows = list(rows)
    before: dict[int, Assignment] = {row.replaced_by_id: row for row in rows if row.replaced_by_id is not None}
    origins: dict[int, list[int]] = {}
    for row in rows:
        chain: list[int] = []
        one = before.get(row.id)
        while one is not None and one.agency_id not in chain:
            chain.append(one.agency_id)
            one = before.get(one.id)
        origins[row.id] = chain
    return origins


def _carried(work: Work, row: Assignment, share: Share | None, slot: Slot) -> Piece:
    if share is not None and share.agency.id != row.agency_id:
        share = Share(row.agency, row.group_id, share.is_part)  # handed on by a decision, which stands
    share = share or Share(row.agency, row.group_id, row.is_part)
    if row.state is AssignmentState.ACCEPTED:
        return Piece(Effect.SETTLED, work.task, row.agency, row, share, slot, row.due_on)
    due_on = day_after_change(row.state, row.due_on, row.first_due_on, slot.due_on)
    effect = Effect.CARRIED
    if row.is_part != share.is_part:
        effect = Effect.GIVEN
    elif due_on != row.due_on:
        effect = Effect.MOVED
    elif work.is_reworded:
        effect = Effect.REWORDED
    return Piece(effect, work.task, row.agency, row, share, slot, due_on)


def _slot_after(work: Work, row: Assignment) -> Slot | None:
    """Give where a row stands after the change; None when nothing takes the place of its deadline."""
    if row.deadline_id not in work.deadlines:
        return None
    deadline = work.deadlines[row.deadline_id]
    window = _window(work, deadline, row) if row.period is not None else None
    if row.task_id == work.task.id:
        return Slot(deadline, window, row.occurrence)
    return Slot(deadline, window, occurrence(deadline, window, alone=len(list(due_dates(work.task, work.today))) == 1))


def _window(work: Work, deadline: Deadline | None, row: Assignment) -> Window:
    """Give the window that a row reports on, with the send-by day that it has now; one gone by keeps the day it had."""
    period = row.period
    assert period is not None
    recurrence = deadline.recurrence(first_half_only=first_half_only(work.task)) if deadline else None
    if recurrence is not None:
        window = window_following(recurrence, period.last_day - timedelta(days=1))
        if window.label == period.label and window.due_on is not None and window.due_on >= work.today:
            return window
    return Window(period.label, period.first_day, period.last_day, period.due_on)
