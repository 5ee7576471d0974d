"""Reporting progress on an assignment. A report is never edited, only followed by another."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.models import Actor, Assignment, ProgressUpdate
from tracker.models.audit import record
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.personal_data import refuse_identity_numbers
from tracker.rules.states import AssignmentState, check_transition
from tracker.workflow import evidence
from tracker.workflow.evidence import Upload

#: What is under way is never wholly done; done is said by handing the report in.
MOST_UNDER_WAY = 99


class ChangedMeanwhile(Refusal):
    """Somebody else changed the assignment after this form was opened."""

    key = "changed_meanwhile"


class NothingSaid(Refusal):
    """A report without a word of what was done."""

    key = "report_without_text"


class NoEvidence(Refusal):
    """Handed in without a file and without a document's number and date."""

    key = "no_evidence"


class HalfDocument(Refusal):
    """A document's number without its date, or the other way round."""

    key = "half_document"


class FutureDocument(Refusal):
    """A document dated after today."""

    key = "future_document"


class PercentUnderWay(Refusal):
    """Work under way is between 0 and 99 per cent."""

    key = "percent_under_way"


def take(session: Session, assignment: Assignment, expected_version: int | None) -> None:
    """Hold an assignment for this transaction and read it anew.

    Raises ChangedMeanwhile when it is no longer the version that a form was made from (None: any version will do).
    """
    # Only its own row: PostgreSQL refuses to lock what an outer join may leave empty.
    session.refresh(assignment, with_for_update={"of": Assignment})
    if expected_version is not None and assignment.version != expected_version:
        raise ChangedMeanwhile


def report(
    session: Session,
    assignment: Assignment,
    *,
    actor: Actor,
    state: AssignmentState,
    text: str,
    percent: int = 0,
    difficulties: str | None = None,
    document_number: str | None = None,
    document_on: date | None = None,
    files: Sequence[Upload] = (),
    evidence_folder: Path,
    expected_version: int | None = None,
    today: date,
    now: datetime,
) -> ProgressUpdate:
    """Record progress (state IN_PROGRESS), or hand in the assignment as done for acceptance (SUBMITTED).

    Handing in makes it 100 per cent, counts as done on `today`, and needs evidence: a file, or a document's number
    and date. Files are on the disk when this returns; the caller commits. Raises ChangedMeanwhile, NotAllowedNow,
    NothingSaid, PercentUnderWay, NoEvidence, HalfDocument, FutureDocument, IdentityNumber, TooManyFiles or BadFiles.
    """
    if actor.user is None:
        raise ValueError("a report has an author")
    take(session, assignment, expected_version)
    check_transition(Permission.PROGRESS_REPORT, assignment.state, state)
    submitting = state is AssignmentState.SUBMITTED
    if submitting:
        percent = 100
    elif not 0 <= percent <= MOST_UNDER_WAY:
        raise PercentUnderWay
    update = ProgressUpdate(
        assignment=assignment, author=actor.user, created_at=now, reported_on=today, state=state, percent=percent,
        text=text.strip(), difficulties=_said(difficulties), document_number=_said(document_number),
        document_on=document_on,
    )  # fmt: skip
    _check_content(update, files, submitting=submitting, today=today)
    update.evidence = evidence.keep(evidence_folder, evidence.check(files), now=now)
    before = standing_of(assignment)
    assignment.state = state
    assignment.percent = percent
    assignment.submitted_on = today if submitting else None
    # Even a report that moves nothing is a new version, so that a form opened before it is told.
    flag_modified(assignment, "percent")
    session.add(update)
    record(session, actor, "progress.reported", assignment, now=now, before=before,
           after=standing_of(assignment) | {"files": [file.sha256 for file in update.evidence]})
    return update


def _said(text: str | None) -> str | None:
    return (text or "").strip() or None


def _check_content(update: ProgressUpdate, files: Sequence[Upload], *, submitting: bool, today: date) -> None:
    if not update.text:
        raise NothingSaid
    refuse_identity_numbers(update.text, update.difficulties, update.document_number)
    if (update.document_number is None) != (update.document_on is None):
        raise HalfDocument
    if update.document_on is not None and update.document_on > today:
        raise FutureDocument
    if submitting and not files and update.document_number is None:
        raise NoEvidence


def standing_of(assignment: Assignment) -> dict[str, object]:
    """Say what a report or a decision can change, for the audit."""
    return {
        "state": assignment.state.value,
        "percent": assignment.percent,
        "submitted_on": assignment.submitted_on.isoformat() if assignment.submitted_on else None,
    }
