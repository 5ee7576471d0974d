"""Checking a plan before it goes live: duties are corrected, added, split, joined, dropped and put back.

A form that was filled in beside an older state of the same task is refused, never written over it; every act is
kept, and whoever did it can undo it. The caller commits.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Actor, Deadline, Plan, Provision, StepKind, Task, TaskOwner, User
from tracker.models.audit import record
from tracker.models.catalogue import load_catalogue, name_key
from tracker.rules.errors import Refusal
from tracker.rules.folding import fold
from tracker.workflow.importing import STEP
from tracker.workflow.review_change import PlanNotUnderReview, ReviewStale, Seen, changing, holding_review
from tracker.workflow.review_log import NothingToUndo, last_step, take_back, undone_step
from tracker.workflow.task_state import TaskInput, copy_deadline, facts, fill, same_deadline, snapshot

__all__ = ["FactsInput", "NothingToMerge", "NothingToUndo", "PlanNotUnderReview", "ReviewStale", "Seen", "SplitNowhere",
           "TitleMissing", "add", "correct_facts", "drop", "edit", "merge_with_next", "next_task", "parts_at",
           "put_back", "redo", "set_checked", "split", "undo"]  # fmt: skip


class SplitNowhere(Refusal):
    """Nothing would stand on one side of the split, or the parts are not the task's own words."""

    key = "split_nowhere"


class NothingToMerge(Refusal):
    """No task follows the one that was to be joined with the next."""

    key = "nothing_to_merge"


class TitleMissing(Refusal):
    """A plan must have a title."""

    key = "title_missing"


@dataclass(frozen=True)
class FactsInput:
    """What a plan says about itself."""

    title: str
    number: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    signed_by: str | None = None


def edit(session: Session, plan: Plan, task: Task, given: TaskInput, *, seen: Seen, actor: Actor, now: datetime,
         checked: bool = False) -> None:
    """Save what a person says of a task; with `checked` it also counts as looked at.

    Raises ReviewStale, PlanNotUnderReview, TaskWithoutText.
    """
    with changing(session, plan, seen, task, kind=StepKind.EDIT, actor=actor, now=now) as step:
        before = snapshot(task)
        fill(task, given, load_catalogue(session))
        if checked:
            task.checked_at = now
            if {**before, "checked": True} == snapshot(task):
                step.kind = StepKind.CHECK  # nothing was corrected: it was looked at
        _note(session, task, "task.changed", before, actor, now)


def add(session: Session, plan: Plan, given: TaskInput, *, after: Task | None, actor: Actor, now: datetime,
        place: tuple[int, int] | None = None) -> Task:
    """Add a task that the reading missed, behind another one or at the end.

    `place` says where its words stand in the plan's text; without it they are looked for. Raises PlanNotUnderReview,
    TaskWithoutText.
    """
    # Nothing stood there that could have changed.
    with changing(session, plan, None, kind=StepKind.ADD, actor=actor, now=now) as step:
        task = Task(plan_id=plan.id, position=_room_after(session, plan, after, 1)[0], checked_at=now,
                    partners={"names": []}, reasons={"keys": []})
        fill(task, given, load_catalogue(session))
        task.provision = _place_in_text(plan, task.text, place)
        session.add(task)
        step.made(task)
        _note(session, task, "task.added", None, actor, now)
    return task


def split(session: Session, plan: Plan, task: Task, parts: list[str], *, seen: Seen, actor: Actor,
          now: datetime) -> list[Task]:
    """Make several tasks out of one; each keeps the owners, a deadline goes where its words stand.

    The parts are the task's own words in order. Raises SplitNowhere, ReviewStale, PlanNotUnderReview.
    """
    parts = [part.strip() for part in parts if part.strip()]
    with changing(session, plan, seen, task, kind=StepKind.SPLIT, actor=actor, now=now) as step:
        if len(parts) < 2 or " ".join(" ".join(parts).split()) != " ".join(task.text.split()):
            raise SplitNowhere
        before = snapshot(task)
        places = _places(plan, task, parts)
        rooms = _room_after(session, plan, task, len(parts) - 1)
        deadlines = list(task.deadlines)
        made = [task]
        for part, position in zip(parts[1:], rooms, strict=True):
            made.append(_copy(task, part, position))
        for piece, part, place in zip(made, parts, places, strict=True):
            piece.text, piece.fold, piece.checked_at = part, fold(part), None
            piece.provision = place or task.provision
        _share_out(deadlines, made)
        session.add_all(made)
        session.flush()
        step.made(*made[1:])
        _note(session, task, "task.split", before, actor, now, into=[piece.id for piece in made])
    return made


