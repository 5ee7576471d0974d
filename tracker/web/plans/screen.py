"""The review screen put together: which duties are listed, which one is chosen, what its neighbours are."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from tracker.models import Deadline, Plan, Task
from tracker.rules.periods import Window, next_window
from tracker.rules.working_days import WorkingCalendar
from tracker.web.plans.text_pane import Line, Span, cut
from tracker.workflow.assigning import first_half_only
from tracker.workflow.doubts import Doubt, comes_round, find_unclear, is_dated
from tracker.workflow.publishing import load_tasks


class Show(StrEnum):
    """Which duties are listed (beside these: one kind of doubt)."""

    ALL = "all"
    UNCLEAR = "unclear"
    UNCHECKED = "unchecked"
    DROPPED = "dropped"


class Order(StrEnum):
    """In which order they are listed."""

    TEXT = "text"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Wish:
    """What an address asks of the screen."""

    show: Show | Doubt = Show.ALL
    order: Order = Order.TEXT
    task_id: int | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Wish:
        """Read an address or a form; what makes no sense there is left out."""
        show: Show | Doubt = Show.ALL
        if args.get("show") in {one.value for one in Show}:
            show = Show(args["show"])
        elif args.get("show") in {one.value for one in Doubt}:
            show = Doubt(args["show"])
        order = Order.DOUBT if args.get("order") == Order.DOUBT.value else Order.TEXT
        raw = args.get("task", "")
        return cls(show, order, int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else None)

    def args(self, **changed: Any) -> dict[str, Any]:
        """Give the address's arguments, with some of them changed; what is usual is left out."""
        asked = {"show": self.show.value, "order": self.order.value, "task": self.task_id, **changed}
        usual = {"show": Show.ALL.value, "order": Order.TEXT.value, "task": None}
        return {name: value for name, value in asked.items() if value != usual[name]}


@dataclass(frozen=True)
class Row:
    """One duty of the list."""

    task: Task
    doubts: list[Doubt]
    #: The first date it is due, for the compact row.
    due_on: date | None
    is_chosen: bool


@dataclass(frozen=True)
class Screen:
    """Everything the review screen shows."""

    plan: Plan
    wish: Wish
    rows: list[Row]
    chosen: Row | None
    lines: list[Line]
    #: How many duties, how many looked at, dropped, and with something unclear.
    total: int
    checked: int
    dropped: int
    unclear: int
    by_doubt: dict[Doubt, int]
    previous_id: int | None
    next_id: int | None
    next_unclear_id: int | None


def build(session: Session, plan: Plan, wish: Wish, *, today: date) -> Screen:
    """Put the screen together; a fixed number of queries however many duties there are."""
    tasks = load_tasks(session, plan)
    doubts = find_unclear(tasks, today=today)
    alive = [task for task in tasks if task.dropped_at is None]
    listed = [task for task in tasks if _is_listed(task, doubts[task.id], wish.show)]
    if wish.order is Order.DOUBT:
        listed.sort(key=lambda task: not doubts[task.id])  # stable: otherwise the text's order
    chosen = _chosen(tasks, listed, doubts, wish)
    if chosen is not None and chosen not in listed:
        listed.append(chosen)  # what was just settled stays in sight
        listed.sort(key=lambda task: (wish.order is Order.DOUBT and not doubts[task.id], task.position, task.id))
    rows = [Row(task, doubts[task.id], _first_day(task, today), task is chosen) for task in listed]
    place = listed.index(chosen) if chosen else 0
    after = [task for task in [*listed[place + 1:], *listed[:place]] if doubts[task.id]]
    return Screen(
        plan=plan, wish=wish, rows=rows, chosen=rows[place] if chosen else None,
        lines=_lines(plan, tasks, chosen),
        total=len(alive), checked=sum(task.checked_at is not None for task in alive),
        dropped=len(tasks) - len(alive), unclear=sum(bool(doubts[task.id]) for task in alive),
        by_doubt=_count(doubts),
        previous_id=listed[place - 1].id if chosen and place else None,
        next_id=listed[place + 1].id if chosen and place + 1 < len(listed) else None,
        next_unclear_id=after[0].id if chosen and after else None,
    )


def _is_listed(task: Task, doubts: list[Doubt], show: Show | Doubt) -> bool:
    if task.dropped_at is not None:
        return show is Show.DROPPED
    match show:
        case Show.ALL:
            return True
        case Show.UNCLEAR:
            return bool(doubts)
        case Show.UNCHECKED:
            return task.checked_at is None
        case Show.DROPPED:
            return False
    return show in doubts


def _chosen(tasks: list[Task], listed: list[Task], doubts: dict[int, list[Doubt]], wish: Wish) -> Task | None:
    """Give the duty the address names; without one the first that needs a look, or the first."""
    named = next((task for task in tasks if task.id == wish.task_id), None)
    if named is not None:
        return named
    return next((task for task in listed if doubts[task.id]), listed[0] if listed else None)


def _first_day(task: Task, today: date) -> date | None:
    days = [deadline.due_on for deadline in task.deadlines if is_dated(deadline)]
    days += [window.due_on for deadline in task.deadlines if (window := window_of(task, deadline, today))]
    return min((day for day in days if day is not None), default=None)


def _count(doubts: dict[int, list[Doubt]]) -> dict[Doubt, int]:
    times = Counter(doubt for found in doubts.values() for doubt in found)
    return {doubt: times[doubt] for doubt in Doubt if times[doubt]}


def _lines(plan: Plan, tasks: list[Task], chosen: Task | None) -> list[Line]:
    spans = [Span(task.id, task.provision.start, task.provision.end) for task in tasks
             if task.provision and (task.dropped_at is None or task is chosen)]
    said = [(deadline.start, deadline.end) for deadline in (chosen.deadlines if chosen else [])
            if deadline.start is not None and deadline.end is not None]
    return cut(plan.text, spans, chosen=chosen.id if chosen else None, deadlines=said)


def window_of(task: Task, deadline: Deadline, today: date) -> Window | None:
    """Give the next window of a recurrence that has a send-by day."""
    recurrence = deadline.recurrence(first_half_only=first_half_only(task)) if comes_round(deadline) else None
    return next_window(recurrence, today) if recurrence else None


@dataclass(frozen=True)
class Why:
    """How a deadline's words become the day that counts, for a page that says why it is this day."""

    words: str | None
    window: Window | None
    due_on: date | None
    #: The last working day at or before it.
    working_on: date | None


def explain_deadline(task: Task, deadline: Deadline, *, today: date, calendar: WorkingCalendar) -> Why:
    """Say how one deadline is read today."""
    window = window_of(task, deadline, today)
    due_on = window.due_on if window else deadline.due_on if is_dated(deadline) else None
    return Why(deadline.words, window, due_on, calendar.at_or_before(due_on) if due_on else None)
