"""Taking the withdrawal of a task back, while nobody was told of it."""
from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.models import OutboxMail, Plan, PlanChange, Task, User
from tracker.models.audit import record
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import AssignmentState, MailKind, MailState, PlanState, check_transition
from tracker.workflow.running_plan import Moment, holding_running
from tracker.workflow.task_state import snapshot


class AlreadyTold(Refusal):
    """The mail about a withdrawal has left, so it is not taken back silently."""

    key = "already_told"


def take_back(session: Session, plan: Plan, task: Task, *, moment: Moment) -> None:
    """Take a withdrawal back while nobody was told of it: every assignment is again what it was.

    What agencies had asked stays answered. Raises PlanNotRunning, AlreadyTold.
    """
    with holding_running(session, plan):
        changes = withdrawal(session, plan, task)
        if task.dropped_at is None or not _untold(session, plan, changes):
            raise AlreadyTold
        before, task.dropped_at = snapshot(task), None
        for change in changes:
            row, state = change.assignment, AssignmentState((change.before or {}).get("state", "open"))
            change.undone_at = moment.now
            if row.state is not state:
                check_transition(Permission.PLAN_CHANGE, row.state, state)
                row.state, row.cancelled_reason = state, None
        record(session, moment.actor, "change.taken_back", task, now=moment.now, before=before, after=snapshot(task))


def withdrawal(session: Session, plan: Plan, task: Task) -> list[PlanChange]:
    """Give what the withdrawal of a task did, while it stands."""
    if task.dropped_at is None:
        return []
    return list(session.scalars(
        select(PlanChange).where(PlanChange.task_id == task.id, PlanChange.plan_id == plan.id,
                                 PlanChange.undone_at.is_(None), PlanChange.changed_at == task.dropped_at)
        .order_by(PlanChange.id)))


def may_take_back(session: Session, plan: Plan, task: Task) -> bool:
    """Tell whether a withdrawal can be taken back: nobody has a mail about it yet."""
    changes = withdrawal(session, plan, task)
    return plan.state is PlanState.PUBLISHED and _untold(session, plan, changes, hold=False)


def _untold(session: Session, plan: Plan, changes: list[PlanChange], *, hold: bool = True) -> bool:
    """Tell whether every mail about these changes still waits; held, so that none leaves meanwhile."""
    of_plan = (OutboxMail.kind == MailKind.PLAN_CHANGED, OutboxMail.key.startswith(f"plan:{plan.id}:"))
    concerned = select(User.id).where(User.agency_id.in_({change.agency_id for change in changes}))
    if hold:
        session.execute(
            update(OutboxMail)
            .where(*of_plan, OutboxMail.recipient_id.in_(concerned), OutboxMail.state == MailState.PENDING)
            .values(next_attempt_at=OutboxMail.next_attempt_at).execution_options(synchronize_session=False))
    mails = session.execute(
        select(OutboxMail.recipient_id, OutboxMail.key, OutboxMail.state, OutboxMail.attempts)
        .where(*of_plan, OutboxMail.recipient_id.in_(concerned)).order_by(OutboxMail.id))
    last = max((change.id for change in changes), default=0)
    # A mail tells from the change its key names on: what was decided after these changes says nothing of them.
    telling = {mail.recipient_id: mail for mail in mails if int(mail.key.rpartition(":")[2]) <= last}
    return all(mail.state is MailState.DROPPED or (mail.state is MailState.PENDING and not mail.attempts)
               for mail in telling.values())
