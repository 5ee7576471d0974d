"""Making a reviewed plan live: its tasks become assignments, all of them or none."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models import (
    Actor,
    Agency,
    AgencyGroupMember,
    Deadline,
    Plan,
    Task,
    TaskOwner,
)
from tracker.models.audit import record
from tracker.rules.errors import Refusal
from tracker.rules.periods import Window, next_window
from tracker.rules.states import PlanState
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow.assigning import assignment_row, first_half_only, insert_assignments, occurrence, open_period
from tracker.workflow.doubts import Doubt, comes_round, find_unclear, is_dated
from tracker.workflow.periods import open_next_windows
from tracker.workflow.reviewing_plan import PlanNotUnderReview

__all__ = ["Draft", "NewsNotPlan", "NothingToAssign", "OwnerNotConfirmed", "Published", "ReportWithoutDay",
           "TextNotChecked", "due_day", "load_tasks", "open_next_windows", "prepare", "publish",
           "withdraw"]  # fmt: skip

class NothingToAssign(Refusal):
    """No task has an owner that can be given work."""

    key = "nothing_to_assign"


class OwnerNotConfirmed(Refusal):
    """Some owners were concluded where a heading was lost, and no person has looked at them (values: count)."""

    key = "owner_not_confirmed"


class ReportWithoutDay(Refusal):
    """Some periodic reports have an owner and no day by which they are sent (values: count)."""

    key = "report_without_day"


class TextNotChecked(Refusal):
    """The letters were recognised or converted, and nobody has compared them with the original."""

    key = "text_not_checked"


class NewsNotPlan(Refusal):
    """The text is an article about a plan; nobody is given work without the document itself."""

    key = "news_not_plan"


@dataclass(frozen=True)
class Published:
    """What publishing made."""

    assignments: int
    agencies: int
    tasks: int
    #: Tasks that nobody got; they stay listed with the plan.
    unassigned: int


@dataclass(frozen=True)
class _Share:
    """One agency's share of a task, and the group through which it got it."""

    agency: Agency
    group_id: int | None


@dataclass
class Draft:
    """What publishing would make today, worked out without making it."""

    #: (task, deadline or None, window or None, shares) for each set of assignments.
    sets: list[tuple[Task, Deadline | None, Window | None, list[_Share]]] = field(default_factory=list)
    unassigned: list[Task] = field(default_factory=list)
    #: Periodic reports that have an owner and no send-by day: nothing is published while there are any.
    without_day: list[Task] = field(default_factory=list)
    #: Owners the reading concluded (a heading was lost) and nobody has confirmed: a wrong owner is worse than none,
    #: so nothing is published while there are any.
    unconfirmed: list[Task] = field(default_factory=list)
    #: Owners among assigned tasks who get nothing: not in the catalogue, ended, or a group without members.
    left_out: list[TaskOwner] = field(default_factory=list)

    @property
    def assignments(self) -> int:
        """Count the assignments."""
        return sum(len(shares) for _task, _deadline, _window, shares in self.sets)

    @property
    def agency_ids(self) -> set[int]:
        """Give the agencies that get work."""
        return {share.agency.id for _task, _deadline, _window, shares in self.sets for share in shares}

    @property
    def task_ids(self) -> set[int]:
        """Give the tasks that somebody gets."""
        return {task.id for task, _deadline, _window, _shares in self.sets}

    def late(self, today: date) -> int:
        """Count the assignments whose day is past already on the day they are made."""
        return sum(len(shares) for _task, deadline, window, shares in self.sets
                   if (due := due_day(deadline, window)) is not None and due < today)


def publish(session: Session, plan: Plan, *, actor: Actor, now: datetime, today: date,
            calendar: WorkingCalendar) -> Published:
    """Give a plan's work out: one assignment for each task, agency and due date, in one transaction.

    The caller commits. Of two people who publish at once one wins; the other gets PlanNotUnderReview. Raises
    NewsNotPlan, TextNotChecked, OwnerNotConfirmed, ReportWithoutDay, NothingToAssign; then nothing was changed.
    """
    with session.begin_nested():
        plan = _take(session, plan)
        draft = prepare(session, plan, today=today)
        if plan.extract.get("is_news"):
            raise NewsNotPlan
        if plan.text_needs_check:
            raise TextNotChecked
        if draft.unconfirmed:
            raise OwnerNotConfirmed(count=len(draft.unconfirmed))
        if draft.without_day:
            raise ReportWithoutDay(count=len(draft.without_day))
        if not draft.assignments:
            raise NothingToAssign
        _insert(session, draft, now=now, calendar=calendar)
        plan.state, plan.published_at = PlanState.PUBLISHED, now
        plan.published_by_id = actor.user.id if actor.user else None
        done = Published(draft.assignments, len(draft.agency_ids), len(draft.task_ids), len(draft.unassigned))
        record(session, actor, "plan.published", plan, now=now, before={"state": PlanState.REVIEW.value},
               after={"state": PlanState.PUBLISHED.value, "assignments": done.assignments,
                      "agencies": done.agencies, "unassigned": done.unassigned})
        session.flush()
    return done


