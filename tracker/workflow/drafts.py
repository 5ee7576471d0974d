"""Half-written reports: kept as typed until the report is saved; shown again, never a report by themselves."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Assignment, ReportDraft, User
from tracker.rules.errors import Refusal
from tracker.rules.personal_data import refuse_personal_data

#: All that is typed into one report; a form takes less.
LONGEST_DRAFT = 60_000


class DraftTooLong(Refusal):
    """More text than any report takes."""

    key = "draft_too_long"


def keep(session: Session, assignment: Assignment, user: User, *, values: Mapping[str, str], seen_version: int,
         now: datetime) -> ReportDraft:
    """Keep what somebody has typed of a report; the newer draft takes the older one's place.

    The caller commits. Raises DraftTooLong, IdentityNumber or PersonList.
    """
    if sum(map(len, values.values())) > LONGEST_DRAFT:
        raise DraftTooLong
    refuse_personal_data(*values.values())
    found = find(session, assignment, user)
    if found is None:
        made = ReportDraft(assignment_id=assignment.id, user_id=user.id, values=dict(values),
                           seen_version=seen_version, saved_at=now)
        try:
            with session.begin_nested():
                session.add(made)
        except IntegrityError:  # the same person's other window was faster
            found = session.get_one(ReportDraft, (assignment.id, user.id))
        else:
            return made
    found.values, found.seen_version, found.saved_at = dict(values), seen_version, now
    return found


def find(session: Session, assignment: Assignment, user: User) -> ReportDraft | None:
    """Give what somebody has typed of a report and not sent yet."""
    return session.scalar(
        select(ReportDraft).where(ReportDraft.assignment_id == assignment.id, ReportDraft.user_id == user.id)
    )


def forget(session: Session, assignment: Assignment, user: User) -> None:
    """Drop a draft: its report was saved, or its writer wants to begin anew. The caller commits."""
    session.execute(
        delete(ReportDraft).where(ReportDraft.assignment_id == assignment.id, ReportDraft.user_id == user.id)
    )
