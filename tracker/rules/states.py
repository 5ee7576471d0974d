"""The named states and kinds of everything, and which change of state is allowed to whom."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission


class PlanState(StrEnum):
    """Where a plan stands: read and being checked, or live."""

    REVIEW = "review"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class DutyKind(StrEnum):
    """The five kinds of duty a provision may hold."""

    ONE_OFF = "one_off"
    STANDING = "standing"
    PERIODIC_REPORT = "periodic_report"
    INDICATOR = "indicator"
    EVENT_CLOCK = "event_clock"


class TaskRole(StrEnum):
    """Whether an agency answers for a task (chủ trì) or helps (phối hợp)."""

    LEAD = "lead"
    COORDINATE = "coordinate"


class DeadlineKind(StrEnum):
    """How a plan words a time limit."""

    DATE = "date"
    RANGE = "range"
    RECURRING = "recurring"
    PERIOD = "period"
    DURATION = "duration"


class Every(StrEnum):
    """How often a recurring duty comes round."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


class AssignmentState(StrEnum):
    """The workflow state of an assignment (beside it stands the official class)."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


#: States in which the agency still owes something.
OWED = frozenset({AssignmentState.OPEN, AssignmentState.IN_PROGRESS, AssignmentState.RETURNED})
#: States that count in official figures; what was cancelled does not.
COUNTED = frozenset(AssignmentState) - {AssignmentState.CANCELLED}


class Decision(StrEnum):
    """What a coordinator says of a submitted report."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class MailState(StrEnum):
    """Where a mail of the outbox stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    PARKED = "parked"
    #: Decided, but at the moment of sending there was nothing left to say.
    DROPPED = "dropped"


class MailKind(StrEnum):
    """Every e-mail the system sends: one function in mail/messages.py each."""

    DIGEST = "digest"
    CHASE = "chase"
    REPORT_RETURNED = "report_returned"
    PASSWORD_RESET = "password_reset"


@dataclass(frozen=True)
class Transition:
    """One allowed change of an assignment's state."""

    needs: Permission
    before: AssignmentState
    after: AssignmentState


_REPORT, _REVIEW = Permission.PROGRESS_REPORT, Permission.PROGRESS_REVIEW
_S = AssignmentState

#: The whole workflow of an assignment. What is not here is refused.
TRANSITIONS: tuple[Transition, ...] = (
    *(Transition(_REPORT, before, _S.IN_PROGRESS) for before in (_S.OPEN, _S.IN_PROGRESS, _S.RETURNED)),
    *(Transition(_REPORT, before, _S.SUBMITTED) for before in (_S.OPEN, _S.IN_PROGRESS, _S.RETURNED)),
    Transition(_REVIEW, _S.SUBMITTED, _S.ACCEPTED),
    Transition(_REVIEW, _S.SUBMITTED, _S.RETURNED),
    *(
        Transition(Permission.PLAN_PUBLISH, before, _S.CANCELLED)
        for before in (_S.OPEN, _S.IN_PROGRESS, _S.SUBMITTED, _S.RETURNED)
    ),
)


class NotAllowedNow(Refusal):
    """The assignment's state does not allow this change (any more)."""

    key = "not_allowed_now"


def check_transition(needs: Permission, before: AssignmentState, after: AssignmentState) -> None:
    """Refuse a change of state that the table above does not hold.

    Raises NotAllowedNow.
    """
    if Transition(needs, before, after) not in TRANSITIONS:
        raise NotAllowedNow(before=before.value, after=after.value)
