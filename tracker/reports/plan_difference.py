"""An amended version of a plan beside the one before: duties and indicators that came, went or changed."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.models import Deadline, Plan, Task
from tracker.rules.plan_versions import Change, Duty, Pair, Piece, compare, pieces


@dataclass(frozen=True)
class Difference:
    """One duty or indicator in both versions, as it is shown."""

    pair: Pair
    #: The rows behind it, for a page that links to them; None for an indicator or where there is none.
    before: Task | None
    after: Task | None
    #: The words of both in one row; empty unless they differ.
    words: list[Piece]


@dataclass(frozen=True)
class Versions:
    """Two versions of a plan."""

    duties: list[Difference]
    indicators: list[Difference]

    def count(self) -> Counter[Change]:
        """Count what happened to the duties."""
        return Counter(one.pair.change for one in self.duties)

    @property
    def changed(self) -> list[Difference]:
        """Give the duties that are not the same any more."""
        return [one for one in self.duties if one.pair.change is not Change.KEPT]

    @property
    def changed_indicators(self) -> list[Difference]:
        """Give the indicators that are not the same any more."""
        return [one for one in self.indicators if one.pair.change is not Change.KEPT]


def difference(before: Plan, before_tasks: Sequence[Task], after: Plan, after_tasks: Sequence[Task]) -> Versions:
    """Compare two versions; owners and deadlines of the tasks must be loaded. What was dropped is not compared."""
    old = {task.id: task for task in before_tasks if task.dropped_at is None}
    new = {task.id: task for task in after_tasks if task.dropped_at is None}
    duties = compare([_duty(task) for task in old.values()], [_duty(task) for task in new.values()])
    goals = compare(_goals(before), _goals(after))
    return Versions(
        duties=[Difference(pair, old[pair.before.id] if pair.before else None,
                           new[pair.after.id] if pair.after else None, _pieces(pair)) for pair in duties],
        indicators=[Difference(pair, None, None, _pieces(pair)) for pair in goals],
    )


def _duty(task: Task) -> Duty:
    return Duty(
        id=task.id,
        section=task.section,
        text=task.text,
        owners=tuple(body.name if (body := owner.agency or owner.group) else owner.printed
                     for owner in task.owners),
        deadlines=tuple(_limit(deadline) for deadline in task.deadlines),
        product=task.expected_product,
    )


def _limit(deadline: Deadline) -> str:
    """Give what a deadline means, whatever its words."""
    parts = (deadline.kind.value, deadline.starts_on, deadline.due_on, deadline.every, deadline.due_day,
             deadline.first_day, deadline.last_day, deadline.months, deadline.days)
    return "|".join(str(part or "") for part in parts)


def _goals(plan: Plan) -> list[Duty]:
    return [Duty(number, goal.get("section"), goal.get("text", ""))
            for number, goal in enumerate(plan.extract.get("indicators", []))]


def _pieces(pair: Pair) -> list[Piece]:
    if pair.before is None or pair.after is None or "text" not in pair.changed_fields:
        return []
    return pieces(pair.before.text, pair.after.text)
