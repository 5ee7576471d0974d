"""What every mail of the outbox is read from: the addressee, the items of the addressee's own agency."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select
from sqlalchemy.orm import Session, joinedload

from tracker.clock import VIETNAM
from tracker.config import Settings
from tracker.mail.items import Item
from tracker.mail.messages import ReportLink
from tracker.mail.writing import Addressee, Message, address
from tracker.models import Assignment, OutboxMail, Plan, User
from tracker.models.calendar import load_calendars
from tracker.models.mail_link import make_token
from tracker.models.policy import load_policy
from tracker.rules.permissions import Permission
from tracker.rules.reminder_steps import MORNING_ENDS
from tracker.rules.standing import last_day_in_time
from tracker.rules.working_days import ONE_DAY


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


@dataclass(frozen=True)
class Unwritten:
    """Everything that a mail says was read; its sentences can be written without the database."""

    write: Callable[[], Message]


Content = Message | NothingToSay | Later | Unwritten


def morning_of(session: Session, day: date) -> datetime:
    """Give the instant at which a day's mails leave."""
    return datetime.combine(day, load_policy(session).send_at, VIETNAM)


def put_off(session: Session, mail: OutboxMail, today: date, now: datetime) -> Later | None:
    """Say until when a morning's mail waits that is not of today; None for today's until the evening.

    Nobody is written to at night or on a day off. What has missed its morning is carried by the next working
    morning's mail (`decide` moves it), so that nobody gets two in one morning.
    """
    day, local = date.fromisoformat(mail.key), now.astimezone(VIETNAM)
    if day == today and (local.date() != today or local.time() < MORNING_ENDS):
        return None
    calendar = load_calendars(session).of(mail.recipient.agency_id)
    return Later(morning_of(session, day if day > today else calendar.at_or_after(today + ONE_DAY)))


def number(key: str) -> int:
    """Give the number of a mail's key ("chase:12" -> 12)."""
    return int(key.partition(":")[2])


def addressee(user: User) -> Addressee:
    """Say to whom a mail is written, and in which language."""
    return Addressee(name=user.name, email=user.email, locale=user.locale, agency=user.agency.name)


def mail_link_for(session: Session, user: User, *, now: datetime, days: int | None = None) -> ReportLink | None:
    """Make the link under which this person reports on due items without logging in, at the moment of sending.

    None for somebody who reports on nothing, and where no key is set to sign with (a command by hand): the mail then
    leads to the pages behind the log-in. `days`: how long links open, when that is known already.
    """
    settings: Settings = current_app.extensions["settings"]
    if not settings.secret_key or not user.may(Permission.PROGRESS_REPORT):
        return None
    token = make_token(user, settings.secret_key, now=now)
    return ReportLink(address("mail_link.items", token=token), load_policy(session).link_days if days is None else days)


def items_of(session: Session, recipient: User, chosen: Select[Assignment], today: date) -> list[Item]:
    """Read the chosen assignments of the recipient's own agency, most urgent first."""
    rows: Iterable[Assignment] = session.scalars(
        chosen.where(Assignment.agency_id == recipient.agency_id)
        .options(joinedload(Assignment.task), joinedload(Assignment.plan).defer(Plan.text).defer(Plan.extract),
                 joinedload(Assignment.agency), joinedload(Assignment.period))
        .order_by(Assignment.due_on.is_(None), Assignment.due_on, Assignment.id)
    ).unique()
    return [item(row, today) for row in rows]


def item(row: Assignment, today: date) -> Item:
    """Give an assignment as a mail tells of it."""
    return item_of(
        assignment_id=row.id, plan_id=row.plan_id, plan=plan_name(row.plan), text=row.task.text, due_on=row.due_on,
        grace_until=row.grace_until, state=row.state, is_requested=row.is_requested or row.agency.is_requested,
        period=(row.period.first_day, row.period.last_day) if row.period else None, is_part=row.is_part,
        version=row.version, today=today,
    )  # fmt: skip


def item_of(*, due_on: date | None, grace_until: date | None, today: date, **values: Any) -> Item:
    """Give an assignment whose columns were read as a mail tells of it."""
    last_day = last_day_in_time(due_on, grace_until)
    return Item(due_on=last_day, days_left=None if last_day is None else (last_day - today).days, **values)


def plan_name(plan: Plan) -> str:
    """Give a plan's kind, number and title, or its title alone."""
    return plan_in_words(plan.kind, plan.number, plan.title)


def plan_in_words(kind: str, number: str | None, title: str) -> str:
    """Say which plan it is."""
    return f"{kind} {number}: {title}" if number else title
