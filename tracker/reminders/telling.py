"""What the mails about one assignment say: its thread, an answered request, a colleague named."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.mail import messages
from tracker.mail.items import Item
from tracker.mail.messages import Answer
from tracker.models import Assignment, Comment, Extension, OutboxMail, Transfer, User
from tracker.models.access import NotVisible, assignment_for
from tracker.reminders.content import N_, Content, NothingToSay, addressee, item, number
from tracker.reports.parts import leads_of
from tracker.rules.permissions import Role
from tracker.rules.states import OWED, AssignmentState, MailKind, RequestState

NOT_THEIRS = NothingToSay(N_("Người nhận không còn xem được nhiệm vụ này."))
ANSWERED = NothingToSay(N_("Câu hỏi đã được trả lời trước khi thư được gửi."))
NOT_DECIDED = NothingToSay(N_("Đề nghị chưa được trả lời."))
NAMED_ANOTHER = NothingToSay(N_("Người thực hiện đã đổi trước khi thư được gửi."))
NOTHING_TO_DO = NothingToSay(N_("Việc này đã xong hoặc đã hủy trước khi thư được gửi."))


def thread_message(session: Session, mail: OutboxMail, *, today: date) -> Content:
    """Tell of what was written in a thread to somebody who may still see it."""
    comment = session.get_one(Comment, number(mail.key))
    told = _item(session, mail.recipient, comment.assignment_id, today)
    if told is None:
        return NOT_THEIRS
    named = any(mention.user_id == mail.recipient_id for mention in comment.mentions)
    waits = comment.is_question and comment.answered_at is None
    if comment.is_question and not waits and not named:
        return ANSWERED
    return messages.thread_message(
        addressee(mail.recipient), told, author=comment.author.name, author_agency=comment.author.agency.name,
        text=comment.text, is_named=named, message_id=mail.message_id,
        is_question=waits and mail.recipient.role is Role.COORDINATOR,
    )  # fmt: skip


def request_decided(session: Session, mail: OutboxMail, *, today: date, now: datetime) -> Content:
    """Tell what was answered to what the recipient's agency asked."""
    request: Extension | Transfer
    if mail.key.startswith("extension:"):
        request = session.get_one(Extension, number(mail.key))
    else:
        request = session.get_one(Transfer, number(mail.key))
    told = _item(session, mail.recipient, request.assignment_id, today)
    if told is None:
        return NOT_THEIRS
    if request.state not in {RequestState.GRANTED, RequestState.REFUSED}:
        return NOT_DECIDED
    answer = Answer(is_granted=request.state is RequestState.GRANTED, by=request.assignment.plan.coordinator.name,
                    words=request.answer or "")
    if isinstance(request, Extension):
        answer = replace(answer, wanted_on=request.wanted_on, granted_on=request.granted_on)
    elif request.given_to is not None:
        answer = replace(answer, given_to=request.given_to.name)
    return messages.request_decided(addressee(mail.recipient), told, answer=answer, now=now,
                                    message_id=mail.message_id)


def handed_over(session: Session, mail: OutboxMail, *, today: date) -> Content:
    """Tell a colleague, or a whole agency, of the work it was given."""
    if mail.key.startswith("transfer:"):
        return _given_to_agency(session, mail, today)
    if mail.key.startswith("part:"):
        return _asked_to_help(session, mail, today)
    assignment = session.get_one(Assignment, int(mail.key.split(":")[1]))
    if assignment.assignee_id != mail.recipient_id or _is_told_anew(session, mail, assignment):
        return NAMED_ANOTHER
    told = _item(session, mail.recipient, assignment.id, today)
    if told is None:
        return NOT_THEIRS
    if assignment.state not in OWED | {AssignmentState.SUBMITTED}:
        return NOTHING_TO_DO
    return messages.handed_over(addressee(mail.recipient), told, by=mail.recipient.agency.name, to_agency=False,
                                message_id=mail.message_id)


def _given_to_agency(session: Session, mail: OutboxMail, today: date) -> Content:
    transfer = session.get_one(Transfer, number(mail.key))
    new = transfer.assignment.replaced_by
    told = _item(session, mail.recipient, new.id, today) if new is not None else None
    if new is None or told is None or new.agency_id != mail.recipient.agency_id:
        return NOT_THEIRS
    if new.state not in OWED:
        return NOTHING_TO_DO
    # Neither what the first agency wrote nor what it was answered is for the next one's eyes.
    return messages.handed_over(addressee(mail.recipient), told, by=new.plan.coordinator.name, to_agency=True,
                                message_id=mail.message_id)


def _asked_to_help(session: Session, mail: OutboxMail, today: date) -> Content:
    """Tell an agency that a lead asks it to help."""
    part = session.get_one(Assignment, number(mail.key))
    told = _item(session, mail.recipient, part.id, today)
    if told is None:
        return NOT_THEIRS
    if part.state not in OWED:
        return NOTHING_TO_DO
    leads = leads_of(session, part, most=1)
    by = leads[0].agency.name if leads else part.plan.coordinator.name
    return messages.handed_over(addressee(mail.recipient), told, by=by, to_agency=True, to_help=True,
                                message_id=mail.message_id)


def _lead_row(session: Session, recipient: User, part_id: int) -> Assignment | None:
    """Give the row of the recipient's own agency that leads what this part helps with."""
    part = session.get(Assignment, part_id)
    if part is None:
        return None
    return next((lead for lead in leads_of(session, part, most=500) if lead.agency_id == recipient.agency_id), None)


def _item(session: Session, recipient: User, assignment_id: int, today: date) -> Item | None:
    """Give the assignment as a mail tells of it; None for somebody who may not see it (any more)."""
    try:
        row = assignment_for(session, recipient, assignment_id)
    except NotVisible:
        lead = _lead_row(session, recipient, assignment_id)
        return item(lead, today) if lead is not None else None
    told = item(row, today)
    # Request wording is for the body that is asked, not for the coordinator who asks it.
    return told if row.agency_id == recipient.agency_id else replace(told, is_requested=False)


def _is_told_anew(session: Session, mail: OutboxMail, assignment: Assignment) -> bool:
    """Tell whether the same person was named again after this mail was decided: the newer mail says it."""
    newer = select(OutboxMail.id).where(
        OutboxMail.recipient_id == mail.recipient_id, OutboxMail.kind == MailKind.HANDED_OVER,
        OutboxMail.key.startswith(f"assignee:{assignment.id}:"), OutboxMail.id > mail.id,
    )  # fmt: skip
    return bool(session.scalar(select(exists(newer))))
