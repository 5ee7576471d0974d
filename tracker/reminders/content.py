"""What every mail of the outbox is read from: the addressee, the items of the addressee's own agency."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask, current_app, url_for
from sqlalchemy import Select
from sqlalchemy.orm import Session, joinedload

from tracker.clock import VIETNAM
from tracker.config import Settings
from tracker.mail.messages import Addressee, Item, Message, ReportLink
from tracker.models import Assignment, User
from tracker.models.mail_link import make_token
from tracker.models.policy import load_policy
from tracker.rules.permissions import Permission
from tracker.rules.reminder_steps import MORNING
from tracker.rules.standing import last_day_in_time


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


def morning_of(day: date) -> datetime:
    """Give the instant at which a day's digests leave."""
    return datetime.combine(day, MORNING, VIETNAM)


def number(key: str) -> int:
    """Give the number of a mail's key ("chase:12" -> 12)."""
    return int(key.partition(":")[2])


def addressee(user: User) -> Addressee:
    """Say to whom a mail is written, and in which language."""
    return Addressee(name=user.name, email=user.email, locale=user.locale, agency=user.agency.name)


def mail_link_for(session: Session, user: User, *, now: datetime) -> ReportLink | None:
    """Make the link under which this person reports on due items without logging in, at the moment of sending.

    None for somebody who reports on nothing, and where no key is set to sign with (a command by hand): the mail then
    leads to the pages behind the log-in.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.extensions["settings"]
    if not settings.secret_key or not user.may(Permission.PROGRESS_REPORT):
        return None
    token = make_token(user, settings.secret_key, now=now)
    # A context of its own, as the mail's text has: nothing of it leaks into a request that may be running.
    with app.app_context(), app.test_request_context(base_url=settings.base_url):
        url = url_for("mail_link.items", token=token, _external=True)
    return ReportLink(url, load_policy(session).link_days)


def items_of(session: Session, recipient: User, chosen: Select[Assignment], today: date) -> list[Item]:
    """Read the chosen assignments of the recipient's own agency, most urgent first."""
    rows: Iterable[Assignment] = session.scalars(
        chosen.where(Assignment.agency_id == recipient.agency_id)
        .options(joinedload(Assignment.task), joinedload(Assignment.plan), joinedload(Assignment.agency),
                 joinedload(Assignment.period))
        .order_by(Assignment.due_on.is_(None), Assignment.due_on, Assignment.id)
    ).unique()
    return [item(row, today) for row in rows]


def item(row: Assignment, today: date) -> Item:
    """Give an assignment as a mail tells of it."""
    due_on = last_day_in_time(row.due_on, row.grace_until)
    days = None if due_on is None else (due_on - today).days
    return Item(
        assignment_id=row.id, plan_id=row.plan_id, plan=plan_name(row), text=row.task.text, due_on=due_on,
        days_left=days, state=row.state, is_requested=row.is_requested or row.agency.is_requested,
        period=(row.period.first_day, row.period.last_day) if row.period else None,
    )  # fmt: skip


def plan_name(row: Assignment) -> str:
    """Give a plan's kind, number and title, or its title alone."""
    plan = row.plan
    return f"{plan.kind} {plan.number}: {plan.title}" if plan.number else plan.title