def parts_at(text: str, position: int) -> list[str]:
    """Cut a text in two at a position counted in letters."""
    return [text[:position], text[position:]]


def merge_with_next(session: Session, plan: Plan, task: Task, *, seen: Seen, actor: Actor, now: datetime) -> Task:
    """Join a task with the one after it: texts joined, owners and deadlines united; the second one is dropped.

    `seen.mark` covers both tasks. Raises NothingToMerge, ReviewStale, PlanNotUnderReview.
    """
    following = next_task(session, task)
    if following is None:
        raise NothingToMerge
    with changing(session, plan, seen, task, following, kind=StepKind.MERGE, actor=actor, now=now):
        before = snapshot(task)
        task.text = f"{task.text.rstrip()}\n{following.text.lstrip()}"
        task.fold = fold(task.text)
        task.checked_at = None
        there = {(owner.agency_id, owner.group_id, name_key(owner.printed)) for owner in task.owners}
        for owner in following.owners:
            if (owner.agency_id, owner.group_id, name_key(owner.printed)) not in there:
                task.owners.append(TaskOwner(printed=owner.printed, agency_id=owner.agency_id,
                                             group_id=owner.group_id, position=len(task.owners)))
        _unite_deadlines(task, following)
        if task.provision and following.provision:
            task.provision = Provision(
                plan_id=plan.id, section=task.section, heading=task.provision.heading,
                start=min(task.provision.start, following.provision.start),
                end=max(task.provision.end, following.provision.end))
        following.dropped_at = now
        _note(session, task, "task.merged", before, actor, now, merged=following.id)
    return task


def drop(session: Session, plan: Plan, task: Task, *, seen: Seen, actor: Actor, now: datetime) -> None:
    """Take a task out of the plan; it is kept and can be put back. Raises ReviewStale, PlanNotUnderReview."""
    with changing(session, plan, seen, task, kind=StepKind.DROP, actor=actor, now=now):
        before = snapshot(task)
        task.dropped_at = task.dropped_at or now
        _note(session, task, "task.dropped", before, actor, now)


def put_back(session: Session, plan: Plan, task: Task, *, seen: Seen, actor: Actor, now: datetime) -> None:
    """Put a dropped task back. Raises ReviewStale, PlanNotUnderReview."""
    with changing(session, plan, seen, task, kind=StepKind.PUT_BACK, actor=actor, now=now):
        before = snapshot(task)
        task.dropped_at = None
        _note(session, task, "task.put_back", before, actor, now)


def set_checked(session: Session, plan: Plan, task: Task, *, checked: bool, seen: Seen, actor: Actor,
                now: datetime) -> None:
    """Say that a person has looked at a task and it is right, or take that back.

    Raises ReviewStale, PlanNotUnderReview.
    """
    kind = StepKind.CHECK if checked else StepKind.UNCHECK
    with changing(session, plan, seen, task, kind=kind, actor=actor, now=now):
        before = snapshot(task)
        task.checked_at = now if checked else None
        _note(session, task, "task.checked" if checked else "task.unchecked", before, actor, now)


def correct_facts(session: Session, plan: Plan, given: FactsInput, *, seen: Seen, actor: Actor,
                  now: datetime) -> None:
    """Correct what the reading found about the plan itself. Raises TitleMissing, ReviewStale, PlanNotUnderReview."""
    with changing(session, plan, seen, kind=StepKind.FACTS, actor=actor, now=now):
        if not given.title.strip():
            raise TitleMissing
        before = facts(plan)
        plan.title, plan.number, plan.issuer = given.title.strip(), given.number, given.issuer
        plan.issued_on, plan.signed_by = given.issued_on, given.signed_by
        plan.fold = fold(f"{plan.number or ''} {plan.title}")
        record(session, actor, "plan.facts_changed", plan, now=now, before=before, after=facts(plan))


def undo(session: Session, plan: Plan, *, user: User, step_id: int, actor: Actor, now: datetime) -> None:
    """Undo this person's last act on a plan. `step_id` is the one the page offered: pressed twice, it is undone once.

    Raises NothingToUndo, ChangedSince, PlanNotUnderReview.
    """
    _go_back(session, plan, user=user, step_id=step_id, again=False, actor=actor, now=now)


