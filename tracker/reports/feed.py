"""An agency's due days as an iCalendar feed (RFC 5545), for the calendar program of one person."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from textwrap import shorten

from flask_babel import gettext as _
from icalendar import Calendar, Event
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.models import Assignment, AuditEntry, CalendarFeed, Plan, Task, User
from tracker.models.access import NotVisible, assignments_of
from tracker.rules.permissions import Permission
from tracker.rules.states import OWED, AssignmentState

#: Keeps a token of another kind, signed with the same key, from being taken for a feed's.
SALT = "calendar-feed"
#: How long what is settled or cancelled stays in the feed, so that calendars hear of it.
REMEMBERED = timedelta(days=60)
#: How often a program may come back, as it is told.
REFRESH = timedelta(hours=6)
MOST_ROWS = 2_000
SUMMARY_LENGTH = 90
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Surroundings:
    """What the feed is told about where it is read: the host for its ids, addresses of tasks, words of the language."""

    host: str
    link: Callable[[int], str]
    word: Callable[[StrEnum], str]
    day: Callable[[date | None], str]


def feed_token(feed: CalendarFeed, secret: str) -> str:
    """Give the secret part of a feed's address; the same each time, so that it can be shown again."""
    return str(URLSafeSerializer(secret, SALT).dumps(feed.id))


def person_of_feed(session: Session, token: str, secret: str) -> User:
    """Find whose feed this is. Changes nothing.

    Raises NotVisible alike for what is not signed by us, revoked, or of somebody who reports on nothing (any more).
    """
    try:
        feed_id = URLSafeSerializer(secret, SALT).loads(token)
    except BadData as problem:
        raise NotVisible from problem
    user = session.scalar(
        select(User).join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.id == feed_id, CalendarFeed.revoked_at.is_(None), User.is_active)
        .options(joinedload(User.agency))
    )
    if user is None or not user.may(Permission.PROGRESS_REPORT):
        raise NotVisible
    return user


def feed(session: Session, user: User, around: Surroundings, *, today: date, now: datetime) -> bytes:
    """Write the feed of this person's own agency, in a fixed number of queries.

    The same rows give the same bytes, whenever it is asked for, so that an ETag can be made of them.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Don Doc//don-doc//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    name = _("Đôn Đốc – %(agency)s", agency=user.agency.name)
    calendar.add("name", name)  # RFC 7986
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    rows = _rows(session, user, today, now)
    changed = _changed(session, rows)
    for row in rows:
        calendar.add_component(_due_event(row, changed.get(row.id, row.created_at), around))
        if row.period is not None:
            calendar.add_component(_period_event(row, changed.get(row.id, row.created_at), around))
    return bytes(calendar.to_ical())


def _rows(session: Session, user: User, today: date, now: datetime) -> Sequence[Assignment]:
    """Read what has a due day and is owed or waits, and what was settled or cancelled lately."""
    since = today - REMEMBERED
    recently = or_(Assignment.submitted_on >= since, Assignment.due_on >= since, _changed_since(now - REMEMBERED))
    return session.scalars(
        select(Assignment).join(Assignment.plan).join(Assignment.task)
        .where(
            assignments_of(user), Assignment.agency_id == user.agency_id, Assignment.due_on.is_not(None),
            or_(Assignment.state.in_(OWED | {AssignmentState.SUBMITTED}), recently),
        )
        .options(contains_eager(Assignment.plan).defer(Plan.text).defer(Plan.extract),
                 contains_eager(Assignment.task).defer(Task.fold), joinedload(Assignment.period))
        # The newest are kept when there are too many; a calendar sorts by itself.
        .order_by(Assignment.due_on.desc(), Assignment.id.desc()).limit(MOST_ROWS)
    ).all()  # fmt: skip


def _changed_since(then: datetime) -> ColumnElement[bool]:
    cancelled = and_(AuditEntry.subject_type == Assignment.__tablename__, AuditEntry.subject_id == Assignment.id,
                     AuditEntry.at >= then)
    return and_(Assignment.state == AssignmentState.CANCELLED, select(AuditEntry.id).where(cancelled).exists())


def _changed(session: Session, rows: Sequence[Assignment]) -> dict[int, datetime]:
    """Tell when each was last changed, as the audit has it."""
    if not rows:
        return {}
    found = session.execute(
        select(AuditEntry.subject_id, func.max(AuditEntry.at))
        .where(AuditEntry.subject_type == Assignment.__tablename__, AuditEntry.subject_id.in_([row.id for row in rows]))
        .group_by(AuditEntry.subject_id)
    )
    return {number: at for number, at in found if at is not None}


def _due_event(row: Assignment, changed_at: datetime, around: Surroundings) -> Event:
    assert row.due_on is not None  # the query asks for it; mypy can't know
    event = _event(row, f"assignment-{row.id}@{around.host}", row.due_on, row.due_on, changed_at, around)
    text = shorten(row.task.text, SUMMARY_LENGTH, placeholder="…")
    event.add("summary", _("Hạn: %(text)s (%(role)s)", text=text, role=around.word(row.role).lower()))
    return event


def _period_event(row: Assignment, changed_at: datetime, around: Surroundings) -> Event:
    assert row.period is not None
    event = _event(row, f"period-{row.id}@{around.host}", row.period.first_day, row.period.last_day, changed_at, around)
    event.add("summary", _("Kỳ báo cáo: %(text)s", text=shorten(row.task.text, SUMMARY_LENGTH, placeholder="…")))
    return event


def _event(row: Assignment, uid: str, first: date, last: date, changed_at: datetime, around: Surroundings) -> Event:
    """Make an all-day event with what both kinds say."""
    event = Event()
    event.add("uid", uid)
    # Nothing here has a METHOD, so DTSTAMP too is when it was last changed: asking twice gives the same bytes.
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", row.version - 1)
    event.add("dtstart", first)
    event.add("dtend", last + _DAY)  # exclusive
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if row.state is AssignmentState.CANCELLED else "CONFIRMED")
    event.add("categories", ["Đôn Đốc", around.word(row.role)])
    link = around.link(row.id)
    plan = row.plan.number or row.plan.title
    event.add("description", "\n".join([
        row.task.text,
        _("Kế hoạch: %(plan)s", plan=plan),
        _("Trạng thái: %(state)s", state=around.word(row.state)),
        _("Thời hạn: %(day)s", day=around.day(row.due_on)),
        _("Mở để báo cáo: %(link)s", link=link),
    ]))  # fmt: skip
    event.add("url", link)
    return event
