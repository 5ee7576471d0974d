"""More time: asked by the agency, granted or refused by the plan's coordinator."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Actor, Assignment, Extension
from tracker.models.audit import record
from tracker.rules.errors import Refusal
from tracker.rules.states import OWED, AssignmentState, NotAllowedNow, RequestState
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import asking, evidence
from tracker.workflow.evidence import Upload

#: A later day than this is a slip of the pen ("2206").
LONGEST_EXTENSION = timedelta(days=3 * 366)


class NoDueDate(Refusal):
    """What has no due date can't be given a later one."""

    key = "no_due_date"


class DayNotLater(Refusal):
    """More time ends after the present due date, and is asked for days still to come."""

    key = "day_not_later"


class DayTooFar(Refusal):
    """The day lies so far ahead that it must be mistyped."""

    key = "day_too_far"


def ask(
    session: Session, assignment: Assignment, *, actor: Actor, wanted_on: date, reason: str,
    files: Sequence[Upload] = (), evidence_folder: Path, expected_version: int | None = None, today: date,
    now: datetime,
) -> Extension:
    """Ask for a later due date, with the reason and what shows it. One such request waits at a time;
    the same one again, from the same person, is that one.

    Files are on the disk when this returns; the caller commits. Raises NotYourAgency, ChangedMeanwhile,
    NotAllowedNow, NoDueDate, DayNotLater, DayTooFar, RequestWithoutReason, IdentityNumber, TooManyFiles, BadFiles or
    AlreadyWaiting.
    """
    user, reason = asking.begin(session, assignment, actor=actor, reason=reason, expected_version=expected_version)
    due_on = _check_day(assignment, wanted_on, latest=today + LONGEST_EXTENSION)
    if wanted_on < today:
        raise DayNotLater(day=f"{today - timedelta(days=1):%d/%m/%Y}")
    before = asking.waiting(session, Extension, assignment)
    if before is not None and (before.asked_by_id, before.wanted_on, before.reason) == (user.id, wanted_on, reason):
        return before  # the same press, a moment ago
    checked = evidence.check(files)
    extension = Extension(assignment=assignment, asked_by=user, asked_at=now, reason=reason, from_due_on=due_on,
                          wanted_on=wanted_on, state=RequestState.WAITING)
    asking.add(session, extension)
    extension.evidence = evidence.keep(evidence_folder, checked, now=now)
    record(session, actor, "extension.asked", assignment, now=now, before={"due_on": due_on.isoformat()},
           after={"wanted_on": wanted_on.isoformat(), "reason": reason,
                  "files": [file.sha256 for file in extension.evidence]})
    return extension


def withdraw(
    session: Session, extension: Extension, *, actor: Actor, expected_version: int | None = None, now: datetime
) -> None:
    """Take the request back before it is answered. The caller commits. Raises NotYourAgency or AlreadyDecided."""
    asking.withdraw(session, extension, actor=actor, expected_version=expected_version, now=now)


def grant(
    session: Session, extension: Extension, *, actor: Actor, granted_on: date, answer: str | None = None,
    expected_version: int | None = None, calendar: WorkingCalendar, now: datetime, today: date,
) -> None:
    """Give more time, up to the wanted day or to another one, and tell the agency. The caller commits.

    The due date moves, its reminders are armed anew, the first due date stays for the second rate. A report that was
    handed in or accepted meanwhile does not stand in the way: whether it was late is judged by the new day, which is
    why the agency asked. Raises NotYourPlan, IdentityNumber, AlreadyDecided, NotAllowedNow (cancelled meanwhile),
    NoDueDate, DayNotLater or DayTooFar.
    """
    assignment = extension.assignment
    parts = _hold_parts(session, assignment)
    asking.hold_to_decide(session, extension, actor=actor, answer=answer, expected_version=expected_version)
    if assignment.state is AssignmentState.CANCELLED:
        raise NotAllowedNow(before=assignment.state.value, after=assignment.state.value)
    _check_day(assignment, granted_on, latest=today + LONGEST_EXTENSION)
    extension.granted_on = granted_on
    asking.settle(extension, RequestState.GRANTED, actor=actor, answer=answer, now=now)
    _move_parts(session, parts, granted_on, actor=actor, calendar=calendar, now=now)
    before = _dates(assignment)
    _move(assignment, granted_on, calendar)
    record(session, actor, "extension.granted", assignment, now=now, before=before,
           after=_dates(assignment) | {"answer": extension.answer})
    asking.tell_agency(session, extension, now=now)


def refuse(
    session: Session, extension: Extension, *, actor: Actor, answer: str, expected_version: int | None = None,
    now: datetime,
) -> None:
    """Say no, with the reason, and tell the agency; the due date stays. The caller commits.

    Raises NotYourPlan, RefusalWithoutAnswer, IdentityNumber or AlreadyDecided.
    """
    asking.refuse(session, extension, actor=actor, answer=answer, expected_version=expected_version, now=now)


def _check_day(assignment: Assignment, day: date, *, latest: date) -> date:
    """Give the present due date that a day would move. Raises NoDueDate, DayNotLater or DayTooFar."""
    if assignment.due_on is None:
        raise NoDueDate
    if day <= assignment.due_on:
        raise DayNotLater(day=f"{assignment.due_on:%d/%m/%Y}")
    if day > latest:
        raise DayTooFar(day=f"{latest:%d/%m/%Y}")
    return assignment.due_on


def _move(assignment: Assignment, day: date, calendar: WorkingCalendar) -> None:
    assignment.first_due_on = assignment.first_due_on or assignment.due_on
    assignment.due_on = day
    assignment.working_due_on = calendar.of(assignment.agency_id).at_or_before(day)
    assignment.due_version += 1


def _hold_parts(session: Session, lead: Assignment) -> Sequence[Assignment]:
    """Hold the only lead and its helpers, in the order in which everybody holds rows, and give the helpers.

    Where several lead, each is given more time alone: nothing of the others is held.
    """
    same = select(Assignment).where(
        Assignment.task_id == lead.task_id, Assignment.occurrence == lead.occurrence,
        Assignment.state != AssignmentState.CANCELLED,
    )  # fmt: skip
    another = same.where(Assignment.is_part.is_(False), Assignment.id != lead.id).with_only_columns(Assignment.id)
    if lead.is_part or session.scalar(another.limit(1)) is not None:
        return []
    held = same.order_by(Assignment.id).with_for_update(of=Assignment).execution_options(populate_existing=True)
    return [row for row in session.scalars(held) if row.is_part]


def _move_parts(session: Session, parts: Sequence[Assignment], day: date, *, actor: Actor, calendar: WorkingCalendar,
                now: datetime) -> None:
    """Give the helpers of the only lead the same time: nobody waits for a part earlier than for the whole."""
    for part in parts:
        if part.state in OWED and part.due_on is not None and part.due_on < day:
            before = _dates(part)
            _move(part, day, calendar)
            record(session, actor, "extension.granted", part, now=now, before=before, after=_dates(part))


def _dates(assignment: Assignment) -> dict[str, object]:
    """Say what moving a due date changes, for the audit."""
    return {
        "due_on": assignment.due_on.isoformat() if assignment.due_on else None,
        "working_due_on": assignment.working_due_on.isoformat() if assignment.working_due_on else None,
        "due_version": assignment.due_version,
    }
