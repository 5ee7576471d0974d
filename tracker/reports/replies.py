"""Answers by mail as their writer reads them: those that wait, those settled, and what each may be about."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models import Assignment, IncomingMail, User
from tracker.models.access import assignments_of
from tracker.reminders.told_of import told_of
from tracker.reports.assignment_list import with_words
from tracker.reports.paging import MOST_ROWS, PAGE_ROWS, Page
from tracker.rules.states import OWED, IncomingKind, IncomingState

#: Assignments offered beside those that the mail told of, most urgent first.
MOST_OTHERS = 40
MOST_COUNTED = 99


@dataclass(frozen=True)
class Candidates:
    """What an answer can be made a report of: its writer's own agency's open work."""

    #: What the answered mail told of.
    told: Sequence[Assignment]
    others: Sequence[Assignment]


def own_replies(user: User, *, waiting: bool) -> list[ColumnElement[bool]]:
    """Which answers are a person's own: those that wait, or those that are settled."""
    state = IncomingMail.state == IncomingState.OFFERED if waiting else IncomingMail.state != IncomingState.OFFERED
    return [IncomingMail.user_id == user.id, IncomingMail.kind == IncomingKind.REPLY, state]


def count_waiting(session: Session, user: User) -> int:
    """Count the answers that wait for a person, at most MOST_COUNTED."""
    some = select(IncomingMail.id).where(*own_replies(user, waiting=True)).limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def page_of(session: Session, user: User, *, waiting: bool, after: str | None = None,
            limit: int = PAGE_ROWS) -> Page[IncomingMail]:
    """Give one page of a person's answers, newest first."""
    mine = own_replies(user, waiting=waiting)
    limit = min(limit, MOST_ROWS)
    wanted = select(IncomingMail).where(*mine).order_by(IncomingMail.id.desc())
    start = int(after) if after and after.isascii() and after.isdecimal() and len(after) < 10 else None
    if start is not None:
        wanted = wanted.where(IncomingMail.id < start)
    rows = session.scalars(wanted.limit(limit + 1).options(selectinload(IncomingMail.files))).all()
    more = str(rows[limit - 1].id) if len(rows) > limit else None
    total = session.scalar(select(func.count()).select_from(IncomingMail).where(*mine)) or 0
    return Page(rows[:limit], more, start is None, total)


def candidates(session: Session, user: User, reply: IncomingMail) -> Candidates:
    """Give what an answer can be made a report of, what the mail told of first."""
    own = [assignments_of(user), Assignment.agency_id == user.agency_id, Assignment.state.in_(OWED)]
    order = (Assignment.due_on.is_(None), Assignment.due_on, Assignment.id)
    words = with_words().where(*own).options(joinedload(Assignment.period))
    told_ids = told_of(session, reply.mail) if reply.mail is not None else []
    told = session.scalars(words.where(Assignment.id.in_(told_ids)).order_by(*order)).all()
    others = session.scalars(words.where(Assignment.id.not_in(told_ids)).order_by(*order).limit(MOST_OTHERS)).all()
    return Candidates(told, others)
