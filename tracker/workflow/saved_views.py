"""Filters of the own desk that a person gave a name.

No audit: a view is a bookmark of one's own; it changes nothing that anybody else sees, and what it shows is asked
anew each time.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import SavedView, User
from tracker.models.access import NotVisible
from tracker.reports.my_work import WorkFilter
from tracker.rules.errors import Refusal
from tracker.rules.folding import fold
from tracker.rules.personal_data import refuse_personal_data

MOST_VIEWS = 20
LONGEST_NAME = 60


class ViewWithoutName(Refusal):
    """A view needs a name that can be told from others."""

    key = "view_without_name"


class ViewNameTooLong(Refusal):
    """The name would not fit where views are shown."""

    key = "view_name_too_long"


class ViewNameTaken(Refusal):
    """This person has a view of that name already, whatever its diacritics and capitals."""

    key = "view_name_taken"


class ViewOfNothing(Refusal):
    """No condition is set, so the view would be the desk itself."""

    key = "view_of_nothing"


class TooManyViews(Refusal):
    """More names than anybody reads."""

    key = "too_many_views"


def views_of(session: Session, user: User) -> Sequence[SavedView]:
    """Give this person's views, oldest first."""
    return session.scalars(select(SavedView).where(SavedView.user_id == user.id).order_by(SavedView.id)).all()


def view_for(session: Session, user: User, view_id: int) -> SavedView:
    """Fetch one of this person's own views. Raises NotVisible."""
    found = session.scalar(select(SavedView).where(SavedView.id == view_id, SavedView.user_id == user.id))
    if found is None:
        raise NotVisible
    return found


def save(session: Session, user: User, name: str, wanted: WorkFilter, *, now: datetime) -> SavedView:
    """Give a filter a name. The caller commits.

    Raises ViewWithoutName, ViewNameTooLong, ViewOfNothing, IdentityNumber, ViewNameTaken, TooManyViews.
    """
    name = " ".join(name.split())
    if not fold(name):
        raise ViewWithoutName
    if len(name) > LONGEST_NAME:
        raise ViewNameTooLong(most=LONGEST_NAME)
    if not wanted.to_args():
        raise ViewOfNothing
    refuse_personal_data(name, wanted.q)
    # One at a time for each person, so that two presses can't both find room.
    session.execute(select(User.id).where(User.id == user.id).with_for_update())
    others = views_of(session, user)
    for other in others:
        if fold(other.name) == fold(name):
            raise ViewNameTaken(name=other.name)
    if len(others) >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
    view = SavedView(user_id=user.id, name=name, args=wanted.to_args(), created_at=now)
    session.add(view)
    session.flush()
    return view


def delete(session: Session, view: SavedView) -> None:
    """Forget a view. The caller commits."""
    session.delete(view)
    session.flush()
