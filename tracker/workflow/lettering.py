"""Writing official letters (công văn đôn đốc): made as files, kept with their chase, numbered by the registry later."""
from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.clock import vietnam_day
from tracker.models import Actor, Chase, ChaseItem, Evidence, Letter, LetterTemplate, User
from tracker.models.access import chases_of
from tracker.models.audit import AuditEntry, record
from tracker.reports import letters
from tracker.reports.letters import Addressed, Order, Signing
from tracker.rules.errors import Refusal
from tracker.rules.folding import fold
from tracker.rules.letter_form import ISSUED_NUMBER
from tracker.rules.personal_data import refuse_personal_data
from tracker.rules.states import ChaseChannel, ChaseTone
from tracker.workflow import chasing, evidence
from tracker.workflow.chasing import NothingToChase

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Files of one press; more is a matter for a letter to all.
MOST_LETTERS = 200
LONGEST_NUMBER = 40


class TooManyLetters(Refusal):
    """So many letters are not made at one press."""

    key = "too_many_letters"


class ReplyTooEarly(Refusal):
    """The day for the answer is not in the future."""

    key = "letter_reply_too_early"


class BadLetterNumber(Refusal):
    """What was typed is no number and symbol."""

    key = "letter_number_bad"


class IssuedInFuture(Refusal):
    """The letter's date is still to come."""

    key = "letter_issued_in_future"


class IssuedBeforeMade(Refusal):
    """The letter's date is before the day on which it was made here."""

    key = "letter_issued_before_made"


class NumberChanged(Refusal):
    """Somebody else wrote the number down meanwhile."""

    key = "letter_number_changed"


@dataclass(frozen=True)
class Draft:
    """One letter before it is made: to whom, and everything its form has places for."""

    addressed: tuple[Addressed, ...]
    values: dict[str, Any]

    @property
    def is_request(self) -> bool:
        """Tell whether it goes to a body that can only be asked."""
        return all(one.agency.is_requested for one in self.addressed)


@dataclass(frozen=True)
class Made:
    """The chase the letters are kept with, and how many of the picked assignments are not late any more."""

    chase: Chase
    left_out: int


def drafts(
    session: Session, user: User, ids: Collection[int], order: Order, *, one_each: bool, today: date
) -> tuple[list[Draft], chasing.Preview]:
    """Say which letters would be made. Changes nothing.

    A body that can only be asked always gets a letter of its own. Raises NothingToChase, TooManyLetters and
    ReplyTooEarly.
    """
    if order.reply_by <= today:
        raise ReplyTooEarly
    found = chasing.preview(session, user, ids, today=today, insist=True)
    if not found.agencies:
        raise NothingToChase
    everybody = [Addressed(one.agency, one.items) for one in found.agencies]
    ordered = [one for one in everybody if not one.agency.is_requested]
    together = [] if one_each or len(ordered) < 2 else ordered
    groups = [tuple(together)] if together else []
    groups += [(one,) for one in everybody if one not in together]
    if len(groups) > MOST_LETTERS:
        raise TooManyLetters(most=MOST_LETTERS)
    earlier = letters.earlier_chases(session, [item.id for one in everybody for item in one.items])
    return [Draft(group, letters.values(user.agency, group, order, earlier, today=today)) for group in groups], found


def write(
    session: Session, actor: Actor, ids: Collection[int], *, order: Order, one_each: bool, form_key: str,
    evidence_folder: Path, today: date, now: datetime,
) -> Made:
    """Make the letters as files and keep them with a chase. The caller commits.

    The same `form_key` twice is one chase. Raises what `drafts` and the form's filling raise, IdentityNumber and
    PersonList.
    """
    user = actor.user
    assert user is not None, "only a person writes letters"
    if (before := _made_with(session, user, form_key)) is not None:
        return Made(before, 0)
    refuse_personal_data("\n".join((order.subject, order.request_subject, *order.extra, order.signing.signer,
                                       *order.signing.copies)))
    planned, found = drafts(session, user, ids, order, one_each=one_each, today=today)
    template = _template(session, user.agency_id, evidence_folder)
    files = [(draft, letters.make(draft.values, template)) for draft in planned]
    chase = Chase(sender_id=user.id, sent_at=now, happened_on=today, channel=ChaseChannel.LETTER,
                  tone=ChaseTone.OFFICIAL, form_key=form_key)
    try:
        with session.begin_nested():
            session.add(chase)
    except IntegrityError:  # the same press, a moment ago
        if (before := _made_with(session, user, form_key)) is None:
            raise
        return Made(before, 0)
    session.execute(insert(ChaseItem), [
        {"chase_id": chase.id, "assignment_id": item.id, "days_late": item.days_late(today), "recipients": 0}
        for one in found.agencies for item in one.items
    ])  # fmt: skip
    for draft, content in files:
        _keep(session, chase, draft, content, evidence_folder, now)
    record(session, actor, "letter.made", chase, now=now,
           after={**asdict(order.signing), "subject": order.subject, "reply_by": order.reply_by.isoformat(),
                  "letters": len(files), "agencies": len(found.agencies), "items": found.items})
    return Made(chase, found.left_out)


