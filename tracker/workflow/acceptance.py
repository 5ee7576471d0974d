"""What the coordinator says of a report that was handed in: accepted, or returned with a reason; and taking it back."""
from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.clock import vietnam_day
from tracker.models import Actor, Agency, Assignment, OutboxMail, ProgressUpdate, Review, User
from tracker.models.access import may_review
from tracker.models.audit import record
from tracker.models.calendar import load_calendar
from tracker.models.policy import load_policy
from tracker.reminders import outbox
from tracker.reminders.content import N_
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission, Role
from tracker.rules.personal_data import refuse_personal_data
from tracker.rules.policy import working_days_after
from tracker.rules.standing import last_day_in_time
from tracker.rules.states import OWED, AssignmentState, Decision, MailKind, MailState, PlanState, check_transition
from tracker.workflow.progress import percent_under_way, standing_of, take, waiting_report

TAKEN_BACK = N_("Cơ quan thường trực đã rút lại việc trả báo cáo trước khi thư được gửi.")
#: So long a decision may be taken back; after it, people rely on it.
UNDO_WITHIN = timedelta(hours=24)


class NotYourPlan(Refusal):
    """Another agency coordinates the plan."""

    key = "not_your_plan"


class ReasonMissing(Refusal):
    """A report is returned with words that say what is missing."""

    key = "return_without_reason"


class PartsOpen(Refusal):
    """Helpers have neither confirmed their part nor been waived (values: count, names)."""

    key = "parts_open"


class TooLateToUndo(Refusal):
    """The decision is older than a day, or its mail has gone out, or something was built on it."""

    key = "too_late_to_undo"


def accept(
    session: Session, assignment: Assignment, *, actor: Actor, expected_version: int | None = None, now: datetime
) -> Review:
    """Accept the report that waits; it stays done on the day it was handed in.

    A lead's work is closed when its helpers have confirmed their parts or are waived. The caller commits. Raises
    PartsOpen, ChangedMeanwhile, NotAllowedNow or NotYourPlan.
    """
    return _decide(session, assignment, Decision.ACCEPTED, None, actor, expected_version, now)


def return_(
    session: Session, assignment: Assignment, *, actor: Actor, reason: str, expected_version: int | None = None,
    now: datetime,
) -> Review:
    """Return the report that waits: it counts as not done, and each liaison of the agency is mailed the reason.

    When the report had come in time, the province's grace runs from this day: the days for which it lay with the
    coordinator make nobody late. The caller commits. Raises ReasonMissing, IdentityNumber, PersonList,
    ChangedMeanwhile, NotAllowedNow or NotYourPlan.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    refuse_personal_data(reason)
    review = _decide(session, assignment, Decision.RETURNED, reason, actor, expected_version, now)
    for liaison in _liaisons(session, assignment):
        outbox.enqueue(session, liaison, MailKind.REPORT_RETURNED, f"review:{review.id}", now=now)
    return review


def reopen(
    session: Session, assignment: Assignment, *, actor: Actor, expected_version: int | None = None, now: datetime
) -> Review:
    """Take back the decision on a report: it waits again, as it did. The caller commits.

    Possible within a day, while the agency has not acted on it, its mail has not gone out and the plan still asks for
    it. Raises TooLateToUndo, ChangedMeanwhile, NotAllowedNow or NotYourPlan.
    """
    if actor.user is None or not may_review(actor.user, assignment):
        raise NotYourPlan
    take(session, assignment, expected_version)
    check_transition(Permission.PROGRESS_REOPEN, assignment.state, AssignmentState.SUBMITTED)
    review = session.scalars(
        select(Review).join(Review.update).where(ProgressUpdate.assignment_id == assignment.id)
        .order_by(ProgressUpdate.id.desc(), Review.id.desc()).limit(1)
    ).one_or_none()  # fmt: skip
    # What a helper confirmed to its lead nobody decided on.
    if review is None or review.undone_at is not None or now - review.decided_at > UNDO_WITHIN:
        raise TooLateToUndo
    # Nothing is to wait on the coordinator for a task that was withdrawn, or a plan that was replaced.
    if assignment.task.dropped_at is not None or assignment.plan.state is not PlanState.PUBLISHED:
        raise TooLateToUndo
    if not _recall(session, review):
        raise TooLateToUndo
    before = standing_of(assignment)
    review.undone_at = now
    handed_in = review.update  # read before anything changes: reading would write a half-changed row
    if review.decision is Decision.RETURNED:
        assignment.grace_until = review.grace_before
    assignment.submitted_on, assignment.percent = handed_in.reported_on, handed_in.percent
    assignment.state = AssignmentState.SUBMITTED
    record(session, actor, "progress.reopened", assignment, now=now, before=before, after=standing_of(assignment))
    return review


def _recall(session: Session, review: Review) -> bool:
    """Drop the mails of a return that nobody has taken yet; False when one has gone out or is going out."""
    mails = OutboxMail.kind == MailKind.REPORT_RETURNED, OutboxMail.key == f"review:{review.id}"
    session.execute(
        update(OutboxMail).where(*mails, OutboxMail.state == MailState.PENDING)
        .values(state=MailState.DROPPED, last_error=TAKEN_BACK).execution_options(synchronize_session=False)
    )
    gone = select(OutboxMail.id).where(*mails, OutboxMail.state.in_((MailState.SENT, MailState.SENDING))).limit(1)
    return session.scalar(gone) is None


def open_parts(session: Session, assignment: Assignment) -> list[str]:
    """Name the helpers of a lead's task that have neither confirmed their part nor been waived."""
    if assignment.is_part:
        return []
    return list(session.scalars(
        select(Agency.name).join(Assignment, Assignment.agency_id == Agency.id)
        .where(Assignment.task_id == assignment.task_id, Assignment.occurrence == assignment.occurrence,
               Assignment.is_part, Assignment.state.in_(OWED))
        .order_by(Agency.level.desc(), Agency.position, Agency.id)
    ))


