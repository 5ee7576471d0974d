"""Who helps whom: the parts of a lead's task with what was reported and said of them, and the leads of a part."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models import Agency, Assignment, Comment, ProgressUpdate, User
from tracker.rules.states import OWED, AssignmentState

#: The last of what was said about a part; the helper has the whole thread.
SHOWN_COMMENTS = 3


@dataclass(frozen=True)
class Part:
    """One helper's part: the row, its newest report, the last things said about it."""

    assignment: Assignment
    update: ProgressUpdate | None
    comments: Sequence[Comment]

    @property
    def is_open(self) -> bool:
        """Tell whether the lead still waits for it."""
        return self.assignment.state in OWED


def parts_of(session: Session, lead: Assignment) -> list[Part]:
    """Give the helpers' parts of a lead's task, those that are open first, in a fixed number of queries.

    Who gave the work away sees nothing of what its helpers do for the next one.
    """
    if lead.is_part or lead.replaced_by_id is not None:
        return []
    rows = session.scalars(
        select(Assignment).join(Assignment.agency)
        .where(Assignment.task_id == lead.task_id, Assignment.occurrence == lead.occurrence, Assignment.is_part)
        .options(joinedload(Assignment.agency), joinedload(Assignment.task), joinedload(Assignment.assignee))
        .order_by(Agency.level.desc(), Agency.position, Agency.id)
    ).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    updates, comments = _newest(session, ids), _comments(session, ids)
    parts = [Part(row, updates.get(row.id), comments.get(row.id, [])) for row in rows]
    return sorted(parts, key=lambda part: not part.is_open)


def leads_of(session: Session, part: Assignment, *, most: int = 10) -> list[Assignment]:
    """Give the rows of those who lead what this part helps with; a class of communes may be hundreds."""
    if not part.is_part:
        return []
    return list(session.scalars(
        select(Assignment).join(Assignment.agency)
        .where(Assignment.task_id == part.task_id, Assignment.occurrence == part.occurrence,
               Assignment.is_part.is_(False), Assignment.state != AssignmentState.CANCELLED)
        .options(joinedload(Assignment.agency))
        .order_by(Agency.level.desc(), Agency.position, Agency.id).limit(most)
    ))


def _newest(session: Session, ids: Sequence[int]) -> dict[int, ProgressUpdate]:
    newest = (
        select(func.max(ProgressUpdate.id)).where(ProgressUpdate.assignment_id.in_(ids))
        .group_by(ProgressUpdate.assignment_id)
    )
    rows = session.scalars(
        select(ProgressUpdate).where(ProgressUpdate.id.in_(newest))
        .options(joinedload(ProgressUpdate.author), selectinload(ProgressUpdate.evidence))
    )
    return {row.assignment_id: row for row in rows}


def _comments(session: Session, ids: Sequence[int]) -> dict[int, list[Comment]]:
    place = func.row_number().over(partition_by=Comment.assignment_id, order_by=Comment.id.desc()).label("place")
    numbered = select(Comment.id, place).where(Comment.assignment_id.in_(ids)).subquery()
    rows = session.scalars(
        select(Comment).join(numbered, numbered.c.id == Comment.id).where(numbered.c.place <= SHOWN_COMMENTS)
        .options(joinedload(Comment.author).joinedload(User.agency)).order_by(Comment.id)
    )
    found: dict[int, list[Comment]] = defaultdict(list)
    for row in rows:
        found[row.assignment_id].append(row)
    return found
