"""Reporting progress on an assignment. A report is never edited, only followed by another."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from tracker.models import Actor, Assignment, DraftFile, Evidence, ProgressUpdate, User
from tracker.models.audit import record
from tracker.rules import figures as result_figures
from tracker.rules.errors import Refusal
from tracker.rules.figures import Figure
from tracker.rules.permissions import Permission
from tracker.rules.personal_data import refuse_personal_data
from tracker.rules.states import AssignmentState, ReportChannel, check_transition
from tracker.workflow import evidence
from tracker.workflow.evidence import MOST_FILES, TooManyFiles, Upload

#: What is under way is never wholly done; done is said by handing the report in.
MOST_UNDER_WAY = 99
#: What one press says. It is stored and read by everybody, so it is in the plans' language whatever the reader's.
NO_CHANGE = "Không có thay đổi so với báo cáo ngày"
NOTHING_YET = "Đang triển khai, chưa có kết quả mới để báo cáo."
ALL_DONE = "Đã hoàn thành nhiệm vụ."


class QuickAnswer(StrEnum):
    """What can be reported with one press."""

    NO_CHANGE = "no_change"
    DONE = "done"


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


def take_all(session: Session, ids: Collection[int]) -> None:
    """Hold many assignments for this transaction, in the order of their numbers, and read them anew."""
    session.execute(
        select(Assignment).where(Assignment.id.in_(ids)).order_by(Assignment.id).with_for_update(of=Assignment)
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip


def report(
    session: Session,
    assignment: Assignment,
    *,
    actor: Actor,
    state: AssignmentState,
    text: str,
    percent: int = 0,
    difficulties: str | None = None,
    proposals: str | None = None,
    figures: Sequence[Figure] = (),
    document_number: str | None = None,
    document_on: date | None = None,
    files: Sequence[Upload] = (),
    draft_files: Sequence[DraftFile] = (),
    repeated: Sequence[Evidence] = (),
    channel: ReportChannel = ReportChannel.PAGE,
    evidence_folder: Path,
    expected_version: int | None = None,
    today: date,
    now: datetime,
) -> ProgressUpdate:
    """Record progress (state IN_PROGRESS), or hand in the assignment as done for acceptance (SUBMITTED).

    A helper's part is confirmed to the lead instead, and so done (ACCEPTED); that needs no evidence.
    Handing in makes it 100 per cent, counts as done on `today`, and needs evidence: a file, or a document's number
    and date. Files are on the disk when this returns; `draft_files` were uploaded ahead and become evidence,
    `repeated` showed an earlier report. The caller commits. Raises ChangedMeanwhile, NotAllowedNow, NothingSaid,
    PercentUnderWay, NoEvidence, HalfDocument, FutureDocument, IdentityNumber, PersonList, TooManyFiles, BadFiles,
    NotNumber, NamelessFigure or TooManyFigures.
    """
    if actor.user is None:
        raise ValueError("a report has an author")
    take(session, assignment, expected_version)
    update = drawn_up(
        assignment, author=actor.user, state=state, text=text, percent=percent, difficulties=difficulties,
        proposals=proposals, figures=figures, document_number=document_number, document_on=document_on,
        files=len(files) + len(draft_files), repeated=repeated, channel=channel, today=today, now=now,
    )  # fmt: skip
    update.evidence = [*_copies(draft_files, now), *update.evidence]
    update.evidence += evidence.keep(evidence_folder, evidence.check(files), now=now)
    before, after = enter(session, update)
    for file in draft_files:
        session.delete(file)
    record(session, actor, "progress.reported", assignment, now=now, before=before, after=after)
    return update


def drawn_up(
    assignment: Assignment, *, author: User, state: AssignmentState, text: str, percent: int = 0,
    difficulties: str | None = None, proposals: str | None = None, figures: Sequence[Figure] = (),
    document_number: str | None = None, document_on: date | None = None, files: int = 0,
    repeated: Sequence[Evidence] = (), channel: ReportChannel, today: date, now: datetime,
) -> ProgressUpdate:
    """Draw up a report on an assignment that is held, with the evidence it repeats; `files` more will come to it.

    Nothing is changed yet, so what is refused leaves no trace. Raises what `report` raises about words and states.
    """
    submitting = state is AssignmentState.SUBMITTED
    if submitting and assignment.is_part:
        # A helper confirms its part to the lead: that is the end of it, and needs nobody's acceptance.
        state = AssignmentState.ACCEPTED
        check_transition(Permission.PART_CONFIRM, assignment.state, state)
    else:
        check_transition(Permission.PROGRESS_REPORT, assignment.state, state)
    if submitting:
        percent = 100
    elif not 0 <= percent <= MOST_UNDER_WAY:
        raise PercentUnderWay
    update = ProgressUpdate(
        assignment=assignment, author=author, created_at=now, reported_on=today, state=state, percent=percent,
        text=text.strip(), difficulties=_said(difficulties), proposals=_said(proposals),
        figures=result_figures.stored(result_figures.checked(figures)), channel=channel,
        document_number=_said(document_number), document_on=document_on,
    )  # fmt: skip
    _check_content(update, files + len(repeated), today=today, needs_evidence=state is AssignmentState.SUBMITTED)
    update.evidence = _copies(repeated, now)
    return update


def enter(session: Session, update: ProgressUpdate) -> tuple[dict[str, object], dict[str, object]]:
    """Make a report that was drawn up count; nothing is flushed. Gives what the audit says: before and after."""
    assignment = update.assignment
    before = standing_of(assignment)
    assignment.state = update.state
    assignment.percent = update.percent
    assignment.submitted_on = None if update.state is AssignmentState.IN_PROGRESS else update.reported_on
    # Even a report that moves nothing is a new version, so that a form opened before it is told.
    flag_modified(assignment, "percent")
    session.add(update)
    return before, standing_of(assignment) | {"files": [file.sha256 for file in update.evidence]}


def _said(text: str | None) -> str | None:
    return (text or "").strip() or None


def _copies(files: Sequence[DraftFile | Evidence], now: datetime) -> list[Evidence]:
    """Make evidence of files that were uploaded before; their bytes lie in their place already."""
    return [Evidence(file_name=file.file_name, media_type=file.media_type, size=file.size, sha256=file.sha256,
                     created_at=now) for file in files]


def _check_content(update: ProgressUpdate, files: int, *, needs_evidence: bool, today: date) -> None:
    if not update.text:
        raise NothingSaid
    refuse_personal_data(update.text, update.difficulties, update.proposals, update.document_number,
                         *(f"{figure.name} {figure.value} {figure.unit}" for figure in
                           result_figures.read(update.figures)))
    if files > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    if (update.document_number is None) != (update.document_on is None):
        raise HalfDocument
    if update.document_on is not None and update.document_on > today:
        raise FutureDocument
    if needs_evidence and not files and update.document_number is None:
        raise NoEvidence


def withdraw(session: Session, assignment: Assignment, *, actor: Actor, expected_version: int | None = None,
             now: datetime) -> ProgressUpdate:
    """Take back the report that waits, before anybody decided on it; the work is under way again.

    What was handed in stays in the history, marked as taken back. The caller commits. Raises ChangedMeanwhile or
    NotAllowedNow.
    """
    take(session, assignment, expected_version)
    check_transition(Permission.PROGRESS_WITHDRAW, assignment.state, AssignmentState.IN_PROGRESS)
    before = standing_of(assignment)
    # Read before anything changes: reading would write a half-changed row.
    update, percent = waiting_report(session, assignment), percent_under_way(session, assignment)
    update.withdrawn_at = now
    assignment.state = AssignmentState.IN_PROGRESS
    assignment.submitted_on = None
    assignment.percent = percent
    record(session, actor, "progress.withdrawn", assignment, now=now, before=before, after=standing_of(assignment))
    return update


def quick_answer(
    session: Session,
    assignment: Assignment,
    answer: QuickAnswer,
    *,
    actor: Actor,
    draft_files: Sequence[DraftFile] = (),
    channel: ReportChannel = ReportChannel.PAGE,
    evidence_folder: Path,
    expected_version: int | None = None,
    today: date,
    now: datetime,
) -> ProgressUpdate:
    """Report with one press: nothing changed since the last report, or done as last described.

    Done takes over the files or the document of the last report that had some; without any, and for work that was
    returned, it takes a form. The caller commits. Raises NoEvidence, ChangedMeanwhile or NotAllowedNow.
    """
    take(session, assignment, expected_version)
    told = _reports(session, assignment)
    last = next((update for update in told if not update.text.startswith(NO_CHANGE)), None)
    given = {"actor": actor, "channel": channel, "evidence_folder": evidence_folder, "today": today, "now": now}
    if answer is QuickAnswer.NO_CHANGE:
        text = f"{NO_CHANGE} {last.reported_on:%d/%m/%Y}." if last else NOTHING_YET
        return report(session, assignment, state=AssignmentState.IN_PROGRESS, text=text,
                      percent=min(assignment.percent, MOST_UNDER_WAY), **given)  # type: ignore[arg-type]
    shown = next((update for update in told if update.evidence or update.document_number), None)
    if assignment.state is AssignmentState.RETURNED or (shown is None and not draft_files):
        raise NoEvidence
    return report(
        session, assignment, state=AssignmentState.SUBMITTED, text=last.text if last else ALL_DONE,
        difficulties=last.difficulties if last else None, proposals=last.proposals if last else None,
        figures=result_figures.read(last.figures) if last else (), draft_files=draft_files,
        document_number=shown.document_number if shown else None, document_on=shown.document_on if shown else None,
        repeated=() if draft_files or shown is None else shown.evidence, **given,  # type: ignore[arg-type]
    )  # fmt: skip


def _reports(session: Session, assignment: Assignment) -> Sequence[ProgressUpdate]:
    return session.scalars(
        select(ProgressUpdate)
        .where(ProgressUpdate.assignment_id == assignment.id, ProgressUpdate.withdrawn_at.is_(None))
        .order_by(ProgressUpdate.id.desc())
        .options(selectinload(ProgressUpdate.evidence))
    ).all()


def says_something() -> ColumnElement[bool]:
    """Tell which reports say something of their own, beside the "no change" of one press."""
    return ProgressUpdate.text.not_like(f"{NO_CHANGE}%")


def last_told(session: Session, assignment: Assignment) -> ProgressUpdate | None:
    """Give the newest report that says something of its own: what the next one starts from, also when taken back."""
    return session.scalar(
        select(ProgressUpdate)
        .where(ProgressUpdate.assignment_id == assignment.id, says_something())
        .order_by(ProgressUpdate.id.desc())
        .limit(1)
    )


def waiting_report(session: Session, assignment: Assignment) -> ProgressUpdate:
    """Give the report that waits: the newest, since nothing can be reported after one is handed in."""
    return session.scalars(
        select(ProgressUpdate)
        .where(ProgressUpdate.assignment_id == assignment.id, ProgressUpdate.state == AssignmentState.SUBMITTED,
               ProgressUpdate.withdrawn_at.is_(None))
        .order_by(ProgressUpdate.id.desc())
        .limit(1)
    ).one()


def percent_under_way(session: Session, assignment: Assignment) -> int:
    """Give what the agency last said while still at work: the hundred of a returned report was not accepted."""
    last = session.scalar(
        select(ProgressUpdate.percent)
        .where(ProgressUpdate.assignment_id == assignment.id, ProgressUpdate.state == AssignmentState.IN_PROGRESS)
        .order_by(ProgressUpdate.id.desc())
        .limit(1)
    )
    return last or 0


def standing_of(assignment: Assignment) -> dict[str, object]:
    """Say what a report or a decision can change, for the audit."""
    return {
        "state": assignment.state.value,
        "percent": assignment.percent,
        "submitted_on": assignment.submitted_on.isoformat() if assignment.submitted_on else None,
    }
