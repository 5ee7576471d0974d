"""The signed link of a mail: it opens one person's due items without logging in, and nothing else.

The token holds the account, the version of its log-ins, when it was made, and a mark of the mailbox and the agency it
was made for, signed with the application's key; it is stored nowhere. Opening uses up nothing, because mail scanners
open links too: what a link can do is kept small instead.
"""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.models.access import NotVisible, assignments_of
from tracker.models.account import User
from tracker.models.assignment import Assignment
from tracker.models.plan import Plan
from tracker.models.task import Task
from tracker.rules.permissions import Permission
from tracker.rules.standing import DUE_SOON
from tracker.rules.states import OWED, AssignmentState

#: Keeps a token of another kind, signed with the same key, from being taken for one of these.
SALT = "mail-link"
#: Items shown at once; the rest is told as a number, and waits behind the log-in.
MOST_ITEMS = 40


class LinkExpired(Exception):
    """The link was good, and is too old now."""


def make_token(user: User, secret: str, *, now: datetime) -> str:
    """Make the token of a mail that is being sent."""
    # The instant is part of what is signed, rather than itsdangerous' own timestamp: the clock is a parameter here.
    return str(URLSafeSerializer(secret, SALT).dumps([user.id, user.session_version, int(now.timestamp()),
                                                    _mark(user)]))


def _mark(user: User) -> str:
    """Give what changes when mails no longer go to the same mailbox about the same agency: old mails stay there."""
    return hashlib.sha256(f"{user.agency_id} {user.email}".encode()).hexdigest()[:12]


def person_for_token(session: Session, token: str, secret: str, *, now: datetime, days: int) -> User:
    """Find whose link this is. Changes nothing.

    Raises NotVisible for a token that is not ours, a closed account, one that reports on nothing (any more), or a
    password, address or agency that changed since; LinkExpired for a good one that is older than `days`.
    """
    try:
        user_id, version, made, mark = URLSafeSerializer(secret, SALT).loads(token)
        user_id, version, made = int(user_id), int(version), int(made)
    except (BadData, ValueError, TypeError) as problem:
        raise NotVisible from problem
    user = session.scalar(
        select(User).where(User.id == user_id, User.session_version == version, User.is_active)
        .options(joinedload(User.agency))
    )
    if user is None or not user.may(Permission.PROGRESS_REPORT) or mark != _mark(user):
        raise NotVisible
    if now - datetime.fromtimestamp(made, UTC) > timedelta(days=days):
        raise LinkExpired
    return user


def opens(state: AssignmentState, days_left: int | None) -> bool:
    """Tell whether a link shows something in this state, due in so many days: twin of `_shown`."""
    return state in OWED and (
        state is AssignmentState.RETURNED or (days_left is not None and days_left <= DUE_SOON.days)
    )


def _shown(user: User, today: date) -> ColumnElement[bool]:
    """Give what a link shows: what the person's own agency owes and is returned, late, or due within a week."""
    return and_(
        assignments_of(user), Assignment.agency_id == user.agency_id, Assignment.state.in_(OWED),
        or_(Assignment.state == AssignmentState.RETURNED, Assignment.due_on <= today + DUE_SOON),
    )


def due_items(session: Session, user: User, *, today: date, limit: int = MOST_ITEMS) -> Sequence[Assignment]:
    """Read what a link shows, most urgent first: at most `limit` and one more, which says that there are more."""
    return session.scalars(
        select(Assignment)
        .join(Assignment.plan).join(Assignment.task)
        .where(_shown(user, today))
        .options(contains_eager(Assignment.plan).defer(Plan.text).defer(Plan.extract),
                 contains_eager(Assignment.task).defer(Task.fold), joinedload(Assignment.agency),
                 joinedload(Assignment.period))
        .order_by((Assignment.state != AssignmentState.RETURNED), Assignment.due_on.is_(None), Assignment.due_on,
                  Assignment.id)
        .limit(limit + 1)
    ).all()


def item_for(session: Session, user: User, assignment_id: int) -> Assignment:
    """Fetch an assignment of the person's own agency, to report on through a link.

    It may be none of the shown ones any more (a colleague was faster): the use case says so then. Raises NotVisible.
    """
    found = session.scalar(
        select(Assignment)
        .where(Assignment.id == assignment_id, assignments_of(user), Assignment.agency_id == user.agency_id)
    )
    if found is None:
        raise NotVisible
    return found
