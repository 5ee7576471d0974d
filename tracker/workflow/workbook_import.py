"""Taking a filled workbook in: first tried and shown row by row, kept until it is confirmed, then saved."""
from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from tracker.models import Actor
from tracker.reports.grid import GridRow, rows_of
from tracker.rules.errors import Refusal
from tracker.rules.filled_rows import Said
from tracker.rules.states import AssignmentState, ReportChannel
from tracker.workflow.reporting_many import Ended, Outcome, RowInput, report_many
from tracker.workflow.workbook_reading import FilledRow

#: What is longer than this waits in a file, not in the page.
LONGEST_IN_PAGE = 200_000
#: How long what was read from a workbook waits to be confirmed.
WAITS = timedelta(hours=1)
_IN_FILE = "file:"


class NoLongerWaiting(Refusal):
    """What was read from the workbook is too old, somebody else's, or was never read."""

    key = "workbook_no_longer_waiting"


@dataclass(frozen=True)
class Item:
    """One row of the file beside what stands in the system now."""

    #: As the person's program numbers it.
    number: int
    task: str
    row: RowInput | None = None
    now: GridRow | None = None
    problems: Sequence[Refusal] = ()


@dataclass(frozen=True)
class Compared:
    """What a workbook would do, row by row; only what has something to say, the rest is counted."""

    changed: Sequence[Item]
    #: Somebody reported since; saved only when a person says so.
    conflicts: Sequence[Item]
    bad: Sequence[Item]
    #: Handed in, accepted or cancelled since; or no row of this agency.
    gone: Sequence[Item]
    unchanged: int


def compare(
    session: Session, filled: Sequence[FilledRow], *, actor: Actor, today: date, now: datetime,
) -> Compared:
    """Tell what a workbook would change, by trying it and taking all of it back; nothing is saved.

    So what is shown is what the saving itself says, rule by rule.
    """
    if actor.user is None:
        raise ValueError("a report has an author")
    read = [row for row in filled if row.row is not None]
    inputs = [row.row for row in read if row.row is not None]
    attempt = session.begin_nested()
    try:
        first = _try(session, inputs, actor, today, now)
        # A row that somebody else has changed is tried over what stands now: a bad one need not be asked about.
        stale = {outcome.row.assignment_id: outcome.row for outcome in first if outcome.ended is Ended.CONFLICT}
        standing = rows_of(session, actor.user, stale) if stale else {}
        over = [replace(stale[number], version=there.assignment.version) for number, there in standing.items()]
        second = {outcome.row.assignment_id: outcome for outcome in _try(session, over, actor, today, now)}
    finally:
        attempt.rollback()
    standing = rows_of(session, actor.user, [row.assignment_id for row in inputs])
    return _sorted(filled, zip(read, first, strict=True), second, standing)


def _try(session: Session, rows: Sequence[RowInput], actor: Actor, today: date, now: datetime) -> list[Outcome]:
    if not rows:
        return []
    return report_many(session, rows, actor=actor, channel=ReportChannel.WORKBOOK, today=today, now=now)


def _sorted(filled: Sequence[FilledRow], tried: Iterable[tuple[FilledRow, Outcome]], again: dict[int, Outcome],
            standing: dict[int, GridRow]) -> Compared:
    changed, conflicts, gone, unchanged = [], [], [], 0
    bad = [Item(row.number, row.task, problems=row.problems) for row in filled if row.row is None]
    for row, outcome in tried:
        last = again.get(outcome.row.assignment_id, outcome)
        refusals = (last.refusal,) if last.refusal else ()
        there = standing.get(outcome.row.assignment_id)
        # What is confirmed is confirmed over what was shown beside it.
        shown = replace(outcome.row, version=there.assignment.version) if there else outcome.row
        item = Item(row.number, row.task, shown, there, refusals)
        if last.ended is Ended.REFUSED:
            bad.append(item)
        elif outcome.ended is Ended.CONFLICT:
            conflicts.append(item)
        elif outcome.ended is Ended.SAVED:
            changed.append(item)
        elif outcome.ended is Ended.UNCHANGED:
            unchanged += 1
        else:
            gone.append(item)
    return Compared(changed, conflicts, sorted(bad, key=lambda item: item.number), gone, unchanged)


