"""Reporting on many assignments in one go. Each row stands or falls alone: a bad one stops no other."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from tracker.models import Actor, ProgressUpdate, User
from tracker.models.audit import entry
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


@dataclass(frozen=True)
class _Given:
    """Who reports, by which way and when."""

    actor: Actor
    user: User
    channel: ReportChannel
    today: date
    now: datetime


def report_many(
    session: Session, rows: Sequence[RowInput], *, actor: Actor, channel: ReportChannel, today: date, now: datetime,
) -> list[Outcome]:
    """Report on every row that says something new, and tell what became of each, in the order given.

    Nothing that is wrong with a row is raised: it is refused before anything of it is changed, and the others are
    saved. Rows are held in one order, whoever sends them, so that two people at once never wait for each other in a
    ring; and they are read and written together, however many they are. The caller commits.
    """
    if actor.user is None:
        raise ValueError("a report has an author")
    given = _Given(actor, actor.user, channel, today, now)
    standing = rows_of(session, actor.user, {row.assignment_id for row in rows})
    outcomes: dict[int, Outcome] = {}
    for places in _rounds(rows):
        outcomes |= _report_round(session, {place: rows[place] for place in places}, standing, given)
    return [outcomes[place] for place in range(len(rows))]


def _rounds(rows: Sequence[RowInput]) -> list[list[int]]:
    """Give the places of all rows by the numbers of their assignments; what is given twice has its turn again later."""
    rounds: list[list[int]] = []
    times: Counter[int] = Counter()
    for place in sorted(range(len(rows)), key=lambda place: rows[place].assignment_id):
        number = rows[place].assignment_id
        if times[number] == len(rounds):
            rounds.append([])
        rounds[times[number]].append(place)
        times[number] += 1
    return rounds


def _report_round(
    session: Session, rows: Mapping[int, RowInput], standing: Mapping[int, GridRow], given: _Given,
) -> dict[int, Outcome]:
    """Report on rows of which no two are about one assignment."""
    outcomes = {}
    for place, row in rows.items():
        there = standing.get(row.assignment_id)
        outcomes[place] = Outcome(row, judge(row, there) if there else Ended.NOT_YOURS)
    wanted = {place: standing[row.assignment_id] for place, row in rows.items()
              if outcomes[place].ended is Ended.SAVED}
    if not wanted:
        return outcomes
    progress.take_all(session, [there.assignment.id for there in wanted.values()])
    shown = _shown_before(session, [rows[place] for place in wanted])
    for place, there in wanted.items():
        row = rows[place]
        try:
            update = _drawn_up(there, row, shown.get(row.assignment_id), given)
        except Refusal as refusal:
            outcomes[place] = Outcome(row, _ended(refusal), refusal)
            continue
        before, after = progress.enter(session, update)
        session.add(entry(given.actor, "progress.reported", there.assignment, now=given.now, before=before,
                          after=after))
    session.flush()
    return outcomes


def _ended(refusal: Refusal) -> Ended:
    if isinstance(refusal, ChangedMeanwhile):
        return Ended.CONFLICT
    return Ended.NOT_OWED if isinstance(refusal, NotAllowedNow) else Ended.REFUSED


def _drawn_up(found: GridRow, row: RowInput, shown: ProgressUpdate | None, given: _Given) -> ProgressUpdate:
    """Draw up the report of one row, which is held. What it has no place for goes on as said last: proposals, figures.

    Raises ChangedMeanwhile, or what `progress.drawn_up` raises.
    """
    said, last, assignment = row.said, found.last, found.assignment
    if assignment.version != row.version:
        raise ChangedMeanwhile
    # What shows it is the row's own document, else what an earlier report showed.
    proof: dict[str, Any] = {"document_number": said.document_number, "document_on": said.document_on}
    if shown is not None:
        proof = {"document_number": shown.document_number, "document_on": shown.document_on,
                 "repeated": shown.evidence}
    return progress.drawn_up(
        assignment, author=given.user, state=said.state or AssignmentState.IN_PROGRESS, text=said.text,
        percent=assignment.percent if said.percent is None else said.percent, difficulties=said.difficulties,
        proposals=said.proposals if said.proposals is not None else (last.proposals if last else None),
        figures=figures.read(last.figures) if last else (),
        **proof, channel=given.channel, today=given.today, now=given.now,
    )  # fmt: skip


def _shown_before(session: Session, rows: Sequence[RowInput]) -> dict[int, ProgressUpdate]:
    """Give the last reports that showed something, by assignment, for the rows handed in without a document."""
    wanted = [row.assignment_id for row in rows if row.said.state is AssignmentState.SUBMITTED
              and not row.said.document_number and not row.said.document_on]
    if not wanted:
        return {}
    newest = (
        select(func.max(ProgressUpdate.id))
        .where(ProgressUpdate.assignment_id.in_(wanted), ProgressUpdate.withdrawn_at.is_(None),
               or_(ProgressUpdate.document_number.is_not(None), ProgressUpdate.evidence.any()))
        .group_by(ProgressUpdate.assignment_id)
    )
    found = session.scalars(select(ProgressUpdate).where(ProgressUpdate.id.in_(newest)).order_by(ProgressUpdate.id)
                            .options(selectinload(ProgressUpdate.evidence)))
    return {update.assignment_id: update for update in found}
