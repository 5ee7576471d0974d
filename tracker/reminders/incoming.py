"""Mails that came to the sender's own mailbox: mails of ours sent back, answers of machines, answers of people.

Each is stored once, by its Message-ID, and only then marked in the mailbox: whatever happens in between, it is taken
again and known again. Nothing that comes in becomes a report; an answer of the very person we wrote to is offered to
that person as a draft. What is none of ours stays unread in the mailbox, for whoever looks after it.
"""
from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, timedelta
from io import BytesIO
from time import monotonic

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.mail.answers import Answer, Fault, Step, fault_of
from tracker.mail.arrived import Arrived, Failed, read
from tracker.mail.mailbox import Mailbox, Unreadable, Waiting
from tracker.mail.quoted import own_words
from tracker.models import IncomingFile, IncomingMail, MailEvent, OutboxMail, User
from tracker.reminders import addresses, copies
from tracker.reminders.told_of import ABOUT_WORK, told_of
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.personal_data import refuse_personal_data
from tracker.rules.states import IncomingKind, IncomingState, MailEventKind
from tracker.workflow import evidence
from tracker.workflow.evidence import MOST_FILES, Upload

log = logging.getLogger(__name__)

#: One run takes no more than this and no longer, so that its lease holds; the next one goes on.
MOST_A_RUN = 200
LONGEST_RUN = 180
#: One sender's mails that are stored in a day. Two machines that answer each other fill no table.
MOST_A_DAY = 50
#: Notices about one mail of ours that are stored whoever sends them; then their sender's day counts too.
MOST_RETURNS = 5


def read_mailbox(session: Session, *, now: datetime) -> dict[str, int]:
    """Read what is new in the mailbox, and count what it was.

    Commits after each mail; no transaction is open while the server is spoken to. Raises Unreadable, in the server's
    own words, when the mailbox can't be read: what was read before is kept, the rest waits there.
    """
    settings: Settings = current_app.extensions["settings"]
    began = monotonic()
    counts = Counter({kind.value: 0 for kind in IncomingKind})
    session.commit()
    with Mailbox(settings) as box:
        for waiting in box.waiting(MOST_A_RUN):
            if monotonic() - began > LONGEST_RUN:
                break
            kind = _known(session, waiting.message_id)
            if kind is None:
                kind = _take(session, box, waiting, settings, now)
                counts[kind.value] += 1
            if kind is IncomingKind.UNKNOWN:
                box.mark_left(waiting)
            else:
                box.mark_read(waiting)
    return dict(counts)


def _known(session: Session, message_id: str) -> IncomingKind | None:
    found = session.scalar(select(IncomingMail.kind).where(IncomingMail.message_id == message_id))
    session.commit()
    return found


def _take(session: Session, box: Mailbox, waiting: Waiting, settings: Settings, now: datetime) -> IncomingKind:
    try:
        raw = box.fetch(waiting)
        if raw is None:  # somebody took it out of the mailbox meanwhile
            return IncomingKind.UNKNOWN
        return take(session, read(raw, whole=waiting.is_whole), settings=settings, now=now)
    except (Unreadable, OSError, OperationalError, InterfaceError):  # the mailbox's trouble, the disk's, the database's
        raise
    except Exception:  # this mail's own: whoever sent it must not keep the others from being read
        session.rollback()
        log.exception("a mail in the mailbox can't be taken, and is left there")
        return IncomingKind.UNKNOWN


def take(session: Session, arrived: Arrived, *, settings: Settings, now: datetime) -> IncomingKind:
    """Store a mail that came in, once, with what follows from it, and say what it is. Commits."""
    kind = _known(session, arrived.message_id)
    if kind is not None:
        return kind
    row = _sorted(session, arrived, now)
    is_ours_returned = row.kind is IncomingKind.BOUNCE and row.mail is not None
    is_returned_anew = is_ours_returned and _returns(session, row.mail_id) < MOST_RETURNS
    if not is_returned_anew and _sent_today(session, row.sender, now) >= MOST_A_DAY:
        session.rollback()
        log.warning("too many mails from one sender today: left in the mailbox")
        return IncomingKind.UNKNOWN
    if row.state is IncomingState.OFFERED:
        row.files = _files(arrived, settings, now)
    try:
        session.add(row)
        session.flush()
    except IntegrityError:  # another process was faster
        session.rollback()
        return _known(session, arrived.message_id) or row.kind
    if is_ours_returned and row.mail is not None:
        _bounced(session, row.mail, arrived.failures, now)
    session.commit()
    return row.kind


def _sent_today(session: Session, sender: str, now: datetime) -> int:
    since = now - timedelta(days=1)
    counted = select(func.count()).where(IncomingMail.sender == sender, IncomingMail.received_at > since)
    return session.scalar(counted) or 0


def _returns(session: Session, mail_id: int | None) -> int:
    return session.scalar(select(func.count()).where(IncomingMail.mail_id == mail_id)) or 0


