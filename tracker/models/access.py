"""Which rows a person may see: fetching and checking are one function.

Pages, downloads, the API and mail links all ask here. What a person may *do* is the table
in `rules/permissions.py`.
"""
from __future__ import annotations

from typing import TypeVar

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import Session

from tracker.models.account import User
from tracker.models.asking import Extension, Transfer
from tracker.models.assignment import Assignment
from tracker.models.chase import Chase, ChaseItem, Letter
from tracker.models.plan import Plan
from tracker.models.progress import Evidence, ProgressUpdate
from tracker.models.thread import Comment
from tracker.rules.permissions import Permission, Role
from tracker.rules.states import AssignmentState, PlanState

About = TypeVar("About", Extension, Transfer, Comment)


class NotVisible(LookupError):
    """There is no such row for this person: answered exactly as if it did not exist."""


def plans_of(user: User) -> ColumnElement[bool]:
    """Which plans a person sees: the coordinator its own, leaders and administrators what was published."""
    if not user.may(Permission.PLAN_READ):
        return false()
    if user.role is Role.COORDINATOR:
        return Plan.coordinator_id == user.agency_id
    return Plan.state.in_({PlanState.PUBLISHED, PlanState.SUPERSEDED})


def assignments_of(user: User) -> ColumnElement[bool]:
    """Which assignments a person sees."""
    if not user.may(Permission.ASSIGNMENT_READ):
        return false()
    match user.role:
        case Role.LIAISON:
            return Assignment.agency_id == user.agency_id
        case Role.COORDINATOR:
            # Its plans', and what other plans ask of its own agency (those it can only read).
            mine = select(Plan.id).where(Plan.coordinator_id == user.agency_id)
            return or_(Assignment.plan_id.in_(mine), Assignment.agency_id == user.agency_id)
        case Role.LEADER | Role.ADMINISTRATOR:
            return true()


def plan_for(session: Session, user: User, plan_id: int) -> Plan:
    """Fetch a plan this person may see. Raises NotVisible."""
    plan = session.scalar(select(Plan).where(Plan.id == plan_id, plans_of(user)))
    if plan is None:
        raise NotVisible
    return plan


def assignment_for(session: Session, user: User, assignment_id: int) -> Assignment:
    """Fetch an assignment this person may see. Raises NotVisible."""
    found = session.scalar(select(Assignment).where(Assignment.id == assignment_id, assignments_of(user)))
    if found is None:
        raise NotVisible
    return found


def evidence_for(session: Session, user: User, evidence_id: int) -> Evidence:
    """Fetch a file of an assignment this person may see. Raises NotVisible."""
    found = session.scalar(
        select(Evidence)
        .outerjoin(ProgressUpdate, Evidence.update_id == ProgressUpdate.id)
        .outerjoin(Extension, Evidence.extension_id == Extension.id)
        .join(Assignment, Assignment.id == func.coalesce(ProgressUpdate.assignment_id, Extension.assignment_id))
        .where(Evidence.id == evidence_id, assignments_of(user))
    )
    if found is None:
        raise NotVisible
    return found


def _about(session: Session, user: User, kind: type[About], row_id: int) -> About:
    """Fetch what is about an assignment this person may see. Raises NotVisible."""
    found = session.scalar(
        select(kind).join(Assignment, kind.assignment_id == Assignment.id)
        .where(kind.id == row_id, assignments_of(user))
    )  # fmt: skip
    if found is None:
        raise NotVisible
    return found


def extension_for(session: Session, user: User, extension_id: int) -> Extension:
    """Fetch a request for more time on an assignment this person may see. Raises NotVisible."""
    return _about(session, user, Extension, extension_id)


def transfer_for(session: Session, user: User, transfer_id: int) -> Transfer:
    """Fetch a "not ours" about an assignment this person may see. Raises NotVisible."""
    return _about(session, user, Transfer, transfer_id)


def comment_for(session: Session, user: User, comment_id: int) -> Comment:
    """Fetch what was said in the thread of an assignment this person may see. Raises NotVisible."""
    return _about(session, user, Comment, comment_id)


def chases_of(user: User) -> ColumnElement[bool]:
    """Which chases a person sees: those about the plans their agency coordinates.

    Not by who sent them: whoever goes to another agency takes nothing along.
    """
    mine = (
        select(ChaseItem.id).join(ChaseItem.assignment).join(Assignment.plan)
        .where(ChaseItem.chase_id == Chase.id, Plan.coordinator_id == user.agency_id)
    )
    return mine.correlate(Chase).exists()


def letter_for(session: Session, user: User, letter_id: int) -> Letter:
    """Fetch an official letter that this person's agency made. Raises NotVisible."""
    found = session.scalar(select(Letter).join(Letter.chase).where(Letter.id == letter_id, chases_of(user)))
    if found is None or not user.may(Permission.LETTER_WRITE):
        raise NotVisible
    return found


def may_report(user: User, assignment: Assignment) -> bool:
    """Tell whether this person reports on this assignment: only its own agency does."""
    return user.may(Permission.PROGRESS_REPORT) and assignment.agency_id == user.agency_id


def may_review(user: User, assignment: Assignment) -> bool:
    """Tell whether this person accepts or returns reports on this assignment: its plan's coordinator does."""
    return user.may(Permission.PROGRESS_REVIEW) and assignment.plan.coordinator_id == user.agency_id


def part_for(session: Session, lead: Assignment, part_id: int) -> Assignment:
    """Fetch a helper's part of a lead's task; who may see the lead's row may see it. Raises NotVisible."""
    found = session.scalar(
        select(Assignment)
        .where(Assignment.id == part_id, Assignment.is_part, Assignment.task_id == lead.task_id,
               Assignment.occurrence == lead.occurrence)
    )  # fmt: skip
    if found is None or lead.is_part:
        raise NotVisible
    return found


def may_direct_parts(user: User, lead: Assignment) -> bool:
    """Tell whether this person asks helpers, or does without them: the lead's own agency, and the coordinator.

    Nobody does on a row that was cancelled: whose work it was given to leads it now.
    """
    leads = not lead.is_part and lead.state is not AssignmentState.CANCELLED
    return user.may(Permission.PART_WAIVE) and leads and user.agency_id in (lead.agency_id, lead.plan.coordinator_id)


def may_ask(user: User, assignment: Assignment) -> bool:
    """Tell whether this person asks for more time, or says "not ours": only its own agency does."""
    return user.may(Permission.ASSIGNMENT_ASK) and assignment.agency_id == user.agency_id


def may_hand_over(user: User, assignment: Assignment) -> bool:
    """Tell whether this person names the colleague who does it: only its own agency does."""
    return user.may(Permission.ASSIGNMENT_HAND_OVER) and assignment.agency_id == user.agency_id


def may_decide(user: User, assignment: Assignment) -> bool:
    """Tell whether this person answers what the agency asks: its plan's coordinator does."""
    return user.may(Permission.REQUEST_DECIDE) and assignment.plan.coordinator_id == user.agency_id


def may_write(user: User, assignment: Assignment) -> bool:
    """Tell whether this person writes in the thread: its own agency and its plan's coordinator do."""
    sides = (assignment.agency_id, assignment.plan.coordinator_id)
    return user.may(Permission.THREAD_WRITE) and user.agency_id in sides


def may_answer(user: User, assignment: Assignment) -> bool:
    """Tell whether this person speaks for the plan's coordinator in the thread."""
    return may_write(user, assignment) and may_decide(user, assignment)
