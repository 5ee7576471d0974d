"""What a mail of the outbox says at the moment of sending, or why it is not sent (now)."""
from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.mail import messages
from tracker.models import Assignment, OutboxMail, PasswordReset, Reminder, Review
from tracker.models.account import issue_token
from tracker.models.calendar import load_calendar
from tracker.reminders import chase_mail, escalation_mail, plan_changes, telling
from tracker.reminders.content import (
    N_,
    Content,
    Later,
    NothingToSay,
    addressee,
    items_of,
    mail_link_for,
    morning_of,
    number,
)
from tracker.rules.states import OWED, AssignmentState, MailKind

ACCOUNT_CLOSED = NothingToSay(N_("Tài khoản của người nhận đã đóng."))
NOTHING_OWED = NothingToSay(N_("Không còn việc nào phải nhắc: đã báo cáo, đã xác nhận hoặc đã đổi thời hạn."))
REPORTED_AGAIN = NothingToSay(N_("Cơ quan đã báo cáo lại trước khi thư được gửi."))
LINK_VOID = NothingToSay(N_("Liên kết đã được dùng hoặc đã hết hiệu lực."))


def compose(session: Session, mail: OutboxMail, *, today: date, now: datetime) -> Content:
    """Give what a mail says, read from the tables as they are now.

    Only items of the recipient's own agency are ever told. The caller commits, because a
    password link's token is made here and its hash kept. Raises LookupError when what the
    mail is about does not exist.
    """
    if not mail.recipient.is_active:
        return ACCOUNT_CLOSED
    match mail.kind:
        case MailKind.DIGEST:
            return _digest(session, mail, today, now)
        case MailKind.CHASE:
            return chase_mail.chase(session, mail, today=today, now=now)
        case MailKind.REPORT_RETURNED:
            return _report_returned(session, mail, today)
        case MailKind.THREAD_MESSAGE:
            return telling.thread_message(session, mail, today)
        case MailKind.REQUEST_DECIDED:
            return telling.request_decided(session, mail, today)
        case MailKind.HANDED_OVER:
            return telling.handed_over(session, mail, today)
        case MailKind.PLAN_CHANGED:
            return plan_changes.plan_changed(session, mail, today)
        case MailKind.ESCALATION:
            return escalation_mail.escalation(session, mail, today)
        case MailKind.PASSWORD_RESET:
            return _password_reset(session, mail, now)


def _digest(session: Session, mail: OutboxMail, today: date, now: datetime) -> Content:
    reminded = (
        select(Assignment)
        .join(Reminder, (Reminder.assignment_id == Assignment.id) & (Reminder.due_version == Assignment.due_version))
        .where(Reminder.mail_id == mail.id, Assignment.state.in_(OWED))
    )
    items = items_of(session, mail.recipient, reminded, today)
    if not items:
        return NOTHING_OWED
    day = date.fromisoformat(mail.key)
    if day != today:
        # It missed its morning: what it carries goes out with the next working morning's digest, so that nobody
        # is written to at night, on a day off, or twice in one morning (decide() moves its reminders over).
        calendar = load_calendar(session)
        return Later(morning_of(day if day > today else calendar.at_or_after(today + timedelta(days=1))))
    return messages.digest(addressee(mail.recipient), items, today=today, message_id=mail.message_id,
                           link=mail_link_for(session, mail.recipient, now=now))


def _report_returned(session: Session, mail: OutboxMail, today: date) -> Content:
    review = session.get_one(Review, number(mail.key))
    items = items_of(
        session, mail.recipient, select(Assignment).where(Assignment.id == review.update.assignment_id), today
    )
    if not items or items[0].state is not AssignmentState.RETURNED:
        return REPORTED_AGAIN
    return messages.report_returned(
        addressee(mail.recipient), items[0], reason=review.reason or "", reviewer=review.reviewer.agency.name,
        reported_on=review.update.reported_on, message_id=mail.message_id,
    )  # fmt: skip


def _password_reset(session: Session, mail: OutboxMail, now: datetime) -> Content:
    reset = session.get_one(PasswordReset, number(mail.key))
    if reset.used_at is not None or reset.expires_at <= now:
        return LINK_VOID
    token = issue_token(reset)
    session.flush()
    return messages.password_reset(
        addressee(mail.recipient), token=token, expires_at=reset.expires_at,
        is_first=reset.user.password_hash is None, message_id=mail.message_id,
    )  # fmt: skip
