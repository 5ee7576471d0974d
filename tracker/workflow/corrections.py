"""What people corrected in what was read: one example a correction, for judging the rules later.

Derived from what is kept anyway (each task as it was found, as it stands, and the steps of the review), so it stays
true after publishing, and an act that was undone is no correction. Nobody is named, only the role.
"""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models import Agency, AgencyGroup, Plan, ReviewStep, StepKind, Task
from tracker.workflow.review_log import task_state
from tracker.workflow.task_state import facts

#: Kind of correction -> the part of a task's state that it is about.
_PARTS = {
    "owner": "owners", "deadline": "deadlines", "role": "role", "product": "product", "requested": "requested",
    "duty_kind": "kind", "section": "section", "text": "text",
}  # fmt: skip
#: What is printed of a task's state, beside its owners.
_SHOWN = ("text", "section", "kind", "role", "requested", "product", "partners", "deadlines", "rule", "confidence",
          "reasons")  # fmt: skip
#: A changed deadline is told by its values; its words go when a person sets another date.
_WORDS = ("start", "end", "words")


def corrections(session: Session, plan: Plan) -> list[dict[str, Any]]:
    """Give a plan's corrections in the order of its text, ready for `json.dumps`."""
    steps = list(session.scalars(
        select(ReviewStep).where(ReviewStep.plan_id == plan.id, ReviewStep.undone_at.is_(None))
        .order_by(ReviewStep.id).options(joinedload(ReviewStep.user))))
    tasks = list(session.scalars(
        select(Task).where(Task.plan_id == plan.id, Task.taken_back_at.is_(None)).order_by(Task.position, Task.id)
        .options(selectinload(Task.owners), selectinload(Task.deadlines), joinedload(Task.provision))))
    writer = _Writer(plan, steps, {task.id: task for task in tasks}, _bodies(session))
    return [*writer.facts(), *(one for task in tasks for one in writer.task(task))]


class _Writer:
    """Holds each task of one plan against what was found."""

    def __init__(self, plan: Plan, steps: list[ReviewStep], tasks: dict[int, Task],
                 names: dict[tuple[int | None, int | None], str]) -> None:
        self._plan, self._tasks, self._names = plan, tasks, names
        #: Task id (None: the plan's facts) -> (step, its change) in order.
        self._steps: dict[int | None, list[tuple[ReviewStep, dict[str, Any]]]] = {}
        for step in steps:
            for change in step.changes["changes"]:
                self._steps.setdefault(change["task"], []).append((step, change))
        #: Task id -> the ids of the tasks it was cut into, or of those joined into it; those stand for no error alone.
        self._split: dict[int, list[int]] = {}
        self._merged: dict[int, list[int]] = {}
        self._derived: set[int] = set()
        for step in steps:
            ids = [change["task"] for change in step.changes["changes"]]
            if step.kind is StepKind.SPLIT:
                self._split.setdefault(ids[0], []).extend(ids[1:])
                self._derived.update(ids[1:])
            elif step.kind is StepKind.MERGE:
                self._merged.setdefault(ids[0], []).extend(ids[1:])
                self._derived.update(ids[1:])

    def facts(self) -> Iterator[dict[str, Any]]:
        """Give what was corrected in the plan's facts, if anything was."""
        changed = self._steps.get(None)
        before = changed[0][1]["before"] if changed else None
        if changed and before != facts(self._plan):
            yield self._one("facts", changed[-1][0], start=None, end=None, words=None, read=before,
                            corrected=facts(self._plan))

    def task(self, task: Task) -> Iterator[dict[str, Any]]:
        """Give what was corrected in one task."""
        state, found = task_state(task), task.found
        if found is None:
            if task.rule is None and task.dropped_at is None and task.id not in self._derived:
                yield self._about("added", task, None, self._plain(state))
            return
        if task.id in self._split or task.id in self._merged:
            kind, ids = ("split", self._split) if task.id in self._split else ("merge", self._merged)
            others = [self._tasks[other] for other in ids.get(task.id, []) if other in self._tasks]
            corrected: Any = [self._plain(task_state(one)) for one in (task, *others)] if kind == "split" else (
                self._plain(state))
            read: Any = self._plain(found) if kind == "split" else [
                self._plain(one) for one in (found, *(other.found for other in others)) if one]
            yield self._about(kind, task, read, corrected)
        elif task.dropped_at is not None:
            if task.id not in self._derived:
                yield self._about("dropped", task, self._plain(found), None)
        else:
            for kind, part in _PARTS.items():
                if _even(found[part]) != _even(state[part]):
                    matched = kind == "owner" and _is_match_only(found[part], state[part])
                    yield self._about("owner_matched" if matched else kind, task, self._plain(found),
                                      self._plain(state))

    def _about(self, kind: str, task: Task, read: Any, corrected: Any) -> dict[str, Any]:
        place = (task.found or {}).get("place") or task_state(task)["place"] or {}
        start, end = place.get("start"), place.get("end")
        changed = self._steps.get(task.id)
        return self._one(
            kind, changed[-1][0] if changed else None, start=start, end=end,
            words=self._plan.text[start:end] if start is not None else task.text,
            read=read, corrected=corrected)

    def _one(self, kind: str, step: ReviewStep | None, **more: Any) -> dict[str, Any]:
        return {
            "plan": self._plan.number, "sha256": self._plan.source_sha256, "kind": kind, **more,
            "by": step.user.role.value if step and step.user else None, "at": _moment(step.at if step else None),
        }

    def _plain(self, state: dict[str, Any]) -> dict[str, Any]:
        """Leave out what says nothing about the reading; owners as printed, and the catalogue's bodies by name."""
        return {**{name: state[name] for name in _SHOWN}, "owners": [owner["printed"] for owner in state["owners"]],
                "bodies": [self._names.get((owner["agency"], owner["group"])) for owner in state["owners"]]}


def _is_match_only(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> bool:
    """Tell whether the names were read right and only the catalogue did not know them."""
    return len(before) == len(after) and all(
        old["printed"] == new["printed"] and (_pair(old) in {_pair(new), (None, None)})
        for old, new in zip(before, after, strict=True))


def _pair(owner: dict[str, Any]) -> tuple[int | None, int | None]:
    return owner["agency"], owner["group"]


def _bodies(session: Session) -> dict[tuple[int | None, int | None], str]:
    """Give the catalogue's names by (agency, group)."""
    names: dict[tuple[int | None, int | None], str] = {}
    for number, name in session.execute(select(Agency.id, Agency.name).order_by(Agency.id)):
        names[number, None] = name
    for number, name in session.execute(select(AgencyGroup.id, AgencyGroup.name).order_by(AgencyGroup.id)):
        names[None, number] = name
    return names


def _even(value: Any) -> Any:
    """Leave a deadline's words and their place out of a comparison."""
    if isinstance(value, list) and value and "words" in value[0]:
        return [{name: part for name, part in one.items() if name not in _WORDS} for one in value]
    return value


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