def withdraw(session: Session, plan: Plan, *, actor: Actor, now: datetime) -> None:
    """Give up a plan that was never published. It is kept, and read by nobody but its coordinator.

    The caller commits. Raises PlanNotUnderReview.
    """
    with session.begin_nested():
        plan = _take(session, plan)
        plan.state = PlanState.CANCELLED
        record(session, actor, "plan.withdrawn", plan, now=now, before={"state": PlanState.REVIEW.value},
               after={"state": PlanState.CANCELLED.value})
        session.flush()


def _take(session: Session, plan: Plan) -> Plan:
    """Hold the plan's row until the end, read afresh, so that its state can't change under us."""
    held = session.scalars(
        select(Plan).where(Plan.id == plan.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if held.state is not PlanState.REVIEW:
        raise PlanNotUnderReview
    return held


def load_tasks(session: Session, plan: Plan) -> list[Task]:
    """Read a plan's tasks in order, with owners, deadlines and places; dropped ones too, undone ones not."""
    return list(session.scalars(
        select(Task).where(Task.plan_id == plan.id, Task.taken_back_at.is_(None)).order_by(Task.position, Task.id)
        .options(
            selectinload(Task.owners).options(joinedload(TaskOwner.agency), joinedload(TaskOwner.group)),
            selectinload(Task.deadlines),
            joinedload(Task.provision),
        ).execution_options(populate_existing=True)
    ))


def prepare(session: Session, plan: Plan, *, today: date) -> Draft:
    """Work out what publishing this plan today would make; changes nothing."""
    tasks = [task for task in load_tasks(session, plan) if task.dropped_at is None]
    members = _members(session, tasks)
    doubts = find_unclear(tasks, today=today)
    draft = Draft()
    for task in tasks:
        shares, left_out = _shares(task, members, today)
        if not shares:
            draft.unassigned.append(task)
            continue
        draft.left_out += left_out
        if Doubt.OWNER_INFERRED in doubts[task.id]:
            draft.unconfirmed.append(task)
        if Doubt.NO_SEND_BY_DAY in doubts[task.id]:
            draft.without_day.append(task)
            continue
        draft.sets += [(task, deadline, window, shares) for deadline, window in _due_dates(task, today)]
    return draft


def due_day(deadline: Deadline | None, window: Window | None) -> date | None:
    """Give the due date of one set of assignments."""
    if window is not None:
        return window.due_on
    return deadline.due_on if deadline is not None else None


def _due_dates(task: Task, today: date) -> Iterator[tuple[Deadline | None, Window | None]]:
    """Give what a task's agencies owe it: each date, the next window of each recurrence, or once without a date."""
    found = False
    days: set[date | None] = set()
    for deadline in task.deadlines:
        if is_dated(deadline):
            found = True
            if deadline.due_on not in days:  # the same day said twice is owed once
                yield deadline, None
            days.add(deadline.due_on)
        elif comes_round(deadline):
            recurrence = deadline.recurrence(first_half_only=first_half_only(task))
            assert recurrence is not None
            found = True
            yield deadline, next_window(recurrence, today)
    if not found:
        yield None, None


def _members(session: Session, tasks: list[Task]) -> dict[int, list[Agency]]:
    """Read the members of every group that the tasks name, in one query."""
    groups = {owner.group_id for task in tasks for owner in task.owners if owner.group_id is not None}
    members: dict[int, list[Agency]] = {group: [] for group in groups}
    rows = session.execute(
        select(AgencyGroupMember.group_id, Agency)
        .join(Agency, Agency.id == AgencyGroupMember.agency_id)
        .where(AgencyGroupMember.group_id.in_(groups))
        .order_by(Agency.level.desc(), Agency.position, Agency.id)
    )
    for group_id, agency in rows:
        members[group_id].append(agency)
    return members


def _shares(task: Task, members: dict[int, list[Agency]], today: date) -> tuple[list[_Share], list[TaskOwner]]:
    """Give who gets the task, each agency once; one named itself does not get it through a group as well."""
    named = {owner.agency_id for owner in task.owners}
    shares: dict[int, _Share] = {}
    left_out = []
    for owner in task.owners:
        if owner.agency is not None:
            got = [_Share(owner.agency, None)]
        else:
            got = [_Share(agency, owner.group_id) for agency in members.get(owner.group_id or 0, [])]
        living = [share for share in got if share.agency.ended_on is None or share.agency.ended_on >= today]
        if not living:
            left_out.append(owner)
        for share in living:
            if share.group_id is None or share.agency.id not in named:
                shares.setdefault(share.agency.id, share)
    return list(shares.values()), left_out


def _insert(session: Session, draft: Draft, *, now: datetime, calendar: WorkingCalendar) -> None:
    rows: list[dict[str, Any]] = []
    times = Counter(task.id for task, _deadline, _window, _shares in draft.sets)
    for task, deadline, window, shares in draft.sets:
        period = open_period(session, deadline, window) if deadline and window else None
        due_on = due_day(deadline, window)
        rows += [
            assignment_row(
                task, share.agency, group_id=share.group_id, deadline=deadline, period=period, due_on=due_on,
                occurrence=occurrence(deadline, window, alone=times[task.id] == 1), now=now, calendar=calendar)
            for share in shares
        ]
    insert_assignments(session, rows)
