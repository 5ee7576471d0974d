"""The secret address of a person's calendar feed: made when somebody asks for it, dead once it is revoked."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Actor, CalendarFeed, User
from tracker.models.access import NotVisible
from tracker.models.audit import record


def current_feed(session: Session, user: User) -> CalendarFeed | None:
    """Find the feed of a person that still works; there is at most one."""
    return session.scalar(
        select(CalendarFeed).where(CalendarFeed.user_id == user.id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id.desc()).limit(1)
    )


def feed_for(session: Session, user: User, feed_id: int) -> CalendarFeed:
    """Fetch a person's own feed. Raises NotVisible."""
    feed = session.get(CalendarFeed, feed_id)
    if feed is None or feed.user_id != user.id:
        raise NotVisible
    return feed


def make(session: Session, user: User, *, actor: Actor, now: datetime) -> CalendarFeed:
    """Make the person's feed, or give the one there is: a second press makes no second address. The caller commits."""
    session.execute(select(User.id).where(User.id == user.id).with_for_update())  # one press at a time
    feed = current_feed(session, user)
    if feed is None:
        feed = CalendarFeed(user=user, created_at=now)
        session.add(feed)
        record(session, actor, "feed.made", feed, now=now)
    return feed


def revoke(session: Session, feed: CalendarFeed, *, actor: Actor, now: datetime) -> None:
    """Make an address dead for good; one that is dead already stays as it is. The caller commits."""
    session.refresh(feed, with_for_update={"of": CalendarFeed})
    if feed.revoked_at is None:
        feed.revoked_at = now
        record(session, actor, "feed.revoked", feed, now=now)
