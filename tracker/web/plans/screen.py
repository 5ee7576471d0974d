"""The review screen put together: which duties are listed, which one is chosen, what its neighbours are."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from tracker.models import Deadline, Plan, Provision, ReviewPresence, ReviewStep, Task, User
from tracker.rules.periods import Window, next_window
from tracker.rules.working_days import WorkingCalendar
from tracker.web.plans.text_pane import Line, Place, Span, cut, places_of_name
from tracker.workflow.assigning import first_half_only
from tracker.workflow.doubts import Doubt, comes_round, find_unclear, is_dated, urgency
from tracker.workflow.presence import others_present
from tracker.workflow.publishing import load_tasks
from tracker.workflow.review_log import last_step, latest_step, undone_step


class Show(StrEnum):
    """Which duties are listed (beside these: one kind of doubt)."""

    ALL = "all"
    UNCLEAR = "unclear"
    UNCHECKED = "unchecked"
    DROPPED = "dropped"


class Order(StrEnum):
    """In which order they are listed."""

    #: The most doubtful first, the clear ones after them as the text has them.
    DOUBT = "doubt"
    TEXT = "text"


@dataclass(frozen=True)
class Wish:
    """What an address asks of the screen."""

    show: Show | Doubt = Show.ALL
    order: Order = Order.DOUBT
    task_id: int | None = None
    #: A place in the text to look at, whatever duty is chosen.
    spot: Place | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Wish:
        """Read an address or a form; what makes no sense there is left out."""
        show: Show | Doubt = Show.ALL
        if args.get("show") in {one.value for one in Show}:
            show = Show(args["show"])
        elif args.get("show") in {one.value for one in Doubt}:
            show = Doubt(args["show"])
        order = Order.TEXT if args.get("order") == Order.TEXT.value else Order.DOUBT
        start, _dash, end = args.get("at", "").partition("-")
        places = number(start), number(end)
        spot = (places[0], places[1]) if places[0] is not None and places[1] is not None else None
        return cls(show, order, number(args.get("task", "")), spot)

    def args(self, **changed: Any) -> dict[str, Any]:
        """Give the address's arguments, with some of them changed; what is usual is left out."""
        asked = {"show": self.show.value, "order": self.order.value, "task": self.task_id, **changed}
        usual = {"show": Show.ALL.value, "order": Order.DOUBT.value, "task": None}
        return {name: value for name, value in asked.items() if value != usual[name]}


def number(raw: str) -> int | None:
    """Read a whole number out of an address; what is none, or no database's, gives nothing."""
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else None


@dataclass(frozen=True)
class Row:
    """One duty of the list."""

    task: Task
    doubts: list[Doubt]
    #: The first date it is due, for the compact row.
    due_on: date | None
    is_chosen: bool
    #: Which duty of the text it is, counted from 1: what two people call it by.
    number: int


@dataclass(frozen=True)
class Log:
    """What this person can undo and do again, who did something last, who else is here."""

    undo: ReviewStep | None
    redo: ReviewStep | None
    latest: ReviewStep | None
    others: list[ReviewPresence]


@dataclass(frozen=True)
class Screen:
    """Everything the review screen shows."""

    plan: Plan
    wish: Wish
    rows: list[Row]
    chosen: Row | None
    lines: list[Line]
    tasks: list[Task]
    #: Task id -> its number in the text.
    numbers: dict[int, int]
    #: How many duties, how many looked at, dropped, and with something unclear.
    total: int
    checked: int
    dropped: int
    unclear: int
    by_doubt: dict[Doubt, int]
    previous_id: int | None
    next_id: int | None
    next_unclear_id: int | None
    log: Log

    def row(self, task_id: int | None) -> Row | None:
        """Give the row of a duty when it is listed."""
        return next((row for row in self.rows if row.task.id == task_id), None)


