"""What a change of a running plan would do, in plain values: they outlive the transaction that was taken back."""
from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Extension, TaskOwner, Transfer
from tracker.rules.plan_changes import Balance, Effect
from tracker.rules.states import AssignmentState, RequestState
from tracker.workflow.effects import Piece, agencies_told, is_part


@dataclass(frozen=True)
class Line:
    """What would happen to one body's work."""

    agency: str
    effect: Effect
    is_part: bool
    #: None for new work.
    state: AssignmentState | None
    before: date | None
    after: date | None


@dataclass(frozen=True)
class Foreseen:
    """What a change would do."""

    lines: tuple[Line, ...]
    #: How many bodies would be told.
    agencies: int
    #: Reports that wait for the coordinator and go on waiting, and those whose work would end.
    waiting_kept: int
    waiting_ended: int
    #: Requests of agencies that would be answered by the change.
    requests: int
    #: Names among the owners that get nothing: not in the catalogue, ended, or a group without members.
    left_out: tuple[str, ...]
    #: All work of two plans, where one amends the other.
    balance: Balance | None = None

    @property
    def counts(self) -> Counter[Effect]:
        """Count what would happen, helpers' parts apart."""
        return Counter(line.effect for line in self.lines if not line.is_part)

    @property
    def parts(self) -> Counter[Effect]:
        """Count what would happen to helpers' parts."""
        return Counter(line.effect for line in self.lines if line.is_part)

    def of(self, effect: Effect) -> list[Line]:
        """Give the lines of one effect."""
        return [line for line in self.lines if line.effect is effect]


def foresee(session: Session, pieces: Sequence[Piece], left_out: Collection[TaskOwner] = (), *,
            balance: Balance | None = None) -> Foreseen:
    """Put what was worked out into plain values."""
    lines = tuple(Line(piece.agency.name, piece.effect, is_part(piece), piece.row.state if piece.row else None,
                       piece.row.due_on if piece.row else None, piece.due_on) for piece in pieces)
    waiting = [line for line in lines if line.state is AssignmentState.SUBMITTED]
    ended = {piece.row.id for piece in pieces if piece.row and piece.effect is Effect.ENDED}
    moved = {piece.row.id for piece in pieces if piece.row and piece.effect is Effect.MOVED}
    return Foreseen(
        lines=lines,
        agencies=len(agencies_told(pieces)),
        waiting_kept=sum(line.effect is not Effect.ENDED for line in waiting),
        waiting_ended=sum(line.effect is Effect.ENDED for line in waiting),
        requests=_waiting(session, Extension, ended | moved) + _waiting(session, Transfer, ended),
        left_out=tuple(owner.printed for owner in left_out),
        balance=balance,
    )


def _waiting(session: Session, kind: type[Extension] | type[Transfer], rows: set[int]) -> int:
    return len(session.scalars(
        select(kind.id).where(kind.state == RequestState.WAITING, kind.assignment_id.in_(rows))).all())
