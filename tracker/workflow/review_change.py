"""One change of a plan under review: the plan is held, an older form is refused, what was changed is kept.

Every change takes the plan's row first, so two people change it one after the other.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.models import Actor, Plan, StepKind, Task
from tracker.rules.errors import Refusal
from tracker.rules.states import PlanState
from tracker.workflow.holding_plan import holding
from tracker.workflow.review_log import note_step, task_state
from tracker.workflow.task_state import facts, mark, snapshot


class PlanNotUnderReview(Refusal):
    """The plan was published or withdrawn meanwhile; its tasks are no proposals any more."""

    key = "plan_not_under_review"


class ReviewStale(Refusal):
    """Somebody else changed the same thing after this form was opened."""

    key = "review_stale"


@dataclass(frozen=True)
class Seen:
    """What a form was filled in beside: the plan's version and the mark of the task (or the facts)."""

    version: int
    mark: str = ""


class Step:
    """What one act changes, gathered while it runs."""

    def __init__(self, plan: Plan, kind: StepKind, tasks: tuple[Task, ...]) -> None:
        self._plan, self.kind = plan, kind
        self._facts = facts(plan) if kind is StepKind.FACTS else None
        self._before: list[tuple[Task, dict[str, Any] | None]] = [(task, task_state(task)) for task in tasks]

    def made(self, *tasks: Task) -> None:
        """Say that the act made these duties."""
        self._before += [(task, None) for task in tasks]

    def changes(self) -> list[dict[str, Any]]:
        """Give what was changed; to be asked after the flush."""
        changed = [{"task": task.id, "before": before, "after": task_state(task)} for task, before in self._before]
        if self._facts is not None:
            changed.append({"task": None, "before": self._facts, "after": facts(self._plan)})
        return changed


def holding_review(session: Session, plan: Plan) -> AbstractContextManager[None]:
    """Take the plan's row for one change of its review. Raises PlanNotUnderReview."""
    return holding(session, plan, PlanState.REVIEW, PlanNotUnderReview)


@contextmanager
def changing(session: Session, plan: Plan, seen: Seen | None, *tasks: Task, kind: StepKind, actor: Actor,
             now: datetime) -> Iterator[Step]:
    """Hold a plan for one act on these tasks (or its facts), and keep the act so that it can be undone.

    Raises PlanNotUnderReview, and ReviewStale beside a state that is no longer there.
    """
    with holding_review(session, plan):
        states = [snapshot(task) for task in tasks] or [facts(plan)]
        # Others may work on other tasks of the plan meanwhile; only the same one is a conflict.
        if seen and plan.version - 1 != seen.version and mark(*states) != seen.mark:
            raise ReviewStale
        step = Step(plan, kind, tasks)
        yield step
        session.flush()
        note_step(session, plan, step.kind, step.changes(), actor=actor, now=now)
