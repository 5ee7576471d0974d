"""Reporting on many assignments in one go. Each row stands or falls alone: a bad one stops no other."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models import Actor, ProgressUpdate
from tracker.reports.grid import GridRow, handed_out, rows_of
from tracker.rules import figures
from tracker.rules.errors import Refusal
from tracker.rules.filled_rows import Said, mark, tidy_line
from tracker.rules.states import OWED, AssignmentState, NotAllowedNow, ReportChannel
from tracker.workflow import progress
from tracker.workflow.progress import ChangedMeanwhile


@dataclass(frozen=True)
class RowInput:
    """One filled row: what it says, and what it was filled over."""

    assignment_id: int
    #: The version of the assignment that the person saw.
    version: int
    said: Said
    #: The mark of the row as it was handed out; a row that still bears it was not touched.
    seen: str = ""


class Ended(Enum):
    """What became of a row."""

    SAVED = auto()
    UNCHANGED = auto()
    #: Something in it is wrong; the refusal says what.
    REFUSED = auto()
    #: Somebody else reported since.
    CONFLICT = auto()
    #: Handed in, accepted or cancelled meanwhile.
    NOT_OWED = auto()
    #: No such row, or another agency's.
    NOT_YOURS = auto()


@dataclass(frozen=True)
class Outcome:
    """What became of one row, and why."""

    row: RowInput
    ended: Ended
    refusal: Refusal | None = None


def judge(row: RowInput, now: GridRow) -> Ended:
    """Tell what becomes of a row before its content is looked at; SAVED means that it can be saved."""
    if mark(row.said) == row.seen or _says_nothing_new(row.said, now):
        return Ended.UNCHANGED
    if now.assignment.state not in OWED:
        return Ended.NOT_OWED
    return Ended.SAVED if now.assignment.version == row.version else Ended.CONFLICT


def _says_nothing_new(said: Said, now: GridRow) -> bool:
    """Tell whether all of it stands there already, as after the same file was sent twice."""
    standing, last = handed_out(now, with_proposals=True), now.last
    document = (said.document_number, said.document_on)
    return (
        said.state in {None, now.assignment.state}
        and (said.percent in {None, standing.percent} or said.state is AssignmentState.SUBMITTED)
        and (said.text, said.difficulties) == (standing.text, standing.difficulties)
        and said.proposals in {None, standing.proposals}
        and (document == ("", None)
             or (last is not None and document == (tidy_line(last.document_number), last.document_on)))
    )


def report_many(
    session: Session, rows: Sequence[RowInput], *, actor: Actor, channel: ReportChannel, evidence_folder: Path,
    today: date, now: datetime,
) -> list[Outcome]:
    """Report on every row that says something new, and tell what became of each, in the order given.

    Each row is a savepoint of its own; nothing that is wrong with one is raised. Rows are held in one order,
    whoever sends them, so that two people at once never wait for each other in a ring. The caller commits.
    """
    if actor.user is None:
        raise ValueError("a report has an author")
    standing = rows_of(session, actor.user, [row.assignment_id for row in rows])
    outcomes: dict[int, Outcome] = {}
    for place in sorted(range(len(rows)), key=lambda place: rows[place].assignment_id):
        row = rows[place]
        found = standing.get(row.assignment_id)
        ended = judge(row, found) if found else Ended.NOT_YOURS
        if found is None or ended is not Ended.SAVED:
            outcomes[place] = Outcome(row, ended)
            continue
        try:
            with session.begin_nested():
                _report(session, found, row, actor=actor, channel=channel, evidence_folder=evidence_folder,
                        today=today, now=now)
        except Refusal as refusal:
            outcomes[place] = Outcome(row, _ended(refusal), refusal)
        else:
            outcomes[place] = Outcome(row, Ended.SAVED)
    return [outcomes[place] for place in range(len(rows))]


def _ended(refusal: Refusal) -> Ended:
    if isinstance(refusal, ChangedMeanwhile):
        return Ended.CONFLICT
    return Ended.NOT_OWED if isinstance(refusal, NotAllowedNow) else Ended.REFUSED


def _report(
    session: Session, found: GridRow, row: RowInput, *, actor: Actor, channel: ReportChannel, evidence_folder: Path,
    today: date, now: datetime,
) -> ProgressUpdate:
    """Report one row. What a row has no place for goes on as it was said last: proposals, figures."""
    said, last = row.said, found.last
    state = said.state or AssignmentState.IN_PROGRESS
    return progress.report(
        session, found.assignment, actor=actor, state=state, text=said.text,
        percent=found.assignment.percent if said.percent is None else said.percent,
        difficulties=said.difficulties,
        proposals=said.proposals if said.proposals is not None else (last.proposals if last else None),
        figures=figures.read(last.figures) if last else (),
        **_proof(session, found, said, state), channel=channel, evidence_folder=evidence_folder,
        expected_version=row.version, today=today, now=now,
    )


def _proof(session: Session, found: GridRow, said: Said, state: AssignmentState) -> dict[str, Any]:
    """Give what shows it: the row's own document, else what an earlier report showed when this one is handed in."""
    if state is not AssignmentState.SUBMITTED or said.document_number or said.document_on:
        return {"document_number": said.document_number, "document_on": said.document_on}
    shown = session.scalar(
        select(ProgressUpdate)
        .where(ProgressUpdate.assignment_id == found.assignment.id, ProgressUpdate.withdrawn_at.is_(None),
               or_(ProgressUpdate.document_number.is_not(None), ProgressUpdate.evidence.any()))
        .order_by(ProgressUpdate.id.desc())
        .limit(1)
    )
    if shown is None:
        return {"document_number": None, "document_on": None}
    return {"document_number": shown.document_number, "document_on": shown.document_on, "repeated": shown.evidence}