def last_signing(session: Session, user: User) -> Signing | None:
    """Give head and signature of the last letter that a person's agency made."""
    last = session.scalar(
        select(Letter.chase_id).join(Letter.chase).where(chases_of(user))
        .order_by(Letter.id.desc()).limit(1)
    )  # fmt: skip
    entry = session.scalar(
        select(AuditEntry).where(AuditEntry.subject_type == Chase.__tablename__, AuditEntry.subject_id == last,
                                 AuditEntry.action == "letter.made").order_by(AuditEntry.id.desc()).limit(1)
    )  # fmt: skip
    if entry is None or entry.after is None:
        return None
    kept = entry.after
    return Signing(
        parent=kept["parent"], heading=kept["heading"], abbreviation=kept["abbreviation"], unit=kept["unit"],
        place=kept["place"], authority=tuple(kept["authority"]), signer=kept["signer"], copies=tuple(kept["copies"]),
    )  # fmt: skip


def record_number(
    session: Session, letter: Letter, *, actor: Actor, number: str, issued_on: date, seen: str, today: date,
    now: datetime,
) -> None:
    """Write down the number and the date that the registry gave, or correct them. The caller commits.

    `seen` is the number the person had before them ("" for none). Raises BadLetterNumber, IssuedInFuture,
    IssuedBeforeMade and NumberChanged.
    """
    session.refresh(letter, with_for_update=True)
    if (letter.number or "") != seen:
        raise NumberChanged(number=letter.number or "–")
    number = "".join(number.split())
    if len(number) > LONGEST_NUMBER or not ISSUED_NUMBER.match(number):
        raise BadLetterNumber
    if issued_on > today:
        raise IssuedInFuture
    if issued_on < vietnam_day(letter.created_at):
        raise IssuedBeforeMade
    before = {"number": letter.number, "issued_on": letter.issued_on.isoformat() if letter.issued_on else None}
    after = {"number": number, "issued_on": issued_on.isoformat()}
    if before == after:
        return
    letter.number, letter.issued_on = number, issued_on
    letter.recorded_by_id, letter.recorded_at = actor.user.id if actor.user else None, now
    record(session, actor, "letter.number_corrected" if before["number"] else "letter.number_recorded", letter, now=now,
           before=before, after=after)


def _template(session: Session, agency_id: int, folder: Path) -> bytes | None:
    found = letters.template_of(session, agency_id)
    return content_of(folder, found) if found is not None else None


def content_of(folder: Path, kept: Letter | LetterTemplate) -> bytes:
    """Read a letter or a form from the disk."""
    return file_of(folder, kept).read_bytes()


def file_of(folder: Path, kept: Letter | LetterTemplate) -> Path:
    """Say where the bytes of a letter or a form lie."""
    return evidence.path_of(folder, Evidence(sha256=kept.sha256))


def store(folder: Path, name: str, content: bytes, now: datetime) -> dict[str, Any]:
    """Put a document on the disk under its hash and give the facts that name it."""
    digest = hashlib.sha256(content).hexdigest()
    evidence.keep(folder, [evidence.CheckedFile(name=name, media_type=DOCX, size=len(content), sha256=digest,
                                                stream=BytesIO(content))], now=now)
    return {"file_name": name, "size": len(content), "sha256": digest}


def _keep(session: Session, chase: Chase, draft: Draft, content: bytes, folder: Path, now: datetime) -> None:
    agency = draft.addressed[0].agency if len(draft.addressed) == 1 else None
    what = "de-nghi" if draft.is_request else "don-doc"
    whom = "-".join(fold(agency.name if agency else "nhiều cơ quan").split())
    name = evidence.clean_name(f"cong-van-{what}-{''.join(c for c in whom if c.isalnum() or c == '-')}.docx")
    session.add(Letter(chase_id=chase.id, agency_id=agency.id if agency else None, created_at=now,
                       **store(folder, name, content, now)))


def _made_with(session: Session, user: User, form_key: str) -> Chase | None:
    return session.scalar(select(Chase).where(Chase.form_key == form_key, Chase.sender_id == user.id))