@dataclass(frozen=True)
class Waiting:
    """Rows that were shown and wait to be confirmed."""

    changed: Sequence[FilledRow]
    conflicts: Sequence[FilledRow]

    def chosen(self, insisted: Collection[int]) -> list[FilledRow]:
        """Give the rows to save: all that met nobody else's change, and those conflicts that were ticked."""
        return [*self.changed, *(row for row in self.conflicts if row.row and row.row.assignment_id in insisted)]


def keep(compared: Compared, *, user_id: int, secret: str | bytes, folder: Path, now: datetime) -> str:
    """Put what was shown where only this person can confirm it, and give what the page hands back.

    It is signed; a long one lies in a file of this folder, where the old ones are swept.
    """
    whole = {"user": user_id, "at": int(now.timestamp()),
             "changed": [_packed(item) for item in compared.changed],
             "conflicts": [_packed(item) for item in compared.conflicts]}
    packed = str(_serializer(secret).dumps(whole))
    _sweep(folder, now)
    if len(packed) < LONGEST_IN_PAGE:
        return packed
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_urlsafe(24)
    path = folder / name
    path.touch(mode=0o600)
    path.write_text(packed, "ascii")
    return _IN_FILE + name


def fetch(handed_back: str, *, user_id: int, secret: str | bytes, folder: Path, now: datetime) -> Waiting:
    """Give what waits. Raises NoLongerWaiting when it is too old, another person's or not ours."""
    if handed_back.startswith(_IN_FILE):
        handed_back = _in_file(folder, handed_back.removeprefix(_IN_FILE))
    try:
        whole = _serializer(secret).loads(handed_back)
    except BadData as error:
        raise NoLongerWaiting from error
    if whole["user"] != user_id or now.timestamp() - whole["at"] > WAITS.total_seconds():
        raise NoLongerWaiting
    return Waiting([_unpacked(row) for row in whole["changed"]], [_unpacked(row) for row in whole["conflicts"]])


def _in_file(folder: Path, name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{32}", name):
        raise NoLongerWaiting
    try:
        return (folder / name).read_text("ascii")
    except OSError as error:
        raise NoLongerWaiting from error


def _sweep(folder: Path, now: datetime) -> None:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        try:
            if now.timestamp() - path.stat().st_mtime > WAITS.total_seconds():
                path.unlink()
        except OSError:
            continue  # somebody else's sweep was faster


def _serializer(secret: str | bytes) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="read workbook")


def _packed(item: Item) -> list[Any]:
    row = item.row
    if row is None:
        raise ValueError("only what was understood waits")
    said = row.said
    return [item.number, item.task, row.assignment_id, row.version, said.state, said.percent, said.text,
            said.difficulties, said.proposals, said.document_number,
            said.document_on.isoformat() if said.document_on else None]


def _unpacked(packed: Sequence[Any]) -> FilledRow:
    number, task, assignment_id, version, state, percent, text, difficulties, proposals, document_number, day = packed
    said = Said(AssignmentState(state) if state else None, percent, text, difficulties, proposals, document_number,
                date.fromisoformat(day) if day else None)
    return FilledRow(number, task, RowInput(assignment_id, version, said))


def save(
    session: Session, rows: Sequence[FilledRow], *, actor: Actor, today: date, now: datetime,
) -> tuple[int, list[FilledRow]]:
    """Report what was confirmed, each row for itself. Gives how many were saved, and the rows that were not.

    The caller commits.
    """
    given = [row.row for row in rows if row.row is not None]
    outcomes = _try(session, given, actor, today, now)
    left = [row for row, outcome in zip(rows, outcomes, strict=True)
            if outcome.ended not in {Ended.SAVED, Ended.UNCHANGED}]
    return sum(outcome.ended is Ended.SAVED for outcome in outcomes), left
