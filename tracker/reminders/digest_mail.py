"""What the digests of a morning say at the moment of sending; many of them are read in as few queries as one."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.mail import messages
from tracker.mail.items import Item, Tally
from tracker.mail.messages import News
from tracker.models import Agency, Assignment, OutboxMail, Plan, Reminder, ReportingPeriod, Task, User
from tracker.reminders.content import (
    N_,
    Content,
    NothingToSay,
    Unwritten,
    addressee,
    item_of,
    mail_link_for,
    plan_in_words,
    put_off,
)
from tracker.reminders.escalation_mail import late_told_before, too_late
from tracker.rules.reminder_policy import Audience
from tracker.rules.reminder_steps import ACCEPTED, OPENED
from tracker.rules.states import OWED, AssignmentState, PlanState

NOTHING_OWED = NothingToSay(N_("Không còn việc nào phải nhắc: đã báo cáo, đã xác nhận hoặc đã đổi thời hạn."))


@dataclass
class Digest:
    """What one digest tells, as it is now."""

    items: list[Item] = field(default_factory=list)
    opened: list[Item] = field(default_factory=list)
    accepted: list[Item] = field(default_factory=list)
    #: What else the agency owes by now or this week.
    beside: Tally = field(default_factory=Tally)
    #: Everything in it is told to the head of the agency, as its head.
    is_head: bool = True

    def __bool__(self) -> bool:
        return bool(self.items or self.opened or self.accepted)


class _Line(NamedTuple):
    """One reminder of a digest with its assignment."""

    mail_id: int
    step: str
    audience: Audience
    item: Item


def digest(
    session: Session, mail: OutboxMail, *, today: date, now: datetime, read: Mapping[int, Digest] | None = None,
    link_days: int | None = None,
) -> Content:
    """Tell a person of the own agency's work, from what was `read` for this mail and others, or is read now.

    A mail of many that were `read` together is written later, while the mail server has the one before.
    """
    found = (read if read is not None else read_digests(session, [mail.id], today=today)).get(mail.id)
    if not found:
        return NOTHING_OWED
    if later := put_off(session, mail, today, now):
        return later
    write = partial(
        messages.digest, addressee(mail.recipient), found.items, today=today, message_id=mail.message_id,
        beside=found.beside, news=News(found.opened, found.accepted), is_head=found.is_head,
        link=None if found.is_head else mail_link_for(session, mail.recipient, now=now, days=link_days),
    )  # fmt: skip
    return write() if read is None else Unwritten(write)


def read_digests(session: Session, mail_ids: Collection[int], *, today: date) -> dict[int, Digest]:
    """Read what these digests tell, in at most four queries however many there are."""
    found: dict[int, Digest] = defaultdict(Digest)
    lines = _lines(session, mail_ids, today)
    of_head = {line.item.assignment_id for line in lines if line.audience is Audience.HEAD}
    still_late = set(session.scalars(
        select(Assignment.id).join(Assignment.plan).join(Assignment.agency)
        .where(Assignment.id.in_(of_head), *too_late(today))
    )) if of_head else set()  # fmt: skip
    for (mail_id, assignment_id), same in _by_assignment(lines).items():
        _add(found[mail_id], same, is_too_late=assignment_id in still_late)
    to_heads = {mail_id for mail_id, one in found.items() if one and one.is_head}
    beside = _beside(session, {mail_id for mail_id, one in found.items() if one} - to_heads, today)
    beside |= late_told_before(session, to_heads, today)
    for mail_id, counted in beside.items():
        found[mail_id].beside = counted
    return found


def _by_assignment(lines: Iterable[_Line]) -> dict[tuple[int, int], list[_Line]]:
    same: dict[tuple[int, int], list[_Line]] = defaultdict(list)
    for line in lines:
        same[line.mail_id, line.item.assignment_id].append(line)
    return same


def _add(digest: Digest, same: Sequence[_Line], *, is_too_late: bool) -> None:
    """Tell an assignment once, whatever number of its steps the mail carries."""
    item = same[0].item
    as_agency = [line for line in same if line.audience is not Audience.HEAD]
    if not as_agency and not is_too_late:
        return
    digest.is_head = digest.is_head and not as_agency
    if item.state is AssignmentState.ACCEPTED:
        digest.accepted.append(item)
    elif as_agency and all(line.step == OPENED for line in same):
        digest.opened.append(item)
    else:
        digest.items.append(item)


def _lines(session: Session, mail_ids: Collection[int], today: date) -> list[_Line]:
    """Read the reminders that are still true, of the recipient's own agency only, the most urgent first."""
    armed = and_(Assignment.state.in_(OWED), Assignment.due_version == Reminder.due_version,
                 Reminder.step.not_like(f"{ACCEPTED}%"))
    settled = and_(Assignment.state == AssignmentState.ACCEPTED, Reminder.step.startswith(ACCEPTED))
    rows = session.execute(
        select(
            OutboxMail.id, Reminder.step, Reminder.audience,
            Assignment.id, Assignment.plan_id, Plan.kind, Plan.number, Plan.title, Task.text, Assignment.due_on,
            Assignment.grace_until, Assignment.state, or_(Assignment.is_requested, Agency.is_requested),
            ReportingPeriod.first_day, ReportingPeriod.last_day, Assignment.is_part, Assignment.version,
        )
        .select_from(OutboxMail).join(User, User.id == OutboxMail.recipient_id)
        .join(Reminder, Reminder.mail_id == OutboxMail.id)
        .join(Assignment, and_(Assignment.id == Reminder.assignment_id, Assignment.agency_id == User.agency_id))
        .join(Assignment.plan).join(Assignment.task).join(Assignment.agency).outerjoin(Assignment.period)
        .where(OutboxMail.id.in_(mail_ids), Plan.state == PlanState.PUBLISHED, or_(armed, settled),
               or_(Reminder.audience != Audience.HEAD, User.is_agency_head))
        .order_by(Assignment.due_on.is_(None), Assignment.due_on, Assignment.id, Reminder.id)
    )  # fmt: skip
    return [
        _Line(mail_id, step, audience, item_of(
            assignment_id=number, plan_id=plan_id, plan=plan_in_words(kind, plan_number, title), text=text,
            due_on=due_on, grace_until=grace, state=state, is_requested=bool(asked),
            period=(first, last) if first and last else None, is_part=is_part, version=version, today=today,
        ))
        for (mail_id, step, audience, number, plan_id, kind, plan_number, title, text, due_on, grace, state, asked,
             first, last, is_part, version) in rows
    ]  # fmt: skip


def _beside(session: Session, mail_ids: Collection[int], today: date) -> dict[int, Tally]:
    """Count what else each recipient's agency owes by now or this week: told of earlier, and still open."""
    if not mail_ids:
        return {}
    sunday = today + timedelta(days=6 - today.weekday())
    day = Assignment.last_day_column()
    told_here = exists().where(Reminder.mail_id == OutboxMail.id, Reminder.assignment_id == Assignment.id,
                               Reminder.due_version == Assignment.due_version)
    rows = session.execute(
        select(OutboxMail.id, _number(day < today), func.min(day), _number(day == today),
               _number(and_(day > today, day <= sunday)))
        .select_from(OutboxMail).join(User, User.id == OutboxMail.recipient_id)
        .join(Assignment, Assignment.agency_id == User.agency_id).join(Assignment.plan)
        .where(OutboxMail.id.in_(mail_ids), Assignment.state.in_(OWED), Assignment.due_on <= sunday,
               Plan.state == PlanState.PUBLISHED, ~told_here)
        .group_by(OutboxMail.id)
    )  # fmt: skip
    return {
        mail_id: Tally(late=late, longest=(today - first).days if first and late else 0, today=on_day, this_week=week)
        for mail_id, late, first, on_day, week in rows
    }


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
