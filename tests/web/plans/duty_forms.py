"""What the forms and buttons of a duty send."""
from __future__ import annotations

from typing import Any

from tracker.models import Plan, Task
from tracker.workflow.task_state import mark, snapshot


def pressed(plan: Plan, *tasks: Task, **more: Any) -> dict[str, Any]:
    """What a button on a duty sends."""
    return {"version": plan.version, "mark": mark(*(snapshot(task) for task in tasks)), **more}


def form_of(plan: Plan, task: Task, **changes: Any) -> dict[str, Any]:
    """What the form of a duty sends."""
    values: dict[str, Any] = {**pressed(plan, task), "text": task.text, "section": task.section or "",
                              "kind": task.kind.value, "role": task.role.value, "then": "stay"}
    for number, owner in enumerate(task.owners):
        values |= {f"owners-{number}-name": owner.agency.name if owner.agency else owner.printed,
                   f"owners-{number}-printed": owner.printed}
    for number, deadline in enumerate(task.deadlines):
        values |= {f"deadlines-{number}-deadline_id": deadline.id, f"deadlines-{number}-kind": deadline.kind.value,
                   f"deadlines-{number}-due_on": f"{deadline.due_on:%d/%m/%Y}", f"deadlines-{number}-every": ""}
    return {**values, **changes}
