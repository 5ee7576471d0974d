"""The thread of an assignment: what is said stays, who is concerned is mailed once, a question waits for an answer."""
from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Actor, Assignment, Comment, Mention, User
from tracker.models.access import may_answer, may_write
from tracker.models.audit import record
from tracker.reminders import outbox
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Role
from tracker.rules.personal_data import refuse_personal_data
from tracker.rules.states import MailKind

LONGEST_TEXT = 5000
LONGEST_FORM_KEY = 64


class NothingWritten(Refusal):
    """A comment without a word."""

    key = "comment_without_text"


class CommentTooLong(Refusal):
    """A comment longer than a comment may be."""

    key = "comment_too_long"


class NotYourThread(Refusal):
    """Only the agency that has the work, and the plan's coordinator, write in its thread."""

    key = "not_your_thread"


def _of_agency(assignment: Assignment) -> ColumnElement[bool]:
    return and_(User.agency_id == assignment.agency_id, User.role == Role.LIAISON, User.is_active)


def _of_coordinator(assignment: Assignment) -> ColumnElement[bool]:
    return and_(User.agency_id == assignment.plan.coordinator_id, User.role == Role.COORDINATOR, User.is_active)


def people(session: Session, assignment: Assignment) -> list[User]:
    """Give who can be named in the thread: the agency's liaisons and the plan's coordinators, the agency's first."""
    found = session.scalars(
        select(User).where(or_(_of_agency(assignment), _of_coordinator(assignment))).order_by(User.name, User.id)
    ).all()
    return sorted(found, key=lambda person: person.role is Role.COORDINATOR)


def write(
    session: Session, assignment: Assignment, *, actor: Actor, text: str, is_question: bool = False,
    mentioned: Collection[User] = (), form_key: str, now: datetime,
) -> Comment:
    """Write in the thread, and decide one mail for each person concerned, never for who writes.

    Mailed are those named in it (who may not see the assignment is passed over); for a question, the coordinators of
    the plan; for what a coordinator writes, those of the agency who wrote before, or all its liaisons when nobody
    did. A coordinator's words answer the questions that are open. The same `form_key` twice, even at once, is one
    comment. The caller commits. Raises NotYourThread, NothingWritten, CommentTooLong or IdentityNumber.
    """
    author = actor.user
    if author is None or not may_write(author, assignment):
        raise NotYourThread
    key = f"{assignment.id}.{author.id}.{form_key[:LONGEST_FORM_KEY]}"
    if (before := _with_key(session, key)) is not None:
        return before
    answering = may_answer(author, assignment)
    comment = Comment(assignment=assignment, author=author, written_at=now, text=_checked(text),
                      is_question=is_question and not answering, form_key=key)
    allowed = {person.id: person for person in people(session, assignment)}
    named = {person.id: person for person in mentioned if person.id in allowed}
    comment.mentions = [Mention(user=person) for _id, person in sorted(named.items())]
    try:
        with session.begin_nested():
            session.add(comment)
    except IntegrityError:  # the same press, a moment ago
        if (before := _with_key(session, key)) is None:
            raise
        return before
    if answering:
        for question in open_questions(session, assignment):
            question.answered_at = now
    record(session, actor, "thread.written", assignment, now=now,
           after={"comment": comment.id, "is_question": comment.is_question})
    concerned = named | {person.id: person for person in _concerned(session, comment, answering=answering)}
    for _id, person in sorted(concerned.items()):
        if person.id != author.id:
            outbox.enqueue(session, person, MailKind.THREAD_MESSAGE, f"comment:{comment.id}", now=now)
    return comment


def settle(session: Session, comment: Comment, *, actor: Actor, now: datetime) -> None:
    """Say that a question needs no answer (any more). The caller commits. Raises NotYourThread."""
    if actor.user is None or not may_answer(actor.user, comment.assignment):
        raise NotYourThread
    session.refresh(comment, with_for_update={"of": Comment})
    if not comment.is_question or comment.answered_at is not None:
        return
    comment.answered_at = now
    record(session, actor, "thread.settled", comment.assignment, now=now, after={"comment": comment.id})


def open_questions(session: Session, assignment: Assignment) -> list[Comment]:
    """Give the questions that wait for the coordinator, oldest first."""
    return list(session.scalars(
        select(Comment)
        .where(Comment.assignment_id == assignment.id, Comment.is_question, Comment.answered_at.is_(None))
        .order_by(Comment.id)
    ))


def _with_key(session: Session, key: str) -> Comment | None:
    return session.scalar(select(Comment).where(Comment.form_key == key))


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise NothingWritten
    if len(text) > LONGEST_TEXT:
        raise CommentTooLong(most=LONGEST_TEXT, length=len(text))
    refuse_personal_data(text)
    return text


def _concerned(session: Session, comment: Comment, *, answering: bool) -> list[User]:
    """Give who is mailed without being named."""
    assignment = comment.assignment
    if not answering:
        if not comment.is_question:
            return _leads_who_asked(session, assignment) if assignment.is_part else []
        return list(session.scalars(select(User).where(_of_coordinator(assignment)).order_by(User.id)))
    agency = select(User).where(_of_agency(assignment)).order_by(User.id)
    wrote = select(Comment.author_id).where(Comment.assignment_id == assignment.id)
    return list(session.scalars(agency.where(User.id.in_(wrote))).all() or session.scalars(agency))


def _leads_who_asked(session: Session, part: Assignment) -> list[User]:
    """Give those of the lead who wrote in the thread of a helper's part: what the helper says is for them."""
    wrote = select(Comment.author_id).where(Comment.assignment_id == part.id)
    sides = (part.agency_id, part.plan.coordinator_id)
    return list(session.scalars(
        select(User).where(User.id.in_(wrote), User.is_active, User.agency_id.not_in(sides)).order_by(User.id)
    ))
