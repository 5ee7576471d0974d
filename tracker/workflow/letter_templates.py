"""The form in which an agency's letters are made: brought along by an administrator, tried before it is kept."""
from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

from lxml import etree
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
_FETCHING = re.compile(
    r"\s*(?:dde|ddeauto|includetext|includepicture|import|include|link|embed|rd|database|macrobutton|print)\b",
    re.IGNORECASE,
)  # fmt: skip
_BYTE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0<", b"<\0")


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
        raise BrokenTemplate(mark="{{ }}") from error


def _refuse_reaching_out(part: str, content: bytes) -> None:
    """Look into what is XML, whatever the part is called. Raises ActiveTemplate."""
    is_text = content.startswith(_BYTE_MARKS)
    if not (is_text or content.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<")
            or part.lower().endswith((".rels", ".xml"))):
        return
    if is_text or b"<!DOCTYPE" in content:
        raise ActiveTemplate(part=part)
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise ActiveTemplate(part=part) from error
    coding = (root.getroottree().docinfo.encoding or "utf-8").lower()
    if coding not in {"utf-8", "ascii", "us-ascii"} or any(_reaches_out(element) for element in root.iter("*")):
        raise ActiveTemplate(part=part)
    if any(_FETCHING.match(field) for field in _fields(root)):
        raise ActiveTemplate(part=part)


def _reaches_out(element: etree._Element) -> bool:
    """Tell whether an element takes in foreign text, or points outside as anything but a link to be pressed."""
    if etree.QName(element).localname == "altChunk":
        return True
    is_outside = element.get("TargetMode", "").strip().lower() == "external"
    return is_outside and not element.get("Type", "").endswith("/hyperlink")


def _fields(root: etree._Element) -> Iterator[str]:
    """Give the words of a part's fields: of the simple ones, and of those that are written in pieces."""
    pieces: list[str] = []
    for element in root.iter("*"):
        name = etree.QName(element).localname
        yield from (value for key, value in element.attrib.items() if etree.QName(key).localname == "instr")
        if name == "fldChar" and "begin" in element.attrib.values():
            yield "".join(pieces)
            pieces = []
        elif name in {"instrText", "delInstrText"}:
            pieces.append("".join(element.itertext()))
    yield "".join(pieces)
