"""What a change of a running plan does to one piece of work that was given out."""
from __future__ import annotations

from datetime import date
from enum import StrEnum

from tracker.rules.states import AssignmentState


class Effect(StrEnum):
    """What happens to one assignment. The order is the one in which people are told."""

    #: New work: a task was added, or a body was named that had not got it.
    GIVEN = "given"
    #: Its last day is another one now.
    MOVED = "moved"
    #: It says something else, or asks for another product; the day is the same.
    REWORDED = "reworded"
    #: It is not this body's work any more.
    ENDED = "ended"
    #: It goes on as it was.
    CARRIED = "carried"
    #: It was accepted, and stays accepted.
    SETTLED = "settled"


#: What somebody is told of.
TOLD = (Effect.GIVEN, Effect.MOVED, Effect.REWORDED, Effect.ENDED)


def day_after_change(state: AssignmentState, due_on: date | None, first_due_on: date | None,
                     wanted: date | None) -> date | None:
    """Give the last day that one assignment has when its plan moves the task's day to `wanted`.

    More time that was granted to this one body is not taken away by the plan: the later of the two days counts. A
    report that waits for the coordinator is not made late by a day that is moved forward.
    """
    was_extended = due_on is not None and first_due_on is not None and due_on > first_due_on
    if wanted is None or due_on is None:
        return wanted
    if was_extended or state is AssignmentState.SUBMITTED:
        return max(due_on, wanted)
    return wanted
