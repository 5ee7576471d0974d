"""The thread of an assignment: questions and answers that stay with it, and who was named in them."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.account import User
from tracker.models.assignment import Assignment
from tracker.models.base import Base


class Comment(Base):
    """One thing said in a thread. Never edited, only followed."""

    __tablename__ = "comment"
    __table_args__ = (
        Index(None, "assignment_id", "id"),
        Index(None, "is_question", "answered_at", "written_at"),  # what waits for the coordinator's answer
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    #: Asked of the coordinator: it waits in the inbox until somebody there answers, or says that none is needed.
    is_question: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None]
    #: The browser's one-time key: the same press twice is one comment.
    form_key: Mapped[str] = mapped_column(unique=True)
    assignment: Mapped[Assignment] = relationship()
    author: Mapped[User] = relationship()
    mentions: Mapped[list[Mention]] = relationship(back_populates="comment", order_by="Mention.user_id")


class Mention(Base):
    """That a person was named in a comment, and so is mailed."""

    __tablename__ = "mention"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, index=True)
    comment: Mapped[Comment] = relationship(back_populates="mentions")
    user: Mapped[User] = relationship()
