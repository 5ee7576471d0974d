"""The clarity list of a plan: which tasks leave one of the "6 rõ" open, the score, and what to ask the drafter."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.models import Task
from tracker.rules.clarity import POINTS, Clarity, Said, Verdict, judge, percent
from tracker.workflow.doubts import comes_round, is_dated

#: Key that the reading gives to what orders something and names nobody: no task yet, so it isn't judged as one.
MEASURE = "measure"


@dataclass(frozen=True)
class ClarityRow:
    """One task and how it answers the six questions."""

    task: Task
    verdicts: dict[Clarity, Verdict]

    @property
    def points(self) -> int:
        """Give its points, 0 to 12."""
        return sum(POINTS[verdict] for verdict in self.verdicts.values())

    @property
    def open(self) -> list[Clarity]:
        """List the questions that are not answered clearly."""
        return [question for question in Clarity if self.verdicts[question] is not Verdict.CLEAR]


@dataclass(frozen=True)
class ClarityReport:
    """A plan judged by the six questions."""

    #: Least clear first; then the plan's own order.
    rows: list[ClarityRow]
    #: Points as a percentage of the most there are; None without tasks.
    score: int | None
    #: For each question how many tasks answer it in which way.
    counts: dict[Clarity, dict[Verdict, int]]
    #: What names nobody and is left out of the score.
    measures: int

    def asking(self, question: Clarity) -> list[ClarityRow]:
        """Give the tasks that leave one question open, in the plan's order."""
        found = [row for row in self.rows if row.verdicts[question] is not Verdict.CLEAR]
        return sorted(found, key=lambda row: (row.task.position, row.task.id))


def report(tasks: Sequence[Task]) -> ClarityReport:
    """Judge a plan's tasks (owners and deadlines loaded); those dropped in the review do not count."""
    alive = [task for task in tasks if task.dropped_at is None]
    judged = [ClarityRow(task, judge(_said(task))) for task in alive if not _is_measure(task)]
    return ClarityReport(
        rows=sorted(judged, key=lambda row: (row.points, row.task.position, row.task.id)),
        score=percent(row.verdicts for row in judged),
        counts={
            question: {verdict: sum(row.verdicts[question] is verdict for row in judged) for verdict in Verdict}
            for question in Clarity
        },
        measures=len(alive) - len(judged),
    )


def _is_measure(task: Task) -> bool:
    return not task.owners and MEASURE in task.reasons.get("keys", ())


def _said(task: Task) -> Said:
    return Said(
        text=task.text,
        kind=task.kind,
        role=task.role,
        is_requested=task.is_requested,
        owners=len(task.owners),
        owners_known=sum(owner.agency_id is not None or owner.group_id is not None for owner in task.owners),
        partners=tuple(task.partners.get("names", ())),
        is_dated=any(is_dated(deadline) or comes_round(deadline) for deadline in task.deadlines),
        has_time_words=bool(task.deadlines),
        product=task.expected_product,
        report_to=task.report_to,
    )
