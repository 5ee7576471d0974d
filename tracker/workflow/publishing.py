"""Making a reviewed plan live: its tasks become assignments, all of them or none."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Actor, Deadline, Plan, Task, TaskOwner, User
from tracker.models.audit import record
from tracker.models.recipients import is_reachable_liaison
from tracker.reminders.outbox import enqueue_all
from tracker.rules.errors import Refusal
from tracker.rules.periods import Window
from tracker.rules.states import MailKind, PlanState
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import amending, reminder_policies
from tracker.workflow.assigning import assignment_row, insert_assignments, occurrence, open_period
from tracker.workflow.doubts import Doubt, find_unclear
from tracker.workflow.periods import open_next_windows
from tracker.workflow.reviewing_plan import PlanNotUnderReview
from tracker.workflow.sharing import Bodies, Share, due_dates, due_day, load_tasks

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
    #: Helpers' parts made beside the assignments.
    parts: int = 0
    #: What it did to the work of the plan it amends; None when it amends none that is running.
    amended: amending.Outcome | None = None


@dataclass
class Draft:
    """What publishing would make today, worked out without making it."""

    #: (task, deadline or None, window or None, shares) for each set of assignments.
    sets: list[tuple[Task, Deadline | None, Window | None, list[Share]]] = field(default_factory=list)
    #: Who helps, by task id: a part for each set of the task.
    helpers: dict[int, list[Share]] = field(default_factory=dict)
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
    def parts(self) -> int:
        """Count the helpers' parts; they are no assignments of the plan's figures."""
        return sum(len(self.helpers.get(task.id, ())) for task, _deadline, _window, _shares in self.sets)

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

    The liaisons are told by mail. A plan that amends one that is running takes over its work (workflow/amending.py),
    and tells what changed. The caller commits. Of two
    people who publish at once one wins; the other gets PlanNotUnderReview. Raises NewsNotPlan, TextNotChecked,
    OwnerNotConfirmed, ReportWithoutDay, NothingToAssign, EarlierReplaced; then nothing was changed.
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
        plan.state, plan.published_at = PlanState.PUBLISHED, now
        plan.published_by_id = actor.user.id if actor.user else None
        amended = None
        assignments, agencies, parts = draft.assignments, len(draft.agency_ids), draft.parts
        if (earlier := amending.hold_earlier(session, plan)) is not None:
            amended = amending.carry_over(session, earlier, plan, actor=actor, now=now, today=today, calendar=calendar)
            reminder_policies.inherit(session, earlier, plan, actor=actor, now=now)
            sums = amended.balance  # what is taken over may be more than the plan itself would give out today
            assignments, agencies, parts = sums.after, sums.agencies, sums.parts
        else:
            _insert(session, draft, now=now, calendar=calendar)
            _tell(session, plan, draft, now=now)
        done = Published(assignments, agencies, len(draft.task_ids), len(draft.unassigned), parts, amended)
        record(session, actor, "plan.published", plan, now=now, before={"state": PlanState.REVIEW.value},
               after={"state": PlanState.PUBLISHED.value, "assignments": done.assignments, "parts": done.parts,
                      "agencies": done.agencies, "unassigned": done.unassigned})
        session.flush()
    return done


def _tell(session: Session, plan: Plan, draft: Draft, *, now: datetime) -> None:
    """Decide one mail for each liaison of the agencies that get work, in the transaction that gives it to them."""
    helpers = {share.agency.id for task_id in draft.task_ids for share in draft.helpers.get(task_id, ())}
    people = session.scalars(
        select(User.id).where(User.agency_id.in_(draft.agency_ids | helpers), is_reachable_liaison()).order_by(User.id)
    ).all()
    enqueue_all(session, people, MailKind.ASSIGNED, f"plan:{plan.id}", now=now)


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


def prepare(session: Session, plan: Plan, *, today: date) -> Draft:
    """Work out what publishing this plan today would make; changes nothing."""
    tasks = [task for task in load_tasks(session, plan) if task.dropped_at is None]
    bodies = Bodies(session, tasks)
    doubts = find_unclear(tasks, today=today)
    draft = Draft()
    for task in tasks:
        sharing = bodies.sharing(task, today)
        if not sharing.leads:
            draft.unassigned.append(task)
            continue
        draft.left_out += sharing.left_out
        if Doubt.OWNER_INFERRED in doubts[task.id]:
            draft.unconfirmed.append(task)
        if Doubt.NO_SEND_BY_DAY in doubts[task.id]:
            draft.without_day.append(task)
            continue
        draft.sets += [(task, deadline, window, sharing.leads) for deadline, window in due_dates(task, today)]
        draft.helpers[task.id] = sharing.parts
    return draft


def _insert(session: Session, draft: Draft, *, now: datetime, calendar: WorkingCalendar) -> None:
    rows: list[dict[str, Any]] = []
    times = Counter(task.id for task, _deadline, _window, _shares in draft.sets)
    for task, deadline, window, shares in draft.sets:
        period = open_period(session, deadline, window) if deadline and window else None
        due_on = due_day(deadline, window)
        rows += [
            assignment_row(
                task, share.agency, group_id=share.group_id, deadline=deadline, period=period, due_on=due_on,
                occurrence=occurrence(deadline, window, alone=times[task.id] == 1), now=now, calendar=calendar,
                is_part=share.is_part)
            for share in [*shares, *draft.helpers.get(task.id, ())]
        ]
    insert_assignments(session, rows)
