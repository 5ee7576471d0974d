"""What a mail of the outbox says at the moment of sending, or why it is not sent (now)."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from tracker.clock import VIETNAM
from tracker.mail import messages
from tracker.mail.messages import Addressee, Item, Message
from tracker.models import Assignment, Chase, ChaseItem, OutboxMail, PasswordReset, Reminder, Review, User
from tracker.models.account import issue_token
from tracker.models.calendar import load_calendar
from tracker.rules.reminder_steps import MORNING
from tracker.rules.states import OWED, AssignmentState, MailKind


def N_(sentence: str) -> str:
    """Mark a sentence that is stored as it is and translated when somebody reads it."""
    return sentence


@dataclass(frozen=True)
class NothingToSay:
    """The mail is not needed any more."""

    reason: str


@dataclass(frozen=True)
class Later:
    """The mail is not for this day; nothing is wrong with it."""

    until: datetime


Content = Message | NothingToSay | Later

ACCOUNT_CLOSED = NothingToSay(N_("Tài khoản của người nhận đã đóng."))
NOTHING_OWED = NothingToSay(N_("Không còn việc nào phải nhắc: đã báo cáo, đã xác nhận hoặc đã đổi thời hạn."))
NOTHING_LATE = NothingToSay(N_("Không còn việc nào quá hạn vào lúc gửi."))
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
            return _digest(session, mail, today)
        case MailKind.CHASE:
            return _chase(session, mail, today)
        case MailKind.REPORT_RETURNED:
            return _report_returned(session, mail, today)
        case MailKind.PASSWORD_RESET:
            return _password_reset(session, mail, now)


def morning_of(day: date) -> datetime:
    """Give the instant at which a day's digests leave."""
    return datetime.combine(day, MORNING, VIETNAM)


def _digest(session: Session, mail: OutboxMail, today: date) -> Content:
    reminded = (
        select(Assignment)
        .join(Reminder, (Reminder.assignment_id == Assignment.id) & (Reminder.due_version == Assignment.due_version))
        .where(Reminder.mail_id == mail.id, Assignment.state.in_(OWED))
    )
    items = _items_of(session, mail.recipient, reminded, today)
    if not items:
        return NOTHING_OWED
    day = date.fromisoformat(mail.key)
    if day != today:
        # It missed its morning: what it carries goes out with the next working morning's digest, so that nobody
        # is written to at night, on a day off, or twice in one morning (decide() moves its reminders over).
        calendar = load_calendar(session)
        return Later(morning_of(day if day > today else calendar.at_or_after(today + timedelta(days=1))))
    return messages.digest(_addressee(mail.recipient), items, today=today, message_id=mail.message_id)


def _chase(session: Session, mail: OutboxMail, today: date) -> Content:
    chase = session.get_one(Chase, _number(mail.key))
    chased = (
        select(Assignment)
        .join(ChaseItem, ChaseItem.assignment_id == Assignment.id)
        .where(ChaseItem.chase_id == chase.id, Assignment.is_owed_and_overdue(today))
    )
    items = _items_of(session, mail.recipient, chased, today)
    if not items:
        return NOTHING_LATE
    return messages.chase(
        _addressee(mail.recipient), items, chaser=chase.sender.agency.name, sender=chase.sender.name,
        note=chase.note, today=today, message_id=mail.message_id,
    )  # fmt: skip


def _report_returned(session: Session, mail: OutboxMail, today: date) -> Content:
    review = session.get_one(Review, _number(mail.key))
    items = _items_of(
        session, mail.recipient, select(Assignment).where(Assignment.id == review.update.assignment_id), today
    )
    if not items or items[0].state is not AssignmentState.RETURNED:
        return REPORTED_AGAIN
    return messages.report_returned(
        _addressee(mail.recipient), items[0], reason=review.reason or "", reviewer=review.reviewer.agency.name,
        reported_on=review.update.reported_on, message_id=mail.message_id,
    )  # fmt: skip


def _password_reset(session: Session, mail: OutboxMail, now: datetime) -> Content:
    reset = session.get_one(PasswordReset, _number(mail.key))
    if reset.used_at is not None or reset.expires_at <= now:
        return LINK_VOID
    token = issue_token(reset)
    session.flush()
    return messages.password_reset(
        _addressee(mail.recipient), token=token, expires_at=reset.expires_at,
        is_first=reset.user.password_hash is None, message_id=mail.message_id,
    )  # fmt: skip


def _number(key: str) -> int:
    return int(key.partition(":")[2])


def _addressee(user: User) -> Addressee:
    return Addressee(name=user.name, email=user.email, locale=user.locale, agency=user.agency.name)


def _items_of(session: Session, recipient: User, chosen: Select[Assignment], today: date) -> list[Item]:
    """Read the chosen assignments of the recipient's own agency, most urgent first."""
    rows: Iterable[Assignment] = session.scalars(
        chosen.where(Assignment.agency_id == recipient.agency_id)
        .options(joinedload(Assignment.task), joinedload(Assignment.plan), joinedload(Assignment.agency),
                 joinedload(Assignment.period))
        .order_by(Assignment.due_on.is_(None), Assignment.due_on, Assignment.id)
    ).unique()
    return [_item(row, today) for row in rows]


def _item(row: Assignment, today: date) -> Item:
    days = None if row.due_on is None else (row.due_on - today).days
    return Item(
        assignment_id=row.id, plan_id=row.plan_id, plan=_plan_name(row), text=row.task.text, due_on=row.due_on,
        days_left=days, state=row.state, is_requested=row.is_requested or row.agency.is_requested,
        period=(row.period.first_day, row.period.last_day) if row.period else None,
    )  # fmt: skip


def _plan_name(row: Assignment) -> str:
    plan = row.plan
    return f"{plan.kind} {plan.number}: {plan.title}" if plan.number else plan.title
