"""What the mail upwards says at the moment of sending: what is still too late, and nothing that is asked for."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import QueryableAttribute, Session, aliased, joinedload

from tracker.mail import messages
from tracker.mail.items import Tally
from tracker.mail.messages import Behind, ToldBefore
from tracker.models import Agency, Assignment, OutboxMail, Plan, Reminder, User
from tracker.models.access import assignments_of
from tracker.reminders.content import N_, Content, NothingToSay, addressee, item, put_off
from tracker.reminders.owed import told_upwards
from tracker.rules.permissions import Role
from tracker.rules.reminder_policy import Audience
from tracker.rules.states import PlanState

NOTHING_LATE = NothingToSay(
    N_("Không còn việc nào phải báo cáo lên: đã báo cáo, đã đổi thời hạn hoặc đang xin gia hạn.")
)
_ABOVE = (Audience.COORDINATOR, Audience.LEADERSHIP)


def too_late(today: date) -> list[ColumnElement[bool]]:
    """Which assignments (joined with plan and agency) are told upwards: ordered, late, with nothing asked for."""
    return [Assignment.is_owed_and_overdue(today), Plan.state == PlanState.PUBLISHED, *told_upwards()]


def escalation(session: Session, mail: OutboxMail, *, today: date, now: datetime) -> Content:
    """Tell a head, a coordinator or a leader what is too late, as it is now.

    What was reported or asked for meanwhile is left out; what the person was told of before is counted only.
    """
    person = mail.recipient
    own = own_late(session, mail, today) if person.is_agency_head else []
    behind, before, agencies = (_behind(session, mail, today) if person.role in {Role.COORDINATOR, Role.LEADER}
                                else ([], ToldBefore(), 0))
    if not (own or behind):
        return NOTHING_LATE
    if later := put_off(session, mail, today, now):
        return later
    own_before = late_told_before(session, [mail.id], today).get(mail.id) if own else None
    return messages.escalation(
        addressee(person), [item(row, today) for row in own], behind, before=before, own_before=own_before,
        agencies=agencies, is_coordinator=person.role is Role.COORDINATOR, today=today, message_id=mail.message_id,
    )


def own_late(session: Session, mail: OutboxMail, today: date) -> Sequence[Assignment]:
    """Give what a head is told: what is too late in the own agency, the longest late first."""
    carried = exists().where(_tells(mail.id, [Audience.HEAD]))
    return session.scalars(
        select(Assignment).join(Assignment.plan).join(Assignment.agency)
        .where(carried, *too_late(today), Assignment.agency_id == mail.recipient.agency_id)
        .options(joinedload(Assignment.task), joinedload(Assignment.plan).defer(Plan.text).defer(Plan.extract),
                 joinedload(Assignment.agency), joinedload(Assignment.period))
        .order_by(Assignment.due_on, Assignment.id)
    ).all()  # fmt: skip


def late_told_before(session: Session, mail_ids: Collection[int], today: date) -> dict[int, Tally]:
    """Count what heads were told of in mails before these and is still too late in their agencies, by mail."""
    if not mail_ids:
        return {}
    told: type[Reminder] = aliased(Reminder)
    earlier = (
        select(OutboxMail.id.label("mail_id"), Assignment.last_day_column().label("day"))
        .select_from(OutboxMail).join(User, User.id == OutboxMail.recipient_id)
        .join(told, and_(told.recipient_id == User.id, told.audience == Audience.HEAD, told.mail_id < OutboxMail.id))
        .join(Assignment, and_(Assignment.id == told.assignment_id, Assignment.due_version == told.due_version,
                               Assignment.agency_id == User.agency_id))
        .join(Assignment.plan).join(Assignment.agency)
        .where(OutboxMail.id.in_(mail_ids), *too_late(today), ~exists().where(_tells(OutboxMail.id, [Audience.HEAD])))
        .group_by(OutboxMail.id, Assignment.id).subquery()
    )
    rows = session.execute(
        select(earlier.c.mail_id, func.count(), func.min(earlier.c.day)).group_by(earlier.c.mail_id)
    )
    return {mail_id: Tally(late=number, longest=(today - first).days) for mail_id, number, first in rows if first}


def _behind(session: Session, mail: OutboxMail, today: date) -> tuple[list[Behind], ToldBefore, int]:
    """Sum up by agency what this mail tells upwards, the longest late first; what earlier ones told; the agencies."""
    rows = session.execute(_by_agency(mail, today)).all()
    new = [Behind(agency_id, name, number, (today - first).days)
           for agency_id, name, number, first, _number, _first in rows if first]
    new.sort(key=lambda one: (-one.days_late, -one.items, one.agency_id))
    old = [(number, (today - first).days) for *_new, number, first in rows if first]
    before = ToldBefore(sum(number for number, _days in old), max((days for _number, days in old), default=0))
    return new, before, len(rows)


def _by_agency(mail: OutboxMail, today: date) -> Select[int, str, int, date | None, int, date | None]:
    """Count by agency what is too late of all that the person was told of, now and before, among what they may see."""
    told = (
        select(Assignment.agency_id, Assignment.last_day_column().label("day"),
               func.max(Reminder.mail_id).label("mail_id"))
        .select_from(Reminder)
        .join(Assignment, and_(Assignment.id == Reminder.assignment_id, Assignment.due_version == Reminder.due_version))
        .join(Assignment.plan).join(Assignment.agency)
        .where(Reminder.recipient_id == mail.recipient_id, Reminder.audience.in_(_ABOVE), Reminder.mail_id <= mail.id,
               *too_late(today), assignments_of(mail.recipient))
        .group_by(Assignment.id).subquery()
    )
    is_new, is_old = told.c.mail_id == mail.id, told.c.mail_id < mail.id
    return (
        select(Agency.id, Agency.name, func.count(case((is_new, 1))), func.min(case((is_new, told.c.day))),
               func.count(case((is_old, 1))), func.min(case((is_old, told.c.day))))
        .join(told, told.c.agency_id == Agency.id)
        .group_by(Agency.id, Agency.name).order_by(Agency.id)
    )


def _tells(
    mail_id: int | QueryableAttribute[int], audiences: Collection[Audience]
) -> ColumnElement[bool]:
    return and_(Reminder.mail_id == mail_id, Reminder.assignment_id == Assignment.id,
                Reminder.due_version == Assignment.due_version, Reminder.audience.in_(audiences))
