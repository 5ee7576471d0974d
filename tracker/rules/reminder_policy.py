"""When an assignment is reminded of, and who is told at which moment: the province's way, and a plan's own."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.rules.errors import Refusal


class Moment(StrEnum):
    """The moments of one due date, in their order."""

    BEFORE = "before"
    #: The last warning: on the due date, or on the last working day before it.
    DUE = "due"
    AFTER = "after"
    LATE = "late"
    VERY_LATE = "very_late"


class Audience(StrEnum):
    """Who may be told: the agency's own people, then those above it."""

    LIAISON = "liaison"
    #: The colleague a liaison named for the days of absence.
    STAND_IN = "stand_in"
    HEAD = "head"
    COORDINATOR = "coordinator"
    LEADERSHIP = "leadership"


#: They are told upwards: only what is ordered, late and not asked to be put off.
UPWARDS = frozenset({Audience.HEAD, Audience.COORDINATOR, Audience.LEADERSHIP})
_LATE = frozenset({Moment.AFTER, Moment.LATE, Moment.VERY_LATE})

Told = frozenset[tuple[Moment, Audience]]

#: An agency is always told before it is late, whoever sets the policy.
LAST_WARNING = (Moment.DUE, Audience.LIAISON)
USUAL: Told = frozenset({
    (Moment.BEFORE, Audience.LIAISON), LAST_WARNING, (Moment.AFTER, Audience.LIAISON),
    (Moment.LATE, Audience.HEAD), (Moment.VERY_LATE, Audience.LEADERSHIP),
})  # fmt: skip

#: What makes sense, in working days: at least, at most.
MOST_BEFORE = 30
MOST_TIMES_BEFORE = 5
LIMITS = {
    "after_every": (1, 30),
    "weekly_after": (1, 90),
    "late_after": (1, 90),
    "very_late_after": (1, 180),
}


@dataclass(frozen=True)
class ReminderPolicy:
    """When reminders go out, in working days from the due date, and who gets them."""

    #: The days before, the longest first.
    before: tuple[int, ...] = (5, 1)
    #: Late, the liaison is told again so often …
    after_every: int = 3
    #: … and from this lateness on once a week.
    weekly_after: int = 15
    #: From these on those above are told, as `told` says; the second is not before the first.
    late_after: int = 5
    very_late_after: int = 10
    told: Told = USUAL

    def audiences(self, moment: Moment) -> frozenset[Audience]:
        """Give who is told at a moment."""
        return frozenset(
            audience for told_at, audience in self.told if told_at is moment and may_be_told(moment, audience))


def may_be_told(moment: Moment, audience: Audience) -> bool:
    """Tell whether there is anything to tell somebody at a moment: upwards only what is late."""
    return audience not in UPWARDS or moment in _LATE


class DaysBeforeNotUnderstood(Refusal):
    """The days before are not one to five different whole numbers of 1 to 30 (values: most, times)."""

    key = "days_before_not_understood"


class ReminderOutOfBounds(Refusal):
    """A number of days is shorter or longer than makes sense (values: least, most)."""

    key = "policy_out_of_bounds"

    def __init__(self, field: str, least: int, most: int) -> None:
        super().__init__(least=least, most=most)
        self.field = field


class VeryLateBeforeLate(Refusal):
    """The second step upwards would come before the first."""

    key = "very_late_before_late"


def check(policy: ReminderPolicy) -> ReminderPolicy:
    """Give the policy in order, with the last warning in it: it can't be switched off.

    Raises DaysBeforeNotUnderstood, ReminderOutOfBounds or VeryLateBeforeLate.
    """
    days = tuple(sorted(set(policy.before), reverse=True))
    if len(days) != len(policy.before) or len(days) > MOST_TIMES_BEFORE or any(
            not 1 <= day <= MOST_BEFORE for day in days):
        raise DaysBeforeNotUnderstood(most=MOST_BEFORE, times=MOST_TIMES_BEFORE)
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(policy, name) <= most:
            raise ReminderOutOfBounds(name, least, most)
    if policy.very_late_after < policy.late_after:
        raise VeryLateBeforeLate
    return ReminderPolicy(days, policy.after_every, policy.weekly_after, policy.late_after, policy.very_late_after,
                          frozenset(pair for pair in policy.told if may_be_told(*pair)) | {LAST_WARNING})


def told_to_json(told: Told) -> dict[str, list[str]]:
    """Write who is told as it is stored: moment to audiences, in their order."""
    return {
        moment.value: [audience.value for audience in Audience if (moment, audience) in told] for moment in Moment
    }


def told_from_json(stored: Mapping[str, Iterable[str]]) -> Told:
    """Read who is told as it was stored."""
    return frozenset((Moment(moment), Audience(one)) for moment, audiences in stored.items() for one in audiences)


def moments_of(policy: ReminderPolicy, audiences: Collection[Audience]) -> list[Moment]:
    """Give the moments at which any of these is told, in their order."""
    return [moment for moment in Moment if policy.audiences(moment) & set(audiences)]