def _sorted(session: Session, arrived: Arrived, now: datetime) -> IncomingMail:
    """Say what a mail is to us; the row is not added yet."""
    mail = _answered(session, arrived)
    with session.no_autoflush:
        row = IncomingMail(
            message_id=arrived.message_id, received_at=now, kind=arrived.kind, state=IncomingState.FILED,
            sender=arrived.sender, subject=_without_personal_data(arrived.subject), text="",
            mail_id=mail.id if mail else None,
        )  # fmt: skip
    match arrived.kind:
        case IncomingKind.BOUNCE:
            words = "\n".join(failed.words for failed in arrived.failures if failed.words)
            row.text = _without_personal_data(words)
            row.user_id = mail.recipient_id if mail else _named(session, arrived.failures)
        case IncomingKind.AUTO_REPLY:
            row.user_id = mail.recipient_id if mail and mail.recipient.email == arrived.sender else None
        case IncomingKind.REPLY:
            if mail is None or not _is_to_be_offered(mail, arrived) or not _offer(session, row, mail, arrived):
                row.kind = IncomingKind.UNKNOWN
    row.mail = mail
    return row


def _answered(session: Session, arrived: Arrived) -> OutboxMail | None:
    """Find the mail of ours it answers or returns: by a Message-ID, which nobody guesses who never saw the mail."""
    found = {mail.message_id: mail for mail in session.scalars(
        select(OutboxMail).where(OutboxMail.message_id.in_(arrived.answers)).order_by(OutboxMail.id)
    )}  # fmt: skip
    return next((found[name] for name in arrived.answers if name in found), None)


def _named(session: Session, failures: tuple[Failed, ...]) -> int | None:
    """Find of whom a notice tells that holds nothing of our mail: anybody can write one, so it closes no address."""
    named = {address for failed in failures for address in failed.addresses}
    people = session.scalars(select(User.id).where(User.email.in_(named)).order_by(User.id).limit(2)).all()
    return people[0] if len(people) == 1 else None


def _is_to_be_offered(mail: OutboxMail, arrived: Arrived) -> bool:
    """Tell whether it comes from the very person we wrote to, about work that this person reports on."""
    person = mail.recipient
    return (
        mail.kind in ABOUT_WORK and arrived.sender == person.email.lower() and not arrived.is_forged
        and person.may(Permission.PROGRESS_REPORT)
    )


def _offer(session: Session, row: IncomingMail, mail: OutboxMail, arrived: Arrived) -> bool:
    """Make a mail an offer to its writer; False when nothing is written in it."""
    copy = copies.read(session, mail.id)
    text = own_words(arrived.text, copy.text if copy else "")
    if not text and not arrived.attachments:
        return False
    text = _without_personal_data(text)
    told = told_of(session, mail)
    row.state, row.text, row.user_id = IncomingState.OFFERED, text, mail.recipient_id
    row.assignment_id = told[0] if len(told) == 1 else None
    return True


def _without_personal_data(text: str) -> str:
    """Give a text, or nothing: numbers and lists of single persons are not kept, here as anywhere."""
    try:
        refuse_personal_data(text)
    except Refusal:
        return ""
    return text


def _files(arrived: Arrived, settings: Settings, now: datetime) -> list[IncomingFile]:
    """Keep the files that a report would take, and the names of the others. Their bytes are on the disk then."""
    rows: list[IncomingFile] = []
    for file in arrived.attachments:
        name = _without_personal_data(evidence.clean_name(file.name)) or "…"
        row = IncomingFile(file_name=name, media_type="", size=len(file.data), sha256=None)
        rows.append(row)
        if sum(one.sha256 is not None for one in rows) >= MOST_FILES:
            continue
        try:
            checked = evidence.check_one(Upload(file.name, BytesIO(file.data)))
        except Refusal:
            continue
        kept = evidence.keep(settings.evidence_folder, [checked], now=now)[0]
        row.media_type, row.sha256 = kept.media_type, kept.sha256
    return rows


def _bounced(session: Session, mail: OutboxMail, failures: tuple[Failed, ...], now: datetime) -> None:
    """Note on a mail what its recipient's server said of it; an address that is no good gets nothing more.

    A mail that came back before closes no address: whoever holds an old notice must not close it again and again.
    """
    came_back_before = mail.bounced_at is not None
    for failed in failures:
        what = {"failed": MailEventKind.BOUNCED, "delayed": MailEventKind.DEFERRED}.get(failed.action)
        if what is None:
            continue
        words = _without_personal_data(failed.words) or failed.status
        session.add(MailEvent(mail_id=mail.id, at=now, what=what, detail=words))
        if what is MailEventKind.DEFERRED:
            continue
        mail.bounced_at = mail.bounced_at or now
        # A mailbox that takes our mail and sends it on to a dead one is no dead mailbox.
        is_theirs = mail.recipient.email.lower() in failed.addresses
        if is_theirs and not came_back_before and mail.recipient.mail_refused_at is None and _is_closed(failed):
            addresses.refuse(session, mail.recipient, reason=words, now=now)


def _is_closed(failed: Failed) -> bool:
    """Tell whether a server turned the address itself away for good."""
    code, _blank, said = failed.words.partition(";")[2].strip().partition(" ") if ";" in failed.words else ("", "", "")
    number = int(code[:3]) if code[:3].isdecimal() else 0
    if not number and failed.status.startswith("5") and not failed.status.startswith("5.0."):
        number = 550
    words = f"{failed.status} {said}" if failed.status else said
    return failed.status[:1] in {"", "5"} and fault_of(Answer(Step.RECIPIENT, number, words)) is Fault.ADDRESS
