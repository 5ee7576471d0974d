"""What the coordinator says of a report that was handed in: accepted, or returned with a reason."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Actor, Assignment, ProgressUpdate, Review, User
from tracker.models.access import may_review
from tracker.models.audit import record
from tracker.reminders import outbox
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission, Role
from tracker.rules.personal_data import refuse_identity_numbers
from tracker.rules.states import AssignmentState, Decision, MailKind, check_transition
from tracker.workflow.progress import standing_of, take


class NotYourPlan(Refusal):
    """Another agency coordinates the plan."""

    key = "not_your_plan"


class ReasonMissing(Refusal):
    """A report is returned with words that say what is missing."""

    key = "return_without_reason"


def accept(
    session: Session, assignment: Assignment, *, actor: Actor, expected_version: int | None = None, now: datetime
) -> Review:
    """Accept the report that waits; it stays done on the day it was handed in.

    The caller commits. Raises ChangedMeanwhile, NotAllowedNow or NotYourPlan.
    """
    return _decide(session, assignment, Decision.ACCEPTED, None, actor, expected_version, now)


def return_(
    session: Session, assignment: Assignment, *, actor: Actor, reason: str, expected_version: int | None = None,
    now: datetime,
) -> Review:
    """Return the report that waits: it counts as not done, and each liaison of the agency is mailed the reason.

    The caller commits. Raises ReasonMissing, IdentityNumber, ChangedMeanwhile, NotAllowedNow or NotYourPlan.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    refuse_identity_numbers(reason)
    review = _decide(session, assignment, Decision.RETURNED, reason, actor, expected_version, now)
    for liaison in _liaisons(session, assignment):
        outbox.enqueue(session, liaison, MailKind.REPORT_RETURNED, f"review:{review.id}", now=now)
    return review


def _decide(session: Session, assignment: Assignment, decision: Decision, reason: str | None, actor: Actor,
            expected_version: int | None, now: datetime) -> Review:
    if actor.user is None or not may_review(actor.user, assignment):
        raise NotYourPlan
    take(session, assignment, expected_version)
    after = AssignmentState(decision.value)
    check_transition(Permission.PROGRESS_REVIEW, assignment.state, after)
    before = standing_of(assignment)
    review = Review(update_id=_waiting(session, assignment).id, reviewer=actor.user, decision=decision,
                    reason=reason, decided_at=now)
    session.add(review)
    assignment.state = after
    if decision is Decision.RETURNED:
        assignment.submitted_on = None
        assignment.percent = _percent_under_way(session, assignment)
    record(session, actor, f"progress.{decision.value}", assignment, now=now, before=before,
           after=standing_of(assignment) | ({"reason": reason} if reason else {}))
    return review


def _waiting(session: Session, assignment: Assignment) -> ProgressUpdate:
    """Give the report that waits: the newest, since nothing can be reported after one is handed in."""
    return session.scalars(
        select(ProgressUpdate)
        .where(ProgressUpdate.assignment_id == assignment.id, ProgressUpdate.state == AssignmentState.SUBMITTED)
        .order_by(ProgressUpdate.id.desc())
        .limit(1)
    ).one()


def _percent_under_way(session: Session, assignment: Assignment) -> int:
    """Give what the agency last said while still at work: the hundred of a returned report was not accepted."""
    last = session.scalar(
        select(ProgressUpdate.percent)
        .where(ProgressUpdate.assignment_id == assignment.id, ProgressUpdate.state == AssignmentState.IN_PROGRESS)
        .order_by(ProgressUpdate.id.desc())
        .limit(1)
    )
    return last or 0


def _liaisons(session: Session, assignment: Assignment) -> list[User]:
    return list(session.scalars(
        select(User)
        .where(User.agency_id == assignment.agency_id, User.role == Role.LIAISON, User.is_active)
        .order_by(User.id)
    ))
