"""Sending again what an administrator has mended or was asked for: a mail goes back in the queue."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.mail.writing import Message
from tracker.models import Actor, MailEvent, OutboxMail, User
from tracker.models.audit import entry, record
from tracker.reminders.composing import compose
from tracker.reminders.outbox import domain_of
from tracker.rules.errors import Refusal
from tracker.rules.states import MailEventKind, MailKind, MailState

#: In these a mail is at rest: given up, or taken by a server.
AT_REST = frozenset({MailState.PARKED, MailState.SENT})
#: Mails that go back in the queue at one press at most; the page says that the others wait.
MOST_AT_ONCE = 2000


class NotAtRest(Refusal):
    """The mail is on its way already, or there was nothing left to say."""

    key = "mail_not_at_rest"


class MailMoved(Refusal):
    """Something became of the mail while the question stood on the screen; a second sending was not asked for."""

    key = "mail_moved"


class AddressStillRefused(Refusal):
    """The address is marked as refused: the server would refuse this mail as well."""

    key = "mail_address_refused"


class RecipientClosed(Refusal):
    """The recipient's account is closed."""

    key = "mail_recipient_closed"


class OnlyOnce(Refusal):
    """A link for a password is asked for anew by its owner."""

    key = "mail_only_once"


class NothingLeftToSay(Refusal):
    """What the mail told of is past: sent again it would say nothing, or something else."""

    key = "mail_nothing_left"


@dataclass(frozen=True)
class PutBack:
    """What became of many mails that were to be sent again."""

    mails: int
    #: Left alone: the address is marked as refused, or the account is closed.
    unreachable: int = 0


def mark_of(mail: OutboxMail) -> str:
    """Name how far a mail has come, for a form that asks before it acts."""
    sent_at = mail.sent_at.isoformat(timespec="seconds") if mail.sent_at else ""
    return f"{mail.state.value}/{mail.attempts}/{sent_at}"


def check_resend(session: Session, mail: OutboxMail, *, today: date, now: datetime) -> None:
    """Refuse what can't be sent again. Writes nothing.

    Raises NotAtRest, RecipientClosed, AddressStillRefused, OnlyOnce, NothingLeftToSay.
    """
    if mail.state not in AT_REST:
        raise NotAtRest
    if not mail.recipient.is_active:
        raise RecipientClosed
    if mail.recipient.mail_refused_at is not None:
        raise AddressStillRefused(email=mail.recipient.email)
    if mail.state is not MailState.SENT:
        return
    if mail.kind is MailKind.PASSWORD_RESET:
        raise OnlyOnce
    # A mail that was sent stays on record as sent: it goes back only when it will leave again.
    if not isinstance(compose(session, mail, today=today, now=now), Message):
        raise NothingLeftToSay


def resend(session: Session, mail: OutboxMail, *, seen: str, actor: Actor, today: date, now: datetime) -> None:
    """Put a mail back in the queue with all its attempts before it. The caller commits.

    It keeps its Message-ID; what it says is read anew when it leaves. Raises MailMoved when it is not as it was
    `seen`, and what `check_resend` raises.
    """
    session.refresh(mail, with_for_update={"of": OutboxMail})
    if mail.state in AT_REST and mark_of(mail) != seen:
        raise MailMoved
    check_resend(session, mail, today=today, now=now)
    record(session, actor, "mail.resent", mail, now=now, before=_before(mail), after={"state": MailState.PENDING.value})
    _put_back(mail, now)
    session.add(_event(mail, actor, now))


def resend_many(session: Session, mail_ids: Collection[int], *, actor: Actor, now: datetime) -> PutBack:
    """Put mails that were given up back in the queue, the oldest first; what is not given up any more is left alone.

    Those whose recipient can't be reached stay as they are. The caller commits.
    """
    wanted = sorted(mail_ids)[:MOST_AT_ONCE]
    mails = session.scalars(
        select(OutboxMail).join(OutboxMail.recipient).options(joinedload(OutboxMail.recipient))
        .where(OutboxMail.id.in_(wanted), OutboxMail.state == MailState.PARKED)
        .order_by(OutboxMail.id).with_for_update(of=OutboxMail)
        .execution_options(populate_existing=True)
    ).all()
    reachable = [mail for mail in mails if _is_reachable(mail.recipient)]
    for mail in reachable:
        session.add_all([
            entry(actor, "mail.resent", mail, now=now, before=_before(mail), after={"state": MailState.PENDING.value}),
            _event(mail, actor, now),
        ])
        _put_back(mail, now)
    session.flush()
    return PutBack(len(reachable), len(mails) - len(reachable))


def _is_reachable(user: User) -> bool:
    return user.is_active and user.mail_refused_at is None


def _before(mail: OutboxMail) -> dict[str, object]:
    before: dict[str, object] = {"state": mail.state.value, "attempts": mail.attempts}
    if mail.sent_at is not None:
        before["sent_at"] = mail.sent_at.isoformat(timespec="seconds")
    return before


def _put_back(mail: OutboxMail, now: datetime) -> None:
    mail.state, mail.attempts, mail.next_attempt_at, mail.lease_until = MailState.PENDING, 0, now, None
    mail.bounced_at, mail.domain = None, domain_of(mail.recipient.email)


def _event(mail: OutboxMail, actor: Actor, now: datetime) -> MailEvent:
    return MailEvent(mail_id=mail.id, at=now, what=MailEventKind.RESENT, actor_id=actor.user.id if actor.user else None)
