"""What a mail of the outbox says at the moment of sending, or why it is not sent (now)."""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.mail import messages
from tracker.models import Assignment, OutboxMail, PasswordReset, Review, User
from tracker.models.account import issue_token
from tracker.models.policy import load_policy
from tracker.reminders import (
    admin_mails,
    assigned_mail,
    chase_mail,
    digest_mail,
    escalation_mail,
    monthly_mail,
    plan_changes,
    telling,
    weekly_mail,
)
from tracker.reminders.content import N_, Content, NothingToSay, addressee, items_of, number
from tracker.reminders.digest_mail import Digest
from tracker.rules.states import AssignmentState, MailKind

ACCOUNT_CLOSED = NothingToSay(N_("Tài khoản của người nhận đã đóng."))
REPORTED_AGAIN = NothingToSay(N_("Cơ quan đã báo cáo lại trước khi thư được gửi."))
LINK_VOID = NothingToSay(N_("Liên kết đã được dùng hoặc đã hết hiệu lực."))


@dataclass(frozen=True)
class ReadAhead:
    """What many mails are made of, read at once; good until the transaction ends."""

    digests: Mapping[int, Digest] = field(default_factory=dict)
    #: For how many days the links in these mails open.
    link_days: int | None = None
    #: Held, so that the session does not forget them.
    people: Collection[User] = ()


@dataclass(frozen=True)
class _At:
    """The day a mail speaks of, the moment it is made, and what was read for it before."""

    today: date
    now: datetime
    ahead: ReadAhead | None


def read_ahead(session: Session, mails: Collection[OutboxMail], *, today: date) -> ReadAhead:
    """Read what these mails are made of, in a fixed number of queries, for `compose` in the same transaction."""
    people = session.scalars(
        select(User).where(User.id.in_({mail.recipient_id for mail in mails})).options(joinedload(User.agency))
    ).all()
    digests = [mail.id for mail in mails if mail.kind is MailKind.DIGEST]
    return ReadAhead(digest_mail.read_digests(session, digests, today=today) if digests else {},
                     load_policy(session).link_days, people)


def compose(
    session: Session, mail: OutboxMail, *, today: date, now: datetime, ahead: ReadAhead | None = None
) -> Content:
    """Give what a mail says, read from the tables as they are now.

    Only items of the recipient's own agency are ever told. The caller commits, because a
    password link's token is made here and its hash kept. Raises LookupError when what the
    mail is about does not exist.
    """
    if not mail.recipient.is_active:
        return ACCOUNT_CLOSED
    return _COMPOSED[mail.kind](session, mail, _At(today, now, ahead))


def _report_returned(session: Session, mail: OutboxMail, at: _At) -> Content:
    review = session.get_one(Review, number(mail.key))
    items = items_of(
        session, mail.recipient, select(Assignment).where(Assignment.id == review.update.assignment_id), at.today
    )
    if not items or items[0].state is not AssignmentState.RETURNED:
        return REPORTED_AGAIN
    return messages.report_returned(
        addressee(mail.recipient), items[0], reason=review.reason or "", reviewer=review.reviewer.agency.name,
        reported_on=review.update.reported_on, message_id=mail.message_id,
    )  # fmt: skip


def _password_reset(session: Session, mail: OutboxMail, at: _At) -> Content:
    reset = session.get_one(PasswordReset, number(mail.key))
    if reset.used_at is not None or reset.expires_at <= at.now:
        return LINK_VOID
    token = issue_token(reset)
    session.flush()
    return messages.password_reset(
        addressee(mail.recipient), token=token, expires_at=reset.expires_at,
        is_first=reset.user.password_hash is None, message_id=mail.message_id,
    )  # fmt: skip


def _digest(session: Session, mail: OutboxMail, at: _At) -> Content:
    if at.ahead is None:
        return digest_mail.digest(session, mail, today=at.today, now=at.now)
    return digest_mail.digest(session, mail, today=at.today, now=at.now, read=at.ahead.digests,
                              link_days=at.ahead.link_days)


#: Every kind of mail, and what makes it.
_COMPOSED: Mapping[MailKind, Callable[[Session, OutboxMail, _At], Content]] = {
    MailKind.DIGEST: _digest,
    MailKind.ASSIGNED: lambda session, mail, at: assigned_mail.assigned(session, mail, today=at.today, now=at.now),
    MailKind.PLAN_CHANGED: lambda session, mail, at: plan_changes.plan_changed(
        session, mail, today=at.today, now=at.now),
    MailKind.CHASE: lambda session, mail, at: chase_mail.chase(session, mail, today=at.today, now=at.now),
    MailKind.REPORT_RETURNED: _report_returned,
    MailKind.THREAD_MESSAGE: lambda session, mail, at: telling.thread_message(session, mail, today=at.today),
    MailKind.REQUEST_DECIDED: lambda session, mail, at: telling.request_decided(
        session, mail, today=at.today, now=at.now),
    MailKind.HANDED_OVER: lambda session, mail, at: telling.handed_over(session, mail, today=at.today),
    MailKind.ESCALATION: lambda session, mail, at: escalation_mail.escalation(
        session, mail, today=at.today, now=at.now),
    MailKind.WEEKLY: lambda session, mail, at: weekly_mail.weekly(session, mail, today=at.today, now=at.now),
    MailKind.MONTHLY: lambda session, mail, at: monthly_mail.monthly(session, mail, today=at.today, now=at.now),
    MailKind.ADDRESS_REFUSED: lambda session, mail, at: admin_mails.address_refused(session, mail, today=at.today),
    MailKind.MORNING_LINE: lambda session, mail, at: admin_mails.morning_line(session, mail, today=at.today),
    MailKind.PASSWORD_RESET: _password_reset,
}
