"""What was said about one assignment, a page at a time, and what still waits for an answer."""
from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models import Assignment, Comment, Mention, User

#: Comments of one page of a thread.
SHOWN = 50


@dataclass(frozen=True)
class Thread:
    """One page of a thread, in the order it was said."""

    comments: tuple[Comment, ...]
    #: How many were said before these, and after them.
    earlier: int
    later: int
    #: Questions of the whole thread that wait for the coordinator.
    open_questions: int

    @property
    def total(self) -> int:
        """Count the whole thread."""
        return self.earlier + len(self.comments) + self.later


def thread(session: Session, assignment: Assignment, *, before: int | None = None) -> Thread:
    """Give the last comments, or those said before the comment `before`, in a fixed number of queries."""
    here = select(Comment).where(Comment.assignment_id == assignment.id)
    if before is not None:
        here = here.where(Comment.id < before)
    found = session.scalars(
        here.order_by(Comment.id.desc()).limit(SHOWN)
        .options(joinedload(Comment.author).joinedload(User.agency),
                 selectinload(Comment.mentions).joinedload(Mention.user))
    ).all()
    oldest = found[-1].id if found else before or 0
    newest = found[0].id if found else (before or 1) - 1
    open_question = Comment.is_question & Comment.answered_at.is_(None)
    earlier, later, waiting = session.execute(
        select(func.count().filter(Comment.id < oldest), func.count().filter(Comment.id > newest),
               func.count().filter(open_question))
        .where(Comment.assignment_id == assignment.id)
    ).one()  # fmt: skip
    return Thread(tuple(reversed(found)), earlier, later, waiting)
