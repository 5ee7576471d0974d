"""What a report form starts from: a draft when there is one, else the last report."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from tracker.extensions import db
from tracker.models import Assignment, ProgressUpdate, ReportDraft, User
from tracker.rules.figures import MOST_FIGURES, read
from tracker.rules.states import AssignmentState
from tracker.web.assignments.forms import ProgressForm
from tracker.workflow import drafts, progress

#: What is kept of a form while it is not sent; files are kept by themselves.
KEPT_FIELDS = ("state", "percent", "text", "difficulties", "proposals", "document_number", "document_on")
_FIGURE_FIELDS = frozenset(f"figures-{number}-{part}" for number in range(MOST_FIGURES)
                           for part in ("name", "value", "unit"))


def typed_values(sent: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Give what was typed into a report form, by field; anything else that was sent is left out."""
    given = dict(sent)
    # A script may send half of a letter of two units, which no page can be written with.
    return {name: str(value).replace("\0", "").encode("utf-8", "replace").decode() for name, value in given.items()
            if (name in KEPT_FIELDS or name in _FIGURE_FIELDS) and isinstance(value, str | int)}


def filled_form(assignment: Assignment, user: User, *, done: bool = False) -> ProgressForm:
    """Make the form a person starts from; `done` presets that the work is handed in."""
    draft = drafts.find(db.session(), assignment, user)
    form = _from_draft(assignment, draft) if draft else _from_last(assignment)
    if done:
        form.state.data = AssignmentState.SUBMITTED.value
    return form


def _from_draft(assignment: Assignment, draft: ReportDraft) -> ProgressForm:
    # The newer report stands beside an older draft, so the form is one of today's version.
    return ProgressForm(MultiDict({**draft.values, "version": str(assignment.version)}))


def _from_last(assignment: Assignment) -> ProgressForm:
    last = progress.last_told(db.session(), assignment)
    return ProgressForm(data={
        "state": AssignmentState.IN_PROGRESS.value,
        "percent": assignment.percent,
        "text": last.text if last else "",
        "difficulties": last.difficulties if last else "",
        "proposals": last.proposals if last else "",
        "figures": _figures(last) if last else [],
        "version": str(assignment.version),
    })  # fmt: skip


def _figures(last: ProgressUpdate) -> list[dict[str, str]]:
    """Give the rows of the last report to be counted anew; what was taken back keeps its numbers."""
    kept = last.withdrawn_at is not None
    return [{"name": row.name, "unit": row.unit, "value": row.value if kept else ""} for row in read(last.figures)]
