"""Which assignments a mail told its recipient of: what an answer to it may be about."""
from __future__ import annotations

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from tracker.models import Assignment, ChaseItem, Comment, Extension, OutboxMail, PlanChange, Reminder, Review, Transfer
from tracker.models.progress import ProgressUpdate
from tracker.rules.states import MailKind

#: Answers to these are offered as drafts of reports; the others are about accounts, or go to who reports on nothing.
ABOUT_WORK = frozenset({
    MailKind.DIGEST, MailKind.CHASE, MailKind.REPORT_RETURNED, MailKind.THREAD_MESSAGE, MailKind.REQUEST_DECIDED,
    MailKind.HANDED_OVER, MailKind.ASSIGNED, MailKind.PLAN_CHANGED,
})  # fmt: skip
#: A chase or a plan may tell of hundreds; nobody answers for so many in one mail.
MOST_TOLD = 200


def told_of(session: Session, mail: OutboxMail) -> list[int]:
    """Give the ids of the assignments of the recipient's own agency that a mail told of, in their order."""
    return list(session.scalars(
        select(Assignment.id)
        .where(Assignment.agency_id == mail.recipient.agency_id, _is_in(mail))
        .order_by(Assignment.due_on.is_(None), Assignment.due_on, Assignment.id)
        .limit(MOST_TOLD)
    ))


def _is_in(mail: OutboxMail) -> ColumnElement[bool]:
    about, _colon, rest = mail.key.partition(":")
    first = rest.partition(":")[0]
    number = int(first) if first.isascii() and first.isdecimal() else 0
    match mail.kind:
        case MailKind.DIGEST:
            return Assignment.id.in_(select(Reminder.assignment_id).where(Reminder.mail_id == mail.id))
        case MailKind.CHASE:
            return Assignment.id.in_(select(ChaseItem.assignment_id).where(ChaseItem.chase_id == number))
        case MailKind.REPORT_RETURNED:
            return Assignment.id.in_(
                select(ProgressUpdate.assignment_id).join(Review, Review.update_id == ProgressUpdate.id)
                .where(Review.id == number)
            )
        case MailKind.THREAD_MESSAGE:
            return Assignment.id.in_(select(Comment.assignment_id).where(Comment.id == number))
        case MailKind.REQUEST_DECIDED if about == "extension":
            return Assignment.id.in_(select(Extension.assignment_id).where(Extension.id == number))
        case MailKind.REQUEST_DECIDED:
            return Assignment.id.in_(select(Transfer.assignment_id).where(Transfer.id == number))
        case MailKind.HANDED_OVER if about != "transfer":  # "assignee:12:3", "part:12"
            return Assignment.id == number
        case MailKind.ASSIGNED:
            return Assignment.plan_id == number
        case MailKind.PLAN_CHANGED:
            return Assignment.id.in_(select(PlanChange.assignment_id).where(PlanChange.plan_id == number))
    return false()
