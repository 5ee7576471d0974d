"""What a row of a workbook would change, put into words: each part before and after."""
from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.models import ProgressUpdate
from tracker.reports.grid import GridRow, handed_out
from tracker.rules.filled_rows import Said
from tracker.rules.states import AssignmentState
from tracker.web.formats import day
from tracker.web.words import word
from tracker.workflow.workbook_import import Item


@dataclass(frozen=True)
class Change:
    """One part of a row: what stands, and what the file says."""

    label: str
    before: str
    after: str


def changes(item: Item) -> list[Change]:
    """Give the parts in which a row differs from what stands, in the order of the file."""
    if item.row is None or item.now is None:
        return []
    said, now = item.row.said, item.now
    before = handed_out(now, with_proposals=True)
    state = said.state or AssignmentState.IN_PROGRESS
    found = [
        Change(_("Tình trạng"), word(now.assignment.state), word(state)),
        Change(_("Tiến độ"), f"{now.assignment.percent}%", f"{_percent(said, state, now)}%"),
        Change(_("Kết quả đã làm"), before.text, said.text),
        Change(_("Khó khăn, vướng mắc"), before.difficulties, said.difficulties),
        Change(_("Kiến nghị, đề xuất"), before.proposals or "", said.proposals or ""),
    ]
    if said.document_number or said.document_on:
        found.append(Change(_("Văn bản"), _document_before(now.last), _document(said)))
    return [one for one in found if one.before != one.after]


def _percent(said: Said, state: AssignmentState, now: GridRow) -> int:
    if state is AssignmentState.SUBMITTED:
        return 100
    return now.assignment.percent if said.percent is None else said.percent


def _document(said: Said) -> str:
    return str(_("%(number)s ngày %(day)s", number=said.document_number or "–", day=day(said.document_on)))


def _document_before(last: ProgressUpdate | None) -> str:
    if last is None or not last.document_number:
        return ""
    return str(_("%(number)s ngày %(day)s", number=last.document_number, day=day(last.document_on)))
