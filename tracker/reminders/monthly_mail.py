"""What a leader's monthly mail says: the four cells, in at most twelve lines."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.mail import summaries
from tracker.mail.summaries import Cell, LateAgency
from tracker.models import OutboxMail
from tracker.models.access import assignments_of
from tracker.models.calendar import load_calendars
from tracker.reminders.content import N_, Content, NothingToSay, addressee, item, put_off
from tracker.reminders.escalation_mail import own_late
from tracker.reminders.weekly_mail import told_now
from tracker.reports.leader_month import leader_month, month_before
from tracker.rules.permissions import Role
from tracker.rules.reminder_policy import Audience
from tracker.rules.standing import OfficialClass

NOT_LEADER = NothingToSay(N_("Người nhận không còn là lãnh đạo."))
NOTHING_GIVEN = NothingToSay(N_("Chưa có nhiệm vụ nào được giao."))
ALL_DONE = NothingToSay(N_("Mọi nhiệm vụ đã xong từ tháng trước, không có gì thay đổi."))
#: The square of the official reports, in its order; what has no deadline stands beside it.
FOUR_CELLS = tuple(one for one in OfficialClass if one is not OfficialClass.NO_DEADLINE)


def monthly(session: Session, mail: OutboxMail, *, today: date, now: datetime) -> Content:
    """Tell a leader how the plans stand; the reminders it carries (audience LEADERSHIP) are counted as new."""
    person = mail.recipient
    if person.role is not Role.LEADER:
        return NOT_LEADER
    if (later := put_off(session, mail, today, now)) is not None:
        return later
    before_on = month_before(today, load_calendars(session).of(person.agency_id))
    month = leader_month(session, person, today=today, before_on=before_on)
    own = [item(row, today) for row in own_late(session, mail, today)] if person.is_agency_head else []
    cells, before = month.totals.cells, month.before
    if not cells.total:
        return NOTHING_GIVEN
    if month.is_settled:
        return ALL_DONE
    new = told_now(session, mail, Audience.LEADERSHIP, today, assignments_of(person))
    return summaries.monthly(
        addressee(person), cells=[Cell(one, cells[one], before[one]) for one in FOUR_CELLS],
        no_deadline=cells[OfficialClass.NO_DEADLINE], rate=cells.rate, rate_before=before.rate, before_on=before_on,
        late_agencies=month.totals.late_agencies, new=sum(new.values()), own=own, today=today,
        longest=[LateAgency(row.agency_id, row.agency, row.items, row.days_late, new.get(row.agency_id, 0))
                 for row in month.longest],
        message_id=mail.message_id,
    )  # fmt: skip
