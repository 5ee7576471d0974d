"""All that happened to one assignment, newest first: given, reported, decided, asked, answered, chased, reminded."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models import (
    Assignment,
    Chase,
    ChaseItem,
    Extension,
    OutboxMail,
    PlanChange,
    ProgressUpdate,
    Reminder,
    Review,
    Transfer,
)
from tracker.rules.states import MailState, RequestState


class EventKind(StrEnum):
    """What can happen to an assignment."""

    GIVEN = "given"
    REPORTED = "reported"
    #: A report was taken back by its agency before anybody decided on it.
    TAKEN_BACK = "taken_back"
    DECIDED = "decided"
    #: A decision was taken back by who made it.
    UNDONE = "undone"
    #: More time, or another owner, was asked for; and what became of it.
    ASKED = "asked"
    ANSWERED = "answered"
    REMINDED = "reminded"
    CHASED = "chased"
    #: The plan itself was changed, or another took its place.
    CHANGED = "changed"


@dataclass(frozen=True)
class Event:
    """One thing that happened; the row it comes from is the one that fits its kind."""

    kind: EventKind
    at: datetime
    update: ProgressUpdate | None = None
    review: Review | None = None
    chase: ChaseItem | None = None
    extension: Extension | None = None
    transfer: Transfer | None = None
    change: PlanChange | None = None
    #: "before_5", "due", "after_3", "late": the step people were reminded of, and who they were.
    step: str = ""
    reminded: tuple[str, ...] = field(default=())

    @property
    def request(self) -> Extension | Transfer | None:
        """Give what was asked, of either kind."""
        return self.extension or self.transfer

    @property
    def step_kind(self) -> str:
        """Give "before", "due", "after" …; of mails before there were working days, "overdue"."""
        return self.step.partition("_")[0]

    @property
    def step_days(self) -> int:
        """Give the days of the step; 0 on the day itself."""
        days = self.step.partition("_")[2]
        return int(days) if days.isdecimal() else 0


def history(session: Session, assignment: Assignment, requests: Sequence[Extension | Transfer] = ()) -> list[Event]:
    """Give everything that happened to an assignment, newest first, in a fixed number of queries.

    `requests` are those of `requests_of`, which a page shows by themselves too.
    """
    events = [Event(EventKind.GIVEN, assignment.created_at)]
    events += _reports(session, assignment)
    for request in sorted(requests, key=lambda request: (request.asked_at, request.id)):
        events += _asked(request)
    events += _changes(session, assignment)
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
            selectinload(ProgressUpdate.evidence),
        )
    )
    decisions = _decisions(session, assignment)
    for update in updates:
        yield Event(EventKind.REPORTED, update.created_at, update=update)
        if update.withdrawn_at is not None:
            yield Event(EventKind.TAKEN_BACK, update.withdrawn_at, update=update)
        for review in decisions[update.id]:
            yield Event(EventKind.DECIDED, review.decided_at, update=update, review=review)
            if review.undone_at is not None:
                yield Event(EventKind.UNDONE, review.undone_at, update=update, review=review)


def _decisions(session: Session, assignment: Assignment) -> dict[int, list[Review]]:
    """Give every decision on a report by the report's id, also one that was taken back."""
    reviews = session.scalars(
        select(Review)
        .join(Review.update)
        .where(ProgressUpdate.assignment_id == assignment.id)
        .order_by(Review.id)
        .options(joinedload(Review.reviewer))
    )
    found: dict[int, list[Review]] = defaultdict(list)
    for review in reviews:
        found[review.update_id].append(review)
    return found


def requests_of(session: Session, assignment: Assignment) -> list[Extension | Transfer]:
    """Give what the agency asked about an assignment, newest first."""
    extensions = session.scalars(
        select(Extension).where(Extension.assignment_id == assignment.id).order_by(Extension.id)
        .options(joinedload(Extension.asked_by), joinedload(Extension.decided_by), selectinload(Extension.evidence))
    ).all()
    transfers = session.scalars(
        select(Transfer).where(Transfer.assignment_id == assignment.id).order_by(Transfer.id)
        .options(joinedload(Transfer.asked_by), joinedload(Transfer.decided_by),
                 joinedload(Transfer.proposed_agency), joinedload(Transfer.given_to))
    ).all()
    return sorted([*extensions, *transfers], key=lambda request: request.asked_at, reverse=True)


def _asked(request: Extension | Transfer) -> Iterator[Event]:
    about: dict[str, Any] = {"extension" if isinstance(request, Extension) else "transfer": request}
    yield Event(EventKind.ASKED, request.asked_at, **about)
    if request.state is not RequestState.WAITING and request.decided_at is not None:
        yield Event(EventKind.ANSWERED, request.decided_at, **about)


def _changes(session: Session, assignment: Assignment) -> Iterator[Event]:
    """Give what changes of the plan did to this assignment, without those taken back before anybody was told."""
    changes = session.scalars(
        select(PlanChange)
        .where(PlanChange.assignment_id == assignment.id, PlanChange.undone_at.is_(None))
        .order_by(PlanChange.id)
        .options(joinedload(PlanChange.changed_by))
    )
    for change in changes:
        yield Event(EventKind.CHANGED, change.changed_at, change=change)


def _chases(session: Session, assignment: Assignment) -> Iterator[Event]:
    items = session.scalars(
        select(ChaseItem)
        .join(ChaseItem.chase)
        .where(ChaseItem.assignment_id == assignment.id)
        .order_by(ChaseItem.id)
        .options(joinedload(ChaseItem.chase).options(joinedload(Chase.sender), selectinload(Chase.letters)))
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
