"""What a coordinator's weekly mail says: who is late, what changed, what waits for an answer."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from tracker.mail import summaries
from tracker.mail.summaries import Changes, Late, LateAgency, Unreached, WaitingItem, Waits
from tracker.models import Agency, Assignment, OutboxMail, Plan, Reminder, User
from tracker.models.calendar import load_calendars
from tracker.models.recipients import is_reachable_liaison
from tracker.reminders.content import N_, Content, NothingToSay, addressee, item, put_off
from tracker.reminders.escalation_mail import own_late, too_late
from tracker.reports import front_page, inbox, lateness_matrix, week
from tracker.reports.chase_filter import BoardFilter, BoardSort
from tracker.reports.inbox import InboxFilter
from tracker.rules.permissions import Role
from tracker.rules.reminder_policy import Audience
from tracker.rules.states import OWED
from tracker.workflow.chasing import chaseable, chased_by

NOT_COORDINATOR = NothingToSay(N_("Người nhận không còn là cơ quan thường trực."))
QUIET_WEEK = NothingToSay(N_("Tuần qua không có gì thay đổi, không có việc quá hạn, sắp đến hạn hoặc chờ xử lý."))
#: Agencies that the mail names; the others it counts.
MOST_NAMED = 10
#: Bodies that are asked, and things that wait, in a few lines.
MOST_ASKED = 5
MOST_WAITING = 3


def weekly(session: Session, mail: OutboxMail, *, today: date, now: datetime) -> Content:
    """Tell a coordinator how the week begins; the reminders it carries (audience COORDINATOR) are marked as new."""
    person = mail.recipient
    if person.role is not Role.COORDINATOR:
        return NOT_COORDINATOR
    if (later := put_off(session, mail, today, now)) is not None:
        return later
    first, last = week.days_told(today, load_calendars(session).of(person.agency_id))
    changes = week.changes(session, person, first=first, last=last, today=today)
    new = told_now(session, mail, Audience.COORDINATOR, today, chaseable(person, today))
    rows = lateness_matrix.late_agencies(session, person, BoardFilter(sort=BoardSort.WEIGHT), today=today)
    late = _late([row for row in rows if not row.is_requested], new, MOST_NAMED)
    requested = _late([row for row in rows if row.is_requested], {}, MOST_ASKED)
    waits = _waits(session, mail, today)
    soon = front_page.totals(session, person, today=today).soon
    own = [item(row, today) for row in own_late(session, mail, today)] if person.is_agency_head else []
    unreached = _unreached(session, person)
    if changes.is_quiet and not (late.items or requested.items or waits.total or soon or own or unreached.total):
        return QUIET_WEEK
    return summaries.weekly(
        addressee(person), late=late, requested=requested, waits=waits, soon=soon, own=own, today=today,
        unreached=unreached, changes=Changes(**vars(changes)), message_id=mail.message_id,
    )


def told_now(
    session: Session, mail: OutboxMail, audience: Audience, today: date, *seen: ColumnElement[bool]
) -> Mapping[int, int]:
    """Count by agency what a mail carries upwards and is still too late, among what the reader sees."""
    rows: dict[int, int] = dict(session.execute(
        select(Assignment.agency_id, func.count(Assignment.id.distinct()))
        .join(Reminder, and_(Reminder.assignment_id == Assignment.id, Reminder.due_version == Assignment.due_version))
        .join(Assignment.plan).join(Assignment.agency)
        .where(Reminder.mail_id == mail.id, Reminder.audience == audience, *too_late(today), *seen)
        .group_by(Assignment.agency_id)
    ).all())
    return rows


def _late(rows: Sequence[lateness_matrix.LateAgency], new: Mapping[int, int], most: int) -> Late:
    """Name those with something new, whatever their place, then the first of the board; all in the board's order."""
    named = {row.id for row in sorted(rows, key=lambda row: not new.get(row.id))[:most]}
    return Late(
        agencies=[LateAgency(row.id, row.name, row.total, row.days_late, new.get(row.id, 0))
                  for row in rows if row.id in named],
        items=sum(row.total for row in rows), total=len(rows),
        days_late=max((row.days_late for row in rows), default=0),
    )  # fmt: skip


def _unreached(session: Session, person: User) -> Unreached:
    """Give the agencies that owe something in this coordinator's plans and have nobody whom a mail reaches."""
    rows = session.execute(
        select(Agency.name, func.count(Assignment.id)).join(Assignment, Assignment.agency_id == Agency.id)
        .where(Assignment.plan_id.in_(select(Plan.id).where(chased_by(person))), Assignment.state.in_(OWED),
               Agency.id.not_in(select(User.agency_id).where(is_reachable_liaison())))
        .group_by(Agency.id, Agency.name).order_by(func.count(Assignment.id).desc(), Agency.id)
    ).all()
    return Unreached([(name, number) for name, number in rows[:MOST_NAMED]], len(rows))


def _waits(session: Session, mail: OutboxMail, today: date) -> Waits:
    queue = inbox.queue(session, mail.recipient, InboxFilter(), today=today, limit=MOST_WAITING)
    return Waits(
        counts=list(queue.counts.items()),
        longest=[
            WaitingItem(row.key, row.kind, row.assignment.agency.name, row.assignment.task.text, row.days,
                        row.days_over)
            for row in queue.page.rows
        ],
    )
