"""Naming the colleague who does it ("rõ người")."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Actor, Assignment, User
from tracker.models.access import may_hand_over
from tracker.models.audit import record
from tracker.reminders import outbox
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Role
from tracker.rules.states import OWED, AssignmentState, MailKind, NotAllowedNow
from tracker.workflow.asking import NotYourAgency
from tracker.workflow.progress import take


class NotAColleague(Refusal):
    """Only an active liaison of the same agency can be named."""

    key = "not_a_colleague"


def colleagues(session: Session, assignment: Assignment) -> list[User]:
    """Give who can be named: the active liaisons of the agency that has the work."""
    return list(session.scalars(
        select(User)
        .where(User.agency_id == assignment.agency_id, User.role == Role.LIAISON, User.is_active)
        .order_by(User.name, User.id)
    ))


def hand_over(
    session: Session, assignment: Assignment, *, actor: Actor, colleague: User | None,
    expected_version: int | None = None, now: datetime,
) -> None:
    """Name the colleague who does it, or nobody; who was named by somebody else is mailed once.

    The caller commits. Raises NotYourAgency, ChangedMeanwhile, NotAllowedNow or NotAColleague.
    """
    if actor.user is None or not may_hand_over(actor.user, assignment):
        raise NotYourAgency
    take(session, assignment, expected_version)
    if assignment.state not in OWED | {AssignmentState.SUBMITTED}:
        raise NotAllowedNow(before=assignment.state.value, after=assignment.state.value)
    if colleague is not None and (
        colleague.agency_id != assignment.agency_id or colleague.role is not Role.LIAISON or not colleague.is_active
    ):
        raise NotAColleague
    if assignment.assignee is colleague:
        return
    before = assignment.assignee.name if assignment.assignee else None
    assignment.assignee = colleague
    record(session, actor, "assignment.handed_over", assignment, now=now, before={"assignee": before},
           after={"assignee": colleague.name if colleague else None})
    if colleague is not None and colleague.id != actor.user.id:
        # The version tells one naming from the next: somebody named again later is told again.
        outbox.enqueue(session, colleague, MailKind.HANDED_OVER, f"assignee:{assignment.id}:{assignment.version}",
                       now=now)
