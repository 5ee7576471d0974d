"""All that happened to one assignment, newest first: given, reported, accepted, returned, chased, reminded."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models import Assignment, Chase, ChaseItem, OutboxMail, ProgressUpdate, Reminder, Review
from tracker.rules.states import MailState


class EventKind(StrEnum):
    """What can happen to an assignment."""

    GIVEN = "given"
    REPORTED = "reported"
    DECIDED = "decided"
    REMINDED = "reminded"
    CHASED = "chased"


@dataclass(frozen=True)
class Event:
    """One thing that happened; the row it comes from is the one that fits its kind."""

    kind: EventKind
    at: datetime
    update: ProgressUpdate | None = None
    review: Review | None = None
    chase: ChaseItem | None = None
    #: "before_7", "due", "overdue_3": the step people were reminded of, and who they were.
    step: str = ""
    reminded: tuple[str, ...] = field(default=())

    @property
    def step_kind(self) -> str:
        """Give "before", "due" or "overdue"."""
        return self.step.partition("_")[0]

    @property
    def step_days(self) -> int:
        """Give the days of the step; 0 on the day itself."""
        days = self.step.partition("_")[2]
        return int(days) if days.isdecimal() else 0


def history(session: Session, assignment: Assignment) -> list[Event]:
    """Give everything that happened to an assignment, newest first, in a fixed number of queries."""
    events = [Event(EventKind.GIVEN, assignment.created_at)]
    events += _reports(session, assignment)
    events += _chases(session, assignment)
    events += _reminders(session, assignment)
    # Sorting is stable and each list came oldest first, so equal instants keep the order they happened in.
    return sorted(events, key=lambda event: event.at)[::-1]


def _reports(session: Session, assignment: Assignment) -> Iterator[Event]:
    updates = session.scalars(
        select(ProgressUpdate)
        .where(ProgressUpdate.assignment_id == assignment.id)
        .order_by(ProgressUpdate.id)
        .options(
            joinedload(ProgressUpdate.author),
            joinedload(ProgressUpdate.review).joinedload(Review.reviewer),
            selectinload(ProgressUpdate.evidence),
        )
    )
    for update in updates:
        yield Event(EventKind.REPORTED, update.created_at, update=update)
        if update.review is not None:
            yield Event(EventKind.DECIDED, update.review.decided_at, update=update, review=update.review)


def _chases(session: Session, assignment: Assignment) -> Iterator[Event]:
    items = session.scalars(
        select(ChaseItem)
        .join(ChaseItem.chase)
        .where(ChaseItem.assignment_id == assignment.id)
        .order_by(ChaseItem.id)
        .options(joinedload(ChaseItem.chase).joinedload(Chase.sender))
    )
    for item in items:
        yield Event(EventKind.CHASED, item.chase.sent_at, chase=item)


def _reminders(session: Session, assignment: Assignment) -> Iterator[Event]:
    """Give the reminders that a mail server took; people who were told of the same step are one event."""
    rows = session.scalars(
        select(Reminder)
        .join(Reminder.mail)
        .where(Reminder.assignment_id == assignment.id, OutboxMail.state == MailState.SENT)
        .order_by(Reminder.id)
        .options(joinedload(Reminder.mail).joinedload(OutboxMail.recipient))
    )
    together: dict[tuple[str, int], list[Reminder]] = {}
    for row in rows:
        together.setdefault((row.step, row.due_version), []).append(row)
    for (step, _version), told in together.items():
        names = tuple(row.mail.recipient.name for row in told)
        yield Event(EventKind.REMINDED, max(row.mail.sent_at or row.mail.created_at for row in told), step=step,
                    reminded=names)


def latest_report(session: Session, assignment: Assignment) -> ProgressUpdate | None:
    """Give the newest report on an assignment with what was decided on it, or None when there is none yet."""
    return session.scalar(
        select(ProgressUpdate)
        .where(ProgressUpdate.assignment_id == assignment.id)
        .order_by(ProgressUpdate.id.desc())
        .limit(1)
        .options(joinedload(ProgressUpdate.author), joinedload(ProgressUpdate.review).joinedload(Review.reviewer))
    )
