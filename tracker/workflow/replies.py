"""An answer by mail becomes the draft of a report when its writer says so, and a report only when that is sent."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Actor, Assignment, DraftFile, IncomingMail, User
from tracker.models.access import NotVisible
from tracker.models.audit import record
from tracker.rules import figures
from tracker.rules.errors import Refusal
from tracker.rules.states import OWED, AssignmentState, IncomingKind, IncomingState
from tracker.workflow import drafts, progress, uploading
from tracker.workflow.evidence import MOST_FILES


class ReplySettled(Refusal):
    """The answer was used or laid aside meanwhile, in another window."""

    key = "reply_settled"


class ReplyNotOwed(Refusal):
    """Nothing more can be reported on the assignment that was chosen."""

    key = "reply_not_owed"


def reply_for(session: Session, user: User, reply_id: int) -> IncomingMail:
    """Fetch one of this person's own answers. Raises NotVisible."""
    found = session.scalar(
        select(IncomingMail).where(IncomingMail.id == reply_id, IncomingMail.user_id == user.id,
                                   IncomingMail.kind == IncomingKind.REPLY)
    )
    if found is None:
        raise NotVisible
    return found


def use(session: Session, reply: IncomingMail, assignment: Assignment, *, actor: Actor, now: datetime) -> int:
    """Put an answer and its files into the draft of a report on `assignment`, behind what is in that draft already.

    Gives how many files found no room in the draft. The caller commits. Raises ReplySettled, ReplyNotOwed,
    DraftTooLong, IdentityNumber or PersonList.
    """
    user = _writer(actor)
    _take(session, reply, IncomingState.OFFERED)
    if assignment.state not in OWED:
        raise ReplyNotOwed
    drafts.keep(session, assignment, user, values=_values(session, assignment, user, reply.text),
                seen_version=assignment.version, now=now)
    left_out = _hand_over_files(session, reply, assignment, user, now)
    _settle(session, reply, IncomingState.USED, "reply.used", actor=actor, now=now, assignment=assignment)
    return left_out


def discard(session: Session, reply: IncomingMail, *, actor: Actor, now: datetime) -> None:
    """Lay an answer aside; it can be taken up again. The caller commits. Raises ReplySettled."""
    _take(session, reply, IncomingState.OFFERED)
    _settle(session, reply, IncomingState.DISCARDED, "reply.discarded", actor=actor, now=now)


def restore(session: Session, reply: IncomingMail, *, actor: Actor, now: datetime) -> None:
    """Take an answer up again that was laid aside. The caller commits. Raises ReplySettled."""
    _take(session, reply, IncomingState.DISCARDED)
    _settle(session, reply, IncomingState.OFFERED, "reply.restored", actor=actor, now=now)


def _writer(actor: Actor) -> User:
    if actor.user is None:
        raise ValueError("an answer has a writer")
    return actor.user


def _take(session: Session, reply: IncomingMail, expected: IncomingState) -> None:
    session.refresh(reply, with_for_update={"of": IncomingMail})
    if reply.state is not expected:
        raise ReplySettled


def _settle(session: Session, reply: IncomingMail, state: IncomingState, action: str, *, actor: Actor, now: datetime,
            assignment: Assignment | None = None) -> None:
    before = {"state": reply.state.value}
    reply.state, reply.settled_at = state, None if state is IncomingState.OFFERED else now
    after: dict[str, object] = {"state": state.value}
    if assignment is not None:
        reply.assignment_id = assignment.id
        after["assignment"] = assignment.id
    record(session, actor, action, reply, now=now, before=before, after=after)


def _values(session: Session, assignment: Assignment, user: User, text: str) -> dict[str, str]:
    """Give the form's fields as the draft or the last report has them, with the answer as what was done."""
    draft = drafts.find(session, assignment, user)
    if draft is not None:
        typed = str(draft.values.get("text", "")).strip()
        return {**draft.values, "text": f"{typed}\n\n{text}".strip()}
    last = progress.last_told(session, assignment)
    values = {"state": AssignmentState.IN_PROGRESS.value, "percent": str(assignment.percent), "text": text}
    if last is not None:
        values |= {"difficulties": last.difficulties or "", "proposals": last.proposals or ""}
        for number, row in enumerate(figures.read(last.figures)):
            values |= {f"figures-{number}-name": row.name, f"figures-{number}-unit": row.unit}
    return values


def _hand_over_files(session: Session, reply: IncomingMail, assignment: Assignment, user: User, now: datetime) -> int:
    there = {file.sha256 for file in uploading.staged(session, assignment, user)}
    left_out = 0
    for file in reply.files:
        if file.sha256 is None or file.sha256 in there:
            continue
        if len(there) >= MOST_FILES:
            left_out += 1
            continue
        there.add(file.sha256)
        session.add(DraftFile(assignment_id=assignment.id, user_id=user.id, file_name=file.file_name, size=file.size,
                              media_type=file.media_type, sha256=file.sha256, created_at=now))
    return left_out
