"""What the mail upwards says at the moment of sending: what is still too late, and nothing that is asked for."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.mail import messages
from tracker.mail.messages import Behind
from tracker.models import Agency, Assignment, Extension, OutboxMail, Plan, Reminder, Transfer
from tracker.models.calendar import load_calendar
from tracker.reminders.content import N_, Content, Later, NothingToSay, addressee, item, morning_of
from tracker.rules.escalation import EscalationStep
from tracker.rules.permissions import Role
from tracker.rules.states import PlanState, RequestState

NOTHING_LATE = NothingToSay(
    N_("Không còn việc nào phải báo cáo lên: đã báo cáo, đã đổi thời hạn hoặc đang xin gia hạn.")
)



def too_late(today: date) -> list[ColumnElement[bool]]:
    """Which assignments (joined with plan and agency) are told upwards: ordered, late, with nothing asked for."""
    asked = [
        exists().where(kind.assignment_id == Assignment.id, kind.state == RequestState.WAITING)
        for kind in (Extension, Transfer)
    ]
    return [
        Assignment.is_owed_and_overdue(today), Assignment.is_part.is_(False), Assignment.is_requested.is_(False),
        Agency.is_requested.is_(False), Plan.state == PlanState.PUBLISHED, *(~waits for waits in asked),
    ]  # fmt: skip


def escalation(session: Session, mail: OutboxMail, today: date) -> Content:
    """Tell a head or a leader what is too late, as it is now: what was reported or asked for meanwhile is left out."""
    person = mail.recipient
    own = _own(session, mail, today) if person.is_agency_head else []
    behind = _behind(session, mail, today) if person.role is Role.LEADER else []
    if not (own or behind):
        return NOTHING_LATE
    day = date.fromisoformat(mail.key)
    if day != today:
        # It missed its morning: the next working morning's mail carries what it holds (decide_escalations moves it).
        calendar = load_calendar(session)
        return Later(morning_of(day if day > today else calendar.at_or_after(today + timedelta(days=1))))
    return messages.escalation(addressee(person), [item(row, today) for row in own], behind, today=today,
                               message_id=mail.message_id)


def _own(session: Session, mail: OutboxMail, today: date) -> Sequence[Assignment]:
    """Give what a head is told: what is too late in the own agency, the longest late first."""
    return session.scalars(
        select(Assignment)
        .join(Reminder, and_(Reminder.assignment_id == Assignment.id, Reminder.due_version == Assignment.due_version))
        .join(Assignment.plan).join(Assignment.agency)
        .where(*_carried(mail, EscalationStep.HEAD, today), Assignment.agency_id == mail.recipient.agency_id)
        .options(joinedload(Assignment.task), joinedload(Assignment.plan).defer(Plan.text).defer(Plan.extract),
                 joinedload(Assignment.agency), joinedload(Assignment.period))
        .order_by(Assignment.due_on, Assignment.id)
    ).all()  # fmt: skip


def _behind(session: Session, mail: OutboxMail, today: date) -> list[Behind]:
    """Sum up what a leader is told by agency: the longest late first, and among those the one with more."""
    longest = func.min(Assignment.last_day_column())
    rows = session.execute(
        select(Agency.id, Agency.name, func.count(), longest)
        .select_from(Assignment)
        .join(Reminder, and_(Reminder.assignment_id == Assignment.id, Reminder.due_version == Assignment.due_version))
        .join(Assignment.plan).join(Assignment.agency)
        .where(*_carried(mail, EscalationStep.LEADERSHIP, today))
        .group_by(Agency.id, Agency.name)
        .order_by(longest, func.count().desc(), Agency.id)
    )  # fmt: skip
    return [Behind(agency_id, name, number, (today - day).days) for agency_id, name, number, day in rows if day]


def _carried(mail: OutboxMail, step: EscalationStep, today: date) -> list[ColumnElement[bool]]:
    return [Reminder.mail_id == mail.id, Reminder.step == step.value, *too_late(today)]