def redo(session: Session, plan: Plan, *, user: User, step_id: int, actor: Actor, now: datetime) -> None:
    """Do again what this person undid last. Raises NothingToUndo, ChangedSince, PlanNotUnderReview."""
    _go_back(session, plan, user=user, step_id=step_id, again=True, actor=actor, now=now)


def _go_back(session: Session, plan: Plan, *, user: User, step_id: int, again: bool, actor: Actor,
             now: datetime) -> None:
    with holding_review(session, plan):
        step = undone_step(session, plan, user) if again else last_step(session, plan, user)
        if step is None or step.id != step_id:
            raise NothingToUndo
        take_back(session, plan, step, again=again, actor=actor, now=now)


def next_task(session: Session, task: Task) -> Task | None:
    """Give the task that follows in the plan's order and was not dropped."""
    return session.scalar(
        select(Task).where(Task.plan_id == task.plan_id, Task.position > task.position, Task.dropped_at.is_(None))
        .order_by(Task.position, Task.id).limit(1)
    )


def _note(session: Session, task: Task, action: str, before: dict[str, Any] | None, actor: Actor, now: datetime,
          **more: Any) -> None:
    record(session, actor, action, task, now=now, before=before, after={**snapshot(task), **more})


def _room_after(session: Session, plan: Plan, after: Task | None, wanted: int) -> list[int]:
    """Give free positions behind a task (or at the end); where the gap is too small, all tasks move apart first."""
    tasks = list(session.scalars(select(Task).where(Task.plan_id == plan.id).order_by(Task.position, Task.id)))
    place = tasks.index(after) if after in tasks else len(tasks) - 1
    if place + 1 >= len(tasks):
        last = tasks[-1].position if tasks else 0
        return [last + STEP * number for number in range(1, wanted + 1)]
    if tasks[place + 1].position - tasks[place].position <= wanted:
        for number, task in enumerate(tasks, start=1):
            task.position = number * STEP * (wanted // STEP + 1)
        session.flush()
    first, gap = tasks[place].position, tasks[place + 1].position - tasks[place].position
    return [first + gap * number // (wanted + 1) for number in range(1, wanted + 1)]


def _place_in_text(plan: Plan, text: str, place: tuple[int, int] | None) -> Provision | None:
    """Give where a text was selected, or where a typed one stands; none when it is not there exactly once."""
    if place is not None and 0 <= place[0] < place[1] <= len(plan.text):
        return Provision(plan_id=plan.id, start=place[0], end=place[1])
    start = plan.text.find(text)
    if start < 0 or plan.text.find(text, start + 1) >= 0:
        return None
    return Provision(plan_id=plan.id, start=start, end=start + len(text))


def _places(plan: Plan, task: Task, parts: list[str]) -> list[Provision | None]:
    whole = task.provision
    if whole is None:
        return [None] * len(parts)
    places: list[Provision | None] = []
    cursor = whole.start
    for part in parts:
        start = plan.text.find(part, cursor, whole.end)
        if start < 0:
            places.append(None)
            continue
        cursor = start + len(part)
        places.append(Provision(plan_id=plan.id, section=whole.section, heading=whole.heading,
                                start=start, end=cursor))
    return places


def _copy(task: Task, text: str, position: int) -> Task:
    return Task(
        plan_id=task.plan_id, position=position, section=task.section, text=text, fold=fold(text), kind=task.kind,
        role=task.role, is_requested=task.is_requested, report_to=task.report_to, report_via=task.report_via,
        partners=dict(task.partners), rule=task.rule, confidence=task.confidence, reasons=dict(task.reasons),
        owners=[TaskOwner(printed=o.printed, agency_id=o.agency_id, group_id=o.group_id, position=o.position)
                for o in task.owners],
    )


def _share_out(deadlines: list[Deadline], pieces: list[Task]) -> None:
    """Give each deadline to the piece that holds its words; the first one keeps those without words."""
    for deadline in deadlines:
        home = next((p for p in pieces[1:] if deadline.words and deadline.words in p.text
                     and deadline.words not in pieces[0].text), pieces[0])
        if home is not pieces[0]:
            pieces[0].deadlines.remove(deadline)
            home.deadlines.append(copy_deadline(deadline))
    for piece in pieces:
        for position, deadline in enumerate(piece.deadlines):
            deadline.position = position


def _unite_deadlines(task: Task, following: Task) -> None:
    there = {same_deadline(deadline) for deadline in task.deadlines}
    for deadline in following.deadlines:
        if same_deadline(deadline) not in there:
            task.deadlines.append(copy_deadline(deadline, len(task.deadlines)))
