"""The form in which an agency's letters are made: brought along by an administrator, tried before it is kept."""
from __future__ import annotations

import os
import re
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy.orm import Session

from tracker.config import MEGABYTE
from tracker.models import Actor, Agency, LetterTemplate
from tracker.models.audit import record
from tracker.reports import letters
from tracker.reports.letter_check import Finding, check
from tracker.reports.letter_sample import samples
from tracker.reports.letter_sandbox import BrokenTemplate
from tracker.rules.errors import Refusal
from tracker.rules.personal_data import refuse_identity_numbers
from tracker.workflow.evidence import FileTooLarge, Upload, clean_name
from tracker.workflow.file_types import WrongEnding, find_type
from tracker.workflow.lettering import DOCX, store

TEMPLATE_LIMIT = 2 * MEGABYTE
#: What the parts of a form may unpack to, and how many there may be.
_UNPACKED_LIMIT = 20 * MEGABYTE
_MOST_PARTS = 300
#: Fields by which a document fetches or runs something when it is opened.
_FETCHING = re.compile(rb"\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|MACROBUTTON)\b")
_FIELD = re.compile(rb"<w:instrText[^>]*>([^<]*)<")
_SIMPLE_FIELD = re.compile(rb"w:instr\s*=\s*[\"']([^\"']*)")
_CODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']+)")
_EXTERNAL = re.compile(rb"<[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")


class ActiveTemplate(Refusal):
    """The form would fetch or run something on the machine of whoever opens a letter."""

    key = "letter_template_active"


def accept(
    session: Session, agency: Agency, upload: Upload, *, actor: Actor, evidence_folder: Path, now: datetime
) -> tuple[LetterTemplate, list[Finding]]:
    """Keep a form for an agency's letters, after having tried it, and say what it has against the decree's form.

    The caller commits. Raises what says why it can't be taken: too large, another kind of file, macros, something it
    would fetch, a place that letters don't have, a mark that is broken or not allowed.
    """
    name = clean_name(upload.name)
    refuse_identity_numbers(name)
    if upload.stream.seek(0, os.SEEK_END) > TEMPLATE_LIMIT:
        raise FileTooLarge(name=name, limit=TEMPLATE_LIMIT // MEGABYTE)
    if find_type(upload.stream, name) != DOCX:
        raise WrongEnding(name=name, right=".docx")
    content = upload.stream.read()
    _refuse_active(content, name)
    findings = [finding for filled in samples() for finding in check(letters.make(filled, content))]
    assert actor.user is not None, "only a person brings a form"
    before = letters.template_of(session, agency.id)
    row = LetterTemplate(agency_id=agency.id, uploaded_by_id=actor.user.id, uploaded_at=now,
                         **store(evidence_folder, name, content, now))
    session.add(row)
    record(session, actor, "letter_template.accepted", row, now=now,
           before={"file_name": before.file_name} if before else None,
           after={"file_name": name, "agency_id": agency.id, "findings": len(findings)})
    return row, list(dict.fromkeys(findings))


def retire(session: Session, template: LetterTemplate, *, actor: Actor, now: datetime) -> None:
    """Put a form aside: the agency's letters are made in the built-in form again. The caller commits."""
    if template.retired_at is not None:
        return
    template.retired_at = now
    record(session, actor, "letter_template.retired", template, now=now, before={"file_name": template.file_name})


def _refuse_active(content: bytes, name: str) -> None:
    """Refuse what unpacks beyond measure, holds foreign objects, or reaches out when it is opened."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            listed = parts.infolist()
            if len(listed) > _MOST_PARTS or sum(part.file_size for part in listed) > _UNPACKED_LIMIT:
                raise FileTooLarge(name=name, limit=TEMPLATE_LIMIT // MEGABYTE)
            for part in listed:
                own = part.filename.lower()
                if "/embeddings/" in own or "/activex/" in own or own.endswith((".bin", ".ole")):
                    raise ActiveTemplate(part=part.filename)
                _refuse_reaching_out(part.filename, parts.read(part))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        raise BrokenTemplate(mark=type(error).__name__) from error


def _refuse_reaching_out(part: str, content: bytes) -> None:
    if not part.endswith((".rels", ".xml")):
        return
    # Other encodings would pass the words looked for below.
    coding = _CODING.search(content[:200])
    is_plain = content.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<")
    if not is_plain or (coding and coding[1].lower() != b"utf-8") or b"<!DOCTYPE" in content or b":altChunk" in content:
        raise ActiveTemplate(part=part)
    if any(b"/hyperlink" not in link for link in _EXTERNAL.findall(content)):
        raise ActiveTemplate(part=part)
    if _FETCHING.search(b"".join(_FIELD.findall(content)) + b" " + b" ".join(_SIMPLE_FIELD.findall(content))):
        raise ActiveTemplate(part=part)
