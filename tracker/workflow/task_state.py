"""What a person can say of a task in the review, and how it is written into the row."""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.models import Agency, AgencyGroup, Deadline, Plan, Task, TaskOwner
from tracker.models.catalogue import Catalogue, name_key
from tracker.rules.errors import Refusal
from tracker.rules.folding import fold
from tracker.rules.states import DeadlineKind, DutyKind, Every, TaskRole
from tracker.workflow.doubts import ABOUT_DEADLINES, ABOUT_OWNER


class TaskWithoutText(Refusal):
    """A task must say what is to be done."""

    key = "task_without_text"


@dataclass(frozen=True)
class OwnerInput:
    """A body as somebody chose or typed it, and how the plan prints it (None for one that was added)."""

    name: str
    printed: str | None = None
    #: "agency:12" or "group:3" when it was picked from the list.
    picked: str = ""


@dataclass(frozen=True)
class DeadlineInput:
    """A deadline as a form gives it; `deadline_id` names the one it comes from."""

    kind: DeadlineKind
    deadline_id: int | None = None
    due_on: date | None = None
    starts_on: date | None = None
    every: Every | None = None
    due_day: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    months: int | None = None
    days: int | None = None

    def values(self) -> dict[str, Any]:
        """Give the columns this kind of deadline has; what belongs to another kind is left empty."""
        used = {
            DeadlineKind.DATE: {"due_on"},
            DeadlineKind.RANGE: {"starts_on", "due_on"},
            DeadlineKind.PERIOD: {"starts_on", "due_on"},
            DeadlineKind.RECURRING: {"every", "due_day", "first_day", "last_day"},
            DeadlineKind.DURATION: {"months", "days"},
        }[self.kind]
        return {"kind": self.kind, **{name: getattr(self, name) if name in used else None for name in DEADLINE_VALUES}}


DEADLINE_VALUES = ("due_on", "starts_on", "every", "due_day", "first_day", "last_day", "months", "days")


@dataclass(frozen=True)
class TaskInput:
    """Everything a person can say of a task."""

    text: str
    section: str | None = None
    kind: DutyKind = DutyKind.ONE_OFF
    role: TaskRole = TaskRole.LEAD
    is_requested: bool = False
    expected_product: str | None = None
    owners: tuple[OwnerInput, ...] = ()
    deadlines: tuple[DeadlineInput, ...] = ()


def snapshot(task: Task) -> dict[str, Any]:
    """Give a task as plain values: for the audit, and for noticing that somebody else changed it."""
    return {
        "text": task.text,
        "section": task.section,
        "kind": task.kind.value,
        "role": task.role.value,
        "requested": task.is_requested,
        "product": task.expected_product,
        "owners": [{"printed": o.printed, "agency": o.agency_id, "group": o.group_id} for o in task.owners],
        "deadlines": [
            {"kind": d.kind.value, "words": d.words, **{name: _plain(getattr(d, name)) for name in DEADLINE_VALUES}}
            for d in task.deadlines
        ],
        "checked": task.checked_at is not None,
        "dropped": task.dropped_at is not None,
    }


def facts(plan: Plan) -> dict[str, Any]:
    """Give a plan's facts as plain values."""
    return {"title": plan.title, "number": plan.number, "issuer": plan.issuer,
            "issued_on": _plain(plan.issued_on), "signed_by": plan.signed_by}


def mark(*states: dict[str, Any]) -> str:
    """Give the short mark of one or more snapshots that a form carries along."""
    return hashlib.sha256(json.dumps(states, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:24]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def fill(task: Task, given: TaskInput, catalogue: Catalogue) -> None:
    """Write what was said into a task; owners are looked up in the catalogue. Raises TaskWithoutText."""
    if not given.text.strip():
        raise TaskWithoutText
    task.text = given.text.strip()
    task.fold = fold(task.text)
    task.section, task.kind, task.role = given.section or None, given.kind, given.role
    task.is_requested, task.expected_product = given.is_requested, given.expected_product or None
    fill_owners(task, given.owners, catalogue)
    _fill_deadlines(task, given.deadlines)


def fill_owners(task: Task, given: tuple[OwnerInput, ...], catalogue: Catalogue) -> None:
    """Write the bodies that were said into a task, each once; they are looked up in the catalogue."""
    before = [(owner.agency_id, owner.group_id) for owner in task.owners]
    rows: list[TaskOwner] = []
    there: set[tuple[int | None, int | None, str]] = set()
    for owner in given:
        name = " ".join(owner.name.split())
        if not name:
            continue
        body = catalogue.pick(owner.picked, name) or catalogue.match(name)
        row = TaskOwner(printed=owner.printed or name)
        if isinstance(body, Agency):
            row.agency_id = body.id
        elif isinstance(body, AgencyGroup):
            row.group_id = body.id
        elif owner.printed and name_key(name) != name_key(owner.printed):
            row.printed = name  # an unknown body typed over the printed one: nothing else would say which
        who = (row.agency_id, row.group_id, "" if body else name_key(row.printed))
        if who not in there:
            there.add(who)
            row.position = len(rows)
            rows.append(row)
    task.owners = rows
    if [(owner.agency_id, owner.group_id) for owner in rows] != before:
        forget_reasons(task, ABOUT_OWNER)


def _fill_deadlines(task: Task, given: tuple[DeadlineInput, ...]) -> None:
    there = {deadline.id: deadline for deadline in task.deadlines if deadline.id}
    rows, changed = [], len(given) != len(task.deadlines)
    for position, one in enumerate(given):
        values = one.values()
        row = there.pop(one.deadline_id, None) if one.deadline_id else None
        if row is None:
            row, changed = Deadline(), True
        elif any(getattr(row, name) != value for name, value in values.items()):
            # The plan's words no longer give this date, so they don't stand beside it.
            row.words = row.start = row.end = None
            changed = True
        for name, value in values.items():
            setattr(row, name, value)
        row.position = position
        rows.append(row)
    task.deadlines = rows
    if changed:
        forget_reasons(task, ABOUT_DEADLINES)


def forget_reasons(task: Task, settled: frozenset[Any]) -> None:
    """Drop what the reading was unsure of, now that a person has settled it."""
    keys = task.reasons.get("keys", []) if task.reasons else []
    task.reasons = {"keys": [key for key in keys if key not in {doubt.value for doubt in settled}]}


def copy_deadline(deadline: Deadline, position: int = 0) -> Deadline:
    """Make the same deadline once more, for another task."""
    return Deadline(kind=deadline.kind, words=deadline.words, start=deadline.start, end=deadline.end,
                    position=position, **{name: getattr(deadline, name) for name in DEADLINE_VALUES})


def same_deadline(deadline: Deadline) -> tuple[Any, ...]:
    """Give what two deadlines are compared by."""
    return (deadline.kind, *(getattr(deadline, name) for name in DEADLINE_VALUES))
