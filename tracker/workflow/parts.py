"""Helpers' parts of a task: confirmed to the lead, asked for by the lead, or done without."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.clock import vietnam_day
from tracker.models import Actor, Agency, Assignment, Comment, Deadline, Task, User
from tracker.models.access import may_direct_parts
from tracker.models.audit import record
from tracker.models.recipients import is_reachable_liaison
from tracker.reminders import outbox
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.personal_data import refuse_personal_data
from tracker.rules.states import AssignmentState, MailKind, check_transition
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow import asking
from tracker.workflow.assigning import assignment_row, insert_assignments
from tracker.workflow.discussing import LONGEST_FORM_KEY, LONGEST_TEXT, CommentTooLong, NothingWritten
from tracker.workflow.progress import standing_of, take
from tracker.workflow.running_plan import keep_still
from tracker.workflow.transferring import AgencyEnded


class NotYourPart(Refusal):
    """Only the lead, or the plan's coordinator, does this with a helper's part."""

    key = "not_your_part"


class WaiverWithoutReason(Refusal):
    """A part is done without, and nobody says why."""

    key = "waiver_without_reason"


class AlreadyThere(Refusal):
    """The agency has this task already (values: agency)."""

    key = "agency_already_there"


def ask(session: Session, lead: Assignment, part: Assignment, *, actor: Actor, text: str, form_key: str,
        now: datetime) -> Comment:
    """Ask a helper about its part, in the part's own thread; its liaisons are mailed, once each. The caller commits.

    The same `form_key` twice is one comment. Raises NotYourPart, NothingWritten, CommentTooLong,
    IdentityNumber or PersonList.
    """
    author = _may_act(lead, part, actor)
    key = f"{part.id}.{author.id}.{form_key[:LONGEST_FORM_KEY]}"
    text = text.strip()
    if not text:
        raise NothingWritten
    if len(text) > LONGEST_TEXT:
        raise CommentTooLong(most=LONGEST_TEXT, length=len(text))
    refuse_personal_data(text)
    comment = Comment(assignment=part, author=author, written_at=now, text=text, form_key=key)
    try:
        with session.begin_nested():
            session.add(comment)
    except IntegrityError:  # the same press, a moment ago
        return session.scalars(select(Comment).where(Comment.form_key == key)).one()
    record(session, actor, "thread.written", part, now=now, after={"comment": comment.id, "is_question": False})
    for person in liaisons_of(session, part.agency_id):
        outbox.enqueue(session, person, MailKind.THREAD_MESSAGE, f"comment:{comment.id}", now=now)
    return comment


def waive(session: Session, lead: Assignment, part: Assignment, *, actor: Actor, reason: str,
          expected_version: int | None = None, now: datetime) -> None:
    """Do without a helper's part: the lead's work can close without it, and it is late nowhere.

    What the helper had asked about it is answered with the reason. The caller commits.
    Raises NotYourPart, WaiverWithoutReason, IdentityNumber, PersonList, ChangedMeanwhile or NotAllowedNow.
    """
    _may_act(lead, part, actor)
    reason = reason.strip()
    if not reason:
        raise WaiverWithoutReason
    refuse_personal_data(reason)
    take(session, part, expected_version)
    check_transition(Permission.PART_WAIVE, part.state, AssignmentState.CANCELLED)
    before = standing_of(part)
    part.state, part.cancelled_reason = AssignmentState.CANCELLED, reason
    record(session, actor, "part.waived", part, now=now, before=before, after=standing_of(part) | {"reason": reason})
    asking.close_waiting(session, part, actor=actor, answer=reason, now=now)


def add_helper(session: Session, lead: Assignment, agency: Agency, *, actor: Actor, calendar: WorkingCalendar,
               now: datetime) -> Assignment:
    """Ask one more agency to help with what this one leads, until the lead's own due date; also one that was waived.

    The caller commits. Raises NotYourPart, AgencyEnded, NotAllowedNow or AlreadyThere.
    """
    _may_act(lead, None, actor)
    if agency.ended_on is not None and agency.ended_on < vietnam_day(now):
        raise AgencyEnded(agency=agency.name)
    keep_still(session, lead.plan_id)
    take(session, lead, None)
    check_transition(Permission.PROGRESS_REPORT, lead.state, AssignmentState.IN_PROGRESS)
    same = select(Assignment).where(Assignment.task_id == lead.task_id, Assignment.agency_id == agency.id,
                                    Assignment.occurrence == lead.occurrence)
    if (there := session.scalar(same)) is not None:
        if there.state is not AssignmentState.CANCELLED:
            raise AlreadyThere(agency=agency.name)
        # What was cancelled stays so, and makes room for the new row.
        there.occurrence = f"{there.occurrence}~{there.id}"
        session.flush()
    task, deadline = session.get_one(Task, lead.task_id), None
    if lead.deadline_id is not None:
        deadline = session.get_one(Deadline, lead.deadline_id)
    row = assignment_row(task, agency, group_id=None, deadline=deadline, period=lead.period, due_on=lead.due_on,
                         occurrence=lead.occurrence, now=now, calendar=calendar, is_part=True)
    # More time that the lead was given is the helper's too, also when the plan's words change.
    insert_assignments(session, [row | {"first_due_on": lead.first_due_on}])
    part = session.scalars(same).one()
    record(session, actor, "part.added", part, now=now, after={"agency": agency.name, "lead": lead.id})
    for person in liaisons_of(session, agency.id):
        outbox.enqueue(session, person, MailKind.HANDED_OVER, f"part:{part.id}", now=now)
    return part


def _may_act(lead: Assignment, part: Assignment | None, actor: Actor) -> User:
    if actor.user is None or lead.is_part or not may_direct_parts(actor.user, lead):
        raise NotYourPart
    if part is not None and (not part.is_part or (part.task_id, part.occurrence) != (lead.task_id, lead.occurrence)):
        raise NotYourPart
    return actor.user


def liaisons_of(session: Session, agency_id: int) -> Sequence[User]:
    """Give the liaisons of an agency who can be written to."""
    return session.scalars(
        select(User).where(User.agency_id == agency_id, is_reachable_liaison()).order_by(User.id)
    ).all()