def _decide(session: Session, assignment: Assignment, decision: Decision, reason: str | None, actor: Actor,
            expected_version: int | None, now: datetime) -> Review:
    if actor.user is None or not may_review(actor.user, assignment):
        raise NotYourPlan
    take(session, assignment, expected_version)
    after = AssignmentState(decision.value)
    check_transition(Permission.PROGRESS_REVIEW, assignment.state, after)
    # Asked while the row is held: a changed plan may have named another helper a moment ago.
    if decision is Decision.ACCEPTED and (waiting := open_parts(session, assignment)):
        raise PartsOpen(count=len(waiting), names="; ".join(waiting))
    before = standing_of(assignment)
    review = Review(update_id=waiting_report(session, assignment).id, reviewer=actor.user, decision=decision,
                    reason=reason, decided_at=now, grace_before=assignment.grace_until)
    session.add(review)
    assignment.state = after
    if decision is Decision.RETURNED:
        grace = _grace(session, assignment, vietnam_day(now))
        if grace != assignment.grace_until:
            # The last day is another one now: the steps told of the due date are told of the grace's end anew.
            assignment.grace_until, assignment.due_version = grace, assignment.due_version + 1
        assignment.submitted_on = None
        assignment.percent = percent_under_way(session, assignment)
    record(session, actor, f"progress.{decision.value}", assignment, now=now, before=before,
           after=standing_of(assignment) | ({"reason": reason} if reason else {}))
    return review


def _grace(session: Session, assignment: Assignment, today: date) -> date | None:
    """Give the last day to mend a report that is returned today: none when it had come late, or there is time."""
    last_day = last_day_in_time(assignment.due_on, assignment.grace_until)
    if last_day is None or assignment.submitted_on is None or assignment.submitted_on > last_day:
        return assignment.grace_until
    calendar = load_calendar(session).of(assignment.agency_id)
    until = working_days_after(today, load_policy(session).grace_after_return, calendar)
    return until if until > last_day else assignment.grace_until


def _liaisons(session: Session, assignment: Assignment) -> list[User]:
    return list(session.scalars(
        select(User)
        .where(User.agency_id == assignment.agency_id, User.role == Role.LIAISON, User.is_active)
        .order_by(User.id)
    ))
