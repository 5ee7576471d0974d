"""Saying "not ours": asked by the agency, granted (the work goes to another body) or refused by the coordinator."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Actor, Agency, Assignment, Transfer
from tracker.models.account import User
from tracker.models.audit import record
from tracker.models.policy import load_policy
from tracker.models.recipients import is_reachable_liaison
from tracker.reminders import outbox
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.policy import working_days_after
from tracker.rules.states import OWED, AssignmentState, MailKind, RequestState, check_transition
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import asking
from tracker.workflow.assigning import assignment_row
from tracker.workflow.running_plan import keep_still


class SameAgency(Refusal):
    """The work is with that agency already."""

    key = "transfer_to_same_agency"


class AgencyEnded(Refusal):
    """That agency is no more."""

    key = "transfer_to_ended_agency"


def ask(
    session: Session, assignment: Assignment, *, actor: Actor, proposed_agency: Agency | None, reason: str,
    expected_version: int | None = None, today: date, now: datetime,
) -> Transfer:
    """Say that the work is another body's, and whose (None: not known). One such request waits at a time;
    the same one again, from the same person, is that one.

    The caller commits. Raises NotYourAgency, ChangedMeanwhile, NotAllowedNow, RequestWithoutReason, IdentityNumber,
    SameAgency, AgencyEnded or AlreadyWaiting.
    """
    user, reason = asking.begin(session, assignment, actor=actor, reason=reason, expected_version=expected_version)
    if proposed_agency is not None:
        _check_agency(assignment, proposed_agency, today)
    before = asking.waiting(session, Transfer, assignment)
    proposed_id = proposed_agency.id if proposed_agency else None
    if before is not None and (before.asked_by_id, before.proposed_agency_id, before.reason) == (
        user.id, proposed_id, reason
    ):
        return before  # the same press, a moment ago
    transfer = Transfer(assignment=assignment, asked_by=user, asked_at=now, reason=reason,
                        proposed_agency=proposed_agency, state=RequestState.WAITING)
    asking.add(session, transfer)
    record(session, actor, "transfer.asked", assignment, now=now,
           after={"proposed": proposed_agency.name if proposed_agency else None, "reason": reason})
    return transfer


def withdraw(
    session: Session, transfer: Transfer, *, actor: Actor, expected_version: int | None = None, now: datetime
) -> None:
    """Take the request back before it is answered. The caller commits. Raises NotYourAgency or AlreadyDecided."""
    asking.withdraw(session, transfer, actor=actor, expected_version=expected_version, now=now)


def refuse(
    session: Session, transfer: Transfer, *, actor: Actor, answer: str, expected_version: int | None = None,
    now: datetime,
) -> None:
    """Say no, with the reason, and tell the agency: the work stays with it. The caller commits.

    Raises NotYourPlan, RefusalWithoutAnswer, IdentityNumber or AlreadyDecided.
    """
    asking.refuse(session, transfer, actor=actor, answer=answer, expected_version=expected_version, now=now)


def grant(
    session: Session, transfer: Transfer, *, actor: Actor, agency: Agency, answer: str | None = None,
    expected_version: int | None = None, calendar: WorkingCalendar, today: date, now: datetime,
) -> Assignment:
    """Give the work to another agency: same task, period and due date; give the row it then has.

    Past the due date the new agency has the province's grace to begin with. The old row is cancelled, says why and
    names the new one; a report that waited on it stays with it. Another request
    that waits on it is answered too. Both agencies are told. The caller commits. Raises NotYourPlan, IdentityNumber,
    AlreadyDecided, NotAllowedNow (accepted or cancelled meanwhile), SameAgency or AgencyEnded.
    """
    old = transfer.assignment
    keep_still(session, old.plan_id)
    _hold_rows(session, old, agency)
    asking.hold_to_decide(session, transfer, actor=actor, answer=answer, expected_version=expected_version)
    check_transition(Permission.REQUEST_DECIDE, old.state, AssignmentState.CANCELLED)
    _check_agency(old, agency, today)
    transfer.given_to = agency
    asking.settle(transfer, RequestState.GRANTED, actor=actor, answer=answer, now=now)
    new = _row_of(session, old, agency, calendar=calendar, now=now)
    if new.state in OWED and new.due_on is not None and new.due_on < today:
        # Whose work it was not is not late for it from the first hour: it has the time that mending a report has.
        begin = working_days_after(today, load_policy(session).grace_after_return, calendar.of(agency.id))
        grace = max(begin, new.grace_until or begin)
        if grace != new.grace_until:
            # A row that the agency had may have been reminded of: the steps told are told of the new last day anew.
            new.grace_until, new.due_version = grace, new.due_version + 1
    before = {"state": old.state.value, "agency": old.agency.name}
    old.state, old.replaced_by = AssignmentState.CANCELLED, new
    old.cancelled_reason = transfer.answer or transfer.reason
    record(session, actor, "transfer.granted", old, now=now, before=before,
           after={"state": old.state.value, "agency": agency.name, "replaced_by": new.id, "answer": transfer.answer})
    record(session, actor, "assignment.taken_over", new, now=now, after={"agency": agency.name, "replaces": old.id})
    asking.close_waiting(session, old, actor=actor, answer=old.cancelled_reason, now=now)
    asking.tell_agency(session, transfer, now=now)
    _tell_new_owner(session, transfer, new, now)
    return new


def _check_agency(assignment: Assignment, agency: Agency, today: date) -> None:
    if agency.id == assignment.agency_id:
        raise SameAgency(agency=agency.name)
    if agency.ended_on is not None and agency.ended_on < today:
        raise AgencyEnded(agency=agency.name)


def _hold_rows(session: Session, old: Assignment, agency: Agency) -> None:
    """Hold the row that is given away and the one the agency may have, in the order in which everybody holds rows."""
    session.scalars(
        select(Assignment.id)
        .where(Assignment.task_id == old.task_id, Assignment.occurrence == old.occurrence,
               Assignment.agency_id.in_((old.agency_id, agency.id)))
        .order_by(Assignment.id).with_for_update()
    ).all()  # fmt: skip


def _row_of(
    session: Session, old: Assignment, agency: Agency, *, calendar: WorkingCalendar, now: datetime
) -> Assignment:
    """Give the agency's row for the same work: the one it has, or a new one."""
    there = session.scalar(
        select(Assignment)
        .where(Assignment.task_id == old.task_id, Assignment.agency_id == agency.id,
               Assignment.occurrence == old.occurrence)
        .with_for_update(of=Assignment).execution_options(populate_existing=True)
    )  # fmt: skip
    if there is not None and there.state is not AssignmentState.CANCELLED:
        if there.is_part and not old.is_part:
            _make_lead(there, old, calendar.of(agency.id))
        return there
    if there is not None:
        # It had this work before and gave it away. What was cancelled stays so, and makes room for the new row.
        there.occurrence = f"{there.occurrence}~{there.id}"
        session.flush()
    row = assignment_row(
        old.task, agency, group_id=None, deadline=old.deadline, period=old.period, due_on=old.due_on,
        occurrence=old.occurrence, now=now, calendar=calendar, is_part=old.is_part,
    )  # fmt: skip
    # An extension that the work was given stays with it, and so does its first due date.
    new = Assignment(**row | {"role": old.role, "first_due_on": old.first_due_on})
    session.add(new)
    session.flush()
    return new


def _make_lead(part: Assignment, old: Assignment, calendar: WorkingCalendar) -> None:
    """Make a helper's part the work itself, of which the agency now answers for all: a confirmed part is not all."""
    part.is_part, part.role = False, old.role
    part.due_on, part.first_due_on = old.due_on, old.first_due_on
    part.working_due_on = calendar.at_or_before(old.due_on) if old.due_on else None
    part.due_version += 1
    if part.state is AssignmentState.ACCEPTED:
        part.state, part.submitted_on, part.percent = AssignmentState.IN_PROGRESS, None, 0


def _tell_new_owner(session: Session, transfer: Transfer, new: Assignment, now: datetime) -> None:
    told = session.scalars(
        select(User).where(User.agency_id == new.agency_id, is_reachable_liaison()).order_by(User.id)
    )
    for person in told:
        outbox.enqueue(session, person, MailKind.HANDED_OVER, f"transfer:{transfer.id}", now=now)
