"""What asking for more time and saying "not ours" have in common: who asks, who answers, who is told."""
from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Actor, Assignment, Extension, Transfer, User
from tracker.models.access import may_ask, may_decide
from tracker.models.audit import record
from tracker.models.recipients import is_reachable_liaison
from tracker.reminders import outbox, untold
from tracker.rules.errors import Refusal
from tracker.rules.personal_data import refuse_personal_data
from tracker.rules.states import OWED, MailKind, NotAllowedNow, RequestState
from tracker.workflow.acceptance import NotYourPlan
from tracker.workflow.progress import take

Request = Extension | Transfer
Kind = TypeVar("Kind", Extension, Transfer)


class NotYourAgency(Refusal):
    """Only the agency that has the work asks about it."""

    key = "not_your_agency"


class AlreadyWaiting(Refusal):
    """A request of this kind waits for its answer already."""

    key = "request_already_waits"


class RequestWithoutReason(Refusal):
    """Asked without a word of why."""

    key = "request_without_reason"


class RefusalWithoutAnswer(Refusal):
    """Refused without a word of why."""

    key = "refusal_without_answer"


class AlreadyDecided(Refusal):
    """Somebody else answered it, or it was taken back, after this page was opened."""

    key = "request_already_decided"


def begin(session: Session, assignment: Assignment, *, actor: Actor, reason: str,
          expected_version: int | None) -> tuple[User, str]:
    """Hold the assignment and check what every request needs; give who asks, and the reason as it is kept.

    Raises NotYourAgency, ChangedMeanwhile, NotAllowedNow, RequestWithoutReason, IdentityNumber or PersonList.
    """
    if actor.user is None or not may_ask(actor.user, assignment):
        raise NotYourAgency
    take(session, assignment, expected_version)
    if assignment.state not in OWED:
        raise NotAllowedNow(before=assignment.state.value, after=assignment.state.value)
    reason = reason.strip()
    if not reason:
        raise RequestWithoutReason
    refuse_personal_data(reason)
    return actor.user, reason


def waiting(session: Session, kind: type[Kind], assignment: Assignment) -> Kind | None:
    """Give the request of a kind that waits about an assignment; there is one at the most."""
    return session.scalar(
        select(kind).where(kind.assignment_id == assignment.id, kind.state == RequestState.WAITING)
    )


def add(session: Session, request: Request) -> None:
    """Add a request. Raises AlreadyWaiting; the database's own unique index has the last word."""
    try:
        with session.begin_nested():
            session.add(request)
    except IntegrityError as error:
        raise AlreadyWaiting from error


def hold(session: Session, request: Request, expected_version: int | None) -> None:
    """Hold a request and its assignment, always in this order, and read both anew.

    Raises AlreadyDecided when it does not wait any more, or is not the version the page showed.
    """
    take(session, request.assignment, None)
    session.refresh(request, with_for_update={"of": type(request)})
    if not request.is_waiting or (expected_version is not None and request.version != expected_version):
        raise AlreadyDecided


def withdraw(session: Session, request: Request, *, actor: Actor, expected_version: int | None, now: datetime) -> None:
    """Take a request back before it is answered. Raises NotYourAgency or AlreadyDecided."""
    if actor.user is None or not may_ask(actor.user, request.assignment):
        raise NotYourAgency
    hold(session, request, expected_version)
    settle(request, RequestState.WITHDRAWN, actor=actor, answer=None, now=now)
    untold.held_back(session, request.assignment_id, since=request.asked_at)
    record(session, actor, f"{request.__tablename__}.withdrawn", request.assignment, now=now,
           before={"request": RequestState.WAITING.value}, after={"request": request.state.value})


def refuse(session: Session, request: Request, *, actor: Actor, answer: str, expected_version: int | None,
           now: datetime) -> None:
    """Say no, with the reason, and tell the agency.

    Raises NotYourPlan, RefusalWithoutAnswer, IdentityNumber or AlreadyDecided.
    """
    answer = answer.strip()
    if not answer:
        raise RefusalWithoutAnswer
    hold_to_decide(session, request, actor=actor, answer=answer, expected_version=expected_version)
    settle(request, RequestState.REFUSED, actor=actor, answer=answer, now=now)
    untold.held_back(session, request.assignment_id, since=request.asked_at)
    record(session, actor, f"{request.__tablename__}.refused", request.assignment, now=now,
           before={"request": RequestState.WAITING.value},
           after={"request": request.state.value, "answer": answer})
    tell_agency(session, request, now=now)


def hold_to_decide(session: Session, request: Request, *, actor: Actor, answer: str | None,
                   expected_version: int | None) -> None:
    """Hold a request for its answer. Raises NotYourPlan, IdentityNumber or AlreadyDecided."""
    if actor.user is None or not may_decide(actor.user, request.assignment):
        raise NotYourPlan
    refuse_personal_data(answer)
    hold(session, request, expected_version)


def settle(request: Request, state: RequestState, *, actor: Actor, answer: str | None, now: datetime) -> None:
    """Write an answer into a request."""
    request.state = state
    request.decided_by, request.decided_at = actor.user, now
    request.answer = (answer or "").strip() or None


def tell_agency(session: Session, request: Request, *, now: datetime) -> None:
    """Decide one mail about the answer for who asked and for each liaison of the agency."""
    told = session.scalars(
        select(User)
        .where(or_((User.agency_id == request.assignment.agency_id) & is_reachable_liaison(),
                   (User.id == request.asked_by_id) & User.is_active))
        .order_by(User.id)
    )
    for person in told:
        outbox.enqueue(session, person, MailKind.REQUEST_DECIDED, f"{request.__tablename__}:{request.id}", now=now)


def close_waiting(session: Session, assignment: Assignment, *, actor: Actor, answer: str, now: datetime) -> None:
    """Answer what still waits about work that was cancelled: there is nothing left to grant. Mails nobody."""
    for request in (waiting(session, Extension, assignment), waiting(session, Transfer, assignment)):
        if request is None:
            continue
        settle(request, RequestState.REFUSED, actor=actor, answer=answer, now=now)
        record(session, actor, f"{request.__tablename__}.refused", assignment, now=now,
               before={"request": RequestState.WAITING.value},
               after={"request": request.state.value, "answer": answer})
