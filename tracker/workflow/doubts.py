"""What is not clear about a proposed task: who, by when, how often. Publishing a plan should find this list empty."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from tracker.models import Deadline, Task
from tracker.rules.states import DeadlineKind, DutyKind


class Doubt(StrEnum):
    """One thing a person should look at before a task goes live. The order is how urgent it is: what blocks first."""

    NO_SEND_BY_DAY = "no_send_by_day"
    OWNER_INFERRED = "owner_inferred"
    NO_OWNER = "no_owner"
    OWNER_ENDED = "owner_ended"
    OWNER_UNKNOWN = "owner_unknown"
    #: The reading gives its owner less than it gives most (confidence below 0.8), or its name is a former one.
    OWNER_UNSURE = "owner_unsure"
    #: An owner is a class; its number and the list of its members in the text differ.
    MEMBERS_DIFFER = "members_differ"
    NUMBERING_JUMP = "numbering_jump"
    IMPOSSIBLE_DATE = "impossible_date"
    #: A year before the plan's own, or far past its period.
    ODD_DATE = "odd_date"
    YEAR_MISSING = "year_missing"
    NO_DEADLINE = "no_deadline"
    DUPLICATE = "duplicate"
    #: Orders something and names nobody, among the plan's general measures; a person assigns it or leaves it listed.
    MEASURE = "measure"


#: What the reading said of the owner, or of the deadlines; it falls silent once a person has changed them.
ABOUT_OWNER = frozenset({Doubt.NO_OWNER, Doubt.MEASURE, Doubt.OWNER_INFERRED, Doubt.OWNER_UNSURE,
                         Doubt.MEMBERS_DIFFER, Doubt.NUMBERING_JUMP})  # fmt: skip
ABOUT_DEADLINES = frozenset({Doubt.NO_DEADLINE, Doubt.IMPOSSIBLE_DATE, Doubt.ODD_DATE, Doubt.YEAR_MISSING})
#: A plan with one of these is not published; looking at it is not enough.
BLOCKING = frozenset({Doubt.NO_SEND_BY_DAY})
#: Said by the reading and true until a person changes what it is about.
_FROM_READING = (Doubt.OWNER_INFERRED, Doubt.OWNER_UNSURE, Doubt.MEMBERS_DIFFER, Doubt.NUMBERING_JUMP,
                 Doubt.IMPOSSIBLE_DATE, Doubt.ODD_DATE, Doubt.YEAR_MISSING)  # fmt: skip
_URGENCY = {doubt: place for place, doubt in enumerate(Doubt)}


def unclear(task: Task, *, today: date, twins: frozenset[int] = frozenset()) -> list[Doubt]:
    """List what is not clear about a task; nothing for one that was dropped.

    `twins` are the ids of tasks that say the same to the same bodies (find_twins).
    """
    if task.dropped_at is not None:
        return []
    said = set(task.reasons.get("keys", ()))
    doubts = [*_about_owners(task, said, today), *_about_time(task)]
    doubts += [doubt for doubt in _FROM_READING if doubt.value in said and doubt not in doubts]
    if task.id in twins:
        doubts.append(Doubt.DUPLICATE)
    return sorted(doubts, key=_URGENCY.__getitem__)


def urgency(task: Task, doubts: list[Doubt]) -> tuple[int, int, float]:
    """Give the key that sorts the most doubtful tasks first: the worst doubt, how many, how sure the reading was."""
    worst = min((_URGENCY[doubt] for doubt in doubts), default=len(_URGENCY))
    return worst, -len(doubts), 1.0 if task.confidence is None or not doubts else task.confidence


def still_open(task: Task, doubts: list[Doubt]) -> list[Doubt]:
    """Leave out what a person has looked at and left as it is; what blocks publishing stays."""
    return [doubt for doubt in doubts if task.checked_at is None or doubt in BLOCKING]


def find_twins(tasks: Iterable[Task]) -> frozenset[int]:
    """Give the ids of tasks that stand in the plan more than once: same words, same bodies."""
    said = {task.id: _saying(task) for task in tasks if task.dropped_at is None}
    times = Counter(said.values())
    return frozenset(task_id for task_id, saying in said.items() if times[saying] > 1)


def find_unclear(tasks: Iterable[Task], *, today: date) -> dict[int, list[Doubt]]:
    """Give for each task id what is still to be looked at; owners and deadlines must be loaded."""
    tasks = list(tasks)
    twins = find_twins(tasks)
    return {task.id: still_open(task, unclear(task, today=today, twins=twins)) for task in tasks}


def is_dated(deadline: Deadline) -> bool:
    """Tell whether a deadline gives a due date that happens once. A span of years ("giai đoạn …") does not."""
    return deadline.kind in {DeadlineKind.DATE, DeadlineKind.RANGE} and deadline.due_on is not None


def comes_round(deadline: Deadline) -> bool:
    """Tell whether a deadline recurs and says by when each report is sent."""
    return deadline.kind is DeadlineKind.RECURRING and deadline.every is not None and deadline.due_day is not None


def _about_owners(task: Task, said: set[str], today: date) -> list[Doubt]:
    if not task.owners:
        return [Doubt.MEASURE if Doubt.MEASURE.value in said else Doubt.NO_OWNER]
    doubts = []
    if any(owner.agency_id is None and owner.group_id is None for owner in task.owners):
        doubts.append(Doubt.OWNER_UNKNOWN)
    ended = (owner.agency.ended_on for owner in task.owners if owner.agency is not None)
    if any(day is not None and day < today for day in ended):
        doubts.append(Doubt.OWNER_ENDED)
    return doubts


def _about_time(task: Task) -> list[Doubt]:
    clear = any(is_dated(deadline) or comes_round(deadline) for deadline in task.deadlines)
    if task.kind is DutyKind.PERIODIC_REPORT:
        unsaid = [one for one in task.deadlines if one.kind is DeadlineKind.RECURRING and not comes_round(one)]
        return [Doubt.NO_SEND_BY_DAY] if unsaid or not clear else []
    return [Doubt.NO_DEADLINE] if task.kind is DutyKind.ONE_OFF and not clear else []


def _saying(task: Task) -> tuple[str, frozenset[str]]:
    return task.fold, frozenset(f"{owner.agency_id}/{owner.group_id}/{owner.printed}" for owner in task.owners)