@dataclass(frozen=True)
class _Listing:
    """The duties of a plan, and which of them are listed in which order."""

    tasks: list[Task]
    doubts: dict[int, list[Doubt]]
    listed: list[Task]
    chosen: Task | None

    @property
    def after(self) -> list[Task]:
        """Give what comes after the chosen one, and then what stands before it."""
        place = self.listed.index(self.chosen) if self.chosen else 0
        return [*self.listed[place + 1:], *self.listed[:place]]

    @property
    def going_on_id(self) -> int | None:
        """Give the next one that nobody has looked at."""
        waiting = (task for task in self.after if task.checked_at is None and task.dropped_at is None)
        return next((task.id for task in waiting), None) if self.chosen else None


def _listing(session: Session, plan: Plan, wish: Wish, today: date) -> _Listing:
    tasks = load_tasks(session, plan)
    doubts = find_unclear(tasks, today=today)
    listed = _sorted([task for task in tasks if _is_listed(task, doubts[task.id], wish.show)], doubts, wish.order)
    chosen = _chosen(tasks, listed, doubts, wish)
    if chosen is not None and chosen not in listed:
        listed = _sorted([*listed, chosen], doubts, wish.order)  # what was just settled stays in sight
    return _Listing(tasks, doubts, listed, chosen)


def going_on(session: Session, plan: Plan, wish: Wish, *, today: date) -> int | None:
    """Give where "saved, go on" leads from the chosen duty: the next one that nobody has looked at, or None."""
    return _listing(session, plan, wish, today).going_on_id


def build(session: Session, plan: Plan, wish: Wish, *, user: User, today: date, now: datetime) -> Screen:
    """Put the screen together; a fixed number of queries however many duties there are."""
    listing = _listing(session, plan, wish, today)
    tasks, doubts, listed, chosen = listing.tasks, listing.doubts, listing.listed, listing.chosen
    alive = [task for task in tasks if task.dropped_at is None]
    numbers = {task.id: place for place, task in enumerate(tasks, start=1)}
    rows = [Row(task, doubts[task.id], _first_day(task, today), task is chosen, numbers[task.id]) for task in listed]
    place = listed.index(chosen) if chosen else 0
    unclear_after = [task for task in listing.after if doubts[task.id]]
    return Screen(
        plan=plan, wish=wish, rows=rows, chosen=rows[place] if chosen else None,
        lines=lines_of(plan, tasks, chosen, wish.spot), tasks=tasks, numbers=numbers,
        total=len(alive), checked=sum(task.checked_at is not None for task in alive),
        dropped=len(tasks) - len(alive), unclear=sum(bool(doubts[task.id]) for task in alive),
        by_doubt=_count(doubts),
        previous_id=listed[place - 1].id if chosen and place else None,
        next_id=listed[place + 1].id if chosen and place + 1 < len(listed) else None,
        next_unclear_id=unclear_after[0].id if chosen and unclear_after else None,
        log=Log(last_step(session, plan, user), undone_step(session, plan, user), latest_step(session, plan),
                others_present(session, plan, user, now=now)),
    )


def _sorted(tasks: list[Task], doubts: dict[int, list[Doubt]], order: Order) -> list[Task]:
    if order is Order.TEXT:
        return sorted(tasks, key=lambda task: (task.position, task.id))
    return sorted(tasks, key=lambda task: (urgency(task, doubts[task.id]), task.position, task.id))


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


def lines_of(plan: Plan, tasks: list[Task], chosen: Task | None, spot: Place | None = None) -> list[Line]:
    """Cut the plan's text for the screen, with the words of the chosen duty, of its owners and deadlines marked."""
    spans = [Span(task.id, task.provision.start, task.provision.end) for task in tasks
             if task.provision and (task.dropped_at is None or task is chosen)]
    said = [(deadline.start, deadline.end) for deadline in (chosen.deadlines if chosen else [])
            if deadline.start is not None and deadline.end is not None]
    owners = _owner_places(plan, chosen, chosen.provision) if chosen and chosen.provision else []
    return cut(plan.text, spans, chosen=chosen.id if chosen else None, deadlines=said, owners=owners, spot=spot)


def _owner_places(plan: Plan, task: Task, place: Provision) -> list[Place]:
    return [found for owner in task.owners
            for found in places_of_name(plan.text, owner.printed, start=place.start, end=place.end,
                                        heading=place.heading)]


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
