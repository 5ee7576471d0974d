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
    #: Another plan took its place; what was done under it stays.
    SUPERSEDED = "superseded"
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


class RequestState(StrEnum):
    """Where something an agency asked for stands: more time, or another owner."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    #: Taken back by the agency before it was decided.
    WITHDRAWN = "withdrawn"


class ReportChannel(StrEnum):
    """By which way a report came in."""

    PAGE = "page"
    #: The signed link of a mail, without logging in.
    MAIL_LINK = "mail_link"
    GRID = "grid"
    WORKBOOK = "workbook"


class ChaseChannel(StrEnum):
    """How somebody was chased."""

    MAIL = "mail"
    PHONE = "phone"
    MEETING = "meeting"
    #: An official letter (công văn đôn đốc).
    LETTER = "letter"


class ChaseTone(StrEnum):
    """How firmly a chase is worded; bodies that can only be asked get request wording whatever the tone."""

    GENTLE = "gentle"
    FIRM = "firm"
    OFFICIAL = "official"


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
    #: Somebody wrote in the thread of an assignment.
    THREAD_MESSAGE = "thread_message"
    #: More time, or another owner, was granted or refused.
    REQUEST_DECIDED = "request_decided"
    #: A colleague was named as the one who does it.
    HANDED_OVER = "handed_over"
    #: A plan was published: what it gives the agency, told once to each person.
    ASSIGNED = "assigned"
    #: A running plan was changed: told once to each person concerned.
    PLAN_CHANGED = "plan_changed"
    #: What is too late, upwards: to coordinators and to the leadership.
    ESCALATION = "escalation"
    #: A coordinator's week: who is late, what changed, what waits.
    WEEKLY = "weekly"
    #: A leader's month, in the four cells.
    MONTHLY = "monthly"
    #: A mail server refused an address for good: to who can mend it.
    ADDRESS_REFUSED = "address_refused"
    #: What became of the morning's mails, to the administrators.
    MORNING_LINE = "morning_line"
    PASSWORD_RESET = "password_reset"


#: One of these at most reaches a person in a morning.
MORNING_KINDS = frozenset({MailKind.DIGEST, MailKind.ESCALATION, MailKind.WEEKLY, MailKind.MONTHLY})


class DigestRhythm(StrEnum):
    """How often a person wants the digest; the last warning before a due date comes all the same."""

    DAILY = "daily"
    WEEKLY = "weekly"


class MailEventKind(StrEnum):
    """What happened to a mail of the outbox beside being sent."""

    DEFERRED = "deferred"
    PARKED = "parked"
    DROPPED = "dropped"
    #: An administrator put it back in the queue.
    RESENT = "resent"
    #: The recipient's server sent it back later.
    BOUNCED = "bounced"


class IncomingKind(StrEnum):
    """What a mail that came to the sender's mailbox is."""

    #: A delivery status notification: a mail of ours did not arrive.
    BOUNCE = "bounce"
    #: Absent, out of the office: never taken for an answer.
    AUTO_REPLY = "auto_reply"
    REPLY = "reply"
    #: Nothing of ours; left unread.
    UNKNOWN = "unknown"


class IncomingState(StrEnum):
    """What became of a mail that came in."""

    #: An answer that waits for its liaison to make a report of it.
    OFFERED = "offered"
    USED = "used"
    DISCARDED = "discarded"
    #: Nothing has to be done with it (any more).
    FILED = "filed"


class JobState(StrEnum):
    """How a run of the clock's jobs stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Transition:
    """One allowed change of an assignment's state."""

    needs: Permission
    before: AssignmentState
    after: AssignmentState


_P, _S = Permission, AssignmentState
#: In these an agency still works on it; `_LIVE` adds what waits for the coordinator.
_WORKED_ON = (_S.OPEN, _S.IN_PROGRESS, _S.RETURNED)
_LIVE = (*_WORKED_ON, _S.SUBMITTED)

#: The whole workflow of an assignment. What is not here is refused.
TRANSITIONS: tuple[Transition, ...] = (
    *(Transition(_P.PROGRESS_REPORT, before, _S.IN_PROGRESS) for before in _WORKED_ON),
    *(Transition(_P.PROGRESS_REPORT, before, _S.SUBMITTED) for before in _WORKED_ON),
    # A report that nobody has decided on yet can be taken back by its agency.
    Transition(_P.PROGRESS_WITHDRAW, _S.SUBMITTED, _S.IN_PROGRESS),
    Transition(_P.PROGRESS_REVIEW, _S.SUBMITTED, _S.ACCEPTED),
    Transition(_P.PROGRESS_REVIEW, _S.SUBMITTED, _S.RETURNED),
    # A decision pressed by mistake goes back to waiting.
    Transition(_P.PROGRESS_REOPEN, _S.ACCEPTED, _S.SUBMITTED),
    Transition(_P.PROGRESS_REOPEN, _S.RETURNED, _S.SUBMITTED),
    # A helper confirms its part to the lead, who needs nobody's acceptance for it; or the lead does without it.
    *(Transition(_P.PART_CONFIRM, before, _S.ACCEPTED) for before in _WORKED_ON),
    *(Transition(_P.PART_WAIVE, before, _S.CANCELLED) for before in _WORKED_ON),
    # The work turned out to be another body's: the row stays, and names the one that took its place.
    *(Transition(_P.REQUEST_DECIDE, before, _S.CANCELLED) for before in _LIVE),
    *(Transition(_P.PLAN_CHANGE, before, _S.CANCELLED) for before in _LIVE),
    # A withdrawal that nobody was told of yet is taken back: everything is again what it was.
    *(Transition(_P.PLAN_CHANGE, _S.CANCELLED, after) for after in _LIVE),
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
