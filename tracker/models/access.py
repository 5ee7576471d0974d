"""Which rows a person may see: fetching and checking are one function.

Pages, downloads, the API and mail links all ask here. What a person may *do* is the table
in `rules/permissions.py`.
"""
from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from tracker.models.account import User
from tracker.models.assignment import Assignment
from tracker.models.plan import Plan
from tracker.models.progress import Evidence, ProgressUpdate
from tracker.rules.permissions import Permission, Role
from tracker.rules.states import PlanState


class NotVisible(LookupError):
    """There is no such row for this person: answered exactly as if it did not exist."""


def plans_of(user: User) -> ColumnElement[bool]:
    """Which plans a person sees: the coordinator its own, leaders and administrators what is published."""
    if not user.may(Permission.PLAN_READ):
        return false()
    if user.role is Role.COORDINATOR:
        return Plan.coordinator_id == user.agency_id
    return Plan.state == PlanState.PUBLISHED


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
        .join(ProgressUpdate, Evidence.update_id == ProgressUpdate.id)
        .join(Assignment, ProgressUpdate.assignment_id == Assignment.id)
        .where(Evidence.id == evidence_id, assignments_of(user))
    )
    if found is None:
        raise NotVisible
    return found


def may_report(user: User, assignment: Assignment) -> bool:
    """Tell whether this person reports on this assignment: only its own agency does."""
    return user.may(Permission.PROGRESS_REPORT) and assignment.agency_id == user.agency_id


def may_review(user: User, assignment: Assignment) -> bool:
    """Tell whether this person accepts or returns reports on this assignment: its plan's coordinator does."""
    return user.may(Permission.PROGRESS_REVIEW) and assignment.plan.coordinator_id == user.agency_id
