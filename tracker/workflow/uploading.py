"""Files that are sent ahead of their report, one by one: a failed one costs none of the others."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from tracker.models import (
    Assignment,
    DraftFile,
    Evidence,
    IncomingFile,
    IncomingMail,
    Letter,
    LetterTemplate,
    ProgressUpdate,
    User,
)
from tracker.models.access import NotVisible, assignments_of
from tracker.workflow import evidence
from tracker.workflow.evidence import MOST_FILES, TooManyFiles, Upload

#: What nobody came back for is swept after this.
KEPT_FOR = timedelta(days=30)
#: Files of an answer by mail, from the day it came; a draft made of it keeps its own.
ANSWERS_KEPT_FOR = timedelta(days=180)
#: Bytes that were touched so recently may just be becoming evidence.
_IN_USE = timedelta(days=1)


def stage(session: Session, assignment: Assignment, user: User, upload: Upload, *, evidence_folder: Path,
          now: datetime) -> DraftFile:
    """Keep a file for the report that somebody is writing; the same file twice is kept once.

    Its bytes are on the disk when this returns; the caller commits. Raises TooManyFiles, or the refusal of the file.
    """
    checked = evidence.check_one(upload)
    same = _same(session, assignment, user, checked.sha256)
    if same is not None:
        return same
    if len(staged(session, assignment, user)) >= MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    kept = evidence.keep(evidence_folder, [checked], now=now)[0]
    made = DraftFile(assignment_id=assignment.id, user_id=user.id, file_name=kept.file_name, size=kept.size,
                     media_type=kept.media_type, sha256=kept.sha256, created_at=now)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # pressed twice
        return session.scalars(_mine(assignment, user).where(DraftFile.sha256 == checked.sha256)).one()
    return made


def _mine(assignment: Assignment, user: User) -> Select[DraftFile]:
    return select(DraftFile).where(DraftFile.assignment_id == assignment.id, DraftFile.user_id == user.id)


def _same(session: Session, assignment: Assignment, user: User, sha256: str) -> DraftFile | None:
    return session.scalar(_mine(assignment, user).where(DraftFile.sha256 == sha256))


def staged(session: Session, assignment: Assignment, user: User) -> Sequence[DraftFile]:
    """Give the files that wait for somebody's report, in the order they came."""
    return session.scalars(_mine(assignment, user).order_by(DraftFile.id)).all()


def draft_file_for(session: Session, user: User, file_id: int) -> DraftFile:
    """Fetch a file that this person sent ahead. Raises NotVisible."""
    found = session.scalar(select(DraftFile).where(DraftFile.id == file_id, DraftFile.user_id == user.id))
    if found is None:
        raise NotVisible
    return found


def drop(session: Session, file: DraftFile) -> None:
    """Take a file out of the report that is being written; its bytes go with the next sweep. The caller commits."""
    session.delete(file)


def earlier_use(session: Session, user: User, sha256: str) -> Evidence | None:
    """Give the newest report's file with the same bytes among what this person may see."""
    return session.scalar(
        select(Evidence)
        .join(ProgressUpdate, Evidence.update_id == ProgressUpdate.id)
        .join(Assignment, ProgressUpdate.assignment_id == Assignment.id)
        .where(Evidence.sha256 == sha256, assignments_of(user))
        .order_by(Evidence.id.desc())
        .limit(1)
        .options(joinedload(Evidence.update).joinedload(ProgressUpdate.assignment).joinedload(Assignment.task))
    )


def sweep(session: Session, *, evidence_folder: Path, now: datetime) -> int:
    """Delete the files that nobody made a report of for 30 days (of answers by mail: 180); give how many.

    Commits before it deletes bytes: a row never loses its file, whatever happens in between.
    """
    old: list[DraftFile | IncomingFile] = [
        *session.scalars(select(DraftFile).where(DraftFile.created_at < now - KEPT_FOR).order_by(DraftFile.id)),
        *session.scalars(select(IncomingFile).join(IncomingFile.incoming)
                         .where(IncomingMail.received_at < now - ANSWERS_KEPT_FOR).order_by(IncomingFile.id)),
    ]
    hashes = {file.sha256 for file in old if file.sha256}
    for file in old:
        session.delete(file)
    session.commit()
    for sha256 in sorted(hashes):
        if not _is_used(session, sha256):
            evidence.remove(evidence_folder, sha256, before=now - _IN_USE)
    return len(old)


def _is_used(session: Session, sha256: str) -> bool:
    return any(
        session.scalar(select(func.count()).where(table.sha256 == sha256))
        for table in (Evidence, DraftFile, IncomingFile, Letter, LetterTemplate)
    )
