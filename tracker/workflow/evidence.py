"""Files that show what was done: checked by content, kept under their hash outside everything that is served.

The bytes are on the disk, whole and synced, before the row that names them is committed. A crash between the two
leaves a file that no row names, never a row without its file.
"""
from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from tracker.config import EVIDENCE_LIMIT, MEGABYTE
from tracker.models import Evidence
from tracker.rules.errors import Refusal
from tracker.rules.personal_data import refuse_identity_numbers
from tracker.workflow.file_types import find_type
from tracker.workflow.personal_files import refuse_personal_files

MOST_FILES = 5
#: A name is kept as it came up to here; its ending always stays.
LONGEST_NAME = 150
_CHUNK = 1024 * 1024
_PATH_PARTS = re.compile(r"[/\\]")


class FileTooLarge(Refusal):
    """One file is larger than a file may be."""

    key = "file_too_large"


class TooManyFiles(Refusal):
    """More files than one report takes."""

    key = "too_many_files"


class BadFiles(Refusal):
    """Some files can't be taken; `problems` holds one refusal for each of them."""

    key = "bad_files"

    def __init__(self, problems: Sequence[Refusal]) -> None:
        super().__init__()
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Upload:
    """A file as a browser sent it: the name it had there, and its bytes."""

    name: str
    stream: BinaryIO


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept."""

    name: str
    media_type: str
    size: int
    sha256: str
    stream: BinaryIO


def check(uploads: Sequence[Upload]) -> list[CheckedFile]:
    """Find the type, size and hash of each file.

    Raises BadFiles, which names every file that can't be taken and why, or TooManyFiles.
    """
    if len(uploads) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    checked: list[CheckedFile] = []
    problems: list[Refusal] = []
    for upload in uploads:
        try:
            checked.append(check_one(upload))
        except Refusal as refusal:
            problems.append(refusal)
    if problems:
        raise BadFiles(problems)
    return checked


def check_one(upload: Upload) -> CheckedFile:
    """Find the type, size and hash of a file, and look into it for persons.

    Raises FileTooLarge, IdentityNumber, or what file_types and personal_files refuse.
    """
    name = clean_name(upload.name)
    refuse_identity_numbers(name)
    size = upload.stream.seek(0, os.SEEK_END)
    if size > EVIDENCE_LIMIT:
        raise FileTooLarge(name=name, limit=EVIDENCE_LIMIT // MEGABYTE)
    media_type = find_type(upload.stream, name)
    refuse_personal_files(upload.stream, media_type, name)
    return CheckedFile(name, media_type, size, _hash(upload.stream), upload.stream)


def _hash(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def clean_name(name: str) -> str:
    """Give a file's own name in NFC: no folders before it, no control or direction marks, not too long."""
    own = _PATH_PARTS.split(unicodedata.normalize("NFC", name))[-1]
    own = "".join(" " if letter.isspace() else letter for letter in own)
    own = "".join(letter for letter in own if unicodedata.category(letter)[0] != "C").strip(" .")
    stem, dot, ending = own.rpartition(".")
    if dot and stem and len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip()}.{ending}"
    return own[:LONGEST_NAME] or "tep"


def keep(folder: Path, files: Sequence[CheckedFile], *, now: datetime) -> list[Evidence]:
    """Put checked files on the disk and give the rows that name them, not yet added to a session."""
    for file in files:
        _write(folder, file)
    return [
        Evidence(file_name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256, created_at=now)
        for file in files
    ]


def path_of(folder: Path, evidence: Evidence) -> Path:
    """Say where a file's bytes lie: a path made of its hash, never of anything a person typed."""
    return _place(folder, evidence.sha256)


def _place(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256[2:4] / sha256


def _write(folder: Path, file: CheckedFile) -> None:
    """Write beside, sync, then rename: a name in the folder always has all its bytes."""
    place = _place(folder, file.sha256)
    if place.exists():
        os.utime(place)  # so that a sweep sees that it is wanted again
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=folder, prefix="incoming-")
    try:
        with os.fdopen(handle, "wb") as target:
            file.stream.seek(0)
            shutil.copyfileobj(file.stream, target, _CHUNK)
            target.flush()
            os.fsync(target.fileno())
        os.replace(beside, place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    _sync(place.parent)


def remove(folder: Path, sha256: str, *, before: datetime) -> None:
    """Delete a file's bytes that no row names, unless somebody handed the same in since `before`."""
    place = _place(folder, sha256)
    if place.exists() and datetime.fromtimestamp(place.stat().st_mtime, UTC) < before:
        place.unlink()


def _sync(folder: Path) -> None:
    """Make a rename survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
