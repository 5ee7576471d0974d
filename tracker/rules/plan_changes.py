"""What a change of a running plan does to one piece of work that was given out."""
from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Balance:
    """The work of a plan that amends another and of the one that it amends, helpers' parts apart.

    Every piece of work stands in one number of each plan, so the numbers of a plan add up to all of its work.
    """

    #: Of the amending plan: taken over as it was, confirmed, with another day, with other words, and new.
    kept: int
    settled: int
    moved: int
    reworded: int
    given: int
    #: Of the amended plan, what is not taken over: asked no more, confirmed before and kept there, going on there
    #: because this plan does not name it, or only helped with from now on.
    ended: int
    settled_before: int
    left_running: int
    made_parts: int
    #: Bodies that hold work of the amending plan, and the helpers' parts of it.
    agencies: int
    parts: int

    @property
    def taken_over(self) -> int:
        """Count what was given out by the amended plan and is work of the amending one."""
        return self.kept + self.settled + self.moved + self.reworded

    @property
    def after(self) -> int:
        """Count all work of the amending plan."""
        return self.taken_over + self.given

    @property
    def before(self) -> int:
        """Count all work of the amended plan before."""
        return self.taken_over + self.ended + self.settled_before + self.left_running + self.made_parts


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
